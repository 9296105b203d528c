import { Hono } from 'hono';
import { ConfirmPage, RecoverPage } from '../../web/pages/people.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { instant } from '../clock.ts';
import { type Contact, contactOf, contactText, masked, parseContact } from '../contact.ts';
import { passwordFault } from '../guessable.ts';
import { passwordLetter } from '../letters.ts';
import { hashPassword } from '../password.ts';
import { arrive, nextOf, passwordText, refusedForm, toConfirm, value } from './arrival.ts';
import { askForCode, codeFault, pendingCode, sendCode, typedCode } from './codes.ts';
import { commonPasswords } from './common-passwords.ts';
import { type C, formOf, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, retyped, type Said, statusOf } from './returned.ts';

/** Recovering an account by a code to its contact. What is done and answered is the same where nobody has the contact: only no letter leaves. */

export const recoverRoutes = new Hono<Portal>();

recoverRoutes.get('/recover', async (c) => {
  const form = (await returnedForm(c, '/recover')) ?? filled({ next: nextOf(c) });
  return page(c, RecoverPage({ view: c.var.view, form }), statusOf(form));
});

/** The form as it was typed; nothing is done. */
recoverRoutes.post('/recover/typed', async (c) =>
  retyped(c, '/recover', await formOf(c), (form) => page(c, RecoverPage({ view: c.var.view, form }))),
);

recoverRoutes.post('/recover', async (c) => {
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const contact = parseContact(value(values, 'contact'));
  const draw = (form: Filled, status: 422 | 429) => page(c, RecoverPage({ view: c.var.view, form }), status);
  if (!contact)
    return refusedAt(
      c,
      '/recover',
      values,
      ({ account }) => ({ contact: account.contactBad }),
      (form) => draw(form, 422),
    );
  const { tooMany, account, digits } = await askForCode(c, contact, 'recover');
  if (tooMany) return draw(refusedForm(values, { '': say.tooMany }), 429);
  await sendCode(c, { purpose: 'recover', contact, digits, account, letter: account ? 'code' : 'none' });
  return toConfirm(c, 'recover', nextOf(c, values));
});

recoverRoutes.get('/recover/confirm', async (c) => {
  const pending = await pendingCode(c, 'recover');
  if (!pending) return c.redirect('/recover', 303);
  const form = (await returnedForm(c, CONFIRM)) ?? filled({ next: nextOf(c) });
  return confirmPage(c, pending.contact, form, statusOf(form));
});

const CONFIRM = '/recover/confirm';

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
  const pending = await pendingCode(c, 'recover');
  if (!pending) return c.redirect('/recover', 303);
  const refuse = (said: Said) => refusedAt(c, CONFIRM, values, said, (form) => confirmPage(c, pending.contact, form, 422));
  const fault = passwordFault(value(values, 'newPassword'), pending.contact, '', await commonPasswords(c));
  if (fault) return refuse(({ account: say }) => ({ newPassword: passwordText(say, fault) }));
  const tried = await typedCode(c, 'recover', value(values, 'code'));
  if ('wrong' in tried) return refuse(codeFault(tried.wrong));
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
