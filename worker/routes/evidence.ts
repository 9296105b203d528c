import { Hono } from 'hono';
import { EvidencePage } from '../../web/pages/evidence.tsx';
import { isErased } from '../negotiation/custody.ts';
import { getFile } from '../store/files.ts';
import { attachment } from './attachment.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** Evidence: the list of files, and each file for those who have a seat in its case. */

export const evidenceRoutes = new Hono<Portal>();

evidenceRoutes.get('/cases/:case/evidence', async (c) => showEvidence(c, await openCase(c)));

export function showEvidence(c: C, { kase, situation, id, row }: OpenCase, status: 200 | 422 = 200) {
  return page(c, EvidencePage({ view: c.var.view, id, number: row.number, kase, situation }), status);
}

evidenceRoutes.get('/cases/:case/files/:sha256{[0-9a-f]{64}}', async (c) => {
  const { kase, id } = await openCase(c);
  const held = kase.evidence[c.req.param('sha256')];
  const bytes = held && !isErased(kase, held.sha256) ? await getFile(c.var.env.files, id, held.sha256) : null;
  if (!held || !bytes) throw notFound();
  return attachment(c, bytes, held.name, held.type);
});
