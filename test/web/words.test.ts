import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planText, refusalText, wordsOf } from '../../web/words/index.ts';
import { ENTRY_KINDS } from '../../worker/negotiation/case.ts';
import type { PlanRefusal } from '../../worker/plan/schedule.ts';

/** Everything that the rules can say is said in both languages. Parity of keys is a matter of types; what is looked up by code is checked here. */

const sources = (folder: string) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8'));
const codes = [
  ...new Set(
    [...sources('worker/negotiation'), ...sources('worker/execute'), ...sources('worker')].flatMap((text) =>
      [...text.matchAll(/(?:refuse\(|code: )'([a-z]+\.[a-z-]+)'/g)].map((match) => match[1] ?? ''),
    ),
  ),
].filter((code) => code !== 'plan.refused');

describe.each(['zh', 'en'] as const)('%s', (language) => {
  const words = wordsOf(language);
  test('every refusal of the negotiation has its sentence', () => {
    expect(codes.length).toBeGreaterThan(40);
    const missing = codes.filter((code) => words.refusal[code] === undefined);
    expect(missing).toEqual([]);
    for (const code of codes)
      expect(refusalText(words, { code, version: 2, name: 'x', max: 1, until: 'x', seq: 1 })).not.toMatch(/undefined/);
  });
  test('every refusal of a plan has its sentence, with the stage and the amount', () => {
    const refusals = [
      'waiver.exceeds-debt',
      'debt.nothing-owed',
      'date.first-due-not-after-start',
      'upfront.date',
      'upfront.exceeds-debt',
      'phase.must-be-last',
      'phase.after-end',
      'phase.count-missing',
      'instalment.below-interest',
      'instalment.not-positive',
      'instalments.too-many',
      'plan.leaves-balance',
      'plan.too-long',
      'input.invalid',
    ];
    for (const code of refusals)
      expect(
        planText(words, { code, phase: 1, least: 100, remainder: 200, component: 'fees', fields: [] } as unknown as PlanRefusal).length,
        code,
      ).toBeGreaterThan(5);
    expect(planText(words, { code: 'instalment.below-interest', phase: 1, least: 123_456 })).toMatch(/2.*1,234\.56/);
  });
  test('every kind of entry has its words', () => {
    for (const kind of ENTRY_KINDS) expect((words.entry as Record<string, unknown>)[kind], kind).toBeDefined();
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
