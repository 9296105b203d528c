import * as z from 'zod';
import { IsoDate } from '../plan/terms.ts';
import { type HeldPolicy, LenderEntry, Policy } from './policy.ts';

/** A policy as a form holds it: the hours as clocks show them, and without what has a form of its own. */

/** A time of day as it is typed (9:00, 09：00), in minutes. */
const Clock = z
  .string()
  .transform((text) => text.normalize('NFKC').trim())
  .pipe(z.string().regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'clock' }))
  .transform((text) => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number);
    return hours * 60 + minutes;
  });

export const PolicyForm = Policy.omit({ lender: true, jurisdiction: true, contactHours: true }).extend({
  personalAuthority: Policy.shape.personalAuthority.refine(
    (all) => new Set((all ?? []).map(({ account }) => account)).size === (all ?? []).length,
    { error: 'doubled' },
  ),
  contactHours: z.object({ from: Clock, until: Clock }).nullable(),
  lender: LenderEntry.omit({ logo: true }),
  /** The version that is changed, and the day from which the new one holds. */
  base: z.int().min(1),
  from: IsoDate,
});

/**
 * The policy that a form comes to, with what it does not show as it stands. Not held against its schema yet.
 * @param names what people are called, by account
 */
export function policyFrom(
  { base: _, from: __, lender, personalAuthority, ...typed }: z.output<typeof PolicyForm>,
  newest: HeldPolicy,
  names: ReadonlyMap<string, string>,
) {
  const { logo } = newest.lender;
  const named = personalAuthority.map(({ name: _, ...one }) => ({ ...one, ...nameOf(names.get(one.account)) }));
  return { ...typed, personalAuthority: named, jurisdiction: newest.jurisdiction, lender: { ...lender, ...(logo ? { logo } : {}) } };
}

const nameOf = (name: string | undefined) => (name === undefined ? {} : { name });
