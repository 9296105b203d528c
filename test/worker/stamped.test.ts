import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hand, playWhole, takeAway } from '../../db/play-whole.ts';
import { type Portal, startPortal } from '../../db/portal.ts';
import { tellReport } from '../../web/parts/verified.ts';
import { wordsOf } from '../../web/words/index.ts';
import { checkFile } from '../../worker/record/check.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { type Published, readPublished } from '../../worker/record/published.ts';
import { EXPORTS, listed } from '../../worker/store/files.ts';
import { type TimestampService, timestampService } from '../record/timestamp-service.ts';

/** Where there is a service of time stamps, what is taken away carries them (PAdES B-T, and anchors); where it gives none, nobody waits long, and all else is there. */

const data = mkdtempSync(join(tmpdir(), 'heyi-stamped-'));
let service: TimestampService;
let portal: Portal;
let played: Awaited<ReturnType<typeof playWhole>>;
let published: Published | null;
beforeAll(async () => {
  service = await timestampService();
  portal = await startPortal(data, 0, { tsa: service.url });
  played = await playWhole(portal);
  published = readPublished(await (await fetch(`${portal.url}/.well-known/heyi-keys.json`)).json());
});
afterAll(async () => {
  await portal.stop();
  await service.close();
  rmSync(data, { recursive: true, force: true });
});

const taken = (hand: Hand, what: string) => takeAway(hand, played.id, what);

test('a bundle carries a time stamp of its newest anchor and of every signature in it, by our verifier, by pdfsig and by openssl', async () => {
  const { report } = await checkFile(played.bundle, { published });
  expect(report).toMatchObject({ verdict: 'holds', findings: [], unchecked: [] });
  const root = digestOf(service.root);
  expect(report.documents.length).toBeGreaterThan(1);
  for (const one of [...report.documents, report.anchors.at(-1)]) expect(one?.timestamp).toMatchObject({ name: '可信时间戳 Test', root });
  const told = tellReport(report, null, wordsOf('en'), 'UTC').sections.flatMap(({ lines }) => lines);
  expect(told.filter((line) => line.startsWith('The signature of ') && line.includes(root))).toHaveLength(report.documents.length);
  const folder = mkdtempSync(join(tmpdir(), 'heyi-stamped-pdf-'));
  try {
    for (const [name, bytes] of Object.entries(unzipSync(played.bundle)).filter(([name]) => name.endsWith('.pdf') && !name.includes('/'))) {
      writeFileSync(join(folder, name), bytes);
      const said = execFileSync('pdfsig', ['-nocert', name], { cwd: folder }).toString();
      expect(said).toContain('Signature Validation: Signature is Valid.');
      expect(said).toContain('Total document signed');
      expect(said).toContain('ETSI.CAdES.detached');
      execFileSync('pdfsig', ['-dump', name], { cwd: folder });
      const printed = execFileSync('openssl', ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', `${name}.sig0`], {
        cwd: folder,
      });
      expect(printed.toString()).toContain('id-smime-aa-timeStampToken (1.2.840.113549.1.9.16.2.14)');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['away', 'refusing', 'slow', 'endless'] as const)(
  'a service that is %s keeps nobody waiting: the document goes without',
  async (state) => {
    service.state = state;
    await played.chen(`/cases/${played.id}/do/talk.message`, { words: state, requestId: `${state}-1234567890` });
    const bytes = await taken(played.chen, 'record.pdf');
    const { report } = await checkFile(bytes, { published });
    expect(report).toMatchObject({ verdict: 'holds', findings: [], documents: [{ published: true }] });
    expect(report.documents[0]?.timestamp).toBeUndefined();
    expect(
      tellReport(report, null, wordsOf('en'), 'UTC')
        .sections.flatMap(({ lines }) => lines)
        .join(),
    ).toContain('the portal’s own word');
    // Asked again soon, it is the same; nothing is written, and the service is left alone.
    const asked = service.asked();
    expect(digestOf(await taken(played.chen, 'record.pdf'))).toBe(digestOf(bytes));
    expect(service.asked()).toBe(asked);
  },
);

test('a document that went without is made again, with its stamp, once the service is there', async () => {
  service.state = 'away';
  await played.chen(`/cases/${played.id}/do/talk.message`, { words: 'again', requestId: 'again-1234567890' });
  const without = await taken(played.chen, 'record.pdf');
  service.state = 'well';
  expect(digestOf(await taken(played.chen, 'record.pdf'))).toBe(digestOf(without));
  // Ten minutes later.
  for (const { key } of (await listed(portal.files, EXPORTS)).filter(({ key }) => key.endsWith('/record.pdf'))) {
    const stored = await portal.files.get(key);
    const about = stored?.customMetadata;
    if (stored && about?.until)
      await portal.files.put(key, await stored.arrayBuffer(), { customMetadata: { ...about, until: '2026-01-01T00:00:00.000Z' } });
  }
  const { report } = await checkFile(await taken(played.chen, 'record.pdf'), { published });
  expect(report.documents[0]?.timestamp?.root).toBe(digestOf(service.root));
  // And so is a bundle, each anchor in which has its stamp by then.
  const bundle = await checkFile(await taken(played.lin, 'bundle.zip'), { published });
  for (const one of [...bundle.report.anchors, ...bundle.report.documents]) expect(one.timestamp).toBeDefined();
});

test('a revoked certificate: signatures that a time stamp proves to be older are told as such, others by the portal’s word alone', async () => {
  service.state = 'well';
  const revoked = new Date(Date.now() + 60_000).toISOString();
  const later = published && {
    ...published,
    documents: (published.documents ?? []).map((one) => ({ ...one, until: revoked, revoked })),
  };
  const stamped = await checkFile(await taken(played.chen, 'agreement.pdf'), { published: later });
  expect(stamped.report.verdict).toBe('holds');
  const codes = stamped.report.unchecked.map(({ code }) => code);
  expect(codes).not.toContain('key.revoked-later');
  // As far as the stamp is that service's: who has the key can have one from a service of their own.
  expect(stamped.report.unchecked).toContainEqual(expect.objectContaining({ code: 'key.revoked-stamped', name: '可信时间戳 Test' }));
  expect(
    tellReport(stamped.report, null, wordsOf('en'), 'UTC')
      .sections.flatMap(({ lines }) => lines)
      .join(),
  ).toMatch(/is told by the time stamp in the name of “可信时间戳 Test” alone/);
  service.state = 'away';
  await played.chen(`/cases/${played.id}/do/talk.message`, { words: 'once more', requestId: 'once-1234567890' });
  const plain = await checkFile(await taken(played.chen, 'agreement.pdf'), { published: later });
  expect(plain.report.verdict).toBe('holds');
  expect(plain.report.unchecked.map(({ code }) => code)).toContain('key.revoked-later');
});
