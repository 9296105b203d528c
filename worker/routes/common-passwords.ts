import assets from '../../.heyi/assets.json' with { type: 'json' };
import type { C } from './portal.ts';

let kept: ReadonlySet<string> | null = null;

/** The kept list of common passwords, from the assets: read once by each instance of the worker, and only where a password is chosen. */
export async function commonPasswords(c: C): Promise<ReadonlySet<string>> {
  if (kept) return kept;
  const found = await c.var.env.assets.fetch(`https://assets.local${assets.commonPasswords}`);
  if (!found.ok) throw new Error('The list of common passwords is not among the assets: run the build.');
  kept = new Set((await found.text()).split('\n'));
  return kept;
}
