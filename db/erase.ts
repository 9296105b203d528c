/**
 * `npm run erase -- LENDER CASE --entries 3,4 --files SHA256 --reason "…"` erases contents and files of a case; `--all` the whole of a case that is
 * over and whose retention has passed, with what each side kept to itself. `--side borrower` (or `lender`) takes the numbers as those of that side's
 * private notes. CASE is its number or id. The digests stay, the chain verifies, and the erasure is itself an entry.
 * The signing keys are those of the data folder, or of SIGNING_KEYS. Files leave storage with the next run of the schedule.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { refusalText, wordsOf } from '../web/words/index.ts';
import { randomBytes, randomId } from '../worker/chance.ts';
import { eraseContents } from '../worker/execute/erase.ts';
import { signingKey } from '../worker/record/keys.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertCurrent } from './current.ts';
import { dataFolder, installation } from './installation.ts';
import { tidy } from './tidy.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    entries: { type: 'string' },
    files: { type: 'string' },
    reason: { type: 'string' },
    all: { type: 'boolean' },
    side: { type: 'string' },
  },
});
const [slug = '', name = ''] = positionals;
const { env, server, close } = await installation();
try {
  await assertCurrent(env);
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  if (!values.reason?.trim()) throw new Error('Say why: --reason "…".');
  const side = (['borrower', 'lender'] as const).find((one) => one === values.side);
  if (values.side !== undefined && (!side || values.all || values.files))
    throw new Error('--side is borrower or lender, with --entries alone.');
  const casebook = openCasebookForPortal(env, lender);
  const [found] = /^HY-/.test(name) ? await casebook.numbered(name) : [{ id: name }];
  if (!found) throw new Error(`There is no case ${name}.`);
  const list = (text: string | undefined) => (text ?? '').split(',').filter(Boolean);
  const outcome = await eraseContents(
    {
      casebook,
      lender: lender.slug,
      caseId: found.id,
      at: new Date().toISOString(),
      key: await signingKey(env.keys),
      random: randomBytes,
      requestId: `operator:${randomId()}`,
    },
    {
      entries: list(values.entries).map(Number),
      files: list(values.files),
      reason: values.reason.trim(),
      whole: values.all ?? false,
      ...(side ? { side } : {}),
    },
  );
  if (!outcome.ok) throw new Error(refusalText(wordsOf('en'), outcome.refusal));
  const own = outcome.own?.map(({ seq }) => seq).join(', ');
  console.log(side ? `Erased. Entry ${own} of the private record says so.` : `Erased. Entry ${outcome.seq} of the record says so.`);
} catch (thrown) {
  console.error((thrown as Error).message);
  process.exitCode = 1;
} finally {
  await close();
  if (server) tidy(join(dataFolder(), 'databases'), true);
}
