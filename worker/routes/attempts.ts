import { DAY, later, MINUTE } from '../clock.ts';
import { CODE_DIGITS, type Contact, contactDigest } from '../contact.ts';
import type { Counted, Paced } from '../store/attempts.ts';
import { addressOf } from './address.ts';
import { knownDevice } from './device.ts';
import type { C } from './portal.ts';

/**
 * How often what may be tried, and by what it is counted: a contact with the place (or the known device) that tries, the contact, the place. The README has
 * these numbers in a table, and a test holds them against it.
 */

const WINDOW = 15 * MINUTE;
const SECOND = 1000;

export const aboutOf = (c: C, contact: Contact) => contactDigest(c.var.env, contact);

const placeAndContact = (c: C, about: string) => `${knownDevice(c, about) ?? addressOf(c)}:${about}`;

/** Ten wrong passwords are forgiven; then each waits twice as long as the one before, up to a quarter of an hour. */
export const FREE_PASSWORDS = 10;
export const WAITS = [15, 30, 60, 120, 240, 480, 900].map((seconds) => seconds * SECOND);
/** After so many tries at an account a day from places that it does not know, the right password needs a code too. */
export const GUESSED_AT = 100;

/** By what a try at a password is counted. From a device that the account knows, only that device's own tries are, whoever else is at its address. */
export function passwordAttempt(c: C, about: string, now: string): { pace: Paced; all: Counted | null; address: Counted | null } {
  const pace = {
    key: `password:${placeAndContact(c, about)}`,
    until: later(now, DAY),
    free: FREE_PASSWORDS,
    waits: WAITS.map((wait) => later(now, wait)),
  };
  if (knownDevice(c, about)) return { pace, all: null, address: null };
  return {
    pace,
    all: { key: `password:${about}`, until: later(now, DAY) },
    address: { key: `password:${addressOf(c)}`, until: later(now, WINDOW) },
  };
}

/**
 * Wrong passwords of one address in a quarter of an hour, by whomever: many people can be behind one (an office, a carrier), so beyond the first number the
 * right password needs a code too, as where one account is guessed at. Beyond the second none is looked at, as each costs a third of a second of work.
 */
export const PASSWORDS_AN_ADDRESS = { guessed: 60, flood: 600 };
export const guessedFrom = (c: C, count: number) => count > onDevelopment(c, PASSWORDS_AN_ADDRESS.guessed);
export const tooManyFrom = (c: C, count: number) => count > onDevelopment(c, PASSWORDS_AN_ADDRESS.flood);

/** Some wrong codes of an app are forgiven; then each try waits longer, up to five minutes: at most 290 of a million codes a day are tried by who knows the password. */
const FREE_FACTORS = 5;
const FACTOR_WAITS = [15, 30, 60, 120, 240, 300].map((seconds) => seconds * SECOND);

/** By what a try at a second factor is counted: the account; from a device on which it was given before, only that device's own. */
export function factorAttempt(c: C, account: string, about: string, now: string): Paced {
  return {
    key: `factor:${knownDevice(c, about) ?? ''}:${account}`,
    until: later(now, DAY),
    free: FREE_FACTORS,
    waits: FACTOR_WAITS.map((wait) => later(now, wait)),
  };
}

/** What codes are asked for; each is counted by itself, so that who asks for one keeps nobody from another. */
type Purpose = 'sign-up' | 'sign-in' | 'recover' | 'join' | 'contact';

/**
 * Codes that are sent: to one contact for one place or device, to one contact in all, for one place in all. Once others have used up what a contact
 * gets, a place that asks for the first time still gets one, up to `first` in all.
 */
export const SENT = { place: 5, contact: 15, first: 45, address: 30 };

export function codeAsked(
  c: C,
  about: string,
  purpose: Purpose,
  now: string,
): { keys: Counted[]; guesses: string; tooMany: (counts: readonly number[]) => boolean } {
  const until = later(now, WINDOW);
  const known = knownDevice(c, about) !== null;
  return {
    guesses: `guess ${purpose}:${about}`,
    keys: [`${purpose}:${placeAndContact(c, about)}`, `${purpose}:${about}`, `code:${addressOf(c)}`].map((key) => ({ key, until })),
    tooMany: ([place = 0, contact = 0, address = 0]) =>
      place > SENT.place || (!known && contact > (place === 1 ? SENT.first : SENT.contact)) || address > onDevelopment(c, SENT.address),
  };
}

/**
 * Codes that are guessed, a day: by who holds one token, however often a code is sent anew for it, which ends it; and by all together for one contact,
 * after which codes that are sent have more digits. So nobody who has the right code is refused for what others do, also not at the same address, which
 * thousands of phones share; and there is no number of tries by which a code is found.
 */
export const GUESSES = { token: 15, contact: 40 };
export const TRIES_A_CODE = 5;

/** How many digits a new code has, by the guesses of this day at codes for its contact. */
export const digitsAfter = (guesses: number): number => (guesses < GUESSES.contact ? CODE_DIGITS.usual : CODE_DIGITS.guessed);

/** `token` is the id of the code that is tried. The keys stand before the contact's digest, which is stored with it. */
export function codeGuessed(
  token: string,
  purpose: Purpose,
  now: string,
): { keys: Counted[]; tooMany: (counts: readonly number[]) => boolean } {
  const until = later(now, DAY);
  return {
    keys: [`guess ${purpose}:${token}`, `guess ${purpose}`].map((key) => ({ key, until })),
    tooMany: ([byToken = 0]) => byToken > GUESSES.token,
  };
}

/**
 * Tries at joining a case by its contract: a day by the account, and at one contract by all together, whether or not there is a case of it. Four characters are soon guessed:
 * of ten thousand, ten are tried. By the place in a quarter of an hour, as thousands of phones share one: nobody is kept out for a day by what others do there.
 */
export const CLAIMS = { account: 10, address: 30, contract: 10 };

/** @param caseId of the case that the contract would have */
export function claimTried(
  c: C,
  account: string,
  caseId: string,
  now: string,
): { keys: Counted[]; tooMany: (counts: readonly number[]) => boolean } {
  const [day, until] = [later(now, DAY), later(now, WINDOW)];
  return {
    keys: [
      { key: `claim:${account}`, until: day },
      { key: `claim:${addressOf(c)}`, until },
      { key: `claim of ${caseId}`, until: day },
    ],
    tooMany: ([byAccount = 0, address = 0, contract = 0]) =>
      byAccount > CLAIMS.account || address > onDevelopment(c, CLAIMS.address) || contract > CLAIMS.contract,
  };
}

/** Tries of one session at proving again who it is, in a quarter of an hour. */
export const PROOFS = 10;

/** On a development machine everybody comes from one address. */
const onDevelopment = (c: C, limit: number) => (c.var.env.development ? Number.POSITIVE_INFINITY : limit);
