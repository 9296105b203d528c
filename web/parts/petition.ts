import type { Case } from '../../worker/negotiation/case.ts';
import { overseersOf } from '../../worker/negotiation/complaint.ts';
import { confirmable, confirmBy } from '../../worker/negotiation/confirmation.ts';
import { workingDebt } from '../../worker/negotiation/debt.ts';
import { unsettled } from '../../worker/negotiation/dispute.ts';
import { atImpasse } from '../../worker/negotiation/impasse.ts';
import type { Policy } from '../../worker/negotiation/policy.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { isConfirmation, PETITIONS, type Petition, voiceOf } from '../../worker/negotiation/talk.ts';
import type { WayName } from '../../worker/plan/law/ways.ts';
import { byDayText } from '../telling/complaint.ts';
import { dateText, dayText, type Words, workingDayText } from '../words/index.ts';
import { agreedLines, disputedLines, owedText, planOf } from './letter-lines.ts';

/** Letters to others than the two sides, drawn from the case: a request for mediation, a complaint to whoever oversees the lender, and the application to confirm an agreement. */

/** `from` is who signs. */
type Writing = { today: string; policy: Policy; from: readonly string[] };

/** Those that a side can draw up on a day. */
export function petitionsNow(
  side: Side,
  kase: Pick<Case, 'agreement' | 'stage'>,
  { policy, today }: Pick<Writing, 'policy' | 'today'>,
): Petition[] {
  const all: readonly Petition[] = PETITIONS[side];
  return all.filter((one) => {
    if (isConfirmation(one)) return confirmable(kase, policy, today) !== null;
    return one === 'regulator-complaint' ? overseersOf(policy, today).length > 0 : kase.stage !== 'completed';
  });
}

/** Those with which a way begins. */
export function wayLetters(side: Side, way: WayName, kase: Case, at: Pick<Writing, 'policy' | 'today'>): Petition[] {
  return petitionsNow(side, kase, at).filter((one) => {
    if (way === 'mediation') return one !== 'regulator-complaint';
    return one === 'regulator-complaint' && (way === 'regulator' || way === 'local-office');
  });
}

/** Until when an application to confirm an agreement can be made, as a sentence; null of every other letter. */
export function petitionHint(letter: Petition, kase: Case, { policy }: Pick<Writing, 'policy'>, words: Words): string | null {
  const by = isConfirmation(letter) ? confirmBy(kase, policy) : null;
  return by ? words.petition.until({ until: workingDayText(words, by) }) : null;
}

/** The first draft: each figure in it is one that the case holds. */
export function petitionDraft(letter: Petition, kase: Case, writing: Writing, words: Words): string {
  const { petition: say } = words;
  const [to, lines] = isConfirmation(letter)
    ? [say.court, confirmation(kase, writing, words)]
    : letter === 'regulator-complaint'
      ? [overseer(kase, writing, words), complaint(kase, words)]
      : [say.mediators, mediation(voiceOf(letter), kase, writing, words)];
  // An application for confirmation is made by both.
  const other = voiceOf(letter) === 'lender' ? nameOf(kase) : kase.lenderName;
  const from = isConfirmation(letter) ? [...writing.from, say.alsoSigns({ name: other })] : [...writing.from];
  return say.form({ to, body: lines, from, date: dateText(words, writing.today) }).join('\n');
}

function mediation(side: Side, kase: Case, { today }: Writing, words: Words): string[] {
  const { petition: say } = words;
  const own = sinceAgreed(kase).findLast((one) => one.side === side);
  return [
    ...partyLines(side, kase, words),
    '',
    say.asks,
    kase.agreement ? say.asksKeeping({ reference: kase.loan.reference }) : say.asksMediation({ reference: kase.loan.reference }),
    ...(own ? [say.wishes(planOf(own, words))] : []),
    '',
    say.facts,
    ...owedLines(kase, words),
    ...(side === 'borrower' ? causeLines(kase, words) : []),
    ...agreedLines(kase, today, words),
    ...talkLines(kase, words),
    say.enclosed,
  ];
}

function complaint(kase: Case, words: Words): string[] {
  const { petition: say } = words;
  const one = unsettled(kase.complaints).at(-1) ?? kase.complaints.at(-1);
  return [
    ...partyLines('borrower', kase, words, { of: say.complainant, against: say.complainedOf }),
    '',
    say.asks,
    one?.wish ?? say.blank,
    '',
    say.facts,
    ...owedLines(kase, words),
    ...(one
      ? [
          say.raised({ date: dateText(words, one.on), seq: one.seq, kind: words.complaint.kinds[one.kind] }),
          one.facts,
          one.outcome
            ? say.answered({ outcome: words.complaint.outcomes[one.outcome], date: one.answeredAt ? dayText(words, one.answeredAt) : '' })
            : say.unanswered({ by: byDayText(one, words) }),
          ...(one.reasons ? [one.reasons] : []),
        ]
      : [say.blank]),
    say.enclosed,
  ];
}

function confirmation(kase: Case, { today, policy }: Writing, words: Words): string[] {
  const { petition: say } = words;
  const by = confirmBy(kase, policy);
  return [
    say.applicant({ name: nameOf(kase), identity: kase.loan.identity ?? '' }),
    say.applicantLender({ name: kase.lenderName }),
    '',
    say.asks,
    say.asksConfirmation,
    '',
    say.facts,
    say.mediated({ reference: kase.loan.reference, ...mediatorOf(kase) }),
    ...agreedLines(kase, today, words),
    ...(by ? [say.inTime({ until: workingDayText(words, by) })] : []),
    say.honest,
    say.enclosedAgreement,
  ];
}

/** Who mediated, and for which organisation: whoever was last in the case. */
function mediatorOf({ mediations }: Pick<Case, 'mediations'>): { name?: string; of?: string | undefined } {
  const one = mediations.findLast(({ account }) => account !== null);
  return one ? { name: one.name, of: one.of } : {};
}

const nameOf = ({ borrowerName, invitedName }: Pick<Case, 'borrowerName' | 'invitedName'>) => borrowerName ?? invitedName ?? '';

/** Both sides, whose letter it is first. What the case does not know is left to be filled in. */
function partyLines(
  side: Side,
  kase: Case,
  words: Words,
  as: { of: string; against: string } = { of: words.petition.of, against: words.petition.against },
): string[] {
  const { petition: say } = words;
  const borrower = say.borrower({ name: nameOf(kase), identity: kase.loan.identity ?? '' });
  const lender = say.lender({ name: kase.lenderName });
  const [own, other] = side === 'borrower' ? [borrower, lender] : [lender, borrower];
  return [`${as.of}${words.colon}${own}`, `${as.against}${words.colon}${other}`];
}

/** What is owed: as both have confirmed it, else what each says. */
function owedLines(kase: Case, words: Words): string[] {
  const { petition: say } = words;
  const { confirmed, borrower, lender } = kase.debts;
  const debt = confirmed ?? workingDebt(kase);
  const opening = say.loan({ reference: kase.loan.reference, lender: kase.lenderName });
  const disputed = disputedLines(kase, words);
  if (kase.agreement || !debt) return [opening, ...disputed];
  if (confirmed) return [opening, say.owedBoth({ date: dateText(words, confirmed.asOf), owed: owedText(confirmed, words) }), ...disputed];
  return [
    opening,
    ...(borrower ? [say.owedBorrower({ date: dateText(words, borrower.asOf), owed: owedText(borrower, words, kase) })] : []),
    ...(lender ? [say.owedLender({ date: dateText(words, lender.asOf), owed: owedText(lender, words) })] : []),
    ...disputed,
  ];
}

function causeLines({ means }: Case, words: Words): string[] {
  if (!means) return [];
  const { kind, since, until } = means.statement.cause;
  const ends = until ? { until: dateText(words, until) } : {};
  return [words.letters.borrower.cause({ cause: words.cause[kind], since: dateText(words, since), ...ends }), means.statement.cause.words];
}

/** Offers since both last agreed: those before it came to nothing else than what was agreed. */
const sinceAgreed = ({ offers, agreement }: Case) => offers.filter(({ version }) => version > (agreement?.version ?? 0));

/** How the talks went: the last offer of each side, and by which rule they came no further. */
function talkLines(kase: Case, words: Words): string[] {
  const { petition: say } = words;
  const offers = sinceAgreed(kase);
  const last = (['borrower', 'lender'] as const).flatMap((side) => offers.findLast((one) => one.side === side) ?? []);
  const count = offers.length;
  return [
    ...(count > 0 ? [kase.agreement ? say.offersSince({ count }) : say.offers({ count })] : []),
    ...last.map((one) =>
      say.offer({
        version: one.version,
        side: words.of(one.side),
        date: dayText(words, one.at),
        state: words.offer.state[one.state],
        ...planOf(one, words),
      }),
    ),
    ...(kase.impasse && atImpasse(kase)
      ? [say.impasse({ date: dayText(words, kase.impasse.at), rule: words.impasse.rules[kase.impasse.rule], seq: kase.impasse.seq })]
      : []),
  ];
}

/** Who oversees the lender, where the letter goes. */
function overseer(kase: Case, { policy, today }: Writing, words: Words): string {
  const { overseer: say } = words.petition;
  const to = kase.complaints.findLast((one) => one.to)?.to ?? overseersOf(policy, today)[0];
  return to ? say[to] : words.petition.blank;
}
