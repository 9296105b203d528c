import { frozen, Remembered } from './remembered.ts';

/**
 * What a database answers to a batch, read. Nearly all of it is rows, and what is read with every request is mostly the same as the last time, letter for
 * letter: such rows are read once, for as long as there is room for them. Those are the very objects then, which nobody can change (`Object.isFrozen`):
 * what has been worked out of them, and checked of them, stands as well.
 */

/** Values as they came, in the order of the columns. */
export type Row = readonly unknown[];

export type Fault = { message: string; code?: string | null | undefined };
type Batched<Rows> = { step_results: ({ rows: Rows } | null)[]; step_errors: (Fault | null)[] };
type Answer<Rows> = { results: ({ type: 'ok'; response: { result: Batched<Rows> } } | { type: 'error'; error: Fault })[] };

/** Of each step its rows, null where it was not carried out; and why not, where it failed. */
export type Answered = { rows: (readonly Row[] | null)[]; faults: (Fault | null)[] };

/** @throws where it is no answer; the fault of the batch as a whole, by `failed`, where it has one */
export function answered(text: string, failed: (fault: Fault) => Error): Answered {
  const { rest, taken } = withoutRows(text);
  const { results }: Answer<Value[][] | number> = JSON.parse(rest);
  const [first] = results;
  if (first?.type === 'error') throw failed(first.error);
  const { step_results: steps, step_errors: faults } = first?.response.result ?? NOTHING;
  const rowsOf = (rows: Value[][] | number): readonly Row[] => (typeof rows === 'number' ? (taken[rows] ?? []) : rows.map(rowOf));
  return { rows: steps.map((step) => step && rowsOf(step.rows)), faults };
}

const NOTHING: Batched<never> = { step_results: [], step_errors: [] };

/** Rows of fewer characters are read as quickly as found again. */
const LONG = 200;
const known = new Remembered<readonly Row[]>(6_000_000);

/**
 * An answer in which each list of rows that is long has given place to its number, and its columns, of which nobody asks, to nothing. The marks before and after can
 * stand nowhere else: within a text a quotation mark is written with a stroke before it. Where what stands between them is no list, servers write answers in another
 * order than is known here: then all of it is read as it stands.
 */
function withoutRows(text: string): { rest: string; taken: (readonly Row[])[] } {
  const taken: (readonly Row[])[] = [];
  let rest = '';
  let from = 0;
  for (;;) {
    const step = text.indexOf(STEP, from);
    const start = step < 0 ? -1 : text.indexOf(BEFORE, step) + BEFORE.length - 1;
    const end = text.indexOf(AFTER, start) + 1;
    if (start < step + STEP.length || end === 0) return { rest: rest + text.slice(from), taken };
    rest += text.slice(from, step);
    if (end - start < LONG) rest += `{${BEFORE}${text.slice(start + 1, end)}`;
    else {
      const rows = rowsIn(text.slice(start, end), text.length);
      if (!rows) return { rest: text, taken: [] };
      rest += `{"rows":${taken.length}`;
      taken.push(rows);
    }
    from = end;
  }
}

const STEP = '{"cols":[';
const BEFORE = '"rows":[';
const AFTER = '],"affected_row_count":';

/** @param whole characters of the answer that the list is a part of, which stays as long as the part does */
function rowsIn(list: string, whole: number): readonly Row[] | null {
  const read = known.get(list);
  if (read) return read;
  const values = listIn(list);
  const rows = values?.map(rowOf);
  // A value that is neither text nor number cannot be kept from changing.
  if (rows?.every((row) => row.every((value) => typeof value !== 'object' || value === null))) known.set(list, frozen(rows), whole);
  return rows ?? null;
}

function listIn(text: string): Value[][] | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export type Value =
  | { type: 'text'; value: string }
  | { type: 'integer'; value: string }
  | { type: 'float'; value: number }
  | { type: 'null' }
  | Blob;
type Blob = { type: 'blob'; base64: string };

const rowOf = (row: readonly Value[]): Row => row.map(decoded);

function decoded(value: Value): unknown {
  switch (value.type) {
    case 'text':
    case 'float':
      return value.value;
    case 'integer':
      return whole(value.value);
    case 'blob':
      // No column of ours holds any: one was put there from outside, and is no text.
      return Buffer.from(value.base64, 'base64');
    case 'null':
      return null;
  }
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('An integer of the database is beyond 2^53.');
  return value;
}
