import { CAUSES, EXPENSES, INCOMES, type MeansStatement, OTHER_DEBTS } from '../../worker/negotiation/means.ts';
import { plainAmount } from '../../worker/plan/amount.ts';
import type { MeansTotals } from '../../worker/plan/means.ts';
import { kindName } from '../telling/means.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { AmountField, AreaField, ChoiceField, DateField, SelectField, TextField } from './fields.tsx';
import { LineFields } from './lines.tsx';
import type { Filled } from './view.ts';

/** The statement of means: its fields by group, its totals, and how it reads. */

type Part = { form: Filled; words: Words };

export const LINES = { incomes: INCOMES, expenses: EXPENSES, otherDebts: OTHER_DEBTS } as const;
export type Group = keyof typeof LINES;

export function CauseFields({ form, words }: Part) {
  const { opening: say } = words;
  const field = { form, words };
  return (
    <>
      <ChoiceField {...field} name="means.cause.kind" label={say.causeKind} options={CAUSES} text={(kind) => words.cause[kind]} />
      <div class="together">
        <DateField {...field} name="means.cause.since" label={say.since} />
        <DateField {...field} name="means.cause.until" label={say.until} hint={say.untilHint} optional />
      </div>
      <AreaField {...field} name="means.cause.words" label={say.causeWords} hint={say.causeWordsHint} most={4000} rows={6} />
    </>
  );
}

export function GroupFields({ form, words, group, workAt }: Part & { group: Group; workAt?: string }) {
  return (
    <LineFields
      form={form}
      words={words}
      path={`means.${group}`}
      kinds={LINES[group]}
      text={(kind: string) => kindName(words, group, kind)}
      workAt={workAt}
    />
  );
}

export function HouseholdFields({ form, words }: Part) {
  const { opening: say } = words;
  return (
    <>
      <TextField form={form} words={words} name="means.dependants" label={say.dependants} inputmode="numeric" narrow />
      <TextField form={form} words={words} name="means.assets" label={say.assets} hint={say.assetsHint} optional />
    </>
  );
}

/** Expected changes: so that steps can be offered. */
export function ChangeFields({ form, words }: Part) {
  const { means: say, opening } = words;
  return (
    <details open={form.values.has('means.changes.0.amount')}>
      <summary>{say.changes}</summary>
      <div class="stack">
        <p class="hint">{say.changesHint}</p>
        {[0, 1, 2].map((i) => (
          <div class="line">
            <DateField form={form} words={words} name={`means.changes.${i}.from`} label={say.changeFrom} />
            <SelectField
              form={form}
              words={words}
              name={`means.changes.${i}.direction`}
              label={opening.kind}
              options={['more', 'less'] as const}
              text={(one) => say.direction[one]}
            />
            <AmountField form={form} words={words} name={`means.changes.${i}.amount`} label={say.changeAmount} />
          </div>
        ))}
      </div>
    </details>
  );
}

export function MeansTotalsView({ totals, words }: { totals: MeansTotals; words: Words }) {
  const { means: say } = words;
  return (
    <div class="card" role="status">
      <dl class="totals">
        <div>
          <dt>{say.affordable}</dt>
          <dd>{money(totals.affordable)}</dd>
        </div>
        <div>
          <dt>{say.income}</dt>
          <dd>{money(totals.income)}</dd>
        </div>
        <div>
          <dt>{say.expenses}</dt>
          <dd>{money(totals.expenses)}</dd>
        </div>
        <div>
          <dt>{say.otherDebts}</dt>
          <dd>{money(totals.otherDebts)}</dd>
        </div>
        <div>
          <dt>{say.disposable}</dt>
          <dd>{money(totals.disposable)}</dd>
        </div>
      </dl>
      <p class="hint">{totals.disposable <= 0 ? say.negative : say.affordableHint}</p>
    </div>
  );
}

/** The cause as it is read. */
export function CauseText({ cause, words }: { cause: MeansStatement['cause']; words: Words }) {
  return (
    <>
      <p>
        <strong>{words.cause[cause.kind]}</strong>
        {words.comma}
        {dateText(words, cause.since)}
        {cause.until ? ` – ${dateText(words, cause.until)}` : ''}
      </p>
      <p class="said">{cause.words}</p>
    </>
  );
}

/** A statement as the fields of its form. */
export function meansValues(statement: MeansStatement): Record<string, string | number | undefined> {
  const values: Record<string, string | number | undefined> = {
    'means.cause.kind': statement.cause.kind,
    'means.cause.since': statement.cause.since,
    'means.cause.until': statement.cause.until,
    'means.cause.words': statement.cause.words,
    'means.dependants': statement.dependants,
    'means.assets': statement.assets,
  };
  for (const group of ['incomes', 'expenses', 'otherDebts'] as const) {
    for (const [i, { kind, amount, every }] of statement[group].entries()) {
      Object.assign(values, {
        [`means.${group}.${i}.kind`]: kind,
        [`means.${group}.${i}.amount`]: plainAmount(amount),
        [`means.${group}.${i}.every`]: every,
      });
    }
  }
  for (const [i, { from, direction, amount }] of statement.changes.entries()) {
    Object.assign(values, {
      [`means.changes.${i}.from`]: from,
      [`means.changes.${i}.direction`]: direction,
      [`means.changes.${i}.amount`]: plainAmount(amount),
    });
  }
  return values;
}
