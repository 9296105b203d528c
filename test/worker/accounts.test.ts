import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, Stage } from '../../db/demo.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { workOfWorkers } from '../attack/processes.ts';
import { codeFor, letterTo, NO_CODE, type Rig, rig } from '../portal.ts';
import { signedIn, visitor } from './people.ts';

let portal: Rig;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

const cookies = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .filter((one) => !one?.endsWith('='))
    .join('; ');

async function begin(contact: string, name = '孙悦', password = 'a long pass phrase') {
  const answer = await visitor(portal).post('/sign-up', { name, contact, password });
  return { answer, at: visitor(portal, `language=en; ${cookies(answer)}`) };
}

describe('signing up', () => {
  test.each(['+86 139-0000-0001', '１３９０００００００１'])('%s is a mobile number; the code confirms it', async (typed) => {
    const { answer, at } = await begin(typed);
    expect(answer.headers.get('location')).toBe('/sign-up/confirm');
    // The second time the number is taken: no code was sent, and the page does not tell.
    const isFirst = typed.startsWith('+');
    const confirmed = await at.post('/sign-up/confirm', { code: isFirst ? await codeFor(portal, '13900000001') : NO_CODE });
    if (isFirst) {
      expect(confirmed.status).toBe(303);
      expect(confirmed.headers.getSetCookie().join()).toMatch(/heyi=[^;]+;.*HttpOnly;.*SameSite=Lax/i);
    } else {
      expect(confirmed.status).toBe(422);
      expect(await letterTo(portal, '13900000001', /already has an account|已经注册过/)).not.toMatch(/\d{6}/);
    }
  });
  test.each([
    ['no name', { name: '' }, 'name'],
    ['no address', { contact: 'somebody' }, 'contact'],
    ['a landline', { contact: '021-12345678' }, 'contact'],
    ['a short password', { password: '123456789' }, 'password'],
    ['a common one', { password: '1234567890' }, 'password'],
    ['one letter repeated', { password: 'aaaaaaaaaaaaaaa' }, 'password'],
  ])('not with %s; nothing typed but the password is lost', async (_, change, field) => {
    const typed = { name: '孙悦', contact: 'sun@example.com', password: 'a long pass phrase', ...change };
    const answer = await visitor(portal).post('/sign-up', typed);
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain(`id="${field}-error"`);
    if (typed.contact) expect(html).toContain(`value="${typed.contact}"`);
    expect(html).not.toContain(typed.password);
  });
  test('a code is good for five attempts', async () => {
    const { at } = await begin('guess@example.com');
    const code = await codeFor(portal, 'guess@example.com');
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i++) expect((await at.post('/sign-up/confirm', { code: wrong })).status).toBe(422);
    expect((await at.post('/sign-up/confirm', { code })).status).toBe(422);
  });
  test('an account that was not confirmed cannot be used', async () => {
    await begin('unconfirmed@example.com');
    const answer = await visitor(portal).post('/sign-in', { contact: 'unconfirmed@example.com', password: 'a long pass phrase' });
    expect(answer.headers.get('location')).toBe('/sign-up/confirm');
    expect(answer.headers.getSetCookie().join()).not.toContain('heyi=');
  });
});

describe('signing in', () => {
  test('answers the same for a wrong password and for nobody, with the same work', async () => {
    const work = workOfWorkers();
    const took = async (contact: string) => {
      const start = work();
      const answer = await visitor(portal).post('/sign-in', { contact, password: 'not it, really' });
      return { status: answer.status, text: (await answer.text()).replace(contact, ''), ms: work() - start };
    };
    // The least of three, as the worker does other work too; it is scrypt for the most part.
    const least = async (contact: string) => {
      const [first, ...others] = [await took(contact), await took(contact), await took(contact)];
      return { ...first, ms: Math.min(first.ms, ...others.map(({ ms }) => ms)) };
    };
    const known = await least(PEOPLE.zhou.email);
    const unknown = await least('nobody@nowhere.example');
    expect(unknown.status).toBe(known.status);
    expect(unknown.text).toBe(known.text);
    expect(known.ms).toBeGreaterThan(20);
    expect(unknown.ms).toBeGreaterThan(known.ms / 4);
  });
  test('is stopped after ten wrong passwords, also for the right one', async () => {
    for (let i = 0; i < 10; i++) await visitor(portal).post('/sign-in', { contact: PEOPLE.zhao.email, password: `wrong ${i}` });
    expect((await visitor(portal).post('/sign-in', { contact: PEOPLE.zhao.email, password: PASSWORD })).status).toBe(429);
  });
  test('never leads to another site', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const answer = await visitor(portal).post('/sign-in', { contact: PEOPLE.li.phone, password: PASSWORD, next });
      expect(answer.headers.get('location')).toBe('/cases');
    }
  });
});

test('sessions are kept as digests, listed, and ended one by one or all with a new password', async () => {
  const first = await signedIn(portal, 'gu');
  const second = await signedIn(portal, 'gu');
  const html = await (await first.get('/account')).text();
  const ids = [...html.matchAll(/\/account\/sessions\/([0-9a-f]{64})\/end/g)].map((match) => match[1]);
  expect(ids).toHaveLength(2);
  const current = (
    await openDirectory(portal.env).sessionsOf((await openDirectory(portal.env).accountByContact({ email: PEOPLE.gu.email }))?.id ?? '')
  ).map(({ id }) => id);
  expect(current.sort()).toEqual([...ids].sort());
  const changed = await second.post('/account/password', { password: PASSWORD, newPassword: 'quite another phrase' });
  expect(changed.status).toBe(303);
  expect((await first.get('/account')).headers.get('location')).toContain('/sign-in');
  expect((await second.get('/account')).headers.get('location')).toContain('/sign-in');
});

test('recovery sets a new password by code, and ends every session', async () => {
  const before = await signedIn(portal, 'lin');
  const asked = await visitor(portal).post('/recover', { contact: PEOPLE.lin.email });
  const at = visitor(portal, `language=en; ${cookies(asked)}`);
  const code = await codeFor(portal, PEOPLE.lin.email);
  expect(await letterTo(portal, PEOPLE.lin.email, code)).not.toMatch(/http/);
  expect((await at.post('/recover/confirm', { code: '12345', newPassword: 'a fresh pass phrase' })).status).toBe(422);
  expect((await at.post('/recover/confirm', { code, newPassword: 'a fresh pass phrase' })).status).toBe(303);
  expect((await before.get('/account')).status).toBe(303);
  expect((await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: 'a fresh pass phrase' })).status).toBe(303);
});

test('links in letters come from the setting, whatever Host a request names', async () => {
  const answer = await fetch(`${portal.url}/recover`, {
    method: 'POST',
    redirect: 'manual',
    headers: { host: 'evil.example', origin: portal.url },
    body: new URLSearchParams({ contact: PEOPLE.wang.phone }),
  });
  expect(answer.status).toBe(303);
  for (const letter of await openDirectory(portal.env).newestMail(50)) expect(letter.body).not.toContain('evil.example');
});
