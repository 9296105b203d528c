import * as z from 'zod';
import { addDays, addMonths } from '../plan/calendar.ts';
import { lawOf } from '../plan/law/index.ts';
import type { Zone } from '../plan/law/place.ts';
import { addWorkingDays, type WorkingDay } from '../plan/law/working-days.ts';
import { dayOf, instantOf } from '../plan/law/zone.ts';
import { IsoDate } from '../plan/terms.ts';
import { MORNING } from './arrears.ts';
import { command } from './command.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { settleOn } from './owed.ts';
import { amountOf, isReceived, reportedSum } from './payment.ts';
import { refuse } from './refusal.ts';
import { comparable, RecordedName, TypedName } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/** When all is paid: the lender signs the settlement letter (结清证明), and is reminded of it where it does not. */

/** `on` is the day on which the debt was settled; `keptUntil` the day from which a bad record of it is no longer kept. */
export type Completion = {
  settlement: { seq: number; at: string; name: string; capacity: string; on: string; paid: number; keptUntil: string } | null;
  /** Since which entry the letter is late. */
  settlementAwaited: number | null;
};

const entries = {
  'settlement.awaited': entry({
    content: z.object({ on: IsoDate, until: IsoDate }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq }) => ({ ...kase, settlementAwaited: seq }),
  }),
  'settlement.issued': entry({
    content: z.object({
      /** The agreement that was performed, by the version of its offer and the day from which it was in force. */
      version: z.int(),
      agreed: IsoDate,
      lender: z.string(),
      borrower: z.string(),
      reference: z.string(),
      /** All that was received, under this agreement and those before it, in 分. */
      paid: z.int(),
      on: IsoDate,
      keptUntil: IsoDate,
      name: RecordedName,
    }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, author, content: { name, on, paid, keptUntil } }) => ({
      ...kase,
      settlement: { seq, at, name, capacity: author.capacity, on, paid, keptUntil },
    }),
  }),
};

declare module './entry.ts' {
  interface Case extends Completion {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** Years for which a bad record is kept from the end of what it records, which is the settling day (Regulation on the Credit Reporting Industry, art. 16). */
const YEARS_KEPT = 5;

/** Working days within which the letter is promised, of an agreement that does not say. */
const WITHIN = 5;

/** What the letter says of a case that is paid in full: what was received, and when it was settled. Null where it is not. */
export function settled(kase: Case): { on: string; paid: number; keptUntil: string } | null {
  if (kase.stage !== 'completed' || !kase.agreement) return null;
  // Payments are not made in the future: nothing changes after the last that the record has.
  const last = kase.payments.reduce((day, { on }) => (on > day ? on : day), kase.agreement.debt.asOf);
  const on = settleOn(kase, last).settledOn;
  return on === null ? null : { on, paid: amountOf(kase.payments.filter(isReceived)), keptUntil: addMonths(on, YEARS_KEPT * 12) };
}

/** Until when the letter is promised: so many working days from the day on which the case was completed, or the earliest that it can be in a year that is not published. */
export function letterUntil(kase: Case, from: string): WorkingDay {
  const { settlementLetterWithin = WITHIN, jurisdiction = '' } = kase.agreement?.conditions ?? {};
  return addWorkingDays(lawOf({ jurisdiction }).holidays, from, settlementLetterWithin);
}

/** The morning after the promised day, once it is over for certain. Agreements from before conditions were drawn up promised none: nobody is told that it is late. */
function dueLetter(kase: Case, zone: Zone): Due[] {
  const done = settled(kase);
  if (!done || !kase.agreement?.conditions || kase.settlement || kase.settlementAwaited !== null) return [];
  const until = letterUntil(kase, done.on).latest;
  const at = instantOf(`${addDays(until, 1)}T${MORNING}`, zone);
  return [{ at, entry: { kind: 'settlement.awaited', content: { on: done.on, until }, by: 'portal' }, contacts: true }];
}

const issue = command({
  name: 'settlement.issue',
  input: z.object({ name: TypedName }),
  needs: 'review',
  doors: ['form'],
  page: 'agreement',
  proof: true,
  binding: true,
  when(kase) {
    if (!settled(kase)) return refuse('settlement.not-paid');
    if (kase.settlement) return refuse('settlement.issued-already');
    return reportedSum(kase) > 0 ? refuse('arrears.payment-waits') : null;
  },
  decide(kase, { name }, { seat, proven, zone }) {
    const done = settled(kase);
    const { agreement } = kase;
    if (!done || !agreement) return refuse('settlement.not-paid');
    if (comparable(name) !== comparable(seat.name)) return refuse('agreement.name-differs', { name: seat.name, field: 'name' });
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const { lenderName: lender, borrowerName: borrower, loan } = kase;
    const parties = { lender, borrower: borrower ?? '', reference: loan.reference };
    const agreed = dayOf(agreement.inForceAt ?? agreement.at, zone);
    return [{ kind: 'settlement.issued', content: { version: agreement.version, agreed, ...parties, ...done, name: seat.name } }];
  },
  gives: 'nothing',
});

export const commands = { issue };

export const completion = topic({
  empty: { settlement: null, settlementAwaited: null },
  entries,
  commands,
  due: dueLetter,
  awaits: nobody,
});
