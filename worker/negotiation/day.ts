/** Days and moments as the parties write them, who are in China: UTC+8, which knows no summer time. */

const ZONE = '+08:00';

/** The last instant of a calendar day. */
export function endOfDay(date: string): string {
  return new Date(`${date}T23:59:59.999${ZONE}`).toISOString();
}

/** The instant of a local date and time to the minute (`2026-11-24T09:30`). */
export function instantOf(moment: string): string {
  return new Date(`${moment}:00.000${ZONE}`).toISOString();
}
