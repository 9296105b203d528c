import { Hono } from 'hono';
import { ConfirmPage, SignInPage } from '../../web/pages/people.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { instant } from '../clock.ts';
import { type Contact, contactText, masked, parseContact } from '../contact.ts';
import { newDeviceLetter } from '../letters.ts';
import type { Typed } from '../negotiation/form.ts';
import { checkPassword } from '../password.ts';
import type { Account, Session } from '../store/accounts.ts';
import { arrive, nextOf, refusedForm, toConfirm, value } from './arrival.ts';
import { aboutOf, GUESSED_AT, guessedFrom, passwordAttempt, tooManyFrom } from './attempts.ts';
import { askForCode, codeFault, pendingCode, sendCode, typedCode } from './codes.ts';
import { knownDevice } from './device.ts';
import { keptAt } from './kept.ts';
import { type C, formOf, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, retyped, type Said, statusOf } from './returned.ts';

/** Signing in and out. Tries are counted before a password is looked at, and who knows the right one is never locked out by others. */

export const signInRoutes = new Hono<Portal>();

signInRoutes.get('/sign-in', async (c) => {
  const form = (await returnedForm(c, '/sign-in')) ?? filled({ next: nextOf(c) });
  return page(c, SignInPage({ view: c.var.view, form }), statusOf(form));
});

/** The form as it was typed, but for secrets; nothing is done. */
signInRoutes.post('/sign-in/typed', async (c) =>
  retyped(c, '/sign-in', await formOf(c), (form) => page(c, SignInPage({ view: c.var.view, form }))),
);

signInRoutes.post('/sign-in', async (c) => {
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const contact = parseContact(value(values, 'contact'));
  const draw = (form: Filled, status: 422 | 429) => page(c, SignInPage({ view: c.var.view, form }), status);
  const refuse = (errors: Filled['errors'], status: 422 | 429) => draw(refusedForm(values, errors), status);
  // What was written when a session had ended goes along in the page, and is kept nowhere.
  const again = (said: Said) =>
    keptAt(values) ? refuse(said(c.var.view.words), 422) : refusedAt(c, '/sign-in', values, said, (form) => draw(form, 422));
  if (!contact) return again(({ account }) => ({ contact: account.contactBad }));
  const now = instant();
  const about = aboutOf(c, contact);
  const counted = passwordAttempt(c, about, now);
  const { wait, all, address, account, begun } = await c.var.directory.tryPassword({ ...counted, contact, about }, now);
  if (wait || tooManyFrom(c, address)) {
    const seconds = wait ? Math.max(1, Math.ceil((Date.parse(wait) - Date.parse(now)) / 1000)) : null;
    c.header('Retry-After', String(seconds ?? 900));
    return refuse({ '': seconds === null ? say.tooMany : say.wait({ seconds }) }, 429);
  }
  const holds = await checkPassword(value(values, 'password').slice(0, 1000), account?.password ?? begun?.password ?? null);
  if (!holds) return again((words) => ({ password: words.account.wrong }));
  if (!account) {
    // Signed up and never typed the code: a new one goes out, under this visitor's own token.
    const { tooMany, digits } = await askForCode(c, contact, 'sign-up');
    if (tooMany) return refuse({ '': say.tooMany }, 429);
    const { name = null, password = null } = begun ?? {};
    await sendCode(c, { purpose: 'sign-up', contact, digits, name, password, letter: 'code' });
    return toConfirm(c, 'sign-up', nextOf(c, values));
  }
  const others = [counted.all, counted.address].flatMap((one) => (one ? [one.key] : []));
  if (all > GUESSED_AT || guessedFrom(c, address)) return askForCodeToo(c, account, contact, values, counted.address?.key ?? null);
  const endOthers = value(values, 'others') !== '';
  const letter = knownDevice(c, about)
    ? null
    : newDeviceLetter({ recipient: contactText(contact), language: account.language, account: account.id }, now);
  const also = { pace: counted.pace.key, others, endOthers, letter };
  const kept = keptAt(values);
  const begin = (session: Session) => c.var.directory.signIn(session, also);
  // 307: what was written when the session had ended goes on to its page.
  return kept ? arrive(c, account.id, about, kept, begin, { again: true }) : arrive(c, account.id, about, nextOf(c, values), begin);
});

/**
 * Somebody is guessing at this account from many places, or at many from this one: from a device that it does not know, the right password needs a code as
 * well. It was no wrong one, so it does not count against its `address`.
 */
async function askForCodeToo(c: C, account: Account, contact: Contact, values: Typed, address: string | null) {
  if (address) await c.var.directory.takeBack(address);
  const { tooMany, digits } = await askForCode(c, contact, 'sign-in');
  if (tooMany) {
    const form = refusedForm(values, { '': c.var.view.words.account.tooMany });
    return page(c, SignInPage({ view: c.var.view, form }), 429);
  }
  await sendCode(c, { purpose: 'sign-in', contact, digits, account, letter: 'code' });
  return toConfirm(c, 'sign-in', nextOf(c, values));
}

signInRoutes.get('/sign-in/confirm', async (c) => {
  const pending = await pendingCode(c, 'sign-in');
  if (!pending) return c.redirect('/sign-in', 303);
  const form = (await returnedForm(c, CONFIRM)) ?? filled({ next: nextOf(c) });
  return confirmPage(c, pending.contact, form);
});

const CONFIRM = '/sign-in/confirm';

const confirmPage = (c: C, contact: Contact, form: Filled) =>
  page(c, ConfirmPage({ view: c.var.view, way: 'sign-in', to: masked(contact), form }), statusOf(form));

signInRoutes.post('/sign-in/confirm', async (c) => {
  const values = await formOf(c);
  const tried = await typedCode(c, 'sign-in', value(values, 'code'));
  if ('wrong' in tried) {
    const pending = await pendingCode(c, 'sign-in');
    if (!pending) return c.redirect('/sign-in', 303);
    return refusedAt(c, CONFIRM, values, codeFault(tried.wrong), (form) => confirmPage(c, pending.contact, form));
  }
  const { code } = tried;
  const now = instant();
  return arrive(c, code.account ?? '', code.about, nextOf(c, values), (session) => c.var.directory.signInByCode(code, session, now));
});

signInRoutes.post('/sign-out', async (c) => {
  c.header('Set-Cookie', await c.var.sessions.end(c.req.header('cookie') ?? ''));
  return c.redirect('/', 303);
});
