import * as z from 'zod';
import { addDays } from '../plan/calendar.ts';
import { instantOf } from '../plan/law/zone.ts';
import { IsoDate } from '../plan/terms.ts';
import { Instant } from '../record/format.ts';
import { command } from './command.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { hasMediated, isOpen } from './mediated.ts';
import { refuse } from './refusal.ts';
import { Reached, SCOPES, type Scope } from './seats.ts';
import { notClosed } from './stage.ts';
import { comparable, Line, PartyName, RecordedName, Seq, TypedName } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/**
 * Who acts for the borrower: appointed by name and contact with a scope and an end, by a letter of authority that the borrower signs here; accepted by a link
 * that goes to that contact; ended by either, or by its day. The borrower keeps every power. What a representative may do now says the case alone (`seated.ts`).
 */

/** What somebody is to the borrower for whom they act. */
export const RELATIONS = ['lawyer', 'family', 'other'] as const;

/** The version of the words in which a letter of authority says what the scopes are (`web/words`): each letter is told in those that were signed. Letters without one are of the first. */
export const AUTHORITY_WORDING = 2;

export const ENDINGS = ['date', 'not-accepted', 'resigned'] as const;

/** At once, and over the life of a case, which is far more than anybody needs. */
export const MAX_ACTING = 5;
export const MAX_APPOINTED = 50;

/** The furthest end, in days from today. A mandate for longer is given anew. */
const MAX_DAYS = 1_096;

/** How long a link waits to be taken up, in days. */
export const ACCEPT_WITHIN = 14;

/** `until` is the last day, `ends` the instant at which it is over; `account` is whose it became. */
export type Representative = {
  seq: number;
  at: string;
  name: string;
  scope: Scope;
  until: string;
  ends: string;
  to: Reached;
  account: string | null;
  state: 'waiting' | 'acting' | 'revoked' | (typeof ENDINGS)[number];
};

export type Representation = { representatives: Representative[] };

/** All that the letter of authority says stands in its entry. */
const Appointed = z.object({
  name: RecordedName,
  relation: z.enum(RELATIONS),
  /** The firm of a lawyer, or what a person is to the borrower. */
  of: z.string().optional(),
  scope: z.enum(SCOPES),
  until: IsoDate,
  expiresAt: Instant,
  to: Reached,
  lender: z.string(),
  borrower: RecordedName,
  reference: z.string(),
  /** The name by which the borrower signed the letter of authority. */
  signed: RecordedName,
  wording: z.int().optional(),
});

const entries = {
  'representative.appointed': entry({
    content: Appointed,
    told: 'others',
    personal: false,
    evolve(kase, { seq, at, content: { name, scope, until, expiresAt: ends, to } }) {
      const one: Representative = { seq, at, name, scope, until, ends, to, account: null, state: 'waiting' };
      return { ...kase, representatives: [...kase.representatives, one] };
    },
  }),
  'representative.accepted': entry({
    content: z.object({ appointment: z.int(), identified: Reached }),
    told: 'others',
    personal: false,
    evolve: (kase, { author: { account }, content: { appointment } }) => changed(kase, appointment, { account, state: 'acting' }),
  }),
  'representative.revoked': entry({
    content: z.object({ appointment: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { appointment } }) => changed(kase, appointment, { state: 'revoked' }),
  }),
  'representative.ended': entry({
    content: z.object({ appointment: z.int(), why: z.enum(ENDINGS) }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { appointment, why } }) => changed(kase, appointment, { state: why }),
  }),
};

declare module './entry.ts' {
  interface Case extends Representation {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

const changed = (kase: Case, seq: number, to: Partial<Representative>): Case => ({
  ...kase,
  representatives: kase.representatives.map((one) => (one.seq === seq ? { ...one, ...to } : one)),
});

const isOver = ({ state }: Representative) => state !== 'waiting' && state !== 'acting';

/** Until when an appointment that waits can be accepted. */
export const acceptableUntil = ({ at, ends }: Pick<Representative, 'at' | 'ends'>): string => {
  const waits = new Date(Date.parse(at) + ACCEPT_WITHIN * 86_400_000).toISOString();
  return waits < ends ? waits : ends;
};

/** Whether an appointment stands at an instant: it acts, or can still be accepted. */
export const appointmentStands = (one: Representative, at: string): boolean =>
  one.state === 'acting' ? one.ends > at : one.state === 'waiting' && acceptableUntil(one) > at;

const appoint = command({
  name: 'representative.appoint',
  input: z.object({
    name: PartyName,
    relation: z.enum(RELATIONS),
    of: Line(100).optional(),
    contact: Line(320),
    scope: z.enum(SCOPES),
    until: IsoDate,
    signed: TypedName,
  }),
  needs: 'appoint',
  // The contact is the portal's to bring, as the record holds it: the form has a route of its own.
  doors: [],
  page: 'representatives',
  proof: true,
  when: (kase) => notClosed(kase) ?? (kase.representatives.length >= MAX_APPOINTED ? refuse('case.full', { max: MAX_APPOINTED }) : null),
  decide(kase, { name, relation, of, scope, until, signed }, { at, today, zone, reached, proven }) {
    if (kase.representatives.filter((one) => appointmentStands(one, at)).length >= MAX_ACTING)
      return refuse('representative.too-many', { max: MAX_ACTING });
    if (until < today) return refuse('representative.until-past', { field: 'until' });
    if (until > addDays(today, MAX_DAYS)) return refuse('representative.until-far', { max: MAX_DAYS, field: 'until' });
    if (!reached) return refuse('contact.unproven');
    if (reached.contact === kase.identified?.contact) return refuse('representative.self', { field: 'contact' });
    if (kase.mediations.some((one) => isOpen(one) && one.to.contact === reached.contact))
      return refuse('mediation.party', { field: 'contact' });
    if (kase.representatives.some((one) => appointmentStands(one, at) && one.to.contact === reached.contact))
      return refuse('representative.appointed-already', { field: 'contact' });
    const own = kase.borrowerName ?? '';
    if (comparable(signed) !== comparable(own)) return refuse('agreement.name-differs', { name: own, field: 'signed' });
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const expiresAt = instantOf(`${addDays(until, 1)}T00:00`, zone);
    const who = { name, relation, ...(of ? { of } : {}) };
    const about = { lender: kase.lenderName, borrower: own, reference: kase.loan.reference };
    return [
      {
        kind: 'representative.appointed',
        content: { ...who, scope, until, expiresAt, to: reached, ...about, signed: own, wording: AUTHORITY_WORDING },
      },
    ];
  },
  gives: 'nothing',
});

/** By whoever has the contact to which the link went: no client can say that. */
const accept = command({
  name: 'representative.accept',
  input: z.object({}),
  needs: 'attend',
  doors: [],
  page: null,
  proof: false,
  decide(kase, _input, { at, seat, reached }) {
    const standing = kase.representatives.filter((one) => appointmentStands(one, at));
    const waits = standing.find(({ state, to }) => state === 'waiting' && to.contact === reached?.contact);
    if (!waits || !reached) return refuse('representative.none');
    const acts = standing.some(({ state, account }) => state === 'acting' && account === seat.account);
    if (seat.account === kase.borrowerAccount || acts) return refuse('representative.acts-already');
    // Nobody acts for a side who has been the neutral between both.
    if (hasMediated(kase, seat.account)) return refuse('mediation.party');
    return [{ kind: 'representative.accepted', content: { appointment: waits.seq, identified: reached } }];
  },
  gives: 'nothing',
});

const revoke = command({
  name: 'representative.revoke',
  input: z.object({ appointment: Seq }),
  needs: 'appoint',
  doors: ['form', 'api'],
  page: 'representatives',
  proof: false,
  decide(kase, { appointment }) {
    const stands = kase.representatives.some((one) => one.seq === appointment && !isOver(one));
    return stands ? [{ kind: 'representative.revoked', content: { appointment } }] : refuse('representative.none');
  },
  gives: 'nothing',
});

/** A representative lays their authority down. */
const resign = command({
  name: 'representative.resign',
  input: z.object({}),
  needs: 'attend',
  doors: ['form', 'api'],
  page: 'representatives',
  proof: false,
  decide(kase, _input, { seat }) {
    const one = kase.representatives.find(({ account, state }) => state === 'acting' && account === seat.account);
    return one ? [{ kind: 'representative.ended', content: { appointment: one.seq, why: 'resigned' } }] : refuse('representative.none');
  },
  gives: 'nothing',
});

/** The end of each authority, and of each link that nobody took up. */
function dueEnds({ representatives }: Case): Due[] {
  return representatives.flatMap((one): Due[] => {
    if (isOver(one)) return [];
    const at = one.state === 'acting' ? one.ends : acceptableUntil(one);
    const why = at === one.ends ? 'date' : 'not-accepted';
    return [{ at, entry: { kind: 'representative.ended', content: { appointment: one.seq, why }, by: 'portal' } }];
  });
}

export const commands = { appoint, accept, revoke, resign };

export const representation = topic({ empty: { representatives: [] }, entries, commands, due: dueEnds, awaits: nobody });
