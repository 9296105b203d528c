/** How long it takes to read 5,000 letters for wording, from both sides: the bound is 2 ms. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { heard } from '../../worker/negotiation/said.ts';
import { marksOf, type Side } from '../../worker/wording/marks.ts';

const Sentence = z.object({ text: z.string() });
const sentences = (name: string, isOf: RegExp) =>
  readFileSync(new URL(`../wording/${name}.ndjson`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Sentence.parse(JSON.parse(line)).text)
    .filter((text) => isOf.test(text))
    .join('\n')
    .slice(0, 5_000);
const [chinese, latin] = [/\p{Script=Han}/u, /^\P{Script=Han}*$/u];
const texts = [
  [
    'a letter',
    '您好，您的还款计划已经收到，我们会在三个工作日内答复您，如有疑问请在页面上留言，谢谢您的理解和配合。'.repeat(100).slice(0, 5_000),
  ],
  ['harmless sentences, in Chinese', sentences('harmless', chinese)],
  ['harmless sentences, in English', sentences('harmless', latin)],
  ['nothing but harm, in Chinese', sentences('bad', chinese)],
  ['nothing but harm, in English', sentences('bad', latin)],
] as const;

/** The least of many runs, in milliseconds: what else the machine does is no work of ours. */
function least(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return Number(best.toFixed(2));
}

const sent = (text: string, side: Side, affordable: number | null) => {
  heard([{ field: 'words', text }], side, affordable);
};

console.log(
  '\nwording: 5,000 letters, in milliseconds, the least of 200 runs: as they are heard when they are sent, and all that is marked in them',
);
console.table(
  texts.map(([what, text]) => ({
    what,
    borrower: least(() => sent(text, 'borrower', 97_100)),
    lender: least(() => sent(text, 'lender', null)),
    'all, borrower': least(() => marksOf(text, 'borrower', 97_100)),
    'all, lender': least(() => marksOf(text, 'lender')),
  })),
);
