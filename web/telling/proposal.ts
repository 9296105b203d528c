import type { Case } from '../../worker/negotiation/case.ts';
import type { Kinds } from '../../worker/negotiation/entry.ts';
import type { Offer, proposal as topic } from '../../worker/negotiation/proposal.ts';
import { formatPercent } from '../../worker/plan/amount.ts';
import { COMPONENTS, type Component } from '../../worker/plan/format.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import type { Author } from '../../worker/record/format.ts';
import { dateText, momentText, rateText, type Words } from '../words/index.ts';
import { planClauses } from './clauses.ts';
import { owedLines } from './debt.ts';
import { debtChangeText } from './debt-change.ts';
import { amount, closely, type Line, named, said, type Tellers, type Telling } from './telling.ts';

/** Offers and answers to them, told. */

export const proposal: Tellers<typeof topic> = {
  'proposal.made': (entry, kase, words) => ({
    what: madeWhat(entry, kase, words),
    lines: [
      ...automaticLines(entry.content, words),
      ...suggestedLines(entry.content, words),
      ...debtChangeLines(entry.content, kase, words),
      ...offerLines({ ...entry.content, partsUnknown: restsOnTotal(entry.content, kase) }, words),
    ],
  }),
  'proposal.withdrawn': ({ content: { version } }, _kase, words) => ({ what: words.entry['proposal.withdrawn'](version), lines: [] }),
  'proposal.declined': ({ content: { version, reasons, words: text } }, _kase, words) => ({
    what: words.entry['proposal.declined'](version),
    lines: [named(words.evidence.reason, reasons.map((reason) => words.offer.reasons[reason]).join(words.comma)), ...said(text)],
  }),
  'proposal.expired': ({ content: { version } }, _kase, words) => ({ what: words.entry['proposal.expired'](version), lines: [] }),
  'proposal.accepted': ({ content: { version, digest, automatic } }, _kase, words) => ({
    what: words.entry['proposal.accepted'](version),
    lines: [...automaticLines({ automatic }, words), termsDigest(digest, words)],
  }),
};

/** That no person of the lender's answered, but the portal by its policy, and by which version. */
function automaticLines({ automatic }: { automatic?: number | undefined }, words: Words): Line[] {
  return automatic === undefined ? [] : [{ value: words.person.automatic({ version: automatic }), as: 'warning' }];
}

/** That it takes up what a mediator suggested. */
function suggestedLines({ suggestion: no }: { suggestion?: number | undefined }, words: Words): Line[] {
  return no === undefined ? [] : [{ value: words.mediation.fromSuggestion({ no }), as: 'warning' }];
}

/** A counter-offer answers one of the other side's; whoever offers twice puts the second in place of the first. */
function madeWhat({ content: { version, answers, automatic }, author }: Telling<'proposal.made'>, kase: Case, words: Words): string {
  const { entry: say } = words;
  if (answers === null) return say['proposal.made'](version);
  const answered = kase.offers.find((one) => one.version === answers);
  if (!answered) return say['proposal.followed']({ version, answers });
  return say[isOf(automatic === undefined ? author?.side : 'lender', answered) ? 'proposal.replaced' : 'proposal.countered']({
    version,
    answers,
  });
}

/** What the portal offers by policy is the lender's. */
const isOf = (side: Author['side'] | undefined, answered: Pick<Offer, 'side'>) => side === answered.side;

/** That an offer rests on another debt than the one that it answers, and what of it has changed. */
function debtChangeLines({ version, answers }: Kinds['proposal.made'], kase: Case, words: Words): Line[] {
  const [made, before] = [version, answers].map((one) => kase.offers.find((offer) => offer.version === one));
  return made && before ? debtChangeText(before, made, words).map((value) => ({ value, as: 'warning' })) : [];
}

/** An offer as it is made: what it comes to, what it says, and all that it rests on. `partsUnknown` where of the debt the total alone was known. */
export type Made = Pick<Offer, 'debt' | 'terms' | 'digest' | 'totals' | 'reasons' | 'words' | 'expiresAt'> & {
  policy?: number | undefined;
  partsUnknown?: boolean;
};

/** Whether an offer rests on a total of which nobody had stated the parts. */
const restsOnTotal = ({ version }: Kinds['proposal.made'], { offers }: Case) =>
  offers.find((offer) => offer.version === version)?.debtSaid?.totalAlone ?? false;

/** All that an offer tells of itself. */
export function offerLines(made: Made, words: Words): Line[] {
  return [...offerFigures(made, words), ...clauseLines(made, words), ...offerSaid(made, words), ...offerGrounds(made, words)];
}

/** What an offer comes to, in the figures that people look at first: all that is paid is told apart into the debt as it was, less what is waived, and new interest. */
export function offerFigures({ totals, terms }: { totals: Offer['totals']; terms: Pick<Terms, 'rate'> }, words: Words): Line[] {
  const { schedule: say } = words;
  return [
    amount(say.highest, totals.highest, { as: 'figure' }),
    named(say.instalments, String(totals.instalments)),
    named(words.terms.rate, chargedText(terms, words)),
    amount(say.paid, totals.paid),
    amount(say.owed, totals.owed),
    amount(say.interestTotal, totals.interest),
    ...(totals.waived > 0 ? [amount(say.waived, totals.waived)] : []),
    named(say.lastDue, dateText(words, totals.lastDue)),
  ];
}

/** An offer in a line, where all of it is told elsewhere. */
export function offerInBrief({ totals, terms }: { totals: Offer['totals']; terms: Pick<Terms, 'rate'> }, words: Words): Line[] {
  const { schedule: say } = words;
  return [
    amount(say.highest, totals.highest),
    named(say.instalments, String(totals.instalments)),
    named(words.terms.rate, chargedText(terms, words)),
    amount(say.paid, totals.paid),
    named(say.lastDue, dateText(words, totals.lastDue)),
  ];
}

/** The interest rate of an offer, or that it has none. */
export const chargedText = ({ rate }: Pick<Terms, 'rate'>, words: Words): string =>
  rate.ppm === 0 ? words.terms.noRate : rateText(words, rate);

/** All that is offered, clause by clause. */
export function clauseLines({ debt, terms }: Pick<Made, 'debt' | 'terms'>, words: Words): Line[] {
  return planClauses(terms, words, debt).map((clause) => ({ value: clause, as: 'clause' }));
}

/** What is said with an offer. */
export type Spoken = { reasons: { [part in Component]?: string | undefined }; words: string };

/** Why something should be waived, and the words to the other side. */
export function offerSaid(spoken: Spoken, words: Words): Line[] {
  return [...reasonLines(spoken, words), ...said(spoken.words)];
}

export function reasonLines({ reasons }: Pick<Spoken, 'reasons'>, words: Words): Line[] {
  return COMPONENTS.flatMap((part) => {
    const reason = reasons[part];
    return reason ? [named(words.terms.waiveReason(words.component[part]), reason)] : [];
  });
}

/** On which figures an offer rests, from when it is reckoned, what it costs in a year, until when it stands, and what it is known by. */
export function offerGrounds({ debt, partsUnknown = false, terms, totals, digest, expiresAt, policy }: Made, words: Words): Line[] {
  const { schedule: say } = words;
  return closely(
    { value: words.terms.basis, as: 'heading' },
    ...owedLines({ debt, partsUnknown }, words),
    { value: words.terms.title, as: 'heading' },
    named(say.annualRate, `${formatPercent(totals.annualRatePpm)}%`),
    ...dayLines(terms, words),
    named(words.offer.validUntil, momentText(words, expiresAt)),
    ...(policy ? [named(words.offer.policy, words.offer.policyVersion(policy))] : []),
    named(words.agreement.digest, digest),
  );
}

/** The days from which terms are reckoned. */
export function dayLines({ start, firstDue }: Pick<Terms, 'start' | 'firstDue'>, words: Words): Line[] {
  return [named(words.terms.start, dateText(words, start)), named(words.terms.firstDue, dateText(words, firstDue))];
}

const termsDigest = (digest: string, words: Words) => named(words.agreement.digest, digest, { close: true });
