import * as z from 'zod';
import { MAX_PAYMENTS } from './format.ts';
import { type Left, leftOn } from './left.ts';
import { type MeansTotals, meansTotals } from './means.ts';
import { type PlanRefusal, type Schedule, schedule } from './schedule.ts';
import { Amount, Count, Debt, IsoDate, MeansFigures, MeansLine, PositiveAmount, Ppm, Reserve, Terms } from './terms.ts';

const PlanDocument = z.strictObject({ debt: Debt, terms: Terms });
const LeftDocument = z.strictObject({
  debt: Debt,
  terms: Terms,
  payments: z.array(z.strictObject({ on: IsoDate, amount: PositiveAmount })).max(MAX_PAYMENTS),
  on: IsoDate,
});
const MeansDocument = z.object({ means: MeansFigures });

export type Answer = Schedule | Left | MeansTotals | { refused: PlanRefusal };

/**
 * The answer to one document of plan format 1: a schedule for `{debt, terms}`, what is left on a day for `{debt, terms, payments, on}`, the month's totals
 * for `{means}`, or a refusal.
 * Input outside the format is refused with the path of each field and its bound.
 */
export function answer(document: unknown): Answer {
  const members = typeof document === 'object' && document !== null ? document : {};
  if ('means' in members) {
    const read = MeansDocument.safeParse(document);
    return read.success ? meansTotals(read.data.means) : invalid(read.error);
  }
  if ('payments' in members || 'on' in members) {
    const read = LeftDocument.safeParse(document);
    return read.success ? leftOn(read.data.debt, read.data.terms, read.data.payments, read.data.on) : invalid(read.error);
  }
  const read = PlanDocument.safeParse(document);
  return read.success ? schedule(read.data.debt, read.data.terms) : invalid(read.error);
}

/** A line of text as a document; text that is no JSON, or too long to be read (null), is outside the format too. */
export function answerLine(line: string | null): Answer {
  let document: unknown;
  try {
    document = JSON.parse(line ?? '');
  } catch {
    return { refused: { code: 'input.invalid', fields: [{ path: '', bound: 'one JSON document a line, of at most 1 MiB' }] } };
  }
  return answer(document);
}

/** The fields of a document that are texts, by their names: they hold the bounds. Every other string is a date. */
type Texts = Readonly<Record<string, z.ZodString>>;

/** Input outside a format: the path of each field and its bound. */
export function invalid(error: z.ZodError, texts: Texts = { kind: MeansLine.shape.kind }): { refused: PlanRefusal } {
  return { refused: { code: 'input.invalid', fields: error.issues.flatMap((issue) => fieldsOf(issue, texts)) } };
}

function fieldsOf(issue: z.core.$ZodIssue, texts: Texts): { path: string; bound: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), bound: 'not a field of the format' }));
  }
  return [{ path: issue.path.join('.'), bound: bound(issue, texts) }];
}

/** What a field must be, in a few words for an engineer; people read `web/words`. */
function bound(issue: z.core.$ZodIssue, texts: Texts): string {
  const name = nameOf(issue.path);
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  switch (issue.code) {
    case 'too_big':
    case 'too_small':
      if (issue.origin === 'array') return `at most ${'maximum' in issue ? issue.maximum : 0} elements`;
      return issue.origin === 'string' ? textOf(text) : whole(issue.path);
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_type':
      if (issue.expected === 'number' || issue.expected === 'int') return whole(issue.path);
      if (issue.expected === 'string') return textOf(text);
      return name === 'upfront' ? 'an object or null' : `an ${issue.expected}`;
    case 'invalid_union':
      return 'one of "pause", "interest-only", "fixed", "level", "even-principal", "rest"';
    case 'custom':
      return DATE;
    default:
      return issue.message;
  }
}

const nameOf = (path: readonly PropertyKey[]) => String(path.findLast((part) => typeof part === 'string') ?? '');

const DATE = 'a date that exists from 1900 to 2999, YYYY-MM-DD';

/** The schemas of the numbers that are no amounts: they hold the bounds. */
const NUMBERS = new Map([
  ['count', Count],
  ['ppm', Ppm],
  ['sharePpm', Reserve.shape.sharePpm],
]);

function whole(path: readonly PropertyKey[]): string {
  const { minValue, maxValue } = path[0] === 'payments' ? PositiveAmount : (NUMBERS.get(nameOf(path)) ?? Amount);
  return `a whole number from ${minValue} to ${maxValue}`;
}

function textOf(text: z.ZodString | undefined): string {
  return text ? `a text of ${text.minLength ?? 0} to ${text.maxLength} characters` : DATE;
}
