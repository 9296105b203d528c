/**
 * What became of a letter that was handed over. `sent`: it was taken. `refused`: for good, its address or the letter itself. `later`: not now; where it is
 * the whole way that fails (`way`), no other letter is tried by it either.
 */
export type Outcome = { is: 'sent' } | { is: 'refused'; what: 'address' | 'letter' } | { is: 'later'; way: boolean };

export const SENT: Outcome = { is: 'sent' };
export const LATER: Outcome = { is: 'later', way: false };
export const WAY_FAILS: Outcome = { is: 'later', way: true };

/** A way by which letters leave, open for some of them. It never throws. */
export type Way<Carried> = { carry(letter: Carried): Promise<Outcome>; close(): Promise<void> };
