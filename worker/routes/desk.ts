import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { DeskNewPage } from '../../web/pages/desk.tsx';
import { InboxPage } from '../../web/pages/inbox.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { faultsText, readBackText, refusalField, refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { type Contact, masked, reachedBy } from '../contact.ts';
import { execute } from '../execute/execute.ts';
import { readForm, type Typed, unseenAmounts, zeroed } from '../negotiation/form.ts';
import { commands as life } from '../negotiation/life.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { withoutInvisible } from '../plan/unseen.ts';
import { digestOf } from '../record/digest.ts';
import { admitFromDesk, admitToDesk } from '../store/admission.ts';
import { MOST_VIEWS } from '../store/inbox.ts';
import { type CaseAdmission, type DeskAdmission, openCaseFile, openDesk } from '../store/open.ts';
import { showCase } from './case.ts';
import { shownAgain } from './commands.ts';
import { instruments, requestIdOf } from './give.ts';
import { addressOf, choosing, inboxOf } from './inbox.ts';
import { deskWith } from './institution.ts';
import { addressee, sendInvitation } from './invite.ts';
import { unkept } from './kept.ts';
import { type C, formOf, notFound, openCase, opened, type Portal, page, person } from './portal.ts';
import { refusedAt, returnedForm, retyped, type Said, statusOf } from './returned.ts';

/** A lender's desk, opening a case for a borrower, and inviting them. */

export const deskRoutes = new Hono<Portal>();

/** The membership that the path names, or 404: another lender's desk is not known to exist. */
export function desk(c: C): DeskAdmission {
  const admission = admitToDesk(person(c), c.req.param('lender') ?? '');
  if (!admission) throw notFound();
  return admission;
}

/** The list of a choice of cases. */
const listAt = ({ lender }: DeskAdmission, query: string) => `/desk/${lender.slug}${query ? `?${query}` : ''}`;

deskRoutes.get('/desk/:lender', async (c) => {
  const admission = desk(c);
  const naming = await returnedForm(c, listAt(admission, addressOf(choosing((name) => c.req.query(name)))));
  return page(c, InboxPage(await inboxOf(c, admission, naming ? { naming } : {})), naming ? statusOf(naming) : 200);
});

/** Characters of the name of a choice of cases, and of the address that it stands for. */
const VIEW_NAME = 40;
const MOST_QUERY = 1_000;

/** Names a choice of cases, or forgets a name. */
deskRoutes.post('/desk/:lender/views', async (c) => {
  const values = await formOf(c);
  const admission = desk(c);
  const book = openDesk(c.var.env, admission);
  const { account } = admission.seat;
  const name = withoutInvisible((values.get('name')?.[0] ?? '').normalize('NFC')).trim();
  const asked = new URLSearchParams((values.get('query')?.[0] ?? '').slice(0, MOST_QUERY));
  const query = addressOf(choosing((field) => asked.get(field) ?? undefined));
  const shown = listAt(admission, query);
  const again = (said: Said) =>
    refusedAt(c, shown, values, said, async (naming) => page(c, InboxPage(await inboxOf(c, admission, { query: asked, naming })), 422));
  const act = values.get('do')?.[0];
  const was = values.get('was')?.[0] ?? name;
  if (act === 'drop') {
    await book.dropView(account, was);
    return c.redirect(shown, 303);
  }
  if (name === '' || name.length > VIEW_NAME) return again(({ inbox }) => ({ name: inbox.viewBad({ most: VIEW_NAME }) }));
  if (act === 'rename' && !(await book.renameView(account, was, name))) return again(({ inbox }) => ({ name: inbox.viewTaken({ name }) }));
  if (act !== 'rename' && !(await book.nameView(account, { name, query })))
    return again(({ inbox }) => ({ name: inbox.viewsFull({ most: MOST_VIEWS }) }));
  return c.redirect(shown, 303);
});

deskRoutes.get('/desk/:lender/views', (c) => c.redirect(`/desk/${desk(c).lender.slug}`, 303));

/** From which row of a list on, as an address asks. */
export function keyOf(from: string | undefined): { lastAt: string; id: string } | undefined {
  const [lastAt, id] = (from ?? '').split(' ');
  return lastAt && id ? { lastAt: lastAt.slice(0, 40), id: id.slice(0, 40) } : undefined;
}

const newAt = ({ slug }: DeskAdmission['lender']) => `/desk/${slug}/new`;

deskRoutes.get('/desk/:lender/new', async (c) => {
  const { lender } = deskWith(c, 'invite');
  const form = (await returnedForm(c, newAt(lender))) ?? filled({ 'debt.debt.asOf': dayOf(instant(), HOME.zone) });
  return page(c, DeskNewPage({ view: c.var.view, lender, form }), statusOf(form));
});

deskRoutes.post('/desk/:lender/new', async (c) => {
  const typed = await formOf(c);
  const admission = deskWith(c, 'invite');
  const { lender } = admission;
  const values: Typed = new Map([...typed, ['lenderName', [lender.name]]]);
  const draw = (form: Filled) => page(c, DeskNewPage({ view: c.var.view, lender, form }), 422);
  const again = (said: Said) => refusedAt(c, newAt(lender), values, said, draw);
  const read = readForm(life.openByLender.input, zeroed(values, 'debt.debt'));
  const to = await addressee(c, lender, values);
  if (!read.ok || 'fault' in to) {
    return again((words) => ({
      ...(read.ok ? {} : faultsText(words, read.issues)),
      ...('fault' in to ? { contact: to.fault(words) } : {}),
    }));
  }
  const unseen = unseenAmounts(life.openByLender.input, values);
  if (Object.keys(unseen).length > 0) return again((words) => readBackText(words, unseen));
  const reached = reachedBy(c.var.env, to.contact, instant());
  const requestId = requestIdOf(values);
  // The case's id follows from the request, so that sending twice opens one case.
  const caseId = digestOf(`${admission.seat.account}:${lender.id}:${requestId}`).slice(0, 32);
  const into = admitFromDesk(admission, caseId);
  const outcome = await execute({
    admission: into,
    casefile: openCaseFile(c.var.env, into),
    command: life.openByLender.name,
    input: read.input,
    // Sent again to another contact, it is another request: what the record says of where the invitation went stays true.
    requestId: `${admission.seat.account}:${requestId}:${reached.contact.slice(0, 16)}`,
    reached,
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    const { refusal } = outcome;
    const field = refusalField(refusal);
    return again((words) => ({ [field.startsWith('debt.') ? `debt.${field}` : field]: refusalText(words, refusal) }));
  }
  return invite(c, into, to.contact, requestId);
});

deskRoutes.get('/desk/:lender/typed', (c) => c.redirect(`/desk/${deskWith(c, 'invite').lender.slug}/new`, 303));

/** The form as it was typed; nothing is opened. */
deskRoutes.post('/desk/:lender/typed', async (c) => {
  const values = unkept(await formOf(c));
  const { lender } = deskWith(c, 'invite');
  return retyped(c, newAt(lender), values, (form) => page(c, DeskNewPage({ view: c.var.view, lender, form: { ...form, again: true } })));
});

/** A new invitation for a borrower who has not joined; earlier ones stay good until they are used or too old. */
deskRoutes.post('/cases/:case/invitation', async (c) => {
  const values = await formOf(c);
  const shown = await openCase(c);
  const { admission, casefile, doubts } = shown;
  if (doubts.length > 0) throw new HTTPException(409);
  if (admission.seat.side !== 'lender') throw notFound();
  const again = (said: Said) => shownAgain(c, shown, life.invite, values, said);
  const to = await addressee(c, admission.lender, values);
  if ('fault' in to) return again((words) => ({ contact: to.fault(words) }));
  const reached = reachedBy(c.var.env, to.contact, instant());
  const requestId = requestIdOf(values);
  const outcome = await execute({
    admission,
    casefile,
    command: life.invite.name,
    input: {},
    requestId: `${admission.seat.account}:${requestId}:${reached.contact.slice(0, 16)}`,
    reached,
    ...(await instruments(c)),
  });
  if (!outcome.ok) return again((words) => ({ '': refusalText(words, outcome.refusal) }));
  return invite(c, admission, to.contact, requestId);
});

/** Sends the invitation to its contact, and shows the link to who invites. */
async function invite(c: C, admission: CaseAdmission, contact: Contact, requestId: string) {
  const link = await sendInvitation(c, admission, { contact, capacity: 'borrower', requestId, seenTo: admission.lender.id });
  const casefile = openCaseFile(c.var.env, admission);
  const read = await casefile.read();
  if (!read) throw notFound();
  return showCase(c, opened(c, admission, casefile, read), { invitation: { link, hint: masked(contact) } });
}
