import { toUnicode } from 'punycode/punycode.es6.js';
import type { Env } from './env.ts';
import type { Reached } from './negotiation/seats.ts';
import { HOME } from './plan/law/place.ts';
import { withoutInvisible } from './plan/unseen.ts';
import { keyed } from './secret.ts';

/** Where a person can be reached: an e-mail address in lower case, or a mainland mobile number of 11 digits. */
export type Contact = { email: string } | { phone: string };

/**
 * Reads where a person can be reached, as they type or paste it: an e-mail address, or a mainland mobile number of 11 digits. Null for
 * anything else. Phones paste invisible marks of direction around a number, input methods leave a zero-width space or write `。` for a dot.
 */
export function parseContact(typed: string): Contact | null {
  const text = legible(typed.slice(0, 1000));
  return readPhone(text) ?? readEmail(text);
}

/** One form of compatible letters (full-width ones too), without what cannot be seen. */
function legible(typed: string): string {
  return withoutInvisible(typed.normalize('NFKC')).trim();
}

/** A number as `tel:` links (RFC 3966) and people write it: with the country's code or without, spaces, dots, brackets, any hyphen. */
function readPhone(text: string): Contact | null {
  const digits = text
    .replace(/^tel:/i, '')
    .replace(/;.*$/s, '')
    .replace(/[\s\p{Pd}\u2212().·•/]/gu, '');
  const { country, mobile } = HOME.phone;
  const national = [digits, digits.replace(new RegExp(`^(?:\\+|00)?${country}`), '')].find((one) => mobile.test(one));
  return national === undefined ? null : { phone: national };
}

/** What stands before the @ (RFC 5321 4.1.2, dot-string): letters, digits and marks, single dots between them. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** A label of a domain (RFC 1123 2.1): letters, digits and hyphens within, at most 63. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** An address with its domain as mail servers know it (punycode, RFC 3492). RFC 5321 4.5.3.1: 254 characters in all, 64 before the @. */
function readEmail(text: string): Contact | null {
  const [local = '', typedDomain = '', ...rest] = text
    .toLowerCase()
    .replace(/^mailto:/, '')
    .split('@');
  const domain = asciiDomain(typedDomain);
  if (rest.length > 0 || !domain || local.length > 64 || !LOCAL.test(local)) return null;
  const email = `${local}@${domain}`;
  return email.length <= 254 ? { email } : null;
}

function asciiDomain(typed: string): string | null {
  // U+3002 is a dot of a domain too (UTS #46 2.3). What URLs read as something else never gets to them.
  const dotted = typed.replace(/[\u3002\uff61]/g, '.');
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(dotted)) return null;
  const labels = (URL.canParse(`http://${dotted}/`) ? new URL(`http://${dotted}/`).hostname : '').split('.');
  const last = labels.at(-1) ?? '';
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(last)
    ? labels.join('.')
    : null;
}

/** Of what kind a second contact beside this one is. */
export const otherKind = (contact: Contact): 'email' | 'phone' => ('email' in contact ? 'phone' : 'email');

/** A contact as text: the address or the number. What letters are addressed to, and what attempts are counted by. */
export function contactText(contact: Contact): string {
  return 'email' in contact ? contact.email : contact.phone;
}

/** A stored text as the contact that it is. */
export function contactOf(text: string): Contact {
  return text.includes('@') ? { email: text } : { phone: text };
}

/** A contact as people write it: an international domain in its own letters. */
export function shownContact(contact: Contact): string {
  return 'email' in contact ? toUnicode(contact.email) : contact.phone;
}

/** The contact of an account: the one that was confirmed when it was made. */
export function contactIn({ email, phone }: { email: string | null; phone: string | null }): Contact {
  return email ? { email } : { phone: phone ?? '' };
}

/** The digest under which attempts are counted, a device is known, and the record names a contact. */
export function contactDigest(env: Pick<Env, 'keys'>, contact: Contact): string {
  return keyed(env, 'contact', contactText(contact));
}

/** A contact as the record holds it, reached at an instant. */
export function reachedBy(env: Pick<Env, 'keys'>, contact: Contact, at: string): Reached {
  return { channel: 'email' in contact ? 'mail' : 'phone', contact: contactDigest(env, contact), hint: masked(contact), at };
}

/** A contact with its middle hidden, for pages that anybody at the screen may read. */
export function masked(contact: Contact): string {
  if ('phone' in contact) return `${contact.phone.slice(0, 3)}****${contact.phone.slice(-4)}`;
  const [name = '', host = ''] = shownContact(contact).split('@');
  return `${name.slice(0, 1)}***@${host}`;
}

/** A one-time code as people type or paste it: with spaces, dashes and marks between its digits, or inside the sentence that brought it. */
export function readCode(typed: string): string {
  const text = legible(typed.slice(0, 200));
  const digits = text.replace(/\D/g, '');
  return UNBROKEN.exec(text)?.[0] ?? digits;
}

/** How many digits a code has: as many as people type easily, and where somebody guesses at a contact's codes, too many for any number of tries. */
export const CODE_DIGITS = { usual: 6, guessed: 10 } as const;

const UNBROKEN = new RegExp(`(?<!\\d)(?:\\d{${CODE_DIGITS.usual}}|\\d{${CODE_DIGITS.guessed}})(?!\\d)`);
