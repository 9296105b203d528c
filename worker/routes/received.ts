import { Hono } from 'hono';
import { type ImportShown, ReceivedPage, type ReceivedProps } from '../../web/pages/received.tsx';
import { BLANK } from '../../web/parts/view.ts';
import { refusalText, type Words } from '../../web/words/index.ts';
import { RECEIVED_NAMES } from '../../web/words/received.ts';
import { instant } from '../clock.ts';
import { announceNow, announceOf } from '../execute/announce.ts';
import { execute } from '../execute/execute.ts';
import { recordReceived } from '../execute/received.ts';
import { cellsOf, MAX_TABLE_BYTES, textOfTable } from '../intake/table.ts';
import { readForm } from '../negotiation/form.ts';
import { commands as payment } from '../negotiation/performance.ts';
import { readReceived } from '../negotiation/received.ts';
import { may } from '../negotiation/seats.ts';
import { admitFromDesk } from '../store/admission.ts';
import { type DeskAdmission, openCaseFile, openDesk } from '../store/open.ts';
import { desk, keyOf } from './desk.ts';
import { instruments, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { type C, formData, formOf, notFound, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/** Payments across a lender's cases: a list of those to confirm, one step each, and a file of those received. */

export const receivedRoutes = new Hono<Portal>();

const PATH = '/desk/:lender/payments';

receivedRoutes.get(PATH, async (c) => {
  const admission = desk(c);
  const form = await returnedForm(c, pathOf(admission));
  if (form) return shown(c, admission, { form: { ...form, again: true } }, statusOf(form));
  const confirmed = await confirmedBy(c, admission);
  return shown(c, admission, { form: BLANK, ...(confirmed ? { confirmed } : {}) });
});

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/payments`;

/** The payment that was confirmed just now, as the address names it: how much, and by whom it was paid. */
async function confirmedBy(c: C, admission: DeskAdmission): Promise<ReceivedProps['confirmed']> {
  const [id = '', payment = ''] = (c.req.query('confirmed') ?? '').split(' ');
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const kase = (await openCaseFile(c.var.env, admitFromDesk(admission, id)).read())?.kase;
  const one = kase?.payments.find(({ seq }) => String(seq) === payment);
  return kase && one ? { amount: one.amount, borrower: kase.borrowerName ?? '' } : undefined;
}

/** The page again, with what is wrong. */
const again = (c: C, admission: DeskAdmission, said: Said) =>
  refusedAt(c, pathOf(admission), BLANK.values, said, (form) => shown(c, admission, { form: { ...form, again: true } }, 422));

receivedRoutes.get(`${PATH}/import`, (c) => c.redirect(pathOf(desk(c)), 303));

async function shown(
  c: C,
  admission: DeskAdmission,
  rest: Pick<ReceivedProps, 'form' | 'confirmed' | 'imported'>,
  status: 200 | 422 = 200,
) {
  const { cases, more, last } = await openDesk(c.var.env, admission).toConfirm(keyOf(c.req.query('from')));
  const next = more && last ? `?${new URLSearchParams({ from: `${last.lastAt} ${last.id}` })}` : null;
  const pays = may(admission.seat, payment.confirm.needs, instant());
  return page(c, ReceivedPage({ view: c.var.view, lender: admission.lender, cases, next, pays, ...rest }), status);
}

/** Confirms one, and comes back to the list: who confirms many goes down it. */
receivedRoutes.post(PATH, async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, payment.confirm.needs);
  const id = values.get('case')?.[0] ?? '';
  const read = readForm(payment.confirm.input, values);
  if (!/^[0-9a-f]{32}$/.test(id) || !read.ok) throw notFound();
  const into = admitFromDesk(admission, id);
  const casefile = openCaseFile(c.var.env, into);
  const outcome = await execute({
    admission: into,
    casefile,
    command: payment.confirm.name,
    input: read.input,
    requestId: `${admission.seat.account}:${requestIdOf(values)}`,
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    if (outcome.refusal.code === 'case.unknown') throw notFound();
    const { refusal } = outcome;
    return again(c, admission, (words) => ({ '': refusalText(words, refusal) }));
  }
  if (outcome.told > 0) c.executionCtx.waitUntil(announceOf(c.var.env, admission.lender, id));
  return c.redirect(`${pathOf(admission)}?${new URLSearchParams({ confirmed: `${id} ${values.get('payment')?.[0] ?? ''}` })}`, 303);
});

/** Characters of a hidden field: what a form takes of one. */
const PART = 60_000;

/** A file is checked first, and its text comes back in the form that records it: nobody has to choose it twice. */
receivedRoutes.post(`${PATH}/import`, async (c) => {
  const data = await formData(c);
  const admission = deskWith(c, payment.report.needs);
  const wrong = (said: (say: Words['received']) => string) => again(c, admission, ({ received }) => ({ file: said(received) }));
  const tooLarge = (say: Words['received']) => say.fileSize({ kib: MAX_TABLE_BYTES / 1024 });
  const kept = data.getAll('text').filter((part) => typeof part === 'string');
  const file = data.get('file');
  if (kept.length === 0 && (!(file instanceof File) || file.size === 0)) return wrong((say) => say.fileNone);
  if (file instanceof File && file.size > MAX_TABLE_BYTES) return wrong(tooLarge);
  const text = kept.length > 0 ? kept.join('') : textOfTable(new Uint8Array(file instanceof File ? await file.arrayBuffer() : []));
  if (text === null || text.length > MAX_TABLE_BYTES) return wrong(text === null ? (say) => say.why.encoding : tooLarge);
  const read = readReceived(cellsOf(text), RECEIVED_NAMES);
  const { at, key, random } = await instruments(c);
  const dry = kept.length === 0;
  const done = await recordReceived({ casebook: openDesk(c.var.env, admission), admission, at, key, random }, read.received, dry);
  if (!dry && done.recorded > 0) c.executionCtx.waitUntil(announceNow(c.var.env, admission.lender));
  const imported: ImportShown = {
    rows: read.rows,
    ...done,
    refused: [...read.refused, ...done.refused].sort((a, b) => a.row - b.row),
    text: dry ? (text.match(new RegExp(`[^]{1,${PART}}`, 'g')) ?? []) : null,
  };
  return shown(c, admission, { form: BLANK, imported });
});
