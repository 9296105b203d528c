import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hold, type MeansOverTime, yardstick } from '../../worker/plan/affordability.ts';
import { answer } from '../../worker/plan/answer.ts';
import { apart } from '../../worker/plan/comparison.ts';
import { lawAnswer } from '../../worker/plan/law/answer.ts';
import type { Payment } from '../../worker/plan/left.ts';
import { presentValue } from '../../worker/plan/present-value.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { leftReference, reference } from './reference.ts';

/** The examples of `worker/plan/FORMAT.md`, read from the page and worked out: what it says is what the engine does. */

const page = readFileSync(new URL('../../worker/plan/FORMAT.md', import.meta.url), 'utf8');

/** What the page asks beside what the command answers. */
type Asked = {
  debt?: Debt;
  payments?: Payment[];
  on?: string;
  terms?: Terms;
  held?: { debt: Debt; terms: Terms; means: MeansOverTime };
  yardstick?: { debt: Debt; means: MeansOverTime; today: string };
  apart?: [{ highest: number; paid: number; lastDue: string }, { highest: number; paid: number; lastDue: string }];
  'present-value'?: { rows: { due: string; payment: number }[]; on: string; ppm: number };
  law?: unknown;
};

/** An example: a line that begins with `in`, one that begins with `out`, each with the lines that go on under it. */
const examples = [...page.matchAll(/^ {4}in {3}(.*(?:\n {9}.*)*)\n {4}out {2}(.*(?:\n {9}.*)*)/gm)].map(([, asked = '', told = '']) => ({
  asked: JSON.parse(asked) as Asked,
  told: JSON.parse(told) as unknown,
}));

function worked(asked: Asked): unknown {
  const { held, law } = asked;
  if (held) {
    const plan = schedule(held.debt, held.terms);
    return 'refused' in plan ? plan : { misses: hold(plan, held.terms.every, held.means).misses };
  }
  if (asked.yardstick) return yardstick(asked.yardstick.debt, asked.yardstick.means, asked.yardstick.today)?.schedule.totals ?? null;
  if (asked.apart) {
    const [one, two] = asked.apart.map((totals) => ({
      totals: { owed: 0, waived: 0, interest: 0, instalments: 0, annualRatePpm: 0, ...totals },
    }));
    return one && two && apart(one, two);
  }
  if (asked['present-value']) return presentValue(asked['present-value'], asked['present-value'].on, asked['present-value'].ppm);
  if (law) return lawAnswer(law);
  return answer(asked);
}

describe('the examples of FORMAT.md', () => {
  test('there is one for every part of the page', () => {
    const kinds = examples.flatMap(({ asked }) => Object.keys(asked));
    expect([...new Set(kinds)]).toEqual(['debt', 'terms', 'payments', 'on', 'means', 'held', 'yardstick', 'apart', 'present-value', 'law']);
    expect(examples).toHaveLength(page.match(/^ {4}in /gm)?.length ?? 0);
  });

  test.each(examples.map((example, i) => [i + 1, example] as const))('number %i', (_, { asked, told }) => {
    expect(worked(asked)).toEqual(told);
  });

  test('plans among them come out the same in rationals', () => {
    for (const { asked, told } of examples) {
      if (!asked.debt || !asked.terms || JSON.stringify(told).includes('input.invalid')) continue;
      const { debt, terms, payments, on } = asked;
      expect(told).toMatchObject(payments && on ? leftReference(debt, terms, payments, on) : reference(debt, terms));
    }
  });

  test('every code of refusal stands on the page', () => {
    const source = readFileSync(new URL('../../worker/plan/schedule.ts', import.meta.url), 'utf8');
    const codes = new Set([...source.matchAll(/'([a-z]+\.[a-z-]+)'/g)].map(([, code]) => code));
    expect(codes.size).toBeGreaterThan(12);
    for (const code of codes) expect(page, code).toContain(`\`${code}\``);
  });
});
