import { Hono } from 'hono';
import { SpareCodesPage } from '../../web/pages/factor.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { contactIn, contactText } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { lockedSecret, newSpareCodes, spareCodeId, stepOf, unlockedSecret } from '../factor.ts';
import { factorLetter } from '../letters.ts';
import type { Session } from '../store/accounts.ts';
import type { Visit } from '../store/admission.ts';
import { accountAgain } from './account.ts';
import { arrive, beginSession, nextOf, refusedForm, value } from './arrival.ts';
import { aboutOf } from './attempts.ts';
import { rememberDevice } from './device.ts';
import { factorPage } from './factor-page.ts';
import { keptAt } from './kept.ts';
import { type C, formOf, localPath, notFound, type Portal, page, person } from './portal.ts';
import { givenFactor, proves, unproved } from './proof.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/** The second factor: giving it after the password, setting it up, new codes on paper, and turning it off. */

export const factorRoutes = new Hono<Portal>();

/** Who is there, whether or not they owe their second factor. */
const known = (c: C): Visit => c.var.owing ?? person(c);

const onwards = (next: string) => (next === '/' ? '/cases' : next);

factorRoutes.get('/second-factor', async (c) => {
  const visit = known(c);
  const next = nextOf(c);
  if (!c.var.owing) return c.redirect(onwards(next), 303);
  const form = (await returnedForm(c, '/second-factor')) ?? filled({ next });
  return factorPage(c, visit, form, statusOf(form));
});

factorRoutes.post('/second-factor', async (c) => {
  const values = await formOf(c);
  const visit = known(c);
  const { account, session } = visit;
  const kept = keptAt(values);
  const next = kept ?? nextOf(c, values);
  if (!c.var.owing) return c.redirect(onwards(next), kept ? 307 : 303);
  if (!visit.factor) return factorPage(c, visit, refusedForm(values, {}));
  const tried = await givenFactor(c, visit, values);
  // What was written when the session had ended goes along in the page, and is kept nowhere.
  if ('wrong' in tried) {
    const draw = (form: Filled) => factorPage(c, visit, form, 422);
    const said: Said = (words) => ({ factor: tried.wrong(words) });
    return kept ? draw(refusedForm(values, said(c.var.view.words))) : refusedAt(c, '/second-factor', values, said, draw);
  }
  const begin = (begun: Session) => c.var.directory.signInByFactor(begun, session.id, tried.pace);
  const options = { factorAt: instant(), again: kept !== null };
  return arrive(c, account.id, aboutOf(c, contactIn(account)), next, begin, options);
});

const SET_UP = '/second-factor/set-up';

factorRoutes.get(SET_UP, async (c) => {
  const visit = known(c);
  if (visit.factor) return c.redirect(c.var.owing ? '/second-factor' : '/account', 303);
  const form = (await returnedForm(c, SET_UP)) ?? filled({ next: nextOf(c) });
  return factorPage(c, visit, form, statusOf(form));
});

factorRoutes.post(SET_UP, async (c) => {
  const values = await formOf(c);
  const visit = known(c);
  const { account } = visit;
  const { env, directory, view } = c.var;
  if (visit.factor) return c.redirect(c.var.owing ? '/second-factor' : '/account', 303);
  const secret = await unlockedSecret(env.keys, account.id, value(values, 'secret'));
  const now = instant();
  const step = secret === null ? null : stepOf(secret, value(values, 'factor'), Date.parse(now));
  const holds = await proves(c, visit, value(values, 'password'));
  if (secret === null || step === null || !holds)
    return refusedAt(
      c,
      SET_UP,
      values,
      (words) => ({
        ...(step === null ? { factor: words.factor.wrong } : {}),
        ...(holds ? {} : { password: refusalText(words, { code: 'proof.needed' }) }),
      }),
      (form) => factorPage(c, visit, form, 422),
    );
  const locked = await lockedSecret(env.keys, account.id, secret);
  // Sent twice at once, one of them sets it up.
  if (!(await directory.addFactor({ account: account.id, secret: locked, since: now, lastStep: step })))
    return c.redirect('/second-factor', 303);
  const codes = newSpareCodes();
  const contact = contactIn(account);
  const letter = factorLetter({ recipient: contactText(contact), language: account.language, account: account.id }, 'on', now);
  await beginSession(c, account.id, (begun) => directory.signInBySetUp(begun, kept(c, account.id, codes), now, letter), now);
  rememberDevice(c, aboutOf(c, contact));
  const next = onwards(localPath(value(values, 'next') || undefined, '/'));
  return page(c, SpareCodesPage({ view, codes, next, isNew: true }));
});

/** The codes as they are kept. */
const kept = (c: C, account: string, codes: readonly string[]) => codes.flatMap((code) => spareCodeId(c.var.env, account, code) ?? []);

factorRoutes.post('/second-factor/codes', async (c) => {
  const { account, factor } = person(c);
  const values = await formOf(c);
  if (!factor) throw notFound();
  const wrong = await unproved(c, values);
  if (wrong) return accountAgain(c, values, wrong.said);
  const codes = newSpareCodes();
  await c.var.directory.changeSpareCodes(account.id, kept(c, account.id, codes), instant());
  return page(c, SpareCodesPage({ view: c.var.view, codes, next: '/account', isNew: false }));
});

/** Who works for a lender needs it; for everybody else it is theirs to choose. */
factorRoutes.post('/second-factor/off', async (c) => {
  const { account, factor, memberships } = person(c);
  const values = await formOf(c);
  if (!factor || memberships.length > 0) throw notFound();
  const wrong = await unproved(c, values);
  if (wrong) return accountAgain(c, values, wrong.said);
  const now = instant();
  const letter = factorLetter({ recipient: contactText(contactIn(account)), language: account.language, account: account.id }, 'off', now);
  await c.var.directory.dropFactor(account.id, letter, { signOut: false });
  c.executionCtx.waitUntil(deliver(c.var.env));
  return c.redirect('/account?done=off', 303);
});
