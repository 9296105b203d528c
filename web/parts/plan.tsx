import { type Books, exceeded, granted, type Limits, mostOf } from '../../worker/negotiation/authority.ts';
import type { MeansStatement } from '../../worker/negotiation/means.ts';
import type { Policy } from '../../worker/negotiation/policy.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { belowMinimum, type Held, hold, type Span, shownSpans } from '../../worker/plan/affordability.ts';
import { formatPercent, plainAmount } from '../../worker/plan/amount.ts';
import { type Fitting, fitting } from '../../worker/plan/fitting.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { measures } from '../../worker/plan/law/jurisdiction.ts';
import type { PlanRefusal, Schedule } from '../../worker/plan/schedule.ts';
import { TEMPLATES } from '../../worker/plan/templates.ts';
import { type Debt, outstanding, type Terms } from '../../worker/plan/terms.ts';
import { dateText, excessText, money, planText, rateText, type Words } from '../words/index.ts';
import { BalanceChart, InstalmentChart } from './chart.tsx';
import { AmountField, AmountRead, AreaField, DateField, Enter, PercentField, SelectField, TextField } from './fields.tsx';
import { LawMarks } from './law.tsx';
import { ScheduleTable, Totals } from './schedule.tsx';
import { type Filled, filled, TYPED, typedIn, type View } from './view.ts';

/** What a plan is drawn up against: the debt, what the borrower can bear, what the lender publishes. */
export type Ground = {
  debt: Debt;
  means: MeansStatement | null;
  /** What can be paid a month, from each day on which that changes; empty without a statement of means. */
  affordable: { from: string; amount: number }[];
  policy: Pick<Policy, 'minimumInstalment' | 'longestTerm' | 'offerDays' | 'jurisdiction'>;
  side: 'borrower' | 'lender';
  /** What a person of the lender's staff may grant alone, where that is limited; never there for the borrower's side. */
  authority?: { limits: Limits; books: Books; today: string };
};

/** A schedule with the terms that gave it, or why there is none. */
export type Worked = Plan | { refused: PlanRefusal };

/** The fields of a plan, named under `prefix`; `worked` is what the button "work it out" (or the live preview) shows. */
export function TermsForm({
  view,
  form,
  prefix,
  ground,
  stages,
  worked,
  workAt,
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
  children?: unknown;
}) {
  const { words } = view;
  const { terms: say } = words;
  const at = (name: string) => `${prefix}${name}`;
  const field = { form, words };
  return (
    <>
      <Standards ground={ground} words={words} />
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
                  label={`${words.component[one]} (${money(ground.debt[one])})`}
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
      <div id="preview" class="preview" hidden={!worked} role="status" data-plan={JSON.stringify(live(ground, view, prefix))}>
        {worked ? <Preview worked={worked} ground={ground} words={words} /> : null}
      </div>
      <AreaField
        {...field}
        name={at('words')}
        label={say.words}
        hint={ground.side === 'borrower' ? say.wordsHint : say.wordsHintLender}
        most={4000}
        rows={5}
      />
      <TextField {...field} name={at('expiresInDays')} label={say.expires} inputmode="numeric" narrow />
      {children}
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

/** What both sides hold a plan against. */
export function Standards({ ground, words }: { ground: Ground; words: Words }) {
  const { terms: say } = words;
  const [now, ...later] = ground.affordable;
  return (
    <ul class="notice plain-list">
      <li>{say.based(money(outstanding(ground.debt)))}</li>
      {now ? <li>{(ground.side === 'borrower' ? say.yours : say.theirs)(money(now.amount))}</li> : null}
      {later.map(({ from, amount }) => (
        <li>{words.means.from({ date: dateText(words, from), amount: money(amount) })}</li>
      ))}
      <li>{say.minimum(money(ground.policy.minimumInstalment))}</li>
      {ground.authority ? aloneTexts(ground.authority, words).map((text) => <li>{text}</li>) : null}
    </ul>
  );
}

/** What a person of staff may grant alone. */
function aloneTexts({ limits, books }: NonNullable<Ground['authority']>, words: Words): string[] {
  const { principal, charges, term, unstated } = mostOf(limits, books);
  const rate = rateText(words, { per: 'year', ppm: limits.ownPpm });
  return [
    words.authority.alone({ principal: money(principal), charges: money(charges), months: term }),
    ...(unstated === null ? [] : [words.authority.unstated({ amount: money(unstated), rate })]),
  ];
}

/** Templates to start from: buttons of the form that stands below, so that what was said in it is kept. */
export function Templates({ words, workAt }: { words: Words; workAt?: string }) {
  const { terms: say } = words;
  return (
    <section class="stack tight" aria-labelledby="templates">
      <Enter at={workAt}>{say.workOut}</Enter>
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

/** A schedule as a person takes it in: the figures, whether it fits, the picture, the table. Or why there is none. */
export function Preview({ worked, ground, words }: { worked: Worked; ground: Ground; words: Words }) {
  if ('refused' in worked) return <p class="error">{planText(words, worked.refused)}</p>;
  const { schedule: say } = words;
  const held = heldOf(worked, ground);
  return (
    <>
      <Totals totals={worked.totals} terms={worked.terms} words={words} />
      <Fits worked={worked} held={held} ground={ground} words={words} />
      <LawMarks terms={worked.terms} instalments={worked.totals.instalments} policy={ground.policy} on={worked.terms.start} words={words} />
      <Pictures worked={worked} held={held} words={words} />
      <details>
        <summary>{say.all}</summary>
        <ScheduleTable schedule={worked} words={words} held={held} />
      </details>
    </>
  );
}

/** The amounts that were typed into a plan, in capitals too: what is waived, the payment up front, and each fixed amount. */
export function TermsAmounts({ terms, words }: { terms: Terms; words: Words }) {
  const { terms: say } = words;
  const typed: [string, number][] = [
    ...COMPONENTS.map((one): [string, number] => [words.schedule.waivedPart(words.component[one]), terms.waive[one] ?? 0]),
    [say.upfront, terms.upfront?.amount ?? 0],
    ...terms.phases.map((phase, i): [string, number] => [
      `${say.stage(i + 1)}${words.comma}${say.amount}`,
      phase.kind === 'fixed' ? phase.amount : 0,
    ]),
  ];
  const amounts = typed.filter(([, fen]) => fen > 0);
  if (amounts.length === 0) return null;
  return (
    <dl class="pairs">
      {amounts.map(([name, fen]) => (
        <>
          <dt>{name}</dt>
          <dd class="num">
            <AmountRead fen={fen} words={words} />
          </dd>
        </>
      ))}
    </dl>
  );
}

type Plan = Schedule & { terms: Terms };

/** A plan held against the borrower's means, or null where there are none yet: worked out once a page, and read by all its parts. */
export function heldOf(worked: Plan, { means }: Pick<Ground, 'means'>): Held | null {
  return means ? hold(worked, worked.terms.every, means) : null;
}

/** How a plan stands to the borrower's means, the lender's published minimum, and what the person may grant alone. */
export function Fits({
  worked,
  held,
  ground,
  words,
  offeredBy,
}: {
  worked: Plan;
  held: Held | null;
  ground: Ground;
  words: Words;
  /** Who has offered the plan; nobody has while it is drawn up. */
  offeredBy?: Side;
}) {
  const { authority, debt } = ground;
  const { terms } = worked;
  const excess = authority ? exceeded(authority.limits, authority.books, granted({ debt, terms }), authority.today) : null;
  return (
    <>
      {excess ? <p class="notice warn">{excessText(words, excess)}</p> : null}
      {held === null ? null : held.misses.length === 0 ? (
        <p class="notice good">{heldText(held, words)}</p>
      ) : (
        <Misses worked={worked} held={held} ground={ground} words={words} />
      )}
      {offeredBy !== 'lender' && belowMinimum(worked, terms.every, ground.policy.minimumInstalment) ? (
        <p class="notice warn">{minimumText(ground, words, offeredBy)}</p>
      ) : null}
    </>
  );
}

/** That a plan is below the published minimum: to the borrower who draws it up, that it can be proposed all the same. */
function minimumText({ side, policy }: Pick<Ground, 'side' | 'policy'>, { schedule: say }: Words, offeredBy?: Side): string {
  const amount = money(policy.minimumInstalment);
  return side === 'borrower' && !offeredBy ? say.belowMinimum(amount) : say.isBelowMinimum(amount);
}

/** Whether a plan is within what can be borne, in the one sentence that every page has for it. */
export function heldText({ misses, most }: Held, words: Words): string {
  return misses.length === 0 ? words.schedule.fits : words.schedule.exceeds({ count: misses.length, amount: money(most) });
}

function spanText({ from, to }: Pick<Span, 'from' | 'to'>, words: Words): string {
  const { schedule: say } = words;
  const due = dateText(words, from.due);
  return from.no === to.no ? say.missOne({ no: String(from.no), due }) : say.missSpan({ from: String(from.no), to: String(to.no), due });
}

/** Which instalments do not fit, by how much, and what would fit. */
function Misses({ worked, held, ground, words }: { worked: Plan; held: Held; ground: Ground; words: Words }) {
  const { schedule: say } = words;
  const { shown, more } = shownSpans(held.misses);
  const fit = ground.means ? fitting(ground.debt, worked.terms, ground.means) : null;
  return (
    <div class="notice warn stack tight">
      <p>{heldText(held, words)}</p>
      <ul class="plain-list">
        {shown.map(({ from, to, payment, affordable, over }) => (
          <li>
            <strong>{spanText({ from, to }, words)}</strong>
            <br />
            {say.miss({ payment: money(payment), affordable: money(affordable), over: money(over) })}
          </li>
        ))}
        {more > 0 ? <li>{say.moreMisses(more)}</li> : null}
      </ul>
      <p>{fitText(fit, words)}</p>
    </div>
  );
}

/** What would fit, as a sentence. */
function fitText(fit: Fitting | null, words: Words): string {
  const { fit: say } = words.schedule;
  if (!fit) return say.none;
  const { highest, lastDue } = fit.schedule.totals;
  return say[fit.as]({ paused: fit.paused, count: fit.count, highest: money(highest), date: dateText(words, lastDue) });
}

export function Pictures({ worked, held, words }: { worked: Plan; held: Held | null; words: Words }) {
  const { start } = worked.terms;
  return (
    <div class="pictures">
      <BalanceChart plans={[{ name: words.schedule.balance, schedule: worked, start }]} words={words} />
      <InstalmentChart schedule={worked} line={held?.line ?? null} words={words} />
    </div>
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

/** What the live preview works from. */
function live({ debt, means, policy, authority, side }: Ground, { words, language }: View, prefix: string) {
  const law = measures(lawOf(policy));
  return {
    prefix,
    debt,
    locale: language,
    minimum: policy.minimumInstalment,
    law,
    words: liveWords(words, minimumText({ side, policy }, words), dateText(words, law.asOf)),
    ...(means ? { means: liveMeans(means) } : {}),
    ...(authority ? { authority: { ...authority, words: exceededWords(words) } } : {}),
  };
}

/** The words of the live preview: the same as the server's, with a place for each figure, by its name: `{amount}`. */
function liveWords(words: Words, minimum: string, asOf: string) {
  const { schedule: say } = words;
  const would = { count: '{count}', highest: '{highest}', date: '{date}' };
  return {
    totals: [
      say.highest,
      say.instalments,
      words.terms.firstPaid,
      say.lastDue,
      say.paid,
      say.waived,
      say.owed,
      say.interestTotal,
      say.annualRate,
    ],
    fits: say.fits,
    exceeds: say.exceeds({ count: '{count}', amount: '{amount}' }),
    exceedsOne: say.exceeds({ count: 1, amount: '{amount}' }),
    one: say.missOne({ no: '{no}', due: '{due}' }),
    span: say.missSpan({ from: '{from}', to: '{to}', due: '{due}' }),
    miss: say.miss({ payment: '{payment}', affordable: '{affordable}', over: '{over}' }),
    more: say.moreMisses('{count}'),
    moreOne: say.moreMisses(1),
    fit: {
      last: say.fit.last(would),
      whole: say.fit.whole(would),
      pause: say.fit.pause({ paused: '{paused}', ...would }),
      pauseOne: say.fit.pause({ paused: 1, ...would }),
      none: say.fit.none,
    },
    belowMinimum: minimum,
    law: {
      rate: words.law.rate('{limit}'),
      instalments: words.law.instalments('{limit}'),
      since: words.law.since({ source: '{source}', from: '{from}' }),
      asOf: words.law.asOf(asOf),
      stale: words.law.stale(asOf),
    },
    refused: Object.fromEntries(
      Object.entries(words.plan).map(([code, text]) => [code, typeof text === 'function' ? text('{amount}') : text]),
    ),
    stage: words.planIn({ stage: '{stage}', text: '{text}' }),
  };
}

/** The words for what goes beyond one's authority, with places for the figures. */
function exceededWords({ authority: { exceeded: say } }: Words) {
  const figures = { given: '{given}', limit: '{limit}' };
  return {
    principal: say.principal(figures),
    charges: say.charges(figures),
    interest: say.interest(figures),
    'own-interest': say['own-interest'](figures),
    term: say.term(figures),
  };
}

/** What of the means the preview needs: their figures, not the words. */
function liveMeans({ incomes, expenses, otherDebts, reserve, changes }: MeansStatement) {
  return { incomes, expenses, otherDebts, reserve, changes };
}
