import { Hono } from 'hono';
import { DeskErrandsPage, ErrandsPage } from '../../web/pages/errands.tsx';
import { DID, LIST } from '../../web/parts/view.ts';
import { instant } from '../clock.ts';
import { commands } from '../negotiation/errand.ts';
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
  return page(c, ErrandsPage({ view: c.var.view, id, number: row.number, kase, own, situation, colleagues, list: listAsked(c) }), status);
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
      did: didIn(c),
      next: next && `?${new URLSearchParams({ from: `${next.dueOn} ${next.case} ${next.no}` })}`,
    }),
  );
});

/** From the list of which lender's desk somebody comes, as the address says. */
const listAsked = (c: C): string | undefined => /^[a-z0-9-]{1,32}$/.exec(c.req.query(LIST) ?? '')?.[0];

/** What was done, as the address says. */
function didIn(c: C) {
  const number = /^HY-[0-9A-Z-]{4,12}$/.exec(c.req.query(DID.in) ?? '')?.[0];
  const command = c.req.query(DID.command);
  return number && (command === commands.finish.name || command === commands.see.name) ? { command, number } : null;
}

/** From which on, as an address asks: its day, its case, its number there. */
function keyOf(from: string | undefined): ErrandKey | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})? ([0-9a-f]{32}) (\d{1,9})$/.exec(from ?? '');
  return found ? { dueOn: found[1] ?? '', case: found[2] ?? '', no: Number(found[3]) } : undefined;
}
