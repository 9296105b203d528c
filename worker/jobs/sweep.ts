import { randomBytes, randomId } from '../chance.ts';
import { DAY, instant, later } from '../clock.ts';
import type { Env } from '../env.ts';
import { announce } from '../execute/announce.ts';
import { writeDue } from '../execute/due.ts';
import { signingKey } from '../record/keys.ts';
import { dropOldExports } from '../store/exports.ts';
import { emptyStorage } from '../store/files.ts';
import { type Casebook, openBeginnings, openCasebookForPortal, openDirectory } from '../store/open.ts';

/** What happens without a request: offers lapse, instalments become late, notices leave, storage is emptied of what was forgotten. */

const CASES_AT_ONCE = 50;

/** Each lender by itself, so that one cannot hold up another. */
export async function sweep(env: Env, at: string = instant()): Promise<void> {
  const directory = openDirectory(env);
  const key = await signingKey(env.keys, at);
  await directory.sweep(at, later(at, -DAY));
  await openBeginnings(env).sweep(at);
  for (const lender of await directory.lenders()) {
    try {
      const casebook = openCasebookForPortal(env, lender);
      await writeSomeDue(casebook, { lender: lender.slug, at, key, random: randomBytes });
      await emptyStorage(env.files, casebook, at);
      await announce(env, lender);
    } catch (thrown) {
      console.error(`sweep ${lender.slug}: ${thrown instanceof Error ? thrown.name : ''}`);
    }
  }
  await dropOldExports(env.files, at);
}

/** Some of the cases whose deadline has passed. One that cannot be written to is passed by, and holds up no other. */
async function writeSomeDue(
  casebook: Casebook,
  due: Pick<Parameters<typeof writeDue>[0], 'lender' | 'at' | 'key' | 'random'>,
): Promise<void> {
  let written = 0;
  let from: string | undefined = '';
  while (from !== undefined && written < CASES_AT_ONCE) {
    const some = await casebook.overdue(due.at, CASES_AT_ONCE, from);
    for (const { id } of some) if (await writeDue({ ...due, casebook, caseId: id, requestId: `portal:${randomId()}` })) written += 1;
    from = some.length < CASES_AT_ONCE ? undefined : some.at(-1)?.id;
  }
}
