import { canonical } from '../../record/digest.ts';
import type { Recorded } from '../entry.ts';
import type { Policy } from '../policy.ts';
import type { Act, ActDecided, ActDeclared, ActKind, Acts, Institution } from './act.ts';
import { custody } from './custody.ts';
import { policies } from './policies.ts';
import { staff } from './staff.ts';
import { templates } from './templates.ts';

export type { Act, ActDecided, ActKind, Institution } from './act.ts';

/** The list of topics of a lender's own stream, and what is drawn from it: every kind of entry, and the fold. */
const TOPICS = [custody, policies, staff, templates];

/** Every kind of entry with its declaration. Does not compile where a topic is missing above. */
const KINDS: { readonly [K in ActKind]: ActDeclared<Acts[K]> } = Object.assign({}, ...TOPICS.map(({ entries }) => entries));

/** All kinds of entries of a lender's own stream. */
export const ACT_KINDS: readonly ActKind[] = Object.keys(KINDS).filter(isActKind);

/** What is declared of a kind. */
export const actOf = <K extends ActKind>(kind: K): ActDeclared<Acts[K]> => KINDS[kind];

/** A stream without entries. */
export const EMPTY_INSTITUTION: Institution = { ...Object.assign({}, ...TOPICS.map(({ empty }) => empty)), seq: 0, lastAt: '' };

function isActKind(kind: string): kind is ActKind {
  return Object.hasOwn(KINDS, kind);
}

/**
 * An entry of the stream as the union of all kinds, where `kind` narrows `content`; null for a kind that this release does not know. This is the only place
 * where one is taken to be what it says it is: each was held against its schema before it was sealed (`checkedAct`), and has not changed since.
 */
export function knownAct<R extends Recorded>(recorded: R): (Act & R) | null {
  if (!isActKind(recorded.kind) || recorded.content === null) return null;
  const { upcast } = KINDS[recorded.kind];
  return (upcast ? { ...recorded, content: upcast(recorded.content) } : recorded) as Act & R;
}

/** An act as it was noted (JSON) to be told later. @throws where it is none of today's kinds */
export function readAct(text: string): ActDecided {
  const { kind, content }: { kind: string; content: unknown } = JSON.parse(text);
  if (!isActKind(kind)) throw new Error(`${kind} is no kind of act.`);
  return checkedAct({ kind, content: KINDS[kind].content.parse(content) } as ActDecided);
}

/** An entry about to be sealed: its content is what the schema of its kind reads, and no more. @throws where it is not, which nothing comes to */
export function checkedAct<D extends ActDecided>(decided: D): D {
  const read: unknown = KINDS[decided.kind].content.parse(decided.content);
  if (canonical(read) !== canonical(decided.content)) throw new Error(`${decided.kind} would hold more than its schema reads.`);
  return decided;
}

/** A version of the policy with all that it says. */
export type WholeVersion = { version: number; from: string | null; at: string; policy: Policy };

/** Every version of the policy with all that it says, as the entries have them; nothing while the first has never been changed. */
export function policyVersions(entries: readonly Recorded[]): WholeVersion[] {
  return entries.flatMap((recorded): WholeVersion[] => {
    const entry = knownAct(recorded);
    if (entry?.kind === 'policy.began') return [{ version: 1, from: null, at: entry.at, policy: entry.content.policy }];
    if (entry?.kind !== 'policy.set') return [];
    const { version, from, policy } = entry.content;
    return [{ version, from, at: entry.at, policy }];
  });
}

/** What a list of entries comes to. One that this release does not know, or without an author, counts and means nothing. */
export function foldInstitution(entries: readonly Recorded[], from: Institution = EMPTY_INSTITUTION): Institution {
  return entries.reduce(evolve, from);
}

function evolve(before: Institution, recorded: Recorded): Institution {
  const next: Institution = { ...before, seq: recorded.seq, lastAt: recorded.at };
  const entry = recorded.author === null ? null : knownAct(recorded);
  return entry ? meant(next, entry) : next;
}

function meant<K extends ActKind>(before: Institution, entry: Act<K>): Institution {
  return KINDS[entry.kind].evolve(before, entry);
}
