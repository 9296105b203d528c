import type { Case } from '../../worker/negotiation/case.ts';
import type { Kind, Whole } from '../../worker/negotiation/entry.ts';
import { money, type Words } from '../words/index.ts';

/**
 * What an entry tells: what happened, and the lines of what it holds. It is data, so that every reader draws all of it in its own way: the thread, the page on
 * which a part is picked, the record as a document, the offline page, letters, and the page that is looked over before anything is sent.
 */
export type Told = { readonly what: string; readonly lines: readonly Line[] };

export type Line = {
  /** What the value is. A sentence has none, nor has what a person wrote. */
  readonly label?: string;
  readonly value: string;
  /** The amount in 分 that the value says, where it says one: some readers say it in capital numerals too. */
  readonly fen?: number;
  /** What belongs to the value and is said after it. */
  readonly aside?: string;
  /** What the line is about: readers that can lead there do. */
  readonly about?: Reference;
  /** The number of a clause, where clauses are called by it. */
  readonly no?: number;
  /** How it is read: one's own `words`; the `figure` that matters; a `clause` of terms; the `heading` of the lines that follow; a `warning`. */
  readonly as?: 'words' | 'figure' | 'clause' | 'heading' | 'warning';
  /** Whether only whoever looks closely asks for it: it may be folded away, and is never left out. */
  readonly close?: boolean;
};

/** What a line is about: a file, an offer by its version, a mediator's suggestion by its number, another entry, the letter (or the authority) that this entry issued, a page of the case. */
export type Reference =
  | { readonly file: string }
  | { readonly offer: number }
  | { readonly entry: number }
  | { readonly letter: number }
  | { readonly authority: number }
  | { readonly suggestion: number }
  | { readonly page: 'means' | 'agreement' };

/** An entry as it is told: `seq` is 0 where it is not written yet. */
export type Telling<K extends Kind = Kind> = Pick<Whole<K>, 'seq' | 'kind' | 'author' | 'content'>;

/** How an entry of a kind is told. Nothing that it holds is left out. */
export type Teller<K extends Kind> = (entry: Telling<K>, kase: Case, words: Words) => Told;

/** How the entries of a topic are told: every one of its kinds. A kind that is missing does not compile. */
export type Tellers<Of extends { readonly entries: object }> = { readonly [K in keyof Of['entries'] & Kind]: Teller<K> };

/** A value by its name. */
export const named = (label: string, value: string, rest: Pick<Line, 'aside' | 'about' | 'as' | 'close'> = {}): Line => ({
  label,
  value,
  ...rest,
});

/** An amount by its name. */
export const amount = (label: string, fen: number, rest: Pick<Line, 'aside' | 'as' | 'close'> = {}): Line => ({
  label,
  value: money(fen),
  fen,
  ...rest,
});

/** What a person wrote, where they wrote something. */
export const said = (text: string | undefined): Line[] => (text ? [{ value: text, as: 'words' }] : []);

/** Lines that only whoever looks closely asks for. */
export const closely = (...lines: Line[]): Line[] => lines.map((line) => ({ ...line, close: true }));

/** Whether a line says no more than where a page is: on paper there is nothing to say. */
export const leadsOnly = ({ about }: Line) =>
  about !== undefined && ('page' in about || 'letter' in about || 'authority' in about || 'suggestion' in about);
