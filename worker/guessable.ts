import { type Contact, contactText } from './contact.ts';
import { HOME } from './plan/law/place.ts';

/**
 * Which new passwords are refused (NIST SP 800-63B 5.1.1.2: a length, and a comparison with common and breached ones and with what is known of
 * the person; no rules of composition). A password that is long only because it strings common pieces together is common too.
 */

/** What is wrong with a new password, or null. `common` is the kept list of common passwords, in lower case. */
export function passwordFault(
  password: string,
  contact: Contact | null,
  name: string,
  common: ReadonlySet<string>,
): 'short' | 'long' | 'plain' | null {
  const plain = password.normalize('NFKC');
  const length = [...plain].length;
  if (length < 10) return 'short';
  if (length > 200) return 'long';
  const low = plain.toLowerCase();
  if (new Set(low).size < 4 || holdsContact(low, contact)) return 'plain';
  const own = name.toLowerCase().replace(/\s/g, '');
  const known: Known = (piece) => common.has(piece) || common.has(unleeted(piece)) || (own.length > 1 && piece === own);
  // Marks around a common password, and spaces in it, make it no other one.
  const bare = low.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '').replace(/\s/g, '');
  return [low, bare].some((text) => pieces(text, known) <= MOST_PIECES || isNameAndPiece(text, known)) ? 'plain' : null;
}

type Known = (piece: string) => boolean;

/** Two common pieces are tried by everybody who guesses: a word and a date, a name and a number. */
const MOST_PIECES = 2;

/** The person's own number, or what stands before the @ of their address: the first thing that is tried. */
function holdsContact(low: string, contact: Contact | null): boolean {
  if (!contact) return false;
  const own = contactText(contact).split('@')[0] ?? '';
  return own.length >= 4 && low.includes(own);
}

/** The longest piece that is looked up. */
const LONGEST = 24;

/** The least number of common pieces and single letters that a text can be cut into. */
function pieces(text: string, known: Known): number {
  const least = [0];
  for (let end = 1; end <= text.length; end++) {
    let best = (least[end - 1] ?? 0) + 1;
    for (let start = Math.max(0, end - LONGEST); start <= end - 3; start++) {
      if ((least[start] ?? 0) + 1 < best && isCommon(text.slice(start, end), known)) best = (least[start] ?? 0) + 1;
    }
    least.push(best);
  }
  return least.at(-1) ?? 0;
}

const isCommon = (piece: string, known: Known): boolean =>
  known(piece) || CHINESE.has(piece) || HOME.phone.mobile.test(piece) || isDate(piece) || isRun(piece) || isRepeated(piece);

/** A name in pinyin alone, or with one common piece before or after it: zhangwei19900101, 520wangxiaoming. */
function isNameAndPiece(text: string, known: Known): boolean {
  const [, before = '', name = '', after = ''] = /^([^a-z]*)([a-z]+)([^a-z]*)$/.exec(text) ?? [];
  const rest = before + after;
  return PINYIN_NAME.test(name) && (rest === '' || /^.$|^\d{1,4}$/.test(rest) || pieces(rest, known) <= 1);
}

/** What lists of English speakers miss: numbers that sound like words (5201314 我爱你一生一世), and what is typed with them. */
const CHINESE = new Set(
  'woaini woaiwojia woaini521 woshishui nihao nihaoma mima mima123 wodemima 520 521 1314 5201314 1314520 1314521 5211314 3344 7758 7758258 7758521 147258 147258369 159357 888 666 168 518 qaz wsx edc qwe asd zxc 1qaz 2wsx 3edc qazwsx abc taobao weixin zhifubao alipay wechat heyi'.split(
    ' ',
  ),
);

const unleeted = (text: string) =>
  text.replace(
    /[@430$5!17]/g,
    (mark) => ({ '@': 'a', '4': 'a', '3': 'e', '0': 'o', $: 's', '5': 's', '!': 'i', '1': 'i', '7': 't' })[mark] ?? mark,
  );

/** A birthday or a year: 19900101, 900101, 1990, with or without the century. */
function isDate(piece: string): boolean {
  return /^(?:19[3-9]\d|20[0-4]\d)(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?$|^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(
    piece,
  );
}

const ROWS = [
  '1234567890',
  '0987654321',
  'qwertyuiop',
  'poiuytrewq',
  'asdfghjkl',
  'lkjhgfdsa',
  'zxcvbnm',
  'mnbvcxz',
  'abcdefghijklmnopqrstuvwxyz',
];

/** Neighbours on the keyboard, in the alphabet or among the digits, three at least; 01234… too. */
function isRun(piece: string): boolean {
  return ROWS.some((row) => row.includes(piece)) || '01234567890'.includes(piece) || '9876543210'.includes(piece);
}

/** One letter or a short piece again and again: aaaa, 123123, abcabcabc. */
function isRepeated(piece: string): boolean {
  return /^(.)\1{2,}$|^(.{2,6})\2{1,}$/s.test(piece);
}

const SYLLABLE =
  '(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|uai|uan|ian|iao|ai|ei|ui|ao|ou|iu|ie|ue|ve|er|an|en|in|un|ua|uo|ia|a|o|e|i|u|v))';
/** Two or three syllables of a family name and given name. */
const PINYIN_NAME = new RegExp(`^${SYLLABLE}{2,3}$`);
