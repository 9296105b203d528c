import { lawOf } from '../../worker/plan/law/index.ts';
import { dayKind } from '../../worker/plan/law/working-days.ts';
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

/** By whose calendar due dates on days off are marked. */
export type Hints = { jurisdiction: string };

/** Whose calendar marks due dates, where the lender wants it. */
export const hintsOf = ({ jurisdiction, holidayHint }: { jurisdiction: string; holidayHint?: boolean | undefined }): Hints | null =>
  holidayHint ? { jurisdiction } : null;

/** Due dates that fall on a day off. Of a year that is not published none is known to. */
export const daysOff = (rows: readonly { due: string }[], hints: Hints): string[] =>
  rows.flatMap(({ due }) => (dayKind(lawOf(hints).holidays, due) === 'off' ? [due] : []));

/** What is said below a schedule whose days off are marked: that dates stay as they are, and of which years nothing is known yet. */
export function holidayNotes(rows: readonly { due: string }[], hints: Hints, words: Words): string[] {
  const { holidays } = lawOf(hints);
  const unknown = [...new Set(rows.filter(({ due }) => dayKind(holidays, due) === 'unpublished').map(({ due }) => due.slice(0, 4)))];
  return [
    ...(daysOff(rows, hints).length > 0 ? [words.schedule.holidays] : []),
    ...(unknown.length > 0 ? [words.schedule.holidaysUnknown({ years: unknown.join(words.comma) })] : []),
  ];
}
