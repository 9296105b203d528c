import { meansTotals } from '../plan/means.ts';
import type { MeansFigures } from '../plan/terms.ts';
import { type Kind, type Mark, marksOf } from '../wording/marks.ts';
import { type Refused, refuse } from './refusal.ts';
import type { AnySeat, Side } from './seats.ts';

/** What a command says to the other side, and what of it a lender's staff may not say. */

/** A text of a command that the other side will read, with the name of its field. */
export type Said = { field: string; text: string };

/** Texts in people's own words: members named `words`, the facts and the wish of a complaint, and the reasons of waivers. Private notes are no one's to read, and are not asked for. */
export function saidIn(input: unknown, under = ''): Said[] {
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]): Said[] => {
    const field = under === '' ? name : `${under}.${name}`;
    if (typeof value !== 'string') return saidIn(value, field);
    return /(?:^|\.)(?:words|facts|wish|reasons\.\w+)$/.test(field) ? [{ field, text: value }] : [];
  });
}

/** What staff may not send at all: rules on conduct forbid it, whatever is meant. Only where a phrase says it; what merely reads like it is theirs to judge. */
const FORBIDDEN: readonly Kind[] = ['exposure', 'threat', 'false-authority'];

export const isForbidden = (side: Side, { kind, learned }: Pick<Mark, 'kind' | 'learned'>): boolean =>
  side === 'lender' && !learned && FORBIDDEN.includes(kind);

/** Why a text may not be sent from this seat; null where it may. */
export function unsayable(said: readonly Said[], { side }: Pick<AnySeat, 'side'>): Refused | null {
  if (side !== 'lender') return null;
  for (const { field, text } of said) {
    const isForbiddenHere = (one: Mark) => isForbidden(side, one);
    const mark = marksOf(text, side, null, (marks) => marks.some(isForbiddenHere)).find(isForbiddenHere);
    if (mark) return refuse('wording.forbidden', { kind: mark.kind, words: mark.words, field });
  }
  return null;
}

/** A text with what is marked in it. */
export type Marked = Said & { marks: readonly Mark[] };

/** How texts are heard: what of them is marked, and whether somebody despairs, which is no fault. Nothing of it is kept or told to anybody. */
export type Heard = { marked: Marked[]; despair: boolean };

/** What a writer can pay a month, in 分, against which their promises are held: a borrower's own figures; null for who promises nothing, or where none are known. */
export const bearableFor = (side: Side, means: MeansFigures | null): number | null =>
  side === 'borrower' && means ? meansTotals(means).affordable : null;

/** So many marks of one text are enough to show: of what follows them only that somebody despairs is heard. */
const MOST_MARKS = 40;

/**
 * Of a borrower who despairs nothing else is marked: help comes first, and how it was put is no matter then.
 * @param affordable what the writer can pay a month, in 分, against which promises are held; null where it is not known */
export function heard(said: readonly Said[], side: Side, affordable: number | null): Heard {
  const all = said.map((one) => ({ ...one, marks: marksOf(one.text, side, affordable, (marks) => marks.length >= MOST_MARKS) }));
  const despair = all.some(({ marks }) => marks.some(({ kind }) => kind === 'despair'));
  if (despair && side === 'borrower') return { marked: [], despair };
  const marked = all.flatMap((one) => {
    const marks = one.marks.filter(({ kind }) => kind !== 'despair');
    return marks.length > 0 ? [{ ...one, marks }] : [];
  });
  return { marked, despair };
}
