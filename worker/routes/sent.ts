import { Hono } from 'hono';
import { SentPage } from '../../web/pages/opening/sent.tsx';
import { contactIn, masked } from '../contact.ts';
import { promisedOn } from '../negotiation/duties.ts';
import { type C, notFound, openCase, type Portal, page, person } from './portal.ts';

/** What happens now, for the borrower who has just sent their first proposal. */

export const sentRoutes = new Hono<Portal>();

sentRoutes.get('/cases/:case/sent', async (c: C) => {
  const { account } = person(c);
  const { id, row, kase, policy, situation } = await openCase(c);
  const first = kase.offers.find(({ side }) => side === 'borrower');
  if (situation.seat.side !== 'borrower' || (kase.openedBy !== 'borrower' && !first)) return c.redirect(`/cases/${id}`, 303);
  const days = policy.answerWithin;
  if (!first) throw notFound();
  const by = promisedOn(first, situation);
  return page(c, SentPage({ view: c.var.view, id, number: row.number, kase, days, by, hint: masked(contactIn(account)) }));
});
