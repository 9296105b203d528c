import { randomUUID } from 'node:crypto';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localDocumentKey } from '../../db/certificate.ts';
import { PEOPLE } from '../../db/demo.ts';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { joinNews } from '../../worker/deliver/join.ts';
import { replyAddress } from '../../worker/deliver/reply.ts';
import { MAIL_BYTES } from '../../worker/inbound/receive.ts';
import worker from '../../worker/index.ts';
import { MAX_BYTES } from '../../worker/intake/receive.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { evidencePdf } from '../browser/evidence.ts';
import { MailServer } from '../mail-server.ts';
import { openedCase, type Rig, rig, told } from '../portal.ts';
import { plainText, signedIn, type Visitor } from '../worker/people.ts';

/** Answers by mail, through the door by which a mail server hands them over. */

const SECRET = 'a-secret-of-the-mail-server';
const ANSWERS = { local: 'reply', domain: 'in.heyi.example', server: 'mx.heyi.example', token: SECRET };
const SETTINGS = { MAIL_IN: 'reply@in.heyi.example', MAIL_IN_SERVER: ANSWERS.server, MAIL_IN_TOKEN: SECRET };
const server = new MailServer();
let portal: Rig;
let id: string;
let chen: Visitor;
let lin: Visitor;
let reply: string;

const CHEN = PEOPLE.chen.email ?? '';
const LIN = PEOPLE.lin.email;

beforeAll(async () => {
  await server.start();
  portal = await rig(undefined, 0, undefined, { ...server.settings, ...SETTINGS });
  id = await openedCase(portal);
  [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
  reply = await addressFor(CHEN);
});
afterAll(async () => {
  await portal.remove();
  await server.kill();
});

async function addressFor(email: string, of = id): Promise<string> {
  const account = await openDirectory(portal.env).accountByContact({ email });
  return replyAddress(portal.env, ANSWERS, { account: account?.id ?? '', case: of });
}

type Mail = { from: string; to: string; head: string[]; body: string; vouched: string | null; messageId: string };

function mailOf(given: Partial<Mail>): string {
  const { from = CHEN, to = reply, head = [], body = '收到，谢谢。', messageId = `<${randomUUID()}@mail.example>` } = given;
  const domain = from.slice(from.lastIndexOf('@') + 1).replace('>', '');
  const vouched = given.vouched === undefined ? `${ANSWERS.server}; dmarc=pass header.from=${domain}` : given.vouched;
  const own = head.some((line) => /^content-type:/i.test(line)) ? [] : ['Content-Type: text/plain; charset=utf-8'];
  return [
    ...(vouched ? [`Authentication-Results: ${vouched}`] : []),
    `From: ${from}`,
    `To: ${to}`,
    `Message-ID: ${messageId}`,
    'MIME-Version: 1.0',
    ...own,
    ...head,
    '',
    body,
  ].join('\r\n');
}

const hand = (raw: BodyInit, secret = SECRET) =>
  fetch(`${portal.url}/inbound/mail`, {
    method: 'POST',
    body: raw,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'message/rfc822' },
  });

/** What whoever does not know the secret is answered, who says that much will follow and sends none of it. */
const halfSent = (headers: OutgoingHttpHeaders) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${portal.url}/inbound/mail`, { method: 'POST', headers: { ...headers, authorization: 'Bearer another' } });
    sent.once('response', (answer) => {
      resolve(answer.statusCode);
      sent.destroy();
    });
    sent.once('error', reject);
    sent.flushHeaders();
  });

async function arrives(given: Partial<Mail>): Promise<Record<string, unknown>> {
  const answer = await hand(mailOf(given));
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

const thread = async (who: Visitor) => plainText(await (await who.get(`/cases/${id}`)).text());
const seq = async () => ((await (await lin.get(`/api/v1/cases/${id}`)).json()) as { seq: number }).seq;

test('a notice names an address that is for its reader and its case; answered, the words are an entry, and the mail a file', async () => {
  expect((await lin.post(`/cases/${id}/do/talk.message`, { words: '请补充流水。', requestId: randomId() })).status).toBe(303);
  await told(portal, id);
  const letters = await openDirectory(portal.env).newestMail(50);
  const letter = letters.find(({ recipient, template }) => recipient === CHEN && template === 'news');
  expect(letter?.replyTo).toBe(reply);
  const body =
    '周五前补交。\n发自我的iPhone\n\n合意 <notice@heyi.example> 于2026年11月27日周五 09:01写道：\n\n> 您参与的事项有了新的进展。';
  const raw = mailOf({ to: letter?.replyTo ?? '', from: `陈建国 <${CHEN.toUpperCase()}>`, body });
  expect(await (await hand(raw)).json()).toMatchObject({ entered: true });
  const page = await thread(lin);
  expect(page).toContain('answered by mail');
  expect(page).toContain('周五前补交。');
  expect(page).not.toContain('您参与的事项有了新的进展。');
  const sha256 = /\/files\/([0-9a-f]{64})/.exec(await (await lin.get(`/cases/${id}/evidence`)).text());
  const kept = [...(await (await lin.get(`/cases/${id}`)).text()).matchAll(/\/files\/([0-9a-f]{64})/g)].map(([, digest]) => digest);
  expect(sha256).not.toBeNull();
  const texts = await Promise.all(kept.map(async (digest) => (await lin.get(`/cases/${id}/files/${digest}`)).text()));
  expect(texts).toContain(raw);
  expect((await lin.get(`/cases/${id}/files/${kept.at(-1)}/view`)).status).toBe(200);
});

test('a picture within the text may be a paper, which a borrower consents to first; a small sign is none', async () => {
  const body = (size: number) =>
    `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n看图。\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <one>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(size, 1).toString('base64')}\r\n--b--`;
  const head = ['Content-Type: multipart/related; boundary=b'];
  expect(await arrives({ head, body: body(6_000) })).toEqual({ entered: false, why: 'refused' });
  expect(await arrives({ head, body: body(2_000) })).toMatchObject({ entered: true });
});

test('what is attached becomes evidence; what cannot be kept is named, and lies in the mail', async () => {
  const pdf = Buffer.from(await evidencePdf()).toString('base64');
  const part = (type: string, name: string, text: string) =>
    `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${text}\r\n`;
  const body = `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n附上工资单。\r\n${part('application/pdf', 'slip.pdf', pdf)}${part('application/zip', 'more.zip', 'UEsDBAoAAAAAAA==')}--b--`;
  const head = ['Content-Type: multipart/mixed; boundary=b'];
  // Papers are not taken in before their borrower has consented: they are told, and have the mail still.
  const before = await seq();
  expect(await arrives({ head, body })).toEqual({ entered: false, why: 'refused' });
  expect(await seq()).toBe(before);
  expect(
    (await openDirectory(portal.env).newestMail(50)).some(
      ({ recipient, body: said }) => recipient === CHEN && said.includes(refusalText(wordsOf('zh'), { code: 'consent.needed' })),
    ),
  ).toBe(true);
  expect((await chen.post(`/cases/${id}/do/consent.give`, { consent: 'yes', requestId: randomId() })).status).toBe(303);
  expect(await arrives({ head, body })).toMatchObject({ entered: true });
  expect(plainText(await (await lin.get(`/cases/${id}/evidence`)).text())).toContain('slip.pdf');
  expect(await thread(lin)).toContain('more.zip');
});

test('staff answer by mail too, and may not say by mail what they may not say', async () => {
  const to = await addressFor(LIN);
  expect(await arrives({ from: LIN, to, body: '好的，请在周五前补交。' })).toMatchObject({ entered: true });
  const threat = '不还钱就让你全家都知道，我们会通知你的通讯录。';
  const before = await seq();
  // In what is cut, and in what only programs that show HTML show, it would lie in the mail all the same.
  const hidden = [...threat].map((char) => `&#${char.codePointAt(0)};`).join('');
  const both = `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n好的。\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>${hidden}</p>\r\n--b--`;
  const head = ['Content-Type: multipart/alternative; boundary=b'];
  expect(await arrives({ from: LIN, to, head, body: both })).toEqual({ entered: false, why: 'refused' });
  for (const body of [
    '不还钱就让你全家都知道，我们会通知你的通讯录。',
    '好的。\n\n----- 原始邮件 -----\n不还钱就让你全家都知道，我们会通知你的通讯录。',
  ])
    expect(await arrives({ from: LIN, to, body })).toEqual({ entered: false, why: 'refused' });
  expect(await seq()).toBe(before);
  const letters = (await openDirectory(portal.env).newestMail(50)).filter(
    ({ template, recipient }) => template === 'unentered' && recipient === LIN,
  );
  expect(letters).toHaveLength(3);
  expect(letters[0]?.body).toContain(`/cases/${id}`);
});

test('the same mail is one entry, whichever way it comes again', async () => {
  const messageId = `<${randomUUID()}@mail.example>`;
  expect(await arrives({ messageId, body: '只说一遍。' })).toMatchObject({ entered: true });
  const before = await seq();
  const again = await Promise.all([
    arrives({ messageId, body: '只说一遍。' }),
    arrives({ messageId, body: '只说一遍。', head: ['Received: from another way'] }),
  ]);
  expect(again.map(({ entered, why }) => entered === true || why === 'repeated')).toEqual([true, true]);
  expect(await seq()).toBe(before);
});

test('nothing else becomes an entry, and nobody is told', async () => {
  const before = await seq();
  const other = await addressFor(LIN);
  const flipped = reply.replace(/.(?=@)/, (char) => (char === '0' ? '1' : '0'));
  const wrong: [Partial<Mail>, string][] = [
    [{ vouched: null }, 'sender'],
    [{ vouched: 'mx.evil.example; dmarc=pass header.from=example.com' }, 'sender'],
    [
      {
        vouched: null,
        head: [
          `Authentication-Results: ${ANSWERS.server}; none`,
          `Authentication-Results: ${ANSWERS.server}; dmarc=pass header.from=${CHEN.split('@')[1]}`,
        ],
      },
      'sender',
    ],
    [{ vouched: `${ANSWERS.server}; dmarc=fail header.from=${CHEN.split('@')[1]}` }, 'sender'],
    [{ from: 'stranger@elsewhere.example' }, 'address'],
    [{ from: LIN }, 'address'],
    [{ to: other }, 'address'],
    [{ to: flipped }, 'address'],
    [{ to: 'reply@in.heyi.example' }, 'address'],
    [{ to: reply.replace('@in.', '@out.') }, 'address'],
    [{ from: `${CHEN}, stranger@elsewhere.example` }, 'sender'],
    [{ head: [`From: ${CHEN}`] }, 'sender'],
    [{ from: `friends: ${CHEN}, ${LIN};` }, 'sender'],
    [{ head: ['Auto-Submitted: auto-replied'] }, 'automatic'],
    [{ head: ['Content-Type: multipart/report; report-type=delivery-status; boundary=b'], body: '--b--' }, 'automatic'],
    [{ head: ['Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSN77ya5oiR5Zyo5LyR5YGH?='] }, 'automatic'],
  ];
  const letters = async () => (await openDirectory(portal.env).newestMail(500)).length;
  await told(portal, id);
  const count = await letters();
  for (const [given, why] of wrong) expect(await arrives(given), JSON.stringify(given)).toEqual({ entered: false, why });
  expect(await seq()).toBe(before);
  await told(portal, id);
  expect(await letters()).toBe(count);
});

test('a mail that says nothing of its own is told of, once', async () => {
  const messageId = `<${randomUUID()}@mail.example>`;
  const body = '> 您参与的事项有了新的进展。';
  const unentered = async () =>
    (await openDirectory(portal.env).newestMail(50)).filter((one) => one.template === 'unentered' && one.recipient === CHEN).length;
  const before = await unentered();
  for (let times = 0; times < 2; times++) expect(await arrives({ messageId, body })).toEqual({ entered: false, why: 'refused' });
  expect(await unentered()).toBe(before + 1);
});

test('whatever is handed over is answered in order; without the secret nothing is', async () => {
  expect((await hand(mailOf({}), 'another')).status).toBe(401);
  expect((await fetch(`${portal.url}/inbound/mail`, { method: 'POST', body: 'x' })).status).toBe(401);
  expect((await fetch(`${portal.url}/inbound/mail`)).status).toBe(405);
  for (const length of [{ 'content-length': MAIL_BYTES }, { 'transfer-encoding': 'chunked' }]) expect(await halfSent(length)).toBe(401);
  expect((await hand(new Uint8Array(MAX_BYTES + 1))).status).toBe(413);
  const odd: BodyInit[] = [
    '',
    'x',
    '\0'.repeat(1000),
    crypto.getRandomValues(new Uint8Array(5000)),
    mailOf({ head: ['Content-Type: multipart/mixed; boundary="b"'], body: '--b\r\n'.repeat(5000) }),
    mailOf({ head: ['Content-Type: text/plain; charset=no-such'], body: '=FF=00' }),
    mailOf({ body: `${'长'.repeat(30_000)}` }),
    mailOf({ body: 'a\u0000b\u202ec\ud800' }),
    mailOf({ to: `${'a@b.example, '.repeat(2000)}${reply}` }),
    mailOf({ from: '<>' }),
    mailOf({ from: '"' }),
    mailOf({ messageId: '<\u0000\r\n x>' }),
    `${'X-A: b\r\n'.repeat(60_000)}\r\n`,
    Array.from({ length: 40 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join(''),
  ];
  for (const [i, raw] of odd.entries()) expect((await hand(raw)).status, String(i)).toBe(200);
});

test('what is joined of several cases cannot be answered; of one case it can', async () => {
  const directory = openDirectory(portal.env);
  // No way leads to a number here: nobody takes them meanwhile.
  const recipient = '13900139099';
  const joinedFrom = async (name: string, abouts: [string, string], replies: [string, string]) => {
    const letters = abouts.map((about, i) => ({
      ...{
        id: `${name}-${i}`,
        recipient,
        subject: 'x',
        body: 'x',
        createdAt: instant(Date.now() + i),
        urgency: 3 as const,
      },
      ...{ account: digestOf(name).slice(0, 32), about, replyTo: replies[i] ?? null },
      params: JSON.stringify({ link: `${portal.url}/cases/${about}`, number: about, seq: 1, hash: 'f'.repeat(64) }),
    }));
    await directory.addMail(letters);
    await joinNews(portal.env, directory);
    const found = await directory.newestMail(500);
    return found.find((one) => one.id === `${name}-0`);
  };
  expect(await joinedFrom('several', ['HY-1', 'HY-2'], ['a@in.heyi.example', 'b@in.heyi.example'])).toMatchObject({ replyTo: null });
  expect(await joinedFrom('one', ['HY-3', 'HY-3'], ['c@in.heyi.example', 'c@in.heyi.example'])).toMatchObject({
    replyTo: 'c@in.heyi.example',
  });
});

test('the platform’s mail routing brings mail to the same place', async () => {
  const bindings = {
    ...{
      DIRECTORY_URL: portal.env.directory.url,
      DIRECTORY_TOKEN: portal.env.directory.token ?? '',
      CASEBOOK_TOKEN: portal.env.casebookToken ?? '',
    },
    ...{ ORIGIN: portal.url, SIGNING_KEYS: JSON.stringify(portal.keys), DOCUMENT_KEY: await localDocumentKey(portal.data) },
    ...{ ...SETTINGS, ...server.settings, FILES: portal.files, ASSETS: { fetch: async () => new Response() } },
  };
  const rejected: string[] = [];
  const bring = async (raw: Uint8Array<ArrayBuffer>, to: string, rawSize = raw.length) => {
    const going: Promise<unknown>[] = [];
    const mail = { to, raw: new Blob([raw]).stream(), rawSize, setReject: (why: string) => rejected.push(why) };
    await worker.email(mail, bindings, { waitUntil: (work) => going.push(work) });
    await Promise.all(going);
  };
  const before = await seq();
  // Mail that went to a list, or blind: whom it is for the platform says.
  await bring(new TextEncoder().encode(mailOf({ to: 'somebody@else.example', body: '从平台来的。' })), reply);
  expect(await thread(lin)).toContain('从平台来的。');
  const after = await seq();
  expect(after).toBeGreaterThan(before);
  await bring(new TextEncoder().encode(mailOf({ vouched: null })), reply);
  await bring(new Uint8Array(1), reply, MAX_BYTES + 1);
  expect(rejected).toHaveLength(1);
  expect(await seq()).toBe(after);
});

test('in a case that is closed nothing is entered, and its writer is told', async () => {
  const closed = await chen.post(`/cases/${id}/do/case.close`, { reason: 'withdrawn', requestId: randomId() });
  expect(closed.status).toBe(303);
  const outcome = await arrives({ body: '还有一句。' });
  expect(outcome).toEqual({ entered: false, why: 'refused' });
});
