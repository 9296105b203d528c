/** Instants as the portal writes them. What day one is where the parties are is told by `plan/law/zone.ts`. */

/** An instant as the record writes it: RFC 3339 UTC with milliseconds. */
export function instant(time: number | Date = Date.now()): string {
  return new Date(time).toISOString();
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** An instant so many milliseconds later. */
export function later(at: string, milliseconds: number): string {
  return instant(Date.parse(at) + milliseconds);
}
