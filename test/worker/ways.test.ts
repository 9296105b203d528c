import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { checkFile } from '../../worker/record/check.ts';
import { type Published, readPublished } from '../../worker/record/published.ts';
import { pagesOf } from '../export/extract.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** What now: the ways there are, the papers for each, and that a case was taken elsewhere and came back, through the portal. */

const LENDER = 'mingheng';
const [zh, en] = [wordsOf('zh'), wordsOf('en')];
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let id: string;
let published: Published | null;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
  id = randomId();
  await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const complaint = { kind: 'charges', facts: '手续费收了两次。', wish: '退还一次。', entries: [1], figures: [] };
  await stage.give('chen', LENDER, id, 'complaint.raise', complaint);
  await stage.give('chen', LENDER, id, 'talk.message', { words: '与投诉无关的一句话。' });
  published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
});
afterAll(() => portal.remove());

const caseOf = async () => (await (await lin.get(`/api/v1/cases/${id}`)).json()) as Case;
const read = async (who: Visitor, path: string) => plainText(await (await who.get(path)).text());

async function pack(who: Visitor, fields: Record<string, string | string[]>): Promise<Uint8Array> {
  const made = await who.post(`/cases/${id}/exports/partial.zip`, fields);
  expect(made.status, plainText(await made.clone().text())).toBe(303);
  return new Uint8Array(await (await who.get(made.headers.get('location') ?? '')).arrayBuffer());
}

/** What a page of papers has chosen already. */
const chosen = (html: string) => [...html.matchAll(/name="show" value="(\d+)" checked/g)].map(([, seq = '']) => seq);

describe('the page', () => {
  test('shows the ways in order, both offices where the kind of lender is not known, each with what it costs, what to bring and its source; staff see those of their side', async () => {
    const page = await read(chen, `/cases/${id}/ways`);
    const at = ['1. Free legal advice', '2. Complaint line', '3. The local', '4. Mediation', '5. Arbitration', '6. A court'].map((one) =>
      page.indexOf(one),
    );
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    for (const said of [
      en.ways.aspects.cost,
      en.ways.aspects.bring,
      'Call 12348',
      'Call 12378',
      'in force since',
      en.ways.copy,
      en.ways.kindUnknown,
    ])
      expect(page).toContain(said);
    // What an honest portal tells a borrower: here, and once the first proposal is sent.
    for (const said of en.law.honest) for (const text of [page, await read(chen, `/cases/${id}/sent`)]) expect(text).toContain(said);
    expect(await read(lin, `/cases/${id}/ways`)).not.toContain(en.law.honestTitle);
    const staff = await read(lin, `/cases/${id}/ways`);
    expect(staff).toContain('1. Mediation');
    expect(staff).not.toContain('Call 12378');
    expect(staff).toContain(
      en.ways.borrowers({ names: 'Free legal advice, Complaint line for financial consumers, The local financial administration' }),
    );
  });
});

describe('papers for a complaint', () => {
  test('are reached from it, hold it and what it is about in court order, in both languages, and verify', async () => {
    const { complaints } = await caseOf();
    const seq = complaints[0]?.seq ?? 0;
    const path = `/cases/${id}/ways/regulator?complaint=${seq}`;
    expect(await (await chen.get(`/cases/${id}/complaints`)).text()).toContain(path);
    const html = await (await chen.get(path)).text();
    const show = chosen(html);
    expect(show).toContain(String(seq));
    expect(show).toContain('1');
    const bytes = await pack(chen, { way: 'regulator', show });
    const { report } = await checkFile(bytes, { published });
    expect(report, JSON.stringify(report)).toMatchObject({ holds: true });
    const files = unzipSync(bytes);
    const { complaint: say, ways } = zh;
    const [list = new Uint8Array(), english = new Uint8Array()] = [files['evidence-list.zh.pdf'], files['evidence-list.en.pdf']];
    const text = (await pagesOf(list)).join('\n').replace(/\s/g, '');
    for (const said of [
      ways.list.title,
      ways.list.proves,
      ways.list.groups.complaint.proves,
      ways.list.chronology,
      zh.entry['complaint.raised'](say.kinds.charges),
    ])
      expect(text).toContain(said.replace(/\s/g, ''));
    expect(text).toContain('用途：金融消费者投诉热线');
    expect((await pagesOf(english)).join('\n')).toContain(en.ways.list.title);
    // Only what was chosen.
    const record = new TextDecoder().decode(files['record.json']);
    expect(record).toContain('手续费收了两次');
    expect(record).not.toContain('与投诉无关的一句话');
    expect(new TextDecoder().decode(files['README.txt'])).toContain(zh.bundle.list);
  });

  test('the list names the page of record.pdf on which each entry begins', async () => {
    const files = unzipSync(await pack(chen, { way: 'court', show: ['1', '2', '3', '4'] }));
    const [list, record] = [
      await pagesOf(files['evidence-list.zh.pdf'] ?? new Uint8Array()),
      await pagesOf(files['record.pdf'] ?? new Uint8Array()),
    ];
    const row = /(\d+) (\d+)\s*$/m.exec(list[0]?.split('\n').find((line) => line.includes(zh.entry['case.opened'])) ?? '');
    expect(row, list[0]).not.toBeNull();
    expect(row?.[1]).toBe('1');
    expect(record[Number(row?.[2]) - 1]).toContain(en.entry['case.opened']);
  });

  test('without anything chosen the page comes back as it is, and says so; a way that is none, is not found', async () => {
    const junk = await chen.post(`/cases/${id}/exports/partial.zip`, { way: 'court', show: ['x', '-1', '1.5'] });
    const none = await chen.post(`/cases/${id}/exports/partial.zip`, { way: 'court' });
    expect([junk.status, none.status]).toEqual([422, 422]);
    const html = await none.text();
    expect(html).toContain('name="way" value="court"');
    expect(html).toContain(en.share.nothing);
    for (const way of ['constructor', 'nowhere']) expect((await chen.get(`/cases/${id}/ways/${way}`)).status, way).toBe(404);
  });
});

describe('taken elsewhere', () => {
  test('is told to both sides, talks stay open, and who took it there says what came of it', async () => {
    const made = { way: 'mediation', to: '浦东金融纠纷调解中心', on: stage.today(), requestId: randomId() };
    const bad = await chen.post(`/cases/${id}/do/referral.make`, { ...made, to: '' });
    expect(bad.status).toBe(422);
    expect(await bad.text()).toContain('id="referral-make-mediation-to"');
    expect((await chen.post(`/cases/${id}/do/referral.make`, made)).status).toBe(303);
    const [{ seq } = { seq: 0 }] = (await caseOf()).referrals;
    for (const who of [chen, lin]) {
      const page = await read(who, `/cases/${id}`);
      expect(page).toContain(en.ways.referred);
      expect(page).toContain('浦东金融纠纷调解中心');
    }
    expect(await read(lin, `/cases/${id}/ways`)).not.toContain(en.ways.back);
    const back = { referral: seq, outcome: 'not-settled', words: '没有谈成。', requestId: randomId() };
    expect((await chen.post(`/cases/${id}/do/referral.return`, back)).status).toBe(303);
    expect(await read(lin, `/cases/${id}`)).toContain(en.entry['referral.returned'](en.ways.outcomes['not-settled']));
    expect(await read(lin, `/cases/${id}/ways`)).toContain(en.ways.outcomes['not-settled']);
  });
});

test('entries of before can be complained of by the page, too: the way to them keeps what was typed and what was ticked', async () => {
  const words = { kind: 'conduct', facts: '去年十月的那通电话。', wish: '道歉。', entries: ['4'] };
  const older = await chen.post(`/cases/${id}/typed/complaint.raise?before=3`, words);
  const html = await older.text();
  expect(html).toContain('去年十月的那通电话。');
  expect(html).toMatch(/name="entries" value="4" checked/);
  const sent = await chen.post(`/cases/${id}/do/complaint.raise`, { ...words, entries: ['1'], requestId: randomId() });
  expect(sent.status).toBe(303);
  expect((await caseOf()).complaints.at(-1)).toMatchObject({ entries: [1] });
});
