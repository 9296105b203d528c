import * as z from 'zod';
import type { Network } from '../env.ts';

/**
 * Reaching a database that may be away for a moment, as when its process is started again. What can be sent twice is sent again until it is there: what only
 * reads, and what holds a request's own row, which cannot be there twice (who meets it there is told the first outcome). Of anything else nobody can say
 * whether it came to be: it is not repeated.
 */

/** Thrown where a database could not be reached, or was lost while it was asked. */
class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Milliseconds between tries: together longer than a process of ours takes to come back. */
const PAUSES = [25, 50, 100, 200, 400, 800, 1_600, 1_600];

const encoder = new TextEncoder();

/** What a proxy answers for a database that is not there. */
const AWAY = new Set([502, 503, 504]);

/** An answer, and its text, which has come whole. What of its head nobody asks for is not looked up. */
export type Reached = { head: Pick<Response, 'ok' | 'status' | 'headers'>; text: string };

/** Sends a Hrana request, in bytes: the runtime writes those several times faster than a text. The answer has come whole. @throws Unreachable */
export async function reach(address: string, headers: HeadersInit, body: string, network: Network = globalThis): Promise<Reached> {
  const bytes = encoder.encode(body);
  for (let tries = 0; ; tries++) {
    try {
      const head = await network.fetch(address, { method: 'POST', headers, body: bytes });
      const text = await head.text();
      if (!AWAY.has(head.status)) return { head, text };
    } catch (thrown) {
      // Whoever has waited so long does not ask again.
      if (isTimeout(thrown)) throw new Unreachable('The database does not answer.');
      if (!isLost(thrown)) throw thrown;
    }
    const pause = PAUSES[tries];
    if (pause === undefined || !repeatable(body)) throw new Unreachable('The database is not reached.');
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Whether it was given up as nothing came (`patient`). */
const isTimeout = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'TimeoutError';

/** Whether it was a connection that failed: workerd says that it was lost, Node that fetching failed. */
const isLost = (thrown: unknown): boolean =>
  thrown instanceof Error && /network connection lost|fetch failed|terminated/i.test(thrown.message);

/** Whether a database could not be reached, whatever wraps that. */
export function isUnreachable(thrown: unknown): boolean {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) if (at instanceof Unreachable) return true;
  return false;
}

/** As far as it matters here: where a Hrana request has SQL. What is stored under a number is among the requests itself (`store_sql`). */
const Statement = z.object({ sql: z.string().optional() });
const Requests = z.object({
  baton: z.string().nullish(),
  requests: z.array(
    Statement.extend({
      stmt: Statement.optional(),
      batch: z.object({ steps: z.array(z.object({ stmt: Statement })) }).optional(),
    }),
  ),
});

/** What begins with what it looks through first (`WITH`) reads where nothing in it writes. */
const READS = /^\s*(?:(?:select|begin|commit|rollback)\b|with\b(?![\s\S]*\b(?:insert|update|delete|replace)\b))/i;
const OWN_ROW = /^insert into "requests"/i;

/** Whether a request can be sent twice. One that goes on with a stream cannot: the stream is gone with its process. */
function repeatable(body: string): boolean {
  const read = Requests.safeParse(JSON.parse(body));
  if (!read.success || read.data.baton) return false;
  const said = read.data.requests.flatMap((one) => [one, one.stmt, ...(one.batch?.steps.map((step) => step.stmt) ?? [])]);
  const statements = said.flatMap((one) => (one?.sql === undefined ? [] : [one.sql]));
  return statements.every((sql) => READS.test(sql)) || statements.some((sql) => OWN_ROW.test(sql));
}
