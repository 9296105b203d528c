import { policy } from '../../db/casebook/schema.ts';
import { DEFAULT_POLICY, type HeldPolicy, Policy } from '../negotiation/policy.ts';
import { policyRow } from './case-statements.ts';
import type { Database } from './connect.ts';
import { parsed } from './entries.ts';
import { ask } from './prepared.ts';
import type { Doubt, Seals } from './seals.ts';

/** A lender's policy as its casebook keeps it, with the portal's seal. */

export type StoredPolicy = typeof policy.$inferSelect;

/** What a stored policy says, and whether it is as the portal wrote it. @param lender slug of the lender, for which it is sealed */
export function policyReader(seals: Seals, lender: string) {
  /** Every lender has a policy from its first day on: one that is gone was taken away. */
  const holds = (stored: StoredPolicy | undefined) => stored !== undefined && heldPolicy(seals, lender, stored) !== null;

  return {
    holds,
    of: (stored: StoredPolicy | undefined): HeldPolicy => (stored && heldPolicy(seals, lender, stored)) ?? DEFAULT_POLICY,
    doubts: (stored: StoredPolicy | undefined): Doubt[] => (holds(stored) ? [] : [{ code: 'policy' }]),
  };
}

/** The policy of one lender, read and written. */
export function policiesIn(db: Database, seals: Seals, lender: string) {
  const { send } = db;
  const { holds } = policyReader(seals, lender);

  function writePolicy(text: string, at: string) {
    const row = { value: text, at, seal: seals.policy(lender, text, at) };
    return db
      .insert(policy)
      .values({ id: 1, ...row })
      .onConflictDoUpdate({ target: policy.id, set: row });
  }

  return {
    /** The policy as it stands, whether it is as the portal wrote it, and whether it says so at all: one that does not may be older than seals. */
    async policy(): Promise<{ value: HeldPolicy; proven: boolean; sealed: boolean }> {
      const [[stored]] = await ask(send, policyRow({}));
      return { value: readPolicy(stored), proven: holds(stored), sealed: typeof stored?.seal === 'string' };
    },

    setPolicy: (value: Policy, at: string) => writePolicy(JSON.stringify(Policy.parse(value)), at),

    /**
     * Takes the policy as it stands for the portal's own: there is nothing to hold it against, so somebody has to have looked at it, or it has to be
     * known to be older than seals. Where there is none, or what is stored is none, the one that stands without is written.
     */
    async takePolicy(at: string): Promise<HeldPolicy> {
      const [[stored]] = await ask(send, policyRow({}));
      const value = readPolicy(stored);
      const isPolicy = stored !== undefined && Policy.safeParse(parsed(stored.value)).success;
      await (isPolicy ? writePolicy(stored.value, stored.at) : writePolicy(JSON.stringify(Policy.parse(value)), at));
      return value;
    },
  };
}

/** The policy of each lender as it was last found to hold: what says the same, letter for letter, holds as well. */
const heldPolicies = new WeakMap<Seals, Map<string, { stored: StoredPolicy; read: HeldPolicy }>>();

/** A policy that is as the portal wrote it, read; else null. */
function heldPolicy(seals: Seals, lender: string, stored: StoredPolicy): HeldPolicy | null {
  const known = heldPolicies.get(seals) ?? new Map<string, { stored: StoredPolicy; read: HeldPolicy }>();
  heldPolicies.set(seals, known);
  const last = known.get(lender);
  if (last && last.stored.value === stored.value && last.stored.at === stored.at && last.stored.seal === stored.seal) return last.read;
  if (!seals.policyHolds(lender, stored)) return null;
  const read = readPolicy(stored);
  known.set(lender, { stored, read });
  return read;
}

/** The policy as stored, or the one that stands where there is none (or where what is stored is none). */
function readPolicy(stored: Pick<StoredPolicy, 'value' | 'id'> | undefined): HeldPolicy {
  const read = stored ? Policy.safeParse(parsed(stored.value)) : null;
  return stored && read?.success ? { ...read.data, version: stored.id } : DEFAULT_POLICY;
}
