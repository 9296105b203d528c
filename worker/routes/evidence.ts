import { Hono } from 'hono';
import { EvidencePage } from '../../web/pages/evidence.tsx';
import { FilePage, isDrawn } from '../../web/pages/file.tsx';
import { own } from '../../web/parts/view.ts';
import { isErased } from '../negotiation/custody.ts';
import type { Held } from '../negotiation/evidence.ts';
import { getFile } from '../store/files.ts';
import { attachment } from './attachment.ts';
import { type C, notFound, type OpenCase, openShared, type Portal, page } from './portal.ts';
import { rowDone } from './rows.ts';

/** Evidence: the list of files, and each file for those who have a seat in its case. */

export const evidenceRoutes = new Hono<Portal>();

evidenceRoutes.get('/cases/:case/evidence', async (c) => showEvidence(c, await openShared(c)));

export function showEvidence(c: C, { kase, situation, id, row }: OpenCase, status: 200 | 422 = 200) {
  return page(c, EvidencePage({ view: c.var.view, id, number: row.number, kase, situation, done: rowDone(c) }), status);
}

const FILE = '/cases/:case/files/:sha256{[0-9a-f]{64}}';

evidenceRoutes.get(FILE, async (c) => {
  const opened = await openShared(c);
  const held = heldIn(opened, c.req.param('sha256'));
  const bytes = await getFile(c.var.env.files, opened.id, held.sha256);
  if (!bytes) throw notFound();
  return attachment(c, bytes, held.name, held.type);
});

/** A page to look at a file. Where the browser draws it, the page runs no script; where ours does (`islands/pages.ts`), a sandbox with scripts would be none. */
evidenceRoutes.get(`${FILE}/view`, async (c) => {
  const opened = await openShared(c);
  return showFile(c, opened, heldIn(opened, c.req.param('sha256')));
});

function showFile(c: C, { kase, id, row, situation, neutral }: OpenCase, file: Held, status: 200 | 422 = 200) {
  if (!isDrawn(file)) c.set('sandbox', 'sandbox allow-same-origin allow-forms allow-downloads');
  const checking = situation.seat.side === 'lender' && !neutral ? { situation, done: rowDone(c) } : null;
  return page(c, FilePage({ view: c.var.view, id, number: row.number, kase, file, checking }), status);
}

/** The page of the paper beside which a form stood (`paper`, its digest); null where it stood beside none, or that is there no more. */
export function showPaper(c: C, opened: OpenCase, paper: string | undefined, status: 200 | 422) {
  const file = paper === undefined || opened.situation.seat.side !== 'lender' ? null : fileIn(opened, paper);
  return file && showFile(c, opened, file, status);
}

/** A file of the case that is there, or 404. */
function heldIn(opened: OpenCase, sha256: string): Held {
  const held = fileIn(opened, sha256);
  if (!held) throw notFound();
  return held;
}

function fileIn({ kase }: OpenCase, sha256: string): Held | null {
  const held = own(kase.evidence, sha256);
  return held && !isErased(kase, sha256) ? held : null;
}
