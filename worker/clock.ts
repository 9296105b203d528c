/** Instants as the portal writes them. What day one is where the parties are is told by `plan/law/zone.ts`. */

/** The instant that was written last. */
let last = { time: 0, text: new Date(0).toISOString() };

/** An instant as the record writes it: RFC 3339 UTC with milliseconds. */
export function instant(time: number | Date = Date.now()): string {
  const at = Number(time);
  // A request asks many times for the one moment at which it goes on.
  if (at !== last.time) last = { time: at, text: new Date(at).toISOString() };
  return last.text;
}

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** An instant so many milliseconds later. */
export function later(at: string, milliseconds: number): string {
  return instant(Date.parse(at) + milliseconds);
}
