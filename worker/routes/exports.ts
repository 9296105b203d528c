import { Hono } from 'hono';
import assets from '../../.heyi/assets.json' with { type: 'json' };
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { agreementSheet, type Source } from '../export/agreement.ts';
import { scheduleCalendar } from '../export/calendar.ts';
import { recordFile } from '../export/record.ts';
import { scheduleTable } from '../export/table.ts';
import { agreedSchedule } from '../negotiation/agreement.ts';
import { available, commands as custody } from '../negotiation/custody.ts';
import { attachment } from './attachment.ts';
import { give } from './give.ts';
import { type C, notFound, openCase, type Portal } from './portal.ts';

/** What can be taken away. Taking it is an entry in the record, written before the document is made, so that the document shows it. */

export const exportRoutes = new Hono<Portal>();

exportRoutes.get('/cases/:case/exports/:what', async (c) => {
  const first = await openCase(c);
  const what = available(first.kase).find((one) => one === c.req.param('what'));
  if (!what) throw notFound();
  await give(c, custody.record.name, { what }, randomId());
  return documentOf(c, what);
});

async function documentOf(c: C, what: ReturnType<typeof available>[number]) {
  const { kase, row, casebook, id } = await openCase(c);
  const { words } = c.var.view;
  const name = (ending: string) => `heyi-${row.number}-${ending}`;
  switch (what) {
    case 'record.json': {
      const record = await casebook.record(id);
      if (!record) throw notFound();
      return attachment(c, JSON.stringify(recordFile(record, c.var.env.keys)), name('record.json'), 'application/json');
    }
    case 'schedule.csv':
      return attachment(c, scheduleTable(agreedSchedule(kase), words), name('schedule.csv'), 'text/csv; charset=utf-8');
    case 'schedule.ics': {
      const source = { id, number: row.number, at: kase.agreement?.at ?? row.openedAt, link: `${c.var.env.origin}/cases/${id}` };
      return attachment(c, scheduleCalendar(agreedSchedule(kase), source, words), name('schedule.ics'), 'text/calendar; charset=utf-8');
    }
    case 'agreement.pdf': {
      const sheet = agreementSheet(kase, await sourceOf(c, row), words);
      const { agreement: say } = words;
      return attachment(c, await sheet.finish(say.page, `${words.brand} ${row.number}`), name('agreement.pdf'), 'application/pdf');
    }
  }
}

/** The font as the assets hold it: 10 MB, of which a document keeps only the glyphs that it uses. */
async function fontOf(c: C): Promise<Uint8Array> {
  const found = await c.var.env.assets.fetch(`https://assets.local${assets.font}`);
  if (!found.ok) throw new Error('The font is not among the assets: run the build.');
  return new Uint8Array(await found.arrayBuffer());
}

async function sourceOf(c: C, row: { number: string; seq: number; hash: string }): Promise<Source> {
  return { number: row.number, head: { seq: row.seq, hash: row.hash }, origin: c.var.env.origin, font: await fontOf(c), at: instant() };
}
