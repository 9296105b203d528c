import * as z from 'zod';
import type { Case, Entry } from './case.ts';
import { type Context, command, type Decided, type Decision, isDecided } from './command.ts';
import { chargeField, Figures, stateDebt } from './debt.ts';
import { addEvidence, Chosen, FILES_AT_ONCE } from './evidence.ts';
import { MeansStatement, submitMeans } from './means.ts';
import { makeProposal, ProposalInput } from './proposal.ts';
import { refuse } from './refusal.ts';
import { borrower, bothSides, Reached, type Side, staff } from './seats.ts';
import { Line, PartyName, RecordedName, Text } from './text.ts';

/** The life of a case: opened, joined, closed. */

export const Loan = z.object({ reference: Line(60), product: Line(60).optional() });
export type Loan = z.infer<typeof Loan>;

export type Life = {
  openedAt: string;
  openedBy: Side;
  loan: Loan;
  /** How each party is named in the agreement; the borrower's is null until they have joined. */
  borrowerName: string | null;
  /** How the borrower was identified; not in cases from before this was kept. */
  identified?: Reached;
  lenderName: string;
  invitedName: string | null;
  /** The contacts (their digests) to which invitations went; not in cases from before this was kept. */
  invitedTo?: string[];
  closed: { seq: number; reason: string } | null;
};

export const EMPTY: Life = {
  openedAt: '',
  openedBy: 'borrower',
  loan: { reference: '' },
  borrowerName: null,
  lenderName: '',
  invitedName: null,
  closed: null,
};

export const CLOSE_REASONS = ['withdrawn', 'paid-otherwise', 'duplicate', 'error'] as const;

export const entries = {
  'case.opened': z.object({ loan: Loan, borrowerName: RecordedName.nullable(), lenderName: z.string(), identified: Reached.optional() }),
  'case.invited': z.object({ name: RecordedName, to: Reached.optional() }),
  'case.joined': z.object({ name: RecordedName, identified: Reached.optional() }),
  'case.closed': z.object({ reason: z.enum(CLOSE_REASONS), words: Text(2000).optional() }),
};

const Evidence = z.object({ files: z.array(Chosen).max(FILES_AT_ONCE) });

const openByBorrower = command({
  name: 'case.open',
  input: z.object({
    loan: Loan,
    debt: Figures,
    means: MeansStatement,
    evidence: Evidence.default({ files: [] }),
    proposal: ProposalInput,
    lenderName: Line(200),
  }),
  by: borrower,
  when: (kase) => (kase.seq > 0 ? refuse('case.exists') : null),
  decide(kase, input, context) {
    const opened = {
      kind: 'case.opened',
      content: { loan: input.loan, borrowerName: context.seat.name, lenderName: input.lenderName, ...identifiedBy(context) },
    };
    let so: Case = { ...kase, borrowerName: context.seat.name, seq: 1 };
    const steps: ((at: Case) => Decision)[] = [
      (at) => stateDebt(at, { ...input.debt, words: undefined }, context),
      (at) => submitMeans(at, input.means, context),
      (at) => (input.evidence.files.length > 0 ? addEvidence(at, input.evidence, context) : []),
      (at) => makeProposal(at, input.proposal, context),
    ];
    const all: Decided[] = [opened];
    for (const step of steps) {
      const decision = step(so);
      if (!isDecided(decision)) return decision;
      all.push(...decision);
      if (decision.some(({ kind }) => kind === 'debt.stated')) so = { ...so, debts: { ...so.debts, borrower: input.debt.debt } };
    }
    return all;
  },
  gives: 'nothing',
});

const openByLender = command({
  name: 'case.openForBorrower',
  input: z.object({ loan: Loan, debt: Figures, borrowerName: PartyName, lenderName: Line(200) }),
  by: staff,
  when: (kase) => (kase.seq > 0 ? refuse('case.exists') : null),
  decide(kase, { loan, debt, borrowerName, lenderName }, context) {
    const stated = stateDebt(kase, { ...debt, words: undefined }, context);
    if (!isDecided(stated)) return stated;
    return [
      { kind: 'case.opened', content: { loan, borrowerName: null, lenderName } },
      ...stated,
      { kind: 'case.invited', content: { name: borrowerName, ...sentTo(context) } },
    ];
  },
  loan: ({ loan }) => loan.reference,
  // The first figures are the books, unless another case about the same loan has some.
  gives: (_kase, { debt: { debt } }) => ({
    kept: debt,
    asOf: debt.asOf,
    beside: { principal: 'debt.debt.principal', charges: chargeField(debt, 'debt.debt') },
  }),
});

/** Another invitation, to the same contact or another: the record says where each went. */
const invite = command({
  name: 'case.invite',
  input: z.object({}),
  by: staff,
  when: (kase) => (kase.seq === 0 || kase.borrowerName !== null || kase.stage !== 'negotiating' ? refuse('case.joined') : null),
  decide: (kase, _input, context) =>
    context.reached
      ? [{ kind: 'case.invited', content: { name: kase.invitedName ?? '', ...sentTo(context) } }]
      : refuse('contact.unproven'),
  gives: 'nothing',
});

/** Nobody takes the borrower's place in a case that a lender opened but who has proved a contact to which an invitation was sent. */
const join = command({
  name: 'case.join',
  input: z.object({}),
  by: borrower,
  when: (kase) => (kase.seq === 0 || kase.borrowerName !== null ? refuse('case.joined') : null),
  decide: (kase, _input, context) =>
    kase.invitedTo && !kase.invitedTo.some((contact) => contact === context.reached?.contact)
      ? refuse('contact.unproven')
      : [{ kind: 'case.joined', content: { name: context.seat.name, ...identifiedBy(context) } }],
  gives: 'nothing',
});

const identifiedBy = ({ reached }: Context) => (reached ? { identified: reached } : {});
const sentTo = ({ reached }: Context) => (reached ? { to: reached } : {});

const close = command({
  name: 'case.close',
  input: z.object({ reason: z.enum(CLOSE_REASONS), words: Text(2000).optional() }),
  by: bothSides,
  when: (kase, { seat }) => {
    if (kase.stage === 'closed') return refuse('case.closed');
    if (kase.stage !== 'negotiating') return refuse('case.under-agreement');
    // Whoever opened the case may withdraw it; the other side can only decline its offers.
    return kase.openedBy === seat.side ? null : refuse('case.not-yours-to-close');
  },
  decide: (_kase, { reason, words }) => [{ kind: 'case.closed', content: { reason, ...(words ? { words } : {}) } }],
  /** A case that is closed leaves the debt as it is, unless the lender's side says by it that all was paid: that is a quittance for the whole. */
  gives: (_kase, { reason }) =>
    reason === 'paid-otherwise'
      ? { kept: { principal: 0, interest: 0, penalty: 0, fees: 0 }, beside: { principal: 'reason', charges: 'reason' } }
      : null,
});

export const commands = { openByBorrower, openByLender, invite, join, close };

export function evolve(kase: Case, entry: Entry): Case {
  switch (entry.kind) {
    case 'case.opened': {
      const { loan, borrowerName, lenderName, identified } = entry.content as z.infer<(typeof entries)['case.opened']>;
      return {
        ...kase,
        loan,
        borrowerName,
        lenderName,
        ...(identified ? { identified } : {}),
        openedAt: entry.at,
        openedBy: entry.author?.side === 'lender' ? 'lender' : 'borrower',
      };
    }
    case 'case.invited': {
      const { name, to } = entry.content as z.infer<(typeof entries)['case.invited']>;
      return { ...kase, invitedName: name, ...(to ? { invitedTo: [...(kase.invitedTo ?? []), to.contact] } : {}) };
    }
    case 'case.joined': {
      const { name, identified } = entry.content as z.infer<(typeof entries)['case.joined']>;
      return { ...kase, borrowerName: name, ...(identified ? { identified } : {}) };
    }
    case 'case.closed':
      return { ...kase, stage: 'closed', closed: { seq: entry.seq, reason: (entry.content as { reason: string }).reason } };
    default:
      return kase;
  }
}
