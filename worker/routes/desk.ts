import { Hono } from 'hono';
import { DeskPage } from '../../web/pages/cases.tsx';
import { DeskNewPage, GonePage, JoinPage } from '../../web/pages/desk.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { faultsText, refusalField, refusalText } from '../../web/words/index.ts';
import { randomToken } from '../chance.ts';
import { DAY, dayInChina, instant, later } from '../clock.ts';
import { execute } from '../execute.ts';
import { announce } from '../jobs/mail.ts';
import { commands as life } from '../negotiation/life.ts';
import { digestOf } from '../record/digest.ts';
import { admissions, admitBorrower } from '../store/directory.ts';
import { type Admission, openCasebook } from '../store/open.ts';
import { showCase } from './case.ts';
import { readForm, type Typed } from './form.ts';
import { instruments, requestIdOf } from './give.ts';
import { unkept } from './kept.ts';
import { type C, formOf, notFound, openCase, type Portal, page, person, situation } from './portal.ts';

/** A lender's desk, opening a case for a borrower, and invitations. */

export const deskRoutes = new Hono<Portal>();

const INVITATION_LIFE = 14 * DAY;

/** The membership that the path names, or 404: another lender's desk is not known to exist. */
function desk(c: C): Admission {
  const slug = c.req.param('lender');
  const admission = admissions(person(c)).find(({ lender, seat }) => lender.slug === slug && seat.side === 'lender');
  if (!admission) throw notFound();
  return admission;
}

deskRoutes.get('/desk/:lender', async (c) => {
  const admission = desk(c);
  const shown = c.req.query('show');
  const tab = shown === 'them' || shown === 'all' ? shown : 'us';
  const text = (c.req.query('text') ?? '').slice(0, 60).trim();
  const filter = text ? { text } : { awaited: ({ us: 'lender', them: 'borrower', all: undefined } as const)[tab] };
  const { cases, more } = await openCasebook(c.var.env, admission).list(filter, keyOf(c.req.query('from')));
  const last = cases.at(-1);
  const next = more && last ? `?${new URLSearchParams({ show: tab, ...(text ? { text } : {}), from: `${last.lastAt} ${last.id}` })}` : null;
  return page(c, DeskPage({ view: c.var.view, lender: admission.lender, tab, text, cases, next }));
});

function keyOf(from: string | undefined): { lastAt: string; id: string } | undefined {
  const [lastAt, id] = (from ?? '').split(' ');
  return lastAt && id ? { lastAt: lastAt.slice(0, 40), id: id.slice(0, 40) } : undefined;
}

deskRoutes.get('/desk/:lender/new', (c) => {
  const { lender } = desk(c);
  return page(c, DeskNewPage({ view: c.var.view, lender, form: filled({ 'debt.debt.asOf': dayInChina(instant()) }) }));
});

deskRoutes.post('/desk/:lender/new', async (c) => {
  const admission = desk(c);
  const { lender } = admission;
  const values: Typed = new Map([...(await formOf(c)), ['lenderName', [lender.name]]]);
  const { words } = c.var.view;
  const again = (errors: Filled['errors']) => page(c, DeskNewPage({ view: c.var.view, lender, form: { values, errors } }), 422);
  const read = readForm(life.openByLender.input, values);
  if (!read.ok) return again(faultsText(words, read.issues));
  const casebook = openCasebook(c.var.env, admission);
  const requestId = requestIdOf(values);
  // The case's id follows from the request, so that sending twice opens one case.
  const caseId = digestOf(`${admission.seat.account}:${lender.id}:${requestId}`).slice(0, 32);
  const outcome = await execute({
    admission,
    casebook,
    caseId,
    command: life.openByLender.name,
    input: read.input,
    requestId: `${admission.seat.account}:${requestId}`,
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    const field = refusalField(outcome.refusal);
    return again({ [field.startsWith('debt.') ? `debt.${field}` : field]: refusalText(words, outcome.refusal) });
  }
  return invite(c, caseId, admission);
});

/** The form as it was typed; nothing is opened. */
deskRoutes.post('/desk/:lender/typed', async (c) => {
  const { lender } = desk(c);
  return page(c, DeskNewPage({ view: c.var.view, lender, form: { values: unkept(await formOf(c)), errors: {}, again: true } }));
});

/** A new link for a borrower who has not joined; earlier ones stay good until they are used or too old. */
deskRoutes.post('/cases/:case/invitation', async (c) => {
  const { id, admission, kase } = await openCase(c);
  if (admission.seat.side !== 'lender' || kase.borrowerName !== null) throw notFound();
  return invite(c, id, admission);
});

async function invite(c: C, caseId: string, admission: Admission) {
  const { lender } = admission;
  const token = randomToken();
  const now = instant();
  await c.var.directory.addInvitation({
    id: digestOf(token),
    lender: lender.id,
    case: caseId,
    capacity: 'borrower',
    createdAt: now,
    expiresAt: later(now, INVITATION_LIFE),
    usedAt: null,
    usedBy: null,
  });
  const casebook = openCasebook(c.var.env, admission);
  const read = await casebook.read(caseId);
  if (!read) throw notFound();
  const opened = { ...read, id: caseId, admission, casebook, situation: situation(admission, read.policy, read.kase.lastAt) };
  // The link is shown here, once: what is kept is its digest.
  return showCase(c, opened, { invitation: `${c.var.env.origin}/join/${token}` });
}

deskRoutes.get('/join/:token', async (c) => {
  const found = await invitation(c);
  if (!found) return page(c, GonePage({ view: c.var.view }), 404);
  return page(
    c,
    JoinPage({ view: c.var.view, token: c.req.param('token'), lender: found.lender.name, capacity: found.invitation.capacity }),
  );
});

const invitation = (c: C) =>
  c.var.directory.invitation(digestOf((c.req.param('token') ?? '').slice(0, 100)), c.var.visit?.account.id ?? '', instant());

deskRoutes.post('/join/:token', async (c) => {
  const { account } = person(c);
  const found = await invitation(c);
  const now = instant();
  if (!found || !(await c.var.directory.useInvitation(found.invitation.id, account.id, now))) {
    return page(c, GonePage({ view: c.var.view }), 404);
  }
  const { lender, invitation: to } = found;
  if (to.capacity !== 'borrower') {
    await c.var.directory.addStaff({ account: account.id, lender: lender.id, capacity: to.capacity, since: now });
    return c.redirect(`/desk/${lender.slug}`, 303);
  }
  if (!to.case) throw notFound();
  const admission = admitBorrower(account, lender);
  const casebook = openCasebook(c.var.env, admission);
  const outcome = await execute({
    admission,
    casebook,
    caseId: to.case,
    command: life.join.name,
    input: {},
    requestId: `join:${to.id}`,
    ...(await instruments(c)),
  });
  // Somebody has taken the borrower's place already: this link opens nothing.
  if (!outcome.ok) return page(c, GonePage({ view: c.var.view }), 404);
  await c.var.directory.addSeat({ account: account.id, case: to.case, lender: lender.id, capacity: 'borrower', since: now });
  c.executionCtx.waitUntil(announce(c.var.env, lender, casebook));
  return c.redirect(`/cases/${to.case}`, 303);
});
