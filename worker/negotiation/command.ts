import type * as z from 'zod';
import type { FileRef } from '../record/format.ts';
import type { Case } from './case.ts';
import type { Policy } from './policy.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import type { May, Seat } from './seats.ts';

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
  /** Files that this person has stored for this case, by digest. */
  files: ReadonlyMap<string, FileRef>;
};

/** An entry as decided: `by` is the portal where the entry follows from what is known, not from the person. */
export type Decided = { kind: string; content: Record<string, unknown>; by?: 'portal' };

export type Decision = Decided[] | Refused;

export type Command<Input extends z.ZodType = z.ZodType> = {
  name: string;
  input: Input;
  by: May;
  /** Whether the case is in a state in which the command can be given at all: what the buttons of a page ask. */
  when: (kase: Case, context: Context) => Refused | null;
  decide: (kase: Case, input: z.output<Input>, context: Context) => Decision;
};

/** Declares a command: its name, its input, who may, when, and what it comes to. */
export function command<Input extends z.ZodType>(definition: {
  name: string;
  input: Input;
  by: May;
  when?: (kase: Case, context: Context) => Refused | null;
  decide: (kase: Case, input: z.output<Input>, context: Context) => Decision;
}): Command<Input> {
  return { when: () => null, ...definition };
}

/** Whether `context`'s seat may give the command now: the one rule behind buttons and checks. */
export function offered(kase: Case, one: Pick<Command, 'by' | 'when'>, context: Context): boolean {
  return one.by(context.seat) && one.when(kase, context) === null;
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
