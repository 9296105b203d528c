import { Hono } from 'hono';
import { isReady } from '../store/ready.ts';
import type { C, Portal } from './portal.ts';

/**
 * For what watches over the portal: `/healthz` says that it is alive, `/readyz` that its directory and its storage answer. Neither needs anybody to be
 * signed in, nor is counted, kept or told anything of whom or what there is. @see README.md, Running it
 */

export const healthRoutes = new Hono<Portal>();

/** How long an answer of the parts behind stands, in milliseconds: whoever asks more often asks them no more often than this. */
const STANDS = 1_000;

/** What the parts said last. What is waited for belongs to one request: only its outcome is kept. */
let last: { at: number; ready: Awaited<ReturnType<typeof isReady>> } | null = null;

healthRoutes.get('/healthz', (c) => said(c, 200, { alive: true }));

healthRoutes.get('/readyz', async (c) => {
  if (!last || Date.now() - last.at > STANDS) {
    const ready = await isReady(c.var.env);
    last = { at: Date.now(), ready };
  }
  const { directory, storage } = last.ready;
  return said(c, directory && storage ? 200 : 503, { ready: directory && storage, directory, storage });
});

function said(c: C, status: 200 | 503, what: Record<string, boolean>) {
  c.header('Cache-Control', 'no-store');
  return c.json(what, status);
}
