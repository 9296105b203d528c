import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { randomBytes } from '../../worker/chance.ts';
import { compareRecords } from '../../worker/record/compare.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { makeKey, publish, signingKey } from '../../worker/record/keys.ts';
import { emptyReport } from '../../worker/record/report.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { command } from '../command.ts';

/** Two copies of a record: the same, one the other gone on, or two that part, and from which entry on. */

const folder = mkdtempSync(join(tmpdir(), 'heyi-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header = { case: 'c', lender: 'l', openedAt: '2026-05-01T00:00:00.000Z', number: 'n' };
const author = { side: 'borrower' as const, capacity: 'borrower', name: 'x', account: null };
const ring = [await makeKey('2026-01-01T00:00:00.000Z')];
const empty: RecordFile = { format: 'heyi-record/1', header, entries: [], checkpoints: [], keys: ring.map(publish), files: [] };

async function gone(record: RecordFile, ...words: string[]): Promise<RecordFile> {
  const last = record.entries.at(-1);
  const head = last ? { seq: last.seq, hash: last.hash, at: last.at } : emptyHead(record.header);
  const drafts = words.map((one) => ({ kind: 'talk.message', content: { words: one }, author }));
  const { entries, checkpoints } = await seal(
    record.header.case,
    head,
    drafts,
    '2026-05-02T00:00:00.000Z',
    randomBytes,
    await signingKey(ring),
  );
  return { ...record, entries: [...record.entries, ...entries], checkpoints: [...record.checkpoints, ...checkpoints] };
}

const short = await gone(empty, 'one', 'two');
const long = await gone(short, 'three');
const fork = await gone({ ...short, entries: short.entries.slice(0, 1), checkpoints: short.checkpoints.slice(0, 1) }, 'other', 'more');
const elsewhere = await gone({ ...empty, header: { ...header, case: 'd' } }, 'one');

const report = (...anchors: [number, string][]) => ({
  ...emptyReport(),
  anchors: anchors.map(([n, digest]) => ({ seq: 1, n, at: '2026-05-02T00:00:00.000Z', digest })),
});

test.each([
  ['itself', short, short, { is: 'same', seq: 2 }],
  ['one that it goes on from', long, short, { is: 'extends', seq: 2 }],
  ['one that goes on from it', short, long, { is: 'extended', seq: 2 }],
  ['one that parts from it', long, fork, { is: 'fork', seq: 2 }],
  ['one of another case', long, elsewhere, { is: 'other' }],
])('a record and %s', async (_, one, other, outcome) => {
  expect(compareRecords({ record: one, report: report() }, { record: other, report: report() })).toEqual(outcome);
  const files = [one, other].map((record, i) => {
    const file = join(folder, `${i}.json`);
    writeFileSync(file, JSON.stringify(record));
    return file;
  });
  const good = !['fork', 'other'].includes(outcome.is);
  const json = await command('db/verify.ts', [...files, '--any-key'], { DATA: folder });
  expect(json.code).toBe(good ? 0 : 1);
  expect(JSON.parse(json.out)).toMatchObject({
    comparison: outcome,
    reports: [{ entries: one.entries.length }, { entries: other.entries.length }],
  });
});

test('in words, in either language', async () => {
  const files = [long, fork].map((record, i) => {
    const file = join(folder, `words-${i}.json`);
    writeFileSync(file, JSON.stringify(record));
    return file;
  });
  const said = async (language: string) =>
    (await command('db/verify.ts', [...files, '--any-key', '--words', '--language', language], { DATA: folder })).out;
  expect((await said('en')).trim().split('\n').at(-1)).toContain('They part at entry 2');
  expect(await said('zh')).toContain('从第 2 条起不一样');
});

test('one that was made later and is shorter: the record was set back in between', () => {
  const made = (record: RecordFile, madeAt: string) => ({ record, report: { ...report(), index: { key: 'k', madeAt, files: 1 } } });
  const noon = '2026-05-03T12:00:00.000Z';
  const later = '2026-05-03T12:05:00.000Z';
  expect(compareRecords(made(long, noon), made(short, later))).toEqual({ is: 'set-back', seq: 2 });
  expect(compareRecords(made(short, later), made(long, noon))).toEqual({ is: 'set-back', seq: 2 });
  expect(compareRecords(made(long, later), made(short, noon))).toEqual({ is: 'extends', seq: 2 });
  // Made at about the same time, of what was read before.
  expect(compareRecords(made(long, noon), made(short, '2026-05-03T12:00:20.000Z'))).toEqual({ is: 'extends', seq: 2 });
});

test('two lists of anchors: the same number, and another anchor', () => {
  const at = (digest: string) => ({ record: short, report: report([3, 'a'], [4, digest]) });
  expect(compareRecords(at('b'), at('b'))).toEqual({ is: 'same', seq: 2 });
  expect(compareRecords(at('b'), at('c'))).toEqual({ is: 'list-fork', n: 4 });
});
