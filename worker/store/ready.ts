import { sql } from 'drizzle-orm';
import type { Env } from '../env.ts';
import { EXPORTS } from './files.ts';
import { directoryAt } from './open.ts';

/** How long a part may take to answer before it counts as away, in milliseconds. */
const PATIENCE = 3_000;

/** Whether what the portal stands on answers. */
export async function isReady({ directory, files }: Pick<Env, 'directory' | 'files'>): Promise<{ directory: boolean; storage: boolean }> {
  const [database, storage] = await Promise.all([
    answers(() => directoryAt({ directory }).run(sql`SELECT id FROM lenders LIMIT 1`)),
    // Nothing lies there: that it is said to be so is the answer.
    answers(() => files.head(`${EXPORTS}ready`)),
  ]);
  return { directory: database, storage };
}

async function answers(ask: () => PromiseLike<unknown>): Promise<boolean> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const wait = new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), PATIENCE);
  });
  const asked = Promise.resolve(ask()).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([asked, wait]);
  clearTimeout(late);
  return answered;
}
