import { Hono } from 'hono';
import { WaysPage } from '../../web/pages/ways.tsx';
import { type C, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** What else there is where the two sides do not agree. The papers for each way are made where everything is taken away (`exports.ts`). */

export const wayRoutes = new Hono<Portal>();

wayRoutes.get('/cases/:case/ways', async (c) => showWays(c, await openCase(c)));

export function showWays(c: C, { kase, situation, id, row }: OpenCase, status: 200 | 422 = 200) {
  return page(c, WaysPage({ view: c.var.view, id, number: row.number, kase, situation }), status);
}
