import * as z from 'zod';
import { Digest } from '../text.ts';
import { type ActsOf, act, actTopic } from './act.ts';

/** Who took the lender's own record away, or many of its cases at once. */

/** A case that was taken away, by the number of the last entry that its bundle shows. */
const Taken = z.object({ case: z.string().regex(/^[0-9a-f]{32}$/), number: z.string().min(1).max(20), head: z.int().min(1) });

const entries = {
  /** `digest` is the SHA-256 of the file that was handed over, `head` the number of the last entry that it shows. */
  'record.exported': act({ content: z.object({ head: z.int(), digest: Digest }), evolve: (before) => before }),
  /** `digest` is that of the ZIP of their bundles; the record of each case has that of its own. */
  'cases.exported': act({ content: z.object({ digest: Digest, cases: z.array(Taken).min(1).max(1000) }), evolve: (before) => before }),
};

declare module './act.ts' {
  interface Acts extends ActsOf<typeof entries> {}
}

export const custody = actTopic({ empty: {}, entries });
