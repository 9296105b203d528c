import { LibsqlError } from '@libsql/client/web';
import * as z from 'zod';
import type { Network } from '../env.ts';
import { type Answered, answered, type Fault, type Row } from './answer.ts';
import { parsed } from './entries.ts';
import { type Reached, reach } from './reach.ts';

/**
 * One round trip of statements to a libSQL database: a batch of Hrana 2 over HTTP in one transaction, all or nothing, as the client library's `batch` sends
 * it. The library makes of each answer rows with names, which are then taken apart again, and of each value an object: of what a page costs that was a
 * fifth (`npm run bench`). It stays in use for whatever is not asked with every request. Here rows are lists of values, as they came.
 */

export type Sent = { readonly sql: string; readonly args: readonly unknown[] };
/** Sends statements that are to hold together. @throws LibsqlError as the library does, with SQLite's code where it gave one */
export type Pipeline = (statements: readonly Sent[]) => Promise<(readonly Row[])[]>;

/**
 * Sends groups of statements in one transaction: each group holds together by itself, and one that fails undoes nothing of the others. Tells for each why
 * it failed, or null. @throws LibsqlError where the transaction as a whole was not carried out
 */
export type GroupPipeline = (groups: readonly (readonly Sent[])[]) => Promise<(LibsqlError | null)[]>;

export function pipeline(url: string, token: string | undefined, network?: Network): { send: Pipeline; sendEach: GroupPipeline } {
  const address = addressOf(url);
  const headers = new Headers({ 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) });

  async function carriedOut(batch: Steps): Promise<Answered> {
    const answer = await reach(address, headers, batch.body(), network);
    if (!answer.head.ok) throw failure(answer);
    return answered(answer.text, faultOf);
  }

  return {
    async send(statements) {
      const batch = new Steps('BEGIN DEFERRED');
      const steps = statements.map((one) => batch.add(one, ok(batch.last)));
      const committed = batch.end(ok(batch.last));
      const { rows: done, faults: errors } = await carriedOut(batch);
      const fault = errors.find((one) => one !== null);
      if (fault) throw faultOf(fault);
      if (!done[committed]) throw notToItsEnd();
      return steps.map((step) => done[step] ?? []);
    },

    async sendEach(groups) {
      // The lock is taken at once: nothing of the groups is to fail because another writer came between them.
      const batch = new Steps('BEGIN IMMEDIATE');
      const begun = batch.last;
      const spans = groups.map((statements) => {
        const from = batch.add(plain('SAVEPOINT one'), ok(begun));
        for (const one of statements) batch.add(one, ok(batch.last));
        const kept = batch.add(plain('RELEASE one'), ok(batch.last));
        batch.add(plain('ROLLBACK TO one'), `{"type":"and","conds":[${ok(from)},${not(ok(kept))}]}`);
        batch.add(plain('RELEASE one'), ok(batch.last));
        return { from, kept };
      });
      const committed = batch.end(ok(begun));
      const { rows: done, faults: errors } = await carriedOut(batch);
      if (!done[committed]) throw errors[begun] ? faultOf(errors[begun]) : notToItsEnd();
      return spans.map(({ from, kept }) => {
        const fault = errors.slice(from, kept + 1).find((one) => one !== null);
        return fault ? faultOf(fault) : done[kept] ? null : notToItsEnd();
      });
    },
  };
}

const notToItsEnd = () => new LibsqlError('The batch was not carried out to its end.', 'TRANSACTION_CLOSED');

/** Where a database is asked: as the library reads addresses, `libsql:` is TLS. */
function addressOf(url: string): string {
  const base = new URL(url.replace(/^libsql:/, 'https:'));
  return new URL('v2/pipeline', base).href;
}

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

const plain = (sql: string): Sent => ({ sql, args: [] });
const ok = (step: number) => `{"type":"ok","step":${step}}`;
const not = (condition: string) => `{"type":"not","cond":${condition}}`;

/** The steps of a batch as JSON text, each with its condition: it is written as it grows, as texts are long. */
class Steps {
  /** The number of the step that was added last; the first begins the transaction. */
  last = 0;
  private text: string;

  constructor(begin: string) {
    this.text = `{"stmt":{"sql":${quoted(begin)}}}`;
  }

  /** Adds a step that is carried out where `condition` holds; tells its number. */
  add({ sql, args }: Sent, condition: string): number {
    const values = args.length > 0 ? `,"args":[${args.map(argument).join()}]` : '';
    this.text += `,{"condition":${condition},"stmt":{"sql":${quoted(sql)}${values}}}`;
    this.last += 1;
    return this.last;
  }

  /** Ends the transaction where `condition` holds, and undoes it where it could not be ended; tells the number of the step that ends it. */
  end(condition: string): number {
    const committed = this.add(plain('COMMIT'), condition);
    this.add(plain('ROLLBACK'), not(ok(committed)));
    return committed;
  }

  body(): string {
    return `{"requests":[{"type":"batch","batch":{"steps":[${this.text}]}},{"type":"close"}]}`;
  }
}

function argument(value: unknown): string {
  if (typeof value === 'string') return `{"type":"text","value":${JSON.stringify(value)}}`;
  if (value === null) return '{"type":"null"}';
  if (typeof value === 'number' && Number.isSafeInteger(value)) return `{"type":"integer","value":"${value}"}`;
  if (typeof value === 'number' && Number.isFinite(value)) return `{"type":"float","value":${JSON.stringify(value)}}`;
  throw new TypeError(`A statement takes no ${typeof value} as its argument.`);
}

const Said = z.object({ message: z.string(), code: z.string().nullish() });

function failure({ head, text }: Reached): LibsqlError {
  const said = Said.safeParse(parsed(text));
  return said.success ? faultOf(said.data) : new LibsqlError(`The database answered ${head.status}.`, 'SERVER_ERROR');
}

const faultOf = ({ message, code }: Fault) => new LibsqlError(message, code ?? 'UNKNOWN');
