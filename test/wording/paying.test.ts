import { expect, test } from 'vitest';
import { marksOf } from '../../worker/wording/marks.ts';
import { partsOf } from './parts.ts';

/** What is left alone. */

/** What people write of paying, instalments, settling, papers, days, rights and complaints, in both languages and from both sides. Nobody's promise is above ¥3,000 a month. */
const sentences = partsOf('paying.txt').flatMap(({ sides, text }) => sides.map((side) => ({ side, text })));

test.each([
  ['no figures are known', null],
  ['¥3,000 a month can be paid', 300_000],
])('of 450 sentences about paying not one is marked where %s', (_, affordable) => {
  expect(sentences.length).toBeGreaterThanOrEqual(450);
  const marked = sentences.flatMap((one) => {
    const marks = marksOf(one.text, one.side, affordable);
    return marks.length > 0 ? [{ ...one, marks }] : [];
  });
  expect(marked).toEqual([]);
});

/** What names what harm is done with, and does none: asked, denied, told, of oneself, or another thing of the same name. */
test('of 190 sentences that name insults, threats, police, last chances or despair and mean none, not one is marked', () => {
  const named = partsOf('named.txt').flatMap(({ sides, text }) => sides.map((side) => ({ side, text })));
  expect(named.length).toBeGreaterThanOrEqual(190);
  expect(named.filter(({ side, text }) => marksOf(text, side).length > 0)).toEqual([]);
});
