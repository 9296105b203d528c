import { Hono } from 'hono';
import { VacatePage } from '../../web/pages/vacate.tsx';
import { refusalText } from '../../web/words/index.ts';
import { offered } from '../negotiation/command.ts';
import { commands as life } from '../negotiation/life.ts';
import { may } from '../negotiation/seats.ts';
import { isVacated } from '../negotiation/stage.ts';
import { goOn } from './give.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** Putting out whoever joined a case by the contract and is not its borrower, and the case that goes on in its place. */

export const vacateRoutes = new Hono<Portal>();

const AT = '/cases/:case/vacate';

/** The form; or, of a case of which somebody was put out, the way to the one that goes on. */
vacateRoutes.get(AT, async (c) => {
  const opened = await openCase(c);
  return showVacate(c, opened) ?? c.redirect(`/cases/${opened.id}`, 303);
});

/** To the case that goes on. It is opened with what ends this one: this makes up for a crash in between. */
vacateRoutes.post(AT, async (c) => {
  const opened = await openCase(c);
  const anew = await goOn(c, opened.admission);
  if (!anew) throw notFound();
  if (anew.ok) return c.redirect(`/cases/${anew.case}`, 303);
  return page(c, VacatePage({ ...propsOf(c, opened), error: refusalText(c.var.view.words, anew.refusal) }), 409);
});

/** Null where nobody can be put out by who looks, nor has been. */
export function showVacate(c: C, opened: OpenCase, status: 200 | 422 = 200): Response | null {
  const { kase, situation } = opened;
  const isLender = situation.seat.side === 'lender' && may(situation.seat, life.vacate.needs, situation.at);
  const isShown = isLender && (isVacated(kase) || offered(kase, life.vacate, situation));
  return isShown ? page(c, VacatePage(propsOf(c, opened)), status) : null;
}

const propsOf = (c: C, { id, row, kase }: OpenCase) => ({ view: c.var.view, id, number: row.number, kase });
