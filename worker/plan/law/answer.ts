import * as z from 'zod';
import { invalid } from '../answer.ts';
import { type PlanRefusal, schedule } from '../schedule.ts';
import { Debt, IsoDate, Terms } from '../terms.ts';
import { tableOf } from './index.ts';
import { LENDER_KINDS, type LenderKind, type Missing, PRODUCTS } from './jurisdiction.ts';
import { marks } from './marks.ts';

/** Longer names of kinds of lenders, as people write them. */
const ALSO: Readonly<Record<string, LenderKind | null>> = {
  'consumer-finance-company': 'consumer-finance',
  'microloan-company': 'microloan',
  'other-licensed-local-institution': 'other-local',
  unknown: null,
};

function kindOf(written: unknown): unknown {
  if (typeof written !== 'string') return written;
  const name = written.toLowerCase().replaceAll(/[ _]+/g, '-');
  return Object.hasOwn(ALSO, name) ? ALSO[name] : name;
}

/** A date that is said not to be known is as good as one that is not said. */
const dateOf = (written: unknown): unknown => (written === 'unknown' ? null : written);

const TEXTS = { jurisdiction: z.string().max(11), product: z.string().max(60) };

/** One plan with what is known of its loan, as `npm run --silent law` reads it. */
const LawDocument = z.strictObject({
  jurisdiction: TEXTS.jurisdiction.default('CN'),
  lenderKind: z.preprocess(kindOf, z.enum(LENDER_KINDS).nullish()),
  /** Any; those of `PRODUCTS` have rules of their own. */
  product: TEXTS.product.nullish(),
  contractDate: z.preprocess(dateOf, IsoDate.nullish()),
  on: IsoDate,
  debt: Debt,
  terms: Terms,
});

export type LawAnswer =
  | { marks: { rule: string; limit: number; measured: number }[]; unknown: { rule: string; missing: Missing }[] }
  | { refused: PlanRefusal | { code: 'jurisdiction.unknown' } };

/** The lines of the law that a plan passes, by id, and those of which it cannot be told; or why there is no plan to hold against them. */
export function lawAnswer(document: unknown): LawAnswer {
  const read = LawDocument.safeParse(document);
  if (!read.success) return invalid(read.error, TEXTS);
  const { jurisdiction, lenderKind, product, contractDate, on, debt, terms } = read.data;
  const table = tableOf(jurisdiction);
  if (!table) return { refused: { code: 'jurisdiction.unknown' } };
  const plan = schedule(debt, terms);
  if ('refused' in plan) return plan;
  const loan = {
    lenderKind: lenderKind ?? null,
    product: PRODUCTS.find((one) => one === product) ?? null,
    contractDate: contractDate ?? null,
  };
  const found = marks(table, { ...plan, debt, terms }, loan, on);
  return {
    marks: found.marks.map(({ rule, limit, measured }) => ({ rule: rule.id, limit, measured })),
    unknown: found.unknown.map(({ rule, missing }) => ({ rule: rule.id, missing })),
  };
}
