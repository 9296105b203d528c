import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Portal } from './portal.ts';

/**
 * Bounds the body of a request: by its length where it says one, else as it comes in. One that breaks off or is badly framed is a bad request.
 * @param otherwise what is thrown at a body of more than `most` bytes
 */
export function bounded(most: (path: string) => { bytes: number; otherwise: () => Error }): MiddlewareHandler<Portal> {
  return async (c, next) => {
    const { body } = c.req.raw;
    // What comes with a GET is not read (RFC 9110 9.3.1), and no request can be made of it.
    if (!body || ['GET', 'HEAD'].includes(c.req.method)) return next();
    const { bytes, otherwise } = most(c.req.path);
    const length = c.req.header('transfer-encoding') === undefined ? c.req.header('content-length') : undefined;
    if (length !== undefined) {
      if (Number(length) > bytes) throw otherwise();
      return next();
    }
    c.req.raw = new Request(c.req.raw, { body: await whole(body, bytes, otherwise) });
    await next();
  };
}

async function whole(body: ReadableStream<Uint8Array>, most: number, otherwise: () => Error): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new HTTPException(400);
    });
    if (done) return new Blob(chunks);
    size += value.length;
    if (size > most) throw otherwise();
    chunks.push(new Uint8Array(value));
  }
}
