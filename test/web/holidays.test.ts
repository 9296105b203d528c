import { expect, test } from 'vitest';
import { DayOff, HolidayNotes, ScheduleTable } from '../../web/parts/schedule.tsx';
import { daysOff, hintsOf, holidayNotes } from '../../web/telling/schedule.ts';
import { wordsOf } from '../../web/words/index.ts';
import { agreementSheet } from '../../worker/export/agreement.ts';
import { planLetter } from '../../worker/export/plan-letter.ts';
import { conditionsOf } from '../../worker/negotiation/conditions.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { pagesOf } from '../export/extract.ts';
import { allFonts } from '../export/fonts.ts';
import { DEBT, level, opened, XIAOYU, ZHOU } from '../negotiation/play.ts';

/** Due dates on days off, marked where the lender wants it: a hint, and never another date. */

const hints = { jurisdiction: 'CN' };
const zh = wordsOf('zh');
const due = (...days: string[]) => days.map((one) => ({ due: one }));

test('holidays and weekends are marked, weekends that are worked are not, and of a year that is not published nothing is taken for granted', () => {
  // The 1st of October is a holiday; the 20th of September and the 10th of October are worked Sundays and Saturdays; the 26th of December is a Saturday.
  expect(daysOff(due('2026-10-01', '2026-09-20', '2026-10-10', '2026-12-26', '2026-12-24', '2027-01-02'), hints)).toEqual([
    '2026-10-01',
    '2026-12-26',
  ]);
  expect(holidayNotes(due('2026-12-24', '2027-01-24', '2028-01-24'), hints, zh)).toEqual([
    zh.schedule.holidaysUnknown({ years: '2027，2028' }),
  ]);
  expect(holidayNotes(due('2026-12-24'), hints, zh)).toEqual([]);
});

test('only where policy says so; the agreement keeps it as it was when it was accepted', () => {
  expect(hintsOf(DEFAULT_POLICY)).toBeNull();
  const { kase } = opened();
  expect(conditionsOf(kase, DEFAULT_POLICY)).not.toHaveProperty('holidayHint');
  expect(hintsOf(conditionsOf(kase, { ...DEFAULT_POLICY, holidayHint: true }))).toEqual(hints);
});

const worked = (firstDue: string) => {
  const plan = schedule(DEBT, level(2, { firstDue }));
  return 'refused' in plan ? expect.fail(JSON.stringify(plan)) : plan;
};

test('the table of a schedule marks the row and says that the dates stay', () => {
  const plan = worked('2026-12-26');
  const html = `${ScheduleTable({ schedule: plan, words: zh, hints })}`;
  expect(html).toMatch(/2026年12月26日\s*<span class="tag">休<\/span>/);
  expect(html).toContain(zh.schedule.holidays);
  expect(`${ScheduleTable({ schedule: plan, words: zh })}`).not.toContain('休');
});

test('so does any other table of due dates, as that of payments', () => {
  expect(`${DayOff({ isOff: true, words: zh })}`).toContain('<span class="tag">休</span>');
  expect(DayOff({ isOff: false, words: zh })).toBeNull();
  expect(`${HolidayNotes({ rows: due('2026-12-26'), hints, words: zh })}`).toContain(zh.schedule.holidays);
});

test('so does the letter of a plan that goes to a lender elsewhere', async () => {
  const made = await planLetter(
    { title: '还款方案', text: '您好。', schedule: worked('2026-12-26'), hints, fonts: await allFonts(), at: opened().at },
    zh,
  );
  expect((await pagesOf(made)).join('').replace(/\s/g, '')).toContain('2026年12月26日休');
});

test('so does the agreement as a document, with the same dates', async () => {
  const play = opened();
  play.policy = { ...play.policy, holidayHint: true };
  play.give(ZHOU, 'proposal.make', { answers: 1, terms: level(2, { firstDue: '2026-12-26' }), reasons: {}, words: '两期。' });
  play.give(XIAOYU, 'proposal.accept', { version: 2, digest: play.kase.offers[1]?.digest });
  const { kase } = play;
  const source = {
    number: 'HY-1',
    lender: '明衡',
    head: { seq: 1, hash: '0' },
    origin: 'https://heyi.example',
    fonts: await allFonts(),
    at: play.at,
  };
  const header = { case: 'c', lender: 'mingheng', openedAt: play.at, number: 'HY-1' };
  const sheet = agreementSheet(kase, { header, entries: [] }, source, zh, kase.agreement);
  const text = (await pagesOf(await sheet.finish(() => '', ''))).join('');
  expect(text.replace(/\s/g, '')).toContain('2026年12月26日休');
  expect(text.replace(/\s/g, '')).toContain(zh.schedule.holidays.replace(/\s/g, ''));
});
