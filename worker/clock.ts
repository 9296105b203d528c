/** Instants and days as the portal writes them. The parties are in China: a calendar day is one of UTC+8, which knows no summer time. */

/** An instant as the record writes it: RFC 3339 UTC with milliseconds. */
export function instant(time: number | Date = Date.now()): string {
  return new Date(time).toISOString();
}

/** The calendar day of an instant in China. */
export function dayInChina(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
}

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** An instant so many milliseconds later. */
export function later(at: string, milliseconds: number): string {
  return instant(Date.parse(at) + milliseconds);
}
