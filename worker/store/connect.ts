import { createClient } from '@libsql/client/web';
import { drizzle } from 'drizzle-orm/libsql/web';
import type { Network } from '../env.ts';
import { type GroupPipeline, type Pipeline, pipeline } from './pipeline.ts';
import { CASING } from './prepared.ts';
import { reach } from './reach.ts';

/** `send` and `sendEach` are for statements that are prepared (`prepared.ts`). */
export type Database = ReturnType<typeof open> & { readonly send: Pipeline; readonly sendEach: GroupPipeline };

/** A few a portal has: its directory and the casebook of each lender that somebody has asked for lately. */
const connections = new Map<string, Database>();
const MOST_CONNECTIONS = 200;

/** A connection to a libSQL database over HTTP. It holds nothing open: each query or batch is one round trip. */
export function connect(url: string, token: string | undefined, network?: Network): Database {
  const name = `${url} ${token ?? ''}`;
  const known = connections.get(name);
  if (known) return known;
  if (connections.size >= MOST_CONNECTIONS) connections.clear();
  const made = Object.assign(open(url, token, network), pipeline(url, token, network));
  connections.set(name, made);
  return made;
}

function open(url: string, token: string | undefined, network: Network | undefined) {
  // Requests of an isolate share it, and none waits for another: what a request waits for must be its own.
  const fetch = async (request: Request) => {
    const { head, text } = await reach(request.url, request.headers, await request.text(), network);
    return new Response(text, { status: head.status, headers: { 'content-type': head.headers.get('content-type') ?? '' } });
  };
  const client = createClient({ url, fetch, concurrency: Number.POSITIVE_INFINITY, ...(token ? { authToken: token } : {}) });
  return drizzle(client, { casing: CASING });
}

const CONFLICT = /UNIQUE constraint|record: (an entry follows|a checkpoint is made once)/;

/** Whether a batch failed because a row was there already, or a record had moved on: somebody else was first. */
export function isConflict(thrown: unknown): boolean {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? String(at.code) : '';
    if (code.startsWith('SQLITE_CONSTRAINT') || CONFLICT.test(at.message)) return true;
  }
  return false;
}
