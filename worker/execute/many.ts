import { comesTo } from '../negotiation/command.ts';
import { isRefused, type Refused } from '../negotiation/refusal.ts';
import type { Reached } from '../negotiation/seats.ts';
import { noted } from '../proof.ts';
import { admitFromDesk } from '../store/admission.ts';
import type { Again } from '../store/appended.ts';
import type { Loaded } from '../store/casebook.ts';
import { isConflict } from '../store/connect.ts';
import type { Casebook, DeskAdmission } from '../store/open.ts';
import { TRIES } from './anew.ts';
import { type Act, commitEach, type Each, type Seals } from './commit.ts';
import { asCommand } from './decide.ts';
import { repeated } from './execute.ts';

/**
 * The write path for what is done in many cases at once: load, decide, seal, append, and again for those where somebody was first. Each case is decided
 * by itself and written whole or not at all; the round trips are as many as there are batches, not cases.
 */

/** Something to do in one of many cases; it is decided anew where somebody else was first. */
export type Chore = {
  case: string;
  /** By which a repetition is known, and by which another body under the same id is told from one. */
  request: { id: string; digest: string };
  decide: (loaded: Loaded) => Act | Again | Refused;
};

/** A chore that tells whether what it was for came to be by it, or was there before. */
export type Bringing = Chore & { isNew: () => boolean };

/**
 * A command that a row of a lender's file comes to, in the case `id`, as if it had been given at the desk. @param number a number for a case that it opens
 * @throws where there is no such command
 */
export function bringing(
  id: string,
  { name, input }: { name: string; input: unknown },
  request: Chore['request'],
  {
    admission,
    at,
    number = () => '',
    imported,
    reached,
  }: { admission: DeskAdmission; at: string; number?: () => string; imported?: Act['imported']; reached?: Reached },
): Bringing {
  const into = admitFromDesk(admission, id);
  const ask = asCommand(name, input);
  if (!ask) throw new Error(`There is no command ${name}.`);
  let isNew = false;
  return {
    case: id,
    request,
    isNew: () => isNew,
    decide(loaded) {
      const decision = ask.decide(loaded, { admission: into, at, ...(reached ? { reached } : {}) });
      if (isRefused(decision)) return decision;
      isNew = true;
      const { said } = comesTo(decision);
      const { lender, seat } = into;
      return {
        case: id,
        lender: lender.slug,
        seat,
        loaded,
        decided: said,
        at,
        request,
        number: () => loaded.number ?? number(),
        ...(imported ? { imported } : {}),
      };
    },
  };
}

/** What of a casebook it takes. */
export type Many = Pick<Casebook, 'loadMany' | 'appendEach'>;

/** Cases that are loaded together: their snapshots are in memory at the same time. */
const AT_ONCE = 100;

/**
 * Tells what became of each, in their order. A case that cannot be read, is in doubt or fails is named in the log and keeps none of the others.
 * @throws where the database cannot be asked: what was written by then stays, and is known again by its requests
 */
export async function carryOutEach(casebook: Many, chores: readonly Chore[], seals: Seals): Promise<Each[]> {
  const done = new Map<Chore, Each>();
  let left = chores;
  for (let tries = 1; left.length > 0; tries++) {
    const taken: Chore[] = [];
    for (const some of pages(left)) {
      for (const [chore, each] of await attempt(casebook, some, seals)) {
        if (!('thrown' in each)) done.set(chore, each);
        else if (!isConflict(each.thrown) || tries === TRIES) done.set(chore, failed(chore, each.thrown));
        else taken.push(chore);
      }
    }
    left = taken;
  }
  return chores.flatMap((chore) => done.get(chore) ?? []);
}

/** What would become of each, in their order: all of it decided as things stand, and nothing written. `outcome` is null for what would be. */
export async function decideEach(casebook: Many, chores: readonly Chore[]): Promise<Each[]> {
  const all: Each[] = [];
  for (const some of pages(chores)) {
    for (const { chore, loaded } of await loadedEach(casebook, some)) {
      try {
        const act = decisionOf(chore, loaded);
        all.push('outcome' in act ? act : { outcome: null });
      } catch (thrown) {
        all.push(failed(chore, thrown));
      }
    }
  }
  return all;
}

async function attempt(casebook: Many, chores: readonly Chore[], seals: Seals): Promise<[Chore, Each][]> {
  const decided: [Chore, Each][] = [];
  const ready: { chore: Chore; act: Act | Again }[] = [];
  for (const { chore, loaded } of await loadedEach(casebook, chores)) {
    try {
      const act = decisionOf(chore, loaded);
      if ('outcome' in act) decided.push([chore, act]);
      else ready.push({ chore, act });
    } catch (thrown) {
      decided.push([chore, { thrown }]);
    }
  }
  const each = await commitEach(
    casebook,
    ready.map(({ act }) => act),
    seals,
  );
  return [...decided, ...ready.flatMap(({ chore }, i): [Chore, Each][] => (each[i] ? [[chore, each[i]]] : []))];
}

/** Nothing is written to a case of which there is any doubt. */
function decisionOf(chore: Chore, loaded: Loaded | Error): Act | Again | Extract<Each, { outcome: unknown }> {
  if (loaded instanceof Error) throw loaded;
  if (loaded.request) return { outcome: repeated(loaded.request, chore.request.digest) };
  if (loaded.doubts.length > 0) return { outcome: { ok: false, refusal: noted(chore.case, loaded.doubts) } };
  const act = chore.decide(loaded);
  return isRefused(act) ? { outcome: { ok: false, refusal: act.refused } } : act;
}

/** Loads some cases. A row with a value that no row of the portal's holds is no answer for all of them: they are asked for in halves, down to it. */
async function loadedEach(casebook: Many, chores: readonly Chore[]): Promise<{ chore: Chore; loaded: Loaded | Error }[]> {
  try {
    const loaded = await casebook.loadMany(chores.map(({ case: id, request }) => ({ case: id, requestId: request.id })));
    return chores.flatMap((chore, i) => (loaded[i] ? [{ chore, loaded: loaded[i] }] : []));
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const [chore] = chores;
    if (chore && chores.length === 1) return [{ chore, loaded: thrown }];
    const half = Math.ceil(chores.length / 2);
    return [...(await loadedEach(casebook, chores.slice(0, half))), ...(await loadedEach(casebook, chores.slice(half)))];
  }
}

function failed({ case: id }: Chore, thrown: unknown): Each {
  const why = thrown instanceof Error ? thrown : new Error(typeof thrown);
  console.error(`case ${id} was not written to: ${why.name} ${'code' in why ? String(why.code) : ''}`);
  return { thrown };
}

const pages = (chores: readonly Chore[]) =>
  Array.from({ length: Math.ceil(chores.length / AT_ONCE) }, (_, i) => chores.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
