import type { C } from './portal.ts';

/** The network address from which a request came, as the platform says; for counting attempts, never stored beside content. */
export function addressOf(c: C): string {
  return c.req.header('cf-connecting-ip') ?? 'unknown';
}
