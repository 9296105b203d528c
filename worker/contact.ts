import type { Contact } from './store/directory.ts';

/** Reads where a person can be reached, as they type it: an e-mail address, or a mainland mobile number of 11 digits. Null for anything else. */
export function parseContact(typed: string): Contact | null {
  const text = typed.normalize('NFKC').trim();
  const digits = text.replace(/[\s()-]/g, '').replace(/^(?:\+|00)86/, '');
  if (/^1[3-9]\d{9}$/.test(digits)) return { phone: digits };
  const email = text.toLowerCase();
  // What the standard allows and mail servers take (RFC 5321 4.5.3.1: 254 in all, 64 before the @).
  return email.length <= 254 && /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}$/.test(email)
    ? { email }
    : null;
}

/** A contact as text: the address or the number. */
export function contactText(contact: Contact): string {
  return 'email' in contact ? contact.email : contact.phone;
}

/** A contact with its middle hidden, for pages that anybody at the screen may read. */
export function masked(contact: Contact): string {
  if ('phone' in contact) return `${contact.phone.slice(0, 3)}****${contact.phone.slice(-4)}`;
  const [name = '', host = ''] = contact.email.split('@');
  return `${name.slice(0, 1)}***@${host}`;
}

const COMMON = new Set([
  '1234567890',
  '12345678910',
  'password123',
  'qwertyuiop',
  '0123456789',
  '0987654321',
  'passw0rd123',
  'iloveyou123',
]);

/** What is wrong with a new password, or null (NIST SP 800-63B 5.1.1.2: length and a list of common ones, no rules of composition). */
export function passwordFault(password: string, contact: Contact | null, name: string): 'short' | 'long' | 'plain' | null {
  const plain = password.normalize('NFKC');
  if ([...plain].length < 10) return 'short';
  if ([...plain].length > 200) return 'long';
  const low = plain.toLowerCase();
  const own = contact ? contactText(contact) : '';
  const repeats = new Set(low).size < 4;
  return COMMON.has(low) || repeats || low === own || (name.length > 1 && low.replaceAll(name.toLowerCase(), '').length < 4)
    ? 'plain'
    : null;
}
