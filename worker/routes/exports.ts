import { Hono } from 'hono';
import { SharePage } from '../../web/pages/share.tsx';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import type { Source } from '../export/agreement.ts';
import { bundle } from '../export/bundle.tsx';
import { scheduleCalendar } from '../export/calendar.ts';
import { agreementPdf, making, recordPdf } from '../export/documents.ts';
import { recordFile } from '../export/record.ts';
import { scheduleTable } from '../export/table.ts';
import { agreedSchedule } from '../negotiation/agreement.ts';
import { available, commands as custody, type EXPORTS } from '../negotiation/custody.ts';
import { signingKey } from '../record/keys.ts';
import { withhold } from '../record/withhold.ts';
import { attachment } from './attachment.ts';
import { fontsOf } from './font.ts';
import { give } from './give.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** What can be taken away. Taking it is an entry in the record, written before the document is made, so that the document shows it. */

export const exportRoutes = new Hono<Portal>();

exportRoutes.get('/cases/:case/exports/:what', async (c) => {
  const first = await openCase(c);
  const what = [...available(first.kase), 'partial.zip' as const].find((one) => one === c.req.param('what'));
  if (!what) throw notFound();
  if (what === 'partial.zip' && !c.req.query('show')) return c.redirect(`/cases/${first.id}/share`, 303);
  await give(c, custody.record.name, { what }, randomId());
  return documentOf(c, first, what);
});

/** The entries that a person picks to show, in a bundle of which the rest is withheld. */
exportRoutes.get('/cases/:case/share', async (c) => {
  const { kase, row, casebook, id } = await openCase(c);
  const stored = await casebook.record(id);
  if (!stored) throw notFound();
  return page(c, SharePage({ view: c.var.view, id, number: row.number, kase, entries: stored.entries }));
});

async function documentOf(c: C, { kase, row, casebook, id, admission }: OpenCase, what: (typeof EXPORTS)[number]) {
  const { env, view } = c.var;
  const { words } = view;
  const name = `heyi-${row.number}-${what}`;
  if (what === 'schedule.csv') return attachment(c, scheduleTable(agreedSchedule(kase), words), name, 'text/csv; charset=utf-8');
  if (what === 'schedule.ics') {
    const at = kase.agreement?.at ?? row.openedAt;
    const source = { id, number: row.number, lender: kase.lenderName, at, link: `${env.origin}/cases/${id}` };
    return attachment(c, scheduleCalendar(agreedSchedule(kase), source, words), name, 'text/calendar; charset=utf-8');
  }
  const stored = await casebook.record(id);
  if (!stored) throw notFound();
  const whole = recordFile(stored, env.keys);
  const record = what === 'partial.zip' ? withhold(whole, new Set((c.req.queries('show') ?? []).map(Number))) : whole;
  if (what === 'record.json') return attachment(c, JSON.stringify(record), name, 'application/json');
  // The documents show the record that they carry, and not what may have come since the page was read.
  const head = { seq: stored.row.seq, hash: stored.row.hash };
  const source: Source = {
    number: row.number,
    lender: admission.lender.name,
    head,
    origin: env.origin,
    fonts: await fontsOf(c, JSON.stringify([record, admission.lender.name])),
    at: instant(),
  };
  const made = making(record, { source, words, signer: env.documents });
  if (what === 'bundle.zip' || what === 'partial.zip') 
    return attachment(c, bundle(made, env.files, await signingKey(env.keys)), name, 'application/zip');
  return attachment(c, await (what === 'record.pdf' ? recordPdf : agreementPdf)(made), name, 'application/pdf');
}
