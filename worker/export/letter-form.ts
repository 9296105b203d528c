import { wordsOf } from '../../web/words/index.ts';
import { LANGUAGES } from '../plan/languages.ts';
import type { Sheet } from './sheet.ts';

/** A letter in the form of letters: its words are set as they were issued, each where a letter has it. */

/** Two letters of the text, by which a Chinese paragraph begins further in. */
const INDENT = 21;
/** The line of a letter after which its end begins, where a language has one. */
const HANDED: ReadonlySet<string | undefined> = new Set(LANGUAGES.map((one) => wordsOf(one).letters.handed).filter(Boolean));
/** The longest line, in letters, and the most lines that are taken for who signs and when. */
const SIGNED = { letters: 40, lines: 4 };

/** Who signs, and the day, stand under the last empty line; `below` is how much of what follows is to stand on their page, in points. */
export function letterForm(sheet: Sheet, text: string, below: number): void {
  const lines = text.trim().split('\n');
  const gap = lines.findLastIndex((line) => line.trim() === '');
  const under = lines.slice(gap + 1);
  const isSigned = gap > 0 && under.length <= SIGNED.lines && under.every((line) => [...line].length <= SIGNED.letters);
  const chinese = isChinese(text);
  for (const [i, line] of (isSigned ? lines.slice(0, gap) : lines).entries()) {
    if (line.trim() === '') sheet.space(6);
    else if (!chinese) sheet.paragraph(line, { after: 4 });
    // The salutation begins at the edge (GB/T 9704), and what 此致 leads to, 敬礼 or to whom a request goes (the form of letters).
    else sheet.paragraph(line, { first: (i === 0 && /[：:]$/.test(line)) || HANDED.has(lines[i - 1]?.trim()) ? 0 : INDENT, after: 2 });
  }
  sheet.room(under.length * 20 + 34 + below);
  if (!isSigned) return;
  // Room for a hand that signs on paper.
  sheet.space(chinese ? 14 : 28);
  for (const line of under) sheet.paragraph(line, { align: chinese ? 'right' : 'left', after: 2 });
}

/** By which form a letter is set: that of the script in which most of it is. */
function isChinese(text: string): boolean {
  return (text.match(/\p{Script=Han}/gu)?.length ?? 0) > (text.match(/\p{Script=Latin}+/gu)?.length ?? 0);
}
