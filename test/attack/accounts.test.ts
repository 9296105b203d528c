import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, Stage } from '../../db/demo.ts';
import { type Portal, startPortal } from '../../db/portal.ts';
import { trustedProxies } from '../../db/trusted.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { codeFor, NO_CODE, type Rig, rig, trips } from '../portal.ts';
import { newcomer, type Visitor, visitor } from '../worker/people.ts';

/** Attacks on accounts, on loopback: somebody who wants in, keeps others out, or wants to know who is here. Each has a place of its own. */

let portal: Rig;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

/** A visitor from a network address of their own, as a proxy on this machine tells the portal. */
function from(address: string, cookie = 'language=en'): Visitor {
  const at = visitor(portal, cookie);
  const place = { 'x-forwarded-for': address };
  return {
    cookie,
    get: (path, headers = {}) => at.get(path, { ...place, ...headers }),
    head: at.head,
    send: (path, body, headers = {}) => at.send(path, body, { ...place, ...headers }),
    post: (path, fields) => at.send(path, new URLSearchParams(fields as Record<string, string>), place),
  };
}

const cookiesOf = (answer: Response, ...names: string[]) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0] ?? '')
    .filter((one) => !one.endsWith('=') && (names.length === 0 || names.some((name) => one.startsWith(`${name}=`))));

/** Somebody who has asked for a code: they hold its cookie. */
async function asked(address: string, path: string, fields: Record<string, string>): Promise<Visitor> {
  const answer = await from(address).post(path, fields);
  expect(answer.status).toBe(303);
  return from(address, ['language=en', ...cookiesOf(answer)].join('; '));
}

const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000');
const signIn = (who: Visitor, contact: string, password: string) => who.post('/sign-in', { contact, password });

describe('signing up', () => {
  test('an attacker who signs up with somebody’s address changes nothing of theirs, whoever comes first or last', async () => {
    const contact = 'victim@example.com';
    const attack = { name: 'Mallory', contact, password: 'mallory knows this one' };
    await asked('203.0.113.66', '/sign-up', attack);
    const victim = await asked('198.51.100.1', '/sign-up', { name: '孙悦', contact, password: 'a long pass phrase' });
    const code = await codeFor(portal, contact);
    const attacker = await asked('203.0.113.66', '/sign-up', attack);
    // The attacker has a token of their own: the victim's code is none of theirs, and theirs went to the victim.
    expect((await attacker.post('/sign-up/confirm', { code })).status).toBe(422);
    expect((await victim.post('/sign-up/confirm', { code })).status).toBe(303);
    expect((await signIn(from('203.0.113.66'), contact, attack.password)).status).toBe(422);
    expect((await signIn(from('198.51.100.1'), contact, 'a long pass phrase')).status).toBe(303);
    const account = await openDirectory(portal.env).accountByContact({ email: contact });
    expect(account?.name).toBe('孙悦');
  });

  test('nothing of an account exists before its code is typed', async () => {
    await asked('198.51.100.2', '/sign-up', { name: '孙悦', contact: 'nobody-yet@example.com', password: 'a long pass phrase' });
    expect(await openDirectory(portal.env).accountByContact({ email: 'nobody-yet@example.com' })).toBeNull();
  });

  test('two sign-ups that the same reader confirms make one account; the second is told to sign in', async () => {
    const contact = 'twice@example.com';
    const first = await asked('198.51.100.3', '/sign-up', { name: '孙悦', contact, password: 'a long pass phrase' });
    const firstCode = await codeFor(portal, contact);
    const second = await asked('198.51.100.4', '/sign-up', { name: '孙悦', contact, password: 'quite another phrase' });
    const secondCode = await codeFor(portal, contact);
    expect((await second.post('/sign-up/confirm', { code: secondCode })).status).toBe(303);
    const late = await first.post('/sign-up/confirm', { code: firstCode });
    expect(late.status).toBe(422);
    expect(await late.text()).toContain('Please sign in');
    expect((await signIn(from('198.51.100.4'), contact, 'quite another phrase')).status).toBe(303);
  });
});

describe('guessing passwords', () => {
  test('from one place stops after ten, also when all are sent at once; the owner gets in from elsewhere the whole time', async () => {
    const contact = PEOPLE.zhao.email;
    const tries = await Promise.all(Array.from({ length: 24 }, (_, i) => signIn(from('203.0.113.7'), contact, `wrong guess ${i}`)));
    const statuses = tries.map(({ status }) => status);
    expect(statuses.filter((status) => status === 422)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(14);
    expect(Number(tries.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(0);
    // The right password from the same place waits too: nothing tells it from a guess.
    expect((await signIn(from('203.0.113.7'), contact, PASSWORD)).status).toBe(429);
    expect((await signIn(from('198.51.100.10'), contact, PASSWORD)).status).toBe(303);
  });

  test('does not keep out who signed in before on the same device, even from the attacker’s own address', async () => {
    const contact = PEOPLE.chen.email;
    const before = await signIn(from('203.0.113.8'), contact, PASSWORD);
    const device = cookiesOf(before, 'device');
    for (let i = 0; i < 11; i++) await signIn(from('203.0.113.8'), contact, `wrong guess ${i}`);
    expect((await signIn(from('203.0.113.8'), contact, PASSWORD)).status).toBe(429);
    expect((await signIn(from('203.0.113.8', device.join('; ')), contact, PASSWORD)).status).toBe(303);
    // A made-up cookie is no known device, nor is one of another account.
    expect((await signIn(from('203.0.113.8', `device=${'A'.repeat(27)}.${'0'.repeat(32)}`), contact, PASSWORD)).status).toBe(429);
  });

  test('a /64 of IPv6 is one place, and IPv4 written as IPv6 is itself', async () => {
    const contact = PEOPLE.wang.phone;
    for (let i = 0; i < 10; i++) await signIn(from(`2001:db8:1:2::${i.toString(16)}`), contact, `wrong guess ${i}`);
    expect((await signIn(from('2001:0db8:0001:0002:ffff:ffff:ffff:ffff'), contact, PASSWORD)).status).toBe(429);
    expect((await signIn(from('2001:db8:1:3::1'), contact, PASSWORD)).status).toBe(303);
    for (let i = 0; i < 10; i++) await signIn(from(i % 2 === 0 ? '::ffff:203.0.113.9' : '203.0.113.9'), contact, `wrong guess ${i}`);
    expect((await signIn(from('::ffff:cb00:7109'), contact, PASSWORD)).status).toBe(429);
  });

  test('from many places leads the right password to a code, and never to a closed door', async () => {
    const contact = 'guessed@borrower.example';
    await newcomer(portal, contact, PASSWORD);
    const known = cookiesOf(await signIn(from('198.51.100.20'), contact, PASSWORD), 'device').join('; ');
    const guesses = Array.from({ length: 102 }, (_, i) => signIn(from(`203.0.${114 + (i % 12)}.1`), contact, `wrong guess ${i}`));
    await Promise.all(guesses);
    const elsewhere = await asked('198.51.100.21', '/sign-in', { contact, password: PASSWORD });
    expect((await elsewhere.get('/cases')).headers.get('location')).toContain('/sign-in');
    const code = await codeFor(portal, contact);
    expect((await elsewhere.post('/sign-in/confirm', { code: wrongFor(code) })).status).toBe(422);
    const arrived = await elsewhere.post('/sign-in/confirm', { code });
    expect(arrived.status).toBe(303);
    expect(cookiesOf(arrived, 'heyi')).toHaveLength(1);
    // On the device that it knows, the password alone is enough.
    expect(cookiesOf(await signIn(from('198.51.100.20', known), contact, PASSWORD), 'heyi')).toHaveLength(1);
  });

  test('where a password proves who acts, ten tries are looked at however many come at once, and then the session ends', async () => {
    const contact = 'proving@borrower.example';
    await newcomer(portal, contact, PASSWORD);
    const own = cookiesOf(await signIn(from('198.51.100.30'), contact, PASSWORD), 'heyi').join('; ');
    const prove = (password: string) => from('198.51.100.30', own).post('/account/password', { password, newPassword: 'x' });
    const wrong = await Promise.all(Array.from({ length: 10 }, (_, i) => prove(`wrong guess ${i}`)));
    expect(wrong.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 422));
    // Had one of these been looked at, the page would complain of the new password instead.
    for (const late of await Promise.all([prove(PASSWORD), prove(PASSWORD), prove(PASSWORD)])) {
      expect(await late.text()).not.toContain('id="newPassword-error"');
    }
    expect((await from('198.51.100.30', own).get('/account')).headers.get('location')).toContain('/sign-in');
    // Another session of the same person goes on.
    expect((await signIn(from('198.51.100.31'), contact, PASSWORD)).status).toBe(303);
  });
});

describe('guessing codes', () => {
  test('has an end a day for a contact, however often a code is sent again', async () => {
    const contact = PEOPLE.gu.email;
    const attacker = await asked('203.0.113.40', '/recover', { contact });
    const tries = { newPassword: 'mallory knows this one' };
    let said = '';
    for (let sent = 0; sent < 4; sent++) {
      const wrong = wrongFor(await codeFor(portal, contact));
      for (let i = 0; i < 5; i++) said = await (await attacker.post('/recover/confirm', { ...tries, code: wrong })).text();
      await attacker.post('/recover/resend', {});
    }
    expect(said).toContain('tomorrow');
    // The code itself, had it been guessed now, opens nothing.
    expect((await attacker.post('/recover/confirm', { ...tries, code: await codeFor(portal, contact) })).status).toBe(422);
    // The owner, elsewhere, recovers all the same.
    const owner = await asked('198.51.100.40', '/recover', { contact });
    const done = await owner.post('/recover/confirm', { code: await codeFor(portal, contact), newPassword: 'a fresh pass phrase' });
    expect(done.status).toBe(303);
  });

  test('by strangers, from ever so many places, keeps nobody from using the code that was sent to them', async () => {
    const contact = PEOPLE.wang.phone;
    const tries = { newPassword: 'mallory knows this one' };
    // Asked for before it begins, and typed in the middle of it.
    const before = await asked('198.51.100.41', '/recover', { contact });
    const first = await codeFor(portal, contact);
    expect(first).toHaveLength(6);
    for (let place = 0; place < 12; place++) {
      const stranger = await asked(`203.0.113.${100 + place}`, '/recover', { contact });
      for (let i = 0; i < 5; i++) await stranger.post('/recover/confirm', { ...tries, code: NO_CODE });
    }
    // A new device at a new place: what it is sent from now on nobody guesses, however many tries all of them have together.
    const owner = await asked('198.51.100.42', '/recover', { contact });
    const code = await codeFor(portal, contact);
    expect(code).toHaveLength(10);
    expect((await owner.post('/recover/confirm', { code: NO_CODE, newPassword: 'a fresh pass phrase' })).status).toBe(422);
    expect(
      (await owner.post('/recover/confirm', { code: ` ${code.slice(0, 5)} ${code.slice(5)}`, newPassword: 'a fresh pass phrase' })).status,
    ).toBe(303);
    expect((await before.post('/recover/confirm', { code: first, newPassword: 'a fresh pass phrase' })).status).toBe(303);
  });

  test('ends for who guesses, and not for a neighbour at the same address; and a code has five tries whoever types them', async () => {
    const contact = PEOPLE.zhao.email;
    const stranger = await asked('198.51.100.43', '/recover', { contact });
    let said = '';
    for (let sent = 0; sent < 4; sent++) {
      for (let i = 0; i < 5; i++)
        said = await (await stranger.post('/recover/confirm', { code: NO_CODE, newPassword: 'mallory knows this one' })).text();
      if (sent < 3) await stranger.post('/recover/resend', {});
    }
    expect(said).toContain('tomorrow');
    const owner = await asked('198.51.100.43', '/recover', { contact });
    const code = await codeFor(portal, contact);
    const type = (typed: string) => owner.post('/recover/confirm', { code: typed, newPassword: 'a fresh pass phrase' });
    for (let i = 0; i < 4; i++) expect((await type(wrongFor(code))).status).toBe(422);
    expect((await type(code)).status).toBe(303);
    const late = await asked('198.51.100.45', '/recover', { contact });
    const other = await codeFor(portal, contact);
    for (const typed of [...Array.from({ length: 5 }, () => wrongFor(other)), other])
      expect((await late.post('/recover/confirm', { code: typed, newPassword: 'a fresh pass phrase' })).status).toBe(422);
  });

  test('asking for codes in somebody’s name from three places does not use up what they get', async () => {
    const contact = 'letters@example.com';
    for (const place of [1, 2, 3, 4]) for (let i = 0; i < 5; i++) await from(`203.0.114.${place}`).post('/recover', { contact });
    expect((await from('203.0.114.4').post('/recover', { contact })).status).toBe(429);
    expect((await from('198.51.100.44').post('/recover', { contact })).status).toBe(303);
  });

  test('a code leaves the outbox when it has been used, and its digest cannot be tried without the installation’s key', async () => {
    const contact = 'outbox@example.com';
    const at = await asked('198.51.100.50', '/sign-up', { name: '孙悦', contact, password: 'a long pass phrase' });
    const code = await codeFor(portal, contact);
    expect((await at.post('/sign-up/confirm', { code })).status).toBe(303);
    const letters = await openDirectory(portal.env).newestMail(200, '2000-01-01T00:00:00.000Z');
    expect(letters.filter((letter) => letter.recipient === contact && letter.body.includes(code))).toEqual([]);
  });

  test('a code that nobody typed leaves with the schedule once its ten minutes are over, and is shown nowhere before that', async () => {
    const contact = 'forgotten@example.com';
    await asked('198.51.100.51', '/sign-up', { name: '孙悦', contact, password: 'a long pass phrase' });
    const code = await codeFor(portal, contact);
    const directory = openDirectory(portal.env);
    const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const holds = async (at: string) => (await directory.newestMail(500, at)).some(({ body }) => body.includes(code));
    expect([await holds(later(9)), await holds(later(11))]).toEqual([true, false]);
    await directory.sweep(later(11), later(-1429));
    expect(await holds('2000-01-01T00:00:00.000Z')).toBe(false);
  });
});

describe('asking who is here', () => {
  test.each([
    ['/sign-up', (contact: string) => ({ name: '孙悦', contact, password: 'a long pass phrase' })],
    ['/recover', (contact: string) => ({ contact })],
    ['/sign-in', (contact: string) => ({ contact, password: 'not it, really' })],
  ])('%s: the same round trips, status and bytes for an account and for none', async (path, fields) => {
    const of = async (contact: string, address: string) => {
      const { count, answer } = await trips(portal, () => from(address).post(path, fields(contact)));
      const body = (await answer.text()).replaceAll(contact, '');
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value.replace(/(pending|returned)=[\w-]{27}/, '$1=')}`);
      return { status: answer.status, body, count, headers: headers.filter((one) => !one.startsWith('date')) };
    };
    const known = await of(PEOPLE.li.phone, `198.51.100.6${path.length}`);
    const unknown = await of('13700137000', `198.51.100.7${path.length}`);
    expect(unknown).toEqual(known);
  });
});

describe('after a change', () => {
  test('a new sign-in ends the others by choice; a change of password always; and the person is told', async () => {
    const contact = PEOPLE.li.phone;
    const [first, second] = [
      cookiesOf(await signIn(from('198.51.100.80'), contact, PASSWORD), 'heyi', 'device').join('; '),
      cookiesOf(await signIn(from('198.51.100.81'), contact, PASSWORD), 'heyi', 'device').join('; '),
    ];
    const open = async (cookie: string) => (await from('198.51.100.80', cookie).get('/account')).status === 200;
    expect([await open(first), await open(second)]).toEqual([true, true]);
    const third = cookiesOf(await from('198.51.100.82').post('/sign-in', { contact, password: PASSWORD, others: 'end' }), 'heyi').join(
      '; ',
    );
    expect([await open(first), await open(second), await open(third)]).toEqual([false, false, true]);
    const changed = await from('198.51.100.82', third).post('/account/password', {
      password: PASSWORD,
      newPassword: 'quite another phrase',
    });
    const fourth = cookiesOf(changed, 'heyi').join('; ');
    expect([await open(third), await open(fourth)]).toEqual([false, true]);
    const letters = (await openDirectory(portal.env).newestMail(200)).filter(({ recipient }) => recipient === contact);
    expect(letters.filter(({ subject }) => /新设备/.test(subject)).length).toBe(3);
    expect(letters.filter(({ subject }) => /密码已修改/.test(subject)).length).toBe(1);
    for (const { body, subject } of letters) expect(`${subject}${body}`).not.toMatch(/贷|款|债|欠|催|明衡|浦江/);
  });
});

describe('one address with many people behind it, as an office or a carrier has', () => {
  let office: Portal;
  const data = mkdtempSync(join(tmpdir(), 'heyi-office-'));
  const origin = 'https://heyi.example';
  beforeAll(async () => {
    office = await startPortal(data, 0, { origin, trusted: trustedProxies('127.0.0.1') });
    await Stage.set(office, Date.now());
  });
  afterAll(async () => {
    await office.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** As a proxy that speaks TLS passes it on. */
  const post = (address: string, path: string, fields: Record<string, string>, cookies: string[] = []) =>
    fetch(office.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin, 'x-forwarded-for': address, cookie: ['language=en', ...cookies].join('; ') },
      body: new URLSearchParams(fields),
    });
  const own = { contact: PEOPLE.chen.email, password: PASSWORD };
  const enter = (address: string, cookies: string[] = []) => post(address, '/sign-in', own, cookies);

  /** So many wrong passwords have come from there, at whichever accounts. */
  async function wrong(address: string, count: number): Promise<void> {
    const until = new Date(Date.now() + 600_000).toISOString();
    const keys = Array.from({ length: count }, () => ({ key: `password:${address}`, until }));
    await openDirectory(office.env).countAttempts(keys, '', { email: 'nobody@example.com' }, new Date().toISOString());
  }

  test('right passwords do not count against it', async () => {
    await wrong('198.51.100.60', 57);
    for (let i = 0; i < 5; i++) expect((await enter('198.51.100.60')).headers.get('location')).toBe('/cases');
  });

  test('where somebody there guesses, who knows the right password gets in by a code, and on a device of their own without', async () => {
    const before = await enter('198.51.100.62');
    expect(before.headers.get('location')).toBe('/cases');
    await wrong('198.51.100.61', 60);
    const answer = await enter('198.51.100.61');
    expect(answer.headers.get('location')).toBe('/sign-in/confirm');
    const code = await codeFor(office, PEOPLE.chen.email);
    expect((await post('198.51.100.61', '/sign-in/confirm', { code }, cookiesOf(answer, 'pending'))).headers.get('location')).toBe(
      '/cases',
    );
    await wrong('198.51.100.61', 600);
    expect((await enter('198.51.100.61')).status).toBe(429);
    expect((await enter('198.51.100.61', cookiesOf(before, 'device'))).headers.get('location')).toBe('/cases');
  });
});
