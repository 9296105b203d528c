import * as z from 'zod';

/**
 * What the schedule comes to, in pieces: each small, each about one lender or about what all share, and each the same however often it is done. On Cloudflare
 * they go through a queue, so that many lenders are swept beside each other and one that fails is tried again by itself; on one machine one follows the other.
 */
export const Job = z.discriminatedUnion('job', [
  /**
   * What falls due in a lender's cases, its notices, and what storage is to let go of: one piece of it (`piece.ts`), the first of a run or the one of a number. `lender` is
   * a slug.
   */
  z.object({ job: z.literal('lender'), lender: z.string(), piece: z.int().min(1).optional() }),
  /** Letters that wait, as many as a run sends. */
  z.object({ job: z.literal('letters') }),
  /** Time stamps that anchors wait for, of all lenders, where there is a service for them: by themselves, so that one who answers slowly holds up nothing else. */
  z.object({ job: z.literal('stamps') }),
  /** What is over in the directory and in what people began without an account; letters and documents that were kept long enough. */
  z.object({ job: z.literal('shared') }),
]);
export type Job = z.infer<typeof Job>;

/** How many messages a queue takes at once. */
export const JOBS_AT_ONCE = 100;

/** How many pieces of one lender a run does at most, one after the other: what is left then is gone on with by the next run. */
export const MOST_PIECES = 40;
