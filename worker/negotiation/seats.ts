/** Who sits where in a case. A seat is a person's place: side, capacity, and for a representative a scope and an end. */

export type Side = 'borrower' | 'lender';

export type Capacity = 'borrower' | 'representative' | 'agent' | 'supervisor' | 'administrator';

/** `account` is the portal's id of the person; `name` is how the record names them. */
export type Seat = { side: Side; capacity: Capacity; account: string; name: string };

/** A rule of who may give a command. */
export type May = (seat: Seat) => boolean;

export const borrower: May = (seat) => seat.capacity === 'borrower';
export const staff: May = (seat) => seat.side === 'lender';
export const bothSides: May = () => true;

export function otherSide(side: Side): Side {
  return side === 'borrower' ? 'lender' : 'borrower';
}
