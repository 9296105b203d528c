import { Hono } from 'hono';
import { ConfirmPage } from '../../web/pages/people.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { isReached } from '../carriers.ts';
import { instant } from '../clock.ts';
import { type Contact, contactIn, contactText, masked, otherKind, parseContact } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { contactLetter } from '../letters.ts';
import { accountAgain } from './account.ts';
import { value } from './arrival.ts';
import { askForCode, codeFault, forgetToken, pendingCode, sendCode, typedCode } from './codes.ts';
import { type C, formOf, type Portal, page, person } from './portal.ts';
import { unproved } from './proof.ts';
import { refusedAt, returnedForm, statusOf } from './returned.ts';

/** A person's second contact, where news can go: a number beside an address, or an address beside a number. Whoever gives it types the code that is sent there. */

export const secondContactRoutes = new Hono<Portal>();

const WAY = 'account/contact';

secondContactRoutes.post('/account/contact', async (c) => {
  const { account } = person(c);
  const values = await formOf(c);
  const kind = otherKind(contactIn(account));
  const typed = parseContact(value(values, 'contact'));
  const contact = typed && kind in typed && isReached(c.var.env.carriers, kind) ? typed : null;
  const wrong = await unproved(c, values);
  if (!contact || wrong)
    return accountAgain(c, values, (words) => ({ ...(contact ? {} : { contact: words.account.secondBad[kind] }), ...wrong?.said(words) }));
  if (!(await sent(c, contact))) return accountAgain(c, values, ({ account: say }) => ({ '': say.tooMany }));
  return c.redirect(`/${WAY}/confirm`, 303);
});

/** Sends a code to it, whoever has an account with it. `again` is the code whose place it takes. */
async function sent(c: C, contact: Contact, again: string | null = null): Promise<boolean> {
  const { tooMany, digits } = await askForCode(c, contact, 'contact');
  if (tooMany) return false;
  await sendCode(c, { purpose: 'contact', contact, digits, letter: 'code', account: person(c).account }, again);
  return true;
}

const CONFIRM = `/${WAY}/confirm`;

function confirmPage(c: C, contact: Contact, form: Filled, notice?: string) {
  return page(c, ConfirmPage({ view: c.var.view, way: WAY, to: masked(contact), form, notice }), statusOf(form));
}

/** The code that this person asked for; one that somebody else asked for in the same browser is none of theirs. */
async function pending(c: C) {
  const { account } = person(c);
  const found = await pendingCode(c, 'contact');
  return found?.code.account === account.id ? found : null;
}

secondContactRoutes.get('/account/contact/confirm', async (c) => {
  const found = await pending(c);
  if (!found) return c.redirect('/account', 303);
  return confirmPage(c, found.contact, (await returnedForm(c, CONFIRM)) ?? filled({}));
});

secondContactRoutes.post('/account/contact/resend', async (c) => {
  const found = await pending(c);
  if (!found) return c.redirect('/account', 303);
  const { account: say } = c.var.view.words;
  const isSent = await sent(c, found.contact, found.code.id);
  return isSent
    ? confirmPage(c, found.contact, filled({}), say.resent)
    : confirmPage(c, found.contact, { ...filled({}), errors: { '': say.tooMany } });
});

secondContactRoutes.post('/account/contact/confirm', async (c) => {
  const found = await pending(c);
  if (!found) return c.redirect('/account', 303);
  const values = await formOf(c);
  const tried = await typedCode(c, 'contact', value(values, 'code'));
  if ('wrong' in tried) return refusedAt(c, CONFIRM, values, codeFault(tried.wrong), (form) => confirmPage(c, found.contact, form));
  const { account } = person(c);
  const now = instant();
  const first = contactIn(account);
  // Whoever holds a password for a moment sends nobody's news elsewhere unseen.
  const isTold = isReached(c.var.env.carriers, 'email' in first ? 'email' : 'phone');
  const letter = isTold ? contactLetter({ recipient: contactText(first), language: account.language, account: account.id }, now) : null;
  await c.var.directory.setSecondContact(account.id, tried.code, letter, now);
  if (letter) c.executionCtx.waitUntil(deliver(c.var.env));
  forgetToken(c);
  return c.redirect('/account?done=contact', 303);
});

secondContactRoutes.post('/account/contact/remove', async (c) => {
  await c.var.directory.dropSecondContact(person(c).account.id);
  return c.redirect('/account?done=contact-removed', 303);
});
