import { PDF } from '@libpdf/core';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hand, playWhole, takeAway } from '../../db/play-whole.ts';
import { randomId } from '../../worker/chance.ts';
import { bundleName } from '../../worker/export/bundle-name.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { publish } from '../../worker/record/keys.ts';
import { openRecord } from '../../worker/record/open.ts';
import { verify } from '../../worker/record/verify.ts';
import { type Rig, rig } from '../portal.ts';
import { allInside } from './inside.ts';

/** What a part of a case, or a letter, gives away to whoever gets it: only what was picked, in no file anything else. */

let portal: Rig;
let chen: Hand;
let id: string;
let record: RecordFile;

/** Something personal of each kind of entry, as it was typed, and as documents would print it. */
const PERSONAL: Record<string, string[]> = {
  'case.opened': ['PLAIN-1'],
  'means.submitted': ['失业', 'job-loss', 'Loss of work', '1,500.00', '"amount":150000'],
  'means.queried': ['请补充最近一个月的流水'],
  'means.answered': ['已上传截图'],
  'evidence.added': ['工资单', '流水截图'],
  'talk.message': ['麻烦尽快答复'],
  'talk.call-logged': ['通话里说起的隐情'],
  'talk.letter-issued': ['信里写下的难处'],
  'proposal.made': ['按月还清', '减免一半罚息'],
};

beforeAll(async () => {
  portal = await rig();
  let bundle: Uint8Array;
  ({ id, chen, bundle } = await playWhole(portal));
  const give = (command: string, fields: Record<string, string>) =>
    chen(`/cases/${id}/do/${command}`, { requestId: randomId(), ...fields });
  await give('talk.logCall', { when: '2026-11-20T10:00', direction: 'to-lender', minutes: '3', words: '通话里说起的隐情。' });
  await give('talk.issueLetter', { letter: 'hardship', words: '信里写下的难处。' });
  bundle = await takeAway(chen, id, 'bundle.zip');
  record = (openRecord(bundle) as { document: RecordFile }).document;
});
afterAll(() => portal.remove());

const read = async (path: string) => new Uint8Array(await (await chen(path)).arrayBuffer());
const seqsOf = (...kinds: string[]) => record.entries.filter(({ kind }) => kinds.includes(kind)).map(({ seq }) => seq);
const partial = (seqs: number[]) => takeAway(chen, id, 'partial.zip', { show: seqs.map(String) });
/** An agreement is about a contract, which it names by its number. */
const ALSO: Record<string, string[]> = { 'agreement.drawn-up': ['PLAIN-1'] };

const canaries = (without: readonly string[]) => {
  const named = new Set(without.flatMap((kind) => ALSO[kind] ?? []));
  return Object.entries(PERSONAL)
    .filter(([kind]) => !without.includes(kind))
    .flatMap(([, texts]) => texts.filter((text) => !named.has(text)));
};
const holds = async (bytes: Uint8Array) => {
  const opened = openRecord(bytes);
  return (await verify(opened?.document, { files: opened?.files ?? null, published: portal.keys.map(publish) })).holds;
};

describe('a part of the record', () => {
  test('the whole bundle has all of it: what the tests below look for can be found', async () => {
    const all = await allInside(await takeAway(chen, id, 'bundle.zip'));
    for (const text of canaries([]).filter((one) => !/Loss of work/.test(one))) expect(all, text).toContain(text);
  });

  test.each([
    ['the agreement alone', ['agreement.drawn-up', 'agreement.signed', 'agreement.in-force']],
    ['one message', ['talk.message']],
    ['the files', ['evidence.added']],
    [
      'what checks and answers name, without what they name',
      ['evidence.accepted', 'means.answered', 'proposal.accepted', 'payment.confirmed'],
    ],
    ['the opening', ['case.opened']],
    ['the proposals', ['proposal.made']],
  ])('%s: none of the rest is in any byte of any file', async (_, kinds) => {
    const zip = await partial(seqsOf(...kinds));
    const all = await allInside(zip);
    for (const text of canaries(kinds)) expect(all, text).not.toContain(text);
    for (const kind of kinds)
      for (const text of (PERSONAL[kind] ?? []).filter((one) => !/Loss of work/.test(one))) expect(all).toContain(text);
    expect(await holds(zip)).toBe(true);
    expect(Object.keys(unzipSync(zip)).filter((name) => name.startsWith('files/'))).toHaveLength(kinds.includes('evidence.added') ? 2 : 0);
  });

  test('says in both languages which entries it shows and which it does not, and does not say that it is all', async () => {
    const shown = seqsOf('talk.message');
    const files = unzipSync(await partial(shown));
    const readme = new TextDecoder().decode(files['README.txt']);
    const last = record.entries.length;
    expect(readme).toContain(`展示第 ${shown[0]} 条，没有展示第 1–${(shown[0] ?? 0) - 1}，${(shown[0] ?? 0) + 1}–`);
    expect(readme).toMatch(new RegExp(`shows the content of ${shown[0]} and withholds that of 1–`));
    expect(readme).not.toMatch(/全部材料，共|all that/);
    expect(new TextDecoder().decode(files['index.html'])).toContain(`展示第 ${shown[0]} 条`);
    const whole = new TextDecoder().decode(unzipSync(await takeAway(chen, id, 'bundle.zip'))['README.txt']);
    expect(whole).toMatch(/全部材料，共 \d+ 条记录/);
    expect(last).toBeGreaterThan(10);
  });

  test('an agreement whose signatures are not shown does not say that nobody signed', async () => {
    const files = unzipSync(await partial(seqsOf('agreement.drawn-up')));
    const text = (await (await PDF.load(files['agreement.pdf'] as Uint8Array)).extractText())
      .map((page) => page.text)
      .join('')
      .replace(/\s/g, '');
    expect(text).toContain('未展示');
    expect(text).not.toContain('尚未签字');
    expect(text).not.toContain('待双方签字');
  });
});

test('a letter carries its own words and what proves them, and nothing else of the case', async () => {
  const [seq] = seqsOf('talk.letter-issued');
  const pdf = await read(`/cases/${id}/letters/${seq}.pdf`);
  const all = await allInside(pdf);
  expect(all).toContain('信里写下的难处');
  for (const text of [...canaries(['talk.letter-issued']), '林静']) expect(all, text).not.toContain(text);
  expect(await holds(pdf)).toBe(true);
});

describe('names of files in a bundle', () => {
  const name = (given: string) => bundleName({ sha256: 'abcdef0123456789', name: given });
  const bytes = (path: string) => Buffer.byteLength(path.replace('files/', ''));
  test('are at most 255 bytes, cut between letters, with their extension', () => {
    for (const long of ['证'.repeat(200), '𠮷'.repeat(120), '👩‍👩‍👧‍👦'.repeat(30), 'e\u0301'.repeat(150), 'x'.repeat(400)]) {
      const path = name(`${long}.pdf`);
      expect(bytes(path)).toBeLessThanOrEqual(255);
      expect(bytes(path)).toBeGreaterThan(225);
      expect(path).toMatch(/\.pdf$/);
      expect(path.isWellFormed()).toBe(true);
      expect(long.normalize('NFC').startsWith(path.slice('files/abcdef012345-'.length, -4))).toBe(true);
    }
  });
  test('hold nothing that a system or a reader could take for something else', () => {
    expect(name('a\u202Efdp.exe')).toBe('files/abcdef012345-afdp.exe');
    expect(name('../../etc/passwd')).not.toContain('/etc');
    for (const reserved of ['CON', 'NUL.txt', 'COM1.pdf']) expect(name(reserved)).toMatch(/^files\/abcdef012345-/);
    expect(name('x. . .')).toBe('files/abcdef012345-x');
    expect(name('a\u0000b\nc\\d:e.pdf')).toBe('files/abcdef012345-a_b_c_d_e.pdf');
    expect(name('工资单 2026.pdf')).toBe('files/abcdef012345-工资单 2026.pdf');
  });
});
