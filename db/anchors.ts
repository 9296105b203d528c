/**
 * `npm run anchors [-- LENDER]`: where each lender's list of anchors stands, and which records are not as they were anchored. `-- restored LENDER --reason "…"`, while no
 * portal runs on this data folder: takes these as they are now, as they were set back on purpose. Whoever follows the list reads that and why. Exit 0 where all is as it
 * was anchored, 1 where something is not, 2 where it could not be done.
 */
import { parseArgs } from 'node:util';
import { instant } from '../worker/clock.ts';
import { anchorRestored } from '../worker/execute/anchor.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertThere } from './current.ts';
import { dataFolder, installation } from './installation.ts';
import { isLocked } from './lock.ts';
import { openStorage } from './storage.ts';

const REASON = 500;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { reason: { type: 'string' } } });
  const isRestored = positionals[0] === 'restored';
  const slug = positionals[isRestored ? 1 : 0];
  assertThere();
  const { env, server, close } = await installation();
  try {
    const directory = openDirectory(env);
    const lenders = (await directory.lenders()).filter((one) => slug === undefined || one.slug === slug);
    if (slug !== undefined && lenders.length === 0) throw new Error(`There is no lender ${slug}.`);
    if (isRestored) {
      const reason = values.reason?.trim() ?? '';
      if (slug === undefined || reason === '' || reason.length > REASON)
        throw new Error(
          `Say of whom and why: npm run anchors -- restored LENDER --reason "…", ${REASON} characters at most. Everybody can read it.`,
        );
      if (!server) throw new Error('DIRECTORY_URL is set: the list lies in storage that is not reached from here.');
      if (isLocked(dataFolder())) throw new Error('A portal runs on this folder: stop it first.');
      const storage = await openStorage(dataFolder());
      try {
        for (const lender of lenders)
          for (const name of await anchorRestored({ ...env, files: storage.files }, lender, reason, instant()))
            console.log(`${lender.slug}  ${name}  is taken as it stands`);
      } finally {
        await storage.close();
      }
    }
    let strays = 0;
    for (const lender of lenders) {
      const last = await directory.lastAnchor(lender.id);
      console.log(`${lender.slug}  ${last ? `anchor ${last.n} of ${last.at}, ${last.size} leaves, ${last.root}` : 'no anchors yet'}`);
      for (const one of await openCasebookForPortal(env, lender).anchored.strayed()) {
        strays += 1;
        console.log(`${lender.slug}  ${one.case}  entry ${one.seq} was anchored and is not there, or is another one`);
      }
    }
    return strays > 0 ? 1 : 0;
  } finally {
    await close();
  }
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error((thrown as Error).message);
  process.exitCode = 2;
}
