import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { instant, later } from '../../worker/clock.ts';
import { connect } from '../../worker/store/connect.ts';
import type { NewLetter, StoredLetter } from '../../worker/store/letters.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { MailServer } from '../mail-server.ts';
import { type Rig, rig } from '../portal.ts';
import { visitor } from '../worker/people.ts';

/** Letters leave through workerd to a real mail server, in all the ways in which such servers fail. */

const server = new MailServer();
let portal: Rig;
beforeAll(async () => {
  await server.start();
  portal = await rig(undefined, 0, undefined, server.settings);
});
afterAll(async () => {
  await portal.remove();
  await server.kill();
});
beforeEach(() => {
  server.mood = 'takes';
  server.diesAfter = Number.POSITIVE_INFINITY;
});

const directory = () => openDirectory(portal.env);
const db = () => connect(portal.env.directory.url, portal.env.directory.token);

const letter = (id: string, recipient: string, more: Partial<NewLetter> = {}): NewLetter => ({
  id,
  recipient,
  subject: `合意：您有一封新的回复 ${id}`,
  body: `有新的进展：\n${portal.url}/cases/x\n\n.一行以点开头\n回执`,
  createdAt: instant(),
  language: 'zh',
  ...more,
});
const stored = async (id: string): Promise<StoredLetter | undefined> => (await directory().newestMail(2_000)).find((one) => one.id === id);
/** As if so much time had passed for all that waits. */
const passed = (milliseconds: number) =>
  db().run(sql`UPDATE mail SET next_at = '', created_at = ${later(instant(), -milliseconds)} WHERE sent_at IS NULL AND dead_at IS NULL`);

async function until(holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(50)) if (await holds()) return;
  throw new Error('It did not come to that.');
}

describe('a letter', () => {
  test('is a mail in the language of its reader, as text and HTML, and says what it is', async () => {
    await directory().addMail([letter('plain', 'wang@reader.example', { unsubscribe: 'token' })]);
    await portal.sweep();
    const [{ raw, mail } = { raw: '', mail: null }] = server.to('wang@reader.example');
    expect(mail?.subject).toBe('合意：您有一封新的回复 plain');
    expect(mail?.from).toMatchObject({ name: '合意', address: 'notice@heyi.example' });
    expect(mail?.to).toMatchObject([{ address: 'wang@reader.example' }]);
    expect(mail?.messageId).toBe('<plain@heyi.example>');
    expect(mail?.text).toContain('.一行以点开头');
    expect(mail?.html).toContain(`href="${portal.url}/cases/x"`);
    expect(mail?.html).toContain('<html lang="zh');
    const header = (name: string) => mail?.headers.find(({ key }) => key === name)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('list-unsubscribe')).toBe(`<${portal.url}/unsubscribe/token>`);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    // RFC 5322, 2.1.1: no line is longer than 998 bytes, and each ends with CRLF.
    for (const line of raw.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThan(999);
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(await stored('plain')).toMatchObject({ attempts: 1, deadAt: null, sentAt: expect.any(String) });
  });

  test('has no header of anybody’s but the portal’s, whatever was typed', async () => {
    const evil = 'x\r\nBcc: evil@evil.example\r\n\r\nbody';
    await directory().addMail([
      letter('evil-subject', 'one@reader.example', { subject: evil }),
      letter('evil-reply', 'two@reader.example', { replyTo: `a@b.example${evil}` }),
      letter('evil-stop', 'three@reader.example', { unsubscribe: evil }),
      letter(`evil-${evil}`, 'four@reader.example'),
      letter('evil-to', `five@reader.example\r\nRCPT TO:<evil@evil.example>`),
      letter('evil-to2', `six@reader.example>\r\nRCPT TO:<evil@evil.example`),
      letter('evil-to3', 'seven@reader.example, evil@evil.example'),
    ]);
    await portal.sweep();
    await until(() => server.to('one@reader.example').length > 0);
    for (const { to, mail } of server.got) {
      expect(to).not.toContain('evil@');
      expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
      expect(mail.bcc ?? []).toEqual([]);
    }
    const signUp = { name: '孙悦', password: 'a long pass phrase' };
    for (const contact of ['a@b.example\r\nBcc: evil@evil.example', 'a@b.example%0d%0aBcc:evil@evil.example', '"a\r\nb"@b.example'])
      expect((await visitor(portal).post('/sign-up', { ...signUp, contact })).status).toBe(422);
  });
});

describe('a server that', () => {
  test('refuses an address for good is not asked again, and its owner is told when they come next', async () => {
    const at = visitor(portal);
    const asked = await at.post('/sign-up', { name: '孙悦', contact: 'sun@reader.example', password: 'a long pass phrase' });
    const pending = asked.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const arrived = await visitor(portal, `language=en; ${pending}`).post('/sign-up/confirm', {
      code: await server.codeTo('sun@reader.example'),
    });
    const signed = visitor(
      portal,
      `language=en; ${arrived.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ')}`,
    );
    expect(await (await signed.get('/account')).text()).not.toContain('was refused');
    server.refused.add('sun@reader.example');
    await directory().addMail([letter('refused', 'sun@reader.example')]);
    await portal.sweep();
    expect(await stored('refused')).toMatchObject({ attempts: 1, sentAt: null, fault: 'address' });
    expect(await (await signed.get('/cases')).text()).toContain('was refused');
    server.refused.clear();
    await directory().addMail([letter('taken-again', 'sun@reader.example')]);
    await portal.sweep();
    expect((await stored('taken-again'))?.sentAt).toBeTruthy();
    expect(await (await signed.get('/cases')).text()).not.toContain('was refused');
  });

  test.each(['later', 'bars', 'hangs', 'closes'] as const)('%s gets the letter again, and takes it in the end', async (mood) => {
    server.mood = mood;
    await directory().addMail([letter(`mood-${mood}`, `${mood}@reader.example`)]);
    await portal.sweep();
    const waiting = await stored(`mood-${mood}`);
    expect(waiting).toMatchObject({ attempts: 1, sentAt: null, deadAt: null });
    expect(waiting?.nextAt.localeCompare(instant())).toBe(1);
    server.mood = 'takes';
    await passed(0);
    await portal.sweep();
    await until(async () => (await stored(`mood-${mood}`))?.sentAt != null);
    expect(server.to(`${mood}@reader.example`)).toHaveLength(1);
  });

  test('takes it and is gone before it says so gets it again, as the same letter', async () => {
    server.mood = 'loses';
    await directory().addMail([letter('lost', 'lost@reader.example')]);
    await portal.sweep();
    server.mood = 'takes';
    await passed(0);
    await portal.sweep();
    await until(async () => (await stored('lost'))?.sentAt != null);
    const ids = server.to('lost@reader.example').map(({ mail }) => mail.messageId);
    expect(ids).toEqual(['<lost@heyi.example>', '<lost@heyi.example>']);
  });

  test('takes nothing for two days: the letter is given up, can be sent again, and is', async () => {
    server.mood = 'later';
    await directory().addMail([letter('old', 'old@reader.example')]);
    await portal.sweep();
    await passed(48 * 3_600_000 + 1_000);
    await portal.sweep();
    expect(await stored('old')).toMatchObject({ sentAt: null, fault: 'time' });
    expect((await directory().deadMail(null, 10)).map(({ id }) => id)).toContain('old');
    server.mood = 'takes';
    await directory().reviveMail(null, 'old', instant());
    await portal.sweep();
    expect((await stored('old'))?.sentAt).toBeTruthy();
  });

  test('hangs delays no page, and a code does not wait behind notices', async () => {
    server.mood = 'hangs';
    await directory().addMail(Array.from({ length: 5 }, (_, i) => letter(`behind-${i}`, `behind-${i}@reader.example`)));
    const before = server.connections;
    let isOver = false;
    const swept = portal.sweep().finally(() => (isOver = true));
    await until(() => server.connections > before);
    const asked = await visitor(portal).post('/sign-up', { name: '周', contact: 'quick@reader.example', password: 'a long pass phrase' });
    expect(asked.status).toBe(303);
    // The server is waited for still.
    expect(isOver).toBe(false);
    server.mood = 'takes';
    await passed(0);
    await visitor(portal).post('/sign-up', { name: '周', contact: 'quicker@reader.example', password: 'a long pass phrase' });
    expect(await server.codeTo('quicker@reader.example')).toMatch(/^\d{6}$/);
    await swept;
  });
});

test('failing in every way, killed and started again while 500 notices leave: each arrives, none is lost, and what comes twice is the same letter', async () => {
  const many = Array.from({ length: 500 }, (_, i) => letter(`many-${i}`, `many-${i}@reader.example`));
  await directory().addMail(many);
  const arrived = () => server.got.filter(({ to }) => to.startsWith('many-'));
  // Some addresses are refused for good at first: these are seen to by hand.
  const barred = [7, 77, 377].map((i) => `many-${i}@reader.example`);
  for (const one of barred) server.refused.add(one);
  for (const mood of ['later', 'bars', 'hangs', 'closes', 'loses'] as const) {
    server.mood = mood;
    await passed(0);
    await portal.sweep();
    server.mood = 'takes';
    server.diesAfter = server.got.length + 15;
    await passed(0);
    await portal.sweep();
    server.diesAfter = Number.POSITIVE_INFINITY;
  }
  for (const at of [120, 260, 400]) {
    server.diesAfter = server.got.length + at - arrived().length;
    await passed(0);
    await portal.sweep();
    // Others that waited may have been among those.
    await until(() => arrived().length >= at - 20);
    await server.kill();
    await portal.sweep();
    await server.start();
  }
  server.diesAfter = Number.POSITIVE_INFINITY;
  await until(async () => {
    await passed(0);
    await portal.sweep();
    return new Set(arrived().map(({ to }) => to)).size === 500 - barred.length;
  }, 300);
  server.refused.clear();
  const dead = (await directory().deadMail(null, 20)).filter(({ id }) => id.startsWith('many-'));
  expect(dead.map(({ recipient, fault }) => [recipient, fault]).sort()).toEqual(barred.map((one) => [one, 'address']).sort());
  expect(await directory().reviveMail(null, null, instant())).toBeGreaterThanOrEqual(barred.length);
  await until(async () => {
    await passed(0);
    await portal.sweep();
    return new Set(arrived().map(({ to }) => to)).size === 500;
  }, 300);
  await until(async () => (await directory().newestMail(2_000)).every(({ id, sentAt }) => !id.startsWith('many-') || sentAt !== null));
  const ids = Map.groupBy(arrived(), ({ to }) => to);
  expect(ids.size).toBe(500);
  for (const [to, mails] of ids)
    expect(new Set(mails.map(({ mail }) => mail.messageId))).toEqual(new Set([`<${to.split('@')[0]}@heyi.example>`]));
  // What came twice was under way when the server was killed, cut off, or gone before it said that it had the letter.
  expect(arrived().length).toBeLessThanOrEqual(500 + 3 + 5 + 1);
}, 900_000);

test('with mail set the page of a development machine is gone, and nothing leads there', async () => {
  expect((await visitor(portal).get('/dev/outbox')).status).toBe(404);
  expect(await (await visitor(portal).get('/')).text()).not.toContain('/dev/outbox');
});
