import * as z from 'zod';

/** By which ways letters leave: settings of the mail server or mail API, and of the service for short messages. */

/** An address with the name that mail programs show beside it. */
export type Sender = { name: string; address: string };

/** Cloudflare's own way of mail, a binding (`[[send_email]]`). What it throws has a `code`. */
export type SendBinding = {
  send(mail: {
    from: string | { email: string; name: string };
    to: string;
    subject: string;
    text: string;
    html: string;
    replyTo?: string;
    headers: Record<string, string>;
  }): Promise<unknown>;
};

export type MailWay = (
  | { by: 'smtp'; host: string; port: number /** TLS from the first byte. */; secure: boolean; user: string; password: string }
  | { by: 'api'; url: string; token: string }
  | { by: 'cloudflare'; binding: SendBinding }
) & {
  from: Sender;
  /** Where answers go that people write, where there is such an address. */
  replyTo: string | null;
  /** How answers come back into the cases that letters are of; null where they do not. */
  answers: Answers | null;
};

/**
 * Where answers come in: `local+TOKEN@domain`. `server` is the name by which the mail server that takes them signs what it found of their senders
 * (Authentication-Results, RFC 8601); `token` is by what it is known that hands them over by HTTP, null where none does.
 */
export type Answers = { local: string; domain: string; server: string; token: string | null };

export type TextWay = { url: string; token: string };

/** How letters leave: null where there is no way. */
export type Carriers = { mail: MailWay | null; text: TextWay | null };

/** Whether letters reach addresses, or numbers: where none leave at all, all of them can be read in the outbox of a development machine. */
export const isReached = ({ mail, text }: Carriers, kind: 'email' | 'phone'): boolean =>
  kind === 'email' ? mail !== null || text === null : text !== null || mail === null;

/** The settings by their names, as the environment and the platform have them. */
export const CARRIER_SETTINGS = [
  'MAIL_URL',
  'MAIL_TOKEN',
  'MAIL_FROM',
  'MAIL_REPLY_TO',
  'MAIL_IN',
  'MAIL_IN_SERVER',
  'MAIL_IN_TOKEN',
  'SMS_URL',
  'SMS_TOKEN',
] as const;
export type CarrierSettings = { readonly [Name in (typeof CARRIER_SETTINGS)[number]]?: string | undefined };

const MAIL_URL =
  'MAIL_URL: the mail server, as smtps://user:password@smtp.example:465 or smtp://…:587, or the https:// address of a mail API, or cloudflare: on Cloudflare';
const SMS_URL = 'SMS_URL: the https:// address of the service that takes short messages';

/** Without spaces, brackets, line breaks or anything else that would end it in a header. */
const Address = z.string().regex(/^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/);
/** An address alone, or `Name <address>`. */
const WITH_NAME = /^(?:"?([^"<>\r\n]{0,100}?)"?\s*<([^<>\s]+)>|(\S+))$/;

/** Reads the settings; what is empty is not set. @param binding the platform's own way of mail, where it has one @throws an error that names the setting and what it is to be; it never holds what was set, which may be a password */
export function readCarriers(given: CarrierSettings, binding?: SendBinding): Carriers {
  return { mail: mailOf(given, binding), text: textOf(given) };
}

function mailOf(given: CarrierSettings, binding: SendBinding | undefined): MailWay | null {
  const { MAIL_URL: url, MAIL_TOKEN: token, MAIL_FROM: from, MAIL_REPLY_TO: replyTo, MAIL_IN: answers } = given;
  if (!url) {
    for (const [name, set] of Object.entries({ MAIL_TOKEN: token, MAIL_FROM: from, MAIL_REPLY_TO: replyTo, MAIL_IN: answers }))
      if (set) throw fault(`${name} is set, and no MAIL_URL. ${MAIL_URL}`);
    return null;
  }
  const known = {
    from: senderOf(from),
    replyTo: replyTo ? addressOf(replyTo, 'MAIL_REPLY_TO: the address to which answers go') : null,
    answers: answersOf(given),
  };
  const at = URL.canParse(url) ? new URL(url) : null;
  if (at?.protocol === 'smtp:' || at?.protocol === 'smtps:') {
    if (!at.hostname || !/^\/?$/.test(at.pathname) || at.search || at.hash) throw fault(MAIL_URL);
    if (token) throw fault('MAIL_TOKEN is for a mail API: with smtp:// the user and the password stand in MAIL_URL');
    const secure = at.protocol === 'smtps:';
    const [user, password] = [decoded(at.username), decoded(at.password)];
    const host = at.hostname.replace(/^\[|\]$/g, '');
    return { by: 'smtp', host, port: Number(at.port) || (secure ? 465 : 587), secure, user, password, ...known };
  }
  if (at?.protocol === 'cloudflare:') {
    if (at.href !== 'cloudflare:') throw fault(MAIL_URL);
    if (token) throw fault('MAIL_TOKEN is for a mail API: with cloudflare: there is none');
    if (!binding)
      throw fault('MAIL_URL is cloudflare:, and there is no binding SEND_EMAIL: see wrangler.toml; elsewhere name a mail server');
    return { by: 'cloudflare', binding, ...known };
  }
  if (!isSafe(at)) throw fault(MAIL_URL);
  if (!token) throw fault('MAIL_TOKEN: what the mail API knows the portal by');
  return { by: 'api', url: at.href, token: tokenOf(token, 'MAIL_TOKEN'), ...known };
}

/** A local part may have 64 characters (RFC 5321, 4.5.3.1.1): the token has 52 of them, and a + stands before it. */
const LOCAL_MOST = 11;

function answersOf({ MAIL_IN: address, MAIL_IN_SERVER: server, MAIL_IN_TOKEN: token }: CarrierSettings): Answers | null {
  const wanted = `MAIL_IN: the address at which answers come in, such as reply@in.heyi.example: at most ${LOCAL_MOST} characters before the @, without a +`;
  if (!address) {
    if (server || token) throw fault(`MAIL_IN_SERVER or MAIL_IN_TOKEN is set, and no MAIL_IN. ${wanted}`);
    return null;
  }
  const [local = '', domain = ''] = addressOf(address, wanted).toLowerCase().split('@');
  if (local.length > LOCAL_MOST || local.includes('+')) throw fault(wanted);
  if (!server || !/^[\w.-]{1,255}$/.test(server))
    throw fault(
      'MAIL_IN_SERVER: the name under which the mail server that takes answers writes Authentication-Results, such as mx.cloudflare.net',
    );
  return { local, domain, server: server.toLowerCase(), token: token ? tokenOf(token, 'MAIL_IN_TOKEN') : null };
}

function textOf({ SMS_URL: url, SMS_TOKEN: token }: CarrierSettings): TextWay | null {
  if (!url) {
    if (token) throw fault(`SMS_TOKEN is set, and no SMS_URL. ${SMS_URL}`);
    return null;
  }
  const at = URL.canParse(url) ? new URL(url) : null;
  if (!isSafe(at)) throw fault(SMS_URL);
  if (!token) throw fault('SMS_TOKEN: what the service for short messages knows the portal by');
  return { url: at.href, token: tokenOf(token, 'SMS_TOKEN') };
}

/** What goes there are codes: over TLS, or to this machine itself. */
function isSafe(at: URL | null): at is URL {
  return at !== null && (at.protocol === 'https:' || (at.protocol === 'http:' && isOwn(at.hostname)));
}

/** Whether a host name is this machine's own. */
export const isOwn = (hostname: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);

function senderOf(from: string | undefined): Sender {
  const wanted = 'MAIL_FROM: from whom letters come, as notice@heyi.example or "合意 <notice@heyi.example>"';
  const [, name = '', inBrackets, alone] = WITH_NAME.exec(from?.trim() ?? '') ?? [];
  return { name: name.trim(), address: addressOf(inBrackets ?? alone ?? '', wanted) };
}

function addressOf(text: string, wanted: string): string {
  const read = Address.safeParse(text.trim());
  if (!read.success) throw fault(wanted);
  return read.data;
}

/** It stands in a header. */
function tokenOf(token: string, name: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) throw fault(`${name}: printable ASCII without spaces`);
  return token;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fault(`${MAIL_URL}; a % in the password is written %25`);
  }
}

const fault = (text: string) => new Error(`Settings: ${text}`);
