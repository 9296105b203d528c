import * as z from 'zod';
import type { Principal } from '../record/format.ts';

/** Who sits where in a case, and what that lets them do. */

export type Side = 'borrower' | 'lender';

/** Whose a seat is: a side's, or of the mediator whom both sides have let in, who is of none. */
export type Place = Side | 'mediator';

/**
 * What a person can be allowed. Every command says which of these it needs.
 * - `read`: see the shared record of the case
 * - `take`: take its documents away
 * - `speak`: messages, letters, calls, evidence
 * - `negotiate`: figures of the debt, offers and answers to them, ending the case
 * - `sign`: bind one's side by name
 * - `begin`: open a case of one's own, or take up the place in one that the lender opened
 * - `declare`: what only the borrower knows: their means
 * - `appoint`: name who acts for the borrower, and take that back
 * - `attend`: take up a place beside a party, or between both, to which one was named, and leave it
 * - `mediate`: speak to both sides as a neutral, and suggest terms to them
 * - `summon`: say how the lender is to deal with them: by a person, so that nothing is answered automatically; at what hours and in which way
 * - `defer`: ask the lender for another day of an instalment
 * - `complain`: complain to the lender, or go on to whoever oversees it
 * - `settle`: take the lender's answer to a complaint, or take the complaint back
 * - `pay`: say what was paid under the agreement, and answer what the other side says of it
 * - `invite`: open a case for a borrower and invite them to it
 * - `review`: check what the borrower brings: figures, evidence; reverse payments that were confirmed
 * - `ask`: send for approval what goes beyond one's authority; take back what one wrote and what waits
 * - `approve`: let colleagues do what goes beyond their authority
 * - `witness`: read one's side's private stream
 * - `confide`: write in it
 * - `assign`: take a case that is nobody's, and hand on one's own
 * - `reassign`: give any case to anybody; take the borrower's place in one from whoever took it wrongly
 */
export const POWERS = [
  'read',
  'take',
  'speak',
  'negotiate',
  'sign',
  'begin',
  'declare',
  'appoint',
  'attend',
  'mediate',
  'summon',
  'defer',
  'complain',
  'settle',
  'pay',
  'invite',
  'review',
  'witness',
  'confide',
  'ask',
  'approve',
  'assign',
  'reassign',
] as const;

/**
 * What a lender's staff can be allowed that is of no case.
 * - `inspect`: read the lender's own stream
 * - `administer`: the lender's policy, page and people
 * - `countersign`: be the second person for what touches money
 * - `phrase`: write the texts that colleagues begin from
 */
export const LENDER_POWERS = ['inspect', 'administer', 'countersign', 'phrase'] as const;

export type Power = (typeof POWERS)[number] | (typeof LENDER_POWERS)[number];

/** How far a representative may go: each includes those before it. `sign` is the special authority (特别授权) that is named as such. */
export const SCOPES = ['read', 'speak', 'negotiate', 'sign'] as const satisfies readonly Power[];
export type Scope = (typeof SCOPES)[number];

/** What the borrower's side alone is allowed, and the scope with which a representative has it. */
const WITH_SCOPE: Partial<Record<Power, Scope>> = {
  take: 'read',
  attend: 'read',
  summon: 'speak',
  defer: 'negotiate',
  complain: 'speak',
  settle: 'negotiate',
};

/** What everybody who works on cases may do, and what those above an agent may beside it. */
const WORKS = [
  'read',
  'take',
  'speak',
  'negotiate',
  'sign',
  'pay',
  'invite',
  'review',
  'witness',
  'confide',
  'ask',
  'assign',
] as const satisfies readonly Power[];
const OVERSEES = ['approve', 'reassign', 'inspect', 'countersign', 'phrase'] as const satisfies readonly Power[];

/** The one table of who may do what. `narrowed` capacities have of their powers those that the scope of their seat goes up to. */
const TABLE = {
  borrower: {
    side: 'borrower',
    narrowed: false,
    powers: [
      'read',
      'take',
      'speak',
      'negotiate',
      'sign',
      'begin',
      'declare',
      'appoint',
      'summon',
      'defer',
      'complain',
      'settle',
      'pay',
      'witness',
      'confide',
    ],
  },
  representative: {
    side: 'borrower',
    narrowed: true,
    powers: ['read', 'take', 'speak', 'negotiate', 'sign', 'attend', 'summon', 'defer', 'complain', 'settle'],
  },
  /** Of neither side: sees the shared record, speaks to both and suggests. Decides nothing, signs nothing, takes nothing away. */
  mediator: { side: 'mediator', narrowed: false, powers: ['read', 'attend', 'mediate'] },
  agent: { side: 'lender', narrowed: false, powers: WORKS },
  supervisor: { side: 'lender', narrowed: false, powers: [...WORKS, ...OVERSEES] },
  administrator: { side: 'lender', narrowed: false, powers: [...WORKS, ...OVERSEES, 'administer'] },
  /** Reads and takes away, of every case and of the lender's own stream, and writes nothing. */
  auditor: { side: 'lender', narrowed: false, powers: ['read', 'take', 'witness', 'inspect'] },
} as const satisfies Record<string, { side: Place; narrowed: boolean; powers: readonly Power[] }>;

export type Capacity = keyof typeof TABLE;
export const CAPACITIES = [
  'borrower',
  'representative',
  'mediator',
  'agent',
  'supervisor',
  'administrator',
  'auditor',
] as const satisfies readonly Capacity[];

/** In what capacities somebody can work for a lender. */
export const POSTS = ['agent', 'supervisor', 'administrator', 'auditor'] as const satisfies readonly Capacity[];
export type Post = (typeof POSTS)[number];

/** A capacity as one in which somebody works for a lender; null where it is none. */
export const postOf = (capacity: string): Post | null => POSTS.find((one) => one === capacity) ?? null;

/**
 * A person's place in a case. `account` is the portal's id of the person; `name` is how the record names them. `scope` narrows a representative's
 * powers (without one they may only read); from `until` on, where it is set, the seat gives none. `for` is who they act for, as the record says (`seated.ts`).
 */
export type Seat = {
  side: Side;
  capacity: Capacity;
  account: string;
  name: string;
  scope?: Scope | null;
  until?: string | null;
  for?: Principal;
};

/** The place between the sides. */
export type MediatorSeat = Omit<Seat, 'side' | 'capacity'> & { side: 'mediator'; capacity: 'mediator' };
export type AnySeat = Seat | MediatorSeat;

/** Who of the same side has something done in their name. */
export type Colleague = Pick<Seat, 'capacity' | 'account' | 'name'>;

/**
 * Somebody who works for the lender now, with the name of their team where they are of one. `origin` is the account with which the chain of invitations begins by
 * which they came: their own where the operator invited them, or somebody outside of that chain has vouched for them.
 */
export type Employed = Colleague & { team: string | null; origin: string };

/**
 * Whether two people count as two where something takes two. A second account of one's own is invited in a minute, and invites a third; so nobody counts beside
 * those by whose invitations they came.
 */
export const areTwo = (one: Employed | undefined, other: Employed | undefined): boolean =>
  one !== undefined && other !== undefined && one.origin !== other.origin;

/** Whether a seat gives a power at an instant. The one rule behind checks, buttons and the API. */
export function may({ capacity, scope, until }: Pick<Seat, 'capacity' | 'scope' | 'until'>, power: Power, at: string): boolean {
  if (until && until <= at) return false;
  const { powers, narrowed } = held(capacity);
  if (!powers.includes(power)) return false;
  const needed = WITH_SCOPE[power] ?? power;
  return !narrowed || SCOPES.slice(0, SCOPES.indexOf(scope ?? 'read') + 1).some((one) => one === needed);
}

/** How far a capacity has a power: always, as far as the seat's scope goes, or not. */
export function reach(capacity: Capacity, power: Power): 'always' | 'scope' | 'never' {
  const { powers, narrowed } = held(capacity);
  if (!powers.includes(power)) return 'never';
  return narrowed ? 'scope' : 'always';
}

/** Whose private stream a seat opens: its own side's or, for one who may not see that, such as a representative, none. */
export function ownSide({ side, capacity }: Pick<AnySeat, 'side' | 'capacity'>): Side | null {
  return side === 'mediator' || reach(capacity, 'witness') === 'never' ? null : side;
}

/** Whether a capacity works on cases: who only reads them has none to see to. */
export const works = (capacity: Capacity): boolean => reach(capacity, 'assign') !== 'never';

const held = (capacity: Capacity): { narrowed: boolean; powers: readonly Power[] } => TABLE[capacity];

/**
 * A contact of the borrower as the record holds it, and when it was reached: `contact` is a keyed digest (HMAC-SHA-256 under a key of the installation, so
 * that nobody finds the number by trying all), `hint` the contact with its middle hidden. For one who was identified, `at` is when the code sent there
 * was typed; for an invitation, when it was sent.
 */
export const Reached = z.object({
  channel: z.enum(['mail', 'phone']),
  contact: z.string().regex(/^[0-9a-f]{64}$/),
  hint: z.string().min(1).max(260),
  at: z.iso.datetime(),
});
export type Reached = z.infer<typeof Reached>;

export function otherSide(side: Side): Side {
  return side === 'borrower' ? 'lender' : 'borrower';
}
