import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { figuresLines } from '../../web/telling/debt.ts';
import { planText, refusalText, wordsOf } from '../../web/words/index.ts';
import { refuse } from '../../worker/negotiation/refusal.ts';
import type { PlanRefusal } from '../../worker/plan/schedule.ts';

/** Everything that the rules can say is said in both languages. Parity of keys is a matter of types; what is looked up by code is checked here. */

/** What some refusals say beside their code. */
const DETAIL = {
  version: 2,
  side: 'lender',
  name: '某人',
  max: 7,
  until: '2031-01-01',
  seq: 9,
  left: 100,
  moment: '2031-01-01T00:00:00.000Z',
  open: '某人',
  close: '某人',
  today: '2026-11-24',
  component: 'fees',
  doubts: [],
  limit: 24,
  given: 30,
  kind: 'threat',
  words: '某人',
  place: '某人',
  near: '某人',
} as const;

describe.each(['zh', 'en'] as const)('%s', (language) => {
  const words = wordsOf(language);
  test('every refusal says what belongs to it, and nothing that is not there', () => {
    for (const text of Object.values(words.refusal)) {
      const said = typeof text === 'function' ? text(DETAIL) : text;
      expect(said.length).toBeGreaterThan(3);
      expect(said).not.toMatch(/undefined|\[object/);
      if (typeof text === 'function') expect(said).toMatch(/2|某人|7|2031-01-01|9/);
    }
    expect(refusalText(words, { code: 'offer.changed', version: 2, side: 'lender' })).toContain('2');
    expect(refusalText(words, { code: 'authority.exceeded', what: 'term', limit: 24, given: 30 })).toMatch(/30.*24/);
  });
  test('every refusal of a plan has its sentence, with the stage and the amount', () => {
    const plain: PlanRefusal[] = (
      ['debt.nothing-owed', 'date.first-due-not-after-start', 'upfront.date', 'upfront.exceeds-debt', 'plan.too-long'] as const
    ).map((code) => ({ code }));
    const staged: PlanRefusal[] = (
      ['phase.must-be-last', 'phase.after-end', 'phase.count-missing', 'instalment.not-positive', 'instalments.too-many'] as const
    ).map((code) => ({ code, phase: 1 }));
    const others: PlanRefusal[] = [
      { code: 'waiver.exceeds-debt', component: 'fees' },
      { code: 'plan.leaves-balance', remainder: 200 },
      { code: 'input.invalid', fields: [] },
    ];
    for (const refusal of [...plain, ...staged, ...others]) expect(planText(words, refusal).length, refusal.code).toBeGreaterThan(5);
    for (const refusal of staged) expect(planText(words, refusal), refusal.code).toContain('2');
    expect(planText(words, { code: 'instalment.below-interest', phase: 1, least: 123_456 })).toMatch(/2.*1,234\.56/);
  });
});

test('no text outside the words: pages and parts hold no Chinese', () => {
  const files = globSync('{web/pages,web/parts,web/telling,worker/routes,worker/export}/**/*.{ts,tsx}');
  expect(files.length).toBeGreaterThan(60);
  for (const file of files) {
    const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(text.match(/[\u4e00-\u9fff]+/g), file).toBeNull();
  }
});

test('a refusal has a code of the list and what belongs to it, or it does not compile', () => {
  // @ts-expect-error: there is no such code
  const unknown = refuse('offer.whispered');
  // @ts-expect-error: which version is on the table now
  const incomplete = refuse('offer.changed', { side: 'lender' });
  // @ts-expect-error: a version is a number
  const wrong = refuse('offer.settled', { version: 'two' });
  expect([unknown, incomplete, wrong]).toHaveLength(3);
  expect(refuse('call.none', { field: 'call' })).toEqual({ refused: { code: 'call.none', field: 'call' } });
});

test('what heads a line begins with a capital in English, as its neighbours do', () => {
  const debt = { asOf: '2026-11-24', currency: 'CNY' as const, principal: 1, interest: 2, penalty: 3, fees: 4 };
  const labels = figuresLines({ debt }, wordsOf('en')).map(({ label = '' }) => label);
  expect(labels).toEqual(['Total', 'Principal', 'Interest', 'Penalty', 'Fees', 'As of']);
});
