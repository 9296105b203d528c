import { Hono } from 'hono';
import { AssignmentPage } from '../../web/pages/assignment.tsx';
import { choices } from '../negotiation/assignment.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** Who of the lender's people sees to a case. Whoever does not open the lender's private stream finds nothing here. */

export const assignmentRoutes = new Hono<Portal>();

assignmentRoutes.get('/cases/:case/assign', async (c) => showAssignment(c, await openCase(c)));

export async function showAssignment(c: C, { id, row, kase, admission, situation }: OpenCase, status: 200 | 422 = 200) {
  const { own, seat } = situation;
  if (!own || seat.side !== 'lender') throw notFound();
  const colleagues = await c.var.directory.colleagues(admission.lender.id);
  const { assignment } = own;
  const props = { assignment, isHere: assignment.to !== null && colleagues.has(assignment.to) };
  return page(
    c,
    AssignmentPage({ view: c.var.view, id, number: row.number, ...props, choices: choices(kase, { ...situation, colleagues }) }),
    status,
  );
}
