import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answered } from '../../worker/store/answer.ts';

/** What a database answers is read as JSON is, and rows that came before are the very ones that were read then. */

type Cell = null | string | number;

const value = (cell: Cell) =>
  cell === null
    ? { type: 'null' }
    : typeof cell === 'string'
      ? { type: 'text', value: cell }
      : Number.isSafeInteger(cell)
        ? { type: 'integer', value: String(cell) }
        : { type: 'float', value: cell };

/** A step as servers write it: more members may follow. */
const step = (rows: readonly (readonly Cell[])[]) => ({
  cols: [{ name: 'x', decltype: 'TEXT' }],
  rows: rows.map((row) => row.map(value)),
  affected_row_count: 0,
  last_insert_rowid: '7',
});
const said = (steps: readonly unknown[], errors: readonly unknown[] = steps.map(() => null)) =>
  JSON.stringify({ results: [{ type: 'ok', response: { type: 'batch', result: { step_results: steps, step_errors: errors } } }] });
const read = (text: string) => answered(text, ({ message }) => new Error(message));

const marks = ['"rows":[', '],"affected_row_count":', '\\"rows\\":[', '\\', '"', '[[', ']]', '好的，收到。'];
const cell = fc.oneof(
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.constantFrom(0.5, -1.25),
  fc.string(),
  fc.array(fc.oneof(fc.constantFrom(...marks), fc.string({ unit: 'grapheme' })), { maxLength: 60 }).map((parts) => parts.join('')),
);

test('rows are those of the answer, whatever stands in them, the first time and again', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 6 }), { maxLength: 4 }), (lists) => {
      const text = said(lists.map(step));
      for (let times = 0; times < 2; times++) expect(read(text)).toEqual({ rows: lists, faults: lists.map(() => null) });
    }),
    { numRuns: 200 },
  );
});

const LONG = '这一条很长'.repeat(60);

test('rows that came before are the same objects, which nobody can change, whatever else the answer says', () => {
  const [one] = read(said([step([['a', LONG]]), step([['b']])])).rows;
  const [, two] = read(said([null, { ...step([['a', LONG]]), last_insert_rowid: '8', query_duration_ms: 0.3 }])).rows;
  expect(two).toBe(one);
  expect(Object.isFrozen(one) && Object.isFrozen(one?.[0])).toBe(true);
  const [three] = read(said([step([['a', `${LONG}。`]])])).rows;
  expect(three).toEqual([['a', `${LONG}。`]]);
});

test('an answer in another order, or with what no column holds, is read as it stands and not remembered', () => {
  const { cols, rows, affected_row_count } = step([['a', LONG]]);
  for (const other of [
    { affected_row_count, rows, cols },
    { rows, cols, affected_row_count },
    { cols, rows, other: [1], affected_row_count },
  ])
    expect(read(said([other, step([['b', LONG]])])).rows).toEqual([[['a', LONG]], [['b', LONG]]]);
  const blob = { ...step([]), rows: [[{ type: 'blob', base64: 'AQID' }, value(LONG)]] };
  const [first] = read(said([blob])).rows;
  expect(first).toEqual([[Buffer.from([1, 2, 3]), LONG]]);
  expect(read(said([blob])).rows[0]).not.toBe(first);
});

test('what failed is told: a step, and the batch as a whole', () => {
  const fault = { message: 'UNIQUE constraint failed: "rows":[', code: 'SQLITE_CONSTRAINT' };
  expect(read(said([step([['a', LONG]]), null], [null, fault]))).toEqual({ rows: [[['a', LONG]], null], faults: [null, fault] });
  expect(() => read(JSON.stringify({ results: [{ type: 'error', error: { message: 'no' } }] }))).toThrow('no');
  expect(() => read('<html>')).toThrow(SyntaxError);
});
