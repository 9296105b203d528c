import { Hono } from 'hono';
import * as z from 'zod';
import { ComparePage } from '../../web/pages/compare.tsx';
import { NewProposalPage, NoProposalPage, ProposalPage } from '../../web/pages/proposal.tsx';
import type { Ground } from '../../web/parts/plan.tsx';
import type { Worked } from '../../web/parts/plan-drawing.ts';
import { filledFromTerms, stagesOf, stagesWithOneMore } from '../../web/parts/terms-form.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { faultsText, refusalText } from '../../web/words/index.ts';
import { booksOn } from '../negotiation/agreement.ts';
import { limitsOf } from '../negotiation/authority.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import { loanOf } from '../negotiation/loan.ts';
import { publishedFor } from '../negotiation/policy-bounds.ts';
import { debtToOffer, isVariation, offerable, onTable, ProposalInput, commands as proposal, scheduleOf } from '../negotiation/proposal.ts';
import type { Seat } from '../negotiation/seats.ts';
import { binds } from '../negotiation/stage.ts';
import { affordableStages, yardstick } from '../plan/affordability.ts';
import { apart } from '../plan/comparison.ts';
import { fitting } from '../plan/fitting.ts';
import { presentValue } from '../plan/present-value.ts';
import { schedule } from '../plan/schedule.ts';
import { firstPlan, TEMPLATES, type Template, template } from '../plan/templates.ts';
import { type Debt, Terms } from '../plan/terms.ts';
import { unkept } from './kept.ts';
import { type C, formOf, notFound, type OpenCase, openCase, openShared, type Portal, page } from './portal.ts';
import { againAt, comeBack, isAgain, returnedAt } from './returned.ts';

/** Proposals: drawing one up, looking at one, comparing two. */

export const proposalRoutes = new Hono<Portal>();

/** What a plan in this case is held against. 404 where nobody has stated a debt yet. */
export function groundOf(opened: OpenCase): Ground {
  const { kase, policy, admission, situation, neutral } = opened;
  const debt = debtToOffer(kase, situation.today);
  if (!debt) throw notFound();
  return {
    debt,
    means: kase.means?.statement ?? null,
    affordable: kase.means ? affordableStages(kase.means.statement, situation.today) : [],
    policy,
    loan: loanOf(kase, policy),
    ...publishedFor(policy, debt, kase.means?.totals.disposable ?? null),
    side: neutral ? 'mediator' : admission.seat.side,
    ...authorityOn(opened, admission.seat, debt),
  };
}

/** What somebody may grant alone of a debt, and what that is held against; nothing of who has no limits. */
export function authorityOn(
  { kase, policy, situation }: OpenCase,
  who: Pick<Seat, 'capacity' | 'account'>,
  debt: Debt,
): Pick<Ground, 'authority'> {
  const [limits, books] = [limitsOf(policy, who), booksOn(kase, debt, who.capacity)];
  return limits && books ? { authority: { limits, books, today: situation.today } } : {};
}

proposalRoutes.get('/cases/:case/proposals/new', async (c) => {
  const opened = await openCase(c);
  const { kase, situation, id, row } = opened;
  const closed = proposal.make.when(kase, situation);
  if (closed && (offerable(kase) || binds(kase))) {
    const why = refusalText(c.var.view.words, closed.refused);
    return page(c, NoProposalPage({ view: c.var.view, id, number: row.number, kase, why }));
  }
  const typed = isAgain(c) ? await returnedAt(c, typedAt(opened)) : null;
  if (typed) return showDrawn(c, opened, typed.values);
  const kind = TEMPLATES.find((one) => one === c.req.query('template'));
  return showNew(c, opened, { form: changing(opened, Number(c.req.query('approval'))) ?? firstForm(opened, kind) });
});

/** An offer that a colleague sent for approval, as the start of one's own; null where there is none that waits. */
function changing(opened: OpenCase, no: number): Filled | null {
  const asked = opened.situation.own?.approvals.find(({ seq }) => seq === no);
  const input = ProposalInput.safeParse(asked?.input).data;
  if (!input) return null;
  const { expiresInDays = opened.policy.offerDays, words } = input;
  return filledFromTerms(input.terms, '', { expiresInDays, words, ...reasonsOf(input.reasons) });
}

/** A counter-offer starts from the terms on the table; without one, from a template or the newest version. */
export function firstForm(opened: OpenCase, kind: Template | undefined): Filled {
  const { kase, situation, policy } = opened;
  const ground = groundOf(opened);
  const expiresInDays = policy.offerDays;
  // What was offered before the agreement says nothing of how to vary it.
  const newest = kase.offers.at(-1);
  const from = onTable(kase, situation.at) ?? (newest && (!binds(kase) || isVariation(kase, newest)) ? newest : undefined);
  if (from && !kind)
    return filledFromTerms(from.terms, '', { expiresInDays, ...reasonsOf(from.side === situation.seat.side ? from.reasons : {}) });
  const own = {
    debt: ground.debt,
    affordable: ground.affordable,
    minimum: ground.minimum,
    longestTerm: ground.longestTerm,
    // Interest at the contract's rate is the lender's to ask for.
    rate: binds(kase) ? (kase.agreement?.terms.rate ?? null) : ground.side === 'lender' ? kase.contractRate : null,
    today: situation.today,
  };
  if (!kind && ground.side === 'borrower') return filledFromTerms(firstPlan(own, ground.means), '', { expiresInDays });
  return filledFromTerms(template(kind ?? 'level', own), '', { expiresInDays });
}

/** The fields of why something should be waived. */
export const reasonsOf = (reasons: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(reasons).flatMap(([part, text]) => (text ? [[`reasons.${part}`, text]] : [])));

/** What of a proposal is said in words: no template takes its place. */
const SAID = /^(?:words|expiresInDays|reasons\..*)$/;

/** A form drawn up anew, with what was said before. */
export function withSaid(drawn: Filled, values: Filled['values']): Filled {
  const said = [...values].filter(([name, all]) => SAID.test(name) && all.some((value) => value !== ''));
  return { ...drawn, values: new Map([...drawn.values, ...said]) };
}

/** A template, "take what would fit", "work it out" and "add a stage": the form again, filled in anew, with the schedule, or with one stage more. Nothing is sent. */
proposalRoutes.post('/cases/:case/proposals/new', async (c) => {
  const values = unkept(await formOf(c));
  const opened = await openCase(c);
  return comeBack(c, typedAt(opened), { values }, () => showDrawn(c, opened, values));
});

const typedAt = ({ id }: Pick<OpenCase, 'id'>) => againAt(`/cases/${id}/proposals/new`);

/** The form as a button of it asked for. */
function showDrawn(c: C, opened: OpenCase, values: Typed) {
  const form: Filled = { values, errors: {} };
  if (values.get('action')?.[0] === 'add-stage') return showNew(c, opened, { form, stages: stagesWithOneMore(form, '') });
  const kind = TEMPLATES.find((one) => values.get('action')?.[0] === `template:${one}`);
  if (kind) {
    return showNew(c, opened, { form: withSaid(firstForm(opened, kind), values) });
  }
  const read = readForm(z.object({ terms: Terms }), values);
  if (!read.ok) {
    const errors = faultsText(c.var.view.words, read.issues);
    return showNew(c, opened, { form: { values, errors } }, 422);
  }
  const { terms } = read.input;
  const { debt, means } = groundOf(opened);
  const fit = values.get('action')?.[0] === 'fit' && means ? fitting(debt, terms, means) : null;
  if (fit)
    return showNew(c, opened, { form: withSaid(filledFromTerms(fit.terms, ''), values), worked: { ...fit.schedule, terms: fit.terms } });
  return showNew(c, opened, { form, worked: { ...schedule(debt, terms), terms } });
}

/** The yardstick beside offers: what the figures alone would support from a day on. */
export const neutral = ({ debt, means }: Ground, today: string) =>
  means ? (yardstick(debt, means, today)?.schedule.totals ?? null) : null;

type ShownNew = { form: Filled; worked?: Worked; stages?: number };

/** The form for a new proposal, as it is or as it was refused. */
export function showNew(c: C, opened: OpenCase, shown: ShownNew, status: 200 | 422 = 200) {
  const { kase, situation, id, row } = opened;
  const ground = groundOf(opened);
  return page(
    c,
    NewProposalPage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      form: shown.form,
      answers: onTable(kase, situation.at),
      ground,
      worked: shown.worked ?? null,
      stages: shown.stages ?? stagesOf(shown.form, ''),
      yardstick: neutral(ground, situation.today),
      situation,
    }),
    status,
  );
}

proposalRoutes.get('/cases/:case/proposals/:version{[1-9][0-9]{0,4}}', async (c) =>
  showProposal(c, await openShared(c), Number(c.req.param('version'))),
);

/** One version, with what the person can do with it. */
export function showProposal(c: C, opened: OpenCase, version: number, status: 200 | 422 = 200) {
  const { kase, situation, id, row } = opened;
  const offer = kase.offers[version - 1];
  if (!offer) throw notFound();
  const { authority: _, ...standards } = groundOf(opened);
  // What one may grant alone matters while there is something to accept.
  const toAccept = offer.side === 'borrower' && onTable(kase, situation.at)?.version === version;
  const ground: Ground = { ...standards, debt: offer.debt, ...(toAccept ? authorityOn(opened, situation.seat, offer.debt) : {}) };
  return page(
    c,
    ProposalPage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      offer,
      ground,
      situation,
      yardstick: neutral(ground, situation.today),
    }),
    status,
  );
}

proposalRoutes.get('/cases/:case/compare', async (c) => {
  const opened = await openShared(c);
  const { kase, id, row, policy, situation } = opened;
  const chosen = (name: string, otherwise: number) => kase.offers[Number(c.req.query(name) ?? otherwise) - 1];
  const [a, b] = [chosen('a', kase.offers.length - 1), chosen('b', kase.offers.length)];
  if (!a || !b) throw notFound();
  const [one, two] = [scheduleOf(a), scheduleOf(b)];
  const ppm = policy.discountPpm;
  return page(
    c,
    ComparePage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      a,
      b,
      separates: apart(one, two),
      situation,
      means: kase.means?.statement ?? null,
      presentValue:
        situation.seat.side === 'lender'
          ? { ppm, a: presentValue(one, situation.today, ppm), b: presentValue(two, situation.today, ppm) }
          : null,
    }),
  );
});
