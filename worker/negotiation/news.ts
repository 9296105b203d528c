import * as z from 'zod';
import type { Place } from './seats.ts';

/** News of a case by what it is about: what people choose how to be told of. */

/** Offers and answers to them; messages and calls; figures, evidence and what is owed; payments. */
export const NEWS = ['offers', 'talk', 'papers', 'payments'] as const;
export type News = (typeof NEWS)[number];

/** At once, once a day, or not at all. */
export const WAYS = ['at-once', 'daily', 'never'] as const;
export type Way = (typeof WAYS)[number];

/** To which of somebody's contacts: the one that they sign in with, or their second one. */
export const CONTACTS = ['first', 'second'] as const;
export type ContactChosen = (typeof CONTACTS)[number];

/** What contacts are chosen by: each kind of news, and all else, of which people are always told. */
export const BY = [...NEWS, 'always'] as const;
export type By = (typeof BY)[number];

/** How somebody is told of each kind of news, and where that is not to their first contact. */
export type Choices = Readonly<Record<News, Way>> & { readonly by?: { readonly [K in By]?: ContactChosen | undefined } | undefined };

/** Without a choice a borrower is told of everything at once; who works for a lender, and a mediator, of offers at once, and of the rest once a day. */
export const USUAL = {
  borrower: { offers: 'at-once', talk: 'at-once', papers: 'at-once', payments: 'at-once' },
  lender: { offers: 'at-once', talk: 'daily', papers: 'daily', payments: 'daily' },
  mediator: { offers: 'at-once', talk: 'daily', papers: 'daily', payments: 'daily' },
} as const satisfies Record<Place, Choices>;

const Chosen = z.enum(CONTACTS).optional();
const ChoicesText = z.object({
  offers: z.enum(WAYS),
  talk: z.enum(WAYS),
  papers: z.enum(WAYS),
  payments: z.enum(WAYS),
  by: z.object({ offers: Chosen, talk: Chosen, papers: Chosen, payments: Chosen, always: Chosen }).optional(),
});

/** By kind or, where that is not named, by topic. */
const ABOUT: ReadonlyMap<string, News> = new Map([
  // Many may be assigned at once: that is read when there is time.
  ['case.assigned', 'papers'],
  ['task', 'papers'],
  ['note', 'talk'],
  ['mediation.suggested', 'offers'],
  ['mediation.said', 'talk'],
  ['proposal', 'offers'],
  ['talk', 'talk'],
  ['debt', 'papers'],
  ['means', 'papers'],
  ['evidence', 'papers'],
  ['payment', 'payments'],
]);

/**
 * What has to reach people whatever they chose, though its topic is one of those above: formal letters, what is stated as owed, also where it is restated, and
 * that money which counted does not.
 */
const ALWAYS: ReadonlySet<string> = new Set(['talk.letter-issued', 'debt.stated', 'debt.corrected', 'debt.disputed', 'payment.reversed']);

/** Of what whoever oversees is told beside those who see to the case: that a complaint is to be answered soon, or was not in time. */
const OVERSEEN: ReadonlySet<string> = new Set(['complaint.due', 'complaint.unanswered']);
export const isOverseen = (kind: string): boolean => OVERSEEN.has(kind);

/** What a kind of entry is about; null where people are always told, at once: agreements, arrears, a case opened or closed, formal letters, approvals. */
export function newsOf(kind: string): News | null {
  return ALWAYS.has(kind) ? null : (ABOUT.get(kind) ?? ABOUT.get(kind.split('.')[0] ?? '') ?? null);
}

/** What somebody chose, as it is kept; null where they chose nothing. */
export function readChoices(text: string | null): Choices | null {
  if (text === null) return null;
  try {
    return ChoicesText.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What was chosen in a form, where all of it was. */
export function chosen(values: Readonly<Record<News, string>> & { by?: Readonly<Record<By, string | undefined>> }): Choices | null {
  const read = ChoicesText.safeParse(values);
  return read.success ? read.data : null;
}
