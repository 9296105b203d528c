import type * as z from 'zod';
import type { Written } from '../entry.ts';

/**
 * Acts of a lender that are of no case: its policy, its people. They stand in a stream of the lender's own, which nobody outside is told of. The kinds are a
 * closed union as those of a case are; each topic joins its own, and its part of what they come to, in its own file:
 *
 *     declare module './act.ts' {
 *       interface Institution extends Policies {}
 *       interface Acts extends ActsOf<typeof entries> {}
 *     }
 *
 * What is joined here and missing from the list of topics in `institution.ts` does not compile.
 */

/** What a lender's own stream comes to: a fold over its entries. Plain JSON, as a case is. */
export interface Institution {
  seq: number;
  lastAt: string;
}

/** Every kind of entry of the lender's own stream, with what it holds. */
// biome-ignore lint/suspicious/noEmptyInterface: each topic joins its own kinds
export interface Acts {}
export type ActKind = keyof Acts;

/** An entry that holds what was written: `kind` narrows `content`. */
export type Act<K extends ActKind = ActKind> = { [P in K]: Written<Acts[P]> & { readonly kind: P } }[K];

/** An entry as decided: `by` is the portal where it follows from what is known, not from the person. */
export type ActDecided = { [K in ActKind]: { kind: K; content: Acts[K]; by?: 'portal' } }[ActKind];

/** What is declared of a kind. */
export type ActDeclared<Content> = {
  /** What it holds. Every entry is held against this when it is appended. */
  readonly content: z.ZodType<Content>;
  readonly evolve: (before: Institution, entry: Written<Content>) => Institution;
  /** Reads a content as an older release sealed it; one of today's shape comes back as it is. */
  readonly upcast?: (older: unknown) => Content;
};

/** Declares a kind of entry of the lender's own stream. */
export const act = <Content>(declared: ActDeclared<Content>): ActDeclared<Content> => declared;

/** What the entries of a topic hold, by kind. */
export type ActsOf<Entries> = { [K in keyof Entries]: Entries[K] extends ActDeclared<infer Content> ? Content : never };

/** Declares a topic: its part of a stream without entries, and its kinds. */
export function actTopic<Empty extends Partial<Institution>, Entries extends object>(declared: {
  readonly empty: Empty;
  readonly entries: Entries;
}): { readonly empty: Empty; readonly entries: Entries } {
  return declared;
}
