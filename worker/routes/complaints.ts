import { Hono } from 'hono';
import { ComplaintsPage } from '../../web/pages/complaints.tsx';
import { type C, type OpenCase, openCase, type Portal, page, pageBefore } from './portal.ts';

/** The complaints of a case. */

export const complaintRoutes = new Hono<Portal>();

complaintRoutes.get('/cases/:case/complaints', async (c) => showComplaints(c, await openCase(c, pageBefore(c))));

export function showComplaints(c: C, { kase, entries, more, situation, id, row }: OpenCase, status: 200 | 422 = 200) {
  return page(c, ComplaintsPage({ view: c.var.view, id, number: row.number, kase, entries, more, situation }), status);
}
