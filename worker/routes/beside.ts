import { Hono } from 'hono';
import { instant } from '../clock.ts';
import { openDesk } from '../store/open.ts';
import { desk } from './desk.ts';
import { addressOf, listOf, placeIn } from './inbox.ts';
import { doors, notFound, type Portal } from './portal.ts';

/** From one case of the desk's list to the next, and who writes in a case beside others. */

export const besideRoutes = new Hono<Portal>();

/** The case after the one that the address names (`from`), or before it (`back`), in the choice that it came from (`list`); at the end of that, the list. */
besideRoutes.get('/desk/:lender/next', async (c) => {
  const admission = desk(c);
  const list = listOf(c.req.query('list') ?? '');
  const by = { account: admission.seat.account, words: c.var.view.words };
  const { chosen, asked, from } = placeIn(list, c.req.query('from') ?? '', by);
  const found = from ? await openDesk(c.var.env, admission).beside(asked, from, c.req.query('back') !== undefined) : null;
  const there = addressOf({ ...chosen, ...(found ? { key: String(found.value) } : {}) });
  return c.redirect(
    found ? `/cases/${found.case}?${new URLSearchParams({ list: there })}` : `/desk/${admission.lender.slug}?${there}`,
    303,
  );
});

/** Somebody of the lender's people is writing: said to colleagues who look at the case, and kept nowhere else. */
besideRoutes.post('/cases/:case/writing', async (c) => {
  for (const { casefile } of doors(c)) if (await casefile.writes(instant())) return c.body(null, 204);
  throw notFound();
});
