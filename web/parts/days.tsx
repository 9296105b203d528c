import { DATE_READ } from '../words/dates.ts';

/** A text whose days stand each on one line: Chinese breaks between any two letters, so that in a narrow column a year would be left alone. */
export function Days({ of: text }: { of: string }) {
  const parts = text.split(DATE_READ);
  if (parts.length === 1) return text;
  return <>{parts.map((part, i) => (i % 2 === 1 ? <span class="nowrap">{part}</span> : part))}</>;
}
