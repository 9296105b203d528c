import * as z from 'zod';
import type { Debt } from '../plan/terms.ts';
import { type Context, command, isDecided, type Saying } from './command.ts';
import { chargeField, Figures, KnownFigures, sameDebt, stateDebt } from './debt.ts';
import { type Case, type ContentsOf, type Decided, entry, sideOf, type Written } from './entry.ts';
import { addEvidence, Chosen, FILES_AT_ONCE } from './evidence.ts';
import { MeansStatement, submitMeans } from './means.ts';
import { makeProposal, makeShown, ProposalInput, ProposalShown } from './proposal.ts';
import { refuse } from './refusal.ts';
import { Reached, type Side } from './seats.ts';
import { negotiable, VACATED } from './stage.ts';
import { comparable, IdentityEnd, Line, PartyName, RecordedName, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** The life of a case: opened, joined, closed. */

/** `identity`: the end of the borrower's identity number as the contract has it, where one of the two sides stated it. */
export const Loan = z.object({ reference: Line(60), product: Line(60).optional(), identity: IdentityEnd.optional() });
export type Loan = z.infer<typeof Loan>;

export type Life = {
  openedAt: string;
  openedBy: Side;
  loan: Loan;
  /** How each party is named in the agreement; the borrower's is null until they have joined. */
  borrowerName: string | null;
  /** The account by which the borrower opened the case, or joined it; none while nobody has, nor in a snapshot from before this was kept. */
  borrowerAccount?: string;
  /** How the borrower was identified; not in cases from before this was kept. */
  identified?: Reached;
  lenderName: string;
  invitedName: string | null;
  /** The contacts (their digests) to which invitations went; not in cases from before this was kept. */
  invitedTo?: string[];
  closed: { seq: number; reason: string } | null;
  /** Whoever sits in the borrower's place came by what they knew of the contract; not where they were invited. */
  claimed?: true;
};

export const CLOSE_REASONS = ['withdrawn', 'paid-otherwise', 'duplicate', 'error'] as const;

const entries = {
  'case.opened': entry({
    content: z.object({ loan: Loan, borrowerName: RecordedName.nullable(), lenderName: z.string(), identified: Reached.optional() }),
    told: 'others',
    personal: false,
    evolve(kase, opened) {
      const { loan, borrowerName, lenderName, identified } = opened.content;
      const openedBy = sideOf(opened);
      const known = { loan, borrowerName, lenderName, ...(identified ? { identified } : {}) };
      return { ...kase, ...known, ...(openedBy === 'borrower' ? accountOf(opened) : {}), openedAt: opened.at, openedBy };
    },
  }),
  'case.invited': entry({
    content: z.object({ name: RecordedName, to: Reached.optional() }),
    told: 'nobody',
    personal: false,
    evolve: (kase, { content: { name, to } }) => ({
      ...kase,
      invitedName: name,
      ...(to ? { invitedTo: [...(kase.invitedTo ?? []), to.contact] } : {}),
    }),
  }),
  'case.joined': entry({
    /** `by` where they were let in by what the lender's books and they both know of the contract, and not by a contact that an invitation went to. */
    content: z.object({ name: RecordedName, identified: Reached.optional(), by: z.literal('contract').optional() }),
    told: 'others',
    personal: false,
    evolve(kase, joined) {
      const { name, identified, by } = joined.content;
      const known = { ...(identified ? { identified } : {}), ...(by === 'contract' ? { claimed: true as const } : {}) };
      return { ...kase, borrowerName: name, ...accountOf(joined), ...known };
    },
  }),
  /** Whoever joined by the contract was not its borrower: they and all whom they brought are out, and the contract has another case. */
  'case.vacated': entry({
    content: z.object({ words: Text(2000) }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq }) => ({ ...kase, stage: 'closed', closed: { seq, reason: VACATED } }),
  }),
  'case.closed': entry({
    content: z.object({ reason: z.enum(CLOSE_REASONS), words: Text(2000).optional() }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, content: { reason } }) => ({ ...kase, stage: 'closed', closed: { seq, reason } }),
  }),
};

const accountOf = ({ author }: Written<unknown>) => (author.account === null ? {} : { borrowerAccount: author.account });

/** The name that was invited, where the borrower has joined by another. */
export function invitedOtherwise({ invitedName, borrowerName }: Pick<Case, 'invitedName' | 'borrowerName'>): string | null {
  return invitedName !== null && borrowerName !== null && comparable(invitedName) !== comparable(borrowerName) ? invitedName : null;
}

declare module './entry.ts' {
  interface Case extends Life {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

const Evidence = z.object({ files: z.array(Chosen).max(FILES_AT_ONCE), consent: z.boolean().optional() });

const openByBorrower = command({
  name: 'case.open',
  opens: true,
  input: z.object({
    loan: Loan,
    debt: KnownFigures,
    means: MeansStatement,
    evidence: Evidence.default({ files: [] }),
    proposal: ProposalInput,
    lenderName: Line(200),
  }),
  needs: 'begin',
  doors: [],
  page: null,
  proof: false,
  when: (kase) => (kase.seq > 0 ? refuse('case.exists') : null),
  decide(kase, input, context) {
    const opened: Decided = {
      kind: 'case.opened',
      content: { loan: input.loan, borrowerName: context.seat.name, lenderName: input.lenderName, ...identifiedBy(context) },
    };
    return oneByOne({ ...kase, borrowerName: context.seat.name, seq: 1 }, [
      () => [opened],
      (at) => stateDebt(at, { ...input.debt, words: undefined }, context),
      (at) => submitMeans(at, input.means, context),
      (at) => (input.evidence.files.length > 0 ? addEvidence(at, input.evidence, context) : []),
      (at) => makeProposal(at, input.proposal, context),
    ]);
  },
  gives: 'nothing',
});

/** Whether the borrower has joined a case that the lender opened, and has not yet said of their own how things are with them. */
export function toBegin({ openedBy, borrowerName, stage, means, offers }: Case): boolean {
  const none = means === null && !offers.some(({ side }) => side === 'borrower');
  return openedBy === 'lender' && borrowerName !== null && stage === 'negotiating' && none;
}

/** What the negotiation of an invited borrower starts from: their own figures, where they stated some, else those of the lender. */
export const owedBy = ({ debts }: Pick<Case, 'debts'>): Debt | null => debts.confirmed ?? debts.borrower ?? debts.lender;

/** What an invited borrower begins with, as one who opens a case does, in one go: the lender's figures confirmed or disputed, the month, and a plan. */
const begin = command({
  name: 'case.begin',
  input: z.object({ debt: Figures, words: Text(2000).optional(), means: MeansStatement, proposal: ProposalShown }),
  // Their means are in it, which nobody else declares.
  needs: 'declare',
  doors: [],
  page: null,
  proof: false,
  when: (kase) => negotiable(kase) ?? (toBegin(kase) ? null : refuse('case.begun')),
  decide(kase, { debt, words, means, proposal }, context) {
    const own = kase.debts.confirmed ?? kase.debts.borrower;
    return oneByOne(kase, [
      (at) => (own && sameDebt(own, debt.debt) ? [] : stateDebt(at, { ...debt, words }, context)),
      (at) => submitMeans(at, means, context),
      (at) => makeShown(at, proposal, context),
    ]);
  },
  gives: 'nothing',
});

/** What steps come to that are decided one after the other, each on the figures of the debt that the ones before it state. */
function oneByOne(kase: Case, steps: readonly ((at: Case) => Saying)[]): Saying {
  const all: Decided[] = [];
  let so = kase;
  for (const step of steps) {
    const decision = step(so);
    if (!isDecided(decision)) return decision;
    all.push(...decision);
    for (const { kind, content } of decision) {
      if (kind === 'debt.confirmed') so = { ...so, debts: { ...so.debts, confirmed: content.debt } };
      if (kind === 'debt.stated' || kind === 'debt.disputed' || kind === 'debt.corrected')
        so = { ...so, debts: { ...so.debts, borrower: content.debt } };
    }
  }
  return all;
}

const openByLender = command({
  name: 'case.openForBorrower',
  opens: true,
  input: z.object({ loan: Loan, debt: Figures, borrowerName: PartyName, lenderName: Line(200) }),
  needs: 'invite',
  doors: [],
  page: null,
  proof: false,
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
  needs: 'invite',
  doors: [],
  page: 'case',
  proof: false,
  when: (kase) => (kase.seq === 0 || kase.borrowerName !== null || kase.stage !== 'negotiating' ? refuse('case.joined') : null),
  decide: (kase, _input, context) =>
    context.reached
      ? [{ kind: 'case.invited', content: { name: kase.invitedName ?? '', ...sentTo(context) } }]
      : refuse('contact.unproven'),
  gives: 'nothing',
});

/**
 * Nobody takes the borrower's place in a case that a lender opened but who has proved a contact to which an invitation was sent. The name is theirs to
 * state, as the contract has it: where it is another than the one that was invited, both sides see so.
 */
const join = command({
  name: 'case.join',
  input: z.object({ name: PartyName }),
  needs: 'begin',
  doors: [],
  page: null,
  proof: false,
  when: (kase) => (kase.seq === 0 || kase.borrowerName !== null ? refuse('case.joined') : null),
  decide: (kase, { name }, context) =>
    kase.invitedTo && !kase.invitedTo.some((contact) => contact === context.reached?.contact)
      ? refuse('contact.unproven')
      : [{ kind: 'case.joined', content: { name, ...identifiedBy(context) } }],
  gives: 'nothing',
});

/** What a borrower joins by whose lender imported the end of their identity number: who asks has held it against that. */
export const Claim = z.object({ reference: Line(60), name: PartyName, identity: IdentityEnd });

/** The same for who knows of the contract what the lender's books say: no contact of theirs was invited, and the record says so. */
const claim = command({
  name: 'case.claim',
  input: z.object({ name: PartyName }),
  needs: 'begin',
  doors: [],
  page: null,
  proof: false,
  when: (kase) =>
    kase.seq === 0 || kase.borrowerName !== null || kase.stage !== 'negotiating' || kase.openedBy !== 'lender'
      ? refuse('case.joined')
      : null,
  decide: (_kase, { name }, context) => [{ kind: 'case.joined', content: { name, ...identifiedBy(context), by: 'contract' } }],
  gives: 'nothing',
});

/**
 * Puts out whoever joined by the contract and is not its borrower, before anything was agreed. What they said and brought stays in this record, which nobody of the
 * borrower's side reads from then on; whoever is the borrower joins the case that is opened of the same contract instead, in which nothing of theirs stands.
 */
const vacate = command({
  name: 'case.vacate',
  input: z.object({ words: Text(2000) }),
  needs: 'reassign',
  doors: ['form'],
  page: 'vacate',
  proof: true,
  when: (kase) => negotiable(kase) ?? (kase.claimed ? null : refuse('case.not-claimed')),
  decide: (_kase, { words }, { proven }) =>
    proven ? [{ kind: 'case.vacated', content: { words } }] : refuse('proof.needed', { field: 'password' }),
  gives: 'nothing',
});

const identifiedBy = ({ reached }: Context) => (reached ? { identified: reached } : {});
const sentTo = ({ reached }: Context) => (reached ? { to: reached } : {});

const close = command({
  name: 'case.close',
  input: z.object({ reason: z.enum(CLOSE_REASONS), words: Text(2000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
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

export const commands = { openByBorrower, begin, openByLender, invite, join, claim, vacate, close };

export const life = topic({
  empty: {
    openedAt: '',
    openedBy: 'borrower',
    loan: { reference: '' },
    borrowerName: null,
    lenderName: '',
    invitedName: null,
    closed: null,
  },
  entries,
  commands,
  due: nothingDue,
  awaits: nobody,
});
