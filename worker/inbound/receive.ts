import PostalMime, { type Attachment, addressParser, type Email } from 'postal-mime';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomNumber } from '../chance.ts';
import { instant } from '../clock.ts';
import { parseContact } from '../contact.ts';
import { isFor, repliedTo } from '../deliver/reply.ts';
import type { Env } from '../env.ts';
import { execute, type Outcome } from '../execute/execute.ts';
import { follow } from '../execute/follow.ts';
import { fileDigest } from '../file-digest.ts';
import { FILES_A_FORM, MAX_BYTES, type Received, receive, safeName } from '../intake/receive.ts';
import { unenteredLetter } from '../letters.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { commands as talk } from '../negotiation/talk.ts';
import { legibleText } from '../negotiation/text.ts';
import { digestOf } from '../record/digest.ts';
import { signingKey } from '../record/keys.ts';
import { type AnyAdmission, admissions } from '../store/admission.ts';
import { putFile } from '../store/files.ts';
import { openCaseFile, openDirectory } from '../store/open.ts';
import { ownWords } from './own-words.ts';
import { isAuthentic, isAutomatic } from './sender.ts';

/**
 * An answer by mail becomes an entry of the case that the letter was of: where our mail server vouches for its sender, who is the one person that the address
 * was made for. All else comes to nothing and is told to nobody, as who asked for it is not known; only to that person it is said why theirs was not entered.
 */

/** `off`: no address is set for answers. `repeated`: it came before. The others are why it is none of this portal's, or of nobody's that may write there. */
export type Arrival =
  | { entered: true; seq: number }
  | { entered: false; why: 'off' | 'size' | 'unreadable' | 'automatic' | 'sender' | 'address' | 'repeated' | 'refused' };

type Receiving = Pick<Env, 'directory' | 'casebookToken' | 'keys' | 'origin' | 'carriers' | 'files'>;

/** How large a mail may be that is looked at, in bytes: it is kept whole, as a file is. */
export const MAIL_BYTES = MAX_BYTES;
/** HTML that is looked through, in UTF-16 units: what is longer is refused for its text. */
const MOST_HTML = 2_000_000;
/**
 * Pictures that a text shows within itself and that are smaller are decoration, such as a company's sign: no paper can be read in so little. What is larger may be one, put into
 * the text by a phone, and is taken as attached, for which a borrower consents before (PIPL, art. 29).
 */
const DECORATION = 4_096;

const BOUNDS = { maxNestingDepth: 20, maxHeadersSize: 262_144, forceRfc822Attachments: true } as const;

/**
 * @param sentTo to whom it was delivered, where whoever hands it over says so; else that stands in its head
 * @param after takes what goes on after the answer: notices
 */
export async function receiveMail(
  env: Receiving,
  raw: Uint8Array<ArrayBuffer>,
  sentTo: string | null,
  after: (work: Promise<unknown>) => void,
): Promise<Arrival> {
  const answers = env.carriers.mail?.answers;
  if (!answers) return nothing('off');
  if (raw.length > MAIL_BYTES) return nothing('size');
  const mail = await PostalMime.parse(raw, BOUNDS).catch(() => null);
  if (!mail) return nothing('unreadable');
  if (isAutomatic(mail.headers, mail.subject ?? '')) return nothing('automatic');
  const from = senderOf(mail);
  if (!from || !isAuthentic(mail.headers, answers.server, from)) return nothing('sender');
  const named = addresses(mail, sentTo).flatMap((one) => repliedTo(answers, one) ?? [])[0];
  const contact = parseContact(from);
  if (!named || !contact || !('email' in contact)) return nothing('address');
  const directory = openDirectory(env);
  const at = instant();
  const writer = await directory.writer(contact.email, named.case, at);
  if (!writer || !isFor(env, writer.account.id, named)) return nothing('address');
  const brought = await broughtBy(mail, raw);
  const requestId = `${writer.account.id}:mail:${digestOf(mail.messageId?.trim() || fileDigest(raw)).slice(0, 40)}`;
  for (const admission of admissions(writer, named.case)) {
    const outcome = await entered(env, admission, brought, requestId, at);
    if (outcome.ok) {
      if (outcome.told > 0) after(follow(env, admission.lender, outcome, null));
      return { entered: true, seq: outcome.seq };
    }
    const { refusal } = outcome;
    if (refusal.code === 'case.unknown') continue;
    if (refusal.code === 'request.reused' || refusal.code === 'evidence.already-there') return nothing('repeated');
    const to = { recipient: contact.email, language: writer.account.language, account: writer.account.id };
    const link = `${env.origin}/cases/${named.case}`;
    await directory.addMail([
      { ...unenteredLetter(to, refusalText(wordsOf(writer.account.language), refusal), link, at), id: digestOf(`unentered ${requestId}`) },
    ]);
    return nothing('refused');
  }
  return nothing('address');
}

const nothing = (why: Extract<Arrival, { entered: false }>['why']): Arrival => ({ entered: false, why });

/** The one address that a mail is from; null where it names none, several or a group, or has several such heads. */
function senderOf({ headers }: Email): string | null {
  const [from, ...others] = headers.filter(({ key }) => key === 'from');
  const [only, ...more] = addressParser(from?.value ?? '', { flatten: true });
  return only?.address && others.length === 0 && more.length === 0 ? only.address : null;
}

const SENT_TO = ['to', 'cc', 'delivered-to', 'x-original-to', 'x-forwarded-to', 'envelope-to'];
const MOST_ADDRESSES = 100;

function addresses({ headers }: Email, sentTo: string | null): string[] {
  const named = headers.filter(({ key }) => SENT_TO.includes(key)).flatMap(({ value }) => addressParser(value, { flatten: true }));
  return [...(sentTo ? [sentTo] : []), ...named.slice(0, MOST_ADDRESSES).flatMap(({ address }) => address ?? [])];
}

type Brought = { words: string; said: { words: string }; mail: Received; files: Received[]; left: string[] };

/** What a mail brings: its writer's own words, all that it says (which is looked at and not kept), itself, and what is attached. */
async function broughtBy(mail: Email, raw: Uint8Array<ArrayBuffer>): Promise<Brought> {
  const text = legibleText(mail.text ?? '');
  const whole = [mail.subject ?? '', mail.text ?? '', textOf(mail.html ?? '')].join('\n\n');
  const files = new Map<string, Received>();
  const left: string[] = [];
  for (const attached of mail.attachments.filter((one) => !isDecoration(one))) {
    const name = attached.filename || (attached.mimeType.startsWith('image/') ? 'image' : 'file');
    const kept = files.size < FILES_A_FORM ? await receive(new File([bytesOf(attached)], name)) : null;
    if (kept && 'sha256' in kept) files.set(kept.sha256, kept);
    else left.push(safeName(name));
  }
  const sha256 = fileDigest(raw);
  const itself = { bytes: raw, sha256, original: sha256, size: raw.length, type: 'message/rfc822', name: 'mail.eml' };
  return { words: ownWords(text), said: { words: legibleText(whole) || '-' }, mail: itself, files: [...files.values()], left };
}

const bytesOf = ({ content }: Attachment): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

const isDecoration = (one: Attachment) => one.related === true && one.mimeType.startsWith('image/') && bytesOf(one).length < DECORATION;

/** What HTML says, near enough for being looked through. Each character is looked at once: a mail may hold anything. */
function textOf(whole: string): string {
  const html = whole.slice(0, MOST_HTML);
  const lower = html.toLowerCase();
  let text = '';
  for (let from = 0; from < html.length; ) {
    const tag = html.indexOf('<', from);
    const end = tag < 0 ? -1 : html.indexOf('>', tag);
    if (end < 0) return decoded(text + html.slice(from));
    text += html.slice(from, tag);
    const unseen = ['style', 'script'].find((name) => lower.startsWith(name, tag + 1));
    const close = unseen ? lower.indexOf(`</${unseen}`, end) : end + 1;
    from = close < 0 ? html.length : close;
  }
  return decoded(text);
}

const decoded = (text: string): string =>
  text
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (all, hex, decimal) => {
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    })
    .replace(/&nbsp;/g, ' ')
    .replace(/[^\S\n]+/g, ' ');

async function entered(env: Receiving, admission: AnyAdmission, brought: Brought, requestId: string, at: string): Promise<Outcome> {
  const { words, said, mail, files, left } = brought;
  const input = { words, said, mail: mail.sha256, files: files.map(({ sha256 }) => sha256), left };
  const read = talk.receiveMail.input.safeParse(input);
  if (!read.success) return { ok: false, refusal: { code: 'mail.too-long' } satisfies Refusal };
  const all = [mail, ...files];
  const store = async (named: ReadonlySet<string>, lender: string) => {
    for (const file of all.filter(({ sha256 }) => named.has(sha256))) await putFile(env.files, { case: admission.case, lender }, file);
  };
  const seals = { key: await signingKey(env.keys, at), random: randomBytes, number: randomNumber };
  const order = { admission, casefile: openCaseFile(env, admission), requestId, at, ...seals, attached: { files: all, store } };
  return execute({ ...order, command: talk.receiveMail.name, input: read.data });
}
