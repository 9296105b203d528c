/**
 * `npm run anchors [-- LENDER]`: where each lender's list of anchors stands, and which records are not as they were anchored. `-- restored LENDER --reason "…"` takes these as
 * they are now, as they were set back on purpose: whoever follows the list reads that and why, and so does everybody in the cases that it concerns. It is done at once where no portal runs on this
 * data folder. Where one does, or where DIRECTORY_URL names an installation whose storage is out of reach from here, it is ordered, and the schedule carries it out with its next run.
 * Exit 0 where all is as it was anchored, 1 where something is not, 2 where it could not be done.
 */
import { parseArgs } from 'node:util';
import { randomBytes } from '../worker/chance.ts';
import { instant } from '../worker/clock.ts';
import { anchorRestored } from '../worker/execute/anchor.ts';
import { sayRestored } from '../worker/execute/restored.ts';
import { RESTORED_REASON } from '../worker/negotiation/custody.ts';
import { signingKey } from '../worker/record/keys.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { assertThere } from './current.ts';
import { dataFolder, type Installation, installation } from './installation.ts';
import { isLocked } from './lock.ts';
import { openStorage } from './storage.ts';

/** Takes the records of a lender as they stand, and has each of them say so. */
async function takeHere(env: Installation, lender: Lender, reason: string): Promise<void> {
  const storage = await openStorage(dataFolder());
  try {
    const here = { ...env, files: storage.files };
    const at = instant();
    for (const name of await anchorRestored(here, lender, reason, at)) console.log(`${lender.slug}  ${name}  is taken as it stands`);
    await sayRestored(here, lender, { at, key: await signingKey(env.keys, at), random: randomBytes });
  } finally {
    await storage.close();
  }
}

/** Tells the portal to do it, by a sealed row in the directory. */
async function order(env: Installation, lender: Lender, reason: string): Promise<void> {
  const directory = openDirectory(env);
  const after = (await directory.lastAnchor(lender.id))?.n ?? 0;
  await directory.orderRestoration({ lender: lender.id, reason, at: instant(), after });
}

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
      const [lender] = lenders;
      if (slug === undefined || !lender || reason === '' || reason.length > RESTORED_REASON || !reason.isWellFormed())
        throw new Error(
          `Say of whom and why: npm run anchors -- restored LENDER --reason "…", ${RESTORED_REASON} characters at most. Everybody can read it.`,
        );
      if (env.keys.length === 0) throw new Error('The signing keys are needed to seal what the portal is told: set SIGNING_KEYS.');
      if (!server || isLocked(dataFolder())) {
        await order(env, lender, reason);
        console.log(
          `${lender.slug}  ordered: the portal does it with the next run of its schedule, within minutes. Then npm run anchors tells how it stands.`,
        );
      } else await takeHere(env, lender, reason);
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
