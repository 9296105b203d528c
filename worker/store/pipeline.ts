import { LibsqlError } from '@libsql/client/web';
import * as z from 'zod';
import { reach } from './reach.ts';

/**
 * One round trip of statements to a libSQL database: a batch of Hrana 2 over HTTP in one transaction, all or nothing, as the client library's `batch` sends
 * it. The library makes of each answer rows with names, which are then taken apart again, and of each value an object: of what a page costs that was a
 * fifth (`npm run bench`). It stays in use for whatever is not asked with every request. Here rows are lists of values, as they came.
 */

export type Sent = { readonly sql: string; readonly args: readonly unknown[] };
export type Row = readonly unknown[];

/** Sends statements that are to hold together. @throws LibsqlError as the library does, with SQLite's code where it gave one */
export type Pipeline = (statements: readonly Sent[]) => Promise<Row[][]>;

export function pipeline(url: string, token: string | undefined): Pipeline {
  const address = addressOf(url);
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return async (statements) => {
    const answer = await reach(address, headers, bodyOf(statements));
    if (!answer.ok) throw await failure(answer);
    const { results } = (await answer.json()) as Answer;
    const [first] = results;
    if (first?.type === 'error') throw faultOf(first.error);
    const { step_results: steps, step_errors: errors } = first?.response.result ?? NOTHING;
    const fault = errors.find((one) => one !== null);
    if (fault) throw faultOf(fault);
    // The first step begins the transaction, the one after the statements ends it.
    if (!steps[statements.length + 1]) throw new LibsqlError('The batch was not carried out to its end.', 'TRANSACTION_CLOSED');
    return statements.map((_, i) => (steps[i + 1]?.rows ?? []).map((row) => row.map(decoded)));
  };
}

/** Where a database is asked: as the library reads addresses, `libsql:` is TLS. */
function addressOf(url: string): string {
  const base = new URL(url.replace(/^libsql:/, 'https:'));
  return new URL('v2/pipeline', base).href;
}

type Fault = { message: string; code?: string | null | undefined };
type Value =
  | { type: 'text'; value: string }
  | { type: 'integer'; value: string }
  | { type: 'float'; value: number }
  | { type: 'null' }
  | Blob;
type Blob = { type: 'blob'; base64: string };
type Batched = { step_results: ({ rows: Value[][] } | null)[]; step_errors: (Fault | null)[] };
type Answer = { results: ({ type: 'ok'; response: { result: Batched } } | { type: 'error'; error: Fault })[] };

const NOTHING: Batched = { step_results: [], step_errors: [] };
/** Statements that are sent are few, and texts are long: each is written as JSON once. */
const written = new Map<string, string>();
const MOST_WRITTEN = 500;

function quoted(sql: string): string {
  const known = written.get(sql);
  if (known !== undefined) return known;
  if (written.size >= MOST_WRITTEN) written.clear();
  const made = JSON.stringify(sql);
  written.set(sql, made);
  return made;
}

/** Each statement where the one before it went well; undone where any did not. */
function bodyOf(statements: readonly Sent[]): string {
  let steps = '{"stmt":{"sql":"BEGIN DEFERRED"}}';
  let step = 0;
  for (const { sql, args } of statements) {
    steps += `,{"condition":{"type":"ok","step":${step++}},"stmt":{"sql":${quoted(sql)},"args":${JSON.stringify(args.map(argument))}}}`;
  }
  steps += `,{"condition":{"type":"ok","step":${step}},"stmt":{"sql":"COMMIT"}}`;
  steps += `,{"condition":{"type":"not","cond":{"type":"ok","step":${step + 1}}},"stmt":{"sql":"ROLLBACK"}}`;
  return `{"requests":[{"type":"batch","batch":{"steps":[${steps}]}},{"type":"close"}]}`;
}

function argument(value: unknown): Value {
  if (typeof value === 'string') return { type: 'text', value };
  if (value === null) return { type: 'null' };
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { type: 'integer', value: String(value) };
  if (typeof value === 'number' && Number.isFinite(value)) return { type: 'float', value };
  throw new TypeError(`A statement takes no ${typeof value} as its argument.`);
}

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

const Said = z.object({ message: z.string(), code: z.string().nullish() });

async function failure(answer: Response): Promise<LibsqlError> {
  const said = Said.safeParse(await answer.json().catch(() => null));
  return said.success ? faultOf(said.data) : new LibsqlError(`The database answered ${answer.status}.`, 'SERVER_ERROR');
}

const faultOf = ({ message, code }: Fault) => new LibsqlError(message, code ?? 'UNKNOWN');
