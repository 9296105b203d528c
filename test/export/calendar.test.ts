import ical, { type VEvent } from 'node-ical';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { scheduleCalendar } from '../../worker/export/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';

/** Payment reminders, as a calendar program reads them. */

const debt = { asOf: '2026-11-24', currency: 'CNY' as const, principal: 240_000, interest: 0, penalty: 0, fees: 0 };
const worked = schedule(
  debt,
  plainTerms('2026-11-24', {
    upfront: { due: '2026-12-01', amount: 60_000 },
    phases: [
      { kind: 'pause', count: 1, interest: 'waived' },
      { kind: 'fixed', amount: 90_000, count: 2 },
    ],
  }),
) as Schedule;
const source = { id: 'c1', number: 'H-1', lender: '明衡消费金融', at: '2026-11-24T02:00:00.000Z', link: 'https://heyi.example/cases/c1' };

describe.each(['zh', 'en'] as const)('%s', (language) => {
  const text = scheduleCalendar(worked, source, wordsOf(language));
  const events = Object.values(ical.sync.parseICS(text)).filter((one): one is VEvent => one?.type === 'VEVENT');

  test('each payment by its name, with its amount and the lender; the pause is none', () => {
    const names = { zh: ['首付', '第 1 期', '第 2 期'], en: ['Up front', 'Payment 1', 'Payment 2'] }[language];
    const amounts = ['¥600.00', '¥900.00', '¥900.00'];
    expect(events).toHaveLength(3);
    for (const [i, { summary }] of events.entries()) {
      expect(summary).toContain(names[i]);
      expect(summary).toContain(amounts[i]);
      expect(summary).toContain('明衡消费金融');
    }
    expect(text).not.toMatch(/(第 0 期|Payment 0)/);
  });

  test('all day, on the day that it is due, and free, not busy', () => {
    expect(events.map(({ start, datetype, transparency }) => [dayOf(start), datetype, transparency])).toEqual([
      ['2026-12-01', 'date', 'TRANSPARENT'],
      ['2027-01-24', 'date', 'TRANSPARENT'],
      ['2027-02-24', 'date', 'TRANSPARENT'],
    ]);
  });

  test('a reminder at nine the day before, where the reader is', () => {
    const triggers = [...text.matchAll(/^TRIGGER[^:]*:(.*)$/gm)].map((match) => match[1]?.trim());
    expect(triggers).toEqual(['-PT15H', '-PT15H', '-PT15H']);
    // An all-day event begins at midnight: fifteen hours before it is nine in the morning of the day before.
    const midnight = Date.parse('2026-12-01T00:00:00+08:00');
    expect(new Date(midnight - 15 * 3_600_000).toISOString()).toBe('2026-11-30T01:00:00.000Z');
    const said = [...text.matchAll(/^DESCRIPTION:(.*)$/gm)].map((match) => match[1] ?? '');
    expect(said.some((line) => /[Pp]ayment 0|第 0 期| 0：/.test(line))).toBe(false);
  });
});

/** node-ical gives an all-day date as local midnight. */
function dayOf(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}
