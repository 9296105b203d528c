import { randomBytes } from '../chance.ts';
import { DAY, instant, later } from '../clock.ts';
import { deliverBySchedule } from '../deliver/deliver.ts';
import type { Env } from '../env.ts';
import { announce, type Outbox } from '../execute/announce.ts';
import { answerAutomatically } from '../execute/automatic.ts';
import { tellDeeds } from '../execute/deeds.ts';
import { writeDue } from '../execute/due.ts';
import { writeLapsed } from '../execute/lapse.ts';
import { signingKey } from '../record/keys.ts';
import { dropOldExports } from '../store/exports.ts';
import { emptyStorage } from '../store/files.ts';
import { openBeginnings, openCasebookForPortal, openDirectory } from '../store/open.ts';

/** What happens without a request: offers lapse, instalments become late, notices leave, storage is emptied of what was forgotten. */

/** Cases that are read and written together, and in one run. */
const CASES_AT_ONCE = 100;
const MOST_CASES = 5_000;

/** How long letters stay that have left, and those that could not be delivered. */
const SENT_KEPT = 30 * DAY;
const DEAD_KEPT = 90 * DAY;

/** Each lender by itself, so that one cannot hold up another. */
export async function sweep(env: Outbox & Pick<Env, 'files'>, at: string = instant()): Promise<void> {
  const directory = openDirectory(env);
  const key = await signingKey(env.keys, at);
  await directory.sweep(at, later(at, -DAY));
  await openBeginnings(env).sweep(at);
  for (const lender of await directory.lenders()) {
    try {
      const casebook = openCasebookForPortal(env, lender);
      await writeSomeDue({ casebook, lender: lender.slug, at, key, random: randomBytes });
      await answerSome({ casebook, lender: lender.slug, at, key, random: randomBytes });
      await lapseSome({ casebook, lender: lender.slug, at, key, random: randomBytes });
      await emptyStorage(env.files, casebook, at);
      await announce(env, lender);
      await tellDeeds(env, directory, lender, { key, random: randomBytes });
    } catch (thrown) {
      console.error(`sweep ${lender.slug}: ${thrown instanceof Error ? thrown.name : ''}`);
    }
  }
  await dropOldExports(env.files, at);
  await directory.forgetMail(later(at, -SENT_KEPT), later(at, -DEAD_KEPT));
  // Last, as a slow mail server holds up whoever waits for it.
  await deliverBySchedule(env, at);
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
  await eachOf(
    (from) => by.casebook.unanswered(CASES_AT_ONCE, from),
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
