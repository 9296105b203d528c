import { Buffer } from 'node:buffer';
import { eq } from 'drizzle-orm';
import { logos, type policy } from '../../db/casebook/schema.ts';
import { instant } from '../clock.ts';
import { fileDigest } from '../file-digest.ts';
import type { WholeVersion } from '../negotiation/lender/institution.ts';
import { type PolicyVersion, policyDigest } from '../negotiation/lender/policies.ts';
import { DEFAULT_POLICY, type HeldPolicy, type Logo, Policy } from '../negotiation/policy.ts';
import { allPolicyRows, policyRows, putPolicy } from './case-statements.ts';
import type { Database } from './connect.ts';
import { parsed } from './entries.ts';
import { ask } from './prepared.ts';
import type { Doubt, Seals } from './seals.ts';

/** A lender's policy as its casebook keeps it: a row a version, each with the portal's seal. */

export type StoredPolicy = typeof policy.$inferSelect;

/** What the rows say that hold at an instant, and whether they are as the portal wrote them. @param lender slug of the lender, for which they are sealed */
export function policyReader(seals: Seals, lender: string) {
  /** Every lender has a policy from its first day on, and one at a time: one that is gone was taken away, and one too many was put there. */
  const held = ([stored, ...others]: readonly StoredPolicy[]): HeldPolicy | null =>
    stored && others.length === 0 ? heldPolicy(seals, lender, stored) : null;

  return {
    held,
    of: (stored: readonly StoredPolicy[]): HeldPolicy => held(stored) ?? DEFAULT_POLICY,
    doubts: (stored: readonly StoredPolicy[]): Doubt[] => (held(stored) ? [] : [{ code: 'policy' }]),
  };
}

/** The policy of one lender, read and written. */
export function policiesIn(db: Database, seals: Seals, lender: string) {
  const { send } = db;
  const { held } = policyReader(seals, lender);

  const first = (value: string, at: string) => putSealed(seals, lender, { id: 1, value, at, holdsFrom: null, holdsUntil: null });

  return {
    /**
     * The policy as it stands, whether it is as the portal wrote it, and whether it says so at all: one that does not may be older than seals.
     * @param at the instant at which it holds
     */
    async policy(at: string = instant()): Promise<{ value: HeldPolicy; proven: boolean; sealed: boolean }> {
      const [stored] = await ask(send, policyRows({ at }));
      return {
        value: readPolicy(stored.at(-1)),
        proven: held(stored) !== null,
        sealed: stored.every((row) => typeof row.seal === 'string'),
      };
    },

    /** A picture that was proposed as a logo; null where there is none, or what is stored has another digest. */
    async logo(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
      const [row] = await db.select().from(logos).where(eq(logos.sha256, sha256));
      const bytes = Uint8Array.from(Buffer.from(row?.data ?? '', 'base64'));
      return row && fileDigest(bytes) === sha256 ? bytes : null;
    },

    /** One that is there already stays. */
    keepLogo: ({ sha256 }: Logo, bytes: Uint8Array, at: string) =>
      db
        .insert(logos)
        .values({ sha256, data: Buffer.from(bytes).toString('base64'), at })
        .onConflictDoNothing(),

    /** All versions, the oldest first; null in place of one that is not as the portal wrote it. */
    async policyVersions(): Promise<{ row: StoredPolicy; held: HeldPolicy | null }[]> {
      const [rows] = await ask(send, allPolicyRows({}));
      return rows.map((row) => ({ row, held: held([row]) }));
    },

    /** Which policy held at an instant, for what is worked out of the past. */
    async policiesAt(): Promise<(at: string) => HeldPolicy> {
      const [rows] = await ask(send, allPolicyRows({}));
      return (at) => {
        const holds = rows.filter(
          ({ holdsFrom, holdsUntil }) => (holdsFrom === null || holdsFrom <= at) && (holdsUntil === null || holdsUntil > at),
        );
        return held(holds) ?? DEFAULT_POLICY;
      };
    },

    /** The first version, which holds until another does: for a lender that is made. */
    setPolicy: (value: Policy, at: string) => ask(send, first(JSON.stringify(Policy.parse(value)), at)),

    /**
     * Takes the policy as it stands for the portal's own: there is nothing to hold it against, so somebody has to have looked at it, or it has to be
     * known to be older than seals. Where there is none, or what is stored is none, the one that stands without is written.
     */
    async takePolicy(at: string): Promise<HeldPolicy> {
      const [rows] = await ask(send, policyRows({ at }));
      const stored = rows.at(-1);
      const value = readPolicy(stored);
      const isPolicy = stored !== undefined && Policy.safeParse(parsed(stored.value)).success;
      await ask(send, isPolicy ? putSealed(seals, lender, stored) : first(JSON.stringify(Policy.parse(value)), at));
      return value;
    },

    /** Writes every version anew as the lender's own stream has them, for rows that are known to be wrong. */
    async restorePolicies(versions: readonly WholeVersion[]): Promise<void> {
      await ask(send, ...rowsOf(versions).map((row) => putSealed(seals, lender, row)));
    },
  };
}

/** The rows that versions come to, in their order: each holds from its instant on, until the first of those after it does. */
export function rowsOf(versions: readonly WholeVersion[]): Omit<StoredPolicy, 'seal'>[] {
  const ends = endsOf(versions);
  return versions.map(({ version, from, at, policy: value }, i) => {
    return { id: version, value: JSON.stringify(Policy.parse(value)), at, holdsFrom: from, holdsUntil: ends[i] ?? null };
  });
}

/** Until when each of some versions holds: until the first of those after it does. */
function endsOf(versions: readonly Pick<WholeVersion, 'from'>[]): (string | null)[] {
  return versions.map((_, i) => {
    const later = versions.slice(i + 1).flatMap(({ from }) => from ?? []);
    return later.length > 0 ? later.reduce((a, b) => (a < b ? a : b)) : null;
  });
}

/**
 * The newest version, where every row of those that hold at an instant or may later is as the portal wrote it and the lender's own stream has it; else null.
 * While the stream has none, there is the first alone.
 */
export function newestOf(
  rows: readonly StoredPolicy[],
  held: readonly (HeldPolicy | null)[],
  known: readonly PolicyVersion[],
  now: string,
): HeldPolicy | null {
  const ends = endsOf(known);
  const told = known.flatMap((one, i) => {
    const until = ends[i] ?? null;
    return until === null || until > now ? [[one.version, one.from, until, one.digest]] : [];
  });
  const found = rows.map(({ id, holdsFrom, holdsUntil }, i) => {
    const policy = held[i];
    return [id, holdsFrom, holdsUntil, policy ? policyDigest(policy) : null];
  });
  const same = known.length === 0 ? rows.length === 1 && rows[0]?.id === 1 : JSON.stringify(found) === JSON.stringify(told);
  return same ? (held.at(-1) ?? null) : null;
}

/** What is to be run to add a version: it takes the place of whatever would hold from its instant on. @param rows those that hold at that instant or may later */
export function addingPolicy(
  seals: Seals,
  lender: string,
  rows: readonly StoredPolicy[],
  { version, from, at, policy: value }: WholeVersion,
) {
  const ended = rows.flatMap((row) => {
    const ends = from !== null && (row.holdsUntil === null || row.holdsUntil > from);
    return ends ? [putSealed(seals, lender, { ...row, holdsUntil: from })] : [];
  });
  const row = { id: version, value: JSON.stringify(Policy.parse(value)), at, holdsFrom: from, holdsUntil: null };
  return [...ended, putSealed(seals, lender, row)];
}

const putSealed = (seals: Seals, lender: string, row: Omit<StoredPolicy, 'seal'>) => {
  const { id, value, at, holdsFrom, holdsUntil } = row;
  const plain = { id, value, at, holdsFrom, holdsUntil };
  return putPolicy({ ...plain, seal: seals.policy(lender, plain) });
};

/** The versions of each lender that were last found to hold: what says the same, letter for letter, holds as well. */
const heldPolicies = new WeakMap<Seals, Map<string, { stored: StoredPolicy; read: HeldPolicy }>>();

/** A version that is as the portal wrote it, read; else null. */
export function heldPolicy(seals: Seals, lender: string, stored: StoredPolicy): HeldPolicy | null {
  const known = heldPolicies.get(seals) ?? new Map<string, { stored: StoredPolicy; read: HeldPolicy }>();
  heldPolicies.set(seals, known);
  const last = known.get(lender);
  if (last && SAME.every((name) => last.stored[name] === stored[name])) return last.read;
  if (!seals.policyHolds(lender, stored)) return null;
  const read = readPolicy(stored);
  known.set(lender, { stored, read });
  return read;
}

const SAME = ['id', 'value', 'at', 'holdsFrom', 'holdsUntil', 'seal'] as const;

/** The policy as stored, or the one that stands where there is none (or where what is stored is none). */
function readPolicy(stored: Pick<StoredPolicy, 'value' | 'id'> | undefined): HeldPolicy {
  const read = stored ? Policy.safeParse(parsed(stored.value)) : null;
  return stored && read?.success ? { ...read.data, version: stored.id } : DEFAULT_POLICY;
}
