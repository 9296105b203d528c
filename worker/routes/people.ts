import { type Context, Hono } from 'hono';
import { AccountPage, ConfirmPage, RecoverPage, SignInPage, SignUpPage } from '../../web/pages/people.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import type { Words } from '../../web/words/index.ts';
import { randomCode, randomId } from '../chance.ts';
import { instant, later, MINUTE } from '../clock.ts';
import { contactText, masked, parseContact, passwordFault } from '../contact.ts';
import { codeLetter, takenLetter } from '../letters.ts';
import { PartyName } from '../negotiation/text.ts';
import { checkPassword, hashPassword } from '../password.ts';
import { digestOf } from '../record/digest.ts';
import { isConflict } from '../store/connect.ts';
import type { Account, Contact } from '../store/directory.ts';
import { addressOf } from './address.ts';
import type { Typed } from './form.ts';
import { keptAt } from './kept.ts';
import { type C, formOf, languageCookie, localPath, type Portal, page, person } from './portal.ts';

/** People: sign up, confirm, sign in and out, recover, and their account. Answers are the same whether or not an account exists. */

const WINDOW = 15 * MINUTE;
const CODE_LIFE = 10 * MINUTE;
const CODE_TRIES = 5;
const LIMITS = { password: { account: 10, address: 60 }, code: { account: 5, address: 30 } } as const;

export const peopleRoutes = new Hono<Portal>();

const value = (values: Typed, name: string) => values.get(name)?.[0] ?? '';
const nextOf = (c: C, values?: Typed) => localPath(values ? value(values, 'next') : c.req.query('next'), '/');
const refusedForm = (values: Typed, errors: Filled['errors']): Filled => ({ values: withoutSecrets(values), errors });

const passwordText = (say: Words['account'], fault: NonNullable<ReturnType<typeof passwordFault>>) =>
  ({ short: say.passwordShort, long: say.passwordLong, plain: say.passwordPlain })[fault];

/** What goes back into a refused form: everything but secrets. */
function withoutSecrets(values: Typed): Typed {
  return new Map([...values].filter(([name]) => !['password', 'newPassword', 'code'].includes(name)));
}

peopleRoutes.get('/sign-up', (c) => page(c, SignUpPage({ view: c.var.view, form: filled({ next: nextOf(c) }) })));

/** The forms as they were typed, but for secrets; nothing is done. */
for (const [path, Page] of [
  ['/sign-up', SignUpPage],
  ['/sign-in', SignInPage],
  ['/recover', RecoverPage],
] as const) {
  peopleRoutes.post(`${path}/typed`, async (c) => page(c, Page({ view: c.var.view, form: refusedForm(await formOf(c), {}) })));
}

peopleRoutes.post('/sign-up', async (c) => {
  const values = await formOf(c);
  const { account: say, issue } = c.var.view.words;
  const contact = parseContact(value(values, 'contact'));
  const name = PartyName.safeParse(value(values, 'name'));
  const fault = passwordFault(value(values, 'password'), contact, name.success ? name.data : '');
  const errors = {
    ...(name.success
      ? {}
      : {
          name:
            value(values, 'name').trim() === '' ? issue.missing : value(values, 'name').length > 60 ? issue.longest(60) : issue.characters,
        }),
    ...(contact ? {} : { contact: say.contactBad }),
    ...(fault ? { password: passwordText(say, fault) } : {}),
  };
  if (!contact || !name.success || fault) return page(c, SignUpPage({ view: c.var.view, form: refusedForm(values, errors) }), 422);
  if (await tooMany(c, 'code', contact))
    return page(c, SignUpPage({ view: c.var.view, form: refusedForm(values, { '': say.tooMany }) }), 429);
  await signUp(c, contact, name.data, value(values, 'password'));
  return toConfirm(c, 'sign-up', contact, nextOf(c, values));
});

async function signUp(c: C, contact: Contact, name: string, password: string): Promise<void> {
  const { directory, view } = c.var;
  const now = instant();
  const hash = await hashPassword(password);
  const known = await directory.accountByContact(contact);
  if (known?.confirmedAt) {
    await directory.addMail([takenLetter(contactText(contact), known.language, now)]);
    return;
  }
  // An account that nobody confirmed belongs to nobody yet: whoever can read the code has it.
  if (known) await directory.setAccount(known.id, { password: hash, name });
  const fresh = {
    id: randomId(),
    name,
    email: null,
    phone: null,
    ...contact,
    password: hash,
    language: view.language,
    createdAt: now,
    confirmedAt: null,
  };
  try {
    if (!known) await directory.addAccount(fresh);
  } catch (thrown) {
    // Sent twice at once: the first one made the account, and this code will be for it.
    if (!isConflict(thrown)) throw thrown;
  }
  const account = known ?? (await directory.accountByContact(contact));
  if (account) await sendCode(c, account, 'confirm', contact);
}

async function sendCode(c: C, account: Pick<Account, 'id' | 'language'>, purpose: 'confirm' | 'recover', contact: Contact): Promise<void> {
  const code = randomCode();
  const id = randomId();
  const now = instant();
  await c.var.directory.addCode(
    { id, account: account.id, purpose, hash: codeHash(id, code), expiresAt: later(now, CODE_LIFE), attempts: 0, usedAt: null },
    codeLetter(contactText(contact), account.language, code, now),
  );
}

const codeHash = (id: string, code: string) => digestOf(`${id}:${code}`);

/** Between the two pages the contact travels in a cookie: not in an address, which ends up in histories and logs. */
function toConfirm(c: C, way: 'sign-up' | 'recover', contact: Contact, next: string) {
  const secure = c.var.env.origin.startsWith('https:') ? '; Secure' : '';
  c.header('Set-Cookie', `pending=${encodeURIComponent(contactText(contact))}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax${secure}`);
  return c.redirect(`/${way}/confirm${next === '/' ? '' : `?next=${encodeURIComponent(next)}`}`, 303);
}

function pending(c: C): Contact | null {
  const found = /(?:^|;\s*)pending=([^;]*)/.exec(c.req.header('cookie') ?? '')?.[1];
  try {
    return found ? parseContact(decodeURIComponent(found)) : null;
  } catch {
    return null;
  }
}

for (const way of ['sign-up', 'recover'] as const) {
  peopleRoutes.get(`/${way}/confirm`, (c) => {
    const contact = pending(c);
    if (!contact) return c.redirect(`/${way}`, 303);
    return page(c, ConfirmPage({ view: c.var.view, way, to: masked(contact), form: filled({ next: nextOf(c) }) }));
  });

  peopleRoutes.post(`/${way}/resend`, async (c) => {
    const contact = pending(c);
    if (!contact) return c.redirect(`/${way}`, 303);
    const values = await formOf(c);
    const form = filled({ next: nextOf(c, values) });
    const { account: say } = c.var.view.words;
    if (await tooMany(c, 'code', contact)) {
      return page(c, ConfirmPage({ view: c.var.view, way, to: masked(contact), form: { ...form, errors: { '': say.tooMany } } }), 429);
    }
    const account = await c.var.directory.accountByContact(contact);
    const wanted = account && (way === 'sign-up' ? !account.confirmedAt : account.confirmedAt);
    if (account && wanted) await sendCode(c, account, way === 'sign-up' ? 'confirm' : 'recover', contact);
    return page(c, ConfirmPage({ view: c.var.view, way, to: masked(contact), form, notice: say.resent }));
  });
}

peopleRoutes.post('/sign-up/confirm', async (c) => {
  const contact = pending(c);
  if (!contact) return c.redirect('/sign-up', 303);
  const values = await formOf(c);
  const account = await codeHolder(c, contact, 'confirm', value(values, 'code'));
  if (!account) return wrongCode(c, 'sign-up', contact, values);
  await c.var.directory.setAccount(account.id, { confirmedAt: instant() });
  return begin(c, account.id, nextOf(c, values));
});

peopleRoutes.post('/recover/confirm', async (c) => {
  const contact = pending(c);
  if (!contact) return c.redirect('/recover', 303);
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const fault = passwordFault(value(values, 'newPassword'), contact, '');
  if (fault) {
    const errors = { newPassword: passwordText(say, fault) };
    return page(c, ConfirmPage({ view: c.var.view, way: 'recover', to: masked(contact), form: refusedForm(values, errors) }), 422);
  }
  const account = await codeHolder(c, contact, 'recover', value(values, 'code'));
  if (!account) return wrongCode(c, 'recover', contact, values);
  await c.var.directory.setAccount(account.id, { password: await hashPassword(value(values, 'newPassword')) });
  await c.var.directory.endSessions(account.id);
  return begin(c, account.id, nextOf(c, values));
});

/** The account whose live code this is, with the code used up; null for any other code. */
async function codeHolder(c: C, contact: Contact, purpose: 'confirm' | 'recover', typed: string): Promise<Account | null> {
  const { directory } = c.var;
  const account = await directory.accountByContact(contact);
  if (!account) return null;
  const now = instant();
  const live = await directory.tryCode(account.id, purpose, now, CODE_TRIES);
  const code = typed.normalize('NFKC').replace(/\s/g, '');
  if (!live || codeHash(live.id, code) !== live.hash || !(await directory.useCode(live.id, now))) return null;
  return account;
}

function wrongCode(c: C, way: 'sign-up' | 'recover', contact: Contact, values: Typed) {
  const form = refusedForm(values, { code: c.var.view.words.account.wrongCode });
  return page(c, ConfirmPage({ view: c.var.view, way, to: masked(contact), form }), 422);
}

async function begin(c: C, account: string, next: string, status: 303 | 307 = 303) {
  const cookie = await c.var.sessions.begin(account, c.req.header('user-agent') ?? '');
  c.header('Set-Cookie', cookie, { append: true });
  c.header('Set-Cookie', 'pending=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax', { append: true });
  return c.redirect(next === '/' ? '/cases' : next, status);
}

/** Counts an attempt for the contact and for the address; whether there have been too many. */
async function tooMany(c: C, what: keyof typeof LIMITS, contact: Contact): Promise<boolean> {
  const now = instant();
  const until = later(now, WINDOW);
  const [forContact, forAddress] = await Promise.all([
    c.var.directory.countAttempt(`${what}:${digestOf(contactText(contact))}`, now, until),
    c.var.directory.countAttempt(`${what}:${addressOf(c)}`, now, until),
  ]);
  return forContact > LIMITS[what].account || forAddress > addressLimit(c, what);
}

/** On a development machine everybody comes from one address. */
function addressLimit(c: C, what: keyof typeof LIMITS): number {
  return c.var.env.development ? Number.POSITIVE_INFINITY : LIMITS[what].address;
}

peopleRoutes.get('/sign-in', (c) => page(c, SignInPage({ view: c.var.view, form: filled({ next: nextOf(c) }) })));

peopleRoutes.post('/sign-in', async (c) => {
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const contact = parseContact(value(values, 'contact'));
  const refuse = (errors: Filled['errors'], status: 422 | 429) =>
    page(c, SignInPage({ view: c.var.view, form: refusedForm(values, errors) }), status);
  if (!contact) return refuse({ contact: say.contactBad }, 422);
  if (await tooMany(c, 'password', contact)) return refuse({ '': say.tooMany }, 429);
  const account = await c.var.directory.accountByContact(contact);
  const holds = await checkPassword(value(values, 'password').slice(0, 1000), account?.password ?? null);
  if (!account || !holds) return refuse({ password: say.wrong }, 422);
  await c.var.directory.clearAttempts(`password:${digestOf(contactText(contact))}`);
  if (account.confirmedAt) {
    const at = keptAt(values);
    // 307: what was written when the session had ended goes on to its page.
    return at ? begin(c, account.id, at, 307) : begin(c, account.id, nextOf(c, values));
  }
  await sendCode(c, account, 'confirm', contact);
  return toConfirm(c, 'sign-up', contact, nextOf(c, values));
});

peopleRoutes.post('/sign-out', async (c) => {
  c.header('Set-Cookie', await c.var.sessions.end(c.req.header('cookie') ?? ''));
  return c.redirect('/', 303);
});

peopleRoutes.get('/recover', (c) => page(c, RecoverPage({ view: c.var.view, form: filled({}) })));

peopleRoutes.post('/recover', async (c) => {
  const values = await formOf(c);
  const { account: say } = c.var.view.words;
  const contact = parseContact(value(values, 'contact'));
  if (!contact) return page(c, RecoverPage({ view: c.var.view, form: refusedForm(values, { contact: say.contactBad }) }), 422);
  if (await tooMany(c, 'code', contact))
    return page(c, RecoverPage({ view: c.var.view, form: refusedForm(values, { '': say.tooMany }) }), 429);
  const account = await c.var.directory.accountByContact(contact);
  if (account?.confirmedAt) await sendCode(c, account, 'recover', contact);
  return toConfirm(c, 'recover', contact, '/');
});

async function accountPage(c: Context<Portal>, form: Filled, notice?: string, status: 200 | 422 = 200) {
  const { account, session } = person(c);
  const list = await c.var.directory.sessionsOf(account.id);
  return page(c, AccountPage({ view: c.var.view, account, sessions: list, current: session.id, form, notice }), status);
}

peopleRoutes.get('/account', (c) => {
  const { account: say } = c.var.view.words;
  const notice = { changed: say.changed, ended: say.ended }[c.req.query('done') ?? ''];
  return accountPage(c, filled({}), notice);
});

peopleRoutes.post('/account/password', async (c) => {
  const { account } = person(c);
  const values = await formOf(c);
  const say = c.var.view.words.account;
  const contact = account.email ? { email: account.email } : { phone: account.phone ?? '' };
  const fault = passwordFault(value(values, 'newPassword'), contact, account.name);
  if (!(await proves(c, value(values, 'password')))) return accountPage(c, refusedForm(values, { password: say.wrong }), undefined, 422);
  if (fault) {
    const errors = { newPassword: passwordText(say, fault) };
    return accountPage(c, refusedForm(values, errors), undefined, 422);
  }
  await c.var.directory.setAccount(account.id, { password: await hashPassword(value(values, 'newPassword')) });
  await c.var.directory.endSessions(account.id);
  return begin(c, account.id, '/account?done=changed');
});

peopleRoutes.post('/account/language', async (c) => {
  const { account } = person(c);
  const language = value(await formOf(c), 'language') === 'en' ? 'en' : 'zh';
  await c.var.directory.setAccount(account.id, { language });
  return withLanguage(c, language, '/account');
});

peopleRoutes.post('/account/sessions/:id/end', async (c) => {
  const { account, session } = person(c);
  await c.var.directory.endSessionOf(account.id, c.req.param('id'));
  return c.redirect(c.req.param('id') === session.id ? '/' : '/account?done=ended', 303);
});

peopleRoutes.get('/language/:language{zh|en}', (c) =>
  withLanguage(c, c.req.param('language') as 'zh' | 'en', localPath(c.req.query('back'), '/')),
);

function withLanguage(c: C, language: 'zh' | 'en', back: string) {
  c.header('Set-Cookie', languageCookie(language));
  return c.redirect(back, 303);
}

/**
 * Whether the person has just proved again who they are. Wrong passwords are counted, and too many of them end the session,
 * so that an open phone is no place to guess at.
 */
export async function proves(c: C, password: string): Promise<boolean> {
  const { account, session } = person(c);
  if (await checkPassword(password.slice(0, 1000), account.password)) return true;
  const now = instant();
  const count = await c.var.directory.countAttempt(`proof:${account.id}`, now, later(now, WINDOW));
  if (count > LIMITS.password.account) await c.var.directory.endSession(session.id);
  return false;
}
