import { Hono } from 'hono';
import { PolicyEditPage, PolicyPage, PolicyPreviewPage, policyForm, type Row } from '../../web/pages/policy.tsx';
import { type Filled, filled, own } from '../../web/parts/view.ts';
import { faultsText, readBackText, refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { keep } from '../execute/keep.ts';
import { daysOverdue } from '../negotiation/debt.ts';
import { readForm, type Typed, unseenAmounts } from '../negotiation/form.ts';
import type { ActDecided, Institution } from '../negotiation/lender/institution.ts';
import {
  changePolicy,
  confirmPolicy,
  notSecond,
  type PolicyChange,
  type PolicyContext,
  takesTwo,
  withdrawPolicy,
} from '../negotiation/lender/policies.ts';
import { type HeldPolicy, Policy } from '../negotiation/policy.ts';
import { type Beyond, beyondPolicy } from '../negotiation/policy-bounds.ts';
import { PolicyForm, policyFrom } from '../negotiation/policy-form.ts';
import { onTable, scheduleOf } from '../negotiation/proposal.ts';
import { isRefused, type Refused, refuse } from '../negotiation/refusal.ts';
import { may, works } from '../negotiation/seats.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { type DeskAdmission, openDesk, openInstitution } from '../store/open.ts';
import { instruments, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { unkept } from './kept.ts';
import { type C, formOf, type Portal, page, tellBy } from './portal.ts';
import { unproved } from './proof.ts';
import { refusedAt, refusedBy, returnedForm, retyped, type Said } from './returned.ts';

/** A lender's policy: its versions, changing it after a look at what that changes, and the second person's confirmation. */

export const policyRoutes = new Hono<Portal>();

const at = '/desk/:lender/policy' as const;
const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/policy`;
const editAt = (admission: DeskAdmission) => `${pathOf(admission)}/edit`;

const editAgain = (c: C, admission: DeskAdmission, values: Typed, said: Said) =>
  refusedAt(c, editAt(admission), values, said, (form) => edit(c, admission, form));

const showAgain = (c: C, admission: DeskAdmission, values: Typed, said: Said) =>
  refusedAt(c, pathOf(admission), values, said, (form) => show(c, admission, { form }));

policyRoutes.get(at, async (c) => {
  const done = own(c.var.view.words.policy.done, c.req.query('done') ?? '');
  const admission = deskWith(c, 'inspect');
  const form = await returnedForm(c, pathOf(admission));
  return show(c, admission, { ...(done ? { done } : {}), ...(form ? { form } : {}) });
});

/** Every version, what waits for a second person, and what of it one may do. */
async function show(c: C, admission: DeskAdmission, { done, form = filled({}) }: { done?: string; form?: Filled } = {}) {
  const now = instant();
  const { institution, newest, doubts } = await openInstitution(c.var.env, admission).load('');
  if (newest) tellBy(c, newest);
  const versions = await openDesk(c.var.env, admission).policyVersions();
  const rows: Row[] = versions.toReversed().map(({ row, held }) => ({
    version: row.id,
    from: row.holdsFrom,
    policy: held,
    state: row.holdsUntil !== null && row.holdsUntil <= now ? 'past' : row.holdsFrom !== null && row.holdsFrom > now ? 'planned' : 'now',
  }));
  const { seat, lender } = admission;
  const { proposed } = institution;
  const not = proposed && notSecond(proposed, seat.account, await c.var.directory.colleagues(lender.id));
  const status = Object.keys(form.errors).length > 0 ? 422 : 200;
  return page(
    c,
    PolicyPage({
      view: c.var.view,
      lender,
      rows,
      newest,
      proposed,
      form,
      not: may(seat, 'countersign', now) && not ? refusalText(c.var.view.words, not.refused) : null,
      unproven: newest === null || doubts.length > 0,
      may: {
        change: may(seat, 'administer', now) && proposed === null,
        confirm: may(seat, 'countersign', now) && proposed !== null && not === null,
        withdraw: may(seat, 'administer', now) && proposed !== null,
      },
      ...(done ? { done } : {}),
    }),
    status,
  );
}

policyRoutes.get(`${at}/edit`, async (c) => {
  const admission = deskWith(c, 'administer');
  const form = await returnedForm(c, editAt(admission));
  if (form) return edit(c, admission, form);
  const { newest, institution } = await openInstitution(c.var.env, admission).load('');
  if (newest === null || institution.proposed) return c.redirect(pathOf(admission), 303);
  return edit(c, admission, policyForm(newest, todayOf(newest)));
});

const todayOf = (policy: Pick<Policy, 'jurisdiction'>) => dayOf(instant(), lawOf(policy).place.zone);

async function edit(c: C, admission: DeskAdmission, form: Filled) {
  const { lender } = admission;
  const { newest } = await openInstitution(c.var.env, admission).load('');
  const people = await peopleOf(c, admission, newest);
  return page(c, PolicyEditPage({ view: c.var.view, lender, form, newest, people }), Object.keys(form.errors).length > 0 ? 422 : 200);
}

/** Who can have limits of their own, by account, with their names: those who work on cases, and who has some and has left. */
async function peopleOf(c: C, { lender }: DeskAdmission, newest: HeldPolicy | null): Promise<ReadonlyMap<string, string>> {
  const colleagues = await c.var.directory.colleagues(lender.id);
  return new Map([
    ...(newest?.personalAuthority ?? []).map(({ account, name }) => [account, name ?? account] as const),
    ...[...colleagues.values()].flatMap(({ account, name, capacity }) => (works(capacity) ? [[account, name] as const] : [])),
  ]);
}

/** The form as it was typed, such as in the other language; and the way back from the look at what it changes. */
policyRoutes.post(`${at}/typed`, async (c) => {
  const values = unkept(await formOf(c));
  const admission = deskWith(c, 'administer');
  return retyped(c, editAt(admission), values, (form) => edit(c, admission, form));
});
policyRoutes.get(`${at}/typed`, (c) => c.redirect(`${pathOf(deskWith(c, 'administer'))}/edit`, 303));

/** What was typed as a change, or what is wrong with it. */
async function changeOf(c: C, admission: DeskAdmission, values: Typed, newest: HeldPolicy): Promise<PolicyChange | { said: Said }> {
  const read = readForm(PolicyForm, values);
  if (!read.ok) return { said: (words) => faultsText(words, read.issues) };
  const people = await peopleOf(c, admission, newest);
  const unknown = read.input.personalAuthority.findIndex(({ account }) => !people.has(account));
  if (unknown >= 0) return { said: ({ issue }) => ({ [`personalAuthority.${unknown}.account`]: issue.choice }) };
  const whole = Policy.safeParse(policyFrom(read.input, newest, people), { reportInput: true });
  if (!whole.success) {
    const issues = whole.error.issues.map((issue) => ({ path: issue.path.join('.'), issue, as: undefined }));
    return { said: (words) => faultsText(words, issues) };
  }
  const unseen = unseenAmounts(PolicyForm, values);
  if (Object.keys(unseen).length > 0) return { said: (words) => readBackText(words, unseen) };
  return { base: read.input.base, from: read.input.from, policy: whole.data };
}

/** What a change would come to, before anything is written. */
policyRoutes.post(`${at}/edit`, async (c) => {
  const admission = deskWith(c, 'administer');
  const values = await formOf(c);
  const { newest, institution } = await openInstitution(c.var.env, admission).load('');
  if (newest === null) return editAgain(c, admission, values, refusedBy(refuse('lender.unproven').refused));
  const change = await changeOf(c, admission, values, newest);
  if ('said' in change) return editAgain(c, admission, values, change.said);
  const now = instant();
  const context = { at: now, seat: admission.seat, newest };
  const tried = changePolicy(institution, change, context);
  if (isRefused(tried)) return editAgain(c, admission, values, refusedBy(tried.refused));
  const { outside, more } = await outsideOf(c, admission, newest, change.policy);
  const second = takesTwo(institution, change, context);
  return page(
    c,
    PolicyPreviewPage({ view: c.var.view, lender: admission.lender, newest, change, values, outside, looked: more ? MOST : null, second }),
  );
});

const MOST = 500;

/** Offers that wait for an answer and are inside the newest version, but would be outside a new one. */
async function outsideOf(c: C, admission: DeskAdmission, newest: HeldPolicy, policy: Policy) {
  const { cases, more } = await openDesk(c.var.env, admission).openOffers(MOST);
  const now = instant();
  const outside = cases.flatMap(({ id, number, borrower, kase }) => {
    const offer = onTable(kase, now);
    if (!offer) return [];
    const { debt, terms } = offer;
    const disposable = kase.means?.totals.disposable ?? null;
    const on = dayOf(offer.at, lawOf(policy).place.zone);
    const measured = {
      debt,
      terms,
      schedule: scheduleOf(offer),
      disposable,
      daysOverdue: daysOverdue(kase, on),
      today: on,
    };
    const already = new Set(beyondPolicy(newest, measured).map(({ what }) => what));
    const beyond: Beyond['what'][] = beyondPolicy(policy, measured).flatMap(({ what }) => (already.has(what) ? [] : [what]));
    return beyond.length > 0 ? [{ id, number, borrower: borrower ?? '', version: offer.version, beyond }] : [];
  });
  return { outside, more };
}

policyRoutes.post(at, async (c) => {
  const admission = deskWith(c, 'administer');
  const values = await formOf(c);
  const { newest } = await openInstitution(c.var.env, admission).load('');
  if (newest === null) return editAgain(c, admission, values, refusedBy(refuse('lender.unproven').refused));
  const change = await changeOf(c, admission, values, newest);
  if ('said' in change) return editAgain(c, admission, values, change.said);
  const outcome = await writePolicy(c, admission, values, 'policy.change', change, (institution, context) =>
    changePolicy(institution, change, context),
  );
  if (!outcome.ok) return editAgain(c, admission, values, refusedBy(outcome.refusal));
  const set = outcome.entries.some(({ kind }) => kind === 'policy.set');
  return c.redirect(`${pathOf(admission)}?done=${set ? 'set' : 'proposed'}`, 303);
});

policyRoutes.post(`${at}/confirm`, async (c) => {
  const admission = deskWith(c, 'countersign');
  const values = await formOf(c);
  const proposal = numberOf(values);
  const wrong = await unproved(c, values);
  if (wrong) return showAgain(c, admission, values, wrong.said);
  const colleagues = await c.var.directory.colleagues(admission.lender.id);
  const outcome = await writePolicy(c, admission, values, 'policy.confirm', { proposal }, (institution, context) =>
    confirmPolicy(institution, proposal, { ...context, proven: true, colleagues }),
  );
  if (!outcome.ok) return showAgain(c, admission, values, refusedBy(outcome.refusal));
  return c.redirect(`${pathOf(admission)}?done=confirmed`, 303);
});

policyRoutes.post(`${at}/withdraw`, async (c) => {
  const admission = deskWith(c, 'administer');
  const values = await formOf(c);
  const proposal = numberOf(values);
  const outcome = await writePolicy(c, admission, values, 'policy.withdraw', { proposal }, (institution) =>
    withdrawPolicy(institution, proposal),
  );
  if (!outcome.ok) return showAgain(c, admission, values, refusedBy(outcome.refusal));
  return c.redirect(`${pathOf(admission)}?done=withdrawn`, 303);
});

/** Addresses of forms that are opened. */
for (const form of ['confirm', 'withdraw']) policyRoutes.get(`${at}/${form}`, (c) => c.redirect(pathOf(deskWith(c, 'inspect')), 303));

/** The number of a proposal; one that is none names no proposal. */
const numberOf = (values: Typed) => {
  const text = values.get('proposal')?.[0] ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};

/** Writes what is decided of the policy: never where the versions, or the stream, are not as the portal wrote them. */
export async function writePolicy(
  c: C,
  admission: DeskAdmission,
  values: Typed,
  name: string,
  input: unknown,
  decide: (institution: Institution, context: PolicyContext) => ActDecided[] | Refused,
) {
  const { seat } = admission;
  return keep({
    book: openInstitution(c.var.env, admission),
    seat,
    requestId: `${seat.account}:${requestIdOf(values)}`,
    asked: { name, input },
    binding: true,
    decide: (institution, when, newest) => (newest ? decide(institution, { at: when, seat, newest }) : refuse('lender.unproven')),
    ...(await instruments(c)),
  });
}
