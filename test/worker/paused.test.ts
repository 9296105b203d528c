/** A lender that the operator pauses: what is there can be read and taken away, and nothing is written. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playWhole } from '../../db/play-whole.ts';
import { randomId } from '../../worker/chance.ts';
import { connect } from '../../worker/store/connect.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, plainText, signedIn, takeAway, visitor } from './people.ts';

let portal: Rig;
let id: string;
beforeAll(async () => {
  portal = await rig();
  ({ id } = await playWhole(portal));
});
afterAll(() => portal.remove());

const tenant = (...args: string[]) => command('db/tenant.ts', args, { DATA: portal.data });
/** The length of the case's record, of the private stream of its lender, and of the lender's own. */
async function written(): Promise<number[]> {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' });
  const all = [
    await casebook.record(id),
    (await casebook.privateRecord(id, 'lender'))?.record,
    (await casebook.institution.record())?.record,
  ];
  return all.map((one) => one?.entries.length ?? 0);
}
const PAUSED = { zh: '明衡消费金融的案件暂停办理', en: 'The cases of 明衡消费金融 are paused' };

test('nothing is written, everything is read and taken away, and every page says so, until it goes on', async () => {
  const [chen, lin] = [await inBoth(portal, 'chen'), await inBoth(portal, 'lin')];
  const before = await written();
  expect((await tenant('pause', 'mingheng')).out).toContain('is paused');
  expect((await tenant('list')).out).toMatch(/mingheng\tpaused \d{4}-\d\d-\d\d\t.*\npujiang\topen/);

  for (const language of ['zh', 'en'] as const) {
    const [mine, desk] = [await chen[language].get(`/cases/${id}`), await lin[language].get('/desk/mingheng')];
    for (const page of [mine, desk]) {
      expect(page.status).toBe(200);
      expect(await page.text()).toContain(PAUSED[language]);
    }
    const refused = await chen[language].post(`/cases/${id}/do/talk.message`, { words: '还在吗？', requestId: randomId() });
    expect(refused.status).toBe(422);
    const text = plainText(await refused.text());
    expect(text).toContain(language === 'zh' ? '您的这一步没有执行' : 'your action was not carried out');
    expect(text).toContain('还在吗？');
  }
  // Whoever works there reads it right after signing in.
  const arrived = await (await signedIn(portal, 'lin', 'zh')).get('/account');
  expect(await arrived.text()).toContain(PAUSED.zh);
  const notes = await lin.en.post(`/cases/${id}/do/note.write`, { words: 'to us', requestId: randomId() });
  expect(notes.status).toBe(422);
  await portal.sweep();

  const bundle = await takeAway(chen.en, id, 'bundle.zip');
  expect(bundle.status).toBe(200);
  expect(bundle.headers.get('content-disposition')).toContain('attachment');
  expect([...new Uint8Array(await bundle.arrayBuffer()).subarray(0, 2)]).toEqual([0x50, 0x4b]);
  expect(await written()).toEqual(before);

  // Nobody begins a case there, and with others everything goes on.
  for (const path of ['/', '/open']) {
    const page = await (await visitor(portal).get(path)).text();
    expect(page, path).not.toContain('明衡消费金融');
  }
  const gu = await (await (await signedIn(portal, 'gu')).get('/desk/pujiang')).text();
  expect(gu).not.toContain('are paused');

  expect((await tenant('resume', 'mingheng')).out).toContain('goes on');
  expect(await (await chen.en.get(`/cases/${id}`)).text()).not.toContain(PAUSED.en);
  expect((await chen.en.post(`/cases/${id}/do/talk.message`, { words: '还在吗？', requestId: randomId() })).status).toBe(303);
  expect((await written())[0]).toBe((before[0] ?? 0) + 1);
});

test('who has the database in hand does not end a pause: the row is no longer the portal’s', async () => {
  await tenant('pause', 'mingheng');
  const chen = await signedIn(portal, 'chen');
  const directory = connect(portal.env.directory.url, portal.env.directory.token);
  await directory.run(sql`UPDATE lenders SET paused_at = NULL WHERE slug = 'mingheng'`);
  expect((await chen.post(`/cases/${id}/do/talk.message`, { words: 'x', requestId: randomId() })).status).toBe(404);
});

test('what cannot be done is said in a sentence', async () => {
  for (const [args, said] of [
    [['pause', 'nobody'], 'There is no lender nobody'],
    [['constructor'], 'Say what to do'],
    [['place', 'pujiang', 'nowhere'], 'URL: the address'],
    [['place', 'pujiang', '/casebook-mingheng/'], 'is not the casebook of pujiang'],
  ] as const)
    expect(await tenant(...args)).toMatchObject({ code: 1, out: expect.stringContaining(said) });
  expect(await tenant('place', 'pujiang', '/casebook-pujiang/')).toMatchObject({
    code: 0,
    out: expect.stringContaining('has its casebook at'),
  });
});
