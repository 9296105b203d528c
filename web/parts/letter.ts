import type { Case } from '../../worker/negotiation/case.ts';
import { workingDebt } from '../../worker/negotiation/debt.ts';
import type { Policy } from '../../worker/negotiation/policy.ts';
import { scheduleOf } from '../../worker/negotiation/proposal.ts';
import type { Seat, Side } from '../../worker/negotiation/seats.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { LETTERS, type Letter, petitionOf, voiceOf } from '../../worker/negotiation/talk.ts';
import { affordableOn, affordableStages, disposableOn, hold } from '../../worker/plan/affordability.ts';
import { rateLines } from '../telling/debt.ts';
import { statementLines } from '../telling/means.ts';
import { plainLines } from '../telling/plain.ts';
import { reasonLines } from '../telling/proposal.ts';
import { dateText, dayText, money, type Words } from '../words/index.ts';
import { agreedLines, disputedLines, owedText, planOf } from './letter-lines.ts';
import { petitionDraft } from './petition.ts';

/** Who writes a letter, on which day, and what the lender publishes. */
export type Writing = { seat: Pick<Seat, 'side' | 'capacity' | 'name'>; today: string; policy: Policy };

type Borrowers = (typeof LETTERS)['borrower'][number];
type Lenders = (typeof LETTERS)['lender'][number];

/** Letters that fit the stage of a case: once terms are agreed nobody asks for them, offers them or invites to do so any more. */
export function lettersNow(side: Side, { stage }: Pick<Case, 'stage'>): readonly Letter[] {
  const all: readonly Letter[] = LETTERS[side];
  if (stage === 'negotiating') return all;
  return all.filter((one) => (stage === 'agreed' || binds({ stage }) ? UNDER_AGREEMENT : AFTERWARDS).has(one));
}

const AFTERWARDS: ReadonlySet<Letter> = new Set<Letter>(['call', 'debt-confirmation', 'call-confirmation']);
const UNDER_AGREEMENT: ReadonlySet<Letter> = new Set<Letter>([...AFTERWARDS, 'hardship', 'answer']);

/** The first draft of a formal letter, drawn from the case in its side's voice: every figure in it is one that the case holds. */
export function letterDraft(letter: Letter, kase: Case, writing: Writing, words: Words): string {
  const own = LETTERS.lender.find((one) => one === letter);
  const asked = LETTERS.borrower.find((one) => one === letter);
  const body = own ? fromLender(own, kase, writing, words) : asked ? fromBorrower(asked, kase, writing, words) : [];
  const { from, to } = partiesOf(letter, kase, writing.seat, words);
  const petition = petitionOf(letter);
  if (petition) return petitionDraft(petition, kase, { ...writing, from }, words);
  return words.letters.form({ to, body, from, date: dateText(words, writing.today) }).join('\n');
}

/** Sender and addressee of a letter: whose voice it has, signed by whoever issues it for that side. */
function partiesOf(letter: string, kase: Case, signer: Pick<Seat, 'capacity' | 'name'>, words: Words): { from: string[]; to: string } {
  const borrower = kase.borrowerName ?? kase.invitedName ?? '';
  const signed = words.letters.signer({ name: signer.name, capacity: words.capacity[signer.capacity] });
  if (voiceOf(letter) === 'lender') return { from: [kase.lenderName, signed], to: borrower };
  return { from: signer.capacity === 'borrower' ? [borrower] : [borrower, signed], to: kase.lenderName };
}

function fromBorrower(letter: Borrowers, kase: Case, { today }: Writing, words: Words): string[] {
  const say = words.letters.borrower;
  const debt = workingDebt(kase);
  const statement = kase.means?.statement;
  const offer = kase.offers.findLast(({ side }) => side === 'borrower') ?? kase.offers.at(-1);
  const lines = [say.opening({ name: kase.borrowerName ?? kase.invitedName ?? '', reference: kase.loan.reference })];
  if (kase.agreement) lines.push(...agreedLines(kase, today, words));
  else if (debt)
    lines.push(
      say.owed({ date: dateText(words, debt.asOf), owed: owedText(debt, words, kase) }),
      ...disputedLines(kase, words),
      ...plainLines(rateLines(kase.contractRate, words), words),
    );
  if (statement) {
    const { kind, since, until } = statement.cause;
    const ends = until ? { until: dateText(words, until) } : {};
    lines.push(say.cause({ cause: words.cause[kind], since: dateText(words, since), ...ends }), statement.cause.words);
  }
  if (letter !== 'call') lines.push(...meansLines(kase, today, words));
  if (letter === 'repayment-plan' && offer) {
    lines.push(say.plan(planOf(offer, words)));
    if (statement && hold(scheduleOf(offer), offer.terms.every, statement).misses.length === 0) lines.push(say.fits);
  }
  if (letter === 'reduction' && debt)
    lines.push(
      say.reduction({ amount: money(debt.interest + debt.penalty + debt.fees) }),
      ...plainLines(offer ? reasonLines(offer, words) : [], words),
    );
  if (letter === 'call') lines.push(say.call, ...callLines(kase, words), say.callSaid);
  return [...lines, say.willing];
}

/** Calls that are told in one letter. */
const MOST_CALLS = 5;

/** The newest calls that either side has logged, the earliest of them first; of which nobody has logged any, a line to be filled in. */
function callLines({ calls }: Case, words: Words): string[] {
  const { case: say, petition } = words;
  const known = Object.values(calls).flatMap(({ seq, when, direction }) => (when && direction ? [{ seq, when, direction }] : []));
  const newest = known.sort((a, b) => (a.when < b.when ? -1 : 1)).slice(-MOST_CALLS);
  if (newest.length === 0) return [`${say.callWhen}${words.colon}${petition.blank}`];
  return newest.map(({ seq, when, direction }) =>
    words.letters.call({ when: `${dateText(words, when.slice(0, 10))} ${when.slice(11)}`, who: say.callDirectionOf[direction], seq }),
  );
}

/** All that the statement says, as every reader of it is told, and what can be borne now and from each day on which that changes. */
function meansLines(kase: Case, today: string, words: Words): string[] {
  if (!kase.means) return [];
  const say = words.letters.borrower;
  const { statement, totals } = kase.means;
  const [, ...later] = affordableStages(statement, today);
  return [
    say.means({ income: money(totals.income), expenses: money(totals.expenses), others: money(totals.otherDebts) }),
    ...plainLines(statementLines(statement, words), words),
    say.bears({ disposable: money(disposableOn(statement, today)), affordable: money(affordableOn(statement, today)) }),
    ...later.map(({ from, amount }) => say.bearsFrom({ date: dateText(words, from), amount: money(amount) })),
  ];
}

function fromLender(letter: Lenders, kase: Case, { policy, today }: Writing, words: Words): string[] {
  const say = words.letters.lender;
  const opening = say.opening({ name: kase.lenderName, reference: kase.loan.reference });
  if (letter === 'answer') return [opening, ...answerLines(kase, today, words), say.closing];
  if (letter === 'call-confirmation') return [opening, say.call, ...callLines(kase, words), say.callSaid, say.closing];
  const debt = debtLines(kase, words);
  if (letter === 'debt-confirmation') {
    if (kase.agreement) return [opening, ...debt, ...agreedLines(kase, today, words), say.closing];
    return [opening, ...debt, kase.debts.confirmed ? say.confirmed : say.disputed, say.closing];
  }
  return [opening, ...debt, say.invite, say.minimum({ amount: money(policy.minimumInstalment) }), say.closing];
}

/** The lender confirms its own figures, or those that both have confirmed or agreed on; never the borrower's alone. */
function debtLines(kase: Case, words: Words): string[] {
  const say = words.letters.lender;
  const own = kase.agreement?.debt ?? kase.debts.confirmed ?? kase.debts.lender;
  if (own) return [say.owed({ date: dateText(words, own.asOf), owed: owedText(own, words) }), ...disputedLines(kase, words)];
  const { borrower } = kase.debts;
  return borrower
    ? [say.stated({ date: dateText(words, borrower.asOf), owed: owedText(borrower, words, kase) }), ...disputedLines(kase, words)]
    : [];
}

function answerLines(kase: Case, today: string, words: Words): string[] {
  const say = words.letters.lender;
  if (kase.agreement) return agreedLines(kase, today, words);
  const asked = kase.offers.findLast(({ side }) => side === 'borrower');
  const answered = kase.offers.findLast(({ side, state }) => side === 'lender' && state === 'live');
  return [
    ...(asked ? [say.received({ version: asked.version, date: dayText(words, asked.at) })] : []),
    ...(answered ? [say.counter(planOf(answered, words))] : [say.answer, '']),
  ];
}
