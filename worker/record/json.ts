import { isSealable } from './digest.ts';

/** Reading of JSON from strangers, requests and records alike: of a bounded size and depth, in UTF-8, and records such that every reader reads the same. */

/** More than the record of a case comes to. */
export const MAX_RECORD = 128 * 1024 * 1024;

/** Deeper than anything that the record holds, and shallow enough for every stack. */
const DEEPEST = 64;

export type Json = { ok: true; value: unknown } | { ok: false; fault: 'not-json' | 'too-large' | 'too-deep' };

/** What a text says, within bounds: its length, and how many lists and objects stand inside one another. */
export function boundedJson(text: string, { bytes, depth }: { bytes: number; depth: number }): Json {
  if (text.length > bytes) return { ok: false, fault: 'too-large' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: 'not-json' };
  }
  return isTooDeep(value, depth) ? { ok: false, fault: 'too-deep' } : { ok: true, value };
}

/** What JSON comes to that another reader would read as something else: it is in no format. */
const AMBIGUOUS: readonly never[] = Object.freeze([]);

/** The value of a record; `AMBIGUOUS` where it depends on the reader; undefined where the bytes are no JSON, too long or nested too deep. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_RECORD) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const json = boundedJson(text, { bytes: MAX_RECORD, depth: DEEPEST });
    if (!json.ok) return undefined;
    return isPlain(text) && isSealable(json.value) ? json.value : AMBIGUOUS;
  } catch {
    return undefined;
  }
}

/** What JSON is made of: strings, numbers and words, and the signs between them. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/**
 * Whether JSON says one thing to everybody: no member of an object stands twice (RFC 8259, 4: which of them counts depends on the reader, and people
 * read the first), and each number is a whole one, written so. `text` is JSON. What its strings and numbers come to is for `isSealable`: half a pair of surrogates, or a number beyond 2^53, is another
 * one to each reader.
 */
function isPlain(text: string): boolean {
  /** Names of the members of each object that is open; null for a list. */
  const open: (Set<string> | null)[] = [];
  let word = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      const name: string = word.includes('\\') ? JSON.parse(word) : word.slice(1, -1);
      if (names?.has(name)) return false;
      names?.add(name);
    } else if (/^[-\d]/.test(token) && !/^(?:0|-?[1-9]\d{0,15})$/.test(token)) return false;
    word = token;
  }
  return true;
}

/** Whether a value nests deeper than `deepest`; found without recursion, so that no value exhausts the stack. */
export function isTooDeep(value: unknown, deepest = DEEPEST): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const member of Object.values(one)) if (typeof member === 'object' && member !== null) next.push(member);
    }
    level = next;
  }
  return false;
}
