import { and, asc, eq, getTableColumns, gt, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import {
  accounts,
  acts,
  challenges,
  codes,
  factors,
  invitations,
  lenders,
  passkeys,
  restorations,
  seats,
  secondContacts,
  sessions,
  spareCodes,
  staff,
} from '../../db/directory/schema.ts';
import type { Database } from './connect.ts';
import type { RowFault, Seals } from './seals.ts';

/**
 * Rows of the directory that are relied upon: who somebody is, where a casebook lies, and who may do what. Each carries a seal of the portal's over all
 * that is relied upon in it, so that who has the directory's file in hand makes nobody anything: a row whose seal does not hold is as if it were not
 * there. A row that was the portal's own once, and is put back later, still holds: only what is kept elsewhere could tell.
 */

/**
 * `by` is what a row is named by in a log: no personal content. `of` is what is relied upon. `since` are columns that came later, those of a release together: they
 * count as far as one of them is set, so that what was sealed before there were any is sealed still.
 */
function relied<T extends SQLiteTable>(table: T, by: readonly Column<T>[], of: readonly Column<T>[], ...since: readonly Column<T>[][]) {
  return { table, by, of, since };
}
type Column<T extends SQLiteTable> = keyof T['$inferSelect'] & string;

/** Not a person's language or size of letters; not how often a code was tried, nor the letter that brought it; not which code of an app was the last, nor how often a passkey was used. */
const RELIED = {
  lender: relied(lenders, ['id'], ['id', 'slug', 'name', 'url', 'createdAt'], ['pausedAt', 'endedAt']),
  account: relied(accounts, ['id'], ['id', 'name', 'email', 'phone', 'password', 'createdAt', 'confirmedAt']),
  secondContact: relied(secondContacts, ['account'], ['account', 'contact', 'since']),
  session: relied(sessions, ['id'], ['id', 'account', 'expiresAt', 'createdAt', 'device'], ['factorAt']),
  factor: relied(factors, ['account'], ['account', 'secret', 'since']),
  spareCode: relied(spareCodes, ['id'], ['id', 'account', 'since']),
  passkey: relied(passkeys, ['id'], ['id', 'account', 'publicKey', 'algorithm', 'name', 'since']),
  challenge: relied(challenges, ['session'], ['session', 'purpose', 'challenge', 'expiresAt']),
  code: relied(
    codes,
    ['id'],
    ['id', 'purpose', 'contact', 'about', 'account', 'name', 'password', 'invitation', 'hash', 'createdAt', 'expiresAt', 'usedAt'],
  ),
  staff: relied(staff, ['account', 'lender'], ['account', 'lender', 'capacity', 'since'], ['team'], ['via']),
  act: relied(acts, ['id'], ['id', 'lender', 'at', 'actor', 'act']),
  seat: relied(seats, ['account', 'case'], ['account', 'case', 'lender', 'capacity', 'scope', 'contact', 'since', 'until']),
  invitation: relied(
    invitations,
    ['id'],
    ['id', 'lender', 'case', 'contact', 'capacity', 'createdAt', 'expiresAt', 'usedAt', 'usedBy'],
    ['via'],
  ),
  restoration: relied(restorations, ['lender'], ['lender', 'reason', 'at', 'after']),
};

type Kind = keyof typeof RELIED;
type Row<K extends Kind> = (typeof RELIED)[K]['table']['$inferSelect'];
type New<K extends Kind> = Omit<(typeof RELIED)[K]['table']['$inferInsert'], 'seal'>;
/** A row of any kind. */
type Any = Readonly<Record<string, unknown>>;

export type RowSeals = ReturnType<typeof rowSeals>;

/** The seals of rows of the directory, by those of a ring. */
export function rowSeals(seals: Seals) {
  /** Rows that cannot change, and were found to be the portal's own, with what they are rows of. */
  const proven = new WeakMap<object, Kind>();

  return {
    /** A row as it is written, with its seal. */
    sealed: <K extends Kind, R extends New<K>>(kind: K, row: R): R & { seal: string } => ({ ...row, seal: seals.text(textOf(kind, row)) }),

    /** The row where it is the portal's own, else null. One that is not is named in the log. */
    held<K extends Kind, R extends Row<K>>(kind: K, row: R | undefined): R | null {
      if (row && proven.get(row) === kind) return row;
      const fault = row ? faultOf(seals, kind, row) : null;
      if (row && !fault && Object.isFrozen(row)) proven.set(row, kind);
      if (row && fault) console.error(`directory: ${kind} ${nameOf(kind, row)} is not as the portal wrote it: ${fault}`);
      return fault ? null : (row ?? null);
    },
  };
}

/** A row that does not hold, and why. `lender` is the id of the lender whose row it is, where it is one's. */
export type Unheld = { kind: Kind; name: string; fault: RowFault; lender: string | null };

/** For the operator: every row that does not hold. */
export async function unheldRows(db: Database, seals: Seals): Promise<Unheld[]> {
  const found: Unheld[] = [];
  for (const kind of KINDS) for await (const { unheld } of unheldOf(db, seals, kind)) found.push(unheld);
  return found;
}

/**
 * For the operator: takes rows that do not hold for one of `faults` as they stand, and seals them anew. Sessions, codes and second factors that a revoked
 * key sealed go instead: nobody can look at one and say whose it is, who has the key may know what is in it, and people sign in and set up anew.
 */
export async function takeRows(db: Database, seals: Seals, faults: readonly RowFault[]): Promise<Unheld[]> {
  const taken: Unheld[] = [];
  for (const kind of KINDS) {
    const { table } = RELIED[kind];
    for await (const { unheld, row, only } of unheldOf(db, seals, kind)) {
      if (!faults.includes(unheld.fault)) continue;
      if (unheld.fault === 'seal.revoked' && ENDS.has(kind)) await db.delete<SQLiteTable>(table).where(only);
      else
        await db
          .update<SQLiteTable>(table)
          .set({ seal: seals.text(textOf(kind, row)) })
          .where(only);
      taken.push(unheld);
    }
  }
  return taken;
}

const KINDS = Object.keys(RELIED) as Kind[];
const ENDS: ReadonlySet<Kind> = new Set(['session', 'code', 'factor', 'spareCode', 'passkey', 'challenge']);
const AT_ONCE = 500;

/** The rows of a kind that do not hold. `only` is that row as long as its seal is the one that was read. */
async function* unheldOf(db: Database, seals: Seals, kind: Kind) {
  const { table }: { table: SQLiteTable } = RELIED[kind];
  const columns = getTableColumns(table);
  const rowid = sql<number>`rowid`;
  for (let from = 0; ; ) {
    const page: readonly (Any & { rowid: number })[] = await db
      .select({ ...columns, rowid })
      .from(table)
      .where(gt(rowid, from))
      .orderBy(asc(rowid))
      .limit(AT_ONCE);
    for (const row of page) {
      const fault = faultOf(seals, kind, row);
      if (!fault) continue;
      const only = and(eq(rowid, row.rowid), sql`seal IS ${row.seal}`);
      yield { row, only, unheld: { kind, name: nameOf(kind, row), fault, lender: lenderOf(kind, row) } };
    }
    const last = page.at(-1);
    if (!last || page.length < AT_ONCE) return;
    from = last.rowid;
  }
}

function faultOf(seals: Seals, kind: Kind, row: Any): RowFault | null {
  try {
    return seals.textFault(textOf(kind, row), row.seal);
  } catch {
    // What was changed from outside may be of any type, and of some no text is made.
    return 'seal.broken';
  }
}

/** The kind and what is relied upon, in the order above. What is left out of a new row reads as it will in the database. */
function textOf(kind: Kind, row: Any): string {
  const { of, since } = RELIED[kind];
  const later: readonly (readonly string[])[] = since;
  const last = later.findLastIndex((names) => names.some((name) => (row[name] ?? null) !== null));
  const names = [...of, ...later.slice(0, last + 1).flat()];
  return JSON.stringify([kind, ...names.map((name) => row[name] ?? null)]);
}

const nameOf = (kind: Kind, row: Any): string => RELIED[kind].by.map((name) => plain(row[name])).join(' ');

function lenderOf(kind: Kind, row: Any): string | null {
  const of = kind === 'lender' ? row.id : row.lender;
  return typeof of === 'string' ? of : null;
}

/** An id as a log can hold it, whatever stands there. */
const plain = (id: unknown): string =>
  String(id)
    .slice(0, 64)
    .replace(/[^\w-]/g, '?');
