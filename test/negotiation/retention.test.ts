import { expect, test } from 'vitest';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { erase } from '../../worker/negotiation/custody.ts';
import { type Refusal, refuse } from '../../worker/negotiation/refusal.ts';
import { opened, XIAOYU } from './play.ts';

test('until when a closed case is kept is a day of its place, read as days are', () => {
  const play = opened();
  play.give(XIAOYU, 'case.close', { reason: 'withdrawn' });
  // Early on the 26th in China, while it is still the 25th by UTC.
  const kase = { ...play.kase, lastAt: '2026-11-25T18:00:00.000Z' };
  const { policy } = play.context(XIAOYU);
  const tried = erase(kase, { entries: [], files: [], reason: '到期', whole: true }, { at: '2027-01-01T00:00:00.000Z', policy });
  expect(tried).toEqual(refuse('erasure.retention', { until: '2031-11-26' }));
  const said = (language: 'zh' | 'en') => refusalText(wordsOf(language), (tried as { refused: Refusal }).refused);
  expect(said('zh')).toContain('2031年11月26日');
  expect(said('en')).toContain('26 Nov 2031');
});
