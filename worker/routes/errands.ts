import { Hono } from 'hono';
import { DeskErrandsPage, ErrandsPage } from '../../web/pages/errands.tsx';
import { instant } from '../clock.ts';
import { may, works } from '../negotiation/seats.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import type { ErrandKey } from '../store/errands.ts';
import { openDesk } from '../store/open.ts';
import { deskWith } from './institution.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** What the lender's people ask of each other: in one case, and all that waits for somebody. */

export const errandRoutes = new Hono<Portal>();

errandRoutes.get('/cases/:case/errands', async (c) => showErrands(c, await openCase(c)));

export async function showErrands(c: C, { id, row, kase, admission, situation }: OpenCase, status: 200 | 422 = 200) {
  const { own, seat } = situation;
  if (!own || seat.side !== 'lender') throw notFound();
  const colleagues = [...(await c.var.directory.colleagues(admission.lender.id)).values()].filter(({ capacity }) => works(capacity));
  return page(c, ErrandsPage({ view: c.var.view, id, number: row.number, kase, own, situation, colleagues }), status);
}

errandRoutes.get('/desk/:lender/errands', async (c) => {
  const admission = deskWith(c, 'assign');
  const { lender, seat } = admission;
  const now = instant();
  const colleagues = await c.var.directory.colleagues(lender.id);
  const working = [...colleagues.values()].filter(({ capacity }) => works(capacity));
  const found = await openDesk(c.var.env, admission).errands(
    seat.account,
    may(seat, 'reassign', now) ? working.map(({ account }) => account) : null,
    keyOf(c.req.query('from')),
  );
  const { mine, ownerless, next } = found;
  return page(
    c,
    DeskErrandsPage({
      view: c.var.view,
      lender,
      today: dayOf(now, HOME.zone),
      mine,
      ownerless,
      next: next && `?${new URLSearchParams({ from: `${next.dueOn} ${next.case} ${next.no}` })}`,
    }),
  );
});

/** From which on, as an address asks: its day, its case, its number there. */
function keyOf(from: string | undefined): ErrandKey | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})? ([0-9a-f]{32}) (\d{1,9})$/.exec(from ?? '');
  return found ? { dueOn: found[1] ?? '', case: found[2] ?? '', no: Number(found[3]) } : undefined;
}
