import * as z from 'zod';
import { Amount, Ppm, type Terms } from '../plan/terms.ts';
import type { Seat } from './seats.ts';

/** What a lender publishes and allows. The published part is shown to every borrower; the authority is the lender's own. */
export const Policy = z.object({
  /** Least instalment a month that the lender publishes, 分. */
  minimumInstalment: Amount,
  /** Longest term that it publishes, in months. */
  longestTerm: z.int().min(1).max(600),
  /** Working days within which it promises to answer an offer. */
  answerWithin: z.int().min(1).max(60),
  /** Days for which an offer stands unless said otherwise. */
  offerDays: z.int().min(1).max(60),
  /** Years for which a closed case is kept, as law requires. */
  retentionYears: z.int().min(0).max(30),
  /** The lender's own yearly rate (ppm) at which it values a plan; never shown to the borrower. */
  discountPpm: Ppm.default(60_000),
  /** Whose law is shown: the code of a table in `plan/law`. */
  jurisdiction: z
    .string()
    .max(11)
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,8})?$/)
    .default('CN'),
  /** What an agent may grant alone: the share (ppm) of interest, penalty and fees together, and of principal, that may be waived. */
  agentAuthority: z.object({ chargesPpm: Ppm, principalPpm: Ppm, longestTerm: z.int().min(1).max(600) }),
});
export type Policy = z.infer<typeof Policy>;

export const DEFAULT_POLICY: Policy = {
  minimumInstalment: 20_000,
  longestTerm: 60,
  answerWithin: 3,
  offerDays: 7,
  retentionYears: 5,
  discountPpm: 60_000,
  jurisdiction: 'CN',
  agentAuthority: { chargesPpm: 500_000, principalPpm: 0, longestTerm: 36 },
};

type Figures = { principal: number; interest: number; penalty: number; fees: number };

/** Whether terms go beyond what an agent may grant alone. Supervisors and administrators are not bound. */
export function beyondAuthority(seat: Seat, policy: Policy, debt: Figures, terms: Terms, instalments: number): boolean {
  if (seat.capacity !== 'agent') return false;
  const { chargesPpm, principalPpm, longestTerm } = policy.agentAuthority;
  const charges = debt.interest + debt.penalty + debt.fees;
  const waived = (terms.waive.interest ?? 0) + (terms.waive.penalty ?? 0) + (terms.waive.fees ?? 0);
  const exceeds = (part: number, whole: number, ppm: number) => BigInt(part) * 1_000_000n > BigInt(whole) * BigInt(ppm);
  return (
    exceeds(waived, charges, chargesPpm) ||
    exceeds(terms.waive.principal ?? 0, debt.principal, principalPpm) ||
    monthsOf(instalments, terms.every) > longestTerm
  );
}

/** The whole months that so many periods take, rounded up. */
export function monthsOf(periods: number, every: Terms['every']): number {
  if (every === 'month') return periods;
  return Math.ceil((periods * (every === 'week' ? 7 : 14) * 12) / 365);
}
