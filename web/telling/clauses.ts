import type { Conditions } from '../../worker/negotiation/conditions.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
import { COMPONENTS, type Component } from '../../worker/plan/format.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { pauseSpan } from '../../worker/plan/pause.ts';
import { schedule, type Totals } from '../../worker/plan/schedule.ts';
import { type Debt, outstanding, type Terms } from '../../worker/plan/terms.ts';
import { upperAmount } from '../../worker/plan/upper.ts';
import { dateText, languageOf, money, rateText, type Words } from '../words/index.ts';

/** The clauses of every plan, of which cards, offers, agreements, letters and records all make theirs. */

/**
 * Terms in full, clause by clause: what is waived, paid up front and repaid how, on which day the first instalment falls due, and how interest
 * runs. What is made, shown, accepted or told of is said in these, and nothing of the terms is left out.
 */
export function planClauses(terms: Terms, words: Words, debt: Debt): string[] {
  const { clause } = words.terms;
  const date = dateText(words, firstInstalment(terms));
  return [...clausesOf(terms, words, debt), clause.firstInstalment({ date }), interestClause(terms, words)];
}

/** What is waived, what is paid up front, and how the rest of `debt` is repaid, clause by clause. */
export function clausesOf(terms: Terms, words: Words, debt: Debt): string[] {
  const { clause } = words.terms;
  const waived = (['principal', 'interest', 'penalty', 'fees'] as const).flatMap((part) => {
    const amount = terms.waive[part] ?? 0;
    return amount > 0 ? [clause.waive({ part: words.component[part], amount: money(amount) })] : [];
  });
  return [...waived, ...upfrontOf(terms, words), ...phasesOf(debt, terms, words)];
}

function upfrontOf({ upfront }: Terms, words: Words): string[] {
  return upfront ? [words.terms.clause.upfront({ date: dateText(words, upfront.due), amount: money(upfront.amount) })] : [];
}

/** How a debt is repaid, phase by phase. */
export function phasesOf(debt: Debt, terms: Terms, words: Words): string[] {
  const { clause } = words.terms;
  const { every } = terms;
  return terms.phases.map((phase, at) => {
    if (phase.kind === 'rest') return clause.rest;
    if (phase.kind === 'pause') {
      // Where no interest runs at all, "interest runs on" would be untrue.
      const interest = terms.rate.ppm === 0 && phase.interest === 'runs' ? 'none' : phase.interest;
      const { from, to, isWhole } = pauseSpan(terms, at);
      return clause.pause({ count: phase.count, every, from: dateText(words, from), to: dateText(words, to), isWhole, interest });
    }
    if (phase.kind === 'fixed') {
      const { amount, count } = phase;
      if (count === undefined) return clause.fixedOn({ every, amount: money(amount) });
      const last = at === terms.phases.length - 1 ? lastPayment(debt, terms) : null;
      if (last === null || last === amount) return clause.fixed({ count, every, amount: money(amount) });
      return count === 1
        ? clause.fixed({ count, every, amount: money(last) })
        : clause.fixedTo({ count, every, amount: money(amount), last: money(last) });
    }
    return clause[phase.kind]({ count: phase.count, every });
  });
}

/** The last instalment takes what is left, which may be less than those before it; null where no schedule follows from the terms. */
function lastPayment(debt: Debt, terms: Terms): number | null {
  const worked = schedule(debt, terms);
  return 'refused' in worked ? null : (worked.rows.at(-1)?.payment ?? null);
}

function interestClause(terms: Terms, words: Words): string {
  const { clause } = words.terms;
  return terms.rate.ppm === 0 ? clause.noInterest : clause.interest(interestOf(terms, words));
}

/**
 * The clauses of an agreement, in the reader's language: the same figures in both, as both are drawn from the terms alone, and from the conditions under which
 * they were accepted. Agreements from before conditions were drawn up have none.
 */
export function clauses(debt: Debt, terms: Terms, words: Words, conditions?: Conditions): string[] {
  const { agreement: say } = words;
  const worked = schedule(debt, terms);
  if ('refused' in worked) throw new Error(`An agreement without a schedule: ${worked.refused.code}`);
  const { rows, totals } = worked;
  const first = rows.find(({ payment }) => payment > 0);
  if (!first) throw new Error('An agreement under which nothing is paid.');
  const parts = (amounts: { [part in Component]?: number | undefined }) =>
    COMPONENTS.flatMap((one) => ((amounts[one] ?? 0) > 0 ? [`${words.component[one]} ${money(amounts[one] ?? 0)}`] : [])).join(words.comma);
  const owed = outstanding(debt);
  const due = { owed: money(totals.owed), upper: upperAmount(totals.owed) };
  const further = conditions ? conditionClauses(conditions, totals, words) : { parties: [], rest: [], last: [] };
  return [
    ...further.parties,
    say.c1({ date: dateText(words, debt.asOf), total: money(owed), upper: upperAmount(owed), parts: parts(debt) }),
    totals.waived > 0 ? say.c2({ parts: parts(terms.waive), ...due }) : say.c2none(due),
    say.c3({
      ways: [...upfrontOf(terms, words), ...phasesOf(debt, terms, words)],
      first: dateText(words, first.due),
      amount: money(first.payment),
    }),
    say.c4(interestClause(terms, words)),
    say.c5,
    say.c6({ paid: money(totals.paid), upper: upperAmount(totals.paid), last: dateText(words, totals.lastDue) }),
    ...(conditions && totals.interest > 0
      ? [say.conditions.interest({ amount: money(totals.interest), upper: upperAmount(totals.interest) })]
      : []),
    ...further.rest,
    say.c7,
    ...further.last,
    say.c8,
  ];
}

/** The clauses that an offer does not say and its agreement will: those of the lender's policy of the day on which it is accepted. */
export function furtherClauses(totals: Pick<Totals, 'waived'>, conditions: Conditions, words: Words): string[] {
  const { parties, rest, last } = conditionClauses(conditions, totals, words);
  return [...parties, ...rest, ...last];
}

/** Clauses of the first wording of conditions: who the parties are; how it is performed; how both deal with each other. */
function conditionClauses(conditions: Conditions, { waived }: Pick<Totals, 'waived'>, words: Words) {
  const { conditions: say } = words.agreement;
  const { parties, account, moves, graceDays, cureDays, afterBreach, settlementLetterWithin } = conditions;
  const lapse = afterBreach.waiversLapse && waived > 0;
  const { name: lender, ...known } = parties.lender;
  return {
    parties: [
      say.parties({
        lender,
        ...known,
        borrower: parties.borrower.name,
        identity: parties.borrower.identity ?? '',
        reference: parties.reference,
      }),
    ],
    rest: [
      account ? say.account(account) : say.noAccount,
      say.moves(moves),
      say.missed({ grace: graceDays, cure: cureDays }),
      say.broken({ restDue: afterBreach.restDue, waiversLapse: lapse }),
      ...(waived > 0 ? [say.waivers({ waived: money(waived), lapse })] : []),
      say.early,
      say.letter({ within: settlementLetterWithin }),
      say.credit,
    ],
    last: [say.conceded, say.notices, say.disputes({ law: lawOf(conditions).name[languageOf(words)] }), say.language],
  };
}

/** How interest runs under the terms (rules 3 and 4 of the plan format), in the agreement's words. */
function interestOf(terms: Terms, words: Words) {
  const { every, rate, dayCount } = terms;
  return {
    rate: rateText(words, rate),
    base: words.terms.interestOnOf[terms.interestOn],
    count: words.agreement.dayCount[dayCount]({ every, per: rate.per }),
    start: dateText(words, interestFrom(terms)),
    paused: terms.phases.some((phase) => phase.kind === 'pause' && phase.interest === 'waived'),
  };
}

/** The day from which the schedule reckons interest: counted by periods, none runs before the payment up front (rule 4 of the plan format). */
function interestFrom({ start, upfront, dayCount }: Terms): string {
  return upfront && dayCount === 'period' ? upfront.due : start;
}
