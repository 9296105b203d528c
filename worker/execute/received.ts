import { commands as payment } from '../negotiation/performance.ts';
import type { Column, Problem, Received } from '../negotiation/received.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { canonical, digestOf } from '../record/digest.ts';
import type { Casebook, DeskAdmission } from '../store/open.ts';
import type { Each, Seals } from './commit.ts';
import { type Bringing, bringing, carryOutEach, decideEach, type Many } from './many.ts';

/** Payments that a lender received, recorded in many cases at once, each as if it had been typed in its case: once, however often the file comes. */

/** `unchanged` were recorded before. */
export type Imported = { recorded: number; unchanged: number; refused: Problem[] };

type By = Seals & { casebook: Many & Pick<Casebook, 'performing'>; admission: DeskAdmission; at: string };

/**
 * Records the payments of a file, each whole or not at all; what cannot be is named by its row, and holds up no other. Those of one case are recorded one after the
 * other. @param dry decides all of it and writes nothing
 */
export async function recordReceived(by: By, received: readonly Received[], dry: boolean): Promise<Imported> {
  const found = await by.casebook.performing(received.map(({ contract }) => contract));
  const done: Imported = { recorded: 0, unchanged: 0, refused: [] };
  const ready: { row: Received; chore: Bringing }[] = [];
  for (const row of received) {
    const [id, ...others] = found.get(row.contract) ?? [];
    if (id !== undefined && others.length === 0) ready.push({ row, chore: choreOf(id, row, by) });
    else done.refused.push({ row: row.row, column: 'contract', why: { code: id === undefined ? 'contract' : 'contracts' } });
  }
  for (const wave of waves(ready, ({ chore }) => chore.case)) {
    const chores = wave.map(({ chore }) => chore);
    const each = await (dry ? decideEach(by.casebook, chores) : carryOutEach(by.casebook, chores, by));
    for (const [i, { row, chore }] of wave.entries()) note(done, row, each[i], chore.isNew());
  }
  done.refused.sort((a, b) => a.row - b.row);
  return done;
}

/** So many rounds as the case with most of them has: in none is a case named twice. */
function waves<T>(all: readonly T[], of: (one: T) => string): T[][] {
  const rounds: T[][] = [];
  const count = new Map<string, number>();
  for (const one of all) {
    const round = count.get(of(one)) ?? 0;
    count.set(of(one), round + 1);
    rounds[round] = [...(rounds[round] ?? []), one];
  }
  return rounds;
}

function note(done: Imported, { row }: Received, each: Each | undefined, isNew: boolean): void {
  if (each && 'outcome' in each && (each.outcome === null || each.outcome.ok)) {
    if (isNew) done.recorded++;
    else done.unchanged++;
  } else if (each && 'outcome' in each && each.outcome && !each.outcome.ok) {
    const { refusal } = each.outcome;
    if (refusal.code === 'payment.known') done.unchanged++;
    else if (refusal.code === 'request.reused') done.refused.push({ row, column: 'reference', why: { code: 'elsewhere' } });
    else done.refused.push({ row, column: columnOf(refusal), why: { code: 'refused', refusal } });
  } else done.refused.push({ row, column: null, why: { code: 'failed' } });
}

const columnOf = ({ field }: Refusal): Column =>
  field === 'on' ? 'date' : field === 'reference' || field === 'amount' ? field : 'contract';

/** A reference is recorded once in a casebook: the request is known by it. */
function choreOf(id: string, { payment: made }: Received, by: By): Bringing {
  const request = {
    id: `import:${digestOf(made.reference)}`,
    digest: digestOf(canonical({ case: id, amount: made.amount, on: made.on, reference: made.reference })),
  };
  return bringing(id, { name: payment.report.name, input: made }, request, by);
}
