import { DATE_READ } from '../words/dates.ts';

/**
 * A day with the marks that hold on to it: a line may end before or after what stands whole, also where the mark beside it would be left alone, an opening bracket at the end of
 * a line or a full stop at the beginning of one.
 */
const HELD = new RegExp(`([（“《(]*(?:${DATE_READ.source.slice(1, -1)})[，。；：、！？）”》,.;:!?)]*)`, DATE_READ.flags);

/** A text whose days stand each on one line: Chinese breaks between any two letters, so that in a narrow column a year would be left alone. */
export function Days({ of: text }: { of: string }) {
  const parts = text.split(HELD);
  if (parts.length === 1) return text;
  return <>{parts.map((part, i) => (i % 2 === 1 ? <span class="nowrap">{part}</span> : part))}</>;
}
