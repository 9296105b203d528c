import * as z from 'zod';
import { Amount, Ppm } from '../plan/terms.ts';

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
  /**
   * What an agent may grant alone: the share (ppm) of interest, penalty and fees together, and of principal, that may be given up; the months until all
   * is paid; and the share of the interest that would run at the contract's rate (as for charges where it is not said). Where the lender's books state no
   * rate, what would run at its own (`discountPpm`) may be forgone up to a share of the principal (`unstatedPpm`). `authority.ts` measures it.
   */
  agentAuthority: z.object({
    chargesPpm: Ppm,
    principalPpm: Ppm,
    longestTerm: z.int().min(1).max(600),
    forgonePpm: Ppm.optional(),
    unstatedPpm: Ppm.default(100_000),
  }),
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
  agentAuthority: { chargesPpm: 500_000, principalPpm: 0, longestTerm: 36, unstatedPpm: 100_000 },
};
