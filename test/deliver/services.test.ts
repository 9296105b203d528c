import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { instant, later } from '../../worker/clock.ts';
import { contactIn } from '../../worker/contact.ts';
import { connect } from '../../worker/store/connect.ts';
import type { NewLetter, StoredLetter } from '../../worker/store/letters.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { HttpService } from '../http-service.ts';
import { atRest, NO_CODE, openedCase, type Rig, rig } from '../portal.ts';
import { cookiesIn, plainText, signedIn, type Visitor, visitor } from '../worker/people.ts';

/** Letters leave through workerd to services on loopback that take JSON: a mail API, and one for short messages, in all the ways in which such services fail. */

const [mailService, textService] = [new HttpService(), new HttpService()];
let portal: Rig;
let id: string;
beforeAll(async () => {
  await Promise.all([mailService.start(), textService.start()]);
  portal = await rig(undefined, 0, undefined, {
    MAIL_URL: mailService.url,
    MAIL_TOKEN: 'mail-token',
    MAIL_FROM: '合意 <notice@heyi.example>',
    SMS_URL: textService.url,
    SMS_TOKEN: 'text-token',
  });
  id = await openedCase(portal);
});
afterAll(async () => {
  await portal.remove();
  await Promise.all([mailService.kill(), textService.kill()]);
});
beforeEach(() => {
  mailService.mood = 200;
  textService.mood = 200;
});

const PHONE = '13900139077';
const directory = () => openDirectory(portal.env);
const db = () => connect(portal.env.directory.url, portal.env.directory.token);
const stored = async (one: string): Promise<StoredLetter | undefined> =>
  (await directory().newestMail(500)).find((letter) => letter.id === one);
/** As if all that waits had waited long enough; then the schedule runs. */
async function again() {
  await atRest(portal);
  await db().run(sql`UPDATE mail SET sent_at = ${instant(Date.now() - 3_600_000)} WHERE sent_at IS NOT NULL`);
  await db().run(sql`UPDATE mail SET next_at = '' WHERE sent_at IS NULL`);
  await portal.sweep();
  await atRest(portal);
}

const BY = [
  { name: 'a mail API', service: mailService, to: 'wang@reader.example' },
  { name: 'a service for short messages', service: textService, to: PHONE },
];

describe.each(BY)('$name', ({ name, service, to }) => {
  const letter = (one: string): NewLetter => ({
    id: one,
    recipient: to,
    subject: `合意：您有一封新的回复 ${one}`,
    body: '有新的进展',
    createdAt: instant(),
    template: 'news',
    params: JSON.stringify({ number: 'HY-1', link: `${portal.url}/cases/x`, entries: [{ seq: 1 }] }),
  });
  const about = (one: string) => service.got.filter(({ headers }) => String(headers['idempotency-key']).includes(one));

  test('takes a letter as it is documented', async () => {
    await directory().addMail([letter(`plain-${to}`)]);
    await portal.sweep();
    const [{ headers, body } = { headers: {}, body: {} }] = about(`plain-${to}`);
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    if (name === 'a mail API') {
      expect(headers.authorization).toBe('Bearer mail-token');
      expect(body).toMatchObject({ from: '合意 <notice@heyi.example>', to: [to], subject: expect.stringContaining('合意') });
      expect(Object.keys(body).sort()).toEqual(['from', 'headers', 'html', 'subject', 'text', 'to']);
    } else {
      expect(headers.authorization).toBe('Bearer text-token');
      expect(body).toEqual({ to, template: 'news', params: { number: 'HY-1', link: `${portal.url}/cases/x` }, language: 'zh' });
    }
    expect((await stored(`plain-${to}`))?.sentAt).toBeTruthy();
  });

  test.each([503, 500, 429, 408, 401, 302, 'hangs', 'closes', 'loses'] as const)(
    'that answers %s gets it again, and takes it in the end',
    async (mood) => {
      const one = `mood-${mood}-${to}`;
      service.mood = mood;
      await directory().addMail([letter(one)]);
      await portal.sweep();
      expect(await stored(one)).toMatchObject({ attempts: 1, sentAt: null, deadAt: null });
      service.mood = 200;
      await again();
      expect((await stored(one))?.sentAt).toBeTruthy();
      // What it had taken already it knows again by the same key.
      expect(about(one)).toHaveLength(mood === 'loses' ? 2 : 1);
      expect(new Set(about(one).map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    },
  );

  test('that refuses the letter itself is not asked again', async () => {
    service.mood = 422;
    await directory().addMail([letter(`refused-${to}`)]);
    await portal.sweep();
    expect(await stored(`refused-${to}`)).toMatchObject({ attempts: 1, sentAt: null, fault: 'letter' });
    const { asked } = service;
    await again();
    expect(service.asked).toBe(asked);
  });

  test('that is killed and started again while many leave: each arrives, none is lost', async () => {
    const many = Array.from({ length: 60 }, (_, i) => letter(`many-${to}-${i}`));
    await directory().addMail(many);
    const sweeping = portal.sweep();
    await service.kill();
    await sweeping;
    await service.start();
    for (let tries = 0; tries < 20 && (await directory().newestMail(500)).some((one) => one.sentAt === null); tries++) await again();
    for (const one of many) expect((await stored(one.id))?.sentAt, one.id).toBeTruthy();
    expect(new Set(about(`many-${to}`).map(({ headers }) => headers['idempotency-key'])).size).toBe(60);
  });
});

describe('a second contact', () => {
  let chen: Visitor;
  let lin: Visitor;
  beforeAll(async () => {
    [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
  });
  const BORROWER = PEOPLE.chen.email ?? '';
  const say = async (words: string) =>
    expect((await lin.post(`/cases/${id}/do/talk.message`, { words, requestId: randomId() })).status).toBe(303);
  /** Asks for a code to a contact, and stands where it is typed. */
  const asking = async (who: Visitor, contact: string, password = PASSWORD) => {
    const asked = await who.post('/account/contact', { about: 'contact', contact, password });
    return { asked, at: visitor(portal, [who.cookie, ...cookiesIn(asked)].join('; ')) };
  };
  const WAYS = { offers: 'at-once', talk: 'at-once', papers: 'at-once', payments: 'at-once' };
  const by = (of: Record<string, string>) =>
    Object.fromEntries(['offers', 'talk', 'papers', 'payments', 'always'].map((one) => [`by.${one}`, of[one] ?? 'first']));

  test('is confirmed by a code that is sent there, by whoever gives their password; what is none says so', async () => {
    for (const [contact, password] of [
      ['2', PASSWORD],
      ['other@reader.example', PASSWORD],
      [PHONE, 'another phrase'],
    ] as const) {
      const { asked } = await asking(chen, contact, password);
      expect(asked.status).toBe(422);
      expect(await asked.text()).toContain(`value="${contact}"`);
    }
    const { asked, at } = await asking(chen, PHONE);
    expect(asked.headers.get('location')).toBe('/account/contact/confirm');
    expect(await (await at.get('/account/contact/confirm')).text()).toContain('139****9077');
    const { template, params } = await textService.letterTo(PHONE);
    expect(template).toBe('code');
    expect((await at.post('/account/contact/confirm', { code: NO_CODE })).status).toBe(422);
    // Somebody else in the same browser has no code of theirs.
    const other = await newcomerByMail('else@reader.example');
    const mixed = visitor(portal, [other.cookie, ...cookiesIn(asked)].join('; '));
    const code = (params as { code: string }).code;
    expect((await mixed.post('/account/contact/confirm', { code })).headers.get('location')).toBe('/account');
    expect((await at.post('/account/contact/confirm', { code })).headers.get('location')).toBe('/account?done=contact');
    expect(plainText(await (await chen.get('/account')).text())).toContain('Notices can go to 139****9077');
    // Where they sign in, they hear of it, whoever it was.
    await again();
    expect(mailService.to(BORROWER).at(-1)?.body.subject).toMatch(/second contact was added|添加了第二联系方式/);
  });

  test('gets the kinds of news that were chosen for it, in the language that was chosen', async () => {
    expect((await chen.post('/account/language', { language: 'en' })).status).toBe(303);
    expect((await chen.post('/account/news', { ...WAYS, ...by({ talk: 'second' }) })).headers.get('location')).toBe('/account?done=news');
    expect((await chen.post('/account/news', { ...WAYS, ...by({ talk: 'constructor' }) })).headers.get('location')).toBe('/account');
    await again();
    const [mails, texts] = [mailService.to(BORROWER).length, textService.to(PHONE).length];
    await say('一句话');
    await again();
    expect(mailService.to(BORROWER)).toHaveLength(mails);
    expect(textService.to(PHONE)).toHaveLength(texts + 1);
    expect(textService.to(PHONE).at(-1)?.body).toMatchObject({
      template: 'news',
      language: 'en',
      params: { number: expect.stringMatching(/^HY-/) },
    });
    const issued = { letter: 'answer', words: '正式答复', requestId: randomId() };
    expect((await lin.post(`/cases/${id}/do/talk.issueLetter`, issued)).status).toBe(303);
    await again();
    expect(mailService.to(BORROWER)).toHaveLength(mails + 1);
    expect(mailService.to(BORROWER).at(-1)?.body.subject).toContain('Heyi');
  });

  test('waits no longer than any letter does, whatever a clock that was ahead wrote', async () => {
    const now = instant();
    const letter = (one: string, days: number): NewLetter => ({
      ...{ id: one, recipient: PHONE, subject: '合意', body: '有新的进展', createdAt: now, nextAt: later(now, days * 86_400_000) },
    });
    await directory().addMail([letter('waits-a-day', 1), letter('waits-a-year', 365)]);
    const taken = await directory().takeMail({ urgencies: [2], byMail: true, byText: true, most: 500 }, now, now);
    expect(taken.map(({ id: one }) => one).filter((one) => one.startsWith('waits-a-'))).toEqual(['waits-a-year']);
    await directory().mailSent({ id: 'waits-a-year', recipient: PHONE }, now);
    await directory().mailSent({ id: 'waits-a-day', recipient: PHONE }, now);
  });

  test('that is refused for good, or is let go of, gets nothing more: what was on its way there goes to the first one', async () => {
    const account = (await directory().accountByContact(contactIn(PEOPLE.chen)))?.id ?? '';
    const waiting = (one: string, nextAt: string): NewLetter => ({
      ...{ id: one, recipient: PHONE, subject: '合意', body: '有新的进展', createdAt: instant() },
      ...{ account, about: 'another case', nextAt },
    });
    await directory().addMail([waiting('refused-second', '')]);
    const wanted = { urgencies: [2], byMail: true, byText: true, most: 500 };
    const taken = (await directory().takeMail(wanted, instant(), instant())).find((one) => one.id === 'refused-second');
    if (!taken) throw new Error('not taken');
    await directory().mailDead(taken, 'address', instant());
    expect(await stored('refused-second')).toMatchObject({ recipient: BORROWER, attempts: 0, deadAt: null, nextAt: '' });
    // The first one has no other: there it is given up.
    const again = (await directory().takeMail(wanted, instant(), instant())).find((one) => one.id === 'refused-second');
    if (!again) throw new Error('not taken again');
    await directory().mailDead(again, 'address', instant());
    expect(await stored('refused-second')).toMatchObject({ recipient: BORROWER, fault: 'address' });
    await directory().mailSent({ id: 'none', recipient: PHONE }, instant());
    await directory().mailSent({ id: 'none', recipient: BORROWER }, instant());

    await directory().addMail([waiting('waits-second', later(instant(), 86_400_000))]);
    expect((await chen.post('/account/contact/remove', {})).status).toBe(303);
    expect((await stored('waits-second'))?.recipient).toBe(BORROWER);
    await db().run(sql`DELETE FROM mail WHERE id IN ('refused-second', 'waits-second')`);
  });

  test('that signs nobody in, and is let go of again: then news go to the first one', async () => {
    expect((await visitor(portal).post('/sign-in', { contact: PHONE, password: PASSWORD })).status).not.toBe(303);
    expect((await chen.post('/account/contact/remove', {})).headers.get('location')).toBe('/account?done=contact-removed');
    const [mails, texts] = [mailService.to(BORROWER).length, textService.to(PHONE).length];
    await say('另一句话');
    await again();
    expect(mailService.to(BORROWER)).toHaveLength(mails + 1);
    expect(textService.to(PHONE)).toHaveLength(texts);
  });

  async function newcomerByMail(contact: string): Promise<Visitor> {
    const asked = await visitor(portal).post('/sign-up', { name: '孙悦', contact, password: 'a long pass phrase' });
    const { text } = await mailService.letterTo(contact);
    const at = visitor(portal, ['language=en', ...cookiesIn(asked)].join('; '));
    const arrived = await at.post('/sign-up/confirm', { code: /\d{6}/.exec(String(text))?.[0] ?? '' });
    return visitor(portal, ['language=en', ...cookiesIn(arrived)].join('; '));
  }
});
