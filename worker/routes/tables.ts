import { Hono } from 'hono';
import { reportAddress } from '../../web/pages/reports.tsx';
import { TablesPage } from '../../web/pages/tables.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { refusalText, type Words } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { keep } from '../execute/keep.ts';
import { type Cell, tableStream } from '../export/cells.ts';
import { agreementCells, caseCells, paymentCells, reportCells, titlesOf } from '../export/lender-tables.ts';
import { TABLE_FORMATS, TABLES, type TableName } from '../negotiation/lender/custody.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { type DeskAdmission, openDesk, openInstitution } from '../store/open.ts';
import { value } from './arrival.ts';
import { attachment } from './attachment.ts';
import { instruments, requestIdOf } from './give.ts';
import { chosenIn, listOf } from './inbox.ts';
import { deskWith } from './institution.ts';
import { type C, formOf, type Portal, page } from './portal.ts';
import { unproved } from './proof.ts';
import { readReport, reportOf } from './reports.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/** Tables of a lender's cases for its spreadsheets: by whoever may look into all of them and proves who they are; the lender's own stream tells of each, and then it is handed over as it is read. */

export const tableRoutes = new Hono<Portal>();

const PATH = '/desk/:lender/tables';

tableRoutes.get(PATH, async (c) => {
  const admission = deskWith(c, 'inspect');
  const what = TABLES.find((one) => one === c.req.query('what')) ?? 'cases';
  const choice = choiceOf(what, c.req.query('choice') ?? '', c.var.view.words);
  const form = (await returnedForm(c, pathOf(admission))) ?? filled({ what, choice });
  return show(c, admission, form, statusOf(form));
});

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/tables`;

/** What an address chooses of a table, cut to what is known of it. */
function choiceOf(what: TableName, typed: string, words: Words): string {
  if (what === 'report') return reportAddress(askedIn(typed, words).asked);
  return what === 'cases' ? listOf(typed) : '';
}

/** Letters of the address of a report: a product alone can be sixty signs of nine letters each. */
const MOST_ASKED = 900;

function askedIn(typed: string, words: Words) {
  const said = new URLSearchParams(typed.slice(0, MOST_ASKED));
  return readReport((name) => said.get(name) ?? undefined, words);
}

const show = (c: C, { lender }: DeskAdmission, form: Filled, status: 200 | 422 = 200) =>
  page(c, TablesPage({ view: c.var.view, lender, form }), status);

tableRoutes.post(PATH, async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, 'inspect');
  const { words } = c.var.view;
  const again = (said: Said) => refusedAt(c, pathOf(admission), values, said, (form) => show(c, admission, form, 422));
  const what = TABLES.find((one) => one === value(values, 'what'));
  const format = TABLE_FORMATS.find((one) => one === value(values, 'format'));
  if (!what || !format) return again(({ choose }) => ({ ...(what ? {} : { what: choose }), ...(format ? {} : { format: choose }) }));
  const wrong = await unproved(c, values);
  if (wrong) return again(wrong.said);
  const choice = choiceOf(what, value(values, 'choice'), words);
  const input = { what, format, choice };
  const { lender, seat } = admission;
  const outcome = await keep({
    book: openInstitution(c.var.env, admission),
    seat,
    requestId: `${seat.account}:${requestIdOf(values)}`,
    asked: { name: 'table.export', input },
    decide: () => [{ kind: 'table.exported', content: input }],
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    const { refusal } = outcome;
    return again((said) => ({ '': refusalText(said, refusal) }));
  }
  const today = dayOf(instant(), HOME.zone);
  const { tables: say } = words;
  const body = tableStream(format, say.of[what], titlesOf(what, words), rowsOf(c, admission, { what, choice, today, words }));
  const name = say.fileName({ lender: lender.name, table: say.of[what], day: today });
  return attachment(c, body, `${name}.${format}`, TYPES[format], `heyi-${lender.slug}-${what}-${today}.${format}`);
});

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

type Table = { what: TableName; choice: string; today: string; words: Words };

/** The rows of a table, in the order of cases' ids, page by page: whatever is written meanwhile, each case is read once. */
async function* rowsOf(c: C, admission: DeskAdmission, { what, choice, today, words }: Table): AsyncGenerator<Cell[][]> {
  const book = openDesk(c.var.env, admission);
  if (what === 'report') {
    const { groups } = await reportOf(c, admission, askedIn(choice, words));
    yield groups.map(reportCells);
    return;
  }
  if (what === 'cases') {
    // Without a choice all of them: the desk's list by itself shows what waits.
    const asked = chosenIn(choice || 'show=all', { account: admission.seat.account, words });
    const names = new Map((await book.people()).map(({ account, name }) => [account, name]));
    for (let from: string | null = ''; from !== null; ) {
      const rows: Awaited<ReturnType<typeof book.listedFrom>> = await book.listedFrom(asked, from);
      yield rows.map((row) => caseCells(row, names, words));
      from = rows.at(-1)?.id ?? null;
    }
    return;
  }
  for (let from: string | null = ''; from !== null; ) {
    const rows: Awaited<ReturnType<typeof book.wholeFrom>> = await book.wholeFrom(from);
    yield rows.flatMap((row) => (what === 'agreements' ? agreementCells(row, today, words) : paymentCells(row, words)));
    from = rows.at(-1)?.id ?? null;
  }
}
