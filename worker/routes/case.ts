import { Hono } from 'hono';
import { CasePage } from '../../web/pages/case.tsx';
import { CasesPage } from '../../web/pages/cases.tsx';
import { admitBorrower } from '../store/directory.ts';
import { openCasebook } from '../store/open.ts';
import { type C, type OpenCase, openCase, type Portal, page, person } from './portal.ts';

/** A borrower's cases, and the thread of one. */

export const caseRoutes = new Hono<Portal>();

caseRoutes.get('/cases', async (c) => {
  const { account, memberships } = person(c);
  const seats = await c.var.directory.seatsOf(account.id);
  const [first] = memberships;
  if (seats.length === 0 && first) return c.redirect(`/desk/${first.lender.slug}`, 303);
  const lenders = new Map(seats.map(({ lender }) => [lender.id, lender]));
  const lists = await Promise.all(
    [...lenders.values()].map(async (lender) => {
      const ids = seats.filter((seat) => seat.lender.id === lender.id).map((seat) => seat.case);
      const found = await openCasebook(c.var.env, admitBorrower(account, lender)).some(ids);
      return found.map((row) => ({ ...row, lenderName: lender.name }));
    }),
  );
  const cases = lists.flat().sort((a, b) => b.lastAt.localeCompare(a.lastAt));
  return page(c, CasesPage({ view: c.var.view, cases }));
});

caseRoutes.get('/cases/:case', async (c) => {
  const before = Number(c.req.query('before'));
  return showCase(c, await openCase(c, Number.isSafeInteger(before) && before > 1 ? before : undefined), {});
});

type Shown = { status?: 200 | 422; invitation?: { link: string; hint: string } };

export function showCase(c: C, opened: OpenCase, { status = 200, invitation }: Shown) {
  const { id, row, kase, entries, more, situation } = opened;
  const paged = entries.at(-1)?.seq !== kase.seq;
  return page(c, CasePage({ view: c.var.view, id, number: row.number, kase, entries, more, paged, situation, invitation }), status);
}
