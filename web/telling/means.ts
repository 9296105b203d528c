import { GROUPS, type MeansStatement, type means as topic } from '../../worker/negotiation/means.ts';
import { formatPercent } from '../../worker/plan/amount.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import type { MeansTotals } from '../../worker/plan/means.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { amount, closely, type Line, named, said, type Tellers } from './telling.ts';

/** The statement of means, and what is asked and answered about its figures, told. */

export const means: Tellers<typeof topic> = {
  'means.submitted': ({ content: { version, statement, totals } }, _kase, words) => ({
    what: words.entry['means.submitted'](version),
    lines: [
      ...causeLines(statement, words),
      ...bearLines(totals, words).map((line): Line => ({ ...line, as: 'figure' })),
      ...closely(...statementLines(statement, words), ...sumLines(totals, words)),
      { value: words.means.title, about: { page: 'means' } },
    ],
  }),
  'means.verified': ({ content: { figure } }, _kase, words) => ({
    what: words.entry['means.verified'](figureName(words, figure)),
    lines: [],
  }),
  'means.queried': ({ content: { figure, words: text } }, _kase, words) => ({
    what: words.entry['means.queried'](figureName(words, figure)),
    lines: said(text),
  }),
  'means.answered': ({ content: { figure, words: text } }, _kase, words) => ({
    what: words.entry['means.answered'](figureName(words, figure)),
    lines: said(text),
  }),
};

/** Why, since when and until when, in the borrower's words. */
export function causeLines({ cause }: Pick<MeansStatement, 'cause'>, words: Words): Line[] {
  return [
    { value: words.cause[cause.kind], as: 'figure' },
    named(words.means.since, dateText(words, cause.since)),
    ...(cause.until ? [named(words.means.until, dateText(words, cause.until))] : []),
    ...said(cause.words),
  ];
}

/** What comes in and goes out, who is to be provided for, what will change, and what is kept in reserve. */
export function statementLines(statement: MeansStatement, words: Words): Line[] {
  return [...GROUPS.flatMap((group) => groupLines(group, statement, words)), ...outlookLines(statement, words)];
}

/** What a statement says beside its figures: what will change, who is to be provided for, and what is kept in reserve. */
export function outlookLines(statement: MeansStatement, words: Words): Line[] {
  return [...changeLines(statement, words), ...householdLines(statement, words)];
}

function groupLines(group: (typeof GROUPS)[number], statement: MeansStatement, words: Words): Line[] {
  if (statement[group].length === 0) return [];
  return [
    { value: words.means.group[group], as: 'heading' },
    ...statement[group].map(({ kind, amount: fen, every }) =>
      amount(figureName(words, `${group}.${kind}`), fen, { aside: words.every[every] }),
    ),
  ];
}

function changeLines({ changes }: MeansStatement, words: Words): Line[] {
  if (changes.length === 0) return [];
  return [
    { value: words.means.changesTitle, as: 'heading' },
    ...changes.map(({ from, direction, amount: fen, words: why }) =>
      amount(
        words.means.changed({ date: dateText(words, from), direction: words.means.direction[direction] }),
        fen,
        why ? { aside: why } : {},
      ),
    ),
  ];
}

function householdLines({ dependants, assets, reserve }: MeansStatement, words: Words): Line[] {
  return [
    { value: words.means.household, as: 'heading' },
    named(words.means.dependants, String(dependants)),
    ...(assets ? [named(words.means.assets, assets)] : []),
    named(words.means.reserve, words.means.reserveOf({ share: `${formatPercent(reserve.sharePpm)}%`, floor: money(reserve.floor) })),
  ];
}

/** What a month leaves, and what of it can be borne. */
export function bearLines({ disposable, affordable }: MeansTotals, words: Words): Line[] {
  return [amount(words.means.disposable, disposable), amount(words.means.affordable, affordable)];
}

const sumLines = (totals: MeansTotals, words: Words): Line[] => [{ value: words.means.sums, as: 'heading' }, ...totalLines(totals, words)];

/** What comes in and goes out in a month, in three sums. */
export function totalLines({ income, expenses, otherDebts }: MeansTotals, { means: say }: Words): Line[] {
  return [amount(say.income, income), amount(say.expenses, expenses), amount(say.otherDebts, otherDebts)];
}

/** The name of a kind of figure; of one that is not known any more, the kind itself. */
export function kindName(words: Words, group: string, kind: string): string {
  const names: Record<string, Record<string, string>> = { incomes: words.incomes, expenses: words.expenses, otherDebts: words.otherDebts };
  return names[group]?.[kind] ?? kind;
}

/** A figure's name: `incomes.salary` is 工资; a part of the debt is called so. */
export function figureName(words: Words, key: string): string {
  const part = COMPONENTS.find((one) => key === `debt.${one}`);
  if (part) return `${words.debt.title}${words.colon}${words.component[part]}`;
  const [group = '', kind = ''] = key.split('.');
  return kindName(words, group, kind);
}
