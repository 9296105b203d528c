import { Hono } from 'hono';
import { AgreementPage } from '../../web/pages/agreement.tsx';
import { type C, notFound, type OpenCase, openShared, type Portal, page } from './portal.ts';

/** The agreement of a case and how it is kept. */

export const agreementRoutes = new Hono<Portal>();

agreementRoutes.get('/cases/:case/agreement', async (c) => showAgreement(c, await openShared(c)));

/** 404 where nothing is agreed yet. */
export function showAgreement(c: C, { kase, situation, id, row }: OpenCase, status: 200 | 422 = 200) {
  const shown = AgreementPage({ view: c.var.view, id, number: row.number, kase, situation });
  if (!shown) throw notFound();
  return page(c, shown, status);
}
