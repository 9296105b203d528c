import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator';
import { money, type Words } from '../../web/words/index.ts';
import { addDays } from '../plan/calendar.ts';
import type { Schedule } from '../plan/schedule.ts';

/** A schedule as a calendar (RFC 5545): an all-day event for each payment, with a reminder a day before. Titles name no lender and no debt. */
export function scheduleCalendar(
  { rows }: Schedule,
  source: { id: string; number: string; at: string; link: string },
  words: Words,
): string {
  const calendar = ical({
    name: `${words.brand} ${source.number}`,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Heyi', product: 'schedule' },
  });
  for (const row of rows) {
    if (row.payment === 0) continue;
    const event = calendar.createEvent({
      id: `${source.id}-${row.no}@heyi`,
      start: row.due,
      end: addDays(row.due, 1),
      allDay: true,
      stamp: source.at,
      summary: words.schedule.reminder(row.no === 0 ? words.schedule.upfront : String(row.no), money(row.payment)),
      description: source.link,
    });
    event.createAlarm({
      type: ICalAlarmType.display,
      trigger: 86_400,
      description: words.schedule.reminder(String(row.no), money(row.payment)),
    });
  }
  return calendar.toString();
}
