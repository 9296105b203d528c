import { Hono } from 'hono';
import { CasePage } from '../../web/pages/case.tsx';
import { CasesPage } from '../../web/pages/cases.tsx';
import { admitBorrower } from '../store/directory.ts';
import { openCasebook } from '../store/open.ts';
import { begunOf, newestFirst } from './drafts.ts';
import { type C, type OpenCase, openCase, type Portal, page, person } from './portal.ts';

/** A borrower's cases, and the thread of one. */

export const caseRoutes = new Hono<Portal>();

caseRoutes.get('/cases', async (c) => {
  const { account, memberships } = person(c);
  const { seats, begun } = await c.var.directory.ownOf(account.id);
  const [first] = memberships;
  if (seats.length === 0 && begun.length === 0 && first) return c.redirect(`/desk/${first.lender.slug}`, 303);
  const lenders = new Map([...seats.map(({ lender }) => lender), ...begun].map((lender) => [lender.id, lender]));
  const lists = await Promise.all(
    [...lenders.values()].map(async (lender) => {
      const ids = seats.filter((seat) => seat.lender.id === lender.id).map((seat) => seat.case);
      const found = await openCasebook(c.var.env, admitBorrower(account, lender)).own(ids, account.id);
      return { cases: found.cases.map((row) => ({ ...row, lenderName: lender.name })), drafts: begunOf(lender, found.drafts) };
    }),
  );
  const cases = lists.flatMap((list) => list.cases).sort((a, b) => b.lastAt.localeCompare(a.lastAt));
  const drafts = lists.flatMap((list) => list.drafts).sort(newestFirst);
  return page(c, CasesPage({ view: c.var.view, cases, drafts }));
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
