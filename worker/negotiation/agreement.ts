import * as z from 'zod';
import { type Schedule, schedule } from '../plan/schedule.ts';
import { Debt, Terms } from '../plan/terms.ts';
import { bound, granted } from './authority.ts';
import type { Case, Entry } from './case.ts';
import { command, type Decided } from './command.ts';
import { refuse } from './refusal.ts';
import { bothSides, type Side } from './seats.ts';
import { comparable, Digest, RecordedName, TypedName } from './text.ts';

/** Accepted terms become an agreement; each side signs by name after proving who they are; with both it is in force. */

export type Signature = { seq: number; at: string; name: string; capacity: string };

export type Agreed = {
  agreement: {
    version: number;
    seq: number;
    at: string;
    debt: Debt;
    terms: Terms;
    digest: string;
    signatures: { borrower: Signature | null; lender: Signature | null };
    inForceAt: string | null;
  } | null;
};

export const EMPTY: Agreed = { agreement: null };

const DrawnUp = z.object({ version: z.int(), debt: Debt, terms: Terms, digest: z.string() });

export const entries = {
  'agreement.drawn-up': DrawnUp,
  'agreement.signed': z.object({ version: z.int(), digest: z.string(), name: RecordedName }),
  'agreement.in-force': z.object({ version: z.int(), digest: z.string() }),
};

/** The agreement that follows from an accepted offer. */
export function drawUp({ version, debt, terms, digest }: z.infer<typeof DrawnUp>): Decided {
  return { kind: 'agreement.drawn-up', content: { version, debt, terms, digest }, by: 'portal' };
}

/** The agreed schedule. @throws where the case has no agreement */
export function agreedSchedule(kase: Case): Schedule {
  if (!kase.agreement) throw new Error('The case has no agreement.');
  const worked = schedule(kase.agreement.debt, kase.agreement.terms);
  if ('refused' in worked) throw new Error(`A recorded agreement has no schedule: ${worked.refused.code}`);
  return worked;
}

const sign = command({
  name: 'agreement.sign',
  input: z.object({ digest: Digest, name: TypedName }),
  by: bothSides,
  binding: true,
  when: (kase, { seat }) => {
    if (kase.stage !== 'agreed' || !kase.agreement) return refuse('agreement.none');
    return kase.agreement.signatures[seat.side] ? refuse('agreement.signed-already') : null;
  },
  decide(kase, { digest, name }, { seat, proven }) {
    const { agreement } = kase;
    if (!agreement || agreement.digest !== digest) return refuse('agreement.changed');
    if (comparable(name) !== comparable(seat.name)) return refuse('agreement.name-differs', { name: seat.name, field: 'name' });
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const { version } = agreement;
    const signed: Decided = { kind: 'agreement.signed', content: { version, digest, name: seat.name } };
    const other = agreement.signatures[seat.side === 'borrower' ? 'lender' : 'borrower'];
    return other ? [signed, { kind: 'agreement.in-force', content: { version, digest }, by: 'portal' }] : [signed];
  },
  /** An offer may have been accepted after the lender's books changed: whoever is bound signs only what they might grant now, or what somebody without limits granted. */
  gives({ agreement, offers }) {
    if (!agreement) return null;
    const { grantedAs } = offers[agreement.version - 1] ?? {};
    return grantedAs && !bound(grantedAs) ? null : { ...granted(agreement), beside: {} };
  },
});

export const commands = { sign };

export function evolve(kase: Case, entry: Entry): Case {
  switch (entry.kind) {
    case 'agreement.drawn-up': {
      const { version, debt, terms, digest } = entry.content as z.infer<typeof DrawnUp>;
      const signatures = { borrower: null, lender: null };
      return {
        ...kase,
        stage: 'agreed',
        agreement: { version, seq: entry.seq, at: entry.at, debt, terms, digest, signatures, inForceAt: null },
      };
    }
    case 'agreement.signed': {
      if (!kase.agreement) return kase;
      const side: Side = entry.author?.side === 'lender' ? 'lender' : 'borrower';
      const { name } = entry.content as { name: string };
      const signature = { seq: entry.seq, at: entry.at, name, capacity: entry.author?.capacity ?? '' };
      return { ...kase, agreement: { ...kase.agreement, signatures: { ...kase.agreement.signatures, [side]: signature } } };
    }
    case 'agreement.in-force':
      return kase.agreement ? { ...kase, stage: 'in-force', agreement: { ...kase.agreement, inForceAt: entry.at } } : kase;
    default:
      return kase;
  }
}
