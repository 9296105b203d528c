import { FIRSTS, sensesBy } from './senses.ts';

/**
 * What is counted of a text where wording is learned from examples: its tokens one by one, two, three and four in a row, of words in Latin letters also their parts, and what words
 * stand for (`senses.ts`), alone and together. Each
 * is known by a number below {@link NUMBERS}. The trainer (`db/wording-train.ts`) and the worker count alike, in the folded text (`text.ts`).
 */

export const NUMBERS = 1 << 20;

/**
 * A text of fewer known grams is read as if it had so many, the others telling nothing: a few words are no evidence, and what each side begins with says harmless. What a text of
 * so many grams weighs together is told by `shareOf`.
 */
const FEWEST = 40;
export const shareOf = (grams: number) => 1 / Math.sqrt(Math.max(FEWEST, grams));

const LONGEST = 4;
/** Parts of a word, in letters with its edges; of longer words only the beginning. */
const PARTS = [4, 5];
const LONGEST_WORD = 24;

/** A Chinese letter, a word, a number (whichever it is), somebody else's words in quotes (whatever they are), or a stop: what is none of these. */
export const STOP = 0;
const [QUOTE, NUMBER, WORD, LETTER] = [1, 2, 3, 4];

/** Tokens in order, each with its place in the text, in units; and of each that begins a word with a sense (`senses.ts`), which. */
export type Tokens = { size: number; kinds: Uint8Array; hashes: Int32Array; senses: Uint8Array; from: Int32Array; to: Int32Array };

const PRIME = 0x01000193;
const START = 0x811c9dc5;

const isSpace = (unit: number) => unit === 32 || (unit >= 9 && unit <= 13);
const isDigit = (unit: number) => unit >= 48 && unit <= 57;
/** What stands within a number: . , : */
const isPoint = (unit: number) => unit === 46 || unit === 44 || unit === 58 || unit === 0xff0c || unit === 0xff1a;
/** Small letters, and what stands for them in evasive spelling: f*ck, a$$, @ss. */
const isLatin = (unit: number) =>
  (unit >= 97 && unit <= 122) || unit === 39 || unit === 42 || unit === 36 || unit === 64 || (unit >= 0xdf && unit <= 0x24f);
const isHan = (unit: number) => (unit >= 0x3400 && unit <= 0x9fff) || (unit >= 0xd840 && unit <= 0xd8bf);
const isLower = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/** Stops in a row are one. */
export function tokensOf(text: string): Tokens {
  const tokens = partedOf(text);
  return { ...tokens, senses: sensesOf(tokens) };
}

const wordsKnown = (word: string) => {
  const { hashes, size } = partedOf(word);
  return hashes.subarray(0, size);
};

/** The longest words with a sense, from the first on; what lies within one has none of its own. */
function sensesOf({ size, hashes }: Omit<Tokens, 'senses'>): Uint8Array {
  const { root, isFirst } = sensesBy(wordsKnown);
  const senses = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    if (isFirst[(hashes[at] ?? 0) & (FIRSTS - 1)] === 0) {
      at += 1;
      continue;
    }
    let [node, sense, end] = [root, 0, at + 1];
    for (let next = at; next < size; next += 1) {
      const deeper = node.next.get(hashes[next] ?? 0);
      if (!deeper) break;
      node = deeper;
      if (node.sense > 0) [sense, end] = [node.sense, next + 1];
    }
    senses[at] = sense;
    at = end;
  }
  return senses;
}

function partedOf(text: string): Omit<Tokens, 'senses'> {
  const [kinds, hashes] = [new Uint8Array(text.length), new Int32Array(text.length)];
  const [from, to] = [new Int32Array(text.length), new Int32Array(text.length)];
  let size = 0;
  let at = 0;
  const add = (kind: number, hash: number, start: number) => {
    kinds[size] = kind;
    hashes[size] = hash;
    from[size] = start;
    to[size] = at;
    size += 1;
  };
  while (at < text.length) {
    const start = at;
    const unit = text.charCodeAt(at);
    at += 1;
    if (isSpace(unit)) continue;
    if (isHan(unit)) {
      if (isLower(text.charCodeAt(at))) at += 1;
      add(LETTER, text.codePointAt(start) ?? 0, start);
    } else if (isLatin(unit)) {
      while (at < text.length && isLatin(text.charCodeAt(at))) at += 1;
      add(WORD, hashed(text, start, at), start);
    } else if (isDigit(unit)) {
      while (isDigit(text.charCodeAt(at)) || (isPoint(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1)))) at += 1;
      add(NUMBER, 1, start);
    } else {
      const end = quoteEnd(text, start);
      if (end > 0) {
        at = end;
        add(QUOTE, 3, start);
      } else if (size > 0 && kinds[size - 1] === STOP) to[size - 1] = at;
      else add(STOP, 2, start);
    }
  }
  return { size, kinds, hashes, from, to };
}

const QUOTES = new Map([
  ['“', '”'],
  ['"', '"'],
  ['「', '」'],
  ['『', '』'],
]);
/** What is quoted to name it (what you call a “discount”) is the writer's own; a quote is longer than that, and ends before long. */
const [SHORTEST_QUOTE, LONGEST_QUOTE] = [5, 400];

function quoteEnd(text: string, start: number): number {
  const close = QUOTES.get(text[start] ?? '');
  if (close === undefined) return 0;
  const end = text.slice(start + 1, start + 1 + LONGEST_QUOTE).indexOf(close);
  return end >= SHORTEST_QUOTE ? start + end + 2 : 0;
}

/** Calls with what is counted from one token up to another, as if a stop stood before and behind them: by its number. */
export function gramsIn(text: string, tokens: Tokens, from: number, to: number, gram: (number: number) => void) {
  const { kinds, hashes, from: starts, to: ends } = tokens;
  sensesIn(tokens, from, to, gram);
  for (let at = from - 1; at < to; at += 1) {
    let hash = START;
    for (let length = 1; length <= LONGEST && at + length <= to + 1; length += 1) {
      const next = at + length - 1;
      hash = Math.imul(hash ^ (next < from || next >= to ? 2 : (hashes[next] ?? 2)), PRIME);
      hash ^= hash >>> 15;
      if (length > 1 || at >= from) gram(mixed(hash + length));
    }
    if (at >= from && kinds[at] === WORD) partsOf(text, starts[at] ?? 0, ends[at] ?? 0, gram);
  }
}

/** Senses are counted one by one, by two with each of the four before, and by three in a row. The same twice in a row is one. */
const [SENSE, NEXT, THIRD] = [0x5e, 256, 512];

function sensesIn({ senses }: Tokens, from: number, to: number, gram: (number: number) => void) {
  const after = (hash: number, sense: number) => Math.imul(hash ^ sense, PRIME);
  const pair = (before: number) => Math.imul(SENSE + before, PRIME);
  // The nearest first; 0 where there is none.
  let [nearest, second, third, fourth] = [0, 0, 0, 0];
  for (let at = from; at < to; at += 1) {
    const sense = senses[at] ?? 0;
    if (sense === 0 || sense === nearest) continue;
    gram(mixed(after(SENSE, sense)));
    if (nearest > 0) gram(mixed(after(pair(nearest), sense)));
    if (second > 0) gram(mixed(after(pair(second), sense)));
    if (third > 0) gram(mixed(after(pair(third), sense)));
    if (fourth > 0) gram(mixed(after(pair(fourth), sense)));
    if (nearest > 0) gram(mixed(after(pair(nearest), sense + NEXT)));
    if (second > 0) gram(mixed(after(after(pair(second), nearest), sense + THIRD)));
    [nearest, second, third, fourth] = [sense, nearest, second, third];
  }
}

const EDGE = 94;

function partsOf(text: string, from: number, end: number, part: (number: number) => void) {
  const to = Math.min(end, from + LONGEST_WORD);
  for (const length of PARTS) {
    for (let at = from - 1; at + length <= to + 1; at += 1) {
      let hash = START ^ length;
      for (let i = at; i < at + length; i += 1) hash = Math.imul(hash ^ (i < from || i >= to ? EDGE : text.charCodeAt(i)), PRIME);
      part(mixed(hash));
    }
  }
}

function hashed(text: string, from: number, to: number): number {
  let hash = START;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash;
}

function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) & (NUMBERS - 1);
}
