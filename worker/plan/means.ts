import { scale } from './exact.ts';
import type { Frequency, MeansFigures, MeansLine, Reserve } from './terms.ts';

/** How often an amount comes or goes, and what that is in a month (`FORMAT.md`, Means). */
const A_MONTH = {
  week: [52, 12],
  fortnight: [26, 12],
  'four-weeks': [13, 12],
  month: [1, 1],
  quarter: [1, 3],
  year: [1, 12],
} as const;

type Group = 'incomes' | 'expenses' | 'otherDebts';

export type MeansTotals = { income: number; expenses: number; otherDebts: number; disposable: number; affordable: number };

/** An amount every so often as an amount a month, in 分, rounded half up. */
export function monthly(amount: number, every: Frequency): number {
  const [num, den] = A_MONTH[every];
  return scale(amount, num, den);
}

/** The month's totals, in 分. `disposable` may be negative; `affordable` never is. */
export function meansTotals(means: MeansFigures): MeansTotals {
  const income = sum(means.incomes);
  const expenses = sum(means.expenses);
  const otherDebts = sum(means.otherDebts);
  const disposable = income - expenses - otherDebts;
  return { income, expenses, otherDebts, disposable, affordable: affordable(disposable, means.reserve) };
}

/** Disposable income less the reserve, never below 0. */
export function affordable(disposable: number, reserve: Reserve): number {
  if (disposable <= 0) return 0;
  const kept = Math.max(scale(disposable, reserve.sharePpm, 1_000_000), reserve.floor);
  return Math.max(0, disposable - kept);
}

/** Of all figures, in 分 a month each, how much the evidence supports: the two sums, whose ratio is the supported share. */
export function supported(
  means: Pick<MeansFigures, Group>,
  hasEvidence: (group: Group, line: MeansLine) => boolean,
): { supported: number; all: number } {
  const of = (group: Group) => sum(means[group].filter((line) => hasEvidence(group, line)));
  const all = (group: Group) => sum(means[group]);
  return {
    supported: of('incomes') + of('expenses') + of('otherDebts'),
    all: all('incomes') + all('expenses') + all('otherDebts'),
  };
}

function sum(lines: readonly MeansLine[]): number {
  return lines.reduce((total, line) => total + monthly(line.amount, line.every), 0);
}
