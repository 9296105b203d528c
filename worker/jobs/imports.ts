import { loanWhySaid } from '../../web/words/loans.ts';
import { isReached } from '../carriers.ts';
import { randomNumber } from '../chance.ts';
import { SECOND } from '../clock.ts';
import type { Env } from '../env.ts';
import type { Seals } from '../execute/commit.ts';
import { continueImport } from '../execute/imports.ts';
import { may } from '../negotiation/seats.ts';
import { admitColleague } from '../store/admission.ts';
import type { Casebook, Directory, Lender } from '../store/open.ts';

/** So long a run works at the imports of a lender: what is left the next one does, or whoever looks at it. */
const AT_WORK = 20 * SECOND;

/** Goes on with files of loans that somebody of a lender's people has begun to check or to open, as long as they may. One that fails holds up no other. */
export async function continueImports(
  env: Pick<Env, 'files' | 'keys' | 'origin' | 'carriers'>,
  directory: Directory,
  lender: Lender,
  by: Seals & { casebook: Casebook; at: string },
): Promise<void> {
  const begun = await by.casebook.unfinished();
  if (begun.length === 0) return;
  const colleagues = await directory.colleagues(lender.id);
  const until = Date.now() + AT_WORK;
  for (const { id, account } of begun) {
    const colleague = colleagues.get(account);
    if (!colleague || !may(colleague, 'invite', by.at) || Date.now() >= until) continue;
    const { files, keys, origin } = env;
    const importing = {
      ...by,
      files,
      keys,
      origin,
      reachesPhones: isReached(env.carriers, 'phone'),
      directory,
      admission: admitColleague(lender, colleague),
      number: randomNumber,
      say: loanWhySaid,
    };
    await continueImport(importing, id, until).catch((thrown: unknown) => {
      console.error(`import ${id} was not gone on with: ${thrown instanceof Error ? thrown.name : ''}`);
    });
  }
}
