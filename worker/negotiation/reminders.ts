import * as z from 'zod';
import { addDays } from '../plan/calendar.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, instantOf } from '../plan/law/zone.ts';
import { IsoDate } from '../plan/terms.ts';
import { MORNING } from './arrears.ts';
import { heldUntil } from './dispute.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { filled, type Instalment } from './instalments.ts';
import { receivedSum } from './owed.ts';
import { reportedSum } from './payment.ts';
import { binds } from './stage.ts';
import { type Due, nobody, topic } from './topic.ts';

/**
 * The borrower is reminded of an instalment: three days before, on its day and the day after, in the morning; not of what they have reported as paid, nor while what is owed is in dispute. What leaves for
 * it is the notice of any entry, which says nothing of a debt.
 */

const WHENS = ['before', 'day', 'after'] as const;
type When = (typeof WHENS)[number];

/** Days from the instalment's own. */
const DAYS: Record<When, number> = { before: -3, day: 0, after: 1 };

/** How far the reminders of each instalment have come, by its number. */
export type Reminders = { reminded: Record<string, When> };

const entries = {
  'instalment.reminded': entry({
    content: z.object({ no: z.int(), due: IsoDate, missing: z.int(), when: z.enum(WHENS) }),
    told: 'borrower',
    personal: false,
    evolve: (kase, { content: { no, when } }) => ({ ...kase, reminded: { ...kase.reminded, [no]: when } }),
  }),
};

declare module './entry.ts' {
  interface Case extends Reminders {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function dueReminders(kase: Case, zone: Zone): Due[] {
  const held = heldUntil(kase, zone);
  if (!binds(kase) || kase.stage === 'broken' || held === 'open') return [];
  const open = filled(kase, receivedSum(kase) + reportedSum(kase)).filter(({ no, payment, paid }) => no !== null && paid < payment);
  return open.flatMap((row) => ofInstalment(row, kase, zone)).filter(({ at }) => held === null || at > held);
}

/**
 * Those of an instalment that are still to come: after it was known on which day it falls due, and not of days long past, from before there were reminders. Of several that
 * were missed, the last is written.
 */
function ofInstalment(row: Instalment & { paid: number }, kase: Case, zone: Zone): Due[] {
  const no = row.no ?? 0;
  const reached = kase.reminded[no];
  const known = sinceWhen(row, kase);
  if (addDays(row.due, DAYS.after) < dayOf(kase.lastAt, zone)) return [];
  return WHENS.slice(reached === undefined ? 0 : WHENS.indexOf(reached) + 1).flatMap((when): Due[] => {
    const at = instantOf(`${addDays(row.due, DAYS[when])}T${MORNING}`, zone);
    if (at < known) return [];
    const content = { no, due: row.due, missing: row.payment - row.paid, when };
    return [{ at, entry: { kind: 'instalment.reminded', content, by: 'portal' }, contacts: true, lastOf: `reminder ${no}` }];
  });
}

/** Since when the day is known: since the agreement is in force or, of one that was moved, since it was asked for. */
function sinceWhen({ no, moved }: Instalment, { agreement, moves }: Case): string {
  const move = moved === null ? undefined : moves.findLast((one) => one.no === no && one.state === 'granted');
  return move?.at ?? agreement?.inForceAt ?? '';
}

export const reminders = topic({ empty: { reminded: {} }, entries, commands: {}, due: dueReminders, awaits: nobody });
