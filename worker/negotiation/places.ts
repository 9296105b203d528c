import { dayOf } from '../plan/law/zone.ts';
import { outstanding } from '../plan/terms.ts';
import type { Case } from './case.ts';
import type { Context } from './command.ts';
import { daysOverdue, workingDebt } from './debt.ts';
import { standing } from './performance.ts';
import { onTable } from './proposal.ts';
import { type Refused, refuse } from './refusal.ts';

/**
 * Named places of a template, such as `{borrower}`: a closed list, each with the type of what the case fills it with. Amounts are in 分, dates calendar days.
 * A text is read once: what a place is filled with is never read as a place itself.
 */

export const PLACE_TYPES = {
  borrower: 'name',
  lender: 'name',
  agent: 'name',
  case: 'number',
  contract: 'number',
  phone: 'number',
  today: 'date',
  owed: 'amount',
  daysOverdue: 'count',
  offeredInstalment: 'amount',
  offeredCount: 'count',
  offerEnds: 'date',
  left: 'amount',
  late: 'amount',
  nextInstalment: 'amount',
  nextDue: 'date',
} as const satisfies Record<string, 'name' | 'number' | 'amount' | 'count' | 'date'>;

export type Place = keyof typeof PLACE_TYPES;
export type PlaceType = (typeof PLACE_TYPES)[Place];

export const isPlace = (name: string): name is Place => Object.hasOwn(PLACE_TYPES, name);
export const PLACES: readonly Place[] = Object.keys(PLACE_TYPES).filter(isPlace);

/** What a case fills each place with; null where it has nothing for it. */
export type Facts = { readonly [P in Place]: ((typeof PLACE_TYPES)[P] extends 'amount' | 'count' ? number : string) | null };

/** One place's fact with its type. */
export type Fact = { [T in PlaceType]: { type: T; value: T extends 'amount' | 'count' ? number : string } }[PlaceType];

/** What one place is filled with; null where the case has nothing for it. */
export function factOf(facts: Facts, place: Place): Fact | null {
  const type = PLACE_TYPES[place];
  const value = facts[place];
  if (typeof value === 'number') return type === 'amount' || type === 'count' ? { type, value } : null;
  return value === null || type === 'amount' || type === 'count' ? null : { type, value };
}

/** A text in pieces: what stands as it is, and the names between braces as they were typed. */
type Piece = { readonly text: string } | { readonly place: string };

const LONGEST_NAME = 40;
const NAMED = new RegExp(`\\{([^{}\\n]{1,${LONGEST_NAME}})\\}`, 'g');

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(NAMED)) {
    pieces.push({ text: text.slice(at, found.index) }, { place: (found[1] ?? '').trim() });
    at = found.index + found[0].length;
  }
  return [...pieces, { text: text.slice(at) }];
}

/** The places of a text, each once, in the order in which they stand. */
export function placesIn(text: string): Place[] {
  return [...new Set(piecesOf(text).flatMap((piece) => ('place' in piece && isPlace(piece.place) ? [piece.place] : [])))];
}

/** Why a text is no template: a name between braces that is no place, or a brace without its other; null where it is one. */
export function misplaced(text: string): Refused | null {
  for (const piece of piecesOf(text)) {
    if ('place' in piece && !isPlace(piece.place)) return refuse('template.place-unknown', { place: piece.place, field: 'text' });
    const stray = 'text' in piece ? /.{0,10}[{}].{0,10}/.exec(piece.text) : null;
    if (stray) return refuse('template.brace', { near: stray[0], field: 'text' });
  }
  return null;
}

/** What a case has for each place, as a lender's person sees it who writes in it. @param number of the case */
export function factsOf(kase: Case, number: string, { seat, policy, at, today, zone }: Context): Facts {
  const debt = workingDebt(kase);
  const offer = onTable(kase, at);
  const stands = kase.agreement?.inForceAt ? standing(kase, today) : null;
  const overdue = daysOverdue(kase, today);
  const next = stands?.next ?? null;
  return {
    borrower: kase.borrowerName ?? kase.invitedName ?? null,
    lender: kase.lenderName || null,
    agent: seat.name,
    case: number,
    contract: kase.loan.reference || null,
    phone: policy.lender.phone || null,
    today,
    owed: debt ? outstanding(debt) : null,
    daysOverdue: overdue === 0 ? null : overdue,
    offeredInstalment: offer?.totals.highest ?? null,
    offeredCount: offer?.totals.instalments ?? null,
    offerEnds: offer ? dayOf(offer.expiresAt, zone) : null,
    left: stands?.left || null,
    late: stands?.late || null,
    nextInstalment: next ? next.payment - next.paid : null,
    nextDue: next?.due ?? null,
  };
}
