import { getCookie, setCookie } from 'hono/cookie';
import { randomToken } from '../chance.ts';
import { keyed } from '../secret.ts';
import type { C } from './portal.ts';

/**
 * Devices that a person has signed in on before (OWASP, device cookies): a random value in a cookie with a keyed digest for each account that
 * signed in there. It opens nothing. It only says that tries from here are counted by themselves, so that who guesses elsewhere keeps nobody out.
 */

const YEAR = 365 * 86_400;
const ACCOUNTS = 6;

/** The device's value where somebody with this contact (its digest) has signed in on it before, else null. */
export function knownDevice(c: C, about: string): string | null {
  const { device, marks } = read(c);
  return device && marks.includes(markOf(c, device, about)) ? device : null;
}

/** Remembers that the contact's holder has signed in on this device. */
export function rememberDevice(c: C, about: string): void {
  const known = read(c);
  const device = known.device ?? randomToken();
  const mark = markOf(c, device, about);
  const marks = [mark, ...(known.device ? known.marks.filter((one) => one !== mark) : [])].slice(0, ACCOUNTS);
  const secure = c.var.env.origin.startsWith('https:');
  setCookie(c, 'device', [device, ...marks].join('.'), { path: '/', maxAge: YEAR, httpOnly: true, sameSite: 'Lax', secure });
}

function read(c: C): { device: string | null; marks: string[] } {
  const [device = '', ...marks] = (getCookie(c, 'device') ?? '').slice(0, 400).split('.');
  return { device: /^[\w-]{27}$/.test(device) ? device : null, marks: marks.slice(0, ACCOUNTS) };
}

const markOf = (c: C, device: string, about: string) => keyed(c.var.env, 'device', `${device}:${about}`).slice(0, 32);
