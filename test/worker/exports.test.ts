import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hand, playWhole } from '../../db/play-whole.ts';
import { en } from '../../web/words/en.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { DAY, later } from '../../worker/clock.ts';
import { digestOf } from '../../worker/record/digest.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { publish } from '../../worker/record/keys.ts';
import { verify } from '../../worker/record/verify.ts';
import { dropOldExports, exportKept, keepExport, readExport } from '../../worker/store/exports.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, takeAway, type Visitor } from './people.ts';

/** Taking documents away: each entry of it stands for one that was really made, and nothing is written by looking. */

let portal: Rig;
let id: string;
let hand: Hand;
let chen: Visitor;
let lin: Visitor;

beforeAll(async () => {
  portal = await rig();
  ({ id, chen: hand } = await playWhole(portal));
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
});
afterAll(() => portal.remove());

type Exported = { kind: string; seq: number; content: { what: string; head: number; digest: string } };

async function exportsIn(): Promise<Exported[]> {
  const { entries } = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { entries: Exported[] };
  return entries.filter(({ kind }) => kind === 'custody.exported');
}

const say = (words: string) => hand(`/cases/${id}/do/talk.message`, { words, requestId: randomId() });
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());

describe('opening an address writes nothing', () => {
  test.each(['agreement.pdf', 'record.pdf', 'record.json', 'schedule.csv', 'schedule.ics', 'bundle.zip'])(
    'an old link to %s shows the way to make it, by GET and by HEAD',
    async (what) => {
      const before = (await exportsIn()).length;
      const page = await chen.get(`/cases/${id}/exports/${what}`);
      expect(page.status).toBe(200);
      const html = await page.text();
      expect(html).toContain(en.case.makeDownload);
      expect(html).toContain(`<form method="post" action="/cases/${id}/exports/${what}"`);
      expect((await chen.head(`/cases/${id}/exports/${what}`)).status).toBe(200);
      expect((await exportsIn()).length).toBe(before);
    },
  );

  test('nor does opening what was made, again and again; a document that is not there any more can be made anew', async () => {
    await say('一');
    const made = await chen.post(`/cases/${id}/exports/record.json`, {});
    expect(made.status).toBe(303);
    const at = made.headers.get('location') ?? '';
    const before = (await exportsIn()).length;
    const [first, second] = [await bytesOf(await chen.get(at)), await bytesOf(await chen.get(at))];
    expect((await chen.head(at)).headers.get('content-disposition')).toMatch(/^attachment/);
    expect(digestOf(first)).toBe(digestOf(second));
    expect((await exportsIn()).length).toBe(before);
    await dropOldExports(portal.files, later(new Date().toISOString(), 2 * DAY));
    const gone = await chen.get(at);
    expect(gone.status).toBe(200);
    expect(await gone.text()).toContain(en.case.makeDownload);
  });

  test('a document made for one person is handed to no other', async () => {
    const at = (await chen.post(`/cases/${id}/exports/schedule.csv`, {})).headers.get('location') ?? '';
    expect((await chen.get(at)).headers.get('content-disposition')).toMatch(/^attachment/);
    const other = await lin.get(at);
    expect(other.headers.get('content-disposition')).toBeNull();
    expect((await (await signedIn(portal, 'li')).get(at)).status).toBe(404);
  });
});

describe('what is taken away', () => {
  test.each(['agreement.pdf', 'record.pdf', 'record.json', 'schedule.csv', 'schedule.ics', 'bundle.zip'])(
    '%s: the record names the digest of the very file, and the last entry that it shows',
    async (what) => {
      await say(`请查收 ${what}`);
      const file = await takeAway(chen, id, what);
      expect(file.status).toBe(200);
      expect(file.headers.get('content-disposition')).toContain(what);
      const entry = (await exportsIn()).at(-1);
      expect(entry?.content).toEqual({ what, head: (entry?.seq ?? 0) - 1, digest: digestOf(await bytesOf(file)) });
    },
  );

  test.each([
    ['agreement.pdf', '还款协议.pdf'],
    ['bundle.zip', '全部材料.zip'],
  ])('%s has a Chinese name for whoever reads Chinese, and one in ASCII beside it', async (what, name) => {
    const { headers } = await takeAway(await signedIn(portal, 'chen', 'zh'), id, what);
    const said = headers.get('content-disposition') ?? '';
    expect(said).toMatch(new RegExp(`filename="?heyi-[\\w-]+-${what}`));
    expect(decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(said)?.[1] ?? '')).toMatch(new RegExp(`^合意-[\\w-]+-${name}$`));
  });

  test('asked for again with nothing new said, the same document comes and nothing is added', async () => {
    await say('二');
    const first = await bytesOf(await takeAway(chen, id, 'record.pdf'));
    const count = (await exportsIn()).length;
    expect(digestOf(await bytesOf(await takeAway(chen, id, 'record.pdf')))).toBe(digestOf(first));
    expect((await exportsIn()).length).toBe(count);
    // In another language it is another document.
    const chinese = await signedIn(portal, 'chen', 'zh');
    expect(digestOf(await bytesOf(await takeAway(chinese, id, 'record.pdf')))).not.toBe(digestOf(first));
    expect((await exportsIn()).length).toBe(count + 1);
  });

  test('the record that comes ends before its own entry, and the next one holds it', async () => {
    await say('三');
    const record = (await (await takeAway(chen, id, 'record.json')).json()) as RecordFile;
    const { head } = (await exportsIn()).at(-1)?.content ?? { head: 0 };
    expect(record.entries.at(-1)?.seq).toBe(head);
    await say('四');
    const after = (await (await takeAway(chen, id, 'record.json')).json()) as RecordFile;
    expect(after.entries.some(({ kind, seq }) => kind === 'custody.exported' && seq === head + 1)).toBe(true);
    expect(await verify(after, { published: portal.keys.map(publish) })).toMatchObject({ holds: true });
  });

  test('a lender’s system makes one by the API and learns its digest and where it is', async () => {
    await say('五');
    const answer = await lin.send(`/api/v1/cases/${id}/exports/record.json`, '');
    expect(answer.status).toBe(201);
    const { digest, href } = (await answer.json()) as { digest: string; href: string };
    expect(digestOf(await bytesOf(await lin.get(href)))).toBe(digest);
  });
});

describe('nobody can say that something was taken away', () => {
  test.each(['custody.export', 'custody.exported', 'custody.erased'])('%s is no command, by form or by API', async (command) => {
    const before = (await exportsIn()).length;
    const invented = { what: 'agreement.pdf', head: 1, digest: 'a'.repeat(64) };
    expect((await lin.post(`/cases/${id}/do/${command}`, { ...invented, requestId: randomId() })).status).toBe(404);
    const json = await lin.send(`/api/v1/cases/${id}/commands/${command}`, JSON.stringify(invented), {
      'content-type': 'application/json',
    });
    expect(json.status).toBe(404);
    expect((await exportsIn()).length).toBe(before);
  });

  test('a bundle that could not be made leaves no entry and nothing to fetch', async () => {
    await say('六');
    const sha256 = /\/files\/([0-9a-f]{64})/.exec(await (await chen.get(`/cases/${id}/evidence`)).text())?.[1] ?? '';
    const path = `cases/${id}/${sha256}`;
    const stored = await portal.files.get(path);
    const bytes = new Uint8Array((await stored?.arrayBuffer()) ?? new ArrayBuffer(0));
    await portal.files.put(path, 'changed in storage');
    const before = (await exportsIn()).length;
    const answer = await chen.post(`/cases/${id}/exports/bundle.zip`, {});
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain(en.errors.fileDiffers);
    expect((await exportsIn()).length).toBe(before);
    await portal.files.put(path, bytes);
    expect((await takeAway(chen, id, 'bundle.zip')).status).toBe(200);
  });
});

test('a document larger than memory should hold is kept in parts, and its digest is that of the whole', async () => {
  const chunks = Array.from({ length: 21 }, () => randomBytes(60_000)).flatMap((chunk) => Array.from({ length: 17 }, () => chunk));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const at = { caseId: 'c', account: 'a', what: 'bundle.zip' };
  const kept = await keepExport(portal.files, at, { made: 'm', variant: 'v', until: '' }, body);
  const whole = Buffer.concat(chunks);
  expect(kept).toMatchObject({ size: whole.length, sha256: digestOf(whole) });
  expect(await exportKept(portal.files, at, ({ made }) => made === 'm')).toEqual({
    made: 'm',
    variant: 'v',
    until: '',
    sha256: kept.sha256,
  });
  const read = await readExport(portal.files, at, kept.sha256);
  expect(digestOf(new Uint8Array(await new Response(read).arrayBuffer()))).toBe(kept.sha256);
  expect(await exportKept(portal.files, at, ({ made }) => made === 'another')).toBeNull();
  // What storage holds by then is not passed off for it.
  await expect(new Response(await readExport(portal.files, at, 'f'.repeat(64))).arrayBuffer()).rejects.toThrow();
});
