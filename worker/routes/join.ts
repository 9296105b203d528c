import { Hono } from 'hono';
import { GonePage, JoinPage, type JoinProps } from '../../web/pages/desk.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { mediationText } from '../../web/telling/mediation.ts';
import { authorityText } from '../../web/telling/representation.ts';
import { faultsText, refusalText, type Words } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { contactIn, contactOf, contactText, masked, reachedBy } from '../contact.ts';
import { announceOf } from '../execute/announce.ts';
import { tellDeeds } from '../execute/deeds.ts';
import { execute } from '../execute/execute.ts';
import { known } from '../negotiation/case.ts';
import type { Typed } from '../negotiation/form.ts';
import { commands as life } from '../negotiation/life.ts';
import { standingMediation, wroteForSide } from '../negotiation/mediated.ts';
import { commands as mediation } from '../negotiation/mediation.ts';
import { appointmentStands, commands as representation } from '../negotiation/representation.ts';
import { seated } from '../negotiation/seated.ts';
import { isVacated } from '../negotiation/stage.ts';
import { PartyName } from '../negotiation/text.ts';
import { digestOf } from '../record/digest.ts';
import type { Account } from '../store/accounts.ts';
import { admitBeside, admitBetween } from '../store/admission.ts';
import { openCaseFile, publishedBy } from '../store/open.ts';
import { isBothSides } from '../store/seats.ts';
import { value } from './arrival.ts';
import { askForCode, forgetToken, pendingCode, sendCode, typedCode } from './codes.ts';
import { instruments } from './give.ts';
import { type C, formOf, type Portal, page, person } from './portal.ts';
import { refusedAt, returnedForm, retyped, type Said, statusOf } from './returned.ts';

/**
 * Taking up an invitation. Looking at it does not use it up, and shows nothing of a case. A borrower's seat is taken by who has the contact to which the
 * invitation was sent: it is their account's own, or they type a code that goes there.
 */

export const joinRoutes = new Hono<Portal>();

type Found = NonNullable<Awaited<ReturnType<typeof invitation>>>;

/** An invitation that this person can use. One to a case that names no contact is from before contacts were proved: it opens nothing. */
async function invitation(c: C) {
  const id = digestOf((c.req.param('token') ?? '').slice(0, 100));
  const found = await c.var.directory.invitation(id, c.var.visit?.account.id ?? '', instant());
  return found && (found.invitation.case === null || found.invitation.contact) ? found : null;
}

const isOwn = (account: Account, contact: string) => contactText(contactIn(account)) === contact;

const gone = (c: C) => page(c, GonePage({ view: c.var.view }), 404);

/** Whether the person works for the lender of the case that they are invited to: they can have no code sent to them, nor join. */
const worksFor = (c: C, { invitation: to, lender }: Found) =>
  to.case !== null && (c.var.visit?.memberships ?? []).some((one) => one.lender.id === lender.id);

const bothSides = (c: C, { lender }: Found) => ({ text: c.var.view.words.join.bothSides({ lender: lender.name }) });

/** What the person has to do to join: nothing more, have a code sent, or type it. */
async function show(
  c: C,
  found: Found,
  error: { text?: string; values?: Typed; errors?: Filled['errors'] } | null = null,
  status: 200 | 409 | 422 | 429 = 200,
): Promise<Response> {
  const { invitation: to, lender } = found;
  const account = c.var.visit?.account;
  const contact = to.contact ?? '';
  const pending = account && contact && !isOwn(account, contact) ? await pendingCode(c, 'join') : null;
  const sent = pending?.code.invitation === to.id && pending.code.account === account?.id;
  const { values = new Map([['name', [account?.name ?? '']]]) } = error ?? {};
  const form: Filled = { values, errors: error?.errors ?? (error?.text ? { '': error.text } : {}) };
  const way: JoinProps['way'] = worksFor(c, found)
    ? 'none'
    : !contact || (account && isOwn(account, contact))
      ? 'join'
      : sent
        ? 'code'
        : 'prove';
  const hint = contact ? masked(contactOf(contact)) : null;
  const authority = way === 'join' && account ? await authorityFor(c, found, account) : null;
  const published = await publishedBy(c.var.env, lender);
  const marked = published && { slug: lender.slug, name: lender.name, logo: published.policy.lender.logo };
  const token = c.req.param('token') ?? '';
  const props = { view: c.var.view, token, lender: lender.name, marked, capacity: to.capacity, hint, way, form };
  return page(c, JoinPage({ ...props, authority }), status);
}

const pathOf = (c: C) => `/join/${encodeURIComponent(c.req.param('token') ?? '')}`;

/** The same page with what is wrong with what was typed in it. */
const again = (c: C, found: Found, values: Typed, said: Said) => refusedAt(c, pathOf(c), values, said, (form) => show(c, found, form, 422));

/** The contact of a person to whom an invitation went, as the record holds it. */
const reachedAt = (c: C, contact: string, at: string) => reachedBy(c.var.env, contactOf(contact), at);

/** What a person who has the contact would accept: a letter of authority as it was signed, or between whom they would mediate; null where nothing waits any more. */
async function authorityFor(c: C, { invitation: to, lender }: Found, account: Account): Promise<string[] | null> {
  if (to.case === null || to.contact === null) return null;
  if (to.capacity === 'mediator') return mediationFor(c, { invitation: to, lender }, account);
  if (to.capacity !== 'representative') return null;
  const casefile = openCaseFile(c.var.env, admitBeside(to.case, account, lender));
  const { kase, record } = await casefile.load('', { whole: true });
  const now = instant();
  const reached = reachedAt(c, to.contact, now);
  // Whom somebody invited who has been put out, or whose authority was taken back, is shown nothing of the case.
  const standing = isVacated(kase) ? [] : kase.representatives.filter((one) => appointmentStands(one, now)).map(({ seq }) => seq);
  const appointed = (record?.entries ?? []).flatMap((sealed) => {
    const entry = standing.includes(sealed.seq) ? known(sealed) : null;
    return entry?.kind === 'representative.appointed' && entry.content?.to.contact === reached.contact ? [entry.content] : [];
  });
  const newest = appointed.at(-1);
  return newest ? authorityText(newest, null, c.var.view.words) : null;
}

/** Between whom somebody would mediate, so that they can tell whether they are neutral before they see anything. */
async function mediationFor(c: C, { invitation: to, lender }: Found, account: Account): Promise<string[] | null> {
  const { case: caseId, contact } = to;
  if (caseId === null || contact === null) return null;
  const { kase } = await openCaseFile(c.var.env, admitBetween(caseId, account, lender)).load('');
  const now = instant();
  const one = standingMediation(kase, now);
  if (one?.state !== 'admitted' || one.to.contact !== reachedAt(c, contact, now).contact) return null;
  return mediationText({ kase, name: one.name }, c.var.view.words);
}

joinRoutes.get('/join/:token', async (c) => {
  const found = await invitation(c);
  if (!found) return gone(c);
  if (worksFor(c, found)) return show(c, found, bothSides(c, found), 409);
  const form = c.var.visit ? await returnedForm(c, pathOf(c)) : null;
  return show(c, found, form, form ? statusOf(form) : 200);
});

/** The form as it was typed, but for the code; nothing is done. */
joinRoutes.post('/join/:token/typed', async (c) => {
  const found = await invitation(c);
  return found ? retyped(c, pathOf(c), await formOf(c), (form) => show(c, found, form)) : gone(c);
});

joinRoutes.get('/join/:token/typed', (c) => c.redirect(pathOf(c), 303));

joinRoutes.get('/join/:token/code', (c) => c.redirect(pathOf(c), 303));

joinRoutes.post('/join/:token/code', async (c) => {
  const { account } = person(c);
  const found = await invitation(c);
  if (!found?.invitation.contact) return gone(c);
  if (worksFor(c, found)) return show(c, found, bothSides(c, found), 409);
  const contact = contactOf(found.invitation.contact);
  const { tooMany, digits } = await askForCode(c, contact, 'join');
  if (tooMany) return show(c, found, { text: c.var.view.words.account.tooMany }, 429);
  await sendCode(c, { purpose: 'join', contact, digits, account, invitation: found.invitation.id, letter: 'code' });
  return c.redirect(pathOf(c), 303);
});

joinRoutes.post('/join/:token', async (c) => {
  person(c);
  const found = await invitation(c);
  if (!found) return gone(c);
  try {
    const { capacity } = found.invitation;
    if (capacity === 'representative' || capacity === 'mediator') return await takePlace(c, found, capacity);
    return capacity === 'borrower' ? await takeSeat(c, found) : await takePost(c, found);
  } catch (thrown) {
    if (!isBothSides(thrown)) throw thrown;
    return show(c, found, bothSides(c, found), 409);
  }
});

async function takePost(c: C, found: Found) {
  const { account } = person(c);
  const { invitation: to, lender } = found;
  const { env, directory } = c.var;
  // The first administrator's link goes from hand to hand; every other is for who has the contact that it was sent to.
  if (to.contact && !isOwn(account, to.contact)) {
    const values = await formOf(c);
    const tried = await typedFor(c, found, values);
    if ('fault' in tried) return again(c, found, values, (words) => ({ code: tried.fault(words) }));
  }
  if (!(await directory.takePost(to, account, randomId(), instant()))) return gone(c);
  const { key, random } = await instruments(c);
  await tellDeeds(env, directory, lender, { key, random });
  return c.redirect(`/desk/${lender.slug}`, 303);
}

/**
 * The record first: it says who acts, and the seat is the door. Both are repeatable, so that whoever comes again after a crash is let in.
 */
async function takePlace(c: C, found: Found, capacity: 'representative' | 'mediator') {
  const { account } = person(c);
  const { invitation: to, lender } = found;
  const { case: caseId, contact } = to;
  if (caseId === null || contact === null) return gone(c);
  if (worksFor(c, found)) return show(c, found, bothSides(c, found), 409);
  const values = await formOf(c);
  if (capacity === 'mediator' && value(values, 'neutral') !== 'yes')
    return again(c, found, values, (words) => ({ neutral: words.mediation.neutralNeeded }));
  let at = account.confirmedAt ?? account.createdAt;
  if (!isOwn(account, contact)) {
    const tried = await typedFor(c, found, values);
    if ('fault' in tried) return again(c, found, values, (words) => ({ code: tried.fault(words) }));
    at = tried.at;
  }
  const admission = capacity === 'mediator' ? admitBetween(caseId, account, lender) : admitBeside(caseId, account, lender);
  const command = capacity === 'mediator' ? mediation.accept : representation.accept;
  const casefile = openCaseFile(c.var.env, admission);
  const record = capacity === 'mediator' ? await casefile.record() : null;
  const authors = (record?.entries ?? []).flatMap((entry) => known(entry)?.author ?? []);
  if (wroteForSide(authors, account.id)) return show(c, found, { text: refusalText(c.var.view.words, { code: 'mediation.party' }) }, 409);
  const outcome = await execute({
    admission,
    casefile,
    command: command.name,
    input: {},
    requestId: `join:${to.id}:${account.id}`,
    reached: reachedAt(c, contact, at),
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    const text = refusalText(c.var.view.words, outcome.refusal);
    return outcome.refusal.code === 'seat.may-not' ? gone(c) : show(c, found, { text }, 409);
  }
  const { kase } = await casefile.load('');
  const { scope = null, until = null } = seated(kase, admission.seat);
  await c.var.directory.takePlace({ ...to, case: caseId }, account.id, { capacity, scope, until }, instant());
  c.executionCtx.waitUntil(announceOf(c.var.env, lender, outcome.case));
  return c.redirect(`/cases/${caseId}`, 303);
}

/** Uses up the code that was sent for this invitation and this person: when it was typed, or what is wrong with it. */
async function typedFor(c: C, { invitation: to }: Found, values: Typed): Promise<{ at: string } | { fault: (words: Words) => string }> {
  const tried = await typedCode(c, 'join', value(values, 'code'));
  if ('wrong' in tried) return { fault: ({ account }) => (tried.wrong === 'many' ? account.tooManyCodes : account.wrongCode) };
  if (tried.code.invitation !== to.id || tried.code.account !== person(c).account.id) return { fault: ({ account }) => account.wrongCode };
  const at = instant();
  await c.var.directory.useCode(tried.code, at);
  forgetToken(c);
  return { at };
}

async function takeSeat(c: C, found: Found) {
  const { account } = person(c);
  const { invitation: to, lender } = found;
  const { case: caseId, contact } = to;
  if (!caseId || !contact) return gone(c);
  const values = await formOf(c);
  const { words } = c.var.view;
  const name = PartyName.safeParse(value(values, 'name'));
  if (!name.success) {
    const issues = name.error.issues.map((issue) => ({ path: 'name', issue, as: 'text' as const }));
    return again(c, found, values, (words) => ({ name: words.issue.missing, ...faultsText(words, issues) }));
  }
  const now = instant();
  let at = account.confirmedAt ?? account.createdAt;
  if (!isOwn(account, contact)) {
    const tried = await typedFor(c, found, values);
    if ('fault' in tried) return again(c, found, values, (words) => ({ code: tried.fault(words) }));
    at = tried.at;
  }
  // The seat comes first: it is one person's alone, while a case joined by two could not be put right.
  const taken = await c.var.directory.takeSeat(found, account, now);
  if (!taken) return gone(c);
  const { admission, isNew } = taken;
  const casefile = openCaseFile(c.var.env, admission);
  const outcome = await execute({
    admission,
    casefile,
    command: life.join.name,
    input: { name: name.data },
    requestId: `join:${to.id}`,
    reached: reachedBy(c.var.env, contactOf(contact), at),
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    // The seat was theirs before, by another link or by this one: it stays, and leads to the case.
    if (!isNew) return c.redirect(`/cases/${caseId}`, 303);
    // Many write at this very moment: they can send it again, and another request of theirs may be joining by the same seat.
    if (outcome.refusal.code === 'case.busy') return show(c, found, { text: refusalText(words, outcome.refusal), values }, 409);
    // They had joined at the same moment, by another link or by this one under another name: so the seat is theirs.
    const { kase } = await casefile.load('');
    if (kase.borrowerAccount === account.id) return c.redirect(`/cases/${caseId}`, 303);
    // Somebody else had joined, or the case is closed: this link opens nothing.
    await c.var.directory.dropSeat(account.id, caseId);
    return gone(c);
  }
  c.executionCtx.waitUntil(announceOf(c.var.env, lender, outcome.case));
  return c.redirect(`/cases/${caseId}`, 303);
}
