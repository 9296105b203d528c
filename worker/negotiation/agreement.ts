import * as z from 'zod';
import { COMPONENTS } from '../plan/format.ts';
import { type Schedule, schedule } from '../plan/schedule.ts';
import { Debt, Terms } from '../plan/terms.ts';
import { canonical } from '../record/digest.ts';
import { type Act, type Books, booksFor, bound, granted } from './authority.ts';
import { command } from './command.ts';
import { Conditions, conditionsDigest } from './conditions.ts';
import { type Case, type ContentsOf, type Decided, entry, sideOf } from './entry.ts';
import { leftDebt } from './owed.ts';
import { isReceived } from './payment.ts';
import { refuse } from './refusal.ts';
import { otherSide, type Seat } from './seats.ts';
import { binds } from './stage.ts';
import { comparable, Digest, RecordedName, TypedName } from './text.ts';
import { nothingDue, topic } from './topic.ts';

/** Accepted terms become an agreement; each side signs by name after proving who they are; with both it is in force. */

/** `authority` is the entry by which a representative signed for their side. */
export type Signature = { seq: number; at: string; name: string; capacity: string; authority?: number };

/**
 * `conditions` are those of the lender's policy when the terms were accepted; agreements from before they were drawn up have none. `counted` are the payments (by
 * their entries) that the figures of a varied agreement hold already.
 */
export type Agreement = {
  version: number;
  seq: number;
  at: string;
  debt: Debt;
  terms: Terms;
  digest: string;
  conditions?: Conditions;
  signatures: { borrower: Signature | null; lender: Signature | null };
  inForceAt: string | null;
  counted?: number[];
  /** The mediation in which it was agreed, by the number of the entry that proposed it. */
  mediation?: number;
};

/**
 * `agreement` is the one that holds, or the first one while it waits to be signed. `variation` was accepted and takes its place once both have signed;
 * `superseded` are those whose place was taken, the oldest first.
 */
export type Agreed = {
  agreement: Agreement | null;
  variation: Agreement | null;
  superseded: (Agreement & { supersededAt: string; by: number })[];
};

const DrawnUp = z.object({
  version: z.int(),
  debt: Debt,
  terms: Terms,
  digest: z.string(),
  conditions: Conditions.optional(),
  /** The version of the agreement whose place it takes once both have signed. */
  supersedes: z.int().optional(),
  /** The mediation in which it was agreed. */
  mediation: z.int().optional(),
});

const entries = {
  'agreement.drawn-up': entry({
    content: DrawnUp,
    told: 'nobody',
    personal: false,
    evolve(kase, { seq, at, content: { supersedes, conditions, mediation, ...terms } }) {
      const unsigned = { seq, at, ...terms, signatures: { borrower: null, lender: null }, inForceAt: null };
      const drawn: Agreement = {
        ...unsigned,
        ...(conditions ? { conditions } : {}),
        ...(mediation === undefined ? {} : { mediation }),
      };
      return supersedes === undefined ? { ...kase, stage: 'agreed', agreement: drawn } : { ...kase, variation: drawn };
    },
  }),
  'agreement.signed': entry({
    /** What is signed, by its digests: the terms and, where it has them, the conditions. */
    content: z.object({ version: z.int(), digest: z.string(), conditions: z.string().optional(), name: RecordedName }),
    told: 'others',
    personal: false,
    evolve(kase, signed) {
      const { seq, at, author, content } = signed;
      const by = author.for ? { authority: author.for.authority } : {};
      const signature = { seq, at, name: content.name, capacity: author.capacity, ...by };
      const withIt = (one: Agreement) => ({ ...one, signatures: { ...one.signatures, [sideOf(signed)]: signature } });
      const { agreement, variation } = kase;
      if (variation?.version === content.version) return { ...kase, variation: withIt(variation) };
      return agreement ? { ...kase, agreement: withIt(agreement) } : kase;
    },
  }),
  'agreement.in-force': entry({
    content: z.object({ version: z.int(), digest: z.string() }),
    told: 'others',
    personal: false,
    evolve(kase, { at, content: { version } }) {
      if (kase.variation?.version === version) return varied(kase, kase.variation, at);
      return kase.agreement ? { ...kase, stage: 'in-force', agreement: { ...kase.agreement, inForceAt: at } } : kase;
    },
  }),
  'agreement.superseded': entry({
    content: z.object({ version: z.int(), by: z.int() }),
    told: 'nobody',
    personal: false,
    // What it means follows from the agreement that takes its place, at the same instant.
    evolve: (kase) => kase,
  }),
};

/** A varied agreement takes the place of the one that held: its figures hold what was received up to their day; the rest counts under it, as does all that comes. */
function varied(kase: Case, variation: Agreement, at: string): Case {
  if (!kase.agreement) return kase;
  const counted = kase.payments.filter((one) => isReceived(one) && one.on <= variation.debt.asOf).map(({ seq }) => seq);
  return {
    ...kase,
    stage: 'in-force',
    agreement: { ...variation, inForceAt: at, counted },
    variation: null,
    superseded: [...kase.superseded, { ...kase.agreement, supersededAt: at, by: variation.version }],
    overdue: [],
    reminded: {},
    moves: kase.moves.map((move) => (move.state === 'asked' ? { ...move, state: 'lapsed' } : move)),
    arrears: null,
    broken: null,
  };
}

declare module './entry.ts' {
  interface Case extends Agreed {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** The agreement that follows from an accepted offer, under the conditions of now; where one holds, it is to take its place. */
export function drawUp(
  kase: Case,
  { version, debt, terms, digest }: Pick<Agreement, 'version' | 'debt' | 'terms' | 'digest'>,
  conditions: Conditions,
): Decided {
  const supersedes = binds(kase) && kase.agreement ? { supersedes: kase.agreement.version } : {};
  return { kind: 'agreement.drawn-up', content: { version, debt, terms, digest, conditions, ...supersedes }, by: 'portal' };
}

/** The agreement that waits to be signed, or null. */
export function toSign({ stage, agreement, variation }: Pick<Case, 'stage' | 'agreement' | 'variation'>): Agreement | null {
  if (stage === 'agreed') return agreement;
  return binds({ stage }) ? variation : null;
}

/** Whether a variation rests on other figures than are left by now: a payment counts, or counts no more, that was made before the day of its figures. */
export function isOutdated(kase: Case): boolean {
  const { variation } = kase;
  return variation !== null && binds(kase) && canonical(leftDebt(kase, variation.debt.asOf)) !== canonical(variation.debt);
}

/** The schedule of the agreement that holds. @throws where the case has no agreement */
export function agreedSchedule({ agreement }: Pick<Case, 'agreement'>): Schedule {
  if (!agreement) throw new Error('The case has no agreement.');
  return scheduleOfAgreed(agreement);
}

/** The schedule of an agreement, whether it holds or not. */
export function scheduleOfAgreed({ debt, terms }: Pick<Agreement, 'debt' | 'terms'>): Schedule {
  const worked = schedule(debt, terms);
  if ('refused' in worked) throw new Error(`A recorded agreement has no schedule: ${worked.refused.code}`);
  return worked;
}

/** The name by which somebody signs: the borrower's is the one that the agreement has, which they stated when they came into the case. */
export const signsAs = ({ borrowerName }: Pick<Case, 'borrowerName'>, { capacity, name }: Pick<Seat, 'capacity' | 'name'>): string =>
  capacity === 'borrower' ? (borrowerName ?? name) : name;

const sign = command({
  name: 'agreement.sign',
  /** `conditions` is what the conditions are known by that were shown beside the terms, where they were. */
  input: z.object({ digest: Digest, conditions: Digest.optional(), name: TypedName }),
  needs: 'sign',
  doors: ['form'],
  page: 'agreement',
  proof: true,
  binding: true,
  when: (kase, { seat }) => {
    const unsigned = toSign(kase);
    if (!unsigned) return refuse('agreement.none');
    if (unsigned.signatures[seat.side]) return refuse('agreement.signed-already');
    return isOutdated(kase) ? refuse('agreement.outdated') : null;
  },
  decide(kase, { digest, conditions: shown, name }, { seat, proven }) {
    const unsigned = toSign(kase);
    // The same terms can have been accepted anew since, under other conditions.
    const isOther = shown !== undefined && (!unsigned?.conditions || conditionsDigest(unsigned.conditions) !== shown);
    if (!unsigned || unsigned.digest !== digest || isOther) return refuse('agreement.changed');
    const own = signsAs(kase, seat);
    if (comparable(name) !== comparable(own)) return refuse('agreement.name-differs', { name: own, field: 'name' });
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const { version, signatures, conditions } = unsigned;
    const both = { digest, ...(conditions ? { conditions: conditionsDigest(conditions) } : {}) };
    const signed: Decided = { kind: 'agreement.signed', content: { version, ...both, name: own } };
    if (!signatures[otherSide(seat.side)]) return [signed];
    const before = binds(kase) ? kase.agreement : null;
    const superseded: Decided[] = before
      ? [{ kind: 'agreement.superseded', content: { version: before.version, by: version }, by: 'portal' }]
      : [];
    return [signed, ...superseded, { kind: 'agreement.in-force', content: { version, digest }, by: 'portal' }];
  },
  /** An offer may have been accepted after the lender's books changed: whoever is bound signs only what they might grant now, or what somebody without limits granted. */
  gives(kase, _input, own) {
    const unsigned = toSign(kase);
    if (!unsigned || own?.granted.includes(unsigned.digest)) return null;
    const { grantedAs } = kase.offers[unsigned.version - 1] ?? {};
    return grantedAs && !bound(grantedAs) ? null : { ...given(kase, unsigned), beside: {} };
  },
});

/**
 * The books against which somebody's offer on a debt is held: while an agreement binds, what is left under it, with what its staff have waived in it within
 * their limits, so that waivers that each stay within a limit add up.
 */
export function booksOn(kase: Case, debt: Debt, capacity: string): Books | null {
  const { agreement } = kase;
  const books = booksFor(kase, capacity);
  if (!binds(kase) || !agreement || !books) return books;
  // What policy let the portal grant is within an agent's limits, and counts as an agent's.
  const isFree = (grantedAs: string) => (bound(capacity) ? !bound(grantedAs) && grantedAs !== 'portal' : grantedAs === 'administrator');
  const chain = [agreement, ...kase.superseded.toReversed()];
  const free = chain.findIndex(({ version }) => isFree(kase.offers[version - 1]?.grantedAs ?? 'agent'));
  const all = { ...books, ...debt, interestThen: debt.interest, own: true };
  for (const { terms } of free < 0 ? chain : chain.slice(0, free)) {
    for (const part of COMPONENTS) all[part] += terms.waive[part] ?? 0;
  }
  const { principal, interest, penalty, fees, asOf, interestThen, rate, own } = all;
  return { principal, interest, penalty, fees, asOf, interestThen, rate, own };
}

/** What terms give away: of a variation against what is left under the agreement that holds. */
export function given(kase: Case, made: Pick<Agreement, 'debt' | 'terms'>): Act {
  const act = granted(made);
  const [books, ceiling] = ['agent', 'supervisor'].map((capacity) => booksOn(kase, made.debt, capacity));
  return binds(kase) && books && ceiling ? { ...act, books, ceiling } : act;
}

export const commands = { sign };

export const agreement = topic({
  empty: { agreement: null, variation: null, superseded: [] },
  entries,
  commands,
  due: nothingDue,
  awaits(kase) {
    const unsigned = toSign(kase);
    if (!unsigned || isOutdated(kase)) return null;
    return unsigned.signatures.borrower ? 'lender' : 'borrower';
  },
});
