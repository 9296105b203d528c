import type { Case } from './case.ts';
import { difference } from './debt.ts';
import { counts } from './evidence.ts';
import { waitingMoves } from './moves.ts';
import { toAnswer } from './performance.ts';
import type { Side } from './seats.ts';
import { binds } from './stage.ts';

/** What of a case waits for a side beside the offer on the table, so that its page and every list say it. */

/** The parts of a case from which it is told: lists read no more of one. */
export const PARTS = ['debts', 'figures', 'evidence', 'calls', 'payments', 'moves'] as const;
export type Part = Pick<Case, (typeof PARTS)[number]> & { stage: string };

/** `differing` figures wait for both sides: whoever sees them can confirm the other's or state its own. */
export type Pending = { what: 'queries' | 'rejected' | 'calls' | 'payments' | 'moves' | 'answers' | 'files' | 'differing'; count: number };

export function pending(of: Part, side: Side): Pending[] {
  return waiting(of, side).map(({ what, ids }) => ({ what, count: ids.length }));
}

/** The same, one by one: the figures, the files by their digests, the calls and payments by the numbers of their entries. */
export type Waiting = { what: Pending['what']; ids: string[] };

export function waiting(of: Part, side: Side): Waiting[] {
  if (of.stage === 'closed') return [];
  const negotiating = of.stage === 'negotiating';
  const figures = (state: string) => idsOf(of.figures, (figure) => figure.state === state);
  const files = Object.values(of.evidence).filter((file) => file.side === 'borrower');
  const isMissed = (file: File) => file.side === 'borrower' && file.state === 'rejected' && !isReplaced(file, files);
  const found: Waiting[] =
    side === 'borrower'
      ? [
          { what: 'queries', ids: figures('queried') },
          { what: 'rejected', ids: negotiating ? idsOf(of.evidence, isMissed) : [] },
        ]
      : [
          // Once nothing is owed any more there is nothing to move, and nobody can answer it.
          { what: 'moves', ids: binds(of) ? waitingMoves(of).map(({ seq }) => String(seq)) : [] },
          { what: 'answers', ids: negotiating ? figures('answered') : [] },
          { what: 'files', ids: negotiating ? idsOf(of.evidence, (file) => file.side === 'borrower' && file.state === 'added') : [] },
        ];
  found.push({ what: 'payments', ids: toAnswer(of, side).map(({ seq }) => String(seq)) });
  found.push({ what: 'calls', ids: idsOf(of.calls, (call) => call.side !== side && call.state === 'logged') });
  const differs = negotiating && !of.debts.confirmed && (difference(of) ?? 0) !== 0;
  return [...found, { what: 'differing' as const, ids: differs ? ['debt'] : [] }].filter(({ ids }) => ids.length > 0);
}

const idsOf = <One>(all: Readonly<Record<string, One>>, waits: (one: One) => boolean): string[] =>
  Object.entries(all).flatMap(([id, one]) => (waits(one) ? [id] : []));

type File = Case['evidence'][string];

/** Whether a file that counts was added after this one for the same figures: nothing is awaited for it any more. */
function isReplaced(file: File, files: readonly File[]): boolean {
  const later = files.filter((one) => one.seq > file.seq && counts(one));
  return later.length > 0 && file.figures.every((figure) => later.some(({ figures }) => figures.includes(figure)));
}
