import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PDF } from '@libpdf/core';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hand, playWhole, takeAway } from '../../db/play-whole.ts';
import { rebuild } from '../../db/rebuild.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { checkFile } from '../../worker/record/check.ts';
import { canonical } from '../../worker/record/digest.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { makeKey, publish, rotate, signingKey } from '../../worker/record/keys.ts';
import { openRecord } from '../../worker/record/open.ts';
import { type Published, publishedDocument, readPublished } from '../../worker/record/published.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { type Report, verify } from '../../worker/record/verify.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { chrome } from '../browser/chrome.ts';
import { openVerifier } from '../browser/steps.ts';
import { type Rig, rig } from '../portal.ts';
import { painted } from './doctored.ts';

let portal: Rig;
let bundle: Uint8Array<ArrayBuffer>;
let record: RecordFile;
let id: string;
let chen: Hand;
let published: Published | null;
const folder = mkdtempSync(join(tmpdir(), 'heyi-record-'));

beforeAll(async () => {
  portal = await rig();
  ({ id, bundle, chen } = await playWhole(portal));
  record = (openRecord(bundle) as { document: RecordFile }).document;
  const keys = await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).text();
  writeFileSync(join(folder, 'keys.json'), keys);
  published = readPublished(JSON.parse(keys));
});
afterAll(async () => {
  await portal.remove();
  rmSync(folder, { recursive: true });
});

const clone = () => structuredClone(record);
/** What is published of a ring. */
const listed = (ring: Parameters<typeof publishedDocument>[0]) => readPublished(publishedDocument(ring, []))?.keys ?? [];
const check = async (bytes: Uint8Array): Promise<Report> => {
  const { report } = await checkFile(bytes, { published });
  expect(report.verdict).not.toBe('unreadable');
  return report;
};

/** What the command says of a file, with the keys that the portal publishes. */
const command = (bytes: Uint8Array | string, ...more: string[]) => ran(bytes, '--keys', join(folder, 'keys.json'), ...more);

/** Not in this thread: the databases of the portal answer from it. */
const run = promisify(execFile);

async function ran(bytes: Uint8Array | string, ...more: string[]): Promise<{ code: number; report: Record<string, unknown> }> {
  const file = join(folder, `f-${randomId()}`);
  writeFileSync(file, bytes);
  try {
    const env = { ...process.env, DATA: join(folder, 'no-installation') };
    const { stdout } = await run(process.execPath, ['db/verify.ts', file, ...more], { env });
    return { code: 0, report: JSON.parse(stdout) };
  } catch (thrown) {
    const { code, stdout } = thrown as { code: number; stdout: string };
    return { code, report: JSON.parse(stdout) };
  }
}

describe('the bundle', () => {
  test('holds: every entry, every file, signed by a published key', async () => {
    expect(await check(bundle)).toMatchObject({
      holds: true,
      findings: [],
      firstBroken: null,
      files: { listed: 2, present: 2 },
      signatures: [{ published: true, from: 1, to: record.entries.length }],
    });
  });
  test('is what it says: documents to read, data, files', () => {
    const names = Object.keys(unzipSync(bundle));
    for (const name of ['README.txt', 'index.html', 'record.json', 'agreement.pdf', 'record.pdf']) expect(names).toContain(name);
    expect(names.filter((name) => name.startsWith('files/'))).toHaveLength(2);
    const html = new TextDecoder().decode(unzipSync(bundle)['index.html']);
    expect(html).not.toMatch(/<script|https?:\/\/(?!127)/);
    expect(html).toContain('麻烦尽快答复');
  });
  test('its PDFs carry the record, are signed, and a changed byte is seen', async () => {
    for (const name of ['agreement.pdf', 'record.pdf']) {
      const pdf = unzipSync(bundle)[name] as Uint8Array;
      expect(await check(pdf)).toMatchObject({ holds: true });
      const poppler = (bytes: Uint8Array) => {
        const file = join(folder, name);
        writeFileSync(file, bytes);
        try {
          return execFileSync('pdfsig', [file], { encoding: 'utf8', stdio: 'pipe' });
        } catch (thrown) {
          // Not installed: then this machine cannot tell.
          return (thrown as { code?: string }).code === 'ENOENT' ? null : String((thrown as { stdout?: string }).stdout);
        }
      };
      const said = poppler(pdf);
      if (said === null) continue;
      expect(said).toContain('Signature is Valid');
      expect(said).toContain('Total document signed');
      const changed = pdf.slice();
      const at = Buffer.from(changed).indexOf('/MediaBox') + 12;
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(poppler(changed)).not.toContain('Signature is Valid');
    }
  });
  test('the command exits 0, 1 and 2', async () => {
    expect(await command(bundle)).toMatchObject({ code: 0, report: { holds: true } });
    const broken = clone();
    (broken.entries[3] as { kind: string }).kind = 'talk.message';
    expect(await command(JSON.stringify(broken))).toMatchObject({ code: 1, report: { holds: false, firstBroken: 4 } });
    for (const nonsense of ['', 'not json', '[1,2', 'PK\u0003\u0004 not a zip', '%PDF-1.7 without a record'])
      expect((await command(nonsense)).code).toBe(2);
    for (const other of ['{}', '[]', '{"format":"heyi-record/2"}']) expect((await command(other)).code, other).toBe(1);
    expect((await command('null')).code).toBe(2);
  });
  test('without published keys the command says that the key is not known, and exits 1 unless asked', async () => {
    expect(await ran(bundle)).toMatchObject({ code: 1, report: { verdict: 'whole-unknown-key', holds: false, findings: [] } });
    expect(await ran(bundle, '--any-key')).toMatchObject({ code: 0, report: { verdict: 'whole-unknown-key' } });
    expect(await ran(bundle, '--portal', portal.url)).toMatchObject({ code: 0, report: { verdict: 'holds' } });
    expect((await ran(bundle, '--keys', join(folder, 'none.json'))).code).toBe(2);
  });
  test('in words: parties, what was agreed, who signed, in either language and the reader’s time zone', async () => {
    const file = join(folder, 'words.zip');
    writeFileSync(file, bundle);
    const say = async (language: string, TZ: string) => {
      const args = ['db/verify.ts', file, '--keys', join(folder, 'keys.json'), '--words', '--language', language];
      return (await run(process.execPath, args, { env: { ...process.env, TZ } })).stdout;
    };
    const english = await say('en', 'America/New_York');
    for (const said of [
      'All of it holds',
      'Lender: 明衡消费金融',
      'Borrower: 陈建国',
      '¥12,500.00',
      'Signed by 林静',
      'GMT-5',
      portal.keys[0]?.id,
    ])
      expect(english).toContain(said);
    const chinese = await say('zh', 'Asia/Shanghai');
    for (const said of ['全部属实', '借款人：陈建国', '¥12,400.00', '陈建国（借款人）', 'GMT+8']) expect(chinese).toContain(said);
  });
  test('a receipt’s hash is found in it, another is not', async () => {
    const hash = record.entries[6]?.hash ?? '';
    expect(await command(bundle, '--hash', hash)).toMatchObject({ code: 0, report: { receipt: { seq: 7 } } });
    expect(await command(bundle, '--hash', '0'.repeat(64))).toMatchObject({ code: 1, report: { receipt: { seq: null } } });
  });
  test('a letter about an entry carries its number and its hash', async () => {
    await chen(`/cases/${id}`);
    const letters = await openDirectory(portal.env).newestMail(50);
    const hashes = new Map(record.entries.map(({ seq, hash }) => [String(seq), hash]));
    const receipts = letters.flatMap(({ body }) => [...body.matchAll(/第 (\d+) 条，校验值 ([0-9a-f]{64})/g)]);
    expect(receipts.length).toBeGreaterThan(3);
    const known = receipts.filter(([, seq = '']) => hashes.has(seq));
    expect(known.length).toBeGreaterThan(3);
    for (const [, seq = '', hash] of known) expect(hash).toBe(hashes.get(seq));
    for (const { body, subject } of letters) expect(subject + body).not.toMatch(/欠|逾期|¥|\b(?:debt|loan)s?\b/i);
  });
});

describe('tampering is found', () => {
  const found = async (change: (copy: RecordFile) => void, about: string) => {
    const copy = clone();
    change(copy);
    const report = await verify(copy, { published: published?.keys ?? null });
    expect(report.holds, about).toBe(false);
  };
  /** Every leaf of a value, as a way to change it. */
  function* leaves(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    else yield path;
  }
  const put = (root: unknown, path: (string | number)[], change: (old: unknown) => unknown) => {
    const holder = path
      .slice(0, -1)
      .reduce<Record<string | number, unknown>>((at, key) => at[key] as Record<string, unknown>, root as Record<string, unknown>);
    const last = path.at(-1) ?? '';
    holder[last] = change(holder[last]);
  };
  const other = (old: unknown) =>
    typeof old === 'string'
      ? old === ''
        ? 'x'
        : `${old.slice(0, -1)}${old.endsWith('0') ? '1' : '0'}`
      : typeof old === 'number'
        ? old + 1
        : old === null
          ? 'x'
          : !old;

  test('every field of every entry, checkpoint, key, file and of the header changed', async () => {
    let count = 0;
    for (const path of leaves(record)) {
      await found((copy) => put(copy, path, other), path.join('.'));
      count++;
    }
    expect(count).toBeGreaterThan(500);
  });
  test('every entry removed, duplicated, swapped with the next, inserted elsewhere', async () => {
    for (const i of record.entries.keys()) {
      await found((copy) => void copy.entries.splice(i, 1), `removed ${i}`);
      await found((copy) => void copy.entries.splice(i, 0, copy.entries[i] as never), `duplicated ${i}`);
      await found((copy) => void copy.entries.push(copy.entries[i] as never), `appended ${i}`);
      if (i > 0)
        await found((copy) => void copy.entries.splice(i - 1, 2, copy.entries[i] as never, copy.entries[i - 1] as never), `swapped ${i}`);
    }
  });
  test('the tail cut off with its checkpoints is a shorter record, told by its head; without them it is found', async () => {
    await found((copy) => void copy.entries.pop(), 'tail');
    const cut = clone();
    cut.entries.pop();
    cut.checkpoints.pop();
    const report = await verify(cut, { published: published?.keys ?? null });
    expect(report).toMatchObject({ verdict: 'holds' });
    expect(report.head?.seq).toBe(record.entries.length - 1);
    expect(report.head?.hash).not.toBe(record.entries.at(-1)?.hash);
  });
  test('every checkpoint dropped, replayed, given to another entry', async () => {
    for (const i of record.checkpoints.keys()) {
      await found((copy) => void copy.checkpoints.splice(i, 1), `dropped ${i}`);
      await found((copy) => void copy.checkpoints.push(copy.checkpoints[i] as never), `replayed ${i}`);
      await found((copy) => {
        const one = copy.checkpoints[i] as { signature: string };
        one.signature = (copy.checkpoints[(i + 1) % copy.checkpoints.length] as { signature: string }).signature;
      }, `signature of another ${i}`);
    }
  });
  test('a record signed by a key of one’s own: the key was never published', async () => {
    const key = await makeKey('2026-01-01T00:00:00.000Z');
    const drafts = record.entries.map(({ kind, content, author }) => ({ kind, content, author: author as never }));
    const sealed = await seal(
      record.header.case,
      emptyHead(record.header),
      drafts,
      record.entries.at(-1)?.at ?? '',
      randomBytes,
      await signingKey([key]),
    );
    const forged = { ...record, entries: sealed.entries, checkpoints: sealed.checkpoints, keys: [publish(key)] };
    expect(await verify(forged)).toMatchObject({ verdict: 'whole-unknown-key', holds: false, signatures: [{ published: null }] });
    expect(await verify(forged, { published: listed(portal.keys) })).toMatchObject({
      verdict: 'whole-unknown-key',
      holds: false,
      findings: [{ code: 'key.unknown' }],
    });
  });
  test('a byte of every file flipped, a file left out', async () => {
    const parts = unzipSync(bundle);
    for (const name of Object.keys(parts).filter((one) => one.startsWith('files/'))) {
      const flipped = { ...parts, [name]: (parts[name] as Uint8Array).map((byte, i) => (i === 20 ? byte ^ 1 : byte)) };
      expect(await check(zipSync(flipped, { level: 0 }))).toMatchObject({ holds: false });
      const { [name]: _, ...rest } = parts;
      expect(await check(zipSync(rest, { level: 0 }))).toMatchObject({ holds: false, findings: [{ code: 'file.missing' }] });
    }
  });
  test('10,000 random mutations of the raw JSON: never “all holds” unless the canonical content is the same', async () => {
    const text = JSON.stringify(record);
    const same = canonical(record);
    const pieces = fc.constantFrom('"', '{', '}', ',', ':', '0', '9', 'a', 'null', 'true', '\\u0000', ' ', '[]', '1e3', '-', '\\', '.5');
    const mutation = fc.record({ at: fc.nat(text.length - 1), drop: fc.nat(3), put: fc.oneof(pieces, fc.constant('')) });
    let parsed = 0;
    let unchanged = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 2 }), async (changes) => {
        let changed = text;
        for (const { at, drop, put: piece } of changes) changed = changed.slice(0, at) + piece + changed.slice(at + drop);
        const opened = openRecord(new TextEncoder().encode(changed));
        if (!opened) return;
        parsed++;
        const report = await verify(opened.document, { published: published?.keys ?? null });
        if (!report.holds) return;
        unchanged++;
        expect(canonical(opened.document)).toBe(same);
      }),
      { numRuns: 10_000 },
    );
    expect(parsed).toBeGreaterThan(500);
    // Some changes leave all as it was, such as a space between two members: there the comparison was made, and not only there is it read.
    expect(unchanged).toBeGreaterThan(20);
    expect(parsed - unchanged).toBeGreaterThan(500);
  });
});

describe('rotation', () => {
  test('a record goes on under a new key, and what was signed before still verifies', async () => {
    const first = [await makeKey('2026-01-01T00:00:00.000Z')];
    const second = await rotate(first, '2026-06-01T00:00:00.000Z');
    const header = { case: 'c', lender: 'l', openedAt: '2026-05-01T00:00:00.000Z', number: 'n' };
    const draft = {
      kind: 'talk.message',
      content: { words: 'x' },
      author: { side: 'borrower' as const, capacity: 'borrower', name: 'x', account: null },
    };
    const before = await seal('c', emptyHead(header), [draft], '2026-05-02T00:00:00.000Z', randomBytes, await signingKey(first));
    const after = await seal('c', before.head, [draft], '2026-06-02T00:00:00.000Z', randomBytes, await signingKey(second));
    const file = (entries: unknown[], checkpoints: unknown[], keys: unknown[]) => ({
      format: 'heyi-record/1',
      header,
      entries,
      checkpoints,
      keys,
      files: [],
    });
    const keys = second.map(publish);
    const published = listed(second);
    expect(await verify(file(before.entries, before.checkpoints, first.map(publish)), { published })).toMatchObject({ holds: true });
    const both = file([...before.entries, ...after.entries], [...before.checkpoints, ...after.checkpoints], keys);
    expect(await verify(both, { published })).toMatchObject({
      holds: true,
      signatures: [
        { from: 1, to: 1 },
        { from: 2, to: 2 },
      ],
    });
  });
});

describe('a part of it', () => {
  test('shows what was picked, withholds the rest, and the proof still holds', async () => {
    const shown = record.entries.filter(({ kind }) => kind === 'evidence.added' || kind === 'talk.message').map(({ seq }) => seq);
    const show = shown.map(String);
    const part = await takeAway(chen, id, 'partial.zip', { show });
    const report = await check(part);
    expect(report).toMatchObject({ holds: true, findings: [], erased: [] });
    expect(report.withheld).toEqual(Array.from({ length: report.entries }, (_, i) => i + 1).filter((seq) => !shown.includes(seq)));
    const { 'record.json': json, 'index.html': html, 'agreement.pdf': agreement } = unzipSync(part);
    expect(new TextDecoder().decode(json)).not.toContain('失业');
    expect(new TextDecoder().decode(html)).toContain('没有在这份副本中展示');
    expect(new TextDecoder().decode(html)).toContain('麻烦尽快答复');
    expect(agreement).toBeUndefined();
    expect((await check(unzipSync(part)['record.pdf'] as Uint8Array)).holds).toBe(true);
  });
});

describe('letters', () => {
  test.each(['hardship', 'call'])(
    '%s: drawn from the case and what is agreed, edited, issued as an entry and a signed PDF',
    async (letter) => {
      const html = await (await chen(`/cases/${id}/letters/new?letter=${letter}`)).text();
      expect(html).toMatch(/双方已于 [^<]+就方案 \d+ 达成一致：/);
      expect(html).toMatch(/协议已于 [^<]+生效。/);
      const words = `本人申请协商还款（${letter}）。`;
      const answer = await chen(`/cases/${id}/do/talk.issueLetter`, { letter, words, requestId: randomId() });
      const seq = /#e(\d+)$/.exec(answer.headers.get('location') ?? '')?.[1];
      const pdf = new Uint8Array(await (await chen(`/cases/${id}/letters/${seq}.pdf`)).arrayBuffer());
      expect((await check(pdf)).head?.seq).toBeGreaterThanOrEqual(Number(seq));
      const text = (await (await PDF.load(pdf)).extractText()).map((one) => one.text).join('');
      expect(text.replace(/\s/g, '')).toContain(words);
    },
  );
});

describe('erasure', () => {
  test('a person’s content and a file go, the proof stays; what makes up the agreement is kept', async () => {
    const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
    if (!lender) throw new Error('no lender');
    const casebook = openCasebookForPortal(portal.env, lender);
    const due = async () => ({
      casebook,
      lender: 'mingheng',
      caseId: id,
      at: new Date().toISOString(),
      key: await signingKey(portal.keys),
      random: randomBytes,
      requestId: randomId(),
    });
    const seqOf = (kind: string) => record.entries.find((entry) => entry.kind === kind)?.seq ?? 0;
    const wanted = { entries: [seqOf('talk.message')], files: [record.files[1]?.sha256 ?? ''], reason: '本人请求删除', whole: false };
    expect(await eraseContents(await due(), { ...wanted, entries: [seqOf('proposal.made')] })).toMatchObject({
      ok: false,
      refusal: { code: 'erasure.kept' },
    });
    expect(await eraseContents(await due(), { ...wanted, whole: true })).toMatchObject({
      ok: false,
      refusal: { code: 'erasure.case-open' },
    });
    expect(await eraseContents(await due(), wanted)).toMatchObject({ ok: true });
    await portal.sweep();
    expect(await portal.files.get(`cases/${id}/${wanted.files[0]}`)).toBeNull();
    await expect(chen(`/cases/${id}/files/${wanted.files[0]}`)).rejects.toThrow('404');
    const page = await (await chen(`/cases/${id}`)).text();
    expect(page).not.toContain('麻烦尽快答复');
    const after = await takeAway(chen, id, 'bundle.zip');
    const report = await check(after);
    expect(report.findings).toEqual([]);
    expect(report.files).toMatchObject({ erased: wanted.files, listed: 2, present: 1 });
    expect(report.erased.map(({ seq }) => seq)).toEqual(wanted.entries);
    expect(report.holds).toBe(true);
    const text = Buffer.from(after).toString('latin1') + new TextDecoder().decode(unzipSync(after)['index.html']);
    expect(text).not.toContain('麻烦尽快答复');
    expect(new TextDecoder().decode(unzipSync(after)['index.html'])).toContain('已依法删除');
    expect(await rebuild(portal.env, 'mingheng', false)).toMatchObject({ differences: [] });
  });
});

describe('projections', () => {
  test('follow from the record alone: rebuilding finds no difference, and finds and mends one that is made', async () => {
    expect(await rebuild(portal.env, 'mingheng', false)).toEqual({ cases: 1, differences: [], broken: [] });
    const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
    const casebook = openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' });
    const row = (await casebook.record(id))?.row;
    if (!row) throw new Error('no case');
    const { seal: _, ...rest } = row;
    await casebook.reproject(row, { ...rest, state: JSON.parse(row.state) as Case, stage: 'closed', amount: 1 }, []);
    expect((await rebuild(portal.env, 'mingheng', true)).differences).toEqual([{ case: id, columns: ['stage', 'amount', 'milestones'] }]);
    expect((await rebuild(portal.env, 'mingheng', false)).differences).toEqual([]);
    // What was made up is gone from the row, and the case is again what its record comes to.
    const mended = (await casebook.record(id))?.row;
    expect(mended).toMatchObject({ stage: 'in-force', amount: row.amount, seq: row.seq, hash: row.hash });
    expect(mended?.state).toBe(row.state);
  });
});

test('10,000 entries verify, with progress shown on the way', async () => {
  const ring = [await makeKey('2026-01-01T00:00:00.000Z')];
  const header = { case: 'c', lender: 'l', openedAt: '2026-05-01T00:00:00.000Z', number: 'n' };
  const author = { side: 'borrower' as const, capacity: 'borrower', name: 'x', account: null };
  const drafts = Array.from({ length: 10_000 }, (_, i) => ({ kind: 'talk.message', content: { words: `第 ${i} 条` }, author }));
  const sealed = await seal('c', emptyHead(header), drafts, '2026-05-02T00:00:00.000Z', randomBytes, await signingKey(ring));
  let shown = 0;
  const report = await verify(
    { format: 'heyi-record/1', header, entries: sealed.entries, checkpoints: sealed.checkpoints, keys: ring.map(publish), files: [] },
    { progress: () => void shown++, published: listed(ring) },
  );
  expect(report).toMatchObject({ holds: true, entries: 10_000 });
  expect(shown).toBeGreaterThan(20);
});

test('the page /verify tells a whole bundle from a changed one, sends nothing, and works offline once it is open', async () => {
  const browser = await chrome();
  try {
    const context = await browser.newContext();
    await context.addCookies([{ name: 'language', value: 'en', url: portal.url }]);
    const page = await context.newPage();
    await openVerifier(page, portal.url);
    await context.setOffline(true);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await page.setInputFiles('#file', { name: 'bundle.zip', mimeType: 'application/zip', buffer: Buffer.from(bundle) });
    await page.waitForSelector('#report .notice.good');
    expect(await page.textContent('#report')).toContain('This signer is published by this site');
    await page.fill('#hash', record.entries[4]?.hash ?? '');
    await page.waitForSelector('#report >> text=entry 5');
    const broken = clone();
    (broken.entries[2] as { at: string }).at = '2026-01-01T00:00:00.000Z';
    await page.setInputFiles('#file', { name: 'record.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(broken)) });
    await page.waitForSelector('#report .notice.bad');
    expect(await page.textContent('#report')).toContain('from entry 3 on');
    await page.setInputFiles('#file', {
      name: 'x.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(unzipSync(bundle)['record.pdf'] as Uint8Array),
    });
    await page.waitForSelector('#report .notice.good');
    await page.setInputFiles('#file', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('nonsense') });
    await page.waitForSelector('#report .notice.bad');
    await page.setInputFiles('#file', {
      name: 'painted.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(await painted(unzipSync(bundle)['agreement.pdf'] as Uint8Array)),
    });
    await page.waitForSelector('#report >> text=changed after signing');
    expect(await page.textContent('#report .notice')).toContain('do not rely on it');
    expect(sent).toEqual([]);
    await context.addCookies([{ name: 'language', value: 'zh', url: portal.url }]);
    await context.setOffline(false);
    await page.goto(`${portal.url}/verify`);
    await page.setInputFiles('#file', { name: 'bundle.zip', mimeType: 'application/zip', buffer: Buffer.from(bundle) });
    await page.waitForSelector('#report .notice.good');
    const said = await page.textContent('#report');
    for (const part of ['全部属实', '机构：明衡消费金融；借款人：陈建国', '¥12,500.00', '林静（机构）', '由本站公布'])
      expect(said).toContain(part);
    await page.route('**/heyi-keys.json', (route) => route.abort());
    await page.reload();
    await page.setInputFiles('#file', { name: 'bundle.zip', mimeType: 'application/zip', buffer: Buffer.from(bundle) });
    await page.waitForSelector('#report .notice.warn');
    expect(await page.textContent('#report')).toContain('没有读到本站公布的密钥');
    await page.unroute('**/heyi-keys.json');
    const own = await makeKey('2026-01-01T00:00:00.000Z');
    await page.route('**/heyi-keys.json', (route) => route.fulfill({ json: publishedDocument([own], []) }));
    await page.reload();
    await page.setInputFiles('#file', { name: 'record.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(record)) });
    await page.waitForSelector('#report .notice.warn');
    expect(await page.textContent('#report')).toContain('不能说明它出自合意');
  } finally {
    await browser.close();
  }
});
