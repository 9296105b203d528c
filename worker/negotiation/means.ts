import * as z from 'zod';
import { type MeansTotals, meansTotals } from '../plan/means.ts';
import { Amount, Frequency, IsoDate, PositiveAmount, Reserve } from '../plan/terms.ts';
import { type Context, command, type Saying } from './command.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { type Refused, refuse } from './refusal.ts';
import { negotiable, notClosed } from './stage.ts';
import { Line, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** The statement of means: versioned whole; figures are verified or queried by the lender one by one. */

export const CAUSES = ['illness', 'job-loss', 'income-drop', 'family', 'business', 'disaster', 'other'] as const;
/** Causes behind which there is hardship that a person answers: illness, a family struck by death or another blow, disaster. */
export const HARDSHIP: readonly (typeof CAUSES)[number][] = ['illness', 'family', 'disaster'];

export const INCOMES = ['salary', 'self-employment', 'gig', 'pension', 'benefit', 'family', 'other'] as const;
export const EXPENSES = [
  'housing',
  'food',
  'utilities',
  'transport',
  'medical',
  'children',
  'elders',
  'insurance',
  'communication',
  'other',
] as const;
export const OTHER_DEBTS = ['online-loan', 'credit-card', 'mortgage', 'car', 'friends', 'other'] as const;

/** What stays with the borrower unless they say otherwise: a tenth of the disposable income, at least ¥200 a month. */
export const DEFAULT_RESERVE = { sharePpm: 100_000, floor: 20_000 };

const LineOf = <Kind extends readonly [string, ...string[]]>(kinds: Kind) =>
  z.object({ kind: z.enum(kinds), amount: PositiveAmount, every: Frequency });

export const MeansStatement = z.object({
  cause: z.object({ kind: z.enum(CAUSES), since: IsoDate, until: IsoDate.optional(), words: Text(4000) }),
  incomes: z.array(LineOf(INCOMES)).max(30),
  expenses: z.array(LineOf(EXPENSES)).max(30),
  otherDebts: z.array(LineOf(OTHER_DEBTS)).max(30),
  dependants: z.int().min(0).max(30),
  assets: Line(500).optional(),
  /** Expected changes: from a date on, the disposable income is higher or lower by an amount a month. */
  changes: z
    .array(z.object({ from: IsoDate, direction: z.enum(['more', 'less']), amount: Amount, words: Line(200).optional() }))
    .max(10)
    .default([]),
  reserve: Reserve.default(DEFAULT_RESERVE),
});
export type MeansStatement = z.infer<typeof MeansStatement>;

export const GROUPS = ['incomes', 'expenses', 'otherDebts'] as const;

/** The figures of the means, such as `incomes.salary`: what evidence supports and the lender checks. */
export const FIGURES = [
  ...INCOMES.map((kind) => `incomes.${kind}` as const),
  ...EXPENSES.map((kind) => `expenses.${kind}` as const),
  ...OTHER_DEBTS.map((kind) => `otherDebts.${kind}` as const),
] as const;

/** A figure as a command names it. */
const Figure = z.enum(FIGURES);

/** A figure as the record holds it: kinds that were known when it was written, too. */
const FigureKey = z
  .string()
  .max(60)
  .regex(/^(incomes|expenses|otherDebts)\.[a-z-]+$/);

export type MeansHeld = {
  means: { version: number; seq: number; at: string; statement: MeansStatement; totals: MeansTotals } | null;
  figures: Record<string, { state: 'verified' | 'queried' | 'answered'; seq: number; words?: string }>;
};

const Totals = z.object({ income: z.int(), expenses: z.int(), otherDebts: z.int(), disposable: z.int(), affordable: z.int() });

const entries = {
  'means.submitted': entry({
    content: z.object({ version: z.int(), statement: MeansStatement, totals: Totals }),
    told: 'others',
    personal: true,
    evolve: (kase, { seq, at, content: { version, statement, totals } }) => ({
      ...kase,
      means: { version, seq, at, statement, totals },
      figures: unchanged(kase, statement),
    }),
  }),
  'means.verified': entry({
    content: z.object({ figure: FigureKey }),
    told: 'nobody',
    personal: true,
    evolve: (kase, { seq, content: { figure } }) => figured(kase, figure, { state: 'verified', seq }),
  }),
  'means.queried': entry({
    content: z.object({ figure: FigureKey, words: z.string() }),
    told: 'others',
    personal: true,
    evolve: (kase, { seq, content: { figure, words } }) => figured(kase, figure, { state: 'queried', seq, ...(words ? { words } : {}) }),
  }),
  'means.answered': entry({
    content: z.object({ figure: FigureKey, words: z.string() }),
    told: 'others',
    personal: true,
    evolve: (kase, { seq, content: { figure, words } }) => figured(kase, figure, { state: 'answered', seq, ...(words ? { words } : {}) }),
  }),
};

declare module './entry.ts' {
  interface Case extends MeansHeld {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function figured(kase: Case, figure: string, checked: MeansHeld['figures'][string]): Case {
  return { ...kase, figures: { ...kase.figures, [figure]: checked } };
}

/** What the lender has checked holds on for the figures that a new version leaves as they were. */
function unchanged(kase: Case, statement: MeansStatement): MeansHeld['figures'] {
  const before = kase.means?.statement;
  if (!before) return {};
  const lines = (from: MeansStatement, key: string) =>
    JSON.stringify(GROUPS.flatMap((group) => from[group].filter(({ kind }) => `${group}.${kind}` === key)));
  return Object.fromEntries(Object.entries(kase.figures).filter(([key]) => lines(before, key) === lines(statement, key)));
}

/** What is wrong with the dates of a cause. */
export function causeFault({ since, until }: MeansStatement['cause'], today: string): Refused | null {
  if (since > today) return refuse('means.since-future', { field: 'means.cause.since' });
  return until && until < since ? refuse('means.until-before-since', { field: 'means.cause.until' }) : null;
}

/** A month in which nothing comes and nothing goes says nothing. */
export function emptyFault({ incomes, expenses }: Pick<MeansStatement, 'incomes' | 'expenses'>): Refused | null {
  return incomes.length + expenses.length === 0 ? refuse('means.empty', { field: 'means.incomes.0.amount' }) : null;
}

export function submitMeans(kase: Case, statement: MeansStatement, { today }: Context): Saying {
  const fault = causeFault(statement.cause, today);
  if (fault) return fault;
  const empty = emptyFault(statement);
  if (empty) return empty;
  return [
    {
      kind: 'means.submitted',
      content: { version: (kase.means?.version ?? 0) + 1, statement, totals: meansTotals(statement) },
    },
  ];
}

/** The keys of the figures of a statement, each once, in its order. */
export function figureKeys(statement: Pick<MeansStatement, 'incomes' | 'expenses' | 'otherDebts'>): string[] {
  const keys = GROUPS.flatMap((group) => statement[group].map(({ kind }) => `${group}.${kind}`));
  return [...new Set(keys)];
}

const submit = command({
  name: 'means.submit',
  input: z.object({ means: MeansStatement }),
  needs: 'declare',
  doors: ['form', 'api'],
  page: 'means',
  proof: false,
  when: negotiable,
  decide: (kase, { means }, context) => submitMeans(kase, means, context),
  gives: 'nothing',
});

const hasMeans = (kase: Case) => notClosed(kase) ?? (kase.means ? null : refuse('means.none'));

const verify = command({
  name: 'means.verify',
  input: z.object({ figure: Figure }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'means',
  proof: false,
  when: hasMeans,
  decide: (kase, { figure }) => figureKnown(kase, figure) ?? [{ kind: 'means.verified', content: { figure } }],
  gives: 'nothing',
});

const query = command({
  name: 'means.query',
  input: z.object({ figure: Figure, words: Text(1000) }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'means',
  proof: false,
  when: hasMeans,
  decide(kase, { figure, words }) {
    // A second question would take the place of the first on the page before it was answered.
    if (kase.figures[figure]?.state === 'queried') return refuse('means.queried-already', { field: 'words' });
    return figureKnown(kase, figure) ?? [{ kind: 'means.queried', content: { figure, words } }];
  },
  gives: 'nothing',
});

const answer = command({
  name: 'means.answer',
  input: z.object({ figure: Figure, words: Text(1000) }),
  needs: 'declare',
  doors: ['form', 'api'],
  page: 'means',
  proof: false,
  when: (kase) =>
    hasMeans(kase) ?? (Object.values(kase.figures).some(({ state }) => state === 'queried') ? null : refuse('means.no-query')),
  decide(kase, { figure, words }) {
    if (kase.figures[figure]?.state !== 'queried') return refuse('means.no-query', { field: 'figure' });
    return [{ kind: 'means.answered', content: { figure, words } }];
  },
  gives: 'nothing',
});

function figureKnown(kase: Case, figure: string) {
  return kase.means && figureKeys(kase.means.statement).includes(figure) ? null : refuse('means.figure-unknown', { field: 'figure' });
}

export const commands = { submit, verify, query, answer };

export const means = topic({ empty: { means: null, figures: {} }, entries, commands, due: nothingDue, awaits: nobody });
