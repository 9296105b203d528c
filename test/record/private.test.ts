import { zipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { tellReport } from '../../web/parts/verified.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes } from '../../worker/chance.ts';
import { checkFile } from '../../worker/record/check.ts';
import { type PrivateHeader, type PrivateRecordFile, streamOf } from '../../worker/record/format.ts';
import { makeKey, publish, type StoredKey, signingKey } from '../../worker/record/keys.ts';
import { type Published, publishedDocument, readPublished } from '../../worker/record/published.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { verify } from '../../worker/record/verify.ts';

/** A side's private record: checked as the shared one is, said to be what it is, and never taken for the record of the case. */

const FROM = '2026-05-01T00:00:00.000Z';
const header: PrivateHeader = { case: 'c', lender: 'acme', openedAt: FROM, number: 'HY-1', side: 'borrower' };
const author = { side: 'borrower' as const, capacity: 'borrower', name: '王小雨', account: 'b' };
let ring: StoredKey[];
let published: Published | null;
let record: PrivateRecordFile;

async function sealed(of: PrivateHeader, words: readonly string[]): Promise<PrivateRecordFile> {
  const drafts = words.map((text) => ({ kind: 'note.written', content: { words: text }, author }));
  const { entries, checkpoints } = await seal(streamOf(of), emptyHead(of), drafts, FROM, randomBytes, await signingKey(ring));
  return { format: 'heyi-private-record/1', header: of, entries, checkpoints, keys: ring.map(publish), files: [] };
}

beforeAll(async () => {
  ring = [await makeKey(FROM)];
  published = readPublished(publishedDocument(ring, []));
  record = await sealed(header, ['只给自己看。', '再想一想。']);
});

const codes = async (document: unknown) =>
  (await verify(document, { published: published?.keys ?? null })).findings.map(({ code }) => code);
const bytesOf = (document: unknown) => new TextEncoder().encode(JSON.stringify(document));

test('holds, and is said to be one side’s own, in both languages', async () => {
  const { report, record: read } = await checkFile(bytesOf(record), { published });
  expect(report).toMatchObject({ verdict: 'holds', side: 'borrower', case: 'c', entries: 2, findings: [] });
  for (const language of ['zh', 'en'] as const) {
    const words = wordsOf(language);
    const lines = tellReport(report, read, words, 'Asia/Shanghai').sections.flatMap((section) => section.lines);
    expect(lines).toContain(words.verify.ofSide.borrower);
    expect(lines).not.toContain(words.verify.noAgreement);
  }
});

test('what is changed in it is found', async () => {
  const [first, ...rest] = record.entries;
  expect(await codes({ ...record, entries: [{ ...first, content: { words: '改过。' } }, ...rest] })).toEqual(['entry.content']);
  expect(await codes({ ...record, header: { ...header, openedAt: '2026-05-02T00:00:00.000Z' } })).toEqual(['entry.prev']);
});

test('it is not taken for the record of the case, nor for the other side’s, nor for that of another case', async () => {
  const { side: _, ...shared } = header;
  expect(await codes({ ...record, format: 'heyi-record/1' })).toEqual(['format']);
  for (const changed of [
    { ...record, format: 'heyi-record/1', header: shared },
    { ...record, format: 'heyi-record/1', header: { ...shared, case: streamOf(header) } },
    { ...record, header: { ...header, side: 'lender' } },
    { ...record, header: { ...header, case: 'd' } },
  ]) {
    expect(await codes(changed)).toContain('entry.prev');
  }
  // Nor does a signature of one stream hold in another, though number, hash and instant be the same.
  const found = await codes({ ...record, checkpoints: record.checkpoints.map((one) => ({ ...one, case: 'c' })) });
  expect(found).toContain('checkpoint.case');
  const other = await sealed({ ...header, side: 'lender' }, ['一', '二']);
  expect(await codes({ ...record, checkpoints: other.checkpoints })).toContain('checkpoint.case');
});

test('a bundle does not hold by a private record', async () => {
  const zip = zipSync({ 'record.json': bytesOf(record) }, { level: 0, mtime: '2026-05-02' });
  expect((await checkFile(zip, { published })).report).toMatchObject({ verdict: 'broken', side: 'borrower' });
});
