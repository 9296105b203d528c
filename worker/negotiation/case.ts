import type * as z from 'zod';
import type { Zone } from '../plan/law/place.ts';
import { canonical } from '../record/digest.ts';
import { agreement } from './agreement.ts';
import { approval } from './approval.ts';
import { arrears } from './arrears.ts';
import { assignment } from './assignment.ts';
import type { Command } from './command.ts';
import { complaint } from './complaint.ts';
import { completion } from './completion.ts';
import { conduct } from './conduct.ts';
import { consent } from './consent.ts';
import { custody } from './custody.ts';
import { debt } from './debt.ts';
import type {
  Case,
  Decided,
  Entry,
  EntryKind,
  Kind,
  Kinds,
  Own,
  OwnDecided,
  OwnEntry,
  OwnEntryKind,
  OwnKind,
  OwnKinds,
  OwnWhole,
  Recorded,
  Whole,
} from './entry.ts';
import { errand } from './errand.ts';
import { evidence } from './evidence.ts';
import { impasse } from './impasse.ts';
import { life } from './life.ts';
import { means } from './means.ts';
import { mediation } from './mediation.ts';
import { moves } from './moves.ts';
import { note } from './note.ts';
import { performance } from './performance.ts';
import { person } from './person.ts';
import { proposal } from './proposal.ts';
import { referral } from './referral.ts';
import { reminders } from './reminders.ts';
import { representation } from './representation.ts';
import type { Side } from './seats.ts';
import { talk } from './talk.ts';
import type { Due, Topic } from './topic.ts';

export type { Case, Entry, Kind, Own, OwnKind, OwnWhole, Whole } from './entry.ts';

/** The list of topics, and what is drawn from it: the fold, every kind of entry, every command, what falls due, who is to move. */
const TOPICS = [
  life,
  debt,
  means,
  consent,
  evidence,
  talk,
  proposal,
  agreement,
  performance,
  moves,
  arrears,
  reminders,
  completion,
  complaint,
  impasse,
  referral,
  custody,
  note,
  errand,
  approval,
  assignment,
  person,
  conduct,
  representation,
  mediation,
];

const topics: readonly Topic[] = TOPICS;

/** Every kind of entry with its declaration. Does not compile where a topic is missing above. */
const KINDS: { readonly [K in Kind]: EntryKind<Kinds[K]> } = together(TOPICS.map(({ entries }) => entries));

/** Every kind of entry of a private stream, likewise. */
const OWN_KINDS: { readonly [K in OwnKind]: OwnEntryKind<OwnKinds[K]> } = together(TOPICS.flatMap(({ own }) => (own ? [own.entries] : [])));

/** Every command, from the list of topics: routes, buttons, matrix and tests are drawn from this one list. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  topics.flatMap(({ commands }) => Object.values(commands)).map((one) => [one.name, one]),
);

/** A case without entries. */
export const EMPTY_CASE: Case = { ...together(TOPICS.map(({ empty }) => empty)), stage: 'negotiating', seq: 0, lastAt: '' };

/** A private stream without entries. */
export const EMPTY_OWN: Own = { ...together(TOPICS.flatMap(({ own }) => (own ? [own.empty] : []))), seq: 0, lastAt: '' };

type All<Parts> = (Parts extends unknown ? (of: Parts) => void : never) extends (of: infer Whole) => void ? Whole : never;

/** Objects as one that has what each has. */
function together<Part extends object>(parts: readonly Part[]): All<Part> {
  return Object.assign({}, ...parts);
}

/** What is declared of a kind; null for one that this release does not know. */
export function kindOf(kind: string): (typeof KINDS)[Kind] | null {
  return isKind(kind) ? KINDS[kind] : null;
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(KINDS, kind);
}

/** All kinds of entries, topic by topic. */
export const ENTRY_KINDS: readonly Kind[] = Object.keys(KINDS).filter(isKind);

/**
 * An entry of a record as the union of all kinds, where `kind` narrows `content`; null for a kind that this release does not know. This is the only
 * place where an entry is taken to be what it says it is: each was held against its schema before it was sealed (`checked`), and has not changed since.
 */
export function known<R extends Recorded>(recorded: R): (Entry & R) | null {
  if (!isKind(recorded.kind)) return null;
  const upcast = recorded.content === null ? undefined : kindOf(recorded.kind)?.upcast;
  return (upcast ? { ...recorded, content: upcast(recorded.content) } : recorded) as Entry & R;
}

/** An entry about to be sealed: its content is what the schema of its kind reads, and no more. @throws where it is not, which no command comes to */
export function checked<D extends Decided>(decided: D): D {
  return within(KINDS[decided.kind], decided);
}

function within<D extends { kind: string; content: unknown }>({ content }: { content: z.ZodType }, decided: D): D {
  if (!same(content.parse(decided.content), decided.content)) throw new Error(`${decided.kind} would hold more than its schema reads.`);
  return decided;
}

/** Equal as the record writes them; what is alike to the letter need not be put in order first. */
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b) || canonical(a) === canonical(b);

/**
 * What one more entry means. One that was erased, or that this release does not know, leaves the case as it is, but for the count; so does one without an
 * author, which is no side's: nobody could tell whose offer or signature it is.
 */
function evolve(kase: Case, recorded: Recorded): Case {
  const next: Case = { ...kase, seq: recorded.seq, lastAt: recorded.at };
  if (recorded.content === null || recorded.author === null) return next;
  const so = topics.reduce((before, { each }) => each?.(before, recorded.kind) ?? before, next);
  const entry = known(recorded);
  return entry && entry.content !== null ? meant(so, entry) : so;
}

function meant<K extends Kind>(kase: Case, entry: Whole<K>): Case {
  return KINDS[entry.kind].evolve(kase, entry);
}

/**
 * The version of the rules by which entries come to a case: one more whenever the same entries come to anything else than before, be it only to a new part.
 * A snapshot of other rules is not read: its record is folded anew. `test/negotiation/recorded.test.ts` tells when it is due.
 */
export const RULES = 10;

/** The case that a list of entries comes to. */
export function fold(entries: readonly Recorded[], from: Case = EMPTY_CASE): Case {
  return entries.reduce(evolve, from);
}

/** What is declared of a kind of a private stream; null for one that this release does not know. */
export function ownKindOf(kind: string): (typeof OWN_KINDS)[OwnKind] | null {
  return isOwnKind(kind) ? OWN_KINDS[kind] : null;
}

const isOwnKind = (kind: string): kind is OwnKind => Object.hasOwn(OWN_KINDS, kind);

/** All kinds of entries of a private stream. */
export const OWN_ENTRY_KINDS: readonly OwnKind[] = Object.keys(OWN_KINDS).filter(isOwnKind);

/** An entry of a private stream, as `known` reads one of the shared record. */
export function knownOwn<R extends Recorded>(recorded: R): (OwnEntry & R) | null {
  if (!isOwnKind(recorded.kind)) return null;
  const upcast = recorded.content === null ? undefined : ownKindOf(recorded.kind)?.upcast;
  return (upcast ? { ...recorded, content: upcast(recorded.content) } : recorded) as OwnEntry & R;
}

/** The same as `checked` of an entry of a private stream. */
export function checkedOwn<D extends OwnDecided>(decided: D): D {
  return within(OWN_KINDS[decided.kind], decided);
}

/** What one more entry means in a private stream, as `evolve` says of the shared record. */
function evolveOwn(own: Own, recorded: Recorded): Own {
  const next: Own = { ...own, seq: recorded.seq, lastAt: recorded.at };
  if (recorded.content === null || recorded.author === null) return next;
  const so = topics.reduce((before, { eachOwn }) => eachOwn?.(before, recorded.kind) ?? before, next);
  const entry = knownOwn(recorded);
  return entry && entry.content !== null ? meantOwn(so, entry) : so;
}

function meantOwn<K extends OwnKind>(own: Own, entry: OwnWhole<K>): Own {
  return OWN_KINDS[entry.kind].evolve(own, entry);
}

/** What a list of entries of a private stream comes to. */
export function foldOwn(entries: readonly Recorded[], from: Own = EMPTY_OWN): Own {
  return entries.reduce(evolveOwn, from);
}

/** What time alone will do to a case where the clocks are those of `zone`, soonest first. */
export function due(kase: Case, zone: Zone): Due[] {
  return topics.flatMap((topic) => topic.due(kase, zone)).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** From whom a step is awaited at an instant. */
export function awaited(kase: Case, at: string): Side | null {
  for (const { awaits } of topics) {
    const side = awaits(kase, at);
    if (side) return side;
  }
  return null;
}
