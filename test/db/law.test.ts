import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { totalCostPpm } from '../../worker/plan/total-cost.ts';

/** The law's command: each line has one answer, the right one or each field that is wrong with its bound. */

const answers = (lines: readonly string[]) =>
  spawnSync(process.execPath, ['db/law.ts'], { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 })
    .stdout.split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

const debt: Debt = { asOf: '2026-09-01', currency: 'CNY', principal: 1_000_000, interest: 0, penalty: 0, fees: 0 };
const terms: Terms = {
  ...{ start: '2026-09-01', firstDue: '2026-10-01', every: 'month', rate: { per: 'year', ppm: 120_000 }, interestOn: 'principal' },
  ...{ dayCount: 'period', waive: {}, upfront: null, phases: [{ kind: 'level', count: 12 }] },
};
const document = { lenderKind: 'private', contractDate: '2025-06-01', on: '2026-09-01', debt, terms };

const invalid = (...fields: [path: string, bound: string][]) => ({
  refused: { code: 'input.invalid', fields: fields.map(([path, bound]) => ({ path, bound })) },
});
const DATE = 'a date that exists from 1900 to 2999, YYYY-MM-DD';
const KINDS = ['bank-card', 'bank-loan', 'consumer-finance', 'microloan', 'other-local', 'private'];
const oneOf = (names: readonly string[]) => `one of ${names.map((name) => `"${name}"`).join(', ')}`;
const LINE = 'one JSON document a line, of at most 1 MiB';

test('a field that is wrong is named with its own bound', () => {
  const wrong = (rest: object) => JSON.stringify({ ...document, ...rest });
  const asked: [string, unknown][] = [
    [wrong({ product: 5 }), invalid(['product', 'a text of 0 to 60 characters'])],
    [wrong({ product: 'x'.repeat(61) }), invalid(['product', 'a text of 0 to 60 characters'])],
    [wrong({ jurisdiction: null }), invalid(['jurisdiction', 'a text of 0 to 11 characters'])],
    [wrong({ jurisdiction: 'x'.repeat(12) }), invalid(['jurisdiction', 'a text of 0 to 11 characters'])],
    [wrong({ jurisdiction: '' }), { refused: { code: 'jurisdiction.unknown' } }],
    [wrong({ jurisdiction: 'constructor' }), { refused: { code: 'jurisdiction.unknown' } }],
    [wrong({ lenderKind: 'bank' }), invalid(['lenderKind', oneOf(KINDS)])],
    [wrong({ lenderKind: 7 }), invalid(['lenderKind', oneOf(KINDS)])],
    [wrong({ contractDate: 'yesterday' }), invalid(['contractDate', DATE])],
    [wrong({ contractDate: '' }), invalid(['contractDate', DATE])],
    [wrong({ on: undefined }), invalid(['on', DATE])],
    [wrong({ on: 20_260_901 }), invalid(['on', DATE])],
    [wrong({ debt: 5, terms: null }), invalid(['debt', 'an object'], ['terms', 'an object'])],
    [wrong({ lender: 'private' }), invalid(['lender', 'not a field of the format'])],
    ['{"debt":', invalid(['', LINE])],
    ['[]', invalid(['', 'an object'])],
    ['5', invalid(['', 'an object'])],
  ];
  expect(answers(asked.map(([line]) => line))).toEqual(asked.map(([, answer]) => answer));
});

test('what is said not to be known is as good as what is not said', () => {
  const { contractDate: _, lenderKind: __, ...rest } = document;
  const unsaid = ['contractDate', 'lenderKind'].map((missing) => ({ marks: [], unknown: [{ rule: 'private-lending-cap', missing }] }));
  const lines = ['unknown', null, undefined].map((contractDate) => JSON.stringify({ ...rest, lenderKind: 'private', contractDate }));
  expect(answers(lines)).toEqual(lines.map(() => unsaid[0]));
  const kinds = ['unknown', 'Unknown', null, undefined].map((lenderKind) => JSON.stringify({ ...document, lenderKind }));
  for (const answer of answers(kinds)) expect(answer).toMatchObject({ unknown: expect.arrayContaining(unsaid[1]?.unknown ?? []) });
});

/** Values of a field: those it can have, and those it cannot, with what it must be. `undefined` leaves it out. */
type Field = { path: string; good: readonly unknown[]; bad: readonly unknown[]; bound: string };

const DATES = { good: ['2020-08-19', '2026-02-28', '1900-01-01'], bad: ['2026-02-30', '', 5, {}, '2026-9-1'], bound: DATE };
const AMOUNTS = { good: [0, 1, 250_000], bad: [-1, 1.5, '5', null, 1e13], bound: 'a whole number from 0 to 1000000000000' };
const FIELDS: readonly Field[] = [
  { path: 'jurisdiction', good: ['CN', undefined, 'XX'], bad: [null, 5, [], 'x'.repeat(12)], bound: 'a text of 0 to 11 characters' },
  { path: 'lenderKind', good: [...KINDS, null, undefined, 'unknown'], bad: ['bank', 5, '', [], 'constructor'], bound: oneOf(KINDS) },
  { path: 'product', good: ['assisted', 'x', '', null, undefined], bad: [5, {}, 'x'.repeat(61)], bound: 'a text of 0 to 60 characters' },
  {
    ...DATES,
    path: 'contractDate',
    good: ['2018-01-01', '2020-08-19', '2020-08-20', '2025-12-19', '2026-10-20', null, undefined, 'unknown'],
  },
  { ...DATES, path: 'on', good: ['2026-09-01', '2026-10-19', '2026-10-20', '2027-06-01'], bad: [...DATES.bad, undefined, null] },
  { ...DATES, path: 'debt.asOf', bad: [...DATES.bad, undefined, null] },
  { path: 'debt.currency', good: ['CNY'], bad: ['USD', '', 5, undefined], bound: 'one of "CNY"' },
  ...['interest', 'penalty', 'fees'].map((one) => ({ ...AMOUNTS, path: `debt.${one}`, bad: [...AMOUNTS.bad, undefined] })),
  {
    path: 'terms.every',
    good: ['month', 'fortnight', 'week'],
    bad: ['day', '', 5, undefined],
    bound: oneOf(['month', 'fortnight', 'week']),
  },
  { path: 'terms.rate.per', good: ['year', 'month'], bad: ['week', 5, undefined], bound: oneOf(['year', 'month', 'day']) },
  { path: 'terms.rate.ppm', good: [0, 10_000, 120_001, 154_001], bad: [-1, 0.5, '1', 1e10], bound: 'a whole number from 0 to 1000000000' },
  { path: 'terms.interestOn', good: ['principal', 'balance'], bad: ['both', 5], bound: oneOf(['principal', 'balance']) },
  { path: 'terms.waive.principal', good: [0, 1, 999_999, undefined], bad: [-1, '0', null], bound: AMOUNTS.bound },
  { path: 'terms.upfront', good: [null], bad: [5, 'x', undefined], bound: 'an object or null' },
  { path: 'terms.phases.0.count', good: [1, 12, 61, 600], bad: [0, 601, 1.5, '3', undefined], bound: 'a whole number from 1 to 600' },
  {
    path: 'terms.phases.0.kind',
    good: ['level'],
    bad: ['none', 5, undefined],
    bound: oneOf(['pause', 'interest-only', 'fixed', 'level', 'even-principal', 'rest']),
  },
  { path: 'strange', good: [undefined], bad: [1, null], bound: 'not a field of the format' },
];

type Change = { field: Field; value: unknown; isGood: boolean };
const change = fc
  .constantFrom(...FIELDS)
  .chain((field) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...field.good.map((value) => ({ field, value, isGood: true }))) },
      fc.constantFrom(...field.bad.map((value) => ({ field, value, isGood: false }))),
    ),
  );
const changes = fc.uniqueArray(change, { maxLength: 5, selector: ({ field }) => field.path });

/** A document with some of its fields changed. */
function changed(list: readonly Change[]) {
  const made = structuredClone(document) as Record<string, unknown>;
  for (const { field, value } of list) {
    const path = field.path.split('.');
    const last = path.pop() ?? '';
    let at = made;
    for (const name of path) at = at[name] as Record<string, unknown>;
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return made as {
    jurisdiction?: string;
    lenderKind?: string | null;
    product?: string;
    contractDate?: string | null;
    on: string;
    debt: Debt;
    terms: Terms;
  };
}

/** The one-year LPR as the test knows it: 3.85 % from 2020-08-20, 3.0 % now, known up to 2026-10-19. */
const lpr = (day: string) =>
  day > '2026-10-19' ? null : day >= '2025-05-20' ? 30_000 : day < '2021-12-20' && day >= '2020-04-20' ? 38_500 : expect.fail(day);

/** The answer by the rules as the page on the law has them, worked out another way. */
function expected(list: readonly Change[]): unknown {
  const wrong = list.filter(({ isGood }) => !isGood);
  // Of a phase whose kind is none nothing else can be told.
  const bad = wrong.filter(
    ({ field }) => field.path !== 'terms.phases.0.count' || !wrong.some((one) => one.field.path === 'terms.phases.0.kind'),
  );
  if (bad.length > 0) return { bad: bad.map(({ field: { path, bound } }) => `${path}: ${bound}`).sort() };
  const { jurisdiction = 'CN', on, debt: owed, terms: plan, ...loan } = changed(list);
  if (jurisdiction !== 'CN') return { code: 'jurisdiction.unknown' };
  const made = schedule(owed, plan);
  if ('refused' in made) return { code: made.refused.code };
  const kind = loan.lenderKind === 'unknown' ? null : (loan.lenderKind ?? null);
  const contract = loan.contractDate === 'unknown' ? null : (loan.contractDate ?? null);
  const cost = totalCostPpm(made, owed, plan);
  const isAlone = owed.penalty === 0 && owed.fees === 0;
  const [marks, unknown]: [string[], string[]] = [[], []];
  const over = (rule: string, limit: number, measured: number | null) => {
    if (measured === null) unknown.push(`${rule} principal`);
    else if (measured > limit) marks.push(`${rule} ${limit} ${measured}`);
  };
  if (kind === null) unknown.push('private-lending-cap lenderKind');
  else if (kind === 'private' && contract === null) unknown.push('private-lending-cap contractDate');
  else if (kind === 'private' && contract) {
    const isOlder = contract < '2020-08-20';
    const rate = lpr(isOlder ? on : contract);
    const measured = isAlone ? plan.rate.ppm * (plan.rate.per === 'year' ? 1 : 12) : cost;
    if (rate === null) unknown.push('private-lending-cap value');
    else if (isOlder && !isAlone && measured !== null && measured > rate * 4) unknown.push('private-lending-cap accrued');
    else over('private-lending-cap', rate * 4, measured);
  }
  if (kind === null) unknown.push('consumer-finance-line lenderKind');
  else if (kind !== 'private') over('consumer-finance-line', 240_000, cost);
  if (kind === null) unknown.push('microloan-cost lenderKind');
  else if (kind === 'microloan' && contract === null) unknown.push('microloan-cost contractDate');
  else if (kind === 'microloan' && contract !== null && contract >= '2025-12-19') over('microloan-cost', 240_000, cost);
  const banks = ['bank-card', 'bank-loan', 'consumer-finance'];
  if (loan.product === 'assisted') {
    if (kind === null) unknown.push('assisted-loan-cost lenderKind');
    else if (banks.includes(kind) && contract === null) unknown.push('assisted-loan-cost contractDate');
    else if (banks.includes(kind) && contract !== null && contract >= '2025-10-01') over('assisted-loan-cost', 240_000, cost);
  }
  // The first instalment comes after one period: so many months, weeks or fortnights as there are instalments.
  const { count } = plan.phases[0] as { count: number };
  const days = plan.every === 'week' ? 7 : 14;
  const end = new Date(Date.UTC(2026, 9, 1) + (count - 1) * days * 86_400_000);
  const months =
    plan.every === 'month' ? count : (end.getUTCFullYear() - 2026) * 12 + end.getUTCMonth() - 8 + (end.getUTCDate() > 1 ? 1 : 0);
  if (kind === null) unknown.push('card-instalments lenderKind');
  else if (kind === 'bank-card') over('card-instalments', 60, months);
  return { marks, unknown };
}

type Told = {
  refused?: { code: string; fields?: { path: string; bound: string }[] };
  marks?: { rule: string; limit: number; measured: number }[];
  unknown?: { rule: string; missing: string }[];
};

/** An answer as `expected` says it. */
function told({ refused, marks = [], unknown = [] }: Told): unknown {
  if (refused?.code === 'input.invalid') return { bad: refused.fields?.map(({ path, bound }) => `${path}: ${bound}`).sort() };
  if (refused) return { code: refused.code };
  return {
    marks: marks.map(({ rule, limit, measured }) => `${rule} ${limit} ${measured}`),
    unknown: unknown.map(({ rule, missing }) => `${rule} ${missing}`),
  };
}

test('three thousand odd lines: each is answered, with the right lines of the law or with every field that is wrong and its bound', () => {
  const all = fc.sample(changes, { seed: 13, numRuns: 3_000 });
  const found = answers(all.map((list) => JSON.stringify(changed(list))));
  expect(found).toHaveLength(all.length);
  for (const [i, list] of all.entries())
    expect([list.map(({ field, value }) => [field.path, value]), told(found[i] as Told)]).toEqual([
      list.map(({ field, value }) => [field.path, value]),
      expected(list),
    ]);
});
