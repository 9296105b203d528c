import { randomBytes, randomId } from '../chance.ts';
import { DAY, instant, later } from '../clock.ts';
import type { Env } from '../env.ts';
import { writeDue } from '../execute.ts';
import { signingKey } from '../record/keys.ts';
import { deleteFile } from '../store/files.ts';
import { openCasebookForPortal, openDirectory } from '../store/open.ts';
import { announce } from './mail.ts';

/** What happens without a request: offers lapse, instalments become late, notices leave. Each lender by itself, so that one cannot hold up another. */

const CASES_AT_ONCE = 50;

export async function sweep(env: Env, at: string = instant()): Promise<void> {
  const directory = openDirectory(env);
  const key = await signingKey(env.keys);
  await directory.sweep(at, later(at, -DAY));
  for (const lender of await directory.lenders()) {
    try {
      const casebook = openCasebookForPortal(env, lender);
      for (const { id } of await casebook.overdue(at, CASES_AT_ONCE)) {
        await writeDue({ casebook, lender: lender.slug, caseId: id, at, key, random: randomBytes, requestId: `portal:${randomId()}` });
      }
      for (const file of await casebook.erasedFiles(CASES_AT_ONCE)) {
        await deleteFile(env.files, file.case, file.sha256);
        await casebook.forgetFile(file.case, file.sha256);
      }
      await announce(env, lender, casebook);
    } catch (thrown) {
      console.error(`sweep ${lender.slug}: ${(thrown as Error).name}`);
    }
  }
}
