import { expect, test } from 'vitest';
import { Days } from '../../web/parts/days.tsx';
import { withErrorsSaid } from '../../web/parts/summary.ts';
import { wordsOf } from '../../web/words/index.ts';

/** What a refused form says on top, in the marks of each language; and days that stand whole wherever a line ends. */

const FORM = `<title>x</title><div class="error-summary"><a href="#lender">Z</a><a href="#means.incomes.0.amount">Z</a></div>
<label for="lender">您要和哪家机构谈？</label><label for="means.incomes.0.amount">工资</label>`;

test.each([
  ['zh', '您要和哪家机构谈：Z', '工资（1）：Z'],
  ['en', '您要和哪家机构谈: Z', '工资 (1): Z'],
] as const)('a question is named without its mark, a row with brackets of the language (%s)', (language, question, row) => {
  const said = withErrorsSaid(FORM, wordsOf(language));
  expect(said).toContain(`>${question}<`);
  expect(said).toContain(`>${row}<`);
});

test.each(['2026年12月5日', '5 Dec 2026'])('a day stands on one line: %s', (day) =>
  expect(String(Days({ of: `至 ${day} 23:59 前` }))).toContain(`<span class="nowrap">${day}</span>`),
);

test.each(['2026年12月5日', '5 Dec 2026'])('no mark is left alone by a day that stands whole: %s', (day) => {
  expect(String(Days({ of: `有效（${day} 23:59 前），至${day}。另见${day}` }))).toBe(
    `有效<span class="nowrap">（${day}</span> 23:59 前），至<span class="nowrap">${day}。</span>另见<span class="nowrap">${day}</span>`,
  );
});
