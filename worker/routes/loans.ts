import { Hono } from 'hono';
import { LoansPage, type LoansProps } from '../../web/pages/loans.tsx';
import { BLANK } from '../../web/parts/view.ts';
import { LOAN_NAMES } from '../../web/words/loans.ts';
import { openLoans } from '../execute/loans.ts';
import { cellsOf, textOfTable } from '../intake/table.ts';
import { readLoans } from '../negotiation/loans.ts';
import { linesOf } from '../negotiation/table.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { openDesk } from '../store/open.ts';
import { instruments } from './give.ts';
import { deskWith } from './institution.ts';
import { type C, formData, type Portal, page } from './portal.ts';

/** Cases opened of a file of loans: checked first, then step by step, each answered before the next, so that no request takes long. */

export const loanRoutes = new Hono<Portal>();

const PATH = '/desk/:lender/import';

/** Bytes of a file, and characters of its text as the form carries it on: ten thousand rows of a dozen columns. */
const MOST_MIB = 4;
const MOST = MOST_MIB * 1024 * 1024;

/** Rows of one step. */
const STEP = 1_000;

/** Characters of a hidden field: what a form takes of one. */
const PART = 60_000;

type Rest = Pick<LoansProps, 'form' | 'opened'>;

function shown(c: C, rest: Rest, status: 200 | 422 = 200) {
  const { lender } = deskWith(c, 'invite');
  return page(c, LoansPage({ view: c.var.view, lender, ...rest }), status);
}

loanRoutes.get(PATH, (c) => shown(c, { form: BLANK }));

/** A file is read, and all of it decided; its text comes back in the form that opens the cases: nobody has to choose it twice. */
loanRoutes.post(PATH, async (c) => {
  const data = await formData(c);
  const admission = deskWith(c, 'invite');
  const { loans: say } = c.var.view.words;
  const wrong = (error: string) => shown(c, { form: { ...BLANK, errors: { file: error }, again: true } }, 422);
  const kept = data.getAll('text').filter((part) => typeof part === 'string');
  const file = data.get('file');
  if (kept.length === 0 && (!(file instanceof File) || file.size === 0)) return wrong(say.fileNone);
  if (file instanceof File && file.size > MOST) return wrong(say.fileSize({ mib: MOST_MIB }));
  const text = kept.length > 0 ? kept.join('') : textOfTable(new Uint8Array(file instanceof File ? await file.arrayBuffer() : []));
  if (text === null) return wrong(say.csvAlone);
  if (text.length > MOST) return wrong(say.fileSize({ mib: MOST_MIB }));
  const casebook = openDesk(c.var.env, admission);
  const { at, key, random, number } = await instruments(c);
  const today = dayOf(at, HOME.zone);
  const read = readLoans(linesOf(cellsOf(text)), LOAN_NAMES, { today, lenderName: admission.lender.name });
  const by = { casebook, admission, at, key, random, number };
  const dry = kept.length === 0;
  const from = dry ? 0 : Math.min(countIn(data, 'from'), read.loans.length);
  const some = dry ? read.loans : read.loans.slice(from, from + STEP);
  const opened = await openLoans(by, some, dry);
  const [created, unchanged] = [opened.created + countIn(data, 'created'), opened.unchanged + countIn(data, 'unchanged')];
  return shown(c, {
    form: BLANK,
    opened: {
      rows: read.rows,
      ...(dry ? { created: opened.created, unchanged: opened.unchanged } : { created, unchanged }),
      refused: [...(dry || from + STEP >= read.loans.length ? read.refused : []), ...opened.refused].sort((a, b) => a.row - b.row),
      dry,
      of: read.loans.length,
      from: dry ? 0 : from + some.length,
      text: dry || from + some.length < read.loans.length ? (text.match(new RegExp(`[^]{1,${PART}}`, 'gu')) ?? []) : null,
    },
  });
});

/** A count that the form carries on; 0 for anything else. */
function countIn(data: FormData, name: string): number {
  const typed = data.get(name);
  return typeof typed === 'string' && /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
}
