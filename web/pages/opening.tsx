import type { PropsWithChildren } from 'hono/jsx';
import type { MeansTotals } from '../../worker/plan/means.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import type { FileRef } from '../../worker/record/format.ts';
import type { OpenInput } from '../../worker/routes/opening.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { type Begun, BegunList } from '../parts/begun.tsx';
import { AmountField, AmountRead, DateField, Enter, ErrorSummary, PercentField, SelectField, TextField } from '../parts/fields.tsx';
import { CauseFields, CauseText, ChangeFields, figureName, GroupFields, HouseholdFields, MeansTotalsView } from '../parts/means.tsx';
import { ClauseList, OfferWords } from '../parts/offer.tsx';
import { type Ground, Preview, Standards, Templates, TermsAmounts, TermsForm, type Worked } from '../parts/plan.tsx';
import { UploadField } from '../parts/upload.tsx';
import { type Filled, TYPED, type View } from '../parts/view.ts';
import { dateText, momentText, rateText } from '../words/index.ts';

export const STEPS = ['loan', 'debt', 'cause', 'income', 'expenses', 'debts', 'evidence', 'proposal', 'check'] as const;
export type Step = (typeof STEPS)[number];

export function LendersPage({ view, lenders, drafts }: { view: View; lenders: { slug: string; name: string }[]; drafts: Begun[] }) {
  const { opening: say } = view.words;
  // Where one was begun, the list begins another.
  const has = (slug: string) => drafts.some(({ lender }) => lender.slug === slug);
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      <BegunList drafts={drafts} words={view.words} />
      <h2>{say.lenderQuestion}</h2>
      {lenders.length === 0 ? <p>{say.lenderNone}</p> : null}
      <ul class="list">
        {lenders.map(({ slug, name }) => (
          <li>
            <a href={`/open/${slug}/${has(slug) ? 'new' : 'loan'}`}>
              <span>
                <strong>{name}</strong>
                {has(slug) ? <span class="soft small"> {say.another}</span> : null}
              </span>
              <span aria-hidden="true">→</span>
            </a>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

/** Steps in which something is typed that a script can help with. */
const SCRIPTS: Partial<Record<Step, ('upload' | 'plan' | 'amounts')[]>> = {
  debt: ['amounts'],
  income: ['amounts'],
  expenses: ['amounts'],
  debts: ['amounts'],
  evidence: ['upload'],
  proposal: ['plan', 'amounts'],
};

/** Giving a draft up is asked once. */
export function DiscardPage({ view, draft }: { view: View; draft: Begun }) {
  const { words } = view;
  const { opening: say } = words;
  const { lender, token, step, reference, savedAt } = draft;
  return (
    <Layout view={view} title={say.discardQuestion}>
      <PageTitle lead={say.discardHint}>{say.discardQuestion}</PageTitle>
      <dl class="pairs">
        <dt>{words.steps.lender}</dt>
        <dd>{lender.name}</dd>
        {reference ? (
          <>
            <dt>{say.reference}</dt>
            <dd>{reference}</dd>
          </>
        ) : null}
        <dt>{words.cases.updated}</dt>
        <dd>{momentText(words, savedAt)}</dd>
      </dl>
      <form method="post" action={`/open/${lender.slug}/${token}/discard`}>
        <p class="actions">
          <button type="submit" class="bad">
            {say.discard}
          </button>
          <a class="button" href={`/open/${lender.slug}/${token}/${step}`}>
            {say.keep}
          </a>
        </p>
      </form>
    </Layout>
  );
}

/** A file that was added to a draft, and the figures that it supports (`incomes.salary`). */
export type DraftFile = FileRef & { supports: readonly string[] };

export type StepProps = {
  view: View;
  lender: { slug: string; name: string };
  /** What the draft is called. */
  draft: string;
  /** When it was last saved; null where it never was. */
  savedAt: string | null;
  step: Step;
  form: Filled;
  totals: MeansTotals | null;
  files: DraftFile[];
  figures: string[];
  ground: Ground | null;
  worked: Worked | null;
  stages: number;
  input: OpenInput | null;
  /** For the last page: what is still to be done, step by step. */
  missing: { step: Step; text: string }[];
};

/** One step of opening a case: one thing at a time, kept on the server as it is filled in. */
export function StepPage(props: StepProps) {
  const { view, lender, step, form, totals } = props;
  const { words } = view;
  const { opening: say, steps } = words;
  const at = STEPS.indexOf(step);
  const previous = STEPS[at - 1];
  const to = (one: Step | 'discard') => `/open/${lender.slug}/${props.draft}/${one}`;
  const questions: Record<Step, [string, string?]> = {
    loan: [say.loanQuestion],
    debt: [say.debtQuestion, say.debtHint],
    cause: [say.causeQuestion],
    income: [say.incomeQuestion, say.incomeHint],
    expenses: [say.expensesQuestion, say.expensesHint],
    debts: [say.debtsQuestion, say.debtsHint],
    evidence: [say.evidenceQuestion, say.evidenceHint],
    proposal: [say.proposalQuestion],
    check: [say.checkQuestion, say.checkHint],
  };
  const [question, lead] = questions[step];
  const upload = step === 'evidence';
  // Earlier steps are to be done first: there is nothing to send yet.
  const waits = (step === 'check' && !props.input) || (step === 'proposal' && !props.ground);
  return (
    <Layout view={view} title={question} scripts={SCRIPTS[step] ?? []} typedAt={waits || step === 'check' ? undefined : to(step)}>
      <p class="crumb">
        <span class="soft">
          {lender.name} · {steps.of({ step: at + 1, steps: STEPS.length })}
        </span>
      </p>
      <div class="progress" aria-hidden="true">
        <span class={`p${at + 1}`} />
      </div>
      <PageTitle lead={lead}>{question}</PageTitle>
      {step === 'proposal' && !waits ? <Templates words={words} /> : null}
      {waits ? (
        <>
          <MissingSteps {...props} />
          <p class="actions">
            <a class="button" href={to(previous ?? 'loan')}>
              {words.back}
            </a>
          </p>
        </>
      ) : (
        <form
          method="post"
          action={to(step)}
          id={TYPED}
          enctype={upload ? 'multipart/form-data' : undefined}
          data-once
          data-upload={upload ? '' : undefined}
        >
          <ErrorSummary form={form} words={words} />
          {upload || step === 'proposal' ? null : <Enter>{words.continue}</Enter>}
          <StepFields {...props} />
          <p class="actions">
            {step === 'check' ? (
              <>
                <button type="submit" class="primary">
                  {say.send}
                </button>
                <a class="button" href={to(previous ?? 'loan')}>
                  {words.back}
                </a>
              </>
            ) : (
              <>
                <button type="submit" class="primary" name="action" value="continue">
                  {words.continue}
                </button>
                <button type="submit" name="action" value="back" formnovalidate>
                  {words.back}
                </button>
              </>
            )}
          </p>
        </form>
      )}
      {totals && ['income', 'expenses', 'debts'].includes(step) ? <MeansTotalsView totals={totals} words={words} /> : null}
      <p class="soft small">{props.savedAt ? steps.saved({ at: momentText(words, props.savedAt) }) : steps.unsaved}</p>
      {props.savedAt ? (
        <p>
          <a href={to('discard')}>{say.discard}</a>
        </p>
      ) : null}
    </Layout>
  );
}

function StepFields(props: StepProps) {
  const { view, step, form, files, figures, ground, worked, stages } = props;
  const { words } = view;
  const { opening: say } = words;
  const field = { form, words };
  switch (step) {
    case 'loan':
      return (
        <>
          <TextField {...field} name="loan.reference" label={say.reference} hint={say.referenceHint} />
          <TextField {...field} name="loan.product" label={say.product} optional />
        </>
      );
    case 'debt':
      return <DebtFields form={form} words={words} prefix="debt." />;
    case 'cause':
      return <CauseFields form={form} words={words} />;
    case 'income':
      return (
        <>
          <GroupFields form={form} words={words} group="incomes" />
          <ChangeFields form={form} words={words} />
        </>
      );
    case 'expenses':
      return (
        <>
          <GroupFields form={form} words={words} group="expenses" />
          <HouseholdFields form={form} words={words} />
        </>
      );
    case 'debts':
      return <GroupFields form={form} words={words} group="otherDebts" />;
    case 'evidence':
      return (
        <>
          {files.length > 0 ? (
            <ul class="list">
              {files.map(({ name, size, sha256, supports }) => (
                <li>
                  <div class="item">
                    <span>
                      {name} <span class="soft small">{Math.ceil(size / 1024)} KB</span> <Supports figures={supports} words={words} />
                    </span>
                    <button
                      type="submit"
                      name="action"
                      value={`remove:${sha256}`}
                      class="quiet"
                      aria-label={`${words.evidence.remove} ${name}`}
                    >
                      {words.evidence.remove}
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          ) : null}
          <UploadField form={form} words={words} figures={figures} />
          <p class="actions">
            <button type="submit" name="action" value="upload">
              {words.evidence.upload}
            </button>
          </p>
        </>
      );
    case 'proposal':
      return ground ? <TermsForm view={view} form={form} prefix="proposal." ground={ground} stages={stages} worked={worked} /> : null;
    case 'check':
      return <Check {...props} />;
  }
}

/** Which figures a file supports. */
function Supports({ figures, words }: { figures: readonly string[]; words: View['words'] }) {
  if (figures.length === 0) return null;
  return <span class="soft small">{figures.map((key) => figureName(words, key)).join(words.comma)}</span>;
}

/** The figures of a debt, as either side states them. */
export function DebtFields({ form, words, prefix }: { form: Filled; words: View['words']; prefix: string }) {
  const { opening: say } = words;
  const field = { form, words };
  return (
    <>
      <DateField {...field} name={`${prefix}debt.asOf`} label={say.asOf} />
      <AmountField {...field} name={`${prefix}debt.principal`} label={say.principal} />
      <AmountField {...field} name={`${prefix}debt.interest`} label={say.interest} />
      <AmountField {...field} name={`${prefix}debt.penalty`} label={say.penalty} />
      <AmountField {...field} name={`${prefix}debt.fees`} label={say.fees} />
      <div class="together">
        <PercentField {...field} name={`${prefix}rate.ppm`} label={say.rate} hint={say.rateHint} optional />
        <SelectField
          {...field}
          name={`${prefix}rate.per`}
          label={words.terms.ratePer}
          options={['year', 'month', 'day'] as const}
          text={(one) => words.per[one]}
        />
      </div>
    </>
  );
}

function MissingSteps({ view, lender, draft, missing }: StepProps) {
  return (
    <ul class="notice warn plain-list">
      {missing.map(({ step, text }) => (
        <li>
          <a href={`/open/${lender.slug}/${draft}/${step}`}>{view.words.steps[step]}</a>
          {view.words.colon}
          {text}
        </li>
      ))}
    </ul>
  );
}

/** A part of what will be sent, with the way back to its step. */
function CheckCard({
  title,
  step,
  to,
  words,
  children,
}: PropsWithChildren<{ title: string; step: Step; to: (step: Step) => string; words: View['words'] }>) {
  return (
    <section class="card">
      <h2 class="row between">
        {title}{' '}
        <a href={to(step)}>
          {words.change}
          <span class="visually-hidden"> {words.steps[step]}</span>
        </a>
      </h2>
      {children}
    </section>
  );
}

function Check(props: StepProps) {
  const { view, lender, input, files, ground, worked, totals } = props;
  const { words } = view;
  if (!input) return null;
  const { loan, debt, means, proposal } = input;
  const to = (step: Step) => `/open/${lender.slug}/${props.draft}/${step}`;
  return (
    <div class="stack check">
      <input type="hidden" name="requestId" value={view.requestId()} />
      <CheckCard title={words.steps.loan} step="loan" to={to} words={words}>
        <dl class="pairs">
          <dt>{words.steps.lender}</dt>
          <dd>{lender.name}</dd>
          <dt>{words.opening.reference}</dt>
          <dd>{loan.reference}</dd>
          {loan.product ? (
            <>
              <dt>{words.opening.product}</dt>
              <dd>{loan.product}</dd>
            </>
          ) : null}
        </dl>
      </CheckCard>
      <CheckCard title={words.steps.debt} step="debt" to={to} words={words}>
        <dl class="pairs">
          <dt>{words.opening.asOf}</dt>
          <dd>{dateText(words, debt.debt.asOf)}</dd>
          {(['principal', 'interest', 'penalty', 'fees'] as const).map((one) => (
            <>
              <dt>{words.component[one]}</dt>
              <dd class="num">
                <AmountRead fen={debt.debt[one]} words={words} />
              </dd>
            </>
          ))}
          <dt>{words.total}</dt>
          <dd class="num">
            <AmountRead fen={outstanding(debt.debt)} words={words} />
          </dd>
          {debt.rate ? (
            <>
              <dt>{words.opening.rate}</dt>
              <dd>{rateText(words, debt.rate)}</dd>
            </>
          ) : null}
        </dl>
      </CheckCard>
      <CheckCard title={words.steps.cause} step="cause" to={to} words={words}>
        <CauseText cause={means.cause} words={words} />
      </CheckCard>
      <CheckCard title={words.means.title} step="income" to={to} words={words}>
        <dl class="pairs">
          {(['incomes', 'expenses', 'otherDebts'] as const).flatMap((group) =>
            means[group].map(({ kind, amount, every: often }) => (
              <>
                <dt>{figureName(words, `${group}.${kind}`)}</dt>
                <dd class="num">
                  <AmountRead fen={amount} words={words} /> {words.every[often]}
                </dd>
              </>
            )),
          )}
          {means.changes.map(({ from, direction, amount }) => (
            <>
              <dt>
                {dateText(words, from)} {words.means.direction[direction]}
              </dt>
              <dd class="num">
                <AmountRead fen={amount} words={words} />
              </dd>
            </>
          ))}
          <dt>{words.opening.dependants}</dt>
          <dd>{means.dependants}</dd>
          {means.assets ? (
            <>
              <dt>{words.opening.assets}</dt>
              <dd>{means.assets}</dd>
            </>
          ) : null}
        </dl>
        {totals ? <MeansTotalsView totals={totals} words={words} /> : null}
      </CheckCard>
      <CheckCard title={words.steps.evidence} step="evidence" to={to} words={words}>
        {files.length === 0 ? <p class="soft">{words.evidence.none}</p> : null}
        <ul>
          {files.map(({ name, supports }) => (
            <li>
              {name} <Supports figures={supports} words={words} />
            </li>
          ))}
        </ul>
      </CheckCard>
      <CheckCard title={words.steps.proposal} step="proposal" to={to} words={words}>
        {ground ? <Standards ground={ground} words={words} /> : null}
        <ClauseList terms={proposal.terms} words={words} />
        <TermsAmounts terms={proposal.terms} words={words} />
        {worked && ground ? <Preview worked={worked} ground={ground} words={words} /> : null}
        <OfferWords offer={proposal} words={words} />
        <dl class="pairs">
          <dt>{words.terms.expires}</dt>
          <dd>{proposal.expiresInDays ?? ground?.policy.offerDays}</dd>
        </dl>
      </CheckCard>
    </div>
  );
}
