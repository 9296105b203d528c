/** What the door answers by itself. */

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { wordsOf } from '../web/words/index.ts';
import { LANGUAGES } from '../worker/plan/languages.ts';

/** What the worker's routes and those who try them use. A method of which workerd knows nothing it would answer with an error of its own. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What Node finds wrong with the bytes of a request, where that has a status of its own. */
export const FAULTS: Record<string, Status> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

type Status = 400 | 404 | 405 | 408 | 413 | 421 | 431 | 502 | 503;

export function refuse(response: ServerResponse, status: Status): void {
  if (response.headersSent) return void response.destroy();
  const said = { 408: 'late', 502: 'failed', 503: 'failed' }[status as number] as 'late' | 'failed' | undefined;
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...(status >= 500 ? { 'retry-after': '2' } : {}),
      ...(status === 405 ? { allow: METHODS.join(', ') } : {}),
    })
    .end(said ? LANGUAGES.map((one) => `${wordsOf(one).errors[said]}\n`).join('') : '');
}

/** The same where there is no request that could be answered. */
export function bareRefusal(socket: Duplex, status: Status): void {
  if (!socket.writable) return void socket.destroy();
  const allow = status === 405 ? `Allow: ${METHODS.join(', ')}\r\n` : '';
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${allow}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
