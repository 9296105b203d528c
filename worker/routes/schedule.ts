import { Hono } from 'hono';
import { SchedulePage } from '../../web/pages/schedule.tsx';
import { lagOf } from '../execute/lag.ts';
import { deskWith } from './institution.ts';
import { type Portal, page } from './portal.ts';

/** How far the schedule is behind with a lender, for its administrator. */

export const scheduleRoutes = new Hono<Portal>();

scheduleRoutes.get('/desk/:lender/schedule', async (c) => {
  const { lender } = deskWith(c, 'administer');
  return page(c, SchedulePage({ view: c.var.view, lender, lag: await lagOf(c.var.env, lender) }));
});
