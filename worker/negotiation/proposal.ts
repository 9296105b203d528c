import * as z from 'zod';
import { addDays, daysBetween } from '../plan/calendar.ts';
import { COMPONENTS } from '../plan/format.ts';
import { endOfDay } from '../plan/law/zone.ts';
import { type Schedule, schedule, type Totals } from '../plan/schedule.ts';
import { Debt, outstanding, Phase, Terms } from '../plan/terms.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { drawUp, given } from './agreement.ts';
import { type Context, command, type Saying } from './command.ts';
import { conditionsOf, otherThanShown } from './conditions.ts';
import { type Said, sameDebt, sameTotal, workingDebt } from './debt.ts';
import { type Case, type ContentsOf, type Decided, entry, sideOf, type Written } from './entry.ts';
import { afterOffer } from './impasse.ts';
import { leftDebt } from './owed.ts';
import { beyondTerm } from './policy-bounds.ts';
import { isRefused, type Refused, refuse, refusePlan } from './refusal.ts';
import type { AnySeat, Seat, Side } from './seats.ts';
import { binds, negotiable } from './stage.ts';
import { Digest, Text } from './text.ts';
import { type Due, topic } from './topic.ts';

/** Offers: numbered, immutable versions of terms; one is on the table at a time; accepted by version and digest, or not at all. */

export const DECLINE_REASONS = [
  'too-low',
  'too-long',
  'waiver-too-large',
  'cannot-bear',
  'figures-unclear',
  'evidence-missing',
  'other',
] as const;

/** Offers that a case can hold: far more than two sides make who mean to settle. */
const MAX_OFFERS = 500;

/** Stages that an offer can have: more than a plan that is still to be understood. The plan's own format allows as many as instalments. */
const MAX_STAGES = 120;

export type OfferState = 'live' | 'answered' | 'replaced' | 'withdrawn' | 'declined' | 'lapsed' | 'accepted';

export type Offer = {
  version: number;
  seq: number;
  at: string;
  side: Side;
  name: string;
  /** The capacity in which the lender's side made or accepted it, and by which account. */
  grantedAs?: string;
  grantedBy?: string;
  /** The version that this one answers, or takes the place of. */
  answers: number | null;
  debt: Debt;
  /** In whose words the debt stood on which it was made; null where that is not known. */
  debtSaid: Said | null;
  terms: Terms;
  digest: string;
  totals: Totals;
  reasons: Partial<Record<(typeof COMPONENTS)[number], string>>;
  words: string;
  expiresAt: string;
  /** The version of the lender's policy by which it was made. */
  policy?: number;
  /** The version of the policy by which the portal made it on the lender's behalf. */
  automatic?: number;
  /** The mediation in which it was made, and the suggestion of it that it takes up. */
  mediation?: number;
  suggestion?: number;
  state: OfferState;
};

export type Offers = { offers: Offer[]; table: number | null; declinedRounds: number };

const Reasons = z.object({
  principal: Text(1000).optional(),
  interest: Text(1000).optional(),
  penalty: Text(1000).optional(),
  fees: Text(1000).optional(),
});

/** The number of an offer, as a command names it. */
const Version = z.int().min(1).max(MAX_OFFERS);

export const ProposalInput = z.object({
  /** The offer that was on the table when the form was opened; null where there was none. */
  answers: Version.nullable(),
  terms: Terms.extend({ phases: z.array(Phase).max(MAX_STAGES) }),
  reasons: Reasons.default({}),
  words: Text(4000),
  expiresInDays: z.int().min(1).max(60).optional(),
});
export type ProposalInput = z.infer<typeof ProposalInput>;

/** The same, with what the offer is known by where it was looked over before it was sent. */
export const ProposalShown = ProposalInput.extend({ digest: Digest.optional() });
export type ProposalShown = z.infer<typeof ProposalShown>;

export const PlanTotals = z.object({
  owed: z.int(),
  waived: z.int(),
  paid: z.int(),
  interest: z.int(),
  instalments: z.int(),
  highest: z.int(),
  lastDue: z.string(),
  annualRatePpm: z.int(),
});

const Made = z.object({
  version: z.int(),
  answers: z.int().nullable(),
  debt: Debt,
  terms: Terms,
  digest: z.string(),
  totals: PlanTotals,
  reasons: z.partialRecord(z.enum(COMPONENTS), z.string()),
  words: z.string(),
  expiresAt: z.string(),
  /** The version of the lender's policy by which it was made; not in offers from before policies had versions. */
  policy: z.int().optional(),
  automatic: z.int().optional(),
  /** The mediation in which it was made (the number of the entry that proposed it), and the number of the suggestion that it takes up. */
  mediation: z.int().optional(),
  suggestion: z.int().optional(),
});
/**
 * `digest` is that of the debt and terms that are agreed: where the offer was made on a total alone, of its parts. `automatic` is the version of the policy by
 * which the portal answered on the lender's behalf.
 */
const Answered = z.object({ version: z.int(), digest: z.string(), automatic: z.int().optional(), mediation: z.int().optional() });

const entries = {
  'proposal.made': entry({ content: Made, told: 'others', personal: false, evolve: made }),
  'proposal.withdrawn': entry({
    content: z.object({ version: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { version } }) => taken(kase, version, 'withdrawn'),
  }),
  'proposal.declined': entry({
    content: z.object({
      version: z.int(),
      reasons: z.array(z.enum(DECLINE_REASONS)).min(1),
      words: z.string(),
      mediation: z.int().optional(),
    }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { version } }) => ({ ...taken(kase, version, 'declined'), declinedRounds: kase.declinedRounds + 1 }),
  }),
  'proposal.expired': entry({
    content: z.object({ version: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { version } }) => taken(kase, version, 'lapsed'),
  }),
  'proposal.accepted': entry({
    content: Answered,
    told: 'others',
    personal: false,
    evolve: (kase, accepted) => taken(kase, accepted.content.version, 'accepted', grantedAs(accepted)),
  }),
};

declare module './entry.ts' {
  interface Case extends Offers {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** A new offer is on the table; the one before it was answered, or replaced by its own side. */
function made(kase: Case, entry: Written<z.infer<typeof Made>>): Case {
  const { version, answers, debt, terms, digest, totals, reasons, words, expiresAt, policy, automatic, mediation, suggestion } =
    entry.content;
  const side = automatic === undefined ? sideOf(entry) : 'lender';
  const before = kase.offers.map(
    (offer): Offer => (offer.state === 'live' ? { ...offer, state: offer.side === side ? 'replaced' : 'answered' } : offer),
  );
  const working = workingDebt(kase);
  const offer: Offer = {
    version,
    seq: entry.seq,
    at: entry.at,
    side,
    name: entry.author.name,
    ...grantedAs(entry),
    answers,
    debt,
    debtSaid: working && sameDebt(working, debt) ? kase.debtSaid : null,
    terms,
    digest,
    totals,
    reasons,
    words,
    expiresAt,
    ...(policy === undefined ? {} : { policy }),
    ...(automatic === undefined ? {} : { automatic }),
    ...(mediation === undefined ? {} : { mediation }),
    ...(suggestion === undefined ? {} : { suggestion }),
    state: 'live',
  };
  return afterOffer(kase, { ...kase, offers: [...before, offer], table: version }, automatic === undefined ? side : null);
}

/** The offer leaves the table in the state that says why. */
function taken(kase: Case, version: number, state: OfferState, granted: Granted = {}): Case {
  const offers = kase.offers.map((offer) => (offer.version === version ? { ...offer, ...granted, state } : offer));
  return { ...kase, table: null, offers };
}

type Granted = Pick<Offer, 'grantedAs' | 'grantedBy'>;

/** What the portal grants on the lender's behalf, policy has granted. */
const grantedAs = ({ author, content }: Written<{ automatic?: number | undefined }>): Granted =>
  author.side === 'lender' || content.automatic !== undefined
    ? { grantedAs: author.capacity, ...(author.account === null ? {} : { grantedBy: author.account }) }
    : {};

/** What a version is known by: SHA-256 of the canonical debt and terms. Equal terms on equal figures have equal digests. */
export function offerDigest(debt: Debt, terms: Terms): string {
  return digestOf(canonical({ debt, terms }));
}

/** Whether an offer rests on other figures of the debt than the negotiation does now: then it can no longer be accepted. */
export function restsOnOldDebt(kase: Case, offer: Offer): boolean {
  const debt = isVariation(kase, offer) && binds(kase) ? leftDebt(kase, offer.debt.asOf) : workingDebt(kase);
  const { terms, digest } = inParts(kase, offer);
  return debt === null || offerDigest(debt, terms) !== digest;
}

/**
 * An offer as it can be accepted now. One that was made on a total alone stands on its parts once these are confirmed, where they come to the same total on
 * the same day and every instalment stays what it was, to the cent: nothing that was offered is another for it, and nobody has to offer it again.
 */
export function inParts(kase: Case, offer: Offer): Offer {
  const { confirmed } = kase.debts;
  if (!offer.debtSaid?.totalAlone || !confirmed || !sameTotal(confirmed, offer.debt)) return offer;
  const worked = schedule(confirmed, offer.terms);
  if ('refused' in worked || !samePayments(worked, scheduleOf(offer))) return offer;
  return { ...offer, debt: confirmed, digest: offerDigest(confirmed, offer.terms), totals: worked.totals };
}

const samePayments = (one: Schedule, other: Schedule) => canonical(paymentsOf(one)) === canonical(paymentsOf(other));

const paymentsOf = ({ rows, totals: { owed, waived, paid } }: Schedule) => ({
  payments: rows.map(({ due, payment }) => [due, payment]),
  ...{ owed, waived, paid },
});

/** Whether an offer was made to vary the agreement that holds. */
export const isVariation = ({ agreement }: Pick<Case, 'agreement'>, { seq }: Pick<Offer, 'seq'>): boolean =>
  agreement !== null && seq > agreement.seq;

/** The debt on which an offer of a day is made: what is left under the agreement that binds, or the figures of the negotiation. Null where nobody stated any, or nothing is left. */
export function debtToOffer(kase: Case, today: string): Debt | null {
  if (!binds(kase)) return workingDebt(kase);
  const left = leftDebt(kase, today);
  return outstanding(left) > 0 ? left : null;
}

/** Offers are made while nothing is agreed and, to vary it, while an agreement binds. */
export const offerable = (kase: Case): Refused | null => (binds(kase) ? null : negotiable(kase));

/** The offer on the table at an instant: lapsed ones are off it from the moment of their expiry, whether or not the record says so yet. */
export function onTable(kase: Case, at: string): Offer | null {
  const offer = kase.table === null ? undefined : kase.offers[kase.table - 1];
  return offer && offer.expiresAt > at ? offer : null;
}

/** One's own offer on the table, where the figures changed on which it rests: it is to be made again on those that count. */
export function toMakeAgain(kase: Case, { at, seat }: Pick<Context, 'at' | 'seat'>): Offer | null {
  const offer = onTable(kase, at);
  return offer && offer.side === seat.side && restsOnOldDebt(kase, offer) ? offer : null;
}

/** The offer on the table lapses at its expiry, while nothing is agreed. */
function dueLapse(kase: Case): Due[] {
  const offer = kase.table === null ? undefined : kase.offers[kase.table - 1];
  if (!offer || offerable(kase)) return [];
  return [{ at: offer.expiresAt, entry: { kind: 'proposal.expired', content: { version: offer.version }, by: 'portal' } }];
}

/** The entry that says that an offer has lapsed, where one has and the record does not say so yet. */
export function lapses(kase: Case, at: string): Decided[] {
  return dueLapse(kase).flatMap((lapse) => (lapse.at <= at ? [lapse.entry] : []));
}

/** From whom an answer is awaited at an instant: the side that the live offer is made to; with none, the borrower's turn to offer. */
function awaits(kase: Case, at: string): Side | null {
  if (offerable(kase)) return null;
  const offer = onTable(kase, at);
  if (!offer) return kase.stage === 'negotiating' ? 'borrower' : null;
  return offer.side === 'borrower' ? 'lender' : 'borrower';
}

/** The schedule of an offer, worked out anew from its debt and terms. */
export function scheduleOf(offer: Pick<Offer, 'debt' | 'terms'>): Schedule {
  const worked = schedule(offer.debt, offer.terms);
  if ('refused' in worked) throw new Error(`A recorded offer has no schedule: ${worked.refused.code}`);
  return worked;
}

/** By whom, when and within which policy terms are drawn up. */
type Drawing = Pick<Context, 'today' | 'policy'> & { seat: Pick<AnySeat, 'side'> };

/** What is wrong with an offer in itself, whatever is on the table; or its schedule. */
export function tryProposal(debt: Debt, input: Pick<ProposalInput, 'terms' | 'reasons'>, context: Drawing): Schedule | Refused {
  const { today, seat, policy } = context;
  const { terms, reasons } = input;
  if (terms.firstDue <= today) return refuse('terms.first-due-past', { field: 'terms.firstDue', today });
  if (daysBetween(today, terms.firstDue) > 366) return refuse('terms.first-due-far', { field: 'terms.firstDue' });
  if (Math.abs(daysBetween(today, terms.start)) > 366) return refuse('terms.start-far', { field: 'terms.start' });
  const worked = schedule(debt, terms);
  if ('refused' in worked) return refusePlan(worked.refused, 'terms.phases');
  const unexplained = seat.side !== 'lender' ? COMPONENTS.find((one) => (terms.waive[one] ?? 0) > 0 && !reasons[one]) : undefined;
  if (unexplained) return refuse('waiver.reason-needed', { component: unexplained, field: `reasons.${unexplained}` });
  const long = beyondTerm(policy, { debt, schedule: worked, today });
  if (long) {
    const last = terms.phases.length - 1;
    const field = `terms.phases.${last}.${'count' in (terms.phases[last] ?? {}) ? 'count' : 'kind'}`;
    return refuse('policy.term', { limit: long.limit, given: long.given, version: policy.version, field });
  }
  return worked;
}

/** What an offer and what a mediator suggests say alike of a plan: on which debt, its terms with their digest, what it comes to, and why. */
export const drawnUp = (
  debt: Debt,
  { terms, reasons, words }: Pick<ProposalInput, 'terms' | 'reasons' | 'words'>,
  totals: Schedule['totals'],
) => ({
  debt,
  terms,
  digest: offerDigest(debt, terms),
  totals,
  reasons: Object.fromEntries(COMPONENTS.flatMap((one) => (reasons[one] ? [[one, reasons[one]]] : []))),
  words,
});

export function makeProposal(kase: Case, input: ProposalInput, context: Context): Saying {
  const { at, today, zone, policy } = context;
  if (kase.offers.length >= MAX_OFFERS) return refuse('case.full', { max: MAX_OFFERS });
  const debt = debtToOffer(kase, today);
  if (!debt) return refuse('debt.none-stated');
  const table = onTable(kase, at);
  if (input.answers !== (table?.version ?? null)) return offerChanged(kase, at);
  const worked = tryProposal(debt, input, context);
  if (isRefused(worked)) return worked;
  const days = input.expiresInDays ?? policy.offerDays;
  if (days > policy.longestOffer)
    return refuse('policy.offer-days', { limit: policy.longestOffer, given: days, version: policy.version, field: 'expiresInDays' });
  return [
    ...lapses(kase, at),
    {
      kind: 'proposal.made',
      content: {
        version: kase.offers.length + 1,
        answers: input.answers,
        ...drawnUp(debt, input, worked.totals),
        // An offer stands until the end of its last day.
        expiresAt: endOfDay(addDays(today, days), zone),
        ...(policy.version > 0 ? { policy: policy.version } : {}),
      },
    },
  ];
}

/** Makes an offer as it was shown, or not at all. */
export function makeShown(kase: Case, { digest, ...input }: ProposalShown, context: Context): Saying {
  const debt = debtToOffer(kase, context.today);
  if (digest && debt && offerDigest(debt, input.terms) !== digest) return refuse('offer.not-as-shown');
  return makeProposal(kase, input, context);
}

/** Why an answer comes too late: what is on the table now, so that the person sees it. */
function offerChanged(kase: Case, at: string): Refused {
  const now = onTable(kase, at);
  if (offerable(kase)) return settled(kase);
  return now ? refuse('offer.changed', { version: now.version, side: now.side }) : refuse('offer.none');
}

/** The terms are agreed: on which version is said, as it may be the very one that is being answered. */
const settled = ({ agreement }: Case) => (agreement ? refuse('offer.settled', { version: agreement.version }) : refuse('offer.none'));

/** While nothing is agreed, offers can be answered and withdrawn; from then on it is said on which version both agreed. */
function unsettled(kase: Case): Refused | null {
  const closed = offerable(kase);
  return closed?.refused.code === 'case.under-agreement' ? settled(kase) : closed;
}

const make = command({
  name: 'proposal.make',
  input: ProposalShown,
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'new proposal',
  proof: false,
  when: (kase, { today }) => offerable(kase) ?? (debtToOffer(kase, today) ? null : refuse('debt.none-stated')),
  decide: makeShown,
  gives(kase, { terms }, _own, today) {
    const debt = debtToOffer(kase, today);
    return debt ? given(kase, { debt, terms }) : null;
  },
});

/** The condition of answering: a live offer of the other side. */
function others(kase: Case, { at, seat }: Context): Refused | null {
  const closed = unsettled(kase);
  if (closed) return closed;
  const table = onTable(kase, at);
  if (!table) return refuse('offer.none');
  return table.side === seat.side ? refuse('offer.own') : null;
}

const accept = command({
  name: 'proposal.accept',
  /**
   * `digest` is what the offer is known by as it can be accepted: where it was made on a total alone, of its parts. `conditions` is what the conditions are known by that
   * were shown with it, where they were.
   */
  input: z.object({ version: Version, digest: Digest, conditions: Digest.optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'proposal',
  proof: false,
  binding: true,
  when: (kase, context) => others(kase, context) ?? (kase.borrowerName ? null : refuse('case.not-joined')),
  decide(kase, { version, digest, conditions: shown }, context) {
    const offer = onTable(kase, context.at);
    // By what it is now: who saw it on a total alone has not seen its parts.
    const whole = offer && inParts(kase, offer);
    if (!whole || whole.version !== version || whole.digest !== digest) return offerChanged(kase, context.at);
    if (restsOnOldDebt(kase, offer)) return refuse('offer.debt-changed');
    if (offer.terms.firstDue <= context.today) return refuse('offer.first-due-past');
    const conditions = conditionsOf(kase, context.policy);
    const changed = otherThanShown(conditions, shown);
    if (changed) return changed;
    return [{ kind: 'proposal.accepted', content: { version, digest: whole.digest } }, drawUp(kase, whole, conditions)];
  },
  gives(kase, { version }) {
    const offer = kase.offers[version - 1];
    return offer ? { ...given(kase, inParts(kase, offer)), beside: {} } : null;
  },
});

const decline = command({
  name: 'proposal.decline',
  input: z.object({ version: Version, reasons: z.array(z.enum(DECLINE_REASONS)).min(1).max(DECLINE_REASONS.length), words: Text(4000) }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'proposal',
  proof: false,
  when: others,
  decide(kase, { version, reasons, words }, { at }) {
    return onTable(kase, at)?.version === version
      ? [{ kind: 'proposal.declined', content: { version, reasons: [...new Set(reasons)], words } }]
      : offerChanged(kase, at);
  },
  gives: 'nothing',
});

const withdraw = command({
  name: 'proposal.withdraw',
  input: z.object({ version: Version }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'proposal',
  proof: false,
  when: (kase, { at, seat }) => unsettled(kase) ?? own(kase, at, seat),
  decide: (kase, { version }, { at }) =>
    onTable(kase, at)?.version === version ? [{ kind: 'proposal.withdrawn', content: { version } }] : offerChanged(kase, at),
  gives: 'nothing',
});

function own(kase: Case, at: string, seat: Seat): Refused | null {
  const table = onTable(kase, at);
  return table && table.side === seat.side ? null : refuse('offer.none');
}

export const commands = { make, accept, decline, withdraw };

export const proposal = topic({ empty: { offers: [], table: null, declinedRounds: 0 }, entries, commands, due: dueLapse, awaits });
