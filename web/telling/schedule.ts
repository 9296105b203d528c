import type { Row } from '../../worker/plan/schedule.ts';
import type { Words } from '../words/index.ts';

/** What a row of a schedule is called: by its number, or as what it is where it has none. */
export function rowName({ no }: Pick<Row, 'no'>, words: Words): string {
  if (no === null) return words.schedule.pause;
  return no === 0 ? words.schedule.upfront : String(no);
}

/** What an instalment is called within a sentence. */
export function instalmentName(no: number, words: Words): string {
  return words.move.name(no);
}
