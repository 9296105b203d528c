import { Hono } from 'hono';
import { InstitutionPage } from '../../web/pages/institution.tsx';
import { refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { keep } from '../execute/keep.ts';
import { lenderRecordFile } from '../export/record.ts';
import { may, type Power } from '../negotiation/seats.ts';
import { noted, proveInstitution } from '../proof.ts';
import { digestOf } from '../record/digest.ts';
import { lenderStream } from '../record/format.ts';
import { admitToDesk } from '../store/admission.ts';
import { type DeskAdmission, openInstitution } from '../store/open.ts';
import { attachment } from './attachment.ts';
import { instruments, requestIdOf } from './give.ts';
import { type C, formOf, notFound, type Portal, page, pageBefore, person } from './portal.ts';
import { refusedAt, returnedForm, type Said } from './returned.ts';

/** A lender's own stream, which is of no case: read by its staff who may, page by page, and taken away. */

export const institutionRoutes = new Hono<Portal>();

/** The desk that the path names, for one whose capacity there has a power; else 404. */
export function deskWith(c: C, power: Power): DeskAdmission {
  const admission = admitToDesk(person(c), c.req.param('lender') ?? '');
  if (!admission || !may(admission.seat, power, instant())) throw notFound();
  return admission;
}

institutionRoutes.get('/desk/:lender/record', async (c) => {
  const form = await returnedForm(c, pathOf(deskWith(c, 'inspect')));
  return show(c, form?.errors['']);
});

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/record`;

async function show(c: C, error?: string) {
  const admission = deskWith(c, 'inspect');
  const { entries, more, doubts } = await openInstitution(c.var.env, admission).read(pageBefore(c));
  if (doubts.length > 0) noted(lenderStream(admission.lender.slug), doubts);
  const shown = { lender: admission.lender, entries, more, paged: pageBefore(c) !== undefined, unproven: doubts.length > 0 };
  return page(c, InstitutionPage({ view: c.var.view, ...shown, ...(error ? { error } : {}) }), error ? 422 : 200);
}

/** The whole of it as a file that proves itself. That it was taken away is told in the stream; of one that does not verify nothing is written, and its name says so. */
institutionRoutes.post('/desk/:lender/record', async (c) => {
  const admission = deskWith(c, 'inspect');
  const { lender, seat } = admission;
  const values = await formOf(c);
  const book = openInstitution(c.var.env, admission);
  const found = await book.record();
  if (!found) throw notFound();
  const file = JSON.stringify(lenderRecordFile(found.record, book.published));
  const { doubts } = await proveInstitution(found.record, book.published, found.doubts);
  if (doubts.length > 0) {
    noted(lenderStream(lender.slug), doubts);
    return attachment(c, file, `${lender.slug}-unproven-log.json`, TYPE);
  }
  const input = { head: found.record.row.seq, digest: digestOf(file) };
  const outcome = await keep({
    book,
    seat,
    requestId: `${seat.account}:${requestIdOf(values)}`,
    asked: { name: 'record.export', input },
    decide: () => [{ kind: 'record.exported', content: input }],
    ...(await instruments(c)),
  });
  if (outcome.ok) return attachment(c, file, `${lender.slug}-log.json`, TYPE);
  const { refusal } = outcome;
  const said: Said = (words) => ({ '': refusalText(words, refusal) });
  return refusedAt(c, pathOf(admission), new Map(), said, ({ errors }) => show(c, errors['']));
});

const TYPE = 'application/json';
