import { Hono } from 'hono';
import { AccountPage } from '../../web/pages/people.tsx';
import { type Filled, filled, own } from '../../web/parts/view.ts';
import { isReached } from '../carriers.ts';
import { instant } from '../clock.ts';
import { contactIn, contactOf, contactText, masked, otherKind, shownContact } from '../contact.ts';
import { passwordFault } from '../guessable.ts';
import { passwordLetter } from '../letters.ts';
import type { Typed } from '../negotiation/form.ts';
import { hashPassword } from '../password.ts';
import { asLanguage, LANGUAGES, type Language } from '../plan/languages.ts';
import type { Session } from '../store/accounts.ts';
import { arrive, passwordText, value } from './arrival.ts';
import { aboutOf } from './attempts.ts';
import { commonPasswords } from './common-passwords.ts';
import { asSize, type C, formOf, keepLanguage, keepSize, localPath, notFound, type Portal, page, passkeySite, person } from './portal.ts';
import { unproved } from './proof.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';
import { choicesOf } from './told.ts';

/** A person's account: password, language, size of letters, and where they are signed in. */

export const accountRoutes = new Hono<Portal>();

async function accountPage(c: C, form: Filled, notice?: string, status: 200 | 422 = 200) {
  const { account, session, factor: setUp, hasPasskeys, memberships, second } = person(c);
  const { directory } = c.var;
  const [sessions, left, keys] = await Promise.all([
    directory.sessionsOf(account.id),
    setUp ? directory.spareCodesLeft(account.id) : 0,
    hasPasskeys ? directory.passkeysOf(account.id) : [],
  ]);
  const choices = await choicesOf(c);
  const factor = { isSetUp: setUp !== null, owed: memberships.length > 0, left };
  const passkeys = { all: keys, possible: setUp !== null && passkeySite(c, c.var.env) !== null };
  const first = contactIn(account);
  const shown = { name: account.name, contact: shownContact(first), language: account.language };
  const contacts = {
    first: masked(first),
    second: second && { to: masked(contactOf(second.contact)), isRefused: second.refusedAt !== null },
    wanted: isReached(c.var.env.carriers, otherKind(first)) ? otherKind(first) : null,
  };
  return page(
    c,
    AccountPage({ view: c.var.view, account: shown, contacts, choices, sessions, current: session.id, factor, passkeys, form, notice }),
    status,
  );
}

/** The account again, with a form of it as it was refused. */
export const accountAgain = (c: C, values: Typed, said: Said) =>
  refusedAt(c, '/account', values, said, (form) => accountPage(c, form, undefined, 422));

accountRoutes.get('/account', async (c) => {
  const { account: say, factor } = c.var.view.words;
  const notice = own(
    {
      changed: say.changed,
      ended: say.ended,
      off: factor.isOff,
      news: say.newsSaved,
      contact: say.secondSet,
      'contact-removed': say.secondRemoved,
      'passkey-added': factor.passkeyIsAdded,
      'passkey-removed': factor.passkeyIsRemoved,
    },
    c.req.query('done') ?? '',
  );
  const form = (await returnedForm(c, '/account')) ?? filled({});
  return accountPage(c, form, notice, statusOf(form));
});

accountRoutes.post('/account/password', async (c) => {
  const { account, session } = person(c);
  const values = await formOf(c);
  const contact = contactIn(account);
  const wrong = await unproved(c, values);
  if (wrong) return accountAgain(c, values, wrong.said);
  const fault = passwordFault(value(values, 'newPassword'), contact, account.name, await commonPasswords(c));
  if (fault) return accountAgain(c, values, ({ account: say }) => ({ newPassword: passwordText(say, fault) }));
  const password = await hashPassword(value(values, 'newPassword'));
  const now = instant();
  const letter = passwordLetter({ recipient: contactText(contact), language: account.language, account: account.id }, now);
  const begin = (begun: Session) => c.var.directory.changePassword(null, { ...account, password }, begun, letter, now);
  return arrive(c, account.id, aboutOf(c, contact), '/account?done=changed', begin, { factorAt: session.factorAt });
});

accountRoutes.post('/account/language', async (c) => {
  const { account } = person(c);
  const language = asLanguage(value(await formOf(c), 'language')) ?? LANGUAGES[0];
  await c.var.directory.setLanguage(account.id, language);
  return withLanguage(c, language, '/account');
});

accountRoutes.post('/account/size', async (c) => {
  person(c);
  await keepSize(c, asSize(value(await formOf(c), 'size')) ?? 'plain');
  return c.redirect('/account', 303);
});

accountRoutes.post('/account/sessions/:id/end', async (c) => {
  const { account, session } = person(c);
  await c.var.directory.endSessionOf(account.id, c.req.param('id'));
  return c.redirect(c.req.param('id') === session.id ? '/' : '/account?done=ended', 303);
});

accountRoutes.get('/language/:language', (c) => {
  const language = asLanguage(c.req.param('language'));
  if (!language) throw notFound();
  return withLanguage(c, language, localPath(c.req.query('back'), '/'));
});

accountRoutes.get('/size/:size', async (c) => {
  const size = asSize(c.req.param('size'));
  if (!size) throw notFound();
  await keepSize(c, size);
  return c.redirect(localPath(c.req.query('back'), '/'), 303);
});

function withLanguage(c: C, language: Language, back: string) {
  keepLanguage(c, language);
  return c.redirect(back, 303);
}
