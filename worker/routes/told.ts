import { Hono } from 'hono';
import { StopPage } from '../../web/pages/stop.tsx';
import { stoppedBy } from '../deliver/stop.ts';
import { chosen, readChoices, USUAL } from '../negotiation/news.ts';
import { value } from './arrival.ts';
import { type C, formOf, notFound, type Portal, page, person } from './portal.ts';

/** How people are told of news: what they choose in their account, and the link by which a letter is stopped. */

export const toldRoutes = new Hono<Portal>();

/** What a person has chosen, or what is usual for who they are. */
export async function choicesOf(c: C) {
  const { account, memberships } = person(c);
  const usual = USUAL[memberships.length > 0 ? 'lender' : 'borrower'];
  return readChoices(await c.var.directory.choicesOf(account.id)) ?? usual;
}

toldRoutes.post('/account/news', async (c) => {
  const { account, second } = person(c);
  const values = await formOf(c);
  const asked = (name: string) => value(values, name);
  const ways = { offers: asked('offers'), talk: asked('talk'), papers: asked('papers'), payments: asked('payments') };
  // Where there is one contact alone, the form asks for none.
  const all = chosen(second ? { ...ways, by: contactsIn(asked) } : ways);
  // Radio buttons that name nothing that there is: nobody typed that, and nothing changes.
  if (!all) return c.redirect('/account', 303);
  await c.var.directory.setChoices(account.id, JSON.stringify(all));
  return c.redirect('/account?done=news', 303);
});

const contactsIn = (asked: (name: string) => string) => ({
  offers: asked('by.offers') || undefined,
  talk: asked('by.talk') || undefined,
  papers: asked('by.papers') || undefined,
  payments: asked('by.payments') || undefined,
  always: asked('by.always') || undefined,
});

/** Asks: programs that look at the links of a mail open this, too. */
toldRoutes.get('/unsubscribe/:token', (c) => {
  const stopped = stoppedBy(c.var.env, c.req.param('token'));
  if (!stopped) throw notFound();
  return page(c, StopPage({ view: c.var.view, token: c.req.param('token'), news: stopped.news, done: false }));
});

/** RFC 8058: from the mail program itself, without a session; the token says whose letters, and does nothing else. */
toldRoutes.post('/unsubscribe/:token', async (c) => {
  const { directory, env, view } = c.var;
  const stopped = stoppedBy(env, c.req.param('token'));
  if (!stopped) throw notFound();
  const usual = USUAL[(await directory.employersOf(stopped.account)).length > 0 ? 'lender' : 'borrower'];
  const before = readChoices(await directory.choicesOf(stopped.account)) ?? usual;
  const after = { ...before, ...Object.fromEntries(stopped.news.map((one) => [one, 'never'])) };
  await directory.setChoices(stopped.account, JSON.stringify(after));
  return page(c, StopPage({ view, token: c.req.param('token'), news: stopped.news, done: true }));
});
