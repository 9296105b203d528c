/**
 * `npm run rebuild -- LENDER [--write] [--policy]`: works every projection of a casebook out again from its record and reports any difference.
 * Exit 0 where there is none, 1 where there is (with `--write` they are put right). Erased contents leave the projections as they are left.
 * A case whose record does not verify is never written to: a broken chain is not made to look whole, and its projection may be all that is left.
 * A lender's policy follows from its own stream. `--policy` shows it, and with `--write` puts its versions right from there; of a lender that has no version in its stream
 * yet, it is taken as it stands: look at it first.
 */
import { parseArgs } from 'node:util';
import { EMPTY_OWN, type Own } from '../worker/negotiation/case.ts';
import { waitingErrands } from '../worker/negotiation/errand.ts';
import { policyVersions } from '../worker/negotiation/lender/institution.ts';
import { type Milestone, milestonesOf, type PolicyAt } from '../worker/negotiation/milestones.ts';
import type { Policy } from '../worker/negotiation/policy.ts';
import type { Side } from '../worker/negotiation/seats.ts';
import { BINDING } from '../worker/negotiation/stage.ts';
import { project, projectInstitution, projectOwn } from '../worker/projection.ts';
import { prove, proveInstitution, proveOwn } from '../worker/proof.ts';
import { canonical } from '../worker/record/digest.ts';
import { lenderStream } from '../worker/record/format.ts';
import { assigneeIn, type KeptMilestone } from '../worker/store/appended.ts';
import { type Casebook, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import type { Doubt, DoubtCode } from '../worker/store/seals.ts';
import { isOf, isOutdated } from '../worker/store/snapshots.ts';
import { assertCurrent } from './current.ts';
import { type Installation, installation } from './installation.ts';
import { wrongVersions } from './policies.ts';

/** The columns of a case's row that say something else than its record, or carry no seal of the portal's; `rules` where it was worked out by other rules. */
export type Difference = { case: string; side?: Side; columns: string[] };

/** A case whose record does not verify, and what of it does not. With `side`, both are of the private stream of that side in the case. */
export type Broken = { case: string; side?: Side; doubts: Doubt[] };

export type Rebuilt = { cases: number; differences: Difference[]; broken: Broken[] };

/** Compares the projection of every case of a lender with what its record says; puts them right where `write`. @throws for an unknown lender, and without the signing keys */
export async function rebuild(env: Installation, slug: string, write: boolean): Promise<Rebuilt> {
  if (env.keys.length === 0) throw new Error('The signing keys are needed to know what the portal has written: set SIGNING_KEYS.');
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  const casebook = openCasebookForPortal(env, lender);
  const { cases, assigned, errands } = await casebook.inventory();
  const { value: policy } = await casebook.policy();
  const policyAt = await casebook.policiesAt();
  const rebuilt: Rebuilt = { cases: cases.length, differences: [], broken: [] };
  const note = (found: Difference | Broken | null) => {
    if (found && 'columns' in found) rebuilt.differences.push(found);
    else if (found) rebuilt.broken.push(found);
  };
  note(await rebuildInstitution(casebook, slug, write));
  for (const id of cases) {
    note(await rebuildCase(casebook, id, { policy, policyAt }, write));
    for (const side of SIDES)
      note(await rebuildOwn(casebook, id, side, { assigned: assigned.get(id), errands: errands.get(id) ?? [] }, write));
  }
  if (await casebook.listsGone()) {
    if (write) await casebook.relist(null);
    note({ case: lenderStream(slug), columns: ['inbox'] });
  }
  if (!(await casebook.tallied())) {
    if (write) await casebook.tally();
    note({ case: lenderStream(slug), columns: ['tallies'] });
  }
  return rebuilt;
}

const SIDES: readonly Side[] = ['borrower', 'lender'];

const FAULTS: readonly DoubtCode[] = ['entry', 'record', 'checkpoint', 'seal.lender'];

/** What of a record does not verify; nothing where all of it does. */
function faultsOf(doubts: readonly Doubt[], entries: readonly unknown[]): Doubt[] {
  const faults = doubts.filter(({ code }) => FAULTS.includes(code));
  return faults.length > 0 || entries.length > 0 ? faults : [{ code: 'record' }];
}

const unsealed = (known: readonly Doubt[]) => (known.some(({ code }) => code.startsWith('seal.')) ? ['seal'] : []);
const outdated = (state: string) => (isOutdated(state) ? ['rules'] : []);

async function rebuildCase(
  casebook: Casebook,
  id: string,
  { policy, policyAt }: { policy: Policy; policyAt: PolicyAt },
  write: boolean,
): Promise<Difference | Broken | null> {
  const record = await casebook.record(id);
  if (!record) return null;
  const known = await casebook.doubts(id);
  const { kase, doubts } = await prove(record, casebook.published, known);
  const faults = faultsOf(doubts, record.entries);
  const last = record.entries.at(-1);
  if (faults.length > 0 || !last) return { case: id, doubts: faults };
  const made = project(kase, last, policy);
  const counted = milestonesOf(record.entries, policyAt);
  const miscounts = miscounted(record.row.seq, await casebook.milestones(id), counted);
  const wrong = [...differing(record, made), ...unsealed(known), ...outdated(record.row.state)];
  if (write && wrong.length > 0) await casebook.restore(record.row, made, counted);
  // A row that is as it should be is left alone: its record may have gone on since it was read.
  else if (write && miscounts.length > 0) await casebook.recount(id, record.row.seq, counted);
  // By the row as it stands now: what triggers keep of it.
  const mislists = await casebook.mislistedIn(id);
  if (write && mislists.length > 0) await casebook.relist(id);
  const columns = [...wrong, ...miscounts, ...mislists];
  return columns.length === 0 ? null : { case: id, columns };
}

/**
 * Whether what reports count of a case is not what its record comes to up to `seq`; but for what followed from the policy and the calendar of the day on which it was
 * written. Of a case that was written to between the two nothing is said: the next run sees it.
 */
export function miscounted(seq: number, kept: { seq: number; counted: readonly KeptMilestone[] }, made: readonly Milestone[]): string[] {
  if (kept.seq !== seq) return [];
  const told = (all: readonly KeptMilestone[]) =>
    canonical(
      all.map(({ kind, no, day, outcome, ended, amount, agent, product }) => ({ kind, no, day, outcome, ended, amount, agent, product })),
    );
  return told(kept.counted) === told(made) ? [] : ['milestones'];
}

/** The same of where the private stream of a side stands. */
async function rebuildOwn(
  casebook: Casebook,
  id: string,
  side: Side,
  { assigned, errands }: { assigned: Assigned | undefined; errands: readonly ErrandRow[] },
  write: boolean,
): Promise<Difference | Broken | null> {
  const found = await casebook.privateRecord(id, side);
  if (!found?.record) {
    const wrong = side === 'lender' && !found && assigned ? misassigned(assigned, EMPTY_OWN) : [];
    if (wrong.length > 0 && write) await casebook.reassign(id, EMPTY_OWN);
    return wrong.length > 0 ? { case: id, side, columns: wrong } : null;
  }
  const { record, doubts: known } = found;
  const { kase: own, doubts } = await proveOwn(record, casebook.published, known);
  const faults = faultsOf(doubts, record.entries);
  const last = record.entries.at(-1);
  if (faults.length > 0 || !last) return { case: id, side, doubts: faults };
  const made = projectOwn(own, last);
  const wrong = side === 'lender' ? [...(assigned ? misassigned(assigned, own) : []), ...mislisted(errands, own)] : [];
  const columns = [...differing(record, made), ...unsealed(known), ...outdated(record.row.state), ...wrong];
  if (columns.length === 0) return null;
  if (write) await casebook.restoreOwn(record.header, made);
  if (write && side === 'lender') await casebook.reassign(id, own);
  return { case: id, side, columns };
}

type Assigned = { assignee: string | null; team: string | null };

/** The columns of a case's row that say otherwise who sees to it than the lender's private stream does. */
export function misassigned(row: Assigned, own: Own): string[] {
  const { assignee, team } = assigneeIn(own);
  return [...(row.assignee === assignee ? [] : ['assignee']), ...(row.team === team ? [] : ['team'])];
}

type ErrandRow = { no: number; account: string; dueOn: string };

/** Whether what lists say waits for the lender's people in a case is not what its private stream comes to. */
export function mislisted(rows: readonly ErrandRow[], own: Own): string[] {
  const told = (all: readonly ErrandRow[]) => all.map(({ no, account, dueOn }) => `${no} ${account} ${dueOn}`).sort();
  const waiting = waitingErrands(own).map(({ no, to, on }) => ({ no, account: to, dueOn: on ?? '' }));
  return canonical(told(rows)) === canonical(told(waiting)) ? [] : ['errands'];
}

/** The same of where the lender's own stream stands. */
async function rebuildInstitution({ institution, published }: Casebook, slug: string, write: boolean): Promise<Difference | Broken | null> {
  const found = await institution.record();
  if (!found) return null;
  const { record, doubts: known } = found;
  const { kase, doubts } = await proveInstitution(record, published, known);
  const faults = faultsOf(doubts, record.entries);
  const last = record.entries.at(-1);
  if (faults.length > 0 || !last) return { case: lenderStream(slug), doubts: faults };
  const made = projectInstitution(kase, last);
  const columns = [...differing(record, made), ...unsealed(known), ...outdated(record.row.state)];
  if (columns.length === 0) return null;
  if (write) await institution.restore(made);
  return { case: lenderStream(slug), columns };
}

/** The policy of a lender, and whether it is the portal's own and what its stream says; where it is not, `write` puts it right. @throws for an unknown lender */
export async function rebuildPolicy(env: Installation, slug: string, write: boolean): Promise<{ value: Policy; proven: boolean }> {
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  const casebook = openCasebookForPortal(env, lender);
  const { value, proven } = await casebook.policy();
  const wrong = await wrongVersions(casebook);
  const sound = proven && wrong.length === 0;
  if (write && !sound) await mendPolicy(casebook);
  return { value, proven: sound };
}

/** What other rules may have come to otherwise: the snapshot, and what follows from it and the clock. */
const WORKED_OUT = new Set([
  ...['state', 'awaited', 'deadline', 'nextDue', 'nextAmount', 'toConfirm'],
  ...['product', 'cause', 'need', 'marks', 'sought', 'complaintDue'],
]);

/** What follows from the policy of the day on which the row was written, too: another policy since makes it no difference. */
const BY_POLICY = new Set(['dueOn']);

/** Under an agreement, what is left to pay is worked out too; before one, what is owed is what was said. */
const workedOut = (made: object) => (name: string) =>
  WORKED_OUT.has(name) || (name === 'amount' && 'stage' in made && [...BINDING, 'completed'].some((stage) => stage === made.stage));

/** The columns of a row that are not what its record comes to; of one that was worked out by other rules, those that all rules come to alike. */
export function differing<Made extends Projected>({ row }: { row: Record<keyof Made, unknown> & { state: string } }, made: Made): string[] {
  const names = Object.keys(made).filter((name) => name !== 'state' && !BY_POLICY.has(name));
  const [wanted, found]: Record<string, unknown>[] = [made, row];
  const columns = names.filter((name) => (wanted?.[name] ?? null) !== (found?.[name] ?? null));
  const isState = isOf(row.state, made.state);
  return isOutdated(row.state) ? columns.filter((name) => !workedOut(made)(name)) : [...columns, ...(isState ? [] : ['state'])];
}

type Projected = ReturnType<typeof project> | ReturnType<typeof projectOwn> | ReturnType<typeof projectInstitution>;

const nameOf = ({ case: id, side }: Difference | Broken) => (side ? `${id}, private stream of the ${side}` : id);

/** From the lender's own stream, where that verifies and has versions; else as it stands, as somebody has looked at it. */
async function mendPolicy(casebook: Casebook): Promise<void> {
  const own = await casebook.institution.record();
  const versions = own ? policyVersions(own.record.entries) : [];
  const doubts = own ? (await proveInstitution(own.record, casebook.published, own.doubts)).doubts : [];
  if (doubts.length > 0) throw new Error('The policy is not put right: the lender’s own stream does not verify. Put that right first.');
  await (versions.length > 0 ? casebook.restorePolicies(versions) : casebook.takePolicy(new Date().toISOString()));
}

if (import.meta.main) {
  const options = { write: { type: 'boolean', default: false }, policy: { type: 'boolean', default: false } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const { env, close } = await installation();
  try {
    await assertCurrent(env);
    const slug = positionals[0] ?? '';
    const { cases, differences, broken } = await rebuild(env, slug, values.write);
    const taken = values.write && values.policy;
    const policy = await rebuildPolicy(env, slug, taken);
    if (values.policy) console.log(`The policy as it stands:\n${JSON.stringify(policy.value, null, 2)}`);
    if (!policy.proven)
      console.log(
        taken
          ? 'The policy was not one that the portal sealed; it is taken as it stands.'
          : 'The policy is not one that the portal sealed, so all cases are read-only: look at it with --policy; with --write too it is taken as it stands.',
      );
    for (const one of differences) console.log(`${nameOf(one)}: ${one.columns.join(', ')}${values.write ? ' (put right)' : ''}`);
    for (const one of broken) {
      console.log(
        `${nameOf(one)}: left as it is, its record does not verify: ${one.doubts.map(({ code, seq }) => `${code} ${seq ?? ''}`.trim()).join(', ')}`,
      );
    }
    console.log(
      `${cases} cases, ${differences.length} differ from their record${differences.length > 0 && values.write ? '; put right' : ''}, ${broken.length} with a record that does not verify.`,
    );
    const left = broken.length > 0 || (differences.length > 0 && !values.write) || !(policy.proven || taken);
    process.exitCode = left ? 1 : 0;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  } finally {
    await close();
  }
}
