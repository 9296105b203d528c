/**
 * `npm run audit [-- LENDER] [--json]`: verifies an installation against itself. Every row of the directory that says who somebody is and what they may do,
 * every record, shared or private (chain and checkpoints, with the portal's own keys), every
 * snapshot with its seal, every projected column, every file (in storage, of its size and digest), and what points to nothing: files in storage
 * that nothing names, seats and invitations of cases that do not exist; and every anchor, in storage, as it is published, and with the records that it is of. Changes nothing and prints no content: cases by id, entries by number,
 * files by digest. Exit 0 where all holds, 1 where something does not, 2 where it could not be done.
 */
import { parseArgs } from 'node:util';
import type { R2Bucket } from '@cloudflare/workers-types';
import { anchorFaults } from '../worker/execute/anchor.ts';
import { takenBy } from '../worker/export/taken.ts';
import { streamDigest } from '../worker/file-digest.ts';
import { EMPTY_OWN } from '../worker/negotiation/case.ts';
import { isErased } from '../worker/negotiation/custody.ts';
import { milestonesOf } from '../worker/negotiation/milestones.ts';
import type { Side } from '../worker/negotiation/seats.ts';
import { project } from '../worker/projection.ts';
import { prove, proveInstitution, proveOwn } from '../worker/proof.ts';
import { canonical } from '../worker/record/digest.ts';
import { lenderStream } from '../worker/record/format.ts';
import { casePath, EXPORTS, exportsPath, FILES, listed } from '../worker/store/files.ts';
import { type Casebook, type Lender, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertCurrent, assertThere, NotCurrent } from './current.ts';
import { dataFolder, type Installation, installation } from './installation.ts';
import { wrongVersions } from './policies.ts';
import { differing, misassigned, miscounted, mislisted } from './rebuild.ts';
import { openStorage } from './storage.ts';

/** What does not hold: `row` is one of the directory, `seq` an entry (of the private stream of `side`, where one is named), `column` of the case's row, `path` in storage. */
export type Fault = {
  lender: string;
  code: string;
  row?: string;
  case?: string;
  side?: Side;
  seq?: number;
  column?: string;
  path?: string;
};

export type Audit = {
  holds: boolean;
  faults: Fault[];
  /** `files` is null where the storage could not be reached from here. */
  checked: { lenders: number; cases: number; entries: number; files: number | null };
};

/** @param storage where files are, or null. @throws for an unknown lender, and without the signing keys */
export async function audit(env: Installation, storage: R2Bucket | null, slug?: string): Promise<Audit> {
  if (env.keys.length === 0) throw new Error('The signing keys are needed to know what the portal has written: set SIGNING_KEYS.');
  const directory = openDirectory(env);
  const named = await directory.namedLenders();
  const all = await directory.lenders();
  const lenders = slug === undefined ? all : all.filter((one) => one.slug === slug);
  if (slug !== undefined && !named.some((one) => one.slug === slug)) throw new Error(`There is no lender ${slug}.`);
  const found: Audit = { holds: false, faults: [], checked: { lenders: lenders.length, cases: 0, entries: 0, files: storage ? 0 : null } };
  const kept = Map.groupBy(storage ? await listed(storage, EXPORTS) : [], ({ key }) => key.slice(EXPORTS.length).split('/')[0]);
  // Which paths storage should hold or let go of; complete only where every lender is looked at.
  const known = new Set<string>();
  for (const { kind, name, fault, lender } of await directory.unheld()) {
    const of = named.find(({ id }) => id === lender)?.slug ?? '';
    if (slug === undefined || of === slug) found.faults.push({ lender: of, code: fault, row: `${kind} ${name}` });
  }
  const places = await directory.places();
  for (const lender of lenders) {
    const casebook = openCasebookForPortal(env, lender);
    const cases = await auditCasebook(casebook, lender, { storage, kept }, known, found);
    for (const { code, n, ...one } of storage ? await anchorFaults({ ...env, files: storage }, lender) : [])
      found.faults.push({ lender: lender.slug, code, ...one, ...(n === undefined ? {} : { row: `anchor ${n}` }) });
    for (const { case: id } of places.filter((place) => place.lender === lender.id)) {
      if (!cases.has(id)) found.faults.push({ lender: lender.slug, code: 'place.no-case', case: id });
    }
  }
  if (storage && slug === undefined) {
    for (const { key } of await listed(storage, FILES))
      if (!known.has(key)) found.faults.push({ lender: '', code: 'file.orphan', path: key });
  }
  return { ...found, holds: found.faults.length === 0 };
}

const SIDES: readonly Side[] = ['borrower', 'lender'];

const NOBODYS = { assignee: null, team: null };

async function auditCasebook(
  casebook: Casebook,
  lender: Lender,
  { storage, kept }: { storage: R2Bucket | null; kept: ReadonlyMap<string | undefined, readonly { key: string }[]> },
  known: Set<string>,
  found: Audit,
): Promise<Set<string>> {
  const fault = (code: string, rest: Omit<Fault, 'lender' | 'code'> = {}) => found.faults.push({ lender: lender.slug, code, ...rest });
  const { cases, assigned, errands, named, files, leaving } = await casebook.inventory();
  const { value: policy, proven } = await casebook.policy();
  const policyAt = await casebook.policiesAt();
  if (!proven) fault('policy');
  for (const version of await wrongVersions(casebook)) fault('policy', { column: `version ${version}` });
  const rows = new Map(files.map((file) => [casePath(file.case, file.sha256), file]));
  for (const path of [...rows.keys(), ...leaving]) known.add(path);
  const ids = new Set(cases);
  const lenders = lenderStream(lender.slug);
  const own = await casebook.institution.record();
  found.checked.entries += own?.record.entries.length ?? 0;
  const proof = own && (await proveInstitution(own.record, casebook.published, own.doubts));
  for (const { code, seq } of proof?.doubts ?? []) fault(code, { case: lenders, ...(seq === undefined ? {} : { seq }) });
  for (const stream of named) if (stream !== lenders && !ids.has(stream.split('/')[0] ?? '')) fault('case.missing', { case: stream });
  for (const id of cases) {
    found.checked.cases += 1;
    const record = await casebook.record(id);
    if (!record) continue;
    found.checked.entries += record.entries.length;
    const { kase, doubts } = await prove(record, casebook.published, await casebook.doubts(id));
    for (const { code, seq } of doubts) fault(code, { case: id, ...(seq === undefined ? {} : { seq }) });
    for (const side of SIDES) {
      const own = await casebook.privateRecord(id, side);
      const proof = own?.record ? await proveOwn(own.record, casebook.published, own.doubts) : own;
      const kept = proof && 'kase' in proof ? proof.kase : EMPTY_OWN;
      for (const column of side === 'lender' ? misassigned(assigned.get(id) ?? NOBODYS, kept) : []) fault('column', { case: id, column });
      for (const column of side === 'lender' ? mislisted(errands.get(id) ?? [], kept) : []) fault('column', { case: id, side, column });
      if (!own || !proof) continue;
      found.checked.entries += own.record?.entries.length ?? 0;
      for (const { code, seq } of proof.doubts) fault(code, { case: id, side, ...(seq === undefined ? {} : { seq }) });
    }
    const last = record.entries.at(-1);
    // What the row should say is known only where the whole record is.
    const whole = last !== undefined && kase.seq === last.seq;
    // The state is held against the fold already, part by part: one that is older than a part of the fold says nothing wrong.
    const columns = whole ? differing(record, project(kase, last, policy)).filter((column) => column !== 'state') : [];
    for (const column of columns) fault('column', { case: id, column });
    const counted = whole ? milestonesOf(record.entries, policyAt) : [];
    for (const column of whole ? miscounted(record.row.seq, await casebook.milestones(id), counted) : [])
      fault('column', { case: id, column });
    for (const column of await casebook.mislistedIn(id)) fault('column', { case: id, column });
    for (const { sha256, size, type, name } of Object.values(kase.evidence)) {
      if (isErased(kase, sha256)) continue;
      const path = casePath(id, sha256);
      const row = rows.get(path);
      const same = row && canonical([row.size, row.type, row.name]) === canonical([size, type, name]);
      if (!same) fault(row ? 'file.differs' : 'file.unlisted', { case: id, path });
    }
    // Documents that somebody took away lately: each is one that the record names.
    for (const { key: path } of kept.get(id) ?? []) {
      const [account = '', what = ''] = path.slice(exportsPath(id).length).split('/');
      const stored = await storage?.get(path);
      if (
        stored &&
        !takenBy(record.entries, account, what).includes(await streamDigest(stored.body as unknown as ReadableStream<Uint8Array>))
      )
        fault('export.changed', { case: id, path });
    }
  }
  if (await casebook.listsGone()) fault('column', { case: lenders, column: 'inbox' });
  if (!(await casebook.tallied())) fault('column', { case: lenders, column: 'tallies' });
  for (const [path, { case: id, size, sha256 }] of storage ? rows : []) {
    found.checked.files = (found.checked.files ?? 0) + 1;
    const stored = await storage?.get(path);
    if (!stored) fault('file.missing', { case: id, path });
    else if (stored.size !== size || (await streamDigest(stored.body as unknown as ReadableStream<Uint8Array>)) !== sha256)
      fault('file.changed', { case: id, path });
  }
  return ids;
}

/** The installation of the environment, where it is as this code knows it. @throws NotCurrent */
async function auditHere(slug: string | undefined): Promise<Audit> {
  assertThere();
  const { env, server, close } = await installation();
  try {
    await assertCurrent(env);
    const storage = server ? await openStorage(dataFolder()) : null;
    try {
      if (await storage?.isFormer())
        throw new NotCurrent('Files lie where the release before kept them: run npm run migrate (or npm start) first.');
      return await audit(env, storage?.files ?? null, slug);
    } finally {
      await storage?.close();
    }
  } finally {
    await close();
  }
}

/** A table for people: what was looked at, and each fault with where it is. */
export function table({ holds, faults, checked }: Audit): string {
  const lines = faults.map((one) => {
    const where = [one.lender, one.row, one.case, one.side, one.seq === undefined ? undefined : `entry ${one.seq}`, one.column, one.path];
    return `${one.code.padEnd(16)} ${where.filter(Boolean).join('  ')}`;
  });
  const files = checked.files === null ? 'files not checked: their storage is not reached from here' : `${checked.files} files`;
  return [
    ...lines,
    `${checked.lenders} lenders, ${checked.cases} cases, ${checked.entries} entries, ${files}.`,
    holds ? 'All of it holds.' : `${faults.length} faults.`,
  ].join('\n');
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  try {
    const result = await auditHere(positionals[0]);
    console.log(values.json ? JSON.stringify(result, null, 2) : table(result));
    process.exitCode = result.holds ? 0 : 1;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  }
}
