import type { Zone } from './place.ts';

/** Days and moments as the parties write them, by the clocks of their place. */

const known = new Map<Zone, number>();

/** How far its clocks are ahead of UTC, in milliseconds. */
function ahead(zone: Zone): number {
  const is = known.get(zone) ?? -Date.parse(`1970-01-01T00:00:00.000${zone}`);
  known.set(zone, is);
  return is;
}

/** What the clocks show at an instant, to the minute: `2026-11-24T09:30`. */
export function localTime(at: string, zone: Zone): string {
  const key = at + zone;
  const shown = told.get(key);
  if (shown !== undefined) return shown;
  if (told.size >= MOST_TOLD) told.clear();
  const made = new Date(Date.parse(at) + ahead(zone)).toISOString().slice(0, 16);
  told.set(key, made);
  return made;
}

/** A thread asks for the day of each entry several times, and again with each new one. */
const told = new Map<string, string>();
const MOST_TOLD = 2_000;

/** The calendar day of an instant. */
export function dayOf(at: string, zone: Zone): string {
  return localTime(at, zone).slice(0, 10);
}

/** The minute of the day, from 0 to 1439, of a local time: `2026-11-24T09:30`. */
export function minuteOf(local: string): number {
  return Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
}

/** The last instant of a calendar day. */
export function endOfDay(date: string, zone: Zone): string {
  return new Date(`${date}T23:59:59.999${zone}`).toISOString();
}

/** The instant of a local date and time to the minute. */
export function instantOf(moment: string, zone: Zone): string {
  return new Date(`${moment}:00.000${zone}`).toISOString();
}
