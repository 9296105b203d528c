import * as z from 'zod';
import { addDays } from '../../plan/calendar.ts';
import { lawOf } from '../../plan/law/index.ts';
import { dayOf, instantOf } from '../../plan/law/zone.ts';
import { canonical, digestOf } from '../../record/digest.ts';
import { type HeldPolicy, Policy } from '../policy.ts';
import { type Refused, refuse } from '../refusal.ts';
import { areTwo, type Employed, type Seat } from '../seats.ts';
import { type ActDecided, type ActsOf, act, actTopic, type Institution } from './act.ts';

/**
 * A lender's policy in versions. Each holds from an instant on until a later one does. What touches money, or the account to pay into, is proposed by one person
 * and confirmed by another; the rest one may change alone. The stream is the truth; the rows that cases are held against follow from it.
 */

/** `from` is null of the first, which holds from the beginning; `digest` of its canonical text; `seq` the entry that made it. */
export type PolicyVersion = { version: number; from: string | null; at: string; digest: string; seq: number };

/** What somebody proposed and nobody has confirmed yet; `from` is a day, by the clocks of the jurisdiction. */
export type ProposedPolicy = { seq: number; by: string; name: string; at: string; base: number; from: string; policy: Policy };

export type Policies = { policies: PolicyVersion[]; proposed: ProposedPolicy | null };

const Version = z.int().min(1).max(1_000_000);
const Instant = z.iso.datetime();

const entries = {
  /** The policy as it stood when the first was changed: what a lender began with is no act of its own. */
  'policy.began': act({
    content: z.object({ policy: Policy }),
    evolve: (before, { seq, at, content: { policy } }) => ({
      ...before,
      policies: [{ version: 1, from: null, at, digest: policyDigest(policy), seq }],
    }),
  }),
  'policy.proposed': act({
    content: z.object({ base: Version, from: z.iso.date(), policy: Policy }),
    evolve: (before, { seq, at, author, content }) => ({
      ...before,
      proposed: { seq, at, by: author.account ?? '', name: author.name, ...content },
    }),
  }),
  'policy.withdrawn': act({ content: z.object({ proposal: z.int() }), evolve: (before) => ({ ...before, proposed: null }) }),
  /** A version is there. `proposal` is the entry that proposed it, which its author confirms; null where they changed it alone. */
  'policy.set': act({
    content: z.object({ version: Version, from: Instant, policy: Policy, proposal: z.int().nullable() }),
    evolve: (before, { seq, at, content: { version, from, policy } }) => ({
      ...before,
      proposed: null,
      policies: [...before.policies, { version, from, at, digest: policyDigest(policy), seq }],
    }),
  }),
};

declare module './act.ts' {
  interface Institution extends Policies {}
  interface Acts extends ActsOf<typeof entries> {}
}

export const policies = actTopic({ empty: { policies: [], proposed: null }, entries });

/** What a policy is known by. */
export const policyDigest = (policy: Policy): string => digestOf(canonical(Policy.parse(policy)));

/**
 * The parts of a policy that one person may change alone: nobody's money depends on them. What the lender says of itself is none of them: by it borrowers know
 * whom they deal with, and where to call.
 */
const ALONE: ReadonlySet<keyof Policy> = new Set([
  'answerWithin',
  'offerDays',
  'longestOffer',
  'settlementLetterWithin',
  'holidayHint',
  'contactHours',
]);

/** The parts in which two policies differ, in their order. */
export function changedParts(before: Policy, after: Policy): (keyof Policy)[] {
  return Policy.keyof().options.filter((part) => canonical({ of: before[part] ?? null }) !== canonical({ of: after[part] ?? null }));
}

/** Whether a change takes two people. */
export const needsSecond = (parts: readonly (keyof Policy)[]): boolean => parts.some((part) => !ALONE.has(part));

/**
 * The same of a change to the newest version from a day on. One that would hold before the newest does takes two as well, whatever it touches: what two people
 * set for a later day would hold sooner by it.
 */
export function takesTwo({ policies: known }: Policies, { from, policy }: PolicyChange, { at, newest }: PolicyContext): boolean {
  return needsSecond(changedParts(newest, policy)) || (known.at(-1)?.from ?? '') > beginning(from, newest, at);
}

/** Days ahead that a change may be set for. */
const FARTHEST = 366;

/** What a decision about policy looks at: `newest` is the newest version, with what it says. */
export type PolicyContext = { at: string; seat: Pick<Seat, 'account' | 'capacity'>; newest: HeldPolicy; proven?: boolean };

/** Who works for the lender now, by account. */
type Colleagues = ReadonlyMap<string, Employed>;

export type PolicyChange = { base: number; from: string; policy: Policy };

/** What a change comes to: a version at once where one person may make it, else a proposal that waits for a second one. */
export function changePolicy(institution: Institution, change: PolicyChange, context: PolicyContext): ActDecided[] | Refused {
  const { policies: known, proposed } = institution;
  const { base, from, policy } = change;
  const { at, newest } = context;
  if (proposed) return refuse('policy.proposal-open', { name: proposed.name });
  if (base !== newest.version) return refuse('policy.changed', { version: newest.version });
  const { zone } = lawOf(newest).place;
  const today = dayOf(at, zone);
  if (from < today) return refuse('policy.from-past', { field: 'from', today });
  if (from > addDays(today, FARTHEST)) return refuse('policy.from-far', { field: 'from', max: FARTHEST });
  if (changedParts(newest, policy).length === 0) return refuse('policy.unchanged');
  const { version: _, ...standing } = newest;
  const began: ActDecided[] = known.length === 0 ? [{ kind: 'policy.began', content: { policy: standing }, by: 'portal' }] : [];
  if (takesTwo(institution, change, context)) return [...began, { kind: 'policy.proposed', content: { base, from, policy } }];
  return [...began, setPolicy({ version: base + 1, from: beginning(from, newest, at), policy, proposal: null })];
}

/** Why somebody is not the second person for what was proposed: they proposed it, who did has left, or both came by the same invitations; null where they are. */
export function notSecond({ by }: Pick<ProposedPolicy, 'by'>, account: string, colleagues: Colleagues): Refused | null {
  if (by === account) return refuse('policy.second-person');
  if (!colleagues.has(by)) return refuse('policy.proposer-gone');
  return areTwo(colleagues.get(by), colleagues.get(account)) ? null : refuse('policy.not-two');
}

/** The second person, after proving anew who they are. */
export function confirmPolicy(
  { proposed }: Institution,
  proposal: number,
  { at, seat, newest, proven, colleagues }: PolicyContext & { colleagues: Colleagues },
): ActDecided[] | Refused {
  if (!proposed || proposed.seq !== proposal) return refuse('policy.proposal-gone');
  const not = notSecond(proposed, seat.account, colleagues);
  if (not) return not;
  if (proposed.base !== newest.version) return refuse('policy.changed', { version: newest.version });
  if (!proven) return refuse('proof.needed', { field: 'password' });
  const { policy, from, base } = proposed;
  return [setPolicy({ version: base + 1, from: beginning(from, newest, at), policy, proposal })];
}

export function withdrawPolicy({ proposed }: Institution, proposal: number): ActDecided[] | Refused {
  return proposed?.seq === proposal ? [{ kind: 'policy.withdrawn', content: { proposal } }] : refuse('policy.proposal-gone');
}

const setPolicy = (content: { version: number; from: string; policy: Policy; proposal: number | null }): ActDecided => ({
  kind: 'policy.set',
  content,
});

/** The first instant of a day by the clocks of the jurisdiction; of one that has begun, now. */
function beginning(day: string, policy: Pick<Policy, 'jurisdiction'>, at: string): string {
  const first = instantOf(`${day}T00:00`, lawOf(policy).place.zone);
  return first > at ? first : at;
}
