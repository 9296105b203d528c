import { Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { lockedSecret, newSecret, newSpareCodes, shownCode, spareCodeId, stepOf, unlockedSecret } from '../../worker/factor.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { lender, letterTo, type Rig, rig } from '../portal.ts';
import { cookiesIn, giveFactor, newcomer, plainText, signedIn, type Visitor, visitor } from './people.ts';

/** The second factor: codes by the standard, each good once, and a session with a password alone that opens nothing. */

const AT = Date.parse('2026-11-28T02:00:10.000Z');
const STEP = 30_000;

describe('a code of an app', () => {
  test('is that of RFC 6238, appendix B', () => {
    const secret = Secret.fromUTF8('12345678901234567890').base32;
    for (const [seconds, code] of [
      [59, '287082'],
      [1111111109, '081804'],
      [2000000000, '279037'],
    ] as const)
      expect(shownCode(secret, seconds * 1000).code).toBe(code);
  });

  test.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('of a phone whose clock is %i steps off is taken: %s', (off, taken) => {
    // A fixed one: of others, one in a million has the same code two steps on.
    const secret = Secret.fromUTF8('12345678901234567890').base32;
    const { code } = shownCode(secret, AT + off * STEP);
    expect(stepOf(secret, ` ${code.slice(0, 3)} ${code.slice(3)} `, AT)).toBe(taken ? Math.floor(AT / STEP) + off : null);
  });

  test('is not anything else that is typed', () => {
    const secret = newSecret();
    for (const typed of ['', '0', '12345', '1234567', 'abcdef', '１２３', '\u0000', '__proto__'])
      expect(stepOf(secret, typed, AT)).toBeNull();
  });
});

test('a secret is read back for its own account alone, also once keys were rotated, and not where it was changed', async () => {
  const portal = await rig();
  const { keys } = portal;
  const secret = newSecret();
  const stored = await lockedSecret(keys, 'a', secret);
  expect(stored).not.toContain(secret);
  expect(await unlockedSecret(keys, 'a', stored)).toBe(secret);
  expect(await unlockedSecret(keys, 'b', stored)).toBeNull();
  const changed = stored.replace(/.(?=.{9}$)/, (char) => (char === 'A' ? 'B' : 'A'));
  expect(await unlockedSecret(keys, 'a', changed)).toBeNull();
  for (const nonsense of ['', '.', 'x.y.z', stored.replace(/^[^.]+/, 'other')])
    expect(await unlockedSecret(keys, 'a', nonsense)).toBeNull();
  await portal.remove();
});

test('spare codes are ten, differ, and are read as people type them', () => {
  const codes = newSpareCodes();
  expect(new Set(codes).size).toBe(10);
  const keys = { keys: [] as never };
  expect(() => spareCodeId(keys, 'a', codes[0] ?? '')).toThrow();
  for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}(?:-[2-9A-HJKMNP-TV-Z]{4}){2}$/);
});

describe('at the portal', () => {
  let portal: Rig;
  let stage: Stage;
  beforeAll(async () => {
    portal = await rig();
    stage = await Stage.set(portal, Date.now());
  });
  afterAll(() => portal.remove());

  const contactOf = (who: keyof typeof PEOPLE) => PEOPLE[who].email ?? PEOPLE[who].phone ?? '';

  async function secretOf(contact: string): Promise<string> {
    const all = await openDirectory(portal.env).peopleWithFactors();
    const one = all.find(({ account }) => account.email === contact || account.phone === contact);
    return (one && (await unlockedSecret(portal.keys, one.account.id, one.secret))) ?? '';
  }

  /** As if no code had been used yet. */
  const rested = async (contact: string) => {
    const directory = openDirectory(portal.env);
    const one = (await directory.peopleWithFactors()).find(({ account }) => account.email === contact);
    await directory.dropFactor(
      one?.account.id ?? '',
      { id: randomId(), recipient: '', subject: '', body: '', createdAt: instant() },
      { signOut: false },
    );
    const { secret = '' } = one ?? {};
    await directory.addFactor({ account: one?.account.id ?? '', secret, since: instant(), lastStep: 0 });
  };

  /** Somebody who has given their password alone. */
  async function half(
    contact: string,
    password = PASSWORD,
    fields: Record<string, string> = {},
  ): Promise<{ at: Visitor; location: string }> {
    const answer = await visitor(portal).post('/sign-in', { contact, password, ...fields });
    return { at: visitor(portal, ['language=en', ...cookiesIn(answer)].join('; ')), location: answer.headers.get('location') ?? '' };
  }

  test('with the password alone nothing is open but the page that asks for the code; with it the session is another', async () => {
    const contact = contactOf('lin');
    await rested(contact);
    const { at, location } = await half(contact, PASSWORD, { next: '/desk/mingheng' });
    expect(location).toBe('/second-factor?next=%2Fdesk%2Fmingheng');
    expect((await at.get('/desk/mingheng')).headers.get('location')).toBe(location);
    expect((await at.get('/account')).headers.get('location')).toBe('/second-factor?next=%2Faccount');
    expect((await at.get('/api/v1/cases/x')).status).toBe(401);
    expect(await (await at.get('/')).text()).not.toContain('/desk/mingheng');
    const { code } = shownCode(await secretOf(contact), Date.now());
    const arrived = await at.post('/second-factor', { factor: code, next: '/desk/mingheng' });
    expect(arrived.headers.get('location')).toBe('/desk/mingheng');
    const lin = visitor(portal, ['language=en', ...cookiesIn(arrived)].join('; '));
    expect((await lin.get('/desk/mingheng')).status).toBe(200);
    // The one from before is worth nothing: not even for asking.
    expect((await at.get('/second-factor')).headers.get('location')).toContain('/sign-in');
  });

  test('a code is good once, also where it is typed in two places at once', async () => {
    const contact = contactOf('zhou');
    await rested(contact);
    const tabs = await Promise.all(Array.from({ length: 4 }, () => half(contact)));
    const { code } = shownCode(await secretOf(contact), Date.now());
    const answers = await Promise.all(tabs.map(({ at }) => at.post('/second-factor', { factor: code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
    const refused = answers.find(({ status }) => status === 422);
    expect(plainText((await refused?.text()) ?? '')).toContain(en.factor.used);
    // Nor is one of a step before it: whoever looked over a shoulder has nothing.
    const earlier = shownCode(await secretOf(contact), Date.now() - STEP).code;
    expect((await (await half(contact)).at.post('/second-factor', { factor: earlier })).status).toBe(422);
  });

  test('a spare code is good once, in its place, also for two at once', async () => {
    const contact = contactOf('gu');
    const directory = openDirectory(portal.env);
    const account = (await directory.accountByContact({ email: contact }))?.id ?? '';
    const codes = newSpareCodes();
    await directory.changeSpareCodes(
      account,
      codes.flatMap((code) => spareCodeId(portal.env, account, code) ?? []),
      instant(),
    );
    const typed = (codes[0] ?? '').toLowerCase().replaceAll('-', ' ');
    const [one, other] = [(await half(contact)).at, (await half(contact)).at];
    const answers = await Promise.all([one, other].map((at) => at.post('/second-factor', { factor: typed })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(await directory.spareCodesLeft(account)).toBe(9);
  });

  test('who knows the password and guesses is made to wait, for minutes at most; the person at their own device is not', async () => {
    const contact = contactOf('lin');
    await rested(contact);
    const { code } = shownCode(await secretOf(contact), Date.now());
    const arrived = await (await half(contact)).at.post('/second-factor', { factor: code });
    const device = cookiesIn(arrived).find((one) => one.startsWith('device=')) ?? '';
    const wrong = code === '000000' ? '000001' : '000000';
    const statuses: string[] = [];
    // From a new place each time, as far as it tells.
    for (let i = 0; i < 8; i++)
      statuses.push(plainText(await (await (await half(contact)).at.post('/second-factor', { factor: wrong })).text()));
    expect(statuses.at(0)).toContain(en.factor.wrong);
    const waits = statuses.filter((text) => /again in (\d+)/i.test(text));
    expect(waits.length).toBeGreaterThan(2);
    for (const text of waits) expect(Number(/again in (\d+)/i.exec(text)?.[1])).toBeLessThanOrEqual(300);
    const own = await visitor(portal, `language=en; ${device}`).post('/sign-in', { contact, password: PASSWORD });
    const at = visitor(portal, ['language=en', device, ...cookiesIn(own)].join('; '));
    const next = shownCode(await secretOf(contact), Date.now() + STEP).code;
    expect((await at.post('/second-factor', { factor: next })).status).toBe(303);
    await openDirectory(portal.env).sweep('2099-01-01T00:00:00.000Z', '2000-01-01T00:00:00.000Z');
  });

  test('what was written when the session had ended waits on the page that asks for the code, too', async () => {
    const id = randomId();
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    const contact = contactOf('lin');
    await rested(contact);
    const words = '这段话还没有发出。';
    const path = `/cases/${id}/do/talk.message`;
    const kept = { 'kept:at': `/cases/${id}/typed/talk.message`, 'kept:words': words };
    expect(await (await visitor(portal).post(path, { words })).text()).toContain(words);
    const signed = await visitor(portal).post('/sign-in', { contact, password: PASSWORD, ...kept });
    expect(signed.status).toBe(307);
    const at = visitor(portal, ['language=en', ...cookiesIn(signed)].join('; '));
    // As a browser follows it, with all that the form held.
    const asked = await at.post(signed.headers.get('location') ?? '', { contact, password: PASSWORD, ...kept });
    const page = await asked.text();
    expect(asked.status).toBe(401);
    expect(page).toContain('action="/second-factor"');
    expect(page).not.toContain(PASSWORD);
    const fields = Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name ?? '', value ?? '']),
    );
    const { code } = shownCode(await secretOf(contact), Date.now());
    const given = await at.post('/second-factor', { ...fields, factor: code });
    expect([given.status, given.headers.get('location')]).toEqual([307, `/cases/${id}/typed/talk.message`]);
    const back = visitor(portal, ['language=en', ...cookiesIn(given)].join('; '));
    const shown = await back.post(given.headers.get('location') ?? '', { ...fields, factor: code });
    expect(await shown.text()).toContain(words);
  });

  test('who takes up a post sets it up before anything else; sent twice at once it is set up once', async () => {
    const link = new URL(await lender(portal, 'factor-lender', '新机构')).pathname;
    const contact = 'first@factor.example';
    const me = await newcomer(portal, contact);
    expect((await me.post(link, {})).headers.get('location')).toBe('/desk/factor-lender');
    expect((await me.get('/desk/factor-lender')).headers.get('location')).toContain('/second-factor');
    const page = await (await me.get('/second-factor')).text();
    expect(page).toContain('action="/second-factor/set-up"');
    expect(page).toContain('<svg class="qr"');
    const locked = /name="secret" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const key = /<code class="key">([^<]+)/.exec(page)?.[1]?.replaceAll(' ', '') ?? '';
    const form = { secret: locked, factor: shownCode(key, Date.now()).code, password: 'a long pass phrase', next: '/desk/factor-lender' };
    for (const [change, field] of [
      [{ factor: '' }, 'factor'],
      [{ password: 'not it' }, 'password'],
    ] as const) {
      const refused = await me.post('/second-factor/set-up', { ...form, ...change });
      const html = await refused.text();
      expect([refused.status, html.includes(`id="${field}-error"`)]).toEqual([422, true]);
      // The key on the page is the one that the phone has by now.
      expect(/<code class="key">([^<]+)/.exec(html)?.[1]?.replaceAll(' ', '')).toBe(key);
    }
    // Nobody sets up another's key: it is bound to the account.
    const foreign = await lockedSecret(portal.keys, 'somebody', key);
    expect((await me.post('/second-factor/set-up', { ...form, secret: foreign })).status).toBe(422);
    const answers = await Promise.all([me, me].map((one) => one.post('/second-factor/set-up', form)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const done = answers.find(({ status }) => status === 200);
    expect([...((await done?.clone().text()) ?? '').matchAll(/<li><code>([^<]+)/g)]).toHaveLength(10);
    const arrived = visitor(portal, ['language=en', ...cookiesIn(done ?? new Response())].join('; '));
    expect((await arrived.get('/desk/factor-lender')).status).toBe(200);
    await letterTo(portal, contact, en.mail.factorBody.on({ at: '' }).slice(0, 20));
    // It cannot be turned off by who works for a lender.
    expect((await arrived.post('/second-factor/off', { password: 'a long pass phrase' })).status).toBe(404);
  });

  test('a borrower may turn it on, is asked from then on, and may turn it off', async () => {
    const contact = 'careful@borrower.example';
    const me = await newcomer(portal, contact);
    const other = (await half(contact, 'a long pass phrase')).at;
    expect((await other.get('/account')).status).toBe(200);
    const page = await (await me.get('/second-factor/set-up?next=/account')).text();
    const secret = /<code class="key">([^<]+)/.exec(page)?.[1]?.replaceAll(' ', '') ?? '';
    const locked = /name="secret" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const on = await me.post('/second-factor/set-up', {
      secret: locked,
      factor: shownCode(secret, Date.now()).code,
      password: 'a long pass phrase',
    });
    const [code = ''] = [...(await on.text()).matchAll(/<li><code>([^<]+)/g)].map(([, one]) => one ?? '');
    // Wherever else somebody was signed in with the password alone, they are not any more.
    expect((await other.get('/account')).headers.get('location')).toContain('/sign-in');
    const asked = await half(contact, 'a long pass phrase');
    expect(asked.location).toBe('/second-factor?next=%2F');
    const arrived = await asked.at.post('/second-factor', { factor: code });
    const again = visitor(portal, ['language=en', ...cookiesIn(arrived)].join('; '));
    expect(plainText(await (await again.get('/account')).text())).toContain(en.factor.on({ left: 9 }));
    // A new password does not do without it, and asks for no second one that was just given.
    const changed = await again.post('/account/password', { password: 'a long pass phrase', newPassword: 'quite another phrase' });
    const then = visitor(portal, ['language=en', ...cookiesIn(changed)].join('; '));
    expect((await then.get('/account')).status).toBe(200);
    expect((await half(contact, 'quite another phrase')).location).toContain('/second-factor');
    expect((await then.post('/second-factor/off', { about: 'off', password: 'not it at all' })).status).toBe(422);
    expect((await then.post('/second-factor/off', { about: 'off', password: 'quite another phrase' })).headers.get('location')).toBe(
      '/account?done=off',
    );
    expect((await half(contact, 'quite another phrase')).location).toBe('/cases');
    // One that was given before it was turned off is none: who takes up a post in that session sets it up as everybody does.
    const link = new URL(await lender(portal, 'factor-again', '另一机构')).pathname;
    expect((await then.post(link, {})).headers.get('location')).toBe('/desk/factor-again');
    expect((await then.get('/desk/factor-again')).headers.get('location')).toContain('/second-factor');
  });

  test('signing asks for it again where it was given longer ago', async () => {
    const id = randomId();
    const opening = plainOpening(stage.today(), '明衡消费金融');
    await stage.give('chen', 'mingheng', id, 'case.open', opening);
    const digest = offerDigest(opening.debt.debt, opening.proposal.terms);
    await stage.give('zhou', 'mingheng', id, 'proposal.accept', { version: 1, digest });
    const contact = contactOf('zhou');
    await rested(contact);
    const zhou = await signedIn(portal, 'zhou');
    const shown = () => zhou.get(`/cases/${id}/agreement`).then((answer) => answer.text());
    expect(await shown()).not.toContain('name="factor"');
    const directory = openDirectory(portal.env);
    const visit = await directory.visit(digestOf(/heyi=([^;]+)/.exec(zhou.cookie)?.[1] ?? ''), '', instant());
    if (visit) await directory.noteFactor(visit.session, instant(Date.now() - 11 * 60_000));
    const page = await shown();
    expect(page).toContain('name="factor"');
    const agreed = /name="digest" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const form = { digest: agreed, name: PEOPLE.zhou.name, password: PASSWORD, requestId: randomId() };
    const without = await zhou.post(`/cases/${id}/do/agreement.sign`, form);
    const text = await without.text();
    expect([without.status, text.includes('factor-error')]).toEqual([422, true]);
    expect(text).toContain(`value="${PEOPLE.zhou.name}"`);
    const { code } = shownCode(await secretOf(contact), Date.now());
    expect((await zhou.post(`/cases/${id}/do/agreement.sign`, { ...form, factor: code, password: 'wrong' })).status).toBe(422);
    expect((await zhou.post(`/cases/${id}/do/agreement.sign`, { ...form, factor: code })).status).toBe(303);
    expect(await shown()).not.toContain('name="factor"');
  });

  test('a row that is not the portal’s own opens nothing, and is not taken for none', async () => {
    const contact = contactOf('lin');
    const one = (await openDirectory(portal.env).peopleWithFactors()).find(({ account }) => account.email === contact);
    const secret = newSecret();
    const forged = await lockedSecret(portal.keys, one?.account.id ?? '', secret);
    const { createClient } = await import('@libsql/client/web');
    const db = createClient({ url: `${portal.server.url}directory/`, authToken: portal.server.token });
    await db.execute({ sql: 'UPDATE factors SET secret = ? WHERE account = ?', args: [forged, one?.account.id ?? ''] });
    const { at } = await half(contact);
    const answer = await at.post('/second-factor', { factor: shownCode(secret, Date.now()).code });
    expect(plainText(await answer.text())).toContain(en.factor.unproven);
    expect((await at.get('/second-factor/set-up')).headers.get('location')).toBe('/second-factor');
    await db.execute({ sql: 'UPDATE factors SET secret = ? WHERE account = ?', args: [one?.secret ?? '', one?.account.id ?? ''] });
  });

  test('the codes of a development machine’s people can be read at its outbox', async () => {
    const secret = await secretOf(contactOf('gu'));
    const shown = () => shownCode(secret, Date.now()).code;
    const before = shown();
    const page = await (await visitor(portal).get('/dev/outbox')).text();
    // Another may have come meanwhile.
    expect([before, shown()].some((code) => page.includes(code))).toBe(true);
  });

  test('a session that was given its factor stays so when it is extended', async () => {
    const lin = await signedIn(portal, 'lin');
    await giveFactor(portal, lin.cookie);
    const directory = openDirectory(portal.env);
    const id = digestOf(/heyi=([^;]+)/.exec(lin.cookie)?.[1] ?? '');
    const visit = await directory.visit(id, '', instant());
    if (visit) await directory.extendSession(visit.session, Date.now() + 86_400_000);
    expect((await lin.get('/desk/mingheng')).status).toBe(200);
  });
});
