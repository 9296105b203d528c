import { dateText, money, type Words } from '../words/index.ts';
import { Days } from './days.tsx';

/** What the figures alone would support, or null where they support no plan. */
export type Yardstick = { highest: number; instalments: number; lastDue: string } | null;

/** The neutral yardstick beside offers. */
export function YardstickNote({ yardstick, words }: { yardstick: Yardstick; words: Words }) {
  if (!yardstick) return null;
  const { highest, instalments, lastDue } = yardstick;
  return (
    <p class="notice">
      <Days of={words.terms.yardstick({ amount: money(highest), count: instalments, date: dateText(words, lastDue) })} />
    </p>
  );
}
