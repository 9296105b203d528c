import { Hono } from 'hono';
import { UndeliveredPage } from '../../web/pages/undelivered.tsx';
import { instant } from '../clock.ts';
import { contactOf, masked } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { value } from './arrival.ts';
import { deskWith } from './institution.ts';
import { formOf, type Portal, page } from './portal.ts';

/** Notices and invitations of a lender that could not be delivered: its administrator sees them, and sends them again. */

export const undeliveredRoutes = new Hono<Portal>();

const MOST = 100;

undeliveredRoutes.get('/desk/:lender/letters', async (c) => {
  const { lender } = deskWith(c, 'administer');
  const dead = await c.var.directory.deadMail(lender.id, MOST);
  const letters = dead.flatMap(({ id, recipient, subject, fault, deadAt }) =>
    fault && deadAt ? [{ id, to: masked(contactOf(recipient)), subject, fault, deadAt }] : [],
  );
  const sent = /^\d{1,6}$/.exec(c.req.query('sent') ?? '')?.[0];
  return page(c, UndeliveredPage({ view: c.var.view, lender, letters, sent: sent === undefined ? null : Number(sent) }));
});

/** One of them, or all. */
undeliveredRoutes.post('/desk/:lender/letters', async (c) => {
  const { lender } = deskWith(c, 'administer');
  const id = value(await formOf(c), 'id');
  const count = await c.var.directory.reviveMail(lender.id, id || null, instant());
  c.executionCtx.waitUntil(deliver(c.var.env));
  return c.redirect(`/desk/${lender.slug}/letters?sent=${count}`, 303);
});
