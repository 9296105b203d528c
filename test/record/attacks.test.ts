import { PDF } from '@libpdf/core';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDocumentKey } from '../../db/certificate.ts';
import { playWhole, takeAway } from '../../db/play-whole.ts';
import { tellReport } from '../../web/parts/verified.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes } from '../../worker/chance.ts';
import type { AnchorProofs } from '../../worker/record/anchor-proof.ts';
import { type BundleIndex, signIndex } from '../../worker/record/bundle-index.ts';
import type { DocumentKey } from '../../worker/record/certificates.ts';
import { checkFile } from '../../worker/record/check.ts';
import { checkCms } from '../../worker/record/cms.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { makeKey, publish, signingKey } from '../../worker/record/keys.ts';
import { openRecord } from '../../worker/record/open.ts';
import { type Published, readPublished } from '../../worker/record/published.ts';
import type { Report } from '../../worker/record/report.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { worked } from '../cpu.ts';
import { type Rig, rig } from '../portal.ts';
import { handmade, headersOf, joined, painted, patched, replaced, signedWith, withoutForm } from './doctored.ts';

/** Doctored documents and bundles, each made from a genuine one: each is found, and named. */

let portal: Rig;
let bundle: Uint8Array<ArrayBuffer>;
let partial: Uint8Array<ArrayBuffer>;
let parts: Record<string, Uint8Array>;
let pdf: Uint8Array;
let record: RecordFile;
let published: Published | null;

beforeAll(async () => {
  portal = await rig();
  const played = await playWhole(portal);
  bundle = played.bundle;
  partial = await takeAway(played.chen, played.id, 'partial.zip', { show: ['1', '2'] });
  parts = unzipSync(bundle);
  pdf = part('agreement.pdf');
  record = openRecord(bundle)?.document as RecordFile;
  published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
});
afterAll(() => portal.remove());

const part = (name: string): Uint8Array => parts[name] ?? new Uint8Array();
const check = async (bytes: Uint8Array): Promise<Report> => (await checkFile(bytes, { published })).report;
const codes = async (bytes: Uint8Array): Promise<string[]> => {
  const report = await check(bytes);
  expect(report.holds).toBe(false);
  return report.findings.map(({ code }) => code);
};
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('a document', () => {
  test('as it was taken away holds: every page, its certificate, its record; that its files were not at hand is said', async () => {
    for (const name of ['agreement.pdf', 'record.pdf']) {
      expect(await check(part(name))).toMatchObject({
        verdict: 'holds',
        findings: [],
        documents: [{ name: null, published: true, fingerprint: published?.documents?.[0]?.fingerprint }],
        unchecked: [{ code: 'files.absent' }],
      });
    }
  });
  test('a byte changed anywhere is found', async () => {
    for (let at = 7; at < pdf.length; at += 997)
      expect(await codes(patched(pdf, at, [(pdf[at] ?? 0) ^ 1] as never)), `${at}`).not.toEqual([]);
    expect(await codes(replaced(pdf, '/MediaBox [0 0', () => '/MediaBox [9 0'))).toEqual(['pdf.changed']);
  });
  test('a bit changed anywhere in the signature is found: no signature covers it, its frame included', async () => {
    const shown = Buffer.from(pdf).toString('latin1');
    const [, a = 0, b = 0, c = 0] = (/\/ByteRange \[([^\]]*)\]/.exec(shown)?.[1] ?? '').split(/\s+/).map(Number);
    const cms = Buffer.from(shown.slice(a + 1, b - 1), 'hex');
    const length = 4 + cms.readUInt16BE(2);
    const digest = Buffer.from(digestOf(joined(pdf.subarray(0, a), pdf.subarray(b, b + c))), 'hex');
    const genuine = await checkCms(cms, digest);
    expect(genuine).toMatchObject({ fault: null, fingerprint: published?.documents?.[0]?.fingerprint });
    for (let bit = 0; bit < (length + 4) * 8; bit++) {
      const changed = new Uint8Array(cms);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { fault, fingerprint } = await checkCms(changed, digest);
      expect(fault !== null || fingerprint !== genuine.fingerprint, `byte ${bit >> 3}`).toBe(true);
    }
  });
  test('pages painted over by a later save are found, and the record is still the one that was signed', async () => {
    const changed = await painted(pdf);
    expect(await codes(changed)).toEqual(['pdf.appended']);
    expect((await check(changed)).head?.hash).toBe((await check(pdf)).head?.hash);
  });
  test('a later save that drops the signature’s field is found', async () =>
    expect(await codes(withoutForm(pdf))).toEqual(['pdf.appended']));
  test('anything behind or before it is found', async () => {
    for (const more of ['\n', '%', '%%EOF\n', 'PK\u0003\u0004']) expect(await codes(joined(pdf, more))).toContain('pdf.appended');
    for (const before of ['\n', '<html>', 'GIF89a', '\ufeff']) expect(await codes(joined(before, pdf))).toContain('pdf.prefix');
  });
  test('one made by hand around a genuine record is found, unsigned or signed by somebody who calls himself Heyi', async () => {
    const made = await handmade(part('record.json'));
    expect(await codes(made)).toEqual(['pdf.unsigned']);
    expect(await codes(await signedWith(made, await makeDocumentKey()))).toEqual(['pdf.certificate']);
  });
  test('a certificate that is not that of the signature does not lend its name', async () => {
    const [genuine, own] = [await certificateIn(pdf), await makeDocumentKey()];
    const borrowed: DocumentKey = { privateKey: own.privateKey, certificates: [genuine] };
    expect(await codes(await signedWith(await handmade(part('record.json')), borrowed))).toEqual(['pdf.signature']);
    const beside: DocumentKey = { privateKey: own.privateKey, certificates: [own.certificates[0] ?? '', genuine] };
    expect(await codes(await signedWith(await handmade(part('record.json')), beside))).toEqual(['pdf.certificate']);
  });
  test('the signature of another document is found', async () => {
    const contents = /\/Contents <[0-9A-Fa-f]+>/g;
    const [other = ''] = Buffer.from(part('record.pdf')).toString('latin1').match(contents) ?? [];
    expect(await codes(replaced(pdf, contents, () => other))).toEqual(['pdf.changed']);
  });
  test('a second signature, and a second attachment, are found', async () => {
    expect(await codes(await signedWith(pdf, await makeDocumentKey()))).toContain('pdf.signatures');
    expect(await codes(await signedWith(await handmade(part('record.json'), ['second.json']), await makeDocumentKey()))).toContain(
      'pdf.record-several',
    );
  });
  test.each([
    ['shorter', (a: number, b: number, c: number) => [0, a, b, c - 6], 'pdf.appended'],
    ['from elsewhere', (a: number, b: number, c: number) => [1, a, b, c], 'pdf.range'],
    ['with a wider gap', (a: number, b: number, c: number) => [0, a - 10, b, c], 'pdf.range'],
    ['with a gap that begins later', (a: number, b: number, c: number) => [0, a + 2, b, c], 'pdf.range'],
    ['overlapping', (a: number, b: number, c: number) => [0, b, a, c], 'pdf.range'],
    ['beyond the end', (a: number, b: number, c: number) => [0, a, b, c + 1], 'pdf.range'],
    ['huge', (a: number, b: number) => [0, a, b, 9_999_999_999], 'pdf.range'],
    ['negative', (a: number, b: number) => [0, a, b, -1], 'pdf.range'],
    ['three numbers', (a: number, b: number) => [0, a, b], 'pdf.range'],
  ])('a byte range %s is found', async (_, change, code) => {
    const doctored = replaced(pdf, /\/ByteRange \[[^\]]*\]/g, (found) => {
      const [, a = 0, b = 0, c = 0] = (found.match(/\d+/g) ?? []).map(Number);
      return `/ByteRange [${change(a, b, c).join(' ')}`.padEnd(found.length - 1).concat(']');
    });
    expect(await codes(doctored)).toContain(code);
  });
  test('Contents twice, and a table that leads elsewhere, are found', async () => {
    expect(await codes(replaced(pdf, /\/M \(D:\d+Z\)/g, (found) => '/Contents <00>'.padEnd(found.length)))).toEqual(
      expect.arrayContaining(['pdf.structure', 'pdf.changed']),
    );
    expect(
      await codes(replaced(pdf, /startxref\s+\d+/g, (found) => found.replace(/\d+/, (digits) => '1'.padStart(digits.length, '0')))),
    ).toEqual(expect.arrayContaining(['pdf.structure', 'pdf.changed']));
  });
  test('of ours, with another record attached in place of its own, is found', async () => {
    const altered = structuredClone(record);
    (altered.entries[1] as { content: unknown }).content = null;
    const made = await handmade(text(altered));
    expect(await codes(made)).toEqual(expect.arrayContaining(['pdf.unsigned', 'entry.content']));
  });
  test('saved anew by another program it has lost what vouched for it', async () => {
    const document = await PDF.load(pdf);
    document.setTitle('The same');
    expect(await codes(new Uint8Array(await document.save()))).not.toEqual([]);
  });
  test('where no certificates are published, that this was not checked is said, and it is not taken for Heyi’s', async () => {
    const { report } = await checkFile(pdf, { published: published && { ...published, documents: null } });
    expect(report).toMatchObject({
      verdict: 'whole-unknown-key',
      findings: [],
      unchecked: expect.arrayContaining([{ code: 'documents.published' }]),
    });
  });
  test('signed after its certificate ended, or was revoked, is found', async () => {
    const [one] = published?.documents ?? [];
    if (!published || !one) throw new Error('no certificate');
    for (const end of [{ until: '2026-01-01T00:00:00.000Z' }, { revoked: one.from }]) {
      const { report } = await checkFile(pdf, { published: { ...published, documents: [{ ...one, ...end }] } });
      expect(report.findings).toEqual([{ code: 'pdf.certificate-dates' }]);
    }
  });
});

describe('a bundle', () => {
  const zipped = (changes: Record<string, Uint8Array | null>, level: 0 | 6 = 0) =>
    zipSync(Object.fromEntries(Object.entries({ ...parts, ...changes }).flatMap(([name, bytes]) => (bytes ? [[name, bytes]] : []))), {
      level,
    });

  test('as it was taken away holds, also packed anew by another program', async () => {
    expect(await check(bundle)).toMatchObject({ verdict: 'holds', unchecked: [], index: { files: Object.keys(parts).length - 1 } });
    expect(await check(zipped({}))).toMatchObject({ verdict: 'holds' });
    expect(await check(zipped({}, 6))).toMatchObject({ verdict: 'holds' });
    expect(await check(partial)).toMatchObject({ verdict: 'holds', findings: [] });
  });
  test.each(['README.txt', 'index.html', 'agreement.pdf', 'record.pdf'])('with another %s is found', async (name) => {
    const other = name.endsWith('.pdf') ? await handmade(part('record.json')) : new TextEncoder().encode('All debts are waived.');
    expect((await check(zipped({ [name]: other }))).findings).toContainEqual({ code: 'bundle.changed', name });
    expect((await check(zipped({ [name]: null }))).findings).toEqual([{ code: 'bundle.missing', name }]);
  });
  test('a document in it is checked by its own signature, and its record must be the bundle’s', async () => {
    const swapped = await check(zipped({ 'record.pdf': unzipSync(partial)['record.pdf'] ?? null }));
    expect(swapped.findings).toEqual(
      expect.arrayContaining([
        { code: 'pdf.other-record', name: 'record.pdf' },
        { code: 'bundle.changed', name: 'record.pdf' },
      ]),
    );
    expect((await check(zipped({ 'agreement.pdf': await painted(pdf) }))).findings).toContainEqual({
      code: 'pdf.appended',
      name: 'agreement.pdf',
    });
  });
  test.each([
    ['a file added', { 'read-me-first.html': text('x') }, 'bundle.added'],
    ['a file beside its own in another case', { 'Agreement.PDF': text('x') }, 'bundle.doubled'],
    ['a file beside its own in full-width letters', { 'agreement.ｐｄｆ': text('x') }, 'bundle.doubled'],
    ['a file that leads elsewhere', { 'files/../../x': text('x') }, 'zip.structure'],
    ['a folder added', { 'agreement.pdf/': new Uint8Array() }, 'bundle.doubled'],
  ])('%s is found', async (_, more, code) => expect(await codes(zipped(more))).toContain(code));
  test('a file renamed is found', async () =>
    expect(await codes(zipped({ 'README.txt': null, 'LIESMICH.txt': part('README.txt') }))).toEqual(['bundle.renamed']));
  test('a name that differs between the directory and the file is found', async () => {
    const { local, central } = headersOf(bundle, 'README.txt');
    expect(await codes(patched(bundle, local + 30, 'READYE.txt'))).toEqual(['zip.structure']);
    expect(await codes(patched(bundle, central + 46, 'READYE.txt'))).toContain('zip.structure');
    expect(await codes(patched(bundle, central + 46, 'record.pdf'))).toContain('bundle.doubled');
  });
  test('bytes before, between or behind are found', async () => {
    expect(await codes(joined('#!/bin/sh\n', bundle))).toContain('zip.extra');
    expect(await codes(joined(bundle, 'more'))).toContain('zip.extra');
    expect(await codes(joined(await handmade(part('record.json')), bundle))).toContain('pdf.unsigned');
    const hidden = zipped({ 'hidden.html': text('x') });
    const end = hidden.length - 22;
    // The directory alone forgets the file: it is the last one.
    const { central } = headersOf(hidden, 'hidden.html');
    const size = end - headersOf(hidden, Object.keys(parts)[0] ?? '').central - (end - central);
    const cut = joined(hidden.subarray(0, central), hidden.subarray(end));
    const view = new DataView(cut.buffer);
    const count = view.getUint16(cut.length - 12, true) - 1;
    view.setUint16(cut.length - 14, count, true);
    view.setUint16(cut.length - 12, count, true);
    view.setUint32(cut.length - 10, size, true);
    expect(await codes(cut)).toEqual(['zip.extra']);
  });
  test('without its index: the record holds, and what was not covered is said; it is not “all holds”', async () => {
    expect(await check(zipped({ 'index.json': null }))).toMatchObject({
      verdict: 'record-only',
      holds: false,
      findings: [],
      unchecked: [{ code: 'bundle.index' }],
      index: null,
    });
  });
  test('an index changed, of another key, of another record, of other withheld entries is found', async () => {
    const index = JSON.parse(new TextDecoder().decode(part('index.json'))) as BundleIndex;
    const later = { ...index, madeAt: new Date(Date.parse(index.madeAt) + 1000).toISOString() };
    expect(await codes(zipped({ 'index.json': text(later) }))).toEqual(['index.signature']);
    expect(await codes(zipped({ 'index.json': text({ ...index, more: 1 }) }))).toEqual(['index.format']);
    expect(await codes(zipped({ 'index.json': text('x') }))).toEqual(['index.format']);
    const stranger = await signIndex(record, index, await signingKey([await makeKey('2026-01-01T00:00:00.000Z')]));
    expect(await codes(zipped({ 'index.json': text(stranger) }))).toEqual(['index.key']);
    const ours = await signingKey(portal.keys);
    const older = await signIndex({ ...record, entries: record.entries.slice(0, -1) }, index, ours);
    expect(await codes(zipped({ 'index.json': text(older) }))).toEqual(['index.record']);
    expect(await codes(zipped({ 'index.json': text(await signIndex(record, { ...index, withheld: [3] }, ours)) }))).toEqual([
      'index.withheld',
    ]);
    expect(await codes(zipped({ 'index.json': unzipSync(partial)['index.json'] ?? null }))).toContain('index.record');
  });
  test('wholly made by somebody with a key of his own: whole, but by a key that is not known', async () => {
    const key = await makeKey('2026-01-01T00:00:00.000Z');
    const drafts = record.entries.map(({ kind, content, author }) => ({ kind, content, author: author as never }));
    const at = new Date().toISOString();
    const sealed = await seal(record.header.case, emptyHead(record.header), drafts, at, randomBytes, await signingKey([key]));
    const forged = { ...record, entries: sealed.entries, checkpoints: sealed.checkpoints, keys: [publish(key)] };
    const others = Object.entries(parts).filter(([name]) => !/^(index|anchors)\.json$|^\w+\.pdf$/.test(name));
    const rest = { ...Object.fromEntries(others), 'record.json': text(forged) };
    const files = Object.entries(rest).map(([name, bytes]) => ({ name, sha256: digestOf(bytes), size: bytes.length }));
    const index = await signIndex(forged, { files, madeAt: at, withheld: [] }, await signingKey([key]));
    const whole = zipSync({ ...rest, 'index.json': text(index) }, { level: 0 });
    expect(await check(whole)).toMatchObject({ verdict: 'whole-unknown-key', holds: false });
    expect((await checkFile(whole, { published: null })).report).toMatchObject({ verdict: 'whole-unknown-key', holds: false });
    // What was anchored of the true one is of no entry of this one.
    const beside = zipSync({ ...rest, 'anchors.json': part('anchors.json'), 'index.json': text(index) }, { level: 0 });
    expect(await codes(beside)).toContain('anchor.time');
  });
  test('proofs of when it stood so: changed, of another entry, left out, or told otherwise by the index', async () => {
    const { format, proofs } = JSON.parse(new TextDecoder().decode(part('anchors.json'))) as AnchorProofs;
    const [first, ...more] = proofs;
    if (!first) throw new Error('no proof');
    const beside = async (one: unknown) => codes(zipped({ 'anchors.json': text({ format, proofs: [one, ...more] }) }));
    expect(await beside({ ...first, salt: 'A'.repeat(22) })).toContain('anchor.proof');
    expect(await beside({ ...first, index: first.index + 1 })).toContain('anchor.proof');
    expect(await beside({ ...first, anchor: { ...first.anchor, at: record.entries.at(-1)?.at } })).toContain('anchor.signature');
    expect(await beside({ ...first, anchor: { ...first.anchor, at: record.header.openedAt } })).toContain('anchor.time');
    expect(await beside({ ...first, anchor: { ...first.anchor, lender: 'other' } })).toContain('anchor.entry');
    expect(await beside({ ...first, anchor: { ...first.anchor, key: 'other' } })).toContain('anchor.key');
    expect(await beside({ ...first, seq: 10_000 })).toContain('anchor.entry');
    expect(await beside({ ...first, timestamp: 'AAAA' })).toContain('timestamp.format');
    expect(await beside({ ...first, more: 1 })).toContain('anchor.format');
    expect(await codes(zipped({ 'anchors.json': null }))).toEqual(['anchor.index', 'bundle.missing']);
    // A key that was revoked after it signed an anchor, and signed nothing of the record: that the anchor is older is the portal's word.
    const key = await makeKey('2026-01-01T00:00:00.000Z');
    const other = await signingKey([key]);
    const { signature: _, ...unsigned } = { ...first.anchor, key: key.id };
    const anchor = { ...unsigned, signature: await other.sign(canonical(unsigned)) };
    const bytes = zipped({ 'anchors.json': text({ format, proofs: [{ ...first, anchor }, ...more] }) });
    const revoked = '2099-01-01T00:00:00.000Z';
    const later = { documents: published?.documents ?? null, keys: [...(published?.keys ?? []), { ...publish(key), revoked }] };
    const { unchecked, anchors } = (await checkFile(bytes, { published: later })).report;
    expect(anchors[0]).toMatchObject({ seq: first.seq });
    expect(unchecked).toEqual([{ code: 'key.revoked-later', key: key.id }]);
    expect(await check(bundle)).toMatchObject({
      anchors: expect.arrayContaining([expect.objectContaining({ seq: first.seq, n: first.anchor.n })]),
    });
  });
});

describe('what another reader would read otherwise', () => {
  const plain = () => JSON.stringify(record);
  const found = async (document: string) => check(new TextEncoder().encode(document));
  const doctored = () => {
    const copy = structuredClone(record);
    for (const { kind, content } of copy.entries)
      if (kind === 'agreement.drawn-up') (content as { debt: { principal: number } }).debt.principal = 1;
    return copy;
  };
  test('the record as it is holds', async () => expect((await found(plain())).verdict).toBe('holds'));
  test.each([
    ['a list that stands twice', () => plain().replace('"entries":', `"entries":${JSON.stringify(doctored().entries)},"entries":`)],
    ['a figure that stands twice', () => plain().replace('"principal":', '"principal":1,"principal":')],
    ['a name that is written in another way the second time', () => plain().replace('"principal":', '"princip\\u0061l":1,"principal":')],
    ['a figure that readers round', () => plain().replace(/"principal":(\d+)/, '"principal":$1.00000000000000000001')],
    ['a figure with an exponent', () => plain().replace(/"principal":(\d+)/, '"principal":$1e0')],
  ])('%s is found', async (_, document) => {
    const text = document();
    expect(text).not.toBe(plain());
    const report = await found(text);
    expect(report).toMatchObject({ verdict: 'broken', findings: [{ code: 'format', path: '' }] });
  });
});

describe('what a copy leaves out is said', () => {
  const copied = async (change: (copy: RecordFile) => void) => {
    const copy = structuredClone(record);
    change(copy);
    const bytes = text(copy);
    const { report, record: read } = await checkFile(bytes, { published });
    const said = (language: 'zh' | 'en') =>
      tellReport(report, read, wordsOf(language), 'Asia/Shanghai').sections.flatMap(({ lines }) => lines);
    return { report, said };
  };
  test('authors: who signed', async () => {
    const signed = record.entries.filter(({ kind }) => kind === 'agreement.signed').map(({ seq }) => seq);
    const { report, said } = await copied(({ entries }) => {
      for (const entry of entries) if (signed.includes(entry.seq)) Object.assign(entry, { author: null, authorSalt: null });
    });
    expect(report.authorsWithheld).toEqual(signed);
    expect(said('zh')).toContain('有 2 条记录在这份文件中没有展示作者：是谁写的，这份文件不能证明。');
    expect(said('en')).toContain('The authors of 2 entries are not shown in this file: it does not prove who wrote them.');
  });
  test('a file that no shown entry names', async () => {
    const file = { sha256: 'a'.repeat(64), size: 5, type: 'application/pdf', name: '结清证明.pdf' };
    const { report, said } = await copied(({ entries, files }) => {
      Object.assign(entries.find(({ kind }) => kind === 'talk.message') ?? {}, { content: null, salt: null });
      files.push(file);
    });
    expect(report.unchecked).toContainEqual({ code: 'file.unnamed', file: file.sha256 });
    expect(said('zh').join()).toContain(`它是否属于没有展示的记录，无法判断：${file.sha256}`);
    expect(said('en').join()).toContain(`whether one that is not shown does cannot be told: ${file.sha256}`);
  });
});

describe('a ZIP of which readers make something else', () => {
  const central = (bytes: Uint8Array) => Buffer.from(bytes).indexOf('PK\u0001\u0002');
  /** The bundle with bytes of its first directory entry changed. */
  const changed = (at: number, ...values: number[]) => {
    const copy = bundle.slice();
    copy.set(values, central(copy) + at);
    return copy;
  };
  test.each([
    ['a checksum with which they refuse the file', 16, [1, 2, 3, 4], 'bundle.unreadable'],
    ['a hidden file', 38, [2], 'zip.structure'],
    ['a folder in place of a file', 38, [0x10], 'zip.structure'],
    ['a device in place of a file', 38, [0, 0, 0xff, 0x11], 'zip.structure'],
    ['a file on another disk', 34, [5], 'zip.structure'],
  ] as const)('%s', async (_, at, values, code) => expect(await codes(changed(at, ...values))).toContain(code));
  test('a comment beside a file', async () => {
    const comment = new TextEncoder().encode('this bundle says something else');
    const at = central(bundle);
    const view = new DataView(bundle.buffer);
    const end = at + 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
    const copy = new Uint8Array([...bundle.subarray(0, end), ...comment, ...bundle.subarray(end)]);
    const over = new DataView(copy.buffer);
    over.setUint16(at + 32, comment.length, true);
    const last = copy.length - 22;
    over.setUint32(last + 12, over.getUint32(last + 12, true) + comment.length, true);
    expect(await codes(copy)).toContain('zip.structure');
  });
  test('names that are read in another code page', async () => {
    const named = zipSync({ ...parts, 'files/流水.txt': text('x') }, { level: 0 });
    const copy = named.slice();
    const name = Buffer.from(copy).lastIndexOf('files/流水.txt');
    const local = Buffer.from(copy).indexOf('files/流水.txt');
    copy[name - 46 + 9] = 0;
    copy[local - 30 + 7] = 0;
    expect(await codes(copy)).toContain('zip.structure');
  });
});

describe('hostile files', () => {
  test('a hundred thousand copies of a checkpoint are not each verified', async () => {
    const copy = { ...record, checkpoints: Array.from({ length: 100_000 }, () => record.checkpoints[0]) };
    const began = worked();
    const report = await check(text(copy));
    expect(report.findings.filter(({ code }) => code === 'checkpoint.order')).toHaveLength(1_000);
    expect(worked() - began).toBeLessThan(8_000);
  });

  test('a ZIP that unpacks to much more than it is is not unpacked', async () => {
    const bomb = zipSync({ ...parts, 'agreement.pdf': new Uint8Array(200 * 1024 * 1024) }, { level: 9 });
    const began = worked();
    expect(await codes(bomb)).toContain('bundle.unreadable');
    expect(worked() - began).toBeLessThan(20_000);
  });
  test.each([
    ['dictionaries in dictionaries', `%PDF-1.7\n1 0 obj\n${'<</A'.repeat(100_000)}`],
    ['arrays in arrays', `%PDF-1.7\n1 0 obj\n${'['.repeat(1_000_000)}`],
    ['tables that refer to themselves', '%PDF-1.7\nxref\n0 0\ntrailer\n<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF'],
    ['a table of a million objects', '%PDF-1.7\nxref\n0 999999\ntrailer\n<<>>\nstartxref\n9\n%%EOF'],
    ['many byte ranges', `%PDF-1.7\n${'/ByteRange [0 1 2 3]'.repeat(50_000)}`],
    ['unending byte ranges', `%PDF-1.7\n${'/ByteRange [0 1 2 '.repeat(600_000)}`],
    ['ends of ZIPs', 'PK\u0005\u0006'.repeat(100_000)],
    ['JSON in JSON', '['.repeat(1_000_000)],
    ['JSON in JSON, whole', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
  ])('%s: an answer, soon', async (_, content) => {
    const began = worked();
    expect((await check(new TextEncoder().encode(content))).holds).toBe(false);
    expect(worked() - began).toBeLessThan(10_000);
  });
  test('half a pair of surrogates, a number beyond all, another mark before it: nothing makes it throw, in a record, an index or proofs', async () => {
    const { format, proofs } = JSON.parse(new TextDecoder().decode(part('anchors.json'))) as AnchorProofs;
    const index = JSON.parse(new TextDecoder().decode(part('index.json'))) as BundleIndex;
    const half = '\ud800';
    const [first] = record.entries;
    const records = [
      ...(['case', 'lender', 'number'] as const).map((name) => ({ ...record, header: { ...record.header, [name]: half } })),
      { ...record, entries: [{ ...first, kind: half }, ...record.entries.slice(1)] },
      { ...record, entries: [{ ...first, content: { words: half } }, ...record.entries.slice(1)] },
      { ...record, entries: [{ ...first, content: { amount: 9_007_199_254_740_994 } }, ...record.entries.slice(1)] },
    ];
    for (const one of records) {
      expect((await check(text(one))).findings.map(({ code }) => code)).toContain('format');
      expect(await codes(zipSync({ ...parts, 'record.json': text(one) }, { level: 0 }))).toContain('format');
    }
    const anchors = { format, proofs: proofs.map((one) => ({ ...one, anchor: { ...one.anchor, restored: half } })) };
    expect(await codes(zipSync({ ...parts, 'anchors.json': text(anchors) }, { level: 0 }))).toContain('anchor.format');
    for (const one of [
      { ...index, case: half },
      { ...index, files: [...index.files, { name: half, sha256: digestOf(''), size: 0 }] },
    ])
      expect(await codes(zipSync({ ...parts, 'index.json': text(one) }, { level: 0 }))).toContain('index.format');
    const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...part('anchors.json')]);
    expect(await codes(zipSync({ ...parts, 'anchors.json': marked }, { level: 0 }))).toContain('anchor.format');
    const never = { format, proofs: proofs.map((one) => ({ ...one, anchor: { ...one.anchor, at: '2027-02-30T00:00:00.000Z' } })) };
    expect(await codes(zipSync({ ...parts, 'anchors.json': text(never) }, { level: 0 }))).toContain('anchor.format');
  });
  test('bytes cut off or exchanged at random never make it throw', async () => {
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (const whole of [pdf, bundle]) {
      for (let i = 0; i < 60; i++) {
        const cut = new Uint8Array(whole.subarray(0, 1 + next(whole.length)));
        for (let k = 0; k < 5; k++) cut[next(cut.length)] = next(256);
        expect((await check(cut)).holds).toBe(false);
      }
    }
  });
});

/** The certificate in a genuine document's signature, in base64. */
async function certificateIn(document: Uint8Array): Promise<string> {
  const [, digits = ''] = /\/Contents <([0-9A-Fa-f]+)>/.exec(Buffer.from(document).toString('latin1')) ?? [];
  const cms = Buffer.from(digits, 'hex');
  for (let at = 0; at < cms.length - 4; at++) {
    if (cms[at] !== 0x30 || cms[at + 1] !== 0x82) continue;
    const der = cms.subarray(at, at + 4 + cms.readUInt16BE(at + 2));
    if (digestOf(new Uint8Array(der)) === published?.documents?.[0]?.fingerprint) return der.toString('base64');
  }
  throw new Error('no certificate in it');
}
