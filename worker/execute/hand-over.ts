import { commands as assignment } from '../negotiation/assignment.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import type { Employed } from '../negotiation/seats.ts';
import { admitFromDesk } from '../store/admission.ts';
import type { Held } from '../store/lists.ts';
import type { CaseFile, DeskAdmission } from '../store/open.ts';
import type { Seals } from './commit.ts';
import { execute } from './execute.ts';

/** A case that is to change hands; `to` as the command reads it. */
export type ToGive = Held & { to: string };

/** What became of one case that was to change hands. `same`: it was with them already. */
export type HandedOver = ToGive & { became: 'given' | 'same' | Refusal | 'failed' };

type By = Seals & {
  admission: DeskAdmission;
  at: string;
  requestId: string;
  number: () => string;
  colleagues: ReadonlyMap<string, Employed>;
  casefile: (caseId: string) => CaseFile;
};

/**
 * Cases are given to somebody else, each by the command that gives one and by its rules, whole or not at all. One that cannot be written to holds up no other; sent again,
 * what was given stays given.
 */
export async function handOver(cases: readonly ToGive[], by: By): Promise<HandedOver[]> {
  const { admission, casefile, requestId, ...rest } = by;
  const done: HandedOver[] = [];
  for (const one of cases) {
    const order = { ...rest, admission: admitFromDesk(admission, one.id), casefile: casefile(one.id) };
    const request = `${admission.seat.account}:${requestId}:${one.id}`;
    try {
      const outcome = await execute({ ...order, requestId: request, command: assignment.assign.name, input: { to: one.to } });
      done.push({ ...one, became: !outcome.ok ? outcome.refusal : (outcome.own?.length ?? 0) > 0 ? 'given' : 'same' });
    } catch (thrown) {
      console.error(`case ${one.id} was not handed over: ${thrown instanceof Error ? thrown.name : ''}`);
      done.push({ ...one, became: 'failed' });
    }
  }
  return done;
}
