import type { Hints } from '../../web/telling/schedule.ts';
import type { Words } from '../../web/words/index.ts';
import type { Schedule } from '../plan/schedule.ts';
import type { Fonts } from './font/faces.ts';
import { letterForm } from './letter-form.ts';
import { planTable } from './plan-table.ts';
import { Sheet } from './sheet.ts';

/** A person's own letter with the plan that it asks for, of no case: nothing of it is recorded, and the portal signs nothing. */
export function planLetter(
  { title, text, schedule, hints, fonts, at }: { title: string; text: string; schedule: Schedule; hints: Hints; fonts: Fonts; at: string },
  words: Words,
): Promise<Uint8Array<ArrayBuffer>> {
  const sheet = Sheet.begin(fonts, { title, language: words.language.code, at });
  sheet.title(title);
  letterForm(sheet, text, 0);
  sheet.space(10);
  planTable(sheet, words.schedule.title, schedule, words, hints);
  return sheet.finish((page, pages) => words.agreement.page({ page, pages }), title);
}
