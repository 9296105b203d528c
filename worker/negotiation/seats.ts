import * as z from 'zod';

/** Who sits where in a case. A seat is a person's place: side, capacity, and for a representative a scope and an end. */

export type Side = 'borrower' | 'lender';

export type Capacity = 'borrower' | 'representative' | 'agent' | 'supervisor' | 'administrator';

/** `account` is the portal's id of the person; `name` is how the record names them. */
export type Seat = { side: Side; capacity: Capacity; account: string; name: string };

/**
 * A contact of the borrower as the record holds it, and when it was reached: `contact` is a keyed digest (HMAC-SHA-256 under a key of the installation, so
 * that nobody finds the number by trying all), `hint` the contact with its middle hidden. For one who was identified, `at` is when the code sent there
 * was typed; for an invitation, when it was sent.
 */
export const Reached = z.object({
  channel: z.enum(['mail', 'phone']),
  contact: z.string().regex(/^[0-9a-f]{64}$/),
  hint: z.string().min(1).max(260),
  at: z.iso.datetime(),
});
export type Reached = z.infer<typeof Reached>;

/** A rule of who may give a command. */
export type May = (seat: Seat) => boolean;

export const borrower: May = (seat) => seat.capacity === 'borrower';
export const staff: May = (seat) => seat.side === 'lender';
export const bothSides: May = () => true;

export function otherSide(side: Side): Side {
  return side === 'borrower' ? 'lender' : 'borrower';
}
