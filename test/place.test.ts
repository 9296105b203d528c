import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dayText, languageOf, momentText, timeText, wordsAt, wordsOf, zonedText, zoneHint } from '../web/words/index.ts';
import { asLanguage, LANGUAGES } from '../worker/plan/languages.ts';
import { HOME, type Place } from '../worker/plan/law/place.ts';
import { dayOf, endOfDay, instantOf, localTime } from '../worker/plan/law/zone.ts';

/** A place, a currency and a language are data: each is written in one place, and nowhere in code. */

// What was learned of wording is numbers, in which anything may stand.
const sources = globSync('{worker,web,db}/**/*.{ts,tsx}', { exclude: ['worker/wording/weights.ts'] }).map((file) => {
  const text = readFileSync(file, 'utf8');
  // What comments say is no rule.
  return { file, code: text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '') };
});
const where = (pattern: RegExp) =>
  sources
    .filter(({ code }) => pattern.test(code))
    .map(({ file }) => file)
    .sort();

const WORDS = ['web/words/en.ts', 'web/words/zh.ts'];

describe('one place for each', () => {
  test('the zone', () => {
    expect(where(/[+-]08:00|8 \* 3_?600|28_?800|Asia\//)).toEqual(['worker/plan/law/place.ts']);
  });
  test('the currency: its code, its sign, what people type', () => {
    expect(where(/CNY|RMB|[￥]/)).toEqual(['worker/plan/law/place.ts']);
    // Of letters before which a line may not break the sign is one; what a court takes is said by the place's own table of ways.
    expect(where(/¥/)).toEqual([WORDS[0], 'worker/export/sheet.ts', 'worker/plan/law/place.ts', 'worker/plan/law/ways.ts']);
  });
  test('a mobile number, and the code of its country', () => {
    expect(where(/1\[3-9\]|'86'|\+86/)).toEqual(['worker/plan/law/place.ts']);
  });
  test('the languages: as a list, and by name only where it matters which', () => {
    expect(where(/'zh', 'en'|'zh' \| 'en'|zh\|en/)).toEqual(['worker/plan/languages.ts']);
    expect(where(/(=== |\? |: )'(zh|en)'/)).toEqual([WORDS[0]]);
  });
});

describe('the clocks of a place', () => {
  test('days and moments', () => {
    expect(localTime('2026-11-24T16:00:00.000Z', HOME.zone)).toBe('2026-11-25T00:00');
    expect(dayOf('2026-11-24T15:59:59.999Z', HOME.zone)).toBe('2026-11-24');
    expect(endOfDay('2026-11-24', HOME.zone)).toBe('2026-11-24T15:59:59.999Z');
    expect(instantOf('2026-11-24T09:30', HOME.zone)).toBe('2026-11-24T01:30:00.000Z');
  });
  test('of another place, east or west', () => {
    expect([dayOf('2026-11-24T23:00:00.000Z', '+05:30'), dayOf('2026-11-24T02:00:00.000Z', '-03:00')]).toEqual([
      '2026-11-25',
      '2026-11-23',
    ]);
    expect(endOfDay('2026-11-24', '-03:00')).toBe('2026-11-25T02:59:59.999Z');
  });
});

describe('words that are read where a case is', () => {
  const far: Place = { ...HOME, zone: '-03:00', clock: { zh: '某地时间', en: 'local time' } };
  const at = '2026-11-25T01:05:00.000Z';
  test.each([
    ['zh', '2026年11月24日', '某地时间', '时间均为某地时间（UTC-03:00）。'],
    ['en', '24 Nov 2026', 'local time', 'All times are local time (UTC-03:00).'],
  ] as const)('tell days and moments by its clocks, and whose they are (%s)', (language, day, clock, hint) => {
    const words = wordsAt(wordsOf(language), far);
    expect([dayText(words, at), timeText(words, at), momentText(words, at)]).toEqual([day, '22:05', `${day} 22:05`]);
    expect(zonedText(words, at)).toContain(clock);
    expect(zoneHint(words)).toBe(hint);
    expect(languageOf(words)).toBe(language);
    // Where the portal stands it is another day already.
    expect(timeText(wordsOf(language), at)).toBe('09:05');
    expect(wordsAt(words, far)).toBe(words);
  });
});

test('what is no language is none', () => {
  expect([...LANGUAGES, 'fr', '', 'zh-CN', null, undefined].map(asLanguage)).toEqual(['zh', 'en', null, null, null, null, null]);
});
