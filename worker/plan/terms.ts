import * as z from 'zod';
import { isDate } from './calendar.ts';
import { MAX_AMOUNT, MAX_INSTALMENTS, MAX_PPM } from './format.ts';
import { HOME } from './law/place.ts';

/**
 * Format 1 of debt and terms, as zod schemas: the single description from which types, API, form reading and the command's
 * checks are drawn. Amounts in 分 (integers, at most 10^12), rates in ppm, dates ISO 8601.
 */

/** How a leaf is typed and shown in a form; `negotiation/form.ts` reads it. */
export const leaf = z.registry<{ as: 'amount' | 'percent' | 'date' | 'text' | 'words' | 'secret' }>();

/** −0 is no amount: it equals 0 in every sum, and would be written as 0 where it is sealed. Refused as what it looks like, below 0. */
const notMinusZero: z.core.CheckFn<number> = ({ value, issues }) => {
  if (Object.is(value, -0)) issues.push({ code: 'too_small', origin: 'int', minimum: 0, inclusive: true, input: value });
};

export const Amount = z.int().min(0).max(MAX_AMOUNT).check(notMinusZero).register(leaf, { as: 'amount' });
export const PositiveAmount = z.int().min(1).max(MAX_AMOUNT).register(leaf, { as: 'amount' });
export const Ppm = z.int().min(0).max(MAX_PPM).check(notMinusZero).register(leaf, { as: 'percent' });
export const IsoDate = z.string().max(10).refine(isDate, { error: 'date' }).register(leaf, { as: 'date' });
export const Count = z.int().min(1).max(MAX_INSTALMENTS);

export const Debt = z.strictObject({
  asOf: IsoDate,
  currency: z.literal(HOME.currency.code),
  principal: Amount,
  interest: Amount,
  penalty: Amount,
  fees: Amount,
});
export type Debt = z.infer<typeof Debt>;

export const Phase = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pause'), count: Count, interest: z.enum(['runs', 'waived']) }),
  z.strictObject({ kind: z.literal('interest-only'), count: Count }),
  z.strictObject({ kind: z.literal('fixed'), amount: Amount, count: Count.optional() }),
  z.strictObject({ kind: z.literal('level'), count: Count }),
  z.strictObject({ kind: z.literal('even-principal'), count: Count }),
  z.strictObject({ kind: z.literal('rest') }),
]);
export type Phase = z.infer<typeof Phase>;

export const Rate = z.strictObject({ per: z.enum(['year', 'month', 'day']), ppm: Ppm });
export type Rate = z.infer<typeof Rate>;

const Waivers = z.strictObject({
  principal: Amount.optional(),
  interest: Amount.optional(),
  penalty: Amount.optional(),
  fees: Amount.optional(),
});

export const Terms = z.strictObject({
  start: IsoDate,
  firstDue: IsoDate,
  every: z.enum(['month', 'fortnight', 'week']),
  rate: Rate,
  interestOn: z.enum(['principal', 'balance']),
  dayCount: z.enum(['period', 'actual/365', 'actual/360']),
  waive: Waivers,
  upfront: z.strictObject({ due: IsoDate, amount: Amount }).nullable(),
  phases: z.array(Phase).max(MAX_INSTALMENTS),
});
export type Terms = z.infer<typeof Terms>;

/** How often an amount comes or goes; what that is in a month stands in `means.ts`. */
export const FREQUENCIES = ['month', 'week', 'fortnight', 'four-weeks', 'quarter', 'year'] as const;
export const Frequency = z.enum(FREQUENCIES);
export type Frequency = z.infer<typeof Frequency>;

/** One income, expense or payment on another debt: its kind, its amount in 分, and how often. */
export const MeansLine = z.object({ kind: z.string().min(1).max(60), amount: Amount, every: Frequency });
export type MeansLine = z.infer<typeof MeansLine>;

/** What stays with the person: the greater of a share (ppm) of the disposable income and a floor (分). */
export const Reserve = z.object({ sharePpm: z.int().min(0).max(1_000_000), floor: Amount });
export type Reserve = z.infer<typeof Reserve>;

export const MeansFigures = z.object({
  incomes: z.array(MeansLine).max(100),
  expenses: z.array(MeansLine).max(100),
  otherDebts: z.array(MeansLine).max(100),
  reserve: Reserve,
});
export type MeansFigures = z.infer<typeof MeansFigures>;

/** Total outstanding of a debt, in 分. */
export function outstanding(debt: Debt): number {
  return debt.principal + debt.interest + debt.penalty + debt.fees;
}
