import type { Case } from './case.ts';
import { difference } from './debt.ts';
import { counts } from './evidence.ts';
import type { Side } from './seats.ts';

/** What of a case waits for a side beside the offer on the table, so that its page and every list say it. */

/** The parts of a case from which it is told: lists read no more of one. */
export const PARTS = ['debts', 'figures', 'evidence', 'calls', 'payments'] as const;
export type Part = Pick<Case, (typeof PARTS)[number]> & { stage: string };

/** `differing` figures wait for both sides: whoever sees them can confirm the other's or state its own. */
export type Pending = { what: 'queries' | 'rejected' | 'calls' | 'payments' | 'answers' | 'files' | 'differing'; count: number };

export function pending(of: Part, side: Side): Pending[] {
  if (of.stage === 'closed') return [];
  const negotiating = of.stage === 'negotiating';
  const figures = Object.values(of.figures);
  const files = Object.values(of.evidence).filter((file) => file.side === 'borrower');
  const found: Pending[] =
    side === 'borrower'
      ? [
          { what: 'queries', count: figures.filter(({ state }) => state === 'queried').length },
          { what: 'rejected', count: files.filter((file) => negotiating && file.state === 'rejected' && !isReplaced(file, files)).length },
        ]
      : [
          { what: 'payments', count: of.payments.filter(({ state }) => state === 'reported').length },
          { what: 'answers', count: figures.filter(({ state }) => negotiating && state === 'answered').length },
          { what: 'files', count: files.filter(({ state }) => negotiating && state === 'added').length },
        ];
  found.push({ what: 'calls', count: Object.values(of.calls).filter((call) => call.side !== side && call.state === 'logged').length });
  const differs = negotiating && !of.debts.confirmed && (difference(of) ?? 0) !== 0;
  return [...found, { what: 'differing' as const, count: differs ? 1 : 0 }].filter(({ count }) => count > 0);
}

type File = Case['evidence'][string];

/** Whether a file that counts was added after this one for the same figures: nothing is awaited for it any more. */
function isReplaced(file: File, files: readonly File[]): boolean {
  const later = files.filter((one) => one.seq > file.seq && counts(one));
  return later.length > 0 && file.figures.every((figure) => later.some(({ figures }) => figures.includes(figure)));
}
