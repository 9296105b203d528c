import { randomId } from '../chance.ts';
import { DAY, instant, later, MINUTE } from '../clock.ts';
import { deliverBySchedule } from '../deliver/deliver.ts';
import type { Env } from '../env.ts';
import { NoTimestamp, stampAnchors } from '../execute/stamp.ts';
import { dropOldExports } from '../store/exports.ts';
import { openBeginnings, openDirectory, openReturned } from '../store/open.ts';
import { JOBS_AT_ONCE, type Job, MOST_PIECES } from './job.ts';
import { doPiece, ofAnchors, type Sweeping } from './piece.ts';

/** What happens without a request: offers lapse, instalments become late, notices leave, storage is emptied of what was forgotten. */

/** How long letters stay that have left, and those that could not be delivered. */
const SENT_KEPT = 30 * DAY;
const DEAD_KEPT = 90 * DAY;
/** How long the contact of somebody who was asked to stand by a borrower, or between the sides, stays once their link opens nothing. */
const UNUSED_KEPT = 30 * DAY;

/** Letters go once the notices of this run are among them: so many seconds after the other pieces. */
const AFTER_NOTICES = 30;

/** Lenders that are swept beside each other where there is no queue: one whose database is slow or hangs keeps none of the others waiting. */
const LENDERS_AT_ONCE = 4;

/** Hands all that the schedule comes to into the queue, where there is one; else does it, piece by piece. */
export async function sweep(env: Sweeping & Partial<Pick<Env, 'jobs'>>, at: string = instant()): Promise<void> {
  const lenders = await openDirectory(env).lenders();
  // Letters late, as a slow mail server holds up whoever waits for it; time stamps last, as nobody waits for them.
  const late: Job[] = env.tsa ? [{ job: 'letters' }, { job: 'stamps' }] : [{ job: 'letters' }];
  if (env.jobs) {
    const jobs: Job[] = [{ job: 'shared' }, ...lenders.map(({ slug }) => ({ job: 'lender' as const, lender: slug })), ...late];
    const messages = jobs.map((body) => ({ body, delaySeconds: body.job === 'letters' ? AFTER_NOTICES : 0 }));
    for (let from = 0; from < messages.length; from += JOBS_AT_ONCE) await env.jobs.sendBatch(messages.slice(from, from + JOBS_AT_ONCE));
    return;
  }
  const failing = await openDirectory(env).failingSweeps();
  const [ill = [], well = []] = [true, false].map((is) => lenders.filter(({ id }) => failing.has(id) === is).map(firstOf));
  // What takes long is not said at the hour at which it was begun.
  const begun = Date.now();
  const now = () => later(at, Math.max(0, Date.now() - begun));
  const [left] = await Promise.all([sweepEach(env, well, now, 'a piece'), attempt(env, { job: 'shared' }, at)]);
  // Nobody's letters wait for a lender with whom there is much to do, or whose last piece failed.
  const rest = [...left, ...ill];
  await Promise.all([...late.map((job) => attempt(env, job, now())), sweepEach(env, rest, now, 'all')]);
  if (rest.length > 0) await attempt(env, { job: 'letters' }, now());
}

type OfLender = Job & { job: 'lender' };
const firstOf = ({ slug }: { slug: string }): OfLender => ({ job: 'lender', lender: slug });

/** A few lenders beside each other, each a piece, or piece by piece and behind the others whose turn it is until no round has anything left. Tells what is left. */
async function sweepEach(env: Sweeping, jobs: readonly OfLender[], now: () => string, much: 'a piece' | 'all'): Promise<OfLender[]> {
  const waiting = [...jobs];
  const left: OfLender[] = [];
  const one = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const next = (await attempt(env, job, now())) === 'more' ? nextOf(job) : null;
      if (next) (much === 'all' ? waiting : left).push(next);
    }
  };
  await Promise.all(Array.from({ length: LENDERS_AT_ONCE }, one));
  return left;
}

/** The next piece of a lender; null where one run has done as many as it does. */
const nextOf = (job: OfLender): OfLender | null => ((job.piece ?? 1) < MOST_PIECES ? { ...job, piece: (job.piece ?? 1) + 1 } : null);

/** Does a job that the queue brought. False where it failed and is to come again. What is left of it is handed in as another. */
export async function takeJob(env: Sweeping & Partial<Pick<Env, 'jobs'>>, job: Job): Promise<boolean> {
  const became = await attempt(env, job, instant());
  const next = became === 'more' && job.job === 'lender' ? nextOf(job) : null;
  if (next) await env.jobs?.sendBatch([{ body: next }]);
  return became !== 'failed';
}

/** What became of a job: `more` where it is to be gone on with, `failed` where it is to be done again. */
type Became = 'done' | 'more' | 'failed';

/** Does a job; the log says which one failed, and one cannot hold up another. */
async function attempt(env: Sweeping, job: Job, at: string): Promise<Became> {
  try {
    return await does(env, job, at);
  } catch (thrown) {
    console.error(`sweep ${job.job === 'lender' ? job.lender : job.job}: ${thrown instanceof Error ? thrown.name : ''}`);
    return 'failed';
  }
}

async function does(env: Sweeping, job: Job, at: string): Promise<Became> {
  if (job.job === 'lender') return sweepLender(env, job.lender, at);
  if (job.job === 'stamps') await stampSome(env, at);
  else if (job.job === 'letters') await deliverBySchedule(env, at);
  else await sweepShared(env, at);
  return 'done';
}

async function sweepShared(env: Sweeping, at: string): Promise<void> {
  const directory = openDirectory(env);
  await directory.sweep(at, later(at, -DAY));
  await directory.forgetInvitations(later(at, -UNUSED_KEPT));
  await openBeginnings(env).sweep(at);
  await openReturned(env).sweep(at);
  await dropOldExports(env.files, at);
  await directory.forgetMail(later(at, -SENT_KEPT), later(at, -DEAD_KEPT));
}

/** One piece. A lender that is here no more by the time that its turn comes has nothing due; one that somebody else has is theirs. */
async function sweepLender(env: Sweeping, slug: string, at: string): Promise<Became> {
  const directory = openDirectory(env);
  const lender = await directory.lenderBySlug(slug);
  if (!lender) return 'done';
  const holder = randomId();
  const taken = await directory.takeSweep(lender.id, holder);
  if (!taken) return 'done';
  const came = await doPiece(env, lender, taken.place, at);
  await directory.endSweep(lender.id, holder, came);
  if (came.fault === null) return came.place === null ? 'done' : 'more';
  console.error(`sweep ${slug}: ${came.fault}`);
  return 'failed';
}

/** For how long one run asks for time stamps. */
const STAMPING = MINUTE;

/** Time stamps that anchors wait for, of another lender first each time. A service that gives none is asked again by the next run. */
async function stampSome(env: Sweeping, at: string): Promise<void> {
  const lenders = await openDirectory(env).lenders();
  const until = Date.now() + STAMPING;
  const first = Math.floor(Date.parse(at) / MINUTE) % Math.max(1, lenders.length);
  for (const lender of [...lenders.slice(first), ...lenders.slice(0, first)]) {
    const thrown = await ofAnchors(lender, () => stampAnchors(env, lender, until));
    if (thrown instanceof NoTimestamp || Date.now() > until) return;
  }
}
