import * as z from 'zod';
import { addDays, daysBetween } from '../plan/calendar.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, instantOf } from '../plan/law/zone.ts';
import { type Lapse, lapsedWaivers, type Parts } from '../plan/left.ts';
import { Amount, IsoDate } from '../plan/terms.ts';
import { agreedSchedule } from './agreement.ts';
import { command } from './command.ts';
import { heldDays, heldUntil, isHeld } from './dispute.ts';
import { type Case, type ContentsOf, type Decided, entry } from './entry.ts';
import { filled } from './instalments.ts';
import { receivedSum, settleOn } from './owed.ts';
import { reportedSum } from './payment.ts';
import { refuse } from './refusal.ts';
import { Text } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/**
 * When an instalment stays unpaid: after the agreement's days of grace arrears begin, with a notice of what is missing and until when it can be made good;
 * paying it cures them; only after that day may the lender declare the agreement broken, and what follows is what its clauses say.
 */

/** `since` is the day on which the first missing instalment fell due, `missing` what was missing (分) when the notice was given, `until` the last day to make it good. */
export type Arrears = {
  arrears: { seq: number; at: string; since: string; missing: number; until: string } | null;
  /** Since when the agreement is broken, and what of its waivers has lapsed by it. */
  broken: (Lapse & { seq: number; at: string; restDue: boolean }) | null;
};

const PartsOwed = z.object({ fees: Amount, penalty: Amount, interest: Amount, principal: Amount });

const entries = {
  'arrears.began': entry({
    content: z.object({ since: IsoDate, missing: z.int(), until: IsoDate }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, content }) => ({ ...kase, stage: 'in-arrears', arrears: { seq, at, ...content } }),
  }),
  'arrears.cured': entry({
    content: z.object({ since: IsoDate }),
    told: 'others',
    personal: false,
    evolve: (kase) => ({ ...kase, stage: 'in-force', arrears: null }),
  }),
  'agreement.broken': entry({
    content: z.object({
      on: IsoDate,
      since: IsoDate,
      missing: z.int(),
      /** What of the waivers lapsed by it, and what is left with it, by part. */
      lapsed: PartsOwed,
      left: PartsOwed,
      restDue: z.boolean(),
      words: z.string(),
    }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, content: { on, lapsed, restDue } }) => ({
      ...kase,
      stage: 'broken',
      broken: { seq, at, on, lapsed, restDue },
    }),
  }),
};

declare module './entry.ts' {
  interface Case extends Arrears {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** What is missing on a day, in 分, of instalments that are past their days of grace, and since when. */
export function missingOn(kase: Case, today: string): { missing: number; since: string } | null {
  const grace = kase.agreement?.conditions?.graceDays;
  if (grace === undefined) return null;
  const late = filled(kase).filter(({ due, payment, paid }) => paid < payment && addDays(due, grace) < today);
  const [first] = late;
  return first ? { missing: late.reduce((sum, { payment, paid }) => sum + payment - paid, 0), since: first.due } : null;
}

/**
 * What of that which the notice named is still missing, in 分: paying it cures. What has fallen due since is not of that notice: it has days of grace, a notice and
 * days of its own, so that nothing is declared broken for what nobody was told of. 0 where no notice holds.
 */
export function toCure(kase: Case): number {
  const { agreement, arrears } = kase;
  if (!arrears || !agreement?.conditions) return 0;
  return missingOn(kase, addDays(arrears.until, -agreement.conditions.cureDays))?.missing ?? 0;
}

/**
 * The last day on which arrears can be made good: a day on which the debt was in dispute is none of the days that the notice gave. Null while nobody knows when a
 * dispute ends, and where there are no arrears.
 */
export function curableUntil({ arrears, complaints }: Pick<Case, 'arrears' | 'complaints'>, zone: Zone): string | null {
  if (!arrears) return null;
  const held = heldDays({ complaints }, zone);
  let day = dayOf(arrears.at, zone);
  for (let left = daysBetween(day, arrears.until); left > 0; ) {
    day = addDays(day, 1);
    const now = held(day);
    if (now === 'open') return null;
    if (!now) left -= 1;
  }
  return day;
}

/** That arrears are cured, where nothing of what the notice named is missing any more: the portal's entry, with what made them good. */
export function cures(kase: Case): Decided[] {
  if (kase.stage !== 'in-arrears' || !kase.arrears || toCure(kase) > 0) return [];
  return [{ kind: 'arrears.cured', content: { since: kase.arrears.since }, by: 'portal' }];
}

/** In the morning of the day after the days of grace: within the hours in which people may be contacted everywhere (`test/plan/law.test.ts`). */
export const MORNING = '09:00';

/**
 * Arrears begin the morning after the days of grace of the first instalment that is not paid; not while the lender has yet to answer that what is missing was paid,
 * nor while what is owed is in dispute.
 * Until when they can be made good is counted from the day of the notice, whenever it is given. Agreements from before conditions were drawn up promised no days of
 * grace and named nothing that follows: their instalments are late, which is told, and no more; both can vary them, and a varied agreement has conditions.
 */
function dueArrears(kase: Case, zone: Zone): Due[] {
  const { agreement, stage } = kase;
  // That they are cured comes with the payments (`performance.ts`), also where only time tells of it.
  if (!agreement?.conditions || stage !== 'in-force') return [];
  const held = heldUntil(kase, zone);
  const first = filled(kase, receivedSum(kase) + reportedSum(kase)).find(({ payment, paid }) => paid < payment);
  if (!first || held === 'open') return [];
  const { graceDays, cureDays } = agreement.conditions;
  const after = addDays(first.due, graceDays + 1);
  const free = held === null ? after : addDays(dayOf(held, zone), 1);
  const day = free > after ? free : after;
  const began = (on: string): Decided => {
    const { missing, since } = missingOn(kase, on) ?? { missing: first.payment - first.paid, since: first.due };
    return { kind: 'arrears.began', content: { since, missing, until: addDays(on, cureDays) }, by: 'portal' };
  };
  return [{ at: instantOf(`${day}T${MORNING}`, zone), entry: began(day), on: began, contacts: true }];
}

const NONE: Parts = { fees: 0, penalty: 0, interest: 0, principal: 0 };

/** What declaring the agreement broken on a day comes to, in 分 by part: what of its waivers lapses, and what is left with it. */
export function afterBreach(kase: Case, on: string): { lapsed: Parts; left: Parts; settle: number; restDue: boolean } | null {
  const { agreement } = kase;
  if (!agreement?.conditions) return null;
  const { waiversLapse, restDue } = agreement.conditions.afterBreach;
  const lapsed = waiversLapse ? lapsedWaivers(agreement.terms, agreedSchedule(kase).totals.paid, receivedSum(kase)) : NONE;
  const { left, settle } = settleOn({ ...kase, broken: { seq: kase.seq + 1, at: '', on, lapsed, restDue } }, on);
  return { lapsed, left, settle, restDue };
}

const declareBroken = command({
  name: 'arrears.declareBroken',
  input: z.object({ words: Text(2000) }),
  needs: 'review',
  doors: ['form'],
  page: 'agreement',
  proof: true,
  binding: true,
  when(kase, { at, today, zone }) {
    if (kase.stage !== 'in-arrears' || !kase.arrears) return refuse('arrears.none');
    if (isHeld(kase, { at, zone })) return refuse('arrears.disputed');
    const until = curableUntil(kase, zone);
    if (until === null) return refuse('arrears.disputed');
    if (today <= until) return refuse('arrears.can-be-cured', { until });
    return reportedSum(kase) > 0 ? refuse('arrears.payment-waits') : null;
  },
  decide(kase, { words }, { today, proven }) {
    const missing = missingOn(kase, today);
    const after = afterBreach(kase, today);
    if (!missing || !after) return refuse('arrears.none');
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const { lapsed, left, restDue } = after;
    return [{ kind: 'agreement.broken', content: { on: today, ...missing, lapsed, left, restDue, words } }];
  },
  gives: 'nothing',
});

export const commands = { declareBroken };

export const arrears = topic({ empty: { arrears: null, broken: null }, entries, commands, due: dueArrears, awaits: nobody });
