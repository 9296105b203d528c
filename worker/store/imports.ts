import { and, asc, desc, eq, gt, inArray, or, sql } from 'drizzle-orm';
import { cases, imported, importProblems, imports, mappings } from '../../db/casebook/schema.ts';
import { instant, later, SECOND } from '../clock.ts';
import type { LoanColumn } from '../negotiation/loans.ts';
import { plainContract, storedContract } from '../negotiation/table.ts';
import { digestOf } from '../record/digest.ts';
import { leaves } from './case-statements.ts';
import type { Database } from './connect.ts';
import { isFree } from './lease.ts';
import { ask } from './prepared.ts';

/** Files of loans on their way to becoming cases: how far each is, what is wrong with its rows, and how a lender's books name their columns. The rows themselves are in storage. */

export type Import = typeof imports.$inferSelect;
/** What is wrong with a row, in the words of each language. */
export type Wrong = { row: number; column: LoanColumn | null; said: Readonly<Record<string, string>> };
/** What a piece came to, in rows. */
export type Piece = { created: number; unchanged: number; refused: number; texts: number; mails: number; wrong: readonly Wrong[] };

/** While a piece is worked at, nobody else takes it: longer than one takes, and short enough to go on soon after a crash. */
const LEASE = 30 * SECOND;
const LISTED = 20;
export const PROBLEMS_A_PAGE = 100;

const AT_WORK = ['checking', 'running'] as const;
export const isAtWork = ({ state }: Pick<Import, 'state'>): boolean => AT_WORK.some((one) => one === state);

/** The id of the case that is opened of a contract of a lender's books: whoever comes second, from another run at the same time, finds it open. */
export const importedId = (lender: { id: string }, contract: string): string => idBy(lender, plainContract(contract));

/** The same where it was opened before its number was read as it is now. */
export const formerId = (lender: { id: string }, contract: string): string => idBy(lender, storedContract(contract));

const idBy = ({ id }: { id: string }, plain: string) => digestOf(`import:${id}:${plain}`).slice(0, 32);

/** The id of the case that goes on in the place of one whose borrower's place was taken wrongly: there is one, however often it is opened. */
export const anewId = (caseId: string): string => digestOf(`anew:${caseId}`).slice(0, 32);

/** How often a contract can be joined anew by what is known of it. From then on somebody is to be invited: too many know it. */
const MOST_ANEW = 5;

export function importsIn(db: Database) {
  const one = (id: string) => eq(imports.id, id);

  return {
    /** A file that was read. Its rows leave storage at `until`, written before any of them is put there. */
    async addImport(
      row: Pick<Import, 'id' | 'account' | 'name' | 'file' | 'at' | 'rows' | 'pieces'>,
      path: string,
      until: string,
    ): Promise<void> {
      await ask(db.send, leaves({ path, at: until }));
      await db.insert(imports).values(row);
    },

    async import(id: string): Promise<Import | null> {
      const [found] = await db.select().from(imports).where(one(id));
      return found ?? null;
    },

    /** The newest, each with what it came to. */
    imports: () => db.select().from(imports).orderBy(desc(imports.at), desc(imports.id)).limit(LISTED),

    /** Those that were begun and are not through, the newest first, as they are listed. */
    unfinished: () =>
      db
        .select({ id: imports.id, account: imports.account })
        .from(imports)
        .where(inArray(imports.state, [...AT_WORK]))
        .orderBy(desc(imports.at), desc(imports.id))
        .limit(LISTED),

    /** Which column of a file is which, as a line of names was understood the last time; null where it comes for the first time. */
    async remembered(head: string): Promise<string | null> {
      const [found] = await db.select().from(mappings).where(eq(mappings.head, head));
      return found?.columns ?? null;
    },

    /** Has a file checked by a mapping, and remembers that for the next of its kind. False where it is past that. */
    async check(id: string, { head, columns, at }: { head: string; columns: string; at: string }): Promise<boolean> {
      const [begun] = await db.batch([
        db
          .update(imports)
          .set({ ...ANEW, state: 'checking', columns, begunAt: at })
          .where(and(one(id), inArray(imports.state, ['mapping', 'checked'])))
          .returning({ id: imports.id }),
        db.delete(importProblems).where(eq(importProblems.import, id)),
        db.insert(mappings).values({ head, columns, at }).onConflictDoUpdate({ target: mappings.head, set: { columns, at } }),
      ]);
      return begun.length > 0;
    },

    /** Back to saying which column is which. */
    remap: (id: string) =>
      db
        .update(imports)
        .set({ state: 'mapping' })
        .where(and(one(id), eq(imports.state, 'checked'))),

    /** Has what was checked opened. False where it was not checked, or is running already. */
    async run(id: string, at: string, inviting: Pick<Import, 'invites' | 'language'>): Promise<boolean> {
      const [begun] = await db.batch([
        db
          .update(imports)
          .set({ ...ANEW, ...inviting, state: 'running', begunAt: at })
          .where(and(one(id), eq(imports.state, 'checked')))
          .returning({ id: imports.id }),
        db
          .delete(importProblems)
          .where(
            and(eq(importProblems.import, id), sql`EXISTS (SELECT 1 FROM imports WHERE id = ${id} AND state = 'running' AND done = 0)`),
          ),
      ]);
      return begun.length > 0;
    },

    /** Lets go of a file: nothing more is done with it, and what was done stays. */
    async dropImport(id: string, path: string, at: string): Promise<void> {
      await db
        .update(imports)
        .set({ state: 'dropped', endedAt: at })
        .where(and(one(id), inArray(imports.state, ['mapping', 'checking', 'checked', 'running'])));
      await ask(db.send, leaves({ path, at }));
    },

    /** The import, for whoever does its next piece: theirs alone for a while. Null where there is nothing to do, or somebody is at it. */
    async takePiece(id: string): Promise<Import | null> {
      const now = instant();
      const until = later(now, LEASE);
      const [taken] = await db
        .update(imports)
        .set({ heldUntil: until })
        .where(and(one(id), inArray(imports.state, [...AT_WORK]), isFree(imports.heldUntil, now, until)))
        .returning();
      return taken ?? null;
    },

    /** A piece was not done: whoever comes next tries again. */
    givePiece: ({ id, heldUntil }: Import) =>
      db
        .update(imports)
        .set({ heldUntil: null })
        .where(and(one(id), eq(imports.heldUntil, heldUntil ?? ''))),

    /** A piece is done, where nobody else has done it meanwhile: all of it is noted, or nothing. At the end of a run the rows leave storage. */
    async pieceDone({ id, state, done, pieces }: Import, piece: Piece, path: string): Promise<void> {
      const at = instant();
      const mine = sql`EXISTS (SELECT 1 FROM imports WHERE id = ${id} AND state = ${state} AND done = ${done})`;
      const isLast = done + 1 >= pieces;
      const wrong = JSON.stringify(piece.wrong.map(({ row, column, said }, n) => ({ row, column, n, said: JSON.stringify(said) })));
      await db.batch([
        db.delete(importProblems).where(and(eq(importProblems.import, id), eq(importProblems.piece, done), mine)),
        db.run(sql`INSERT INTO import_problems (import, piece, n, "row", "column", said)
          SELECT ${id}, ${done}, value ->> 'n', value ->> 'row', value ->> 'column', value ->> 'said' FROM json_each(${wrong}) WHERE ${mine}`),
        ...(isLast && state === 'running'
          ? [
              db.run(
                sql`INSERT INTO leaving (path, at) SELECT ${path}, ${at} WHERE ${mine} ON CONFLICT (path) DO UPDATE SET at = excluded.at`,
              ),
            ]
          : []),
        db
          .update(imports)
          .set({
            done: done + 1,
            created: sql`${imports.created} + ${piece.created}`,
            unchanged: sql`${imports.unchanged} + ${piece.unchanged}`,
            refused: sql`${imports.refused} + ${piece.refused}`,
            texts: sql`${imports.texts} + ${piece.texts}`,
            mails: sql`${imports.mails} + ${piece.mails}`,
            heldUntil: null,
            ...(isLast ? (state === 'running' ? { state: 'done' as const, endedAt: at } : { state: 'checked' as const }) : {}),
          })
          .where(and(one(id), eq(imports.state, state), eq(imports.done, done))),
      ]);
    },

    /** The rows of a file are gone: it was left for longer than they are kept. */
    lapse: (id: string, at: string) =>
      db
        .update(imports)
        .set({ state: 'lapsed', endedAt: at, heldUntil: null })
        .where(and(one(id), inArray(imports.state, ['mapping', 'checking', 'checked', 'running']))),

    /**
     * By what the borrower of a contract may join that came of a file, in which case of it, and who has; null where there is none, or nothing was given to join it by. It takes the
     * same. `out` are those who were put out of earlier cases of it, which are closed. @param caseId the first one, whose name is in `claim`
     */
    async claimOn(caseId: string): Promise<{ case: string; claim: string; borrower: unknown; out: unknown[] } | null> {
      const ids = Array.from({ length: MOST_ANEW }).reduce<string[]>((all) => [...all, anewId(all.at(-1) ?? '')], [caseId]);
      const rows = await db
        .select({
          case: imported.case,
          claim: imported.claim,
          borrower: sql<unknown>`CASE WHEN json_valid(${cases.state}) THEN json_extract(${cases.state}, '$.borrowerAccount') ELSE '' END`,
        })
        .from(imported)
        .innerJoin(cases, eq(cases.id, imported.case))
        .where(inArray(imported.case, ids));
      const [last, ...before] = rows.sort((a, b) => ids.indexOf(b.case) - ids.indexOf(a.case));
      return last?.claim ? { ...last, claim: last.claim, out: before.map(({ borrower }) => borrower) } : null;
    },

    /** How a case came by a file, for the one that goes on in its place; null where it came otherwise. */
    async importedAs(caseId: string): Promise<{ import: string | null; claim: string | null } | null> {
      const [found] = await db.select({ import: imported.import, claim: imported.claim }).from(imported).where(eq(imported.case, caseId));
      return found ?? null;
    },

    /** Cases that an import opened and that nobody has joined, in the order of their ids, after one. */
    unjoined: (id: string, after: string, most: number) =>
      db
        .select({ id: cases.id, number: cases.number, borrower: cases.borrower, reference: cases.reference })
        .from(imported)
        .innerJoin(cases, eq(cases.id, imported.case))
        .where(
          and(
            eq(imported.import, id),
            gt(imported.case, after),
            sql`CASE WHEN json_valid(${cases.state}) THEN json_extract(${cases.state}, '$.borrowerName') END IS NULL`,
          ),
        )
        .orderBy(asc(imported.case))
        .limit(most),

    /** What is wrong with its rows, page by page in their order, after one of them. */
    problemsOf: (id: string, after: { piece: number; n: number }, most: number) =>
      db
        .select()
        .from(importProblems)
        .where(
          and(
            eq(importProblems.import, id),
            or(gt(importProblems.piece, after.piece), and(eq(importProblems.piece, after.piece), gt(importProblems.n, after.n))),
          ),
        )
        .orderBy(asc(importProblems.piece), asc(importProblems.n))
        .limit(most),

    /** How many cases an import opened. */
    openedOf: (id: string) => db.$count(imported, eq(imported.import, id)),

    /** Of some cases those that an import opened, whoever it was that did its piece. */
    async openedBy(id: string, cases: readonly string[]): Promise<Set<string>> {
      const rows = await db
        .select({ case: imported.case })
        .from(imported)
        .where(and(eq(imported.import, id), sql`${imported.case} IN (SELECT value FROM json_each(${JSON.stringify(cases)}))`));
      return new Set(rows.map((row) => row.case));
    },
  };
}

/** Of an import that begins anew, what it came to before. */
const ANEW = { done: 0, created: 0, unchanged: 0, refused: 0, texts: 0, mails: 0, heldUntil: null, endedAt: null } as const;
