import type { Zone } from '../plan/law/place.ts';
import { canonical } from '../record/digest.ts';
import { agreement } from './agreement.ts';
import type { Command } from './command.ts';
import { custody } from './custody.ts';
import { debt } from './debt.ts';
import type { Case, Decided, Entry, EntryKind, Kind, Kinds, Recorded, Whole } from './entry.ts';
import { evidence } from './evidence.ts';
import { life } from './life.ts';
import { means } from './means.ts';
import { performance } from './performance.ts';
import { proposal } from './proposal.ts';
import type { Side } from './seats.ts';
import { talk } from './talk.ts';
import type { Due, Topic } from './topic.ts';

export type { Case, Entry, Kind, Whole } from './entry.ts';

/** The list of topics, and what is drawn from it: the fold, every kind of entry, every command, what falls due, who is to move. */
const TOPICS = [life, debt, means, evidence, talk, proposal, agreement, performance, custody];

const topics: readonly Topic[] = TOPICS;

/** Every kind of entry with its declaration. Does not compile where a topic is missing above. */
const KINDS: { readonly [K in Kind]: EntryKind<Kinds[K]> } = together(TOPICS.map(({ entries }) => entries));

/** Every command, from the list of topics: routes, buttons, matrix and tests are drawn from this one list. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  topics.flatMap(({ commands }) => Object.values(commands)).map((one) => [one.name, one]),
);

/** A case without entries. */
export const EMPTY_CASE: Case = { ...together(TOPICS.map(({ empty }) => empty)), stage: 'negotiating', seq: 0, lastAt: '' };

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
  const read = KINDS[decided.kind].content.parse(decided.content);
  if (!same(read, decided.content)) throw new Error(`${decided.kind} would hold more than its schema reads.`);
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
export const RULES = 4;

/** The case that a list of entries comes to. */
export function fold(entries: readonly Recorded[], from: Case = EMPTY_CASE): Case {
  return entries.reduce(evolve, from);
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
