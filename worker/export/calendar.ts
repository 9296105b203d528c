import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import { money, type Words } from '../../web/words/index.ts';
import { addDays } from '../plan/calendar.ts';
import type { Schedule } from '../plan/schedule.ts';

/** From midnight, when an all-day event begins where the reader is, back to 09:00 of the day before, in seconds. */
const NINE_THE_DAY_BEFORE = 15 * 3_600;

/**
 * A schedule as a calendar (RFC 5545): for each payment an all-day event that takes up no time, named by the payment, its amount and the lender
 * (a person may keep several such calendars), with a reminder at nine the day before.
 */
export function scheduleCalendar(
  { rows }: Pick<Schedule, 'rows'>,
  source: { id: string; number: string; lender: string; at: string; link: string },
  words: Words,
): string {
  const { schedule: say } = words;
  const calendar = ical({
    name: `${words.brand} ${source.number}`,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Heyi', product: 'schedule' },
  });
  for (const { no, due, payment } of rows) {
    if (no === null || payment === 0) continue;
    const summary = say.reminder({ payment: no === 0 ? say.upfront : say.numbered(no), amount: money(payment), lender: source.lender });
    const event = calendar.createEvent({
      id: `${source.id}-${no}@heyi`,
      start: due,
      end: addDays(due, 1),
      allDay: true,
      transparency: ICalEventTransparency.TRANSPARENT,
      stamp: source.at,
      summary,
      description: source.link,
    });
    event.createAlarm({ type: ICalAlarmType.display, trigger: NINE_THE_DAY_BEFORE, description: summary });
  }
  return calendar.toString();
}
