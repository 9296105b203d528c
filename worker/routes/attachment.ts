import { create } from 'content-disposition';
import type { C } from './portal.ts';

/** The policy of a download: wherever it is opened, it runs nothing and reaches nothing. */
export const SANDBOX = "sandbox; default-src 'none'";

/** Bytes as a download that no browser runs: an attachment (which `app.ts` puts in a sandbox) of the type that was recognised (RFC 6266 and 8187 for the name;
 * `plain` is the name in ASCII, for a client that reads no other). */
export function attachment(
  c: C,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | string,
  name: string,
  type: string,
  plain?: string,
) {
  c.header('Content-Disposition', create(name.toWellFormed(), plain ? { fallback: plain } : {}));
  c.header('Content-Type', type);
  return c.body(body);
}
