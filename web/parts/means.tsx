import { CAUSES, DEFAULT_RESERVE, EXPENSES, GROUPS, INCOMES, type MeansStatement, OTHER_DEBTS } from '../../worker/negotiation/means.ts';
import type { ShapeOf } from '../../worker/negotiation/shape.ts';
import { plainAmount } from '../../worker/plan/amount.ts';
import type { MeansTotals } from '../../worker/plan/means.ts';
import type { Reserve } from '../../worker/plan/terms.ts';
import { kindName } from '../telling/means.ts';
import { money, type Words } from '../words/index.ts';
import { AmountField, AreaField, ChoiceField, DateField, SelectField, TextField } from './fields.tsx';
import { LineFields, withRows } from './lines.tsx';
import type { Filled } from './view.ts';

/** The statement of means: its fields by group, its totals, and how it reads. */

type Part = { form: Filled; words: Words };

export const LINES = { incomes: INCOMES, expenses: EXPENSES, otherDebts: OTHER_DEBTS } as const;
export type Group = keyof typeof LINES;

/** What most people have: each has a line of its own by its name, and the others are chosen. */
const USUAL: { [group in Group]: readonly (typeof LINES)[group][number][] } = {
  incomes: ['salary', 'gig'],
  expenses: ['housing', 'food', 'utilities', 'transport', 'medical', 'children'],
  otherDebts: ['online-loan', 'credit-card'],
};

/** A form with a line for each kind that is usual, and `extra` blank ones in a group. */
export function withLines(form: Filled, extra?: string): Filled {
  return GROUPS.reduce<Filled>((so, group) => withRows(so, `means.${group}`, USUAL[group], extra === group ? 1 : 0), form);
}

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
    <LineFields<string>
      form={form}
      words={words}
      path={`means.${group}`}
      title={words.means.group[group]}
      kinds={LINES[group]}
      shown={USUAL[group]}
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

/** What totals are worked out from. */
export type LinesOfMonth = Pick<MeansStatement, Group>;

/** What the browser needs to follow the form: how its lines are read, and what is said of their totals. */
export type LiveMonth = { shape: ShapeOf<LinesOfMonth>; reserve: Reserve; hint: string; negative: string };

/**
 * The month's totals. `live` is the shape of the lines of the form beside, which the totals follow as it is filled in: there are none yet where nothing is
 * filled in.
 */
export function MeansTotalsView({ totals, words, live }: { totals: MeansTotals | null; words: Words; live?: ShapeOf<LinesOfMonth> }) {
  const { means: say } = words;
  const names = ['affordable', 'income', 'expenses', 'otherDebts', 'disposable'] as const;
  const month: LiveMonth | null = live ? { shape: live, reserve: DEFAULT_RESERVE, hint: say.affordableHint, negative: say.negative } : null;
  const following = month ? { 'data-month': JSON.stringify(month) } : {};
  return (
    <div class="card" role="status" hidden={totals === null} {...following}>
      <dl class="totals">
        {names.map((name) => (
          <div>
            <dt>{say[name]}</dt>
            <dd data-total={live ? name : undefined}>{money(totals?.[name] ?? 0)}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{totals && totals.disposable <= 0 ? say.negative : say.affordableHint}</p>
    </div>
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
