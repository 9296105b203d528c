import { describe, expect, test } from 'vitest';
import { makeDocumentKey } from '../../db/certificate.ts';
import { randomBytes } from '../../worker/chance.ts';
import { publishedCertificates, succeed } from '../../worker/record/certificates.ts';
import type { PublicKey } from '../../worker/record/format.ts';
import { makeKey, publish, revoke, rotate, type StoredKey, signingKey } from '../../worker/record/keys.ts';
import { publishedDocument, readPublished } from '../../worker/record/published.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { verify } from '../../worker/record/verify.ts';

/** Whose keys count, until when, and which checkpoints must be there: told by what is published, never by a name. */

const header = { case: 'c', lender: 'l', openedAt: '2026-05-01T00:00:00.000Z', number: 'n' };
const author = { side: 'borrower' as const, capacity: 'borrower', name: 'x', account: null };
const says = (words: string) => ({ kind: 'talk.message', content: { words }, author });

/** A record of appends at given instants, each with the ring as it was then. */
async function sealed(appends: { at: string; ring: StoredKey[]; count?: number }[], ring: StoredKey[], heads = false) {
  let head = emptyHead(header);
  const entries = [];
  const checkpoints = [];
  for (const { at, ring: then, count = 1 } of appends) {
    const drafts = Array.from({ length: count }, (_, i) => says(`${at} ${i}`));
    const made = await seal('c', head, drafts, at, randomBytes, await signingKey(then));
    entries.push(...made.entries);
    checkpoints.push(...(heads ? made.checkpoints.slice(-1) : made.checkpoints));
    head = made.head;
  }
  return { format: 'heyi-record/1' as const, header, entries, checkpoints, keys: ring.map(publish), files: [] };
}

const publishedBy = (ring: readonly StoredKey[]) => readPublished(publishedDocument(ring, []))?.keys ?? [];
const codes = (report: { findings: { code: string }[] }) => report.findings.map(({ code }) => code);

const first = [await makeKey('2026-01-01T00:00:00.000Z')];
const second = await rotate(first, '2026-06-01T00:00:00.000Z');
const id = first[0]?.id ?? '';

describe('whose key', () => {
  test('without published keys a whole record is “whole, but by a key that is not known”, and that this was not checked is said', async () => {
    const record = await sealed([{ at: '2026-05-02T00:00:00.000Z', ring: first }], first);
    expect(await verify(record)).toMatchObject({
      verdict: 'whole-unknown-key',
      holds: false,
      findings: [],
      unchecked: [{ code: 'keys.published' }],
    });
    expect(await verify(record, { published: publishedBy(first) })).toMatchObject({ verdict: 'holds', holds: true });
  });
  test('a key counts by id, bytes and beginning: none of them alone', async () => {
    const own = await makeKey('2026-01-01T00:00:00.000Z');
    const impostor: StoredKey = { ...own, id };
    const record = await sealed([{ at: '2026-05-02T00:00:00.000Z', ring: [impostor] }], [impostor]);
    expect(await verify(record, { published: publishedBy(first) })).toMatchObject({ holds: false, verdict: 'broken' });
    const genuine = await sealed([{ at: '2026-05-02T00:00:00.000Z', ring: first }], first);
    const older = { ...genuine, keys: genuine.keys.map((key) => ({ ...key, from: '2025-01-01T00:00:00.000Z' })) };
    expect((await verify(older, { published: publishedBy(first) })).holds).toBe(false);
    const renamed = {
      ...genuine,
      keys: genuine.keys.map((key) => ({ ...key, id: 'k' })),
      checkpoints: genuine.checkpoints.map((one) => ({ ...one, key: 'k' })),
    };
    expect(await verify(renamed, { published: publishedBy(first) })).toMatchObject({ holds: false, findings: [{ code: 'key.unknown' }] });
  });
});

describe('until when', () => {
  test('a key signs nothing after its published end, whatever the record’s own ring says; what it signed before still holds', async () => {
    const before = await sealed([{ at: '2026-05-31T23:59:59.999Z', ring: first }], first);
    expect(await verify(before, { published: publishedBy(second) })).toMatchObject({ holds: true });
    const after = await sealed([{ at: '2026-06-01T00:00:00.001Z', ring: first }], first);
    expect(codes(await verify(after, { published: publishedBy(second) }))).toContain('key.ended');
  });
  test('another end in the record than the published one is found', async () => {
    const record = await sealed([{ at: '2026-05-31T00:00:00.000Z', ring: first }], second);
    const moved = { ...record, keys: record.keys.map((key, i) => (i === 0 ? { ...key, until: '2026-07-01T00:00:00.000Z' } : key)) };
    expect(codes(await verify(moved, { published: publishedBy(second) }))).toContain('key.dates');
  });
  test('a revoked key: nothing counts from then on; what is older stands on the portal’s word, and that is said', async () => {
    const ring = (await revoke(first, id, '2026-05-10T00:00:00.000Z', '2026-06-01T00:00:00.000Z')) ?? [];
    expect(ring).toHaveLength(2);
    const published = publishedBy(ring);
    const old = await sealed([{ at: '2026-05-09T00:00:00.000Z', ring: first }], first);
    expect(await verify(old, { published })).toMatchObject({ holds: true, unchecked: [{ code: 'key.revoked-later', key: id }] });
    const later = await sealed([{ at: '2026-05-10T00:00:00.000Z', ring: first }], first);
    expect(codes(await verify(later, { published }))).toContain('key.revoked');
    await expect(signingKey(ring.slice(0, 1))).rejects.toThrow('no key in force');
    expect((await signingKey(ring)).published.id).toBe(ring[1]?.id);
    expect(publish(ring[0] as StoredKey)).not.toHaveProperty('revoked');
    expect(await revoke(first, 'nobody’s', '2026-05-10T00:00:00.000Z', '2026-06-01T00:00:00.000Z')).toBeNull();
  });
});

describe('which checkpoints', () => {
  const appends = [
    { at: '2026-05-02T00:00:00.000Z', ring: first, count: 3 },
    { at: '2026-05-03T00:00:00.000Z', ring: first, count: 2 },
    { at: '2026-05-03T00:00:00.000Z', ring: first },
  ];
  /** The list of another portal in format 1, that says nothing of each entry. */
  const plain = (keys: PublicKey[]) => readPublished({ keys })?.keys ?? [];

  test.each(['hk-1', 'key-2026', 'k'])(
    'a record in format 1 by somebody else, a key named %s, one checkpoint an append, holds',
    async (name) => {
      const other = { ...(await makeKey('2026-01-01T00:00:00.000Z')), id: name };
      const record = await sealed(
        appends.map((append) => ({ ...append, ring: [other] })),
        [other],
        true,
      );
      expect(record.checkpoints.map(({ seq }) => seq)).toEqual([3, 5, 6]);
      expect(await verify(record, { published: plain([publish(other)]) })).toMatchObject({
        verdict: 'holds',
        findings: [],
        unchecked: [{ code: 'checkpoints.each', key: name }],
      });
      const cut = { ...record, checkpoints: record.checkpoints.slice(0, -1) };
      expect(await verify(cut, { published: plain([publish(other)]) })).toMatchObject({
        findings: [{ code: 'checkpoint.missing', seq: 6 }],
      });
    },
  );
  test.each(['hk-1', 'k'])('where the portal says that its key %s signs each entry, none can be left out', async (name) => {
    const ours = { ...(await makeKey('2026-01-01T00:00:00.000Z')), id: name };
    const record = await sealed(
      appends.map((append) => ({ ...append, ring: [ours] })),
      [ours],
    );
    expect(await verify(record, { published: publishedBy([ours]) })).toMatchObject({ holds: true, unchecked: [] });
    for (const { seq } of record.checkpoints) {
      const dropped = { ...record, checkpoints: record.checkpoints.filter((one) => one.seq !== seq) };
      expect(await verify(dropped, { published: publishedBy([ours]) })).toMatchObject({ findings: [{ code: 'checkpoint.missing', seq }] });
    }
  });
});

describe('certificates of documents', () => {
  test('a new one takes over, the old fingerprint stays published with its end, and its revocation where it was lost', async () => {
    const old = await makeDocumentKey();
    const [leaf] = publishedCertificates(old);
    expect(leaf).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), until: null });
    const at = new Date().toISOString();
    const next = succeed(old, await makeDocumentKey(), at);
    expect(publishedCertificates(next)).toEqual([
      { ...leaf, until: at },
      { fingerprint: expect.not.stringMatching(leaf?.fingerprint ?? ''), from: at, until: null },
    ]);
    expect(publishedCertificates(succeed(old, await makeDocumentKey(), at, at))[0]).toMatchObject({ revoked: at });
  });
});

test('no document makes the verifier throw or hang: deep, long, with dates that are none', async () => {
  const record = await sealed([{ at: '2026-05-02T00:00:00.000Z', ring: first }], first);
  const published = publishedBy(first);
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
  expect(codes(await verify({ ...record, files: deep }, { published }))).toEqual(['format']);
  const entries = record.entries.map((entry) => ({ ...entry, content: deep }));
  expect(codes(await verify({ ...record, entries }, { published }))).toEqual(['format']);
  const [entry] = record.entries;
  const many = Array.from({ length: 200_000 }, () => entry);
  const report = await verify({ ...record, entries: many, checkpoints: [] }, { published });
  expect(report).toMatchObject({ holds: false, firstBroken: 1 });
  const never = record.entries.map((one) => ({ ...one, at: '2026-02-31T00:00:00.000Z' }));
  expect(codes(await verify({ ...record, entries: never }, { published }))).toContain('entry.time');
  // Half a pair of surrogates, of which there is no JSON.
  const half = '\ud800';
  for (const broken of [
    { ...record, header: { ...record.header, number: half } },
    { ...record, entries: record.entries.map((one) => ({ ...one, kind: half })) },
    { ...record, checkpoints: record.checkpoints.map((one) => ({ ...one, case: half })) },
    { ...record, keys: record.keys.map((one) => ({ ...one, id: half })) },
    { ...record, files: [{ sha256: '0'.repeat(64), size: 1, type: half, name: 'x' }] },
  ])
    expect(codes(await verify(broken, { published }))).toEqual(['format']);
});
