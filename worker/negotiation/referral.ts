import * as z from 'zod';
import { lawOf } from '../plan/law/index.ts';
import { WAYS, type Way, type WayName, waysFor } from '../plan/law/ways.ts';
import { IsoDate } from '../plan/terms.ts';
import { type Context, command } from './command.ts';
import { type Case, type ContentsOf, entry, sideOf } from './entry.ts';
import type { Policy } from './policy.ts';
import { refuse } from './refusal.ts';
import type { Side } from './seats.ts';
import { notClosed } from './stage.ts';
import { Line, Seq, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * That a side has taken the matter elsewhere (advice, those who oversee the lender, mediation, arbitration, a court), and that it came back, with what came of it.
 * Both are told. Talks stay open meanwhile: nothing that can be done in the case depends on it.
 */

export const RETURNS = ['settled', 'in-part', 'not-settled', 'not-taken', 'withdrawn'] as const;

/** Referrals that a case can hold of each side, so that neither takes the other's place. */
const MAX_REFERRALS = 30;

export type Referral = {
  seq: number;
  at: string;
  side: Side;
  way: WayName;
  /** By whose table the way is what it is. */
  jurisdiction: string;
  to: string;
  /** The day on which it was taken there. */
  on: string;
  outcome?: (typeof RETURNS)[number];
  returnedAt?: string;
};

export type Referrals = { referrals: Referral[] };

const entries = {
  'referral.made': entry({
    content: z.object({ way: z.enum(WAYS), jurisdiction: z.string(), to: z.string(), on: IsoDate, words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve(kase, made) {
      const { seq, at, content } = made;
      const { way, jurisdiction, to, on } = content;
      return { ...kase, referrals: [...kase.referrals, { seq, at, side: sideOf(made), way, jurisdiction, to, on }] };
    },
  }),
  'referral.returned': entry({
    content: z.object({ referral: Seq, outcome: z.enum(RETURNS), words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { referral, outcome } }) => ({
      ...kase,
      referrals: kase.referrals.map((one) => (one.seq === referral ? { ...one, outcome, returnedAt: at } : one)),
    }),
  }),
};

declare module './entry.ts' {
  interface Case extends Referrals {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/**
 * What is with others now: taken there and not come back. By rule it is over, too, where both sides agree on an offer that was made since, and where the case is
 * paid or closed.
 */
export function referredNow({ referrals, offers, stage }: Pick<Case, 'referrals' | 'offers' | 'stage'>): Referral[] {
  if (stage === 'closed' || stage === 'completed') return [];
  return referrals.filter(
    ({ seq, outcome }) => outcome === undefined && !offers.some((offer) => offer.seq > seq && offer.state === 'accepted'),
  );
}

/** The ways that a side can go about the loan of a case on a day, in the order in which they help. */
export function waysOpen(side: Side, policy: Policy, today: string): Way[] {
  const ways = waysFor(lawOf(policy).code, policy.lender.kind, today);
  return side === 'borrower' ? ways : ways.filter(({ borrowers }) => !borrowers);
}

const make = command({
  name: 'referral.make',
  input: z.object({ way: z.enum(WAYS), to: Line(120), on: IsoDate, words: Text(2000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'ways',
  proof: false,
  when: notClosed,
  decide(kase, { way, to, on, words }, { seat, policy, today }) {
    if (kase.referrals.filter(({ side }) => side === seat.side).length >= MAX_REFERRALS) return refuse('case.full', { max: MAX_REFERRALS });
    if (!waysOpen(seat.side, policy, today).some(({ id }) => id === way)) return refuse('referral.no-such-way', { field: 'way' });
    if (on > today) return refuse('referral.future', { field: 'on' });
    if (referredNow(kase).some((one) => one.side === seat.side && one.way === way && one.to === to))
      return refuse('referral.there-already', { field: 'to' });
    return [{ kind: 'referral.made', content: { way, jurisdiction: lawOf(policy).code, to, on, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

/** Who took it there says what came of it. */
const isTheirs =
  ({ seat: { side } }: Pick<Context, 'seat'>) =>
  (one: Referral) =>
    one.side === side && one.outcome === undefined;

const back = command({
  name: 'referral.return',
  input: z.object({ referral: Seq, outcome: z.enum(RETURNS), words: Text(2000) }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'ways',
  proof: false,
  when: (kase, context) => notClosed(kase) ?? (kase.referrals.some(isTheirs(context)) ? null : refuse('referral.none')),
  decide: (kase, { referral, outcome, words }, context) =>
    kase.referrals.some((one) => one.seq === referral && isTheirs(context)(one))
      ? [{ kind: 'referral.returned', content: { referral, outcome, words } }]
      : refuse('referral.none', { field: 'referral' }),
  gives: 'nothing',
});

export const commands = { make, return: back };

export const referral = topic({ empty: { referrals: [] }, entries, commands, due: nothingDue, awaits: nobody });
