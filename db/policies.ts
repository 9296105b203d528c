import { policyVersions } from '../worker/negotiation/lender/institution.ts';
import { policyDigest } from '../worker/negotiation/lender/policies.ts';
import { Policy } from '../worker/negotiation/policy.ts';
import type { Casebook } from '../worker/store/open.ts';
import { rowsOf } from '../worker/store/policies.ts';

/** The rows of a lender's policy, held against the lender's own stream. */

/** Versions of the policy of which the row is not as the portal wrote it, is not there, or says something else than the lender's own stream. */
export async function wrongVersions(casebook: Casebook): Promise<number[]> {
  const rows = await casebook.policyVersions();
  const own = await casebook.institution.record();
  const told = own ? rowsOf(policyVersions(own.record.entries)) : [];
  const stored = new Map(rows.map(({ row, held }) => [row.id, { row, held }]));
  const differs = told.filter(({ id, value, holdsFrom, holdsUntil }) => {
    const found = stored.get(id)?.row;
    // What the first version said before its row was read by later schemas is the same text or reads the same.
    const same = found && readsAs(found.value) === readsAs(value);
    return !same || found.holdsFrom !== holdsFrom || found.holdsUntil !== holdsUntil;
  });
  const broken = rows.flatMap(({ row, held }) => (held ? [] : [row.id]));
  return [...new Set([...differs.map(({ id }) => id), ...broken])].sort((a, b) => a - b);
}

function readsAs(value: string): string {
  try {
    return policyDigest(Policy.parse(JSON.parse(value)));
  } catch {
    return '';
  }
}
