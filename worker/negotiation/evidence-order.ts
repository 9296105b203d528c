import type { WayName } from '../plan/law/ways.ts';
import type { Recorded } from './entry.ts';

/** In which order a court, a mediator or whoever oversees a lender reads a case: by what its entries prove. */

export const GROUPS = ['loan', 'debt', 'means', 'talks', 'agreement', 'complaint'] as const;
export type Group = (typeof GROUPS)[number];

/** What the first part of a kind's name belongs to. */
const BY_TOPIC: Readonly<Record<string, Group>> = {
  case: 'loan',
  representative: 'loan',
  mediator: 'talks',
  debt: 'debt',
  means: 'means',
  evidence: 'means',
  consent: 'means',
  agreement: 'agreement',
  payment: 'agreement',
  instalment: 'agreement',
  arrears: 'agreement',
  performance: 'agreement',
  settlement: 'agreement',
  complaint: 'complaint',
  referral: 'complaint',
};

/** What an entry of a kind proves; of what the portal notes of its own custody, nothing. */
function groupOf(kind: string): Group | null {
  const [topic = ''] = kind.split('.');
  if (topic === 'custody') return null;
  return Object.hasOwn(BY_TOPIC, topic) ? (BY_TOPIC[topic] ?? null) : 'talks';
}

/** Entries group by group, each in the order of the record. */
export function inOrder<One extends { kind: string }>(entries: readonly One[]): { group: Group; entries: One[] }[] {
  return GROUPS.map((group) => ({ group, entries: entries.filter(({ kind }) => groupOf(kind) === group) })).filter(
    (one) => one.entries.length > 0,
  );
}

/** What is read there first. Means and their papers are sensitive, and nobody's business but who chooses to show them. */
const READ: Readonly<Record<WayName, readonly Group[]>> = {
  advice: ['loan', 'debt', 'talks', 'agreement', 'complaint'],
  regulator: ['loan', 'debt', 'talks', 'agreement', 'complaint'],
  'local-office': ['loan', 'debt', 'talks', 'agreement', 'complaint'],
  mediation: ['loan', 'debt', 'talks', 'agreement'],
  arbitration: ['loan', 'debt', 'talks', 'agreement', 'complaint'],
  court: ['loan', 'debt', 'talks', 'agreement', 'complaint'],
};

/** Reminders say nothing that payments and notices do not. */
const LEFT_OUT: ReadonlySet<string> = new Set(['instalment.reminded', 'complaint.due']);

/** Figures of the other side that are taken, or own ones that are changed, are conceded. */
const CONCEDED: ReadonlySet<string> = new Set(['debt.corrected', 'debt.confirmed']);

/** What a mediator said and suggested, and what was said, offered and owned before them: nobody holds what is conceded there against anybody elsewhere (`mediated.ts`). An agreement stands. */
const isConceded = ({ kind, content }: Recorded): boolean =>
  kind === 'mediation.said' ||
  kind === 'mediation.suggested' ||
  ((groupOf(kind) === 'talks' || CONCEDED.has(kind)) && !kind.startsWith('mediation.') && numbersIn(content, 'mediation').length > 0);

/** The entries, by number, that a bundle for a way shows unless somebody chooses otherwise. */
export const chosenFor = (way: WayName, entries: readonly Recorded[]): number[] =>
  entries
    .filter(({ kind, content }) => content !== null && !LEFT_OUT.has(kind) && READ[way].some((group) => group === groupOf(kind)))
    .filter((one) => !isConceded(one))
    .map(({ seq }) => seq);

/**
 * Those of a complaint, by its number: whose loan it is, the complaint, the entries that it is about, and all that was said of it since. Read from what the entries
 * hold, whatever their kind.
 */
export function chosenOf(complaint: number, entries: readonly Recorded[]): number[] {
  const raised = entries.find(({ seq, kind }) => seq === complaint && kind === 'complaint.raised');
  const about = new Set(numbersIn(raised?.content, 'entries'));
  return entries
    .filter(({ seq, kind, content }) => {
      if (content === null) return false;
      const isOfIt = seq === complaint || (kind.startsWith('complaint.') && numbersIn(content, 'complaint').includes(complaint));
      return about.has(seq) || groupOf(kind) === 'loan' || (isOfIt && !LEFT_OUT.has(kind));
    })
    .map(({ seq }) => seq);
}

function numbersIn(content: unknown, name: string): number[] {
  const value: unknown = content instanceof Object && Object.hasOwn(content, name) ? Reflect.get(content, name) : [];
  return [value].flat().filter((one) => typeof one === 'number');
}
