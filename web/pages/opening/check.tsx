import type { PropsWithChildren } from 'hono/jsx';
import type * as z from 'zod';
import { type Case, EMPTY_CASE } from '../../../worker/negotiation/case.ts';
import { isDecided } from '../../../worker/negotiation/command.ts';
import { type KnownFigures, stateDebt } from '../../../worker/negotiation/debt.ts';
import { commands as life } from '../../../worker/negotiation/life.ts';
import { makeProposal, onTable } from '../../../worker/negotiation/proposal.ts';
import { saidIn } from '../../../worker/negotiation/said.ts';
import { schedule } from '../../../worker/plan/schedule.ts';
import { PasswordField, TextField } from '../../parts/fields.tsx';
import { ClauseList, OfferWords } from '../../parts/offer.tsx';
import { Fits, type Ground, heldOf, Pictures, TermsAmounts } from '../../parts/plan.tsx';
import type { Plan } from '../../parts/plan-drawing.ts';
import { ScheduleTable } from '../../parts/schedule.tsx';
import { Closely, Lines } from '../../parts/told.tsx';
import type { Filled, View } from '../../parts/view.ts';
import { SaidNotes } from '../../parts/wording.tsx';
import { consentLines } from '../../telling/consent.ts';
import { figuresLines } from '../../telling/debt.ts';
import { fileLines } from '../../telling/evidence.ts';
import { openedLines } from '../../telling/life.ts';
import { bearLines, causeLines, statementLines, totalLines } from '../../telling/means.ts';
import { type Made, offerFigures, offerGrounds } from '../../telling/proposal.ts';
import { hintsOf } from '../../telling/schedule.ts';
import type { Line } from '../../telling/telling.ts';
import { totalsOf } from './month.tsx';
import { settled, whyOf } from './owed.tsx';
import { addressOf, ELSEWHERE, groundOf, type Invited, type Standing, type Step, type StepName, type StepProps, typedOr } from './step.ts';

/** What is sent, but for the lender's name, which is not typed. */
const Opened = life.openByBorrower.input.omit({ lenderName: true });

/** All that the steps have come to; null while something is missing. */
export function openedBy(at: Standing): z.output<typeof Opened> | null {
  const read = at.read(Opened);
  return 'input' in read ? read.input : null;
}

/** All that is sent, once more before it is. */
export const check: Step = {
  name: 'check',
  question: ({ opening: say }, at) => ({
    question: say.checkQuestion,
    lead: at?.lender.slug === ELSEWHERE ? say.takeLead : say.checkHint,
  }),
  owns: /^$/,
  scripts: [],
  faults: () => ({}),
  form: typedOr,
  waits: (at) => openedBy(at) === null,
  Fields: Check,
};

/** A part of what will be sent, with the way back to its step. */
function CheckCard({
  title,
  step,
  to,
  words,
  children,
}: PropsWithChildren<{ title: string; step?: StepName; to: (step: StepName) => string; words: View['words'] }>) {
  return (
    <section class="card">
      <h2 class="row between">
        {title}{' '}
        {step ? (
          <a href={to(step)}>
            {words.change}
            <span class="visually-hidden"> {words.steps[step]}</span>
          </a>
        ) : null}
      </h2>
      {children}
    </section>
  );
}

function Check({ at, shown: { form } }: StepProps) {
  const { view, lender, files, invited } = at;
  const { words } = view;
  const input = openedBy(at);
  const ground = groundOf(at);
  if (!input) return null;
  const { loan, debt, means, proposal } = input;
  const { terms } = proposal;
  const worked = { ...schedule(debt.debt, terms), terms };
  const offer = offerOf(at, input);
  const totals = totalsOf(at);
  const to = (step: StepName) => addressOf(at, step, 'check');
  // Nothing to look over: that files can follow stands with what they would support.
  const isLater = files.length === 0 && !invited && lender.slug !== ELSEWHERE;
  const Told = ({ lines }: { lines: readonly Line[] }) => <Lines lines={lines} words={words} capitals />;
  return (
    <div class="stack check">
      <input type="hidden" name="requestId" value={view.requestId()} />
      {invited ? (
        <>
          <input type="hidden" name="digest" value={offer?.digest ?? ''} />
          <input type="hidden" name="answers" value={onTable(invited.kase, at.context.at)?.version ?? ''} />
        </>
      ) : null}
      <CheckCard title={words.steps.loan} step="loan" to={to} words={words}>
        <Told
          lines={openedLines({ loan, lenderName: lender.name, borrowerName: invited?.kase.borrowerName ?? at.context.seat.name }, words)}
        />
        <Told lines={figuresLines(debt, words)} />
        {invited ? <OwedSaid at={at} kase={invited.kase} debt={debt} /> : null}
      </CheckCard>
      <CheckCard title={words.steps.cause} step="cause" to={to} words={words}>
        <Told lines={causeLines(means, words)} />
      </CheckCard>
      <CheckCard title={words.means.title} step="month" to={to} words={words}>
        {totals ? <Lines lines={[...totalLines(totals, words), ...bearLines(totals, words)]} words={words} /> : null}
        <Closely lines={statementLines(means, words)} words={words} capitals />
        {isLater ? (
          <p class="row between soft">
            {words.opening.evidenceLater} {view.person ? <a href={to('evidence')}>{words.evidence.add}</a> : null}
          </p>
        ) : null}
      </CheckCard>
      {lender.slug === ELSEWHERE || isLater ? null : (
        <CheckCard title={words.steps.evidence} {...(view.person && !invited ? { step: 'evidence' } : {})} to={to} words={words}>
          {invited ? <InCase invited={invited} words={words} /> : null}
          <Told lines={files.flatMap(({ supports, ...file }) => fileLines(file, supports, EMPTY_CASE, words))} />
          {files.length > 0 && !input.evidence.consent ? <p class="notice warn">{words.refusal['consent.needed']}</p> : null}
          {files.length > 0 && input.evidence.consent ? (
            <>
              <p>{words.consent.tick}</p>
              <Closely lines={consentLines(at.context.policy.retentionYears, words).map((value) => ({ value }))} words={words} />
            </>
          ) : null}
        </CheckCard>
      )}
      <CheckCard title={words.steps.proposal} step="proposal" to={to} words={words}>
        <ClauseList offer={{ debt: debt.debt, terms }} words={words} />
        <TermsAmounts terms={terms} words={words} />
        {ground && !('refused' in worked) ? <Drawn plan={worked} ground={ground} words={words} /> : null}
        <OfferWords offer={proposal} words={words} />
        <dl class="pairs">
          <dt>{words.terms.validity}</dt>
          <dd>{words.terms.validFor(proposal.expiresInDays ?? at.context.policy.offerDays)}</dd>
        </dl>
        {offer ? <Closely lines={[...offerFigures(offer, words), ...offerGrounds(offer, words)]} words={words} capitals /> : null}
      </CheckCard>
      <SaidNotes said={saidIn(input)} side="borrower" means={means} policy={at.context.policy} words={words} />
      {lender.slug === ELSEWHERE ? <WhoWrites at={at} form={form} /> : view.person ? null : <WhoSends at={at} form={form} />}
    </div>
  );
}

/** What the clauses come to: whether it can be borne, and whoever wants to see it instalment by instalment unfolds that. */
function Drawn({ plan, ground, words }: { plan: Plan; ground: Ground; words: View['words'] }) {
  const held = heldOf(plan, ground);
  return (
    <>
      <Fits worked={plan} held={held} ground={ground} words={words} offeredBy="borrower" />
      <details>
        <summary>{words.schedule.all}</summary>
        <div class="stack">
          <Pictures worked={plan} held={held} words={words} />
          <ScheduleTable schedule={plan} words={words} held={held} hints={hintsOf(ground.policy)} />
        </div>
      </details>
    </>
  );
}

/** An invited borrower adds files in the case itself, which is there already. */
function InCase({ invited: { id, kase }, words }: { invited: Invited; words: View['words'] }) {
  const own = Object.values(kase.evidence).filter(({ side, state }) => side === 'borrower' && state !== 'withdrawn');
  return (
    <>
      <Lines lines={own.flatMap((file) => fileLines(file, file.figures, kase, words))} words={words} />
      <p class="actions">
        <a class="button" href={`/cases/${id}/evidence`}>
          {words.evidence.add}
        </a>
      </p>
    </>
  );
}

/** What is said of the lender's figures: that they are right, or why they are not. */
function OwedSaid({ at, kase, debt }: { at: Standing; kase: Case; debt: KnownFigures }) {
  const { words } = at.view;
  const decision = stateDebt(kase, { ...debt, words: whyOf(at) ?? '-' }, at.context);
  const kind = isDecided(decision) && !settled(kase) ? decision[0]?.kind : undefined;
  if (kind === 'debt.confirmed') return <p class="notice good">{words.opening.owedAnswers.agree}</p>;
  return kind === 'debt.disputed' ? (
    <div class="notice warn">
      <p>{words.opening.owedAnswers.differ}</p>
      <p class="said">{whyOf(at)}</p>
    </div>
  ) : null;
}

/** Whose letter it is that is taken away. */
function WhoWrites({ at, form }: { at: Standing; form: Filled }) {
  const { words } = at.view;
  return (
    <section class="card">
      <h2>{words.opening.takeTitle}</h2>
      <p class="hint">{words.opening.takeHint}</p>
      <TextField form={form} words={words} name="name" label={words.account.name} hint={words.opening.takeName} autocomplete="name" />
    </section>
  );
}

/** Who has no account yet says who they are: that makes it, once the code is typed that goes to their contact. */
function WhoSends({ at, form }: { at: Standing; form: Filled }) {
  const { words } = at.view;
  const { account: say, opening } = words;
  const field = { form, words };
  return (
    <section class="card">
      <h2>{opening.who}</h2>
      <p class="hint">{opening.whoHint}</p>
      <TextField {...field} name="name" label={say.name} hint={say.nameHint} autocomplete="name" />
      <TextField
        {...field}
        name="contact"
        label={at.view.reachesPhones ? say.contact : say.contactMail}
        hint={at.view.reachesPhones ? say.contactHint : say.contactMailHint}
        autocomplete="username"
      />
      <PasswordField {...field} name="password" label={say.password} hint={say.passwordHint} autocomplete="new-password" />
      <p>
        {say.haveAccount} <a href={`/sign-in?next=${encodeURIComponent(addressOf(at, 'check'))}`}>{say.signIn}</a>
      </p>
    </section>
  );
}

/** The offer as it will stand in the record; null where the rules would refuse it, which they say when it is sent. */
function offerOf({ context }: Standing, { debt, proposal }: z.output<typeof Opened>): Made | null {
  const kase = { ...EMPTY_CASE, debts: { ...EMPTY_CASE.debts, borrower: debt.debt } };
  const decided = makeProposal(kase, proposal, context);
  const made = isDecided(decided) ? decided.find(({ kind }) => kind === 'proposal.made') : undefined;
  return made?.kind === 'proposal.made' ? { ...made.content, partsUnknown: debt.partsUnknown ?? false } : null;
}
