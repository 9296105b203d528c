import type { Words } from '../words/index.ts';
import { type Line, leadsOnly } from './telling.ts';

/** Lines as plain text, for documents and for pages that open offline: what belongs together by name stands on one line. */
export function plainLines(lines: readonly Line[], words: Words): string[] {
  const paragraphs: { text: string; open: boolean; close: boolean }[] = [];
  for (const line of lines) {
    // Where a reader could only be led away from the paper, there is nothing to say.
    if (leadsOnly(line)) continue;
    const text = lineText(line, words);
    const last = paragraphs.at(-1);
    const close = line.close ?? false;
    if (line.as === 'heading') paragraphs.push({ text: `${text}${words.colon}`, open: true, close });
    else if (!isPair(line)) paragraphs.push({ text, open: false, close });
    else if (last?.open && last.close === close) last.text += last.text.endsWith(words.colon) ? text : `${words.comma}${text}`;
    else paragraphs.push({ text, open: true, close });
  }
  return paragraphs.map(({ text }) => text);
}

/** What a person wrote stands by itself, however short. */
const isPair = ({ label, value, as }: Line) => label !== undefined && as !== 'words' && !/[\n。]|\. /.test(value);

function lineText({ label, value, aside, no }: Line, words: Words): string {
  const said =
    label === undefined ? (no === undefined ? value : `${no}. ${value}`) : `${label}${meet(label, value) ? words.colon : ' '}${value}`;
  return aside ? said + words.aside(aside) : said;
}

/** Whether two texts would meet as one: Chinese sets no space between its words. */
const meet = (one: string, other: string) => /\p{Script=Han}$/u.test(one) && /^\p{Script=Han}/u.test(other);
