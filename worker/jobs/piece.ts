import * as z from 'zod';
import { randomBytes } from '../chance.ts';
import type { Env } from '../env.ts';
import { AnchorsDiffer, anchorHeads, reviewAnchors } from '../execute/anchor.ts';
import { announceSome, type Outbox } from '../execute/announce.ts';
import { answerAutomatically } from '../execute/automatic.ts';
import { tellDeeds } from '../execute/deeds.ts';
import { writeDue } from '../execute/due.ts';
import { sendHeld } from '../execute/held.ts';
import { writeLapsed } from '../execute/lapse.ts';
import { carryOutRestoration, sayRestored } from '../execute/restored.ts';
import { NoTimestamp } from '../execute/stamp.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { signingKey } from '../record/keys.ts';
import { emptyStorage } from '../store/files.ts';
import { type Casebook, type Lender, openCasebookForPortal, openDirectory } from '../store/open.ts';
import { type From, START } from '../store/queue.ts';
import { isUnreachable } from '../store/reach.ts';
import { continueImports } from './imports.ts';

/**
 * A piece of what the schedule comes to in one lender: of each step a page, one after the other, for some seconds; the next piece goes on from there. A round is over once no step
 * has anything left. Where a piece is broken off, the next one goes on from the place that was noted last, and what was done since is known again by what does it.
 */

/** What a sweep needs of the portal. */
export type Sweeping = Outbox & Pick<Env, 'files' | 'carriers'> & Partial<Pick<Env, 'tsa'>>;

/** How long a piece goes on before it leaves the rest to the next, in milliseconds: shorter than it has its lender (`store/sweeps.ts`). */
const A_PIECE = 15_000;

/** Cases of a page: such as are written together, and such as are written one by one. */
const TOGETHER = 100;
const ONE_BY_ONE = 25;

/** In the order in which they are begun, so that notices tell of all that was written before. */
const STEPS = ['due', 'answers', 'lapsed', 'held', 'deeds', 'storage', 'anchors', 'restored', 'imports', 'notices'] as const;
type Step = (typeof STEPS)[number];

/** What of a round is left, from where on, in the order in which it is done. */
const Place = z.array(z.object({ step: z.enum(STEPS), from: z.object({ since: z.string(), id: z.string() }) }));
type Place = z.infer<typeof Place>;

/** What is written in the cases of a lender: of one that is paused nothing is, and what has become due is written when it goes on. */
const WRITES: ReadonlySet<Step> = new Set(['due', 'answers', 'lapsed', 'held', 'deeds', 'restored', 'imports']);

const whole = (): Place => STEPS.map((step) => ({ step, from: START }));

/** Reads what an earlier piece noted; what nobody can read is a round that begins. */
function placeIn(text: string | null): Place {
  try {
    return text === null ? whole() : Place.parse(JSON.parse(text));
  } catch {
    return whole();
  }
}

/** What a piece came to: what is left of the round, null where it is over; and what failed, by its steps, null where nothing did. */
export type Came = { place: string | null; fault: string | null };

/** Does a piece of a lender's work, from a place on (`place` of the piece before). Each step is by itself: one that fails holds up no other, unless the database is away. */
export async function doPiece(env: Sweeping, lender: Lender, place: string | null, at: string): Promise<Came> {
  const until = Date.now() + A_PIECE;
  const left = placeIn(place);
  const faults: string[] = [];
  try {
    const work = await stepsOf(env, lender, at, until);
    for (let one = left[0]; one && Date.now() < until; one = left[0]) {
      const next = lender.pausedAt !== null && WRITES.has(one.step) ? null : await work[one.step](one.from).catch(failed(faults, one.step));
      left.shift();
      // Behind the others: what there is much of keeps none of them waiting.
      if (next) left.push({ step: one.step, from: next });
    }
  } catch (thrown) {
    faults.push(nameOf(thrown));
  }
  return { place: left.length > 0 ? JSON.stringify(left) : null, fault: faults.length > 0 ? faults.join(', ') : null };
}

/** What was thrown, by the name of what lies at its bottom: no message, as that may hold what was written. */
function nameOf(thrown: unknown): string {
  let last: unknown = thrown;
  while (last instanceof Error && last.cause instanceof Error) last = last.cause;
  return last instanceof Error ? last.name : 'fault';
}

/** @throws what says that the database is away: the round stays where it is */
const failed = (faults: string[], step: Step) => (thrown: unknown) => {
  if (isUnreachable(thrown)) throw thrown;
  faults.push(`${step} ${nameOf(thrown)}`);
  return null;
};

type Work = Record<Step, (from: From) => Promise<From | null>>;

/** The steps of a lender. Each tells from where on it has more to do, or null. @param until from when on no further case is begun, in milliseconds of the clock */
async function stepsOf(env: Sweeping, lender: Lender, at: string, until: number): Promise<Work> {
  const { slug } = lender;
  const directory = openDirectory(env);
  const casebook = openCasebookForPortal(env, lender);
  const by = { casebook, lender: slug, at, key: await signingKey(env.keys, at), random: randomBytes };
  const oneByOne = (page: readonly Found[], work: (id: string) => Promise<void>) => each(page, until, work);
  const once = (work: () => Promise<unknown>) => async () => {
    await work();
    return null;
  };
  return {
    async due(from) {
      const page = await casebook.overdue(at, TOGETHER, from);
      const ids = page.map(({ id }) => id);
      if (ids.length > 0) await writeDue(by, ids);
      return page.length < TOGETHER ? null : (page.at(-1) ?? null);
    },
    answers: async (from) => oneByOne(await unanswered(casebook, at, from), (id) => answerAutomatically(by, id)),
    lapsed: async (from) => oneByOne(await casebook.overtaken(ONE_BY_ONE, from), (id) => writeLapsed(by, id)),
    async held(from) {
      const page = await casebook.sendable(at, ONE_BY_ONE, from);
      if (page.length === 0) return null;
      const colleagues = await directory.colleagues(lender.id);
      return oneByOne(page, (id) => sendHeld({ ...by, colleagues }, id));
    },
    deeds: once(() => tellDeeds(env, directory, lender, by)),
    storage: async () => ((await emptyStorage(env.files, slug, casebook, at)) ? START : null),
    anchors: once(() =>
      ofAnchors(lender, async () => {
        await anchorHeads(env, lender, at);
        await carryOutRestoration(env, lender, at);
        await reviewAnchors(env, lender, at);
      }),
    ),
    async restored({ id }) {
      let next: number | null = null;
      await ofAnchors(lender, async () => {
        next = await sayRestored(env, lender, by, { from: id === '' ? -1 : Number(id), most: TOGETHER });
      });
      return next === null ? null : { since: '', id: String(next) };
    },
    imports: once(() => continueImports(env, directory, lender, by)),
    notices: async () => ((await announceSome(env, lender)) ? START : null),
  };
}

/** What policy may answer and was not answered after the request that brought it, for lenders whose policy answers at all. */
async function unanswered(casebook: Casebook, at: string, from: From): Promise<Found[]> {
  const { value, proven } = await casebook.policy();
  if (!proven || !(value.automatic.accept || value.automatic.counter)) return [];
  const day = dayOf(at, lawOf(value).place.zone);
  return casebook.unanswered({ version: value.version, day }, ONE_BY_ONE, from);
}

type Found = { id: string; since: string };

/** Cases of a page, one by one, as long as there is time: one that cannot be written to holds up no other. */
async function each(page: readonly Found[], until: number, work: (id: string) => Promise<void>): Promise<From | null> {
  let last: Found | null = null;
  for (const one of page) {
    if (last && Date.now() >= until) return last;
    try {
      await work(one.id);
    } catch (thrown) {
      if (isUnreachable(thrown)) throw thrown;
      console.error(`case ${one.id} was not written to: ${nameOf(thrown)}`);
    }
    last = one;
  }
  return page.length < ONE_BY_ONE ? null : last;
}

/** What has to do with a lender's list of anchors. Where that is not as it was, or there is no time stamp to be had, that is said, and holds up nothing else. */
export async function ofAnchors({ slug }: Lender, work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (thrown) {
    const isOurs = thrown instanceof AnchorsDiffer || thrown instanceof NoTimestamp;
    console.error(`anchors of ${slug}: ${isOurs ? thrown.message : thrown instanceof Error ? thrown.name : ''}`);
    return thrown;
  }
}
