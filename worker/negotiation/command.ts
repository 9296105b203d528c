import type * as z from 'zod';
import type { FileRef } from '../record/format.ts';
import { booksOf, exceeded, type Gives, limitsOf } from './authority.ts';
import type { Case } from './case.ts';
import type { Policy } from './policy.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import type { May, Reached, Seat } from './seats.ts';

/** What a decision may look at beside the case. */
export type Context = {
  /** Instant of the command, RFC 3339 UTC with milliseconds. */
  at: string;
  /** The calendar day of that instant where the parties are (China). */
  today: string;
  seat: Seat;
  policy: Policy;
  /** Whether the person has just proved again who they are (password). */
  proven: boolean;
  /** The borrower's contact that this command is about, as the portal knows it: proven, or invited. No client says it. */
  reached?: Reached;
  /** Files that this person has stored for this case, by digest. */
  files: ReadonlyMap<string, FileRef>;
  /** Something of the case is not as the portal wrote it: it can be looked at and nothing else. */
  readOnly?: boolean;
};

/** An entry as decided: `by` is the portal where the entry follows from what is known, not from the person. */
export type Decided = { kind: string; content: Record<string, unknown>; by?: 'portal' };

export type Decision = Decided[] | Refused;

export type Command<Input extends z.ZodType = z.ZodType> = {
  name: string;
  input: Input;
  by: May;
  /** What it comes to is signed: the whole record is verified and held against the case before it is decided. */
  binding?: boolean;
  /** Whether the case is in a state in which the command can be given at all: what the buttons of a page ask. */
  when: (kase: Case, context: Context) => Refused | null;
  decide: (kase: Case, input: z.output<Input>, context: Context) => Decision;
  /** What the command gives away when the lender's staff give it. */
  gives: Gives<z.output<Input>>;
};

/** Declares a command: its name, its input, who may, when, what it comes to, and what it gives away; beyond one's authority it is refused. */
export function command<Input extends z.ZodType>(definition: {
  name: string;
  input: Input;
  by: May;
  binding?: boolean;
  when?: (kase: Case, context: Context) => Refused | null;
  decide: (kase: Case, input: z.output<Input>, context: Context) => Decision;
  gives: Gives<z.output<Input>>;
}): Command<Input> {
  const { decide, gives } = definition;
  return {
    when: () => null,
    ...definition,
    decide(kase, input, context) {
      const decision = decide(kase, input, context);
      const beyond = isDecided(decision) && gives !== 'nothing' ? beyondAuthority(kase, gives, input, context) : null;
      return beyond ?? decision;
    },
  };
}

/** Why the seat may not give a command with this input: what it gives away, and up to what it may. The one place where authority is checked. */
function beyondAuthority<Input>(
  kase: Case,
  gives: Exclude<Gives<Input>, 'nothing'>,
  input: Input,
  { seat, policy, today }: Context,
): Refused | null {
  const limits = limitsOf(policy, seat);
  const books = booksOf(kase);
  const act = limits && books ? gives(kase, input) : null;
  if (!limits || !books || !act) return null;
  const excess = exceeded(limits, books, act, today);
  if (!excess) return null;
  return refuse('authority.exceeded', { ...excess, ...(act.why ? { why: act.why } : {}), field: act.beside?.[excess.what] ?? '' });
}

/** Whether `context`'s seat may give the command now: the one rule behind buttons and checks. */
export function offered(kase: Case, one: Pick<Command, 'by' | 'when'>, context: Context): boolean {
  return !context.readOnly && one.by(context.seat) && one.when(kase, context) === null;
}

/** What one entry may hold, in bytes of UTF-8: the record keeps it for good, and every reader of the case reads it. */
export const MAX_ENTRY_BYTES = 262_144;

/** Why entries are too large to be sealed, or null. */
export function tooLarge(decided: readonly Decided[]): Refused | null {
  const bytes = new TextEncoder();
  const large = decided.some(({ content }) => bytes.encode(JSON.stringify(content)).length > MAX_ENTRY_BYTES);
  return large ? refuse('entry.too-large', { max: MAX_ENTRY_BYTES / 1024 }) : null;
}

export function isDecided(decision: Decision): decision is Decided[] {
  return !isRefused(decision);
}
