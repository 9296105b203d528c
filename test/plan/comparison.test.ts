import { expect, test } from 'vitest';
import { apartText } from '../../web/pages/compare.tsx';
import { changeName, changeValue } from '../../web/parts/offer.tsx';
import { wordsOf } from '../../web/words/index.ts';
import { apart, byMonth, changes } from '../../worker/plan/comparison.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
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
  expect(changes({ terms: one }, { terms: two }).map(({ field }) => field)).toEqual(['phases', 'waive.penalty', 'firstPaid']);
  expect(changes({ terms: one }, { terms: { ...one, waive: { penalty: 0 } } })).toEqual([]);
});

test('when the first instalment is paid counts, not the first due date on which a pause may fall', () => {
  const pause = (count: number, firstDue: string) => ({
    ...two,
    firstDue,
    phases: [{ kind: 'pause' as const, count, interest: 'runs' as const }],
  });
  // A first due date three weeks later, and yet paid ten days earlier.
  const [later, earlier] = [pause(2, '2026-12-25'), pause(1, '2027-01-15')];
  expect([firstInstalment(later), firstInstalment(earlier)]).toEqual(['2027-02-25', '2027-02-15']);
  const differ = changes({ debt, terms: later }, { debt, terms: earlier });
  expect(differ.map(({ field }) => field)).toEqual(['phases', 'firstPaid', 'firstDue']);
  const said = (language: 'zh' | 'en') =>
    differ.slice(1).map((change) => {
      const words = wordsOf(language);
      return [changeName(change, words), ...[change.before, change.after].map((side) => changeValue(change.field, side, words))].join(' ');
    });
  expect(said('zh')).toEqual(['首次还款日 2027年2月25日 2027年2月15日', '首期到期日 2026年12月25日 2027年1月15日']);
  expect(said('en')).toEqual(['First instalment due 25 Feb 2027 15 Feb 2027', 'First period due 25 Dec 2026 15 Jan 2027']);
  // Without a pause both are one day, and it is said once.
  expect(changes({ terms: one }, { terms: { ...one, firstDue: '2027-01-15' } }).map(({ field }) => field)).toEqual(['firstPaid']);
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
