import { Hono } from 'hono';
import { DeskComplaintsPage } from '../../web/pages/complaints.tsx';
import { instant } from '../clock.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { openDesk } from '../store/open.ts';
import { desk } from './desk.ts';
import { type Portal, page } from './portal.ts';

/** Complaints of a lender's cases that wait for its answer. */

export const deskComplaintRoutes = new Hono<Portal>();

deskComplaintRoutes.get('/desk/:lender/complaints', async (c) => {
  const admission = desk(c);
  const [due, id] = (c.req.query('from') ?? '').split(' ');
  const from = due && id ? { complaintDue: due.slice(0, 21), id: id.slice(0, 40) } : undefined;
  const { cases, next } = await openDesk(c.var.env, admission).complaining(from);
  const on = next ? `?${new URLSearchParams({ from: `${next.complaintDue} ${next.id}` })}` : null;
  const today = dayOf(instant(), HOME.zone);
  return page(c, DeskComplaintsPage({ view: c.var.view, lender: admission.lender, today, cases, next: on }));
});
