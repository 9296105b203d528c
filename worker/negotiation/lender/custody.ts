import * as z from 'zod';
import { Digest } from '../text.ts';
import { type ActsOf, act, actTopic } from './act.ts';

/** Who took the lender's own record away. */

const entries = {
  /** `digest` is the SHA-256 of the file that was handed over, `head` the number of the last entry that it shows. */
  'record.exported': act({ content: z.object({ head: z.int(), digest: Digest }), evolve: (before) => before }),
};

declare module './act.ts' {
  interface Acts extends ActsOf<typeof entries> {}
}

export const custody = actTopic({ empty: {}, entries });
