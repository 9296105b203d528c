import * as z from 'zod';
import { Restored } from '../custody.ts';
import { Digest } from '../text.ts';
import { type ActDecided, type ActsOf, act, actTopic, type Institution } from './act.ts';

/** Who took the lender's own record away, or many of its cases at once, and that the record was set back on purpose. */

/** A case that was taken away, by the number of the last entry that its bundle shows. */
const Taken = z.object({ case: z.string().regex(/^[0-9a-f]{32}$/), number: z.string().min(1).max(20), head: z.int().min(1) });

/** Tables that a lender takes away. */
export const TABLES = ['cases', 'agreements', 'payments', 'report'] as const;
export type TableName = (typeof TABLES)[number];
export const TABLE_FORMATS = ['xlsx', 'csv'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const entries = {
  /** `digest` is the SHA-256 of the file that was handed over, `head` the number of the last entry that it shows. */
  'record.exported': act({ content: z.object({ head: z.int(), digest: Digest }), evolve: (before) => before }),
  /** `digest` is that of the ZIP of their bundles; the record of each case has that of its own. */
  'cases.exported': act({ content: z.object({ digest: Digest, cases: z.array(Taken).min(1).max(1000) }), evolve: (before) => before }),
  /** `choice` is the desk's choice of cases, or what a report was asked for, as an address; '' where all were taken. */
  'table.exported': act({
    content: z.object({ what: z.enum(TABLES), format: z.enum(TABLE_FORMATS), choice: z.string().max(1_000) }),
    evolve: (before) => before,
  }),
  'custody.restored': act({
    content: Restored,
    evolve: (before, { content: { anchor } }) => ({ ...before, restorations: [...before.restorations, anchor] }),
  }),
};

declare module './act.ts' {
  interface Institution {
    /** The anchors since which the record is taken as it stands, each time that it was set back on purpose. */
    restorations: number[];
  }
  interface Acts extends ActsOf<typeof entries> {}
}

/** The entry of a lender's own record that was set back on purpose; nothing where it stands there already. */
export function actRestored({ restorations }: Pick<Institution, 'restorations'>, content: Restored): ActDecided[] {
  return restorations.includes(content.anchor) ? [] : [{ kind: 'custody.restored', content, by: 'portal' }];
}

export const custody = actTopic({ empty: { restorations: [] }, entries });
