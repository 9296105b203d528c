import type { C } from './portal.ts';

/** The policy of a download: wherever it is opened, it runs nothing and reaches nothing. */
export const SANDBOX = "sandbox; default-src 'none'";

/** Bytes as a download that no browser runs: an attachment (which `app.ts` puts in a sandbox) of the type that was recognised (RFC 6266 and 8187 for the name). */
export function attachment(c: C, body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | string, name: string, type: string) {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  c.header(
    'Content-Disposition',
    `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)}`,
  );
  c.header('Content-Type', type);
  return c.body(body);
}
