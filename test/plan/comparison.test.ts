import { expect, test } from 'vitest';
import { apartText } from '../../web/pages/proposal.tsx';
import { wordsOf } from '../../web/words/index.ts';
import { apart, byMonth, changes } from '../../worker/plan/comparison.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';

/** Two versions side by side. */

const debt: Debt = { asOf: '2026-11-24', currency: 'CNY', principal: 600_000, interest: 0, penalty: 12_000, fees: 0 };
const one = plainTerms('2026-11-24', { phases: [{ kind: 'level', count: 12 }] });
const two: Terms = {
  ...one,
  waive: { penalty: 12_000 },
  phases: [
    { kind: 'pause', count: 2, interest: 'runs' },
    { kind: 'level', count: 6 },
  ],
};
const worked = (terms: Terms) => schedule(debt, terms) as Schedule;

test('the terms that differ, in the order in which people read them', () => {
  expect(changes(one, two).map(({ field }) => field)).toEqual(['phases', 'waive.penalty']);
  expect(changes(one, { ...one, waive: { penalty: 0 } })).toEqual([]);
});

test('what separates them, in one sentence that says which way', () => {
  const between = apart(worked(one), worked(two));
  expect(between).toEqual({ highest: 49_000, months: -4, cost: -12_000 });
  const said = (language: 'zh' | 'en', swapped = false) => {
    const [a, b] = swapped ? [2, 1] : [1, 2];
    const turned = swapped ? apart(worked(two), worked(one)) : between;
    return apartText({ version: a }, { version: b }, turned, wordsOf(language));
  };
  expect(said('zh')).toBe('与方案 1 相比，方案 2 最高一期多 ¥490.00、早 4 个月还清、总还款少 ¥120.00。');
  expect(said('en')).toBe(
    'Compared with proposal 1, proposal 2 asks ¥490.00 more in its highest instalment, is paid off 4 months sooner and comes to ¥120.00 less in all.',
  );
  expect(said('zh', true)).toBe('与方案 2 相比，方案 1 最高一期少 ¥490.00、晚 4 个月还清、总还款多 ¥120.00。');
  expect(apartText({ version: 1 }, { version: 2 }, { highest: 0, months: 0, cost: 0 }, wordsOf('zh'))).toBe(
    wordsOf('zh').compare.sameFigures,
  );
});

test('both schedules month by month: what is paid adds up, what is left stays until the next payment', () => {
  const months = byMonth(worked(one), worked({ ...two, every: 'week', firstDue: '2027-01-05' }));
  expect(months[0]).toEqual({ month: '2026-12', a: { paid: 51_000, left: 561_000 }, b: { paid: 0, left: 600_000 } });
  // Pauses on the 5th and 12th, then 1,000.00 on the 19th and 26th.
  expect(months[1]?.b).toEqual({ paid: 200_000, left: 400_000 });
  expect(months.at(-1)).toEqual({ month: '2027-11', a: { paid: 51_000, left: 0 }, b: { paid: 0, left: 0 } });
  expect(months.reduce((sum, { a }) => sum + a.paid, 0)).toBe(612_000);
  expect(months.reduce((sum, { b }) => sum + b.paid, 0)).toBe(600_000);
});
