import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { shownCode, unlockedSecret } from '../../worker/factor.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { Authenticator } from '../authenticator.ts';
import { letterTo, type Rig, rig } from '../portal.ts';
import { cookiesIn, plainText, signedIn, type Visitor, visitor } from './people.ts';

/** Passkeys at the portal: who may add one, where it opens what, and all by which somebody else's, or an old one, would. */

let portal: Rig;
/** The portal by a name, as passkeys need one. */
let named: Rig;
let site: { origin: string; rp: string };
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
  named = { ...portal, url: portal.url.replace('127.0.0.1', 'localhost') };
  site = { origin: named.url, rp: 'localhost' };
});
afterAll(() => portal.remove());

const at = ({ cookie }: Visitor) => visitor(named, cookie);

const challengeIn = (html: string) => /challenge&quot;:&quot;([\w-]+)/.exec(html)?.[1] ?? '';

/** The challenge of a page on which a new key is made. */
async function beginning(who: Visitor, fields: Record<string, string> = {}): Promise<string> {
  const answer = await who.post('/second-factor/passkeys/new', { name: '办公室电脑', password: PASSWORD, ...fields });
  expect(answer.status).toBe(200);
  return challengeIn(await answer.text());
}

async function withKey(who: Visitor): Promise<Authenticator> {
  const authenticator = await Authenticator.make();
  const made = await authenticator.made({ challenge: await beginning(who), ...site });
  const answer = await who.post('/second-factor/passkeys', { name: '办公室电脑', passkey: JSON.stringify(made) });
  expect(answer.headers.get('location')).toBe('/account?done=passkey-added');
  return authenticator;
}

/** What is to be signed, as the page's script asks for it. */
async function asked(who: Visitor) {
  const answer = await who.post('/second-factor/passkeys/ask', {});
  expect(answer.status).toBe(200);
  return (await answer.json()) as { challenge: string; rpId: string; allowCredentials: { id: string }[] };
}

const signed = async (authenticator: Authenticator, challenge: string, said = {}) =>
  JSON.stringify(await authenticator.used({ challenge, ...site, ...said }));

/** Somebody who has given their password alone. */
async function half(who: keyof typeof PEOPLE): Promise<Visitor> {
  const { email, phone } = PEOPLE[who];
  const answer = await visitor(named).post('/sign-in', { contact: email ?? phone ?? '', password: PASSWORD });
  return visitor(named, ['language=en', ...cookiesIn(answer)].join('; '));
}

/** A session in which the second factor was given longer ago than it counts. */
async function aged(): Promise<void> {
  const directory = openDirectory(portal.env);
  const long = new Date(Date.now() - 3_600_000).toISOString();
  for (const { account } of await directory.peopleWithFactors())
    for (const { seal, ...session } of await directory.sessionsOf(account.id))
      if (session.factorAt) await directory.noteFactor(session, long);
}

describe('one of two steps', () => {
  test('a passkey is added once it is proved who asks, is told by mail, signs in, and is asked for again', async () => {
    const zhou = at(await signedIn(portal, 'zhou'));
    const key = await withKey(zhou);
    await letterTo(portal, PEOPLE.zhou.email, '通行密钥');
    expect(plainText(await (await zhou.get('/account')).text())).toContain('办公室电脑');

    const owing = await half('zhou');
    expect(await (await owing.get('/second-factor')).text()).toContain('data-passkey="use"');
    const { challenge, rpId, allowCredentials } = await asked(owing);
    expect(rpId).toBe('localhost');
    expect(allowCredentials.map(({ id }) => id)).toEqual([key.id]);
    const arrived = await owing.post('/second-factor', { passkey: await signed(key, challenge, { counter: 1 }), next: '/desk/mingheng' });
    expect(arrived.headers.get('location')).toBe('/desk/mingheng');
    const in_ = visitor(named, ['language=en', ...cookiesIn(arrived)].join('; '));
    expect((await in_.get('/desk/mingheng')).status).toBe(200);

    await aged();
    const page = await (await in_.get('/account')).text();
    expect(page).toContain('data-passkey="use"');
    const wrong = await in_.post('/second-factor/codes', { password: PASSWORD, passkey: '{}' });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain(en.factor.passkeyWrong);
    const again = await asked(in_);
    const given = await in_.post('/second-factor/codes', {
      password: PASSWORD,
      passkey: await signed(key, again.challenge, { counter: 2 }),
    });
    expect(await given.text()).toContain(en.factor.sparesTitle);
  });

  test('is not offered on an address of numbers, in an app, nor to who has none; codes remain', async () => {
    const zhou = await half('zhou');
    expect(await (await visitor(portal, zhou.cookie).get('/second-factor')).text()).not.toContain('data-passkey');
    const inApp = { 'user-agent': 'Mozilla/5.0 (Linux; Android 14; wv) MicroMessenger/8.0.49' };
    expect(await (await zhou.get('/second-factor', inApp)).text()).not.toContain('data-passkey');
    expect((await zhou.send('/second-factor/passkeys/ask', '', inApp)).status).toBe(404);
    const fang = await half('fang');
    expect(await (await fang.get('/second-factor')).text()).not.toContain('data-passkey');
    const wang = at(await signedIn(portal, 'wang'));
    expect((await wang.post('/second-factor/passkeys/ask', {})).status).toBe(404);
    expect((await wang.post('/second-factor/passkeys/new', { name: 'x', password: PASSWORD })).status).toBe(404);
    expect((await visitor(named).post('/second-factor/passkeys/ask', {})).status).toBe(303);
  });
});

describe('what is not let in', () => {
  let key: Authenticator;
  beforeAll(async () => {
    key = await withKey(at(await signedIn(portal, 'lin')));
  });

  const refused = async (who: Visitor, passkey: string) => {
    const answer = await who.post('/second-factor', { passkey });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(en.factor.passkeyWrong);
  };

  test('what was signed once, also sent twice at once', async () => {
    const owing = await half('lin');
    const { challenge } = await asked(owing);
    const passkey = await signed(key, challenge);
    const [one, other] = await Promise.all([owing.post('/second-factor', { passkey }), owing.post('/second-factor', { passkey })]);
    // The session that the other one was sent in is over: it leads to signing in.
    expect([one, other].filter((answer) => answer.headers.get('location') === '/cases')).toHaveLength(1);
    const next = await half('lin');
    await refused(next, passkey);
    await asked(next);
    await refused(next, passkey);
  });

  test('what another session was given to sign, or another site, or a key of somebody else', async () => {
    const [one, other, zhou] = [await half('lin'), await half('lin'), await half('zhou')];
    const { challenge } = await asked(one);
    await refused(other, await signed(key, challenge));
    const again = await asked(other);
    await refused(other, await signed(key, again.challenge, { origin: 'http://evil.example' }));
    await refused(other, await signed(key, (await asked(other)).challenge, { rp: 'evil.example' }));
    await refused(other, await signed(await Authenticator.make(), (await asked(other)).challenge));
    await refused(zhou, await signed(key, (await asked(zhou)).challenge));
    // The challenge for a new key is none for a use.
    const lin = at(await signedIn(portal, 'lin'));
    await refused(other, await signed(key, await beginning(lin)));
  });

  test('a copy of a key that counts: it counts less than the key itself did', async () => {
    const use = async (counter: number) => {
      const owing = await half('lin');
      return owing.post('/second-factor', { passkey: await signed(key, (await asked(owing)).challenge, { counter }) });
    };
    expect((await use(9)).status).toBe(303);
    expect((await use(8)).status).toBe(422);
    expect((await use(9)).status).toBe(422);
    expect((await use(0)).status).toBe(422);
    expect((await use(10)).status).toBe(303);
  });

  test('a challenge whose time is over, or that was put into the database', async () => {
    const late = async (change: (challenge: string) => void) => {
      const owing = await half('lin');
      const { challenge } = await asked(owing);
      change(challenge);
      await refused(owing, await signed(key, challenge, { counter: 100 }));
    };
    await late((challenge) =>
      inFile(portal.data, 'directory', (db) =>
        db.prepare('UPDATE challenges SET expires_at = ? WHERE challenge = ?').run('2099', challenge),
      ),
    );
    await late((challenge) =>
      inFile(portal.data, 'directory', (db) => db.prepare('UPDATE challenges SET session = ? WHERE challenge = ?').run('x', challenge)),
    );
  });

  test('a key that was put into the database, or given to somebody else there', async () => {
    const planted = await Authenticator.make();
    const made = await planted.made({ challenge: 'x', ...site });
    inFile(portal.data, 'directory', (db) => {
      const { account } = db.prepare('SELECT account FROM passkeys WHERE id = ?').get(key.id) as { account: string };
      db.prepare(
        `INSERT INTO passkeys (id, account, public_key, algorithm, transports, name, since, counter, seal) SELECT ?, ?, ?, algorithm, transports, name, since, counter, seal FROM passkeys WHERE id = ?`,
      ).run(planted.id, account, made.response.publicKey, key.id);
    });
    const owing = await half('lin');
    const { challenge, allowCredentials } = await asked(owing);
    expect(allowCredentials.map(({ id }) => id)).toEqual([key.id]);
    await refused(owing, await signed(planted, challenge));
    inFile(portal.data, 'directory', (db) => db.prepare('DELETE FROM passkeys WHERE id = ?').run(planted.id));
  });
});

describe('adding and removing', () => {
  test('nobody adds one without their password, nor without having asked, and a key is one person’s', async () => {
    const fang = at(await signedIn(portal, 'fang'));
    const bad = await fang.post('/second-factor/passkeys/new', { name: '手机', password: 'wrong', about: 'passkey' });
    expect(bad.status).toBe(422);
    const page = await bad.text();
    expect(page).toContain('value="手机"');
    const authenticator = await Authenticator.make();
    const unasked = await authenticator.made({ challenge: challengeIn(page) || 'x', ...site });
    expect((await fang.post('/second-factor/passkeys', { name: '手机', passkey: JSON.stringify(unasked) })).status).toBe(422);
    const made = JSON.stringify(await authenticator.made({ challenge: await beginning(fang), ...site }));
    // In another session of the same person it was not asked for.
    const elsewhere = at(await signedIn(portal, 'fang'));
    expect((await elsewhere.post('/second-factor/passkeys', { name: '手机', passkey: made })).status).toBe(422);
    expect((await fang.post('/second-factor/passkeys', { name: '手机', passkey: made })).status).toBe(303);
    expect((await fang.post('/second-factor/passkeys', { name: '手机', passkey: made })).status).toBe(422);
    const shen = at(await signedIn(portal, 'shen'));
    const same = JSON.stringify(await authenticator.made({ challenge: await beginning(shen), ...site }));
    expect((await shen.post('/second-factor/passkeys', { name: '手机', passkey: same })).status).toBe(422);
  });

  test.each(['', ' ', 'x'.repeat(41), 'a\nb'])('a name such as %j is refused, and what it may be is said', async (name) => {
    const fang = at(await signedIn(portal, 'fang'));
    const answer = await fang.post('/second-factor/passkeys/new', { name, password: PASSWORD, about: 'passkey' });
    expect(answer.status).toBe(422);
    expect(plainText(await answer.text())).toContain(en.factor.passkeyNameBad({ most: 40 }));
  });

  test('there are ten at most', async () => {
    const gu = at(await signedIn(portal, 'gu'));
    for (let i = 0; i < 10; i++) await withKey(gu);
    const more = await gu.post('/second-factor/passkeys/new', { name: '再一个', password: PASSWORD, about: 'passkey' });
    expect(more.status).toBe(422);
    expect(plainText(await more.text())).toContain(en.factor.passkeyMost({ most: 10 }));
  });

  test('removing needs the password, is one’s own, and what is left for staff is the app, which cannot be turned off', async () => {
    const zhou = at(await signedIn(portal, 'zhou'));
    const fang = at(await signedIn(portal, 'fang'));
    const key = await withKey(zhou);
    expect((await zhou.post('/second-factor/passkeys/remove', { which: key.id, password: 'wrong' })).status).toBe(422);
    expect((await fang.post('/second-factor/passkeys/remove', { which: key.id, password: PASSWORD })).status).toBe(404);
    const owing = await half('zhou');
    const { challenge } = await asked(owing);
    expect((await zhou.post('/second-factor/passkeys/remove', { which: key.id, password: PASSWORD })).status).toBe(303);
    expect((await owing.post('/second-factor', { passkey: await signed(key, challenge) })).status).toBe(422);
    expect((await zhou.post('/second-factor/off', { password: PASSWORD })).status).toBe(404);
    const one = (await openDirectory(portal.env).peopleWithFactors()).find(({ account }) => account.email === PEOPLE.zhou.email);
    const secret = one && (await unlockedSecret(portal.keys, one.account.id, one.secret));
    expect(shownCode(secret ?? '', Date.now()).code).toMatch(/^\d{6}$/);
  });

  test('an administrator’s reset takes them along', async () => {
    const key = await withKey(at(await signedIn(portal, 'zhou')));
    const fang = at(await signedIn(portal, 'fang'));
    const zhou = await openDirectory(portal.env).accountByContact({ email: PEOPLE.zhou.email });
    const path = `/desk/mingheng/staff/${zhou?.id}`;
    const page = await (await fang.get(path)).text();
    const seen = / name="seen" value="([^"]*)"/.exec(page)?.[1] ?? '';
    expect((await fang.post(`${path}/reset`, { password: PASSWORD, seen })).status).toBe(303);
    inFile(portal.data, 'directory', (db) => expect(db.prepare('SELECT id FROM passkeys WHERE id = ?').all(key.id)).toEqual([]));
  });
});
