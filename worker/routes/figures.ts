import { Hono } from 'hono';
import { DebtPage, MeansPage } from '../../web/pages/figures.tsx';
import { meansValues, withLines } from '../../web/parts/means.tsx';
import type { RowDone } from '../../web/parts/row.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import type { Typed } from '../negotiation/form.ts';
import { unkept } from './kept.ts';
import { type C, formOf, type OpenCase, openCase, openShared, type Portal, page } from './portal.ts';
import { againAt, comeBack, isAgain, returnedAt } from './returned.ts';
import { rowDone } from './rows.ts';

/** The figures of a case: the debt as each side states it, and the statement of means. */

export const figureRoutes = new Hono<Portal>();

figureRoutes.get('/cases/:case/debt', async (c) => showDebt(c, await openCase(c)));

export function showDebt(c: C, { kase, situation, id, row }: OpenCase, status: 200 | 422 = 200) {
  return page(c, DebtPage({ view: c.var.view, id, number: row.number, kase, situation }), status);
}

figureRoutes.get('/cases/:case/means', async (c) => {
  const opened = await openShared(c);
  const typed = isAgain(c) ? await returnedAt(c, typedMeansAt(opened)) : null;
  if (typed) return showLines(c, opened, typed.values);
  return showMeans(c, opened, { editing: c.req.query('edit') === '1', done: rowDone(c) });
});

const typedMeansAt = ({ id }: Pick<OpenCase, 'id'>) => againAt(`/cases/${id}/means?edit=1`);

/** "Add a row": the form again with one row more in the group. Nothing is sent. */
figureRoutes.post('/cases/:case/means', async (c) => {
  const values = unkept(await formOf(c));
  const opened = await openCase(c);
  return comeBack(c, typedMeansAt(opened), { values }, () => showLines(c, opened, values));
});

function showLines(c: C, opened: OpenCase, values: Typed) {
  const group = /^add-row:means\.(\w+)$/.exec(values.get('action')?.[0] ?? '')?.[1];
  return showMeans(c, opened, { editing: true, form: { values, errors: {} }, extra: group });
}

type Shown = { editing?: boolean; form?: Filled; extra?: string | undefined; done?: RowDone | null };

export function showMeans(c: C, { kase, situation, id, row }: OpenCase, shown: Shown, status: 200 | 422 = 200) {
  const { view } = c.var;
  const refused = view.refused?.command === 'means.submit' ? view.refused.form : null;
  const known = filled(kase.means ? meansValues(kase.means.statement) : { 'means.dependants': 0 });
  const form = withLines(refused ?? shown.form ?? known, shown.extra);
  const editing = shown.editing || refused !== null || (!kase.means && situation.seat.side === 'borrower');
  return page(c, MeansPage({ view, id, number: row.number, kase, situation, form, editing, done: shown.done ?? null }), status);
}
