import { Hono } from 'hono';
import { CasePage } from '../../web/pages/case.tsx';
import { CasesPage } from '../../web/pages/cases.tsx';
import { MediatorCasePage } from '../../web/pages/mediator-case.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { instant, MINUTE } from '../clock.ts';
import { offered } from '../negotiation/command.ts';
import { commands as life } from '../negotiation/life.ts';
import { bySoonest, dated } from '../negotiation/own-cases.ts';
import { debtToOffer } from '../negotiation/proposal.ts';
import { look } from '../store/looks.ts';
import { openOwn } from '../store/open.ts';
import { begunOf, foundBeside, newestFirst } from './drafts.ts';
import { listOf } from './inbox.ts';
import { standingInvitations } from './invite.ts';
import { type C, type OpenCase, openCase, openShared, type Portal, page, pageBefore, person } from './portal.ts';
import { groundOf, neutral } from './proposals.ts';
import { returnedForm } from './returned.ts';
import { unsentIn } from './unsent.ts';

/** A borrower's cases, and the thread of one. */

export const caseRoutes = new Hono<Portal>();

caseRoutes.get('/cases', async (c) => {
  const { account, memberships } = person(c);
  const { seats, begun, admissions } = await c.var.directory.ownOf(account.id, instant());
  const [first] = memberships;
  if (seats.length === 0 && begun.length === 0 && first) return c.redirect(`/desk/${first.lender.slug}`, 303);
  const lists = await Promise.all(
    admissions.map(async (admission) => {
      const { lender } = admission;
      const found = await openOwn(c.var.env, admission).list();
      const as = new Map(seats.map((seat) => [seat.case, seat.capacity === 'borrower' ? null : seat]));
      const rows = found.cases.map((row) => ({ ...row, lenderName: lender.name, acting: as.get(row.id) ?? null }));
      const gone = found.gone.map((id) => ({ id, lenderName: lender.name }));
      return { cases: dated(rows, found.policy, instant()), gone, drafts: begunOf(lender, found.drafts) };
    }),
  );
  const cases = lists.flatMap((list) => list.cases).sort(bySoonest);
  const drafts = lists.flatMap((list) => list.drafts).sort(newestFirst);
  const found = await foundBeside(c, account.id, drafts);
  return page(c, CasesPage({ view: c.get('view'), cases, gone: lists.flatMap((list) => list.gone), found, drafts }));
});

caseRoutes.get('/cases/:case', async (c) => {
  const form = await returnedForm(c, `/cases/${c.req.param('case')}`);
  if (form) return showWhy(c, form);
  const opened = await openShared(c, pageBefore(c));
  const { kase, situation, id } = opened;
  // While nobody has joined, the lender's people find its invitation again, to hand it over.
  const waits = situation.seat.side === 'lender' && kase.borrowerName === null && offered(kase, life.invite, situation);
  const invitation = waits ? (await standingInvitations(c, [id])).get(id) : undefined;
  return showCase(c, opened, invitation ? { invitation: { ...invitation, again: true } } : {});
});

/** The page of a case with why something was refused on top that is no form of it, such as a document. */
export async function showWhy(c: C, form: Filled) {
  const refused = { command: 'custody.exported', form, at: null, lost: { whole: true, names: [] } };
  c.set('view', { ...c.var.view, refused });
  return showCase(c, await openCase(c), { status: 422 });
}

type Shown = { status?: 200 | 422; invitation?: { link: string; hint: string; again?: true } };

export async function showCase(c: C, opened: OpenCase, { status = 200, invitation }: Shown) {
  const { id, row, kase, entries, more, own, situation } = opened;
  const paged = entries.at(-1)?.seq !== kase.seq;
  const { neutral: between } = opened;
  const unsent = await unsentIn(opened);
  if (between) {
    const shown = { view: c.get('view'), id, number: row.number, kase, entries, more, paged, situation, neutral: between, unsent };
    return page(c, MediatorCasePage(shown), status);
  }
  const care = c.req.query('care') !== undefined;
  const beside = besideOf(c, opened);
  return page(
    c,
    CasePage({
      view: c.get('view'),
      id,
      number: row.number,
      lender: row.lender,
      kase,
      entries,
      more,
      paged,
      own,
      situation,
      invitation,
      care,
      beside,
      unsent,
      weighed: weighedIn(opened),
    }),
    status,
  );
}

/** What one of the lender's people sees of their list, of others and of what is new to them; that they looked is written once the page has left. */
function besideOf(c: C, { id, row, admission, casefile, readers, situation: { seat, at, readOnly } }: OpenCase) {
  if (seat.side !== 'lender') return undefined;
  const asked = c.req.query('list');
  const now = instant();
  const by = { case: id, account: seat.account, name: seat.name, seq: row.seq, at: now };
  const looked = look(readers, { ...by, list: asked === undefined ? null : listOf(asked) });
  if (looked.row && !readOnly && admission.lender.pausedAt === null) c.executionCtx.waitUntil(casefile.keepReader(looked.row));
  const minutes = (since: string) => Math.floor((Date.parse(at) - Date.parse(since)) / MINUTE);
  const others = looked.others.map((one) => ({ ...one, minutes: minutes(one.at) }));
  return { since: looked.since, list: looked.list, others };
}

/** What the lender's people weigh while a case is negotiated; nothing where nobody has said what is owed. */
function weighedIn(opened: OpenCase) {
  const { kase, situation } = opened;
  if (situation.seat.side !== 'lender' || kase.stage !== 'negotiating' || !debtToOffer(kase, situation.today)) return undefined;
  const ground = groundOf(opened);
  return { ground, yardstick: neutral(ground, situation.today) };
}
