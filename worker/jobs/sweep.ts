import { randomBytes } from '../chance.ts';
import { DAY, instant, later, MINUTE } from '../clock.ts';
import { deliverBySchedule } from '../deliver/deliver.ts';
import type { Env } from '../env.ts';
import { AnchorsDiffer, anchorHeads, reviewAnchors } from '../execute/anchor.ts';
import { announce, type Outbox } from '../execute/announce.ts';
import { answerAutomatically } from '../execute/automatic.ts';
import { tellDeeds } from '../execute/deeds.ts';
import { writeDue } from '../execute/due.ts';
import { sendHeld } from '../execute/held.ts';
import { writeLapsed } from '../execute/lapse.ts';
import { carryOutRestoration, sayRestored } from '../execute/restored.ts';
import { NoTimestamp, stampAnchors } from '../execute/stamp.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { signingKey } from '../record/keys.ts';
import { dropOldExports } from '../store/exports.ts';
import { emptyStorage } from '../store/files.ts';
import { type Directory, type Lender, openBeginnings, openCasebookForPortal, openDirectory, openReturned } from '../store/open.ts';
import { continueImports } from './imports.ts';
import { JOBS_AT_ONCE, type Job } from './job.ts';

/** What happens without a request: offers lapse, instalments become late, notices leave, storage is emptied of what was forgotten. */

/** Cases that are read and written together, and in one run. */
const CASES_AT_ONCE = 100;
const MOST_CASES = 5_000;

/** How long letters stay that have left, and those that could not be delivered. */
const SENT_KEPT = 30 * DAY;
const DEAD_KEPT = 90 * DAY;

type Sweeping = Outbox & Pick<Env, 'files' | 'carriers'> & Partial<Pick<Env, 'tsa'>>;

/** Letters go once the notices of this run are among them: so many seconds after the other pieces. */
const AFTER_NOTICES = 30;

/** Hands all that the schedule comes to into the queue, where there is one; else does it, piece by piece. */
export async function sweep(env: Sweeping & Partial<Pick<Env, 'jobs'>>, at: string = instant()): Promise<void> {
  const lenders = await openDirectory(env).lenders();
  // Letters late, as a slow mail server holds up whoever waits for it; time stamps last, as nobody waits for them.
  const jobs: Job[] = [{ job: 'shared' }, ...lenders.map(({ slug }) => ({ job: 'lender' as const, lender: slug })), { job: 'letters' }];
  if (env.tsa) jobs.push({ job: 'stamps' });
  if (!env.jobs) {
    for (const job of jobs) await attempt(env, job, at);
    return;
  }
  const messages = jobs.map((body) => ({ body, delaySeconds: body.job === 'letters' ? AFTER_NOTICES : 0 }));
  for (let from = 0; from < messages.length; from += JOBS_AT_ONCE) await env.jobs.sendBatch(messages.slice(from, from + JOBS_AT_ONCE));
}

/** Does a job. False where it failed and is to be done again; the log says which, and one cannot hold up another. */
export async function attempt(env: Sweeping, job: Job, at: string = instant()): Promise<boolean> {
  try {
    await does(env, job, at);
    return true;
  } catch (thrown) {
    console.error(`sweep ${job.job === 'lender' ? job.lender : job.job}: ${thrown instanceof Error ? thrown.name : ''}`);
    return false;
  }
}

function does(env: Sweeping, job: Job, at: string): Promise<void> {
  if (job.job === 'lender') return sweepLender(env, job.lender, at);
  if (job.job === 'stamps') return stampSome(env, at);
  return job.job === 'letters' ? deliverBySchedule(env, at) : sweepShared(env, at);
}

async function sweepShared(env: Sweeping, at: string): Promise<void> {
  const directory = openDirectory(env);
  await directory.sweep(at, later(at, -DAY));
  await openBeginnings(env).sweep(at);
  await openReturned(env).sweep(at);
  await dropOldExports(env.files, at);
  await directory.forgetMail(later(at, -SENT_KEPT), later(at, -DEAD_KEPT));
}

/** One that is here no more by the time that its turn comes has nothing due. */
async function sweepLender(env: Sweeping, slug: string, at: string): Promise<void> {
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) return;
  const casebook = openCasebookForPortal(env, lender);
  const by = { casebook, lender: slug, at, key: await signingKey(env.keys, at), random: randomBytes };
  // Of one that is paused nothing is written: what has become due is written when it goes on.
  if (lender.pausedAt === null) {
    await writeSomeDue(by);
    await answerSome(by);
    await lapseSome(by);
    await sendSome(openDirectory(env), lender, by);
    await continueImports(env, openDirectory(env), lender, by);
    await tellDeeds(env, openDirectory(env), lender, by);
  }
  await emptyStorage(env.files, casebook, at);
  await ofAnchors(lender, async () => {
    await anchorHeads(env, lender, at);
    await carryOutRestoration(env, lender, at);
    await reviewAnchors(env, lender, at);
  });
  await ofAnchors(lender, () => sayRestored(env, lender, by));
  await announce(env, lender);
}

/** What has to do with a lender's list of anchors. Where that is not as it was, or there is no time stamp to be had, that is said, and holds up nothing else. */
async function ofAnchors({ slug }: Lender, work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (thrown) {
    const isOurs = thrown instanceof AnchorsDiffer || thrown instanceof NoTimestamp;
    console.error(`anchors of ${slug}: ${isOurs ? thrown.message : thrown instanceof Error ? thrown.name : ''}`);
    return thrown;
  }
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

/** The cases whose deadline has passed, as many as a run takes. One that cannot be written to is passed by, and holds up no other. */
async function writeSomeDue(by: Parameters<typeof writeDue>[0]): Promise<void> {
  let from: string | undefined = '';
  for (let run = 0; from !== undefined && run < MOST_CASES; run += CASES_AT_ONCE) {
    const some = await by.casebook.overdue(by.at, CASES_AT_ONCE, from);
    const ids = some.map(({ id }) => id);
    await writeDue(by, ids);
    from = ids.length < CASES_AT_ONCE ? undefined : ids.at(-1);
  }
}

/** What policy answers and was not answered after the request that brought it, for lenders whose policy answers at all. */
async function answerSome(by: Parameters<typeof answerAutomatically>[0]): Promise<void> {
  const { value, proven } = await by.casebook.policy();
  if (!proven || !(value.automatic.accept || value.automatic.counter)) return;
  const day = dayOf(by.at, lawOf(value).place.zone);
  await eachOf(
    (from) => by.casebook.unanswered({ version: value.version, day }, CASES_AT_ONCE, from),
    (id) => answerAutomatically(by, id),
  );
}

/** Requests for approval that the case has moved on from. */
async function lapseSome(by: Parameters<typeof writeLapsed>[0]): Promise<void> {
  await eachOf(
    (from) => by.casebook.overtaken(CASES_AT_ONCE, from),
    (id) => writeLapsed(by, id),
  );
}

/** What staff wrote outside the hours, once these are there. */
async function sendSome(
  directory: Directory,
  { id: lender }: Lender,
  by: Omit<Parameters<typeof sendHeld>[0], 'colleagues'>,
): Promise<void> {
  const [first] = await by.casebook.sendable(by.at, 1);
  if (!first) return;
  const colleagues = await directory.colleagues(lender);
  await eachOf(
    (from) => by.casebook.sendable(by.at, CASES_AT_ONCE, from),
    (id) => sendHeld({ ...by, colleagues }, id),
  );
}

/** As many cases as a run takes, one by one: one that cannot be written to holds up no other. */
async function eachOf(some: (from: string) => Promise<{ id: string }[]>, work: (id: string) => Promise<void>): Promise<void> {
  let from: string | undefined = '';
  for (let run = 0; from !== undefined && run < MOST_CASES; run += CASES_AT_ONCE) {
    const page: { id: string }[] = await some(from);
    for (const { id } of page) {
      try {
        await work(id);
      } catch (thrown) {
        console.error(`case ${id} was not written to: ${thrown instanceof Error ? thrown.name : ''}`);
      }
    }
    from = page.length < CASES_AT_ONCE ? undefined : page.at(-1)?.id;
  }
}
