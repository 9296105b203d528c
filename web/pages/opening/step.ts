import type { Child } from 'hono/jsx';
import type * as z from 'zod';
import type { Case } from '../../../worker/negotiation/case.ts';
import type { Context } from '../../../worker/negotiation/command.ts';
import { KnownFigures } from '../../../worker/negotiation/debt.ts';
import { loanOf } from '../../../worker/negotiation/loan.ts';
import { MeansStatement } from '../../../worker/negotiation/means.ts';
import { publishedFor } from '../../../worker/negotiation/policy-bounds.ts';
import type { Refused } from '../../../worker/negotiation/refusal.ts';
import { affordableStages } from '../../../worker/plan/affordability.ts';
import { meansTotals } from '../../../worker/plan/means.ts';
import type { FileRef } from '../../../worker/record/format.ts';
import type { Ground } from '../../parts/plan.tsx';
import type { Worked } from '../../parts/plan-drawing.ts';
import type { Filled, View } from '../../parts/view.ts';
import { refusalField, refusalText, type Words } from '../../words/index.ts';

/** What a step of opening a case is. Each stands in a file of its own, and the routes walk the list of them (`steps.ts`). */

/** A file that was added to a draft, and the figures that it supports (`incomes.salary`). */
export type DraftFile = FileRef & { supports: readonly string[] };

/** Part of what was typed, read by its schema: what it says, or what is wrong with it, field by field. `under` is where the form has it. */
export type Reading = <Schema extends z.ZodType>(schema: Schema, under?: string) => { input: z.output<Schema> } | { faults: Faults };
export type Faults = Readonly<Record<string, string>>;

/** The case that a lender opened and the borrower has joined: its steps come to entries of that case. */
export type Invited = { id: string; kase: Case };

/** An opening as it stands: what every step sees of it. */
export type Standing = {
  view: View;
  lender: { slug: string; name: string };
  /** The case that it is about, where the lender opened that; null where it is to be opened. */
  invited: Invited | null;
  /** What the draft is called. */
  draft: string;
  /** When it was last saved; null where it never was. */
  savedAt: string | null;
  /** The situation in which the rules look at it. */
  context: Context;
  /** All that was typed, and the way to read of it. */
  values: Filled['values'];
  read: Reading;
  /** The files of the draft, where the step shows them. */
  files: readonly DraftFile[];
  /** The lenders among whom one can choose, where the step asks. */
  lenders?: readonly { slug: string; name: string }[] | undefined;
  /** The step to go on to once this one is answered, where it was come to for a change: the check. */
  goesTo?: StepName | undefined;
  /** It came back, and says what is wrong with it. */
  again: boolean;
};

/**
 * A step's page: its form, and beside that what a button of it asked for; `acted` is set where one did. Where it filled the form in anew, which is kept, `fills`
 * is the button that shows it.
 */
export type Shown = { form: Filled; stages?: number; worked?: Worked; status?: 422; acted?: boolean; fills?: string };

/** What a step's own parts are drawn from. */
export type StepProps = { at: Standing; shown: Shown };

/** What stands in the place of a lender's slug where the lender is not at the portal: its letter and plan are taken away. No lender is called so. */
export const ELSEWHERE = '-';

/** The names of steps are those that the words have for them. */
export type StepName = 'loan' | 'cause' | 'month' | 'evidence' | 'proposal' | 'check';

export type Step = {
  name: StepName;
  question(words: Words, at?: Standing): { question: string; lead?: string };
  /** The fields that belong to it: what is replaced when it is saved. */
  owns: RegExp;
  scripts: readonly ('upload' | 'plan' | 'amounts' | 'month' | 'wording')[];
  /** What was typed, as it counts: what the schemas read. */
  counted?(values: Filled['values']): Filled['values'];
  /** It is no question of its own: one comes to it from the last step, and goes back there. */
  aside?: true;
  /** What is wrong with it as it stands, field by field. */
  faults(at: Standing): Faults;
  /** Its form as it is first shown: what was typed, and what is offered where nothing was. */
  form(at: Standing): Filled;
  /** The form as it stands on the page, with what its parts need beside what was typed. */
  dressed?(form: Filled): Filled;
  /** What its own buttons come to; null where the button is none of them. `sent` is what came with it. */
  act?(action: string, at: Standing, sent: Filled): Shown | null;
  /** What the key Enter does in its form: goes on, or a button of its own. */
  enter?: string;
  /** It asks for something that earlier steps have to say first. */
  waits?(at: Standing): boolean;
  /** What stands before its form, in it, and after it. */
  Before?(props: StepProps): Child;
  Fields(props: StepProps): Child;
  After?(props: StepProps): Child;
};

/** The address of a step of a draft; `goesTo` is where it goes on to. */
export function addressOf({ lender, draft }: Pick<Standing, 'lender' | 'draft'>, step: StepName | 'discard', goesTo?: StepName): string {
  return `/open/${lender.slug}/${draft}/${step}${goesTo ? `?to=${goesTo}` : ''}`;
}

/** What was typed, as a form shows it, with what is offered where nothing was. */
export function typedOr(at: Standing, offered: Record<string, string> = {}): Filled {
  const values = new Map<string, readonly string[]>(at.values);
  for (const [name, value] of Object.entries(offered)) if (!values.has(name)) values.set(name, [value]);
  return { values, errors: {} };
}

/** What is wrong with a part of the form: as its schema has it, and else why the rules would refuse it, so that it is said here and not at the end. */
export function faultsOf<Schema extends z.ZodType>(
  at: Standing,
  { schema, under = '', refused }: { schema: Schema; under?: string; refused?: (input: z.output<Schema>) => Refused | null },
): Faults {
  const read = at.read(schema, under);
  if ('faults' in read) return read.faults;
  const refusal = refused?.(read.input)?.refused;
  if (!refusal) return {};
  const field = refusalField(refusal);
  return { [field && `${under}${field}`]: refusalText(at.view.words, refusal) };
}

/** What is owed, as far as it can be read. */
function figuresOf(at: Standing): KnownFigures | null {
  const read = at.read(KnownFigures, 'debt.');
  return 'input' in read ? read.input : null;
}

/** What the plan is drawn up against, once debt and means are known. */
export function groundOf(at: Standing): Ground | null {
  const figures = figuresOf(at);
  if (!figures) return null;
  const statement = at.read(MeansStatement, 'means.');
  const means = 'input' in statement ? statement.input : null;
  const { today, policy } = at.context;
  const loan = loanOf({ contractDate: figures.contractDate ?? null }, policy);
  const { debt } = figures;
  const published = publishedFor(policy, debt, means ? meansTotals(means).disposable : null);
  return { debt, means, affordable: means ? affordableStages(means, today) : [], policy, loan, ...published, side: 'borrower' };
}
