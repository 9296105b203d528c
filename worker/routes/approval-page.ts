import { ApprovalPage } from '../../web/pages/approvals.tsx';
import type { Ground } from '../../web/parts/plan.tsx';
import { type Approval, movedOn } from '../negotiation/approval.ts';
import type { Case } from '../negotiation/case.ts';
import { debtToOffer } from '../negotiation/proposal.ts';
import { type Debt, Terms } from '../plan/terms.ts';
import { type C, notFound, type OpenCase, page } from './portal.ts';
import { authorityOn, groundOf, neutral } from './proposals.ts';

/** A request for approval, for the lender's side alone: nobody else finds anything here. */
export function showApproval(c: C, opened: OpenCase, no: number, status: 200 | 422 = 200) {
  const { kase, situation, id, row } = opened;
  const asked = situation.seat.side === 'lender' ? requestIn(opened, no) : undefined;
  if (!asked) throw notFound();
  const plan = planOf(kase, asked, situation.today);
  const ground = groundFor(opened, asked, plan);
  return page(
    c,
    ApprovalPage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      asked,
      would: { plan, ground },
      moved: movedOn(kase, asked, situation.at),
      situation,
      yardstick: ground ? neutral(ground, situation.today) : null,
    }),
    status,
  );
}

/** A request by the number of its entry, where the seat opens the private stream that has it. */
export function requestIn({ situation: { own } }: Pick<OpenCase, 'situation'>, no: number): Approval | undefined {
  return own?.approvals.find(({ seq }) => seq === no);
}

/** The terms that an offer sent for approval would have. */
function askedTerms({ input }: Pick<Approval, 'input'>): Terms | null {
  return Terms.safeParse(input?.terms).data ?? null;
}

/** The plan that would be made or accepted; null of other requests, and of one that was answered. */
function planOf(kase: Case, asked: Approval, today: string): { debt: Debt; terms: Terms } | null {
  if (asked.command === 'proposal.accept') return kase.offers[Number(asked.input?.version) - 1] ?? null;
  const [debt, terms] = [debtToOffer(kase, today), askedTerms(asked)];
  if (asked.command === 'mediation.adopt') return kase.suggestions[Number(asked.input?.suggestion) - 1] ?? null;
  return asked.command === 'proposal.make' && debt && terms ? { debt, terms } : null;
}

/** What it is held against. Limits are told to whom they are set: to others the request itself says which were passed. */
function groundFor(opened: OpenCase, { by }: Approval, plan: { debt: Debt } | null): Ground | null {
  const { kase, situation } = opened;
  const debt = debtToOffer(kase, situation.today);
  if (!debt) return null;
  return { ...groundOf(opened), ...(by.account === situation.seat.account ? authorityOn(opened, by, plan?.debt ?? debt) : {}) };
}
