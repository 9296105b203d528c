import { Hono } from 'hono';
import { ConfirmPage, RecoverPage } from '../../web/pages/people.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { instant } from '../clock.ts';
import { type Contact, contactOf, contactText, masked, parseContact } from '../contact.ts';
import { passwordFault } from '../guessable.ts';
import { passwordLetter } from '../letters.ts';
import { hashPassword } from '../password.ts';
import { arrive, nextOf, passwordText, refusedForm, toConfirm, value } from './arrival.ts';
import { askForCode, pendingCode, sendCode, typedCode } from './codes.ts';
import { commonPasswords } from './common-passwords.ts';
import { type C, formOf, type Portal, page } from './portal.ts';

/** Recovering an account by a code to its contact. What is done and answered is the same where nobody has the contact: only no letter leaves. */

export const recoverRoutes = new Hono<Portal>();

recoverRoutes.get('/recover', (c) => page(c, RecoverPage({ view: c.var.view, form: filled({ next: nextOf(c) }) })));

/** The form as it was typed; nothing is done. */
recoverRoutes.post('/recover/typed', async (c) => page(c, RecoverPage({ view: c.var.view, form: refusedForm(await formOf(c), {}) })));

recoverRoutes.post('/recover', async (c) => {
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const contact = parseContact(value(values, 'contact'));
  const again = (errors: Filled['errors'], status: 422 | 429) =>
    page(c, RecoverPage({ view: c.var.view, form: refusedForm(values, errors) }), status);
  if (!contact) return again({ contact: say.contactBad }, 422);
  const { tooMany, account, digits } = await askForCode(c, contact, 'recover');
  if (tooMany) return again({ '': say.tooMany }, 429);
  await sendCode(c, { purpose: 'recover', contact, digits, account, letter: account ? 'code' : 'none' });
  return toConfirm(c, 'recover', nextOf(c, values));
});

recoverRoutes.get('/recover/confirm', async (c) => {
  const pending = await pendingCode(c, 'recover');
  if (!pending) return c.redirect('/recover', 303);
  return confirmPage(c, pending.contact, filled({ next: nextOf(c) }));
});

function confirmPage(c: C, contact: Contact, form: Filled, status: 200 | 422 | 429 = 200, notice?: string) {
  return page(c, ConfirmPage({ view: c.var.view, way: 'recover', to: masked(contact), form, notice }), status);
}

recoverRoutes.post('/recover/resend', async (c) => {
  const pending = await pendingCode(c, 'recover');
  if (!pending) return c.redirect('/recover', 303);
  const { code, contact } = pending;
  const form = filled({ next: nextOf(c, await formOf(c)) });
  const { account: say } = c.var.view.words;
  const { tooMany, account, digits } = await askForCode(c, contact, 'recover');
  if (tooMany) return confirmPage(c, contact, { ...form, errors: { '': say.tooMany } }, 429);
  await sendCode(c, { purpose: 'recover', contact, digits, account, letter: account ? 'code' : 'none' }, code.id);
  return confirmPage(c, contact, form, 200, say.resent);
});

recoverRoutes.post('/recover/confirm', async (c) => {
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const pending = await pendingCode(c, 'recover');
  if (!pending) return c.redirect('/recover', 303);
  const refuse = (errors: Filled['errors']) => confirmPage(c, pending.contact, refusedForm(values, errors), 422);
  const fault = passwordFault(value(values, 'newPassword'), pending.contact, '', await commonPasswords(c));
  if (fault) return refuse({ newPassword: passwordText(say, fault) });
  const tried = await typedCode(c, 'recover', value(values, 'code'));
  if ('wrong' in tried) return refuse({ code: tried.wrong === 'many' ? say.tooManyCodes : say.wrongCode });
  const { code, account } = tried;
  if (!account) throw new Error('A code that was sent for recovery is somebody’s.');
  const password = await hashPassword(value(values, 'newPassword'));
  const now = instant();
  const letter = passwordLetter(
    { recipient: contactText(contactOf(code.contact)), language: c.var.view.language, account: account.id },
    now,
  );
  return arrive(c, account.id, code.about, nextOf(c, values), (session) =>
    c.var.directory.changePassword(code, { ...account, password }, session, letter, now),
  );
});
