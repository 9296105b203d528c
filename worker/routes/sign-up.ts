import { Hono } from 'hono';
import { ConfirmPage, SignUpPage } from '../../web/pages/people.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { faultsText } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { contactOf, masked, parseContact } from '../contact.ts';
import { passwordFault } from '../guessable.ts';
import type { Typed } from '../negotiation/form.ts';
import { PartyName } from '../negotiation/text.ts';
import { hashPassword } from '../password.ts';
import type { Code, Session } from '../store/accounts.ts';
import { isConflict } from '../store/connect.ts';
import { arrive, nextOf, passwordText, refusedForm, toConfirm, value } from './arrival.ts';
import { askForCode, codeFault, pendingCode, sendCode, typedCode } from './codes.ts';
import { commonPasswords } from './common-passwords.ts';
import { type C, formOf, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, retyped, type Said, statusOf } from './returned.ts';

/** Signing up: name and password wait with the code that was sent; the account is made when it is typed. Answers are the same whether or not there is one. */

export const signUpRoutes = new Hono<Portal>();

signUpRoutes.get('/sign-up', async (c) => {
  const form = (await returnedForm(c, '/sign-up')) ?? filled({ next: nextOf(c) });
  return page(c, SignUpPage({ view: c.var.view, form }), statusOf(form));
});

/** The form as it was typed, but for secrets; nothing is done. */
signUpRoutes.post('/sign-up/typed', async (c) =>
  retyped(c, '/sign-up', await formOf(c), (form) => page(c, SignUpPage({ view: c.var.view, form }))),
);

signUpRoutes.post('/sign-up', async (c) => {
  const values = await formOf(c);
  const asked = await askToSignUp(c, values);
  if ('said' in asked) {
    const { said, status } = asked;
    const draw = (form: Filled) => page(c, SignUpPage({ view: c.var.view, form }), status);
    return status === 422 ? refusedAt(c, '/sign-up', values, said, draw) : draw(refusedForm(values, said(c.var.view.words)));
  }
  return toConfirm(c, 'sign-up', nextOf(c, values));
});

/** Sends the code that makes an account of a name, a contact and a password (`code` is its id); or says what is wrong with them. */
export async function askToSignUp(c: C, values: Typed): Promise<{ said: Said; status: 422 | 429 } | { code: string }> {
  const typed = parseContact(value(values, 'contact'));
  // No code would reach it.
  const isPhone = typed !== null && 'phone' in typed && !c.var.env.reachesPhones;
  const contact = isPhone ? null : typed;
  const name = PartyName.safeParse(value(values, 'name'));
  const fault = passwordFault(value(values, 'password'), contact, name.success ? name.data : '', await commonPasswords(c));
  const said: Said = (words) => ({
    ...(name.success
      ? {}
      : faultsText(
          words,
          name.error.issues.map((issue) => ({ path: 'name', issue, as: 'text' })),
        )),
    ...(contact ? {} : { contact: isPhone ? words.account.contactNoPhone : words.account.contactBad }),
    ...(fault ? { password: passwordText(words.account, fault) } : {}),
  });
  if (!contact || !name.success || fault) return { said, status: 422 };
  const { tooMany, account, digits } = await askForCode(c, contact, 'sign-up');
  if (tooMany) return { said: (words) => ({ '': words.account.tooMany }), status: 429 };
  const password = await hashPassword(value(values, 'password'));
  const begun = account ? ({ letter: 'taken', account } as const) : ({ letter: 'code', name: name.data, password } as const);
  return { code: await sendCode(c, { purpose: 'sign-up', contact, digits, ...begun }) };
}

signUpRoutes.get('/sign-up/confirm', async (c) => {
  const pending = await pendingCode(c, 'sign-up');
  if (!pending) return c.redirect('/sign-up', 303);
  const form = (await returnedForm(c, CONFIRM)) ?? filled({ next: nextOf(c) });
  return confirmPage(c, pending.contact, form, statusOf(form));
});

const CONFIRM = '/sign-up/confirm';

function confirmPage(
  c: C,
  contact: NonNullable<ReturnType<typeof parseContact>>,
  form: Filled,
  status: 200 | 422 | 429 = 200,
  notice?: string,
) {
  return page(c, ConfirmPage({ view: c.var.view, way: 'sign-up', to: masked(contact), form, notice }), status);
}

signUpRoutes.post('/sign-up/resend', async (c) => {
  const pending = await pendingCode(c, 'sign-up');
  if (!pending) return c.redirect('/sign-up', 303);
  const { code, contact } = pending;
  const form = filled({ next: nextOf(c, await formOf(c)) });
  const { account: say } = c.var.view.words;
  const { tooMany, account, digits } = await askForCode(c, contact, 'sign-up');
  if (tooMany) return confirmPage(c, contact, { ...form, errors: { '': say.tooMany } }, 429);
  const { name, password } = code;
  const letter = account || !password ? 'taken' : 'code';
  await sendCode(c, { purpose: 'sign-up', contact, digits, name, password, account, letter }, code.id);
  return confirmPage(c, contact, form, 200, say.resent);
});

signUpRoutes.post('/sign-up/confirm', async (c) => {
  const values = await formOf(c);
  const tried = await typedCode(c, 'sign-up', value(values, 'code'));
  if ('wrong' in tried) return refuse(c, values, codeFault(tried.wrong));
  try {
    return await makeAccount(c, tried.code, nextOf(c, values));
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
    // The contact's own reader has confirmed another sign-up meanwhile. They may be told.
    return refuse(c, values, ({ account }) => ({ '': account.taken }));
  }
});

async function refuse(c: C, values: Typed, said: Said) {
  const pending = await pendingCode(c, 'sign-up');
  if (!pending) return c.redirect('/sign-up', 303);
  return refusedAt(c, CONFIRM, values, said, (form) => confirmPage(c, pending.contact, form, 422));
}

function makeAccount(c: C, code: Code, next: string) {
  const { directory, view } = c.var;
  const now = instant();
  const { name, password } = code;
  if (name === null || password === null) throw new Error('A code that was sent for a sign-up has its name and password.');
  const made = { id: randomId(), name, password, email: null, phone: null, ...contactOf(code.contact) };
  const size = view.elder ? ('elder' as const) : null;
  const account = { ...made, language: view.language, size, createdAt: now, confirmedAt: now };
  const begin = (session: Session) => directory.makeAccount(code, account, session, now);
  return arrive(c, account.id, code.about, next, begin, { confirmed: code.id });
}
