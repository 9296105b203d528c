import { Hono } from 'hono';
import { ImportPage, type ImportProps, WaitingPage } from '../../web/pages/import.tsx';
import { LoansPage } from '../../web/pages/loans.tsx';
import { BLANK, type Filled, filled } from '../../web/parts/view.ts';
import type { Words } from '../../web/words/index.ts';
import { LOAN_NAMES, loanWhySaid } from '../../web/words/loans.ts';
import { randomId } from '../chance.ts';
import { DAY, instant, later, SECOND } from '../clock.ts';
import { deliver } from '../deliver/deliver.ts';
import { continueImport, type Importing } from '../execute/imports.ts';
import { type Cell, tableStream } from '../export/cells.ts';
import { safeName } from '../intake/receive.ts';
import { tableIn } from '../intake/sheet.ts';
import {
  headOf,
  LOAN_COLUMNS,
  type LoanColumn,
  lackingIn,
  type Mapping,
  mappingIn,
  mappingText,
  repeatedIn,
  widthOf,
} from '../negotiation/loans.ts';
import { columnName, columnsAt } from '../negotiation/table.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { digestOf } from '../record/digest.ts';
import { importFile, piecesOf } from '../store/import-files.ts';
import { type Import, isAtWork, PROBLEMS_A_PAGE } from '../store/imports.ts';
import { type DeskAdmission, emptyStorageOf, openDesk } from '../store/open.ts';
import { value } from './arrival.ts';
import { attachment } from './attachment.ts';
import { instruments } from './give.ts';
import { deskWith } from './institution.ts';
import { standingInvitations } from './invite.ts';
import { type C, formData, formOf, notFound, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/**
 * A lender's file of loans becomes cases: read, its columns named, all of it checked, then opened. Checking and opening go on in pieces as the page that shows them is
 * looked at, which loads itself again; left alone, the schedule goes on with them.
 */

export const loanRoutes = new Hono<Portal>();

const PATH = '/desk/:lender/import';
const ONE = '/desk/:lender/import/:import';

/** What is read of one file: its bytes, those that it unpacks to, and its rows. */
const MOST = { mib: 8, unpacked: 48 * 1024 * 1024, rows: 20_000 };
/** Lines above the loans that may say something: titles, and the names of the columns. */
const TITLES = 11;
/** So long the rows of a file are kept at most. */
const KEPT = DAY;
/** So long one look at the page works at its pieces, and so soon it looks again. */
const AT_WORK = 5 * SECOND;
const AGAIN = '2';

loanRoutes.get(PATH, async (c) => {
  const form = await returnedForm(c, pathOf(deskWith(c, 'invite')));
  return form ? shownAll(c, { ...form, again: true }, statusOf(form)) : shownAll(c, BLANK);
});

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/import`;

async function shownAll(c: C, form: Filled, status: 200 | 422 = 200) {
  const admission = deskWith(c, 'invite');
  const { lender } = admission;
  const imports = await openDesk(c.var.env, admission).imports();
  return page(c, LoansPage({ view: c.var.view, lender, form, imports, most: MOST }), status);
}

loanRoutes.post(PATH, async (c) => {
  const data = await formData(c);
  const admission = deskWith(c, 'invite');
  const wrong = (why: (say: Words['loans']) => string) => {
    const said: Said = ({ loans }) => ({ file: why(loans) });
    return refusedAt(c, pathOf(admission), BLANK.values, said, (form) => shownAll(c, { ...form, again: true }, 422));
  };
  const file = data.get('file');
  if (!(file instanceof File) || file.size === 0) return wrong((say) => say.fileNone);
  if (file.size > MOST.mib * 1024 * 1024) return wrong((say) => say.fileSize({ mib: MOST.mib }));
  const table = tableIn(new Uint8Array(await file.arrayBuffer()), { unpacked: MOST.unpacked, rows: MOST.rows + TITLES });
  if (!Array.isArray(table)) return wrong((say) => (table === 'rows' ? say.tooMany({ rows: MOST.rows }) : say.unread[table]));
  const { head, rows } = headOf(table, LOAN_NAMES);
  if (rows.length === 0) return wrong((say) => say.why.empty);
  if (rows.length > MOST.rows) return wrong((say) => say.tooMany({ rows: MOST.rows }));
  const { lender, seat } = admission;
  const id = randomId();
  const at = instant();
  const stored = importFile({ ...c.var.env, slug: lender.slug, id });
  const row = {
    id,
    account: seat.account,
    name: seat.name,
    file: safeName(file.name),
    at,
    rows: rows.length,
    pieces: piecesOf(rows.length),
  };
  await openDesk(c.var.env, admission).addImport(row, stored.folder, later(at, KEPT));
  await stored.put({ head: [...head.cells], sample: rows.slice(0, SAMPLE).map(({ row, cells }) => ({ row, cells: [...cells] })) }, rows);
  return c.redirect(`/desk/${lender.slug}/import/${id}`, 303);
});

/** Rows that are shown where columns are named. */
const SAMPLE = 3;

/** The import that the path names, of the lender whose desk it is; 404 where there is none. */
async function importOf(c: C) {
  const admission = deskWith(c, 'invite');
  const id = c.req.param('import') ?? '';
  const book = openDesk(c.var.env, admission);
  const found = /^[0-9a-f]{32}$/.test(id) ? await book.import(id) : null;
  if (!found) throw notFound();
  return { admission, book, found, stored: importFile({ ...c.var.env, slug: admission.lender.slug, id }) };
}

type Opened = Awaited<ReturnType<typeof importOf>>;

loanRoutes.get(ONE, async (c) => {
  const opened = await importOf(c);
  const { found } = opened;
  if (isAtWork(found)) {
    c.executionCtx.waitUntil(goOn(c, opened.admission, found.id));
    // A header, so that who does not want the page to move can have it without (`?still`).
    if (c.req.query('still') === undefined) c.header('Refresh', AGAIN);
  }
  return shown(c, opened, (await returnedForm(c, `${pathOf(opened.admission)}/${found.id}`)) ?? undefined);
});

/** Where the page is shown again whose form was refused. */
async function shown(c: C, { admission: { lender }, book, found, stored }: Opened, form?: Filled) {
  const { view } = c.var;
  const head = found.state === 'mapping' ? await stored.head() : null;
  if (found.state === 'mapping' && !head) {
    await book.lapse(found.id, instant());
    return c.redirect(`/desk/${lender.slug}/import/${found.id}`, 303);
  }
  const after = afterIn(c.req.query('from'));
  const problems = head ? [] : await book.problemsOf(found.id, after, PROBLEMS_A_PAGE + 1);
  const last = problems.length > PROBLEMS_A_PAGE ? problems[PROBLEMS_A_PAGE - 1] : undefined;
  const props: ImportProps = {
    view,
    lender,
    of: found,
    opened: found.state === 'done' ? found.created : ENDED.some((one) => one === found.state) ? await book.openedOf(found.id) : 0,
    still: c.req.query('still') !== undefined,
    naming: head && { ...head, form: form ?? filled(await guessed(book, found, head.head)) },
    problems: problems
      .slice(0, PROBLEMS_A_PAGE)
      .map(({ row, column, said }) => ({ row, column: columnOf(column), said: saidIn(said, view.language) })),
    next: last ? `?from=${last.piece}.${last.n}` : null,
  };
  return page(c, ImportPage(props), form ? 422 : 200);
}

/** How an import ends before it is through. */
const ENDED = ['dropped', 'lapsed'];

/** Behind which problem a page begins, as its address says. */
function afterIn(from: string | undefined): { piece: number; n: number } {
  const [, piece, n] = /^(\d{1,6})\.(\d{1,6})$/.exec(from ?? '') ?? [];
  return piece === undefined ? { piece: -1, n: 0 } : { piece: Number(piece), n: Number(n) };
}

const columnOf = (name: string | null): LoanColumn | null => LOAN_COLUMNS.find((one) => one === name) ?? null;

/** What is said in a language, of a row without a seal. */
function saidIn(said: unknown, language: string): string {
  const text: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, language) : null;
  return typeof text === 'string' ? text : '';
}

/** Names of columns by which a file is known again, and others of its kind. */
const headDigest = (head: readonly string[]) => digestOf(JSON.stringify(head.map(columnName)));

/** Which column is which, as it was said before of this file, or of the last one with this line of names; else as their names say. */
async function guessed(
  book: Opened['book'],
  { columns }: Pick<Import, 'columns'>,
  head: readonly string[],
): Promise<Record<string, string>> {
  const kept = mappingIn(columns);
  const remembered = kept.size > 0 ? null : await book.remembered(headDigest(head));
  const at = kept.size > 0 ? kept : remembered === null ? columnsAt(head, LOAN_NAMES) : mappingIn(remembered);
  return Object.fromEntries([...at].map(([column, i]) => [column, String(i)]));
}

loanRoutes.post(ONE, async (c) => {
  const values = await formOf(c);
  const opened = await importOf(c);
  const { admission, book, found, stored } = opened;
  const here = `/desk/${admission.lender.slug}/import/${found.id}`;
  const now = instant();
  switch (value(values, 'do')) {
    case 'check': {
      const head = await stored.head();
      const rows = head && found.state === 'mapping' ? await stored.whole(found.pieces) : null;
      if (!head || !rows) break;
      const read = mappingTyped((column) => value(values, column), widthOf(head.head, head.sample));
      const said: Said = ({ loans }) => Object.fromEntries(read.wrong.map(({ column, code }) => [column, loans.mapping[code]]));
      if (read.wrong.length > 0) return refusedAt(c, here, values, said, (form) => shown(c, opened, form));
      const reading = { today: dayOf(now, HOME.zone), lenderName: admission.lender.name };
      await stored.putRepeated(repeatedIn(rows, read.at, reading));
      await book.check(found.id, { head: headDigest(head.head), columns: mappingText(read.at), at: now });
      break;
    }
    case 'map':
      await book.remap(found.id);
      break;
    case 'run':
      await book.run(found.id, now, { invites: value(values, 'invites') === 'yes', language: c.var.view.language });
      break;
    case 'drop':
      await book.dropImport(found.id, stored.folder, now);
      c.executionCtx.waitUntil(emptyStorageOf(c.var.env, admission.lender, now));
      break;
  }
  return c.redirect(here, 303);
});

/** Which column of the file each of ours is, as it was typed; one of the file's is one of ours. */
function mappingTyped(
  typed: (column: LoanColumn) => string,
  width: number,
): { at: Mapping; wrong: { column: LoanColumn; code: 'missing' | 'twice' }[] } {
  const at = new Map<LoanColumn, number>();
  const wrong: { column: LoanColumn; code: 'missing' | 'twice' }[] = [];
  for (const column of LOAN_COLUMNS) {
    const text = typed(column);
    if (!/^\d{1,3}$/.test(text) || Number(text) >= width) continue;
    if ([...at.values()].includes(Number(text))) wrong.push({ column, code: 'twice' });
    else at.set(column, Number(text));
  }
  const lacking = lackingIn(at).filter((column) => !wrong.some((one) => one.column === column));
  return { at, wrong: [...wrong, ...lacking.map((column) => ({ column, code: 'missing' as const }))] };
}

async function goOn(c: C, admission: DeskAdmission, id: string): Promise<void> {
  await continueImport(await importing(c, admission), id, Date.now() + AT_WORK);
  await deliver(c.var.env);
  // At its end its rows leave at once.
  await emptyStorageOf(c.var.env, admission.lender, instant());
}

async function importing(c: C, admission: DeskAdmission): Promise<Importing> {
  const { env } = c.var;
  return {
    ...(await instruments(c)),
    files: env.files,
    keys: env.keys,
    origin: env.origin,
    reachesPhones: env.reachesPhones,
    directory: c.var.directory,
    casebook: openDesk(env, admission),
    admission,
    say: loanWhySaid,
  };
}

/** Borrowers who have not joined the cases of an import, with the links by which they may: the lender can send them as it likes. */
loanRoutes.get(`${ONE}/waiting`, async (c) => {
  const { admission, book, found } = await importOf(c);
  const { env, view } = c.var;
  const from = /^[0-9a-f]{32}$/.exec(c.req.query('from') ?? '')?.[0] ?? '';
  const some = await book.unjoined(found.id, from, WAITING_A_PAGE + 1);
  const shown = some.slice(0, WAITING_A_PAGE);
  const ids = shown.map(({ id }) => id);
  const links = await standingInvitations(c, ids);
  const waiting = shown.map((one) => ({ ...one, invited: links.get(one.id) ?? null }));
  const next = some.length > WAITING_A_PAGE ? `?from=${shown.at(-1)?.id}` : null;
  return page(
    c,
    WaitingPage({
      ...{ view, lender: admission.lender, of: found, waiting, next, from },
      join: `${env.origin}/lenders/${admission.lender.slug}/join`,
      drawn: ids.find((id) => id === c.req.query('qr')) ?? null,
    }),
  );
});

const WAITING_A_PAGE = 50;

/** Everything that is wrong with the rows of a file, for the spreadsheet in which they are mended. */
loanRoutes.get(`${ONE}/problems.csv`, async (c) => {
  const { admission, book, found } = await importOf(c);
  const { words, language } = c.var.view;
  const { loans: say, received } = words;
  async function* rows(): AsyncGenerator<Cell[][]> {
    for (let after: { piece: number; n: number } | undefined = { piece: -1, n: 0 }; after; ) {
      const some: Awaited<ReturnType<typeof book.problemsOf>> = await book.problemsOf(found.id, after, PROBLEMS_AT_ONCE);
      yield some.map(({ row, column, said }) => {
        const of = columnOf(column);
        return [{ count: row }, of ? say.columns[of] : '', saidIn(said, language)];
      });
      after = some.length < PROBLEMS_AT_ONCE ? undefined : some.at(-1);
    }
  }
  const body = tableStream('csv', say.report, [received.row, received.column, received.problem], rows());
  return attachment(c, body, `${say.report}.csv`, 'text/csv; charset=utf-8', `heyi-${admission.lender.slug}-import.csv`);
});

const PROBLEMS_AT_ONCE = 1_000;
