import type * as z from 'zod';
import type { Author, SealedEntry } from '../record/format.ts';
import type { Colleague, Side } from './seats.ts';

/**
 * Entries: the closed union of everything that a record can say, and how a kind of entry is declared. Each topic joins its own kinds and its part of
 * the case to the two interfaces below, in its own file, so that nothing here names a topic and every topic knows all of them:
 *
 *     declare module './entry.ts' {
 *       interface Case extends Offers {}
 *       interface Kinds extends ContentsOf<typeof entries> {}
 *     }
 *
 * What is joined here and missing from the list of topics in `case.ts` does not compile, and is named.
 *
 * A case has three streams: the shared record, and a private one of each side. What is of the shared record is of `Case` and `Kinds`; what is of a
 * side's own is of `Own` and `OwnKinds`, in the same way. The two unions
 * have no entry in common: none of the one can be decided, read or folded as one of the other.
 */

export const STAGES = ['negotiating', 'agreed', 'in-force', 'in-arrears', 'broken', 'completed', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

/** What a case is now: a fold over its entries. Plain JSON, so that a snapshot can be kept beside the record and compared with it. */
export interface Case {
  stage: Stage;
  seq: number;
  lastAt: string;
}

/** Every kind of entry, with what it holds. */
// biome-ignore lint/suspicious/noEmptyInterface: each topic joins its own kinds
export interface Kinds {}
export type Kind = keyof Kinds;

/** What a side's private stream comes to: a fold over its entries. Nobody on the other side ever sees any of it. Plain JSON, as a case is. */
export interface Own {
  seq: number;
  lastAt: string;
}

/** Every kind of entry of a private stream, with what it holds. */
// biome-ignore lint/suspicious/noEmptyInterface: each topic joins its own kinds
export interface OwnKinds {}
export type OwnKind = keyof OwnKinds;

/** An entry as its kind reads it. */
export type Written<Content> = { readonly seq: number; readonly at: string; readonly author: Author; readonly content: Content };

/** An entry that still holds what was written: `kind` narrows `content`. */
export type Whole<K extends Kind = Kind> = { [P in K]: Written<Kinds[P]> & { readonly kind: P } }[K];

/** An entry of which no more is left, or shown, than that there was one. `author` is null where the name was erased with the rest of a case. */
export type Erased = Omit<Written<null>, 'author'> & { readonly author: Author | null; readonly kind: Kind };

/** An entry of the record. `content` is null where it was erased: look at that first, then at `kind`. */
export type Entry = Whole | Erased;

/** The same of a private stream. */
export type OwnWhole<K extends OwnKind = OwnKind> = { [P in K]: Written<OwnKinds[P]> & { readonly kind: P } }[K];
export type OwnEntry = OwnWhole | (Omit<Erased, 'kind'> & { readonly kind: OwnKind });

/** An entry as it comes from a record, before its kind is known: see `known` in `case.ts`. */
export type Recorded = Pick<SealedEntry, 'seq' | 'at' | 'kind' | 'author' | 'content'>;

/**
 * An entry as decided: `by` is the portal where the entry follows from what is known, not from the person; or a colleague of who decides, in whose name it
 * is, where it was for somebody else to allow it.
 */
export type Decided = { [K in Kind]: { kind: K; content: Kinds[K]; by?: 'portal' | Colleague } }[Kind];

/** An entry of the private stream of the side that decides it. */
export type OwnDecided = { [K in OwnKind]: { kind: K; content: OwnKinds[K]; by?: 'portal' } }[OwnKind];

/** What is declared of a kind of entry. All of it: what is left out does not compile. */
type Declared<Content, State, Told> = {
  /** What it holds. Every entry is held against this when it is appended. */
  readonly content: z.ZodType<Content>;
  readonly told: Told;
  /** Whether it is a person's own account, which may be erased by itself; what makes up the debt, the offers and the agreement is kept. */
  readonly personal: boolean;
  /** What it means. Erased, it means nothing. */
  readonly evolve: (before: State, entry: Written<Content>) => State;
  /** Reads a content as an older release sealed it; one of today's shape comes back as it is. For each shape there is a record in `test/negotiation/recorded`. */
  readonly upcast?: (older: unknown) => Content;
};

/** A kind of the shared record. `told`: who hears of it: all sides but its author's (of the portal's own, both), one side, or nobody by a notice, as both see it. */
export type EntryKind<Content> = Declared<Content, Case, 'others' | Side | 'nobody'>;

/**
 * A kind of the private streams: nobody is told but those of its own side. `own side`: who looks; by a notice, too, all who may `approve`, or the one
 * person whom its content names (`to`), unless that is its author.
 */
export type OwnEntryKind<Content> = Declared<Content, Own, 'own side' | 'who approves' | 'whom it names'>;

/** Declares a kind of entry: by `told`, of the shared record or of one's own side's stream. */
export function entry<Content>(declared: EntryKind<Content>): EntryKind<Content>;
export function entry<Content>(declared: OwnEntryKind<Content>): OwnEntryKind<Content>;
export function entry<Kind>(declared: Kind): Kind {
  return declared;
}

/** What the entries of a topic hold, by kind. */
export type ContentsOf<Entries> = {
  [K in keyof Entries]: Entries[K] extends EntryKind<infer Content>
    ? Content
    : Entries[K] extends OwnEntryKind<infer Content>
      ? Content
      : never;
};

/** The side that an entry speaks for. */
export function sideOf({ author }: Pick<Written<unknown>, 'author'>): Side {
  return author.side === 'lender' ? 'lender' : 'borrower';
}
