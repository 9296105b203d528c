import { shapeOf } from '../../worker/negotiation/form.ts';
import type { MeansStatement } from '../../worker/negotiation/means.ts';
import type { ShapeOf } from '../../worker/negotiation/shape.ts';
import { formatPercent, plainAmount } from '../../worker/plan/amount.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { measures } from '../../worker/plan/law/marks.ts';
import { TEMPLATES } from '../../worker/plan/templates.ts';
import { Terms } from '../../worker/plan/terms.ts';
import { headed, money, type Words } from '../words/index.ts';
import type { PlanSay } from '../words/plan.ts';
import { planSay } from '../words/plan.ts';
import { asSentence } from '../words/sentence.ts';
import { Drawing } from './drawn.tsx';
import { AmountField, AreaField, DateField, Enter, PercentField, SelectField, TextField } from './fields.tsx';
import { againstOf, type Ground, Preview, Standards } from './plan.tsx';
import { type Against, drawBar, type Worked } from './plan-drawing.ts';
import { type Filled, filled, TYPED, typedIn, type View } from './view.ts';

/** The form of a plan. */

/** The fields of a plan, named under `prefix`; `worked` is what the button "work it out" (or the live preview) shows. */
export function TermsForm({
  view,
  form,
  prefix,
  ground,
  stages,
  worked,
  workAt,
  behind,
  said,
  children,
}: {
  view: View;
  form: Filled;
  prefix: string;
  ground: Ground;
  stages: number;
  worked: Worked | null;
  /** Where the form goes to be worked out, where that is not where it is sent. */
  workAt?: string;
  /** The plan is shown first, and its fields behind "another way": shut, or open where one is at it. */
  behind?: 'shut' | 'open';
  /** What its words are called, of terms that are suggested to both: they make no offer, and have no day until which one stands. */
  said?: string;
  children?: unknown;
}) {
  const { words } = view;
  const { terms: say } = words;
  const at = (name: string) => `${prefix}${name}`;
  const field = { form, words };
  const take = workAt ?? '';
  const preview = (
    <div
      id="preview"
      class="preview"
      hidden={!worked}
      role="status"
      data-plan={JSON.stringify(live(ground, view, prefix, take), asSentence)}
    >
      {worked ? <Preview worked={worked} ground={ground} words={words} take={take} /> : null}
    </div>
  );
  const fields = (
    <>
      <div class="together">
        <DateField {...field} name={at('terms.firstDue')} label={say.firstDue} hint={say.firstDueHint} />
        <SelectField
          {...field}
          name={at('terms.every')}
          label={say.every}
          options={['month', 'fortnight', 'week'] as const}
          text={(one) => words.every[one]}
        />
      </div>
      <fieldset class="field stack">
        <legend>{say.phases}</legend>
        <p class="hint">{say.phasesHint}</p>
        {Array.from({ length: stages }, (_, i) => (
          <PhaseFields form={form} words={words} at={at(`terms.phases.${i}`)} no={i + 1} optional={i > 0} />
        ))}
        {/* Rows that are still blank are not among what is read: the form says how many it shows. */}
        <input type="hidden" name="stages" value={String(stages)} />
        {stages < MAX_STAGES_SHOWN ? (
          <p>
            <button type="submit" name="action" value="add-stage" formaction={workAt} class="quiet">
              {say.addStage}
            </button>
          </p>
        ) : null}
      </fieldset>
      <details open={typedIn(form, at('terms.upfront.amount')) !== '' || hasError(form, at('terms.upfront'))}>
        <summary>{say.upfront}</summary>
        <div class="together stack">
          <AmountField {...field} name={at('terms.upfront.amount')} label={say.upfrontAmount} optional />
          <DateField {...field} name={at('terms.upfront.due')} label={say.upfrontDue} optional />
        </div>
      </details>
      <details
        open={COMPONENTS.some(
          (one) =>
            typedIn(form, at(`terms.waive.${one}`)) !== '' ||
            hasError(form, at(`reasons.${one}`)) ||
            hasError(form, at(`terms.waive.${one}`)),
        )}
      >
        <summary>{ground.side === 'borrower' ? say.waive : say.waiveOffer}</summary>
        <div class="stack">
          <p class="hint">{ground.side === 'borrower' ? say.waiveHint : say.waiveOfferHint}</p>
          {(['penalty', 'fees', 'interest', 'principal'] as const).map((one) =>
            ground.debt[one] > 0 ? (
              <div class="line two">
                <AmountField
                  {...field}
                  name={at(`terms.waive.${one}`)}
                  label={headed(words.component[one]) + words.aside(money(ground.debt[one]))}
                  optional
                />
                <TextField
                  {...field}
                  name={at(`reasons.${one}`)}
                  label={(ground.side === 'borrower' ? say.waiveReason : say.waiveOfferReason)(words.component[one])}
                  optional={ground.side === 'lender'}
                />
              </div>
            ) : null,
          )}
        </div>
      </details>
      <details open={['rate', 'interestOn', 'dayCount', 'start'].some((one) => hasError(form, at(`terms.${one}`)))}>
        <summary>{say.details}</summary>
        <div class="stack">
          <div class="together">
            <PercentField {...field} name={at('terms.rate.ppm')} label={say.rate} hint={say.rateHint} />
            <SelectField
              {...field}
              name={at('terms.rate.per')}
              label={say.ratePer}
              options={['year', 'month', 'day'] as const}
              text={(one) => words.per[one]}
            />
          </div>
          <SelectField
            {...field}
            name={at('terms.interestOn')}
            label={say.interestOn}
            options={['principal', 'balance'] as const}
            text={(one) => say.interestOnOf[one]}
          />
          <SelectField
            {...field}
            name={at('terms.dayCount')}
            label={say.dayCount}
            options={['period', 'actual/365', 'actual/360'] as const}
            text={(one) => say.dayCountOf[one]}
          />
          <DateField {...field} name={at('terms.start')} label={say.start} hint={say.startHint} />
        </div>
      </details>
      <p class="actions">
        <button type="submit" name="action" value="work-out" formaction={workAt}>
          {say.workOut}
        </button>
      </p>
    </>
  );
  return (
    <>
      <Standards ground={ground} words={words} />
      {behind ? (
        <>
          {preview}
          <details open={behind === 'open'}>
            <summary>{say.otherWay}</summary>
            <div class="stack">
              <TemplateList words={words} workAt={workAt} />
              {fields}
            </div>
          </details>
        </>
      ) : (
        <>
          {fields}
          {preview}
        </>
      )}
      <AreaField
        {...field}
        name={at('words')}
        label={said ?? say.words}
        hint={said ? undefined : ground.side === 'borrower' ? say.wordsHint : say.wordsHintLender}
        most={4000}
        rows={5}
      />
      {said ? null : <TextField {...field} name={at('expiresInDays')} label={say.expires} inputmode="numeric" narrow />}
      <div class="plan-foot">
        {/* What the preview says, once more where the thumb is: nobody has to hear it twice. */}
        <p class="plan-bar" aria-hidden="true" hidden={!worked || 'refused' in worked} data-bar>
          {worked ? <Drawing of={drawBar(worked, againstOf(ground, words), planSay(words, view.language))} /> : null}
        </p>
        {children}
      </div>
    </>
  );
}

const hasError = (form: Filled, start: string) => Object.keys(form.errors).some((name) => name.startsWith(start));

function PhaseFields({ form, words, at, no, optional }: { form: Filled; words: Words; at: string; no: number; optional: boolean }) {
  const { terms: say } = words;
  const field = { form, words };
  return (
    <fieldset class="phase">
      <legend>{say.stage(no)}</legend>
      <SelectField
        {...field}
        name={`${at}.kind`}
        label={say.kind}
        options={['level', 'fixed', 'pause', 'interest-only', 'even-principal', 'rest'] as const}
        text={(kind) => say.kindOf[kind]}
        {...(optional ? { blank: say.noStage } : {})}
      />
      <div class="together">
        <div class="for-count">
          <TextField {...field} name={`${at}.count`} label={say.count} inputmode="numeric" narrow />
        </div>
        <div class="for-amount">
          <AmountField {...field} name={`${at}.amount`} label={say.amount} />
        </div>
        <div class="for-interest">
          <SelectField
            {...field}
            name={`${at}.interest`}
            label={say.pauseInterest}
            options={['waived', 'runs'] as const}
            text={(one) => say.pauseInterestOf[one]}
          />
        </div>
      </div>
    </fieldset>
  );
}

/** What the key Enter does in a plan's form: it works it out. The first button of the page that belongs to the form. */
export function EnterWorksOut({ words, workAt }: { words: Words; workAt?: string | undefined }) {
  return <Enter at={workAt}>{words.terms.workOut}</Enter>;
}

/** Templates to start from, before their form, so that Enter in it works the plan out. */
export function Templates({ words, workAt }: { words: Words; workAt?: string }) {
  return (
    <>
      <EnterWorksOut words={words} workAt={workAt} />
      <TemplateList words={words} workAt={workAt} />
    </>
  );
}

/** Templates are buttons of the plan's form, so that what was said in it is kept. */
function TemplateList({ words, workAt }: { words: Words; workAt?: string | undefined }) {
  const { terms: say } = words;
  return (
    <section class="stack tight" aria-labelledby="templates">
      <h2 id="templates">{say.templates}</h2>
      <ul class="list">
        {TEMPLATES.map((one) => (
          <li>
            <button type="submit" form={TYPED} name="action" value={`template:${one}`} formaction={workAt} formnovalidate>
              <span>
                <strong>{say.template[one]}</strong>
                <br />
                <span class="soft small">{say.templateHint[one]}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A form filled from terms. */
export function filledFromTerms(terms: Terms, prefix: string, rest: Record<string, string | number> = {}): Filled {
  const values: Record<string, string | number | null> = {
    'terms.start': terms.start,
    'terms.firstDue': terms.firstDue,
    'terms.every': terms.every,
    'terms.rate.per': terms.rate.per,
    'terms.rate.ppm': formatPercent(terms.rate.ppm),
    'terms.interestOn': terms.interestOn,
    'terms.dayCount': terms.dayCount,
    'terms.upfront.due': terms.upfront?.due ?? null,
    'terms.upfront.amount': terms.upfront ? plainAmount(terms.upfront.amount) : null,
    ...rest,
  };
  for (const one of COMPONENTS) values[`terms.waive.${one}`] = terms.waive[one] ? plainAmount(terms.waive[one]) : null;
  for (const [i, phase] of terms.phases.entries()) {
    values[`terms.phases.${i}.kind`] = phase.kind;
    if ('count' in phase && phase.count !== undefined) values[`terms.phases.${i}.count`] = phase.count;
    if ('amount' in phase) values[`terms.phases.${i}.amount`] = plainAmount(phase.amount);
    if ('interest' in phase) values[`terms.phases.${i}.interest`] = phase.interest;
  }
  return filled(Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value])));
}

/** More than a person draws up; whoever sends more by program is not held to it. */
const MAX_STAGES_SHOWN = 12;

/** How many stages a form shows once one more was asked for: those that it showed, blank ones too, and one. */
export function stagesWithOneMore(form: Filled, prefix: string): number {
  const shown = Number.parseInt(typedIn(form, 'stages'), 10) || 0;
  return Math.max(stagesOf(form, prefix), Math.min(shown, MAX_STAGES_SHOWN - 1)) + 1;
}

/** How many stages a form shows: those filled in, and at least one. */
export function stagesOf(form: Filled, prefix: string): number {
  let count = 1;
  while (form.values.has(`${prefix}terms.phases.${count}.kind`)) count++;
  return count;
}

/** What the live preview works from: how its form is read, what a plan is held against, and what is said of it. */
export type Live = { prefix: string; shape: ShapeOf<Terms>; against: Against; say: PlanSay };

function live(ground: Ground, { words, language }: View, prefix: string, take: string): Live {
  const { means, law, ...against } = againstOf(ground, words, take);
  return {
    prefix,
    shape: shapeOf(Terms),
    against: { ...against, law: measures(law), means: ground.means && figuresOf(ground.means) },
    say: planSay(words, language),
  };
}

/** What of the means the preview needs: their figures, not the words. */
function figuresOf({ incomes, expenses, otherDebts, reserve, changes }: MeansStatement) {
  return { incomes, expenses, otherDebts, reserve, changes };
}
