import type * as z from 'zod';
import * as agreement from './agreement.ts';
import type { Command } from './command.ts';
import * as custody from './custody.ts';
import * as debt from './debt.ts';
import * as evidence from './evidence.ts';
import * as life from './life.ts';
import * as means from './means.ts';
import * as performance from './performance.ts';
import * as proposal from './proposal.ts';
import type { Side } from './seats.ts';
import * as talk from './talk.ts';

/** An entry as the fold reads it. `content` is null where it was erased. */
export type Entry = {
  seq: number;
  at: string;
  kind: string;
  author: { side: Side | 'portal'; capacity: string; name: string; account: string | null } | null;
  content: unknown;
};

export type Stage = 'negotiating' | 'agreed' | 'in-force' | 'completed' | 'closed';

/** What a case is now: a fold over its entries. Plain JSON, so that a snapshot can be kept beside the record and compared with it. */
export type Case = life.Life &
  debt.Debts &
  means.MeansHeld &
  evidence.EvidenceHeld &
  talk.Talk &
  proposal.Offers &
  agreement.Agreed &
  performance.Performance &
  custody.Custody & { stage: Stage; seq: number; lastAt: string };

const TOPICS = [life, debt, means, evidence, talk, proposal, agreement, performance, custody] as const;

/** Every command, from the list of topics: routes, buttons, matrix and tests are drawn from this one list. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  TOPICS.flatMap((topic) => Object.values(topic.commands) as Command[]).map((one) => [one.name, one]),
);

/** The content schema of every kind of entry. */
export const ENTRIES: ReadonlyMap<string, z.ZodType> = new Map(
  TOPICS.flatMap((topic) => Object.entries(topic.entries) as [string, z.ZodType][]),
);

export const EMPTY_CASE: Case = {
  ...life.EMPTY,
  ...debt.EMPTY,
  ...means.EMPTY,
  ...evidence.EMPTY,
  ...talk.EMPTY,
  ...proposal.EMPTY,
  ...agreement.EMPTY,
  ...performance.EMPTY,
  ...custody.EMPTY,
  stage: 'negotiating',
  seq: 0,
  lastAt: '',
};

/** What one more entry means. Erased contents leave the case as it is, but for the count. */
export function evolve(kase: Case, entry: Entry): Case {
  const next = { ...kase, seq: entry.seq, lastAt: entry.at };
  if (entry.content === null) return next;
  return TOPICS.reduce<Case>((so, topic) => topic.evolve(so, entry), next);
}

/** The case that a list of entries comes to. */
export function fold(entries: readonly Entry[], from: Case = EMPTY_CASE): Case {
  return entries.reduce(evolve, from);
}
