import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { hold, MAX_ENTRY_BYTES, tooLarge } from '../../worker/negotiation/command.ts';
import { FORM_BOUNDS, FormTooLarge, readForm, readJson, typed, typedBody } from '../../worker/negotiation/form.ts';
import { Policy } from '../../worker/negotiation/policy.ts';
import { JSON_BOUNDS, requestJson } from '../../worker/routes/json.ts';
import { worked } from '../cpu.ts';
import { beyond, largest, unbounded } from './schemas.ts';

/** Everything that comes in has a bound: a schema that lacks one fails here, whichever command it belongs to. */

const INPUTS = [...[...COMMANDS].map(([name, { input }]) => [name, input] as const), ['policy', Policy] as const];
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;

/** Bands rise, and hours end after they begin: the largest policy has each at its bound but for that. */
function ascending(most: unknown): unknown {
  const read = z.looseObject({ termBands: z.array(z.looseObject({})), waivers: z.array(z.looseObject({})) }).safeParse(most);
  if (!read.success) return most;
  const { termBands, waivers } = read.data;
  return {
    ...read.data,
    termBands: termBands.map((band, i) => ({ ...band, upTo: Number(band.upTo) - termBands.length + 1 + i })),
    waivers: waivers.map((band, i) => ({ ...band, fromDaysOverdue: Number(band.fromDaysOverdue) - waivers.length + 1 + i })),
    contactHours: { from: 0, until: 1440 },
  };
}

describe.each(INPUTS)('%s', (_, schema) => {
  const most = ascending(largest(schema));

  test('has a bound on every text, number and list', () => expect(unbounded(schema)).toEqual([]));

  test('takes the largest input that its bounds allow, in a moment, and that fits into an entry and a request', () => {
    const begun = worked();
    const read = readJson(schema, most);
    expect(read.ok ? [] : read.issues.map(({ path, issue }) => `${path} ${issue.message}`)).toEqual([]);
    expect(worked() - begun).toBeLessThan(500);
    expect(bytes(most)).toBeLessThanOrEqual(JSON_BOUNDS.bytes);
    expect(bytes(most)).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
  });

  test('refuses whatever is beyond them, in a moment, and nothing is left behind', () => {
    for (const { path, input } of beyond(most)) {
      const tried = input(most);
      const begun = worked();
      const read = readJson(schema, tried);
      expect(worked() - begun, path).toBeLessThan(500);
      // What is taken all the same is a field that is not looked at: it goes no further, and nothing that goes on is beyond the bounds.
      if (read.ok) expect(bytes(read.input), path).toBeLessThanOrEqual(bytes(most) + 100);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('the walk fails where a bound is missing', () => {
  const open = z.object({
    a: z.string(),
    b: z.array(z.enum(['x'])),
    c: z.int(),
    d: z.record(z.string(), z.boolean()),
    e: z.string().trim().min(1),
  });
  expect(unbounded(open)).toHaveLength(5);
});

describe('a form', () => {
  const tooLargeForm = (body: string) => expect(() => typedBody(body)).toThrow(FormTooLarge);
  test('of 80,000 fields is refused at once', () => {
    const begun = worked();
    tooLargeForm('a&'.repeat(80_000));
    tooLargeForm('a=1&'.repeat(500_000));
    expect(worked() - begun).toBeLessThan(200);
  });
  test('of as many fields as are allowed, in rows, is read in a moment: the work grows with its length alone', () => {
    const rows = Array.from({ length: FORM_BOUNDS.fields - 1 }, (_, i) => `means.incomes.${i % 999}.amount=${i}`);
    const begun = worked();
    for (const { input } of COMMANDS.values()) readForm(input, typedBody(rows.join('&')));
    expect(worked() - begun).toBeLessThan(1_500);
  });
  test.each([
    ['a long name', `${'a'.repeat(FORM_BOUNDS.name + 1)}=1`],
    ['a deep name', `${Array.from({ length: FORM_BOUNDS.depth + 1 }, () => 'a').join('.')}=1`],
    ['__proto__', '__proto__.polluted=1'],
    ['constructor', 'terms.constructor.prototype=1'],
    ['a row number that no list has', 'terms.phases.999999999.kind=pause'],
    ['a negative row number', 'terms.phases.-99999.kind=pause'],
    ['a value that no field takes', `words=${'x'.repeat(FORM_BOUNDS.value + 1)}`],
  ])('with %s is refused', (_, body) => tooLargeForm(body));
  test('with gaps between its rows is read as if there were none', () => {
    const read = typed(new URLSearchParams('x.5.amount=5&x.900.amount=9&x.7.amount='));
    expect([...read.keys()]).toEqual(['x.0.amount', 'x.1.amount']);
  });
});

test('JSON is bounded in length and depth', () => {
  expect(requestJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toMatchObject({ ok: false, fault: 'too-deep' });
  expect(requestJson(JSON.stringify('x'.repeat(JSON_BOUNDS.bytes)))).toMatchObject({ ok: false, fault: 'too-large' });
  expect(requestJson('{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}')).toMatchObject({ ok: true });
  expect(requestJson('{')).toMatchObject({ ok: false, fault: 'not-json' });
});

test('an entry that is too large for the record is refused, whatever made it', () => {
  const words = '债'.repeat(MAX_ENTRY_BYTES / 3 + 1);
  expect(tooLarge({ said: [{ kind: 'talk.message', content: { words } }], held: [] })).toMatchObject({
    refused: { code: 'entry.too-large' },
  });
  expect(tooLarge(hold({ kind: 'note.written', content: { words } }))).toMatchObject({ refused: { code: 'entry.too-large' } });
  expect(tooLarge(hold({ kind: 'note.written', content: { words: 'x' } }))).toBeNull();
});
