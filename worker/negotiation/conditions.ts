import * as z from 'zod';
import { canonical, digestOf } from '../record/digest.ts';
import type { Case } from './entry.ts';
import type { Policy } from './policy.ts';
import type { Refused } from './refusal.ts';
import { refuse } from './refusal.ts';

/**
 * What of the lender's policy becomes part of an agreement when its terms are accepted: from then on it is the agreement's own, whatever the policy says
 * later. Every offer shows it before it is accepted.
 */

/**
 * `wording` is the version of the words in which clauses are set, so that a later release does not set those of a signed agreement otherwise. Days are of
 * the calendar, but those of the settlement letter, which are working days. What the lender has not said of itself is ''.
 */
export const Conditions = z.object({
  wording: z.literal(1),
  parties: z.object({
    lender: z.object({ name: z.string(), registration: z.string(), address: z.string(), phone: z.string(), email: z.string() }),
    /** `identity` are the last four characters of the borrower's identity number, where it was stated. */
    borrower: z.object({ name: z.string(), identity: z.string().optional() }),
    reference: z.string(),
  }),
  account: z.object({ name: z.string(), bank: z.string(), number: z.string() }).nullable(),
  graceDays: z.int(),
  cureDays: z.int(),
  moves: z.object({ most: z.int(), days: z.int(), toEnd: z.boolean() }),
  afterBreach: z.object({ waiversLapse: z.boolean(), restDue: z.boolean() }),
  settlementLetterWithin: z.int(),
  /** Its schedule marks due dates that fall on a day off. */
  holidayHint: z.literal(true).optional(),
  /** Whose law applies: the code of a table in `plan/law`. */
  jurisdiction: z.string(),
});
export type Conditions = z.infer<typeof Conditions>;

/** The conditions under which terms of this case would be agreed now. */
export function conditionsOf({ borrowerName, invitedName, lenderName, loan }: Case, policy: Policy): Conditions {
  const { lender, account, graceDays, cureDays, moves, afterBreach, settlementLetterWithin, jurisdiction } = policy;
  const { registration, address, phone, email } = lender;
  return {
    wording: 1,
    parties: {
      lender: { name: lenderName, registration, address, phone, email },
      borrower: { name: borrowerName ?? invitedName ?? '', ...(loan.identity ? { identity: loan.identity } : {}) },
      reference: loan.reference,
    },
    account,
    graceDays,
    cureDays,
    moves,
    afterBreach,
    settlementLetterWithin,
    ...(policy.holidayHint ? { holidayHint: true } : {}),
    jurisdiction,
  };
}

/** What conditions are known by: SHA-256 of their canonical form. */
export const conditionsDigest = (conditions: Conditions): string => digestOf(canonical(conditions));

/** Why conditions are not those that were shown to whoever accepts, by their digest; null where they are, or none was named. */
export function otherThanShown(conditions: Conditions, shown: string | undefined): Refused | null {
  return shown === undefined || shown === conditionsDigest(conditions) ? null : refuse('offer.conditions-changed');
}
