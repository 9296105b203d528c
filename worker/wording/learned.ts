import { gramsIn, NUMBERS, STOP, shareOf, type Tokens, tokensOf } from './grams.ts';
import { KINDS, type Kind, type Side } from './phrases.ts';
import { WEIGHTS } from './weights.ts';

/**
 * Kinds of wording as learned from labelled sentences (`db/wording/`), beside the phrases: those know what is said as it is usually said, this what it is like. It tells how
 * likely a sentence is of a kind, so it only ever advises; what staff may not send at all is told by phrases alone (`negotiation/said.ts`).
 */

/**
 * `isKnown` has a bit for each number of a gram (`grams.ts`) that is known, and `before` for each 32 of them how many are known before them: so small that both stay near the
 * processor. The place of a gram is how many are known up to it, from 1 on; `rows` has which row of `weights` it has, of a weight for each kind. `sides` are what each side begins with. `seen` is when a gram was last counted, so that it counts once.
 */
type Learned = {
  isKnown: Int32Array;
  before: Uint16Array;
  rows: Uint16Array;
  weights: Int8Array;
  scale: number;
  sides: Record<Side, readonly number[]>;
  seen: Uint32Array;
  reads: number;
};

/** What is learned, as the trainer writes it. */
export type Packed = typeof WEIGHTS;

type Span = { from: number; to: number };

/**
 * A stretch of text, in its units; what it is likeliest of, and how likely it is of any kind at all, both 0 to 1; and the clauses that tell it, where it is likelier than not to be
 * worth a look.
 */
export type Reading = Span & { kind: Kind; likely: number; any: number; told: Span };

/** Of fewer tokens in a row nothing is told by what they are like: phrases know what is said so shortly. */
const LEAST = 5;

let known: Learned | undefined;

function ofOurs(): Learned {
  known ??= unpacked(WEIGHTS);
  return known;
}

/** How a folded text reads, stretch by stretch; stretches may lie in one another. */
export function readings(text: string, side: Side, model = ofOurs()): Reading[] {
  const read = { model, text, tokens: tokensOf(text), side };
  return stretches(read).flatMap((stretch) => reading(read, stretch));
}

type Read = { model: Learned; text: string; tokens: Tokens; side: Side };

/** Where a gram stands among those that are known; 0 where it is not. */
export function placeOf(number: number, { isKnown, before }: Pick<Learned, 'isKnown' | 'before'>): number {
  const bits = isKnown[number >> 5] ?? 0;
  const bit = number & 31;
  return (bits >>> bit) & 1 ? (before[number >> 5] ?? 0) + bitsIn(bits & (-1 >>> (31 - bit))) : 0;
}

/** How many bits of 32 are set: by two, four and eight at once (Hacker's Delight, 5-1). */
function bitsIn(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** From one token up to another. */
type Stretch = [number, number];

/** In tokens: what is read at once where it has several sentences, and the most of one sentence. */
const [LONGEST_WHOLE, LONGEST_SENTENCE] = [60, 40];
const SENTENCE_ENDS = /[。！？!?；;\n.]/;

/** Sentences, long ones by their clauses; and the whole where it is short, as what is said in one breath is often parted by stops. */
function stretches({ text, tokens: { size, kinds, from: starts, to: ends } }: Read): Stretch[] {
  const all: Stretch[] = [];
  let [from, clause] = [0, 0];
  const end = (to: number) => {
    if (to > from) all.push([from, to]);
    from = to + 1;
  };
  for (let at = 0; at < size; at += 1) {
    if (kinds[at] !== STOP) continue;
    if (SENTENCE_ENDS.test(text.slice(starts[at], ends[at]))) end(at);
    else if (at - from > LONGEST_SENTENCE && clause > from) end(clause);
    clause = at;
  }
  end(size);
  if (all.length > 1 && size <= LONGEST_WHOLE) all.push([0, size]);
  return all;
}

/** Where it is worth asking which clauses tell it. */
const WORTH = 0.3;

function reading(read: Read, stretch: Stretch): Reading[] {
  const likely = likelihoods(read, stretch);
  const best = likely.indexOf(Math.max(...likely));
  const kind = KINDS[best];
  const whole = spanOf(read, stretch);
  if (!kind) return [];
  const most = likely[best] ?? 0;
  const told = most >= WORTH ? toldBy(read, stretch, best) : whole;
  return [{ ...whole, kind, likely: isEvidence(read, stretch) ? most : 0, any: likely.reduce((sum, one) => sum + one, 0), told }];
}

function isEvidence({ tokens }: Read, [from, to]: Stretch): boolean {
  let count = 0;
  for (let at = from; at < to && count < LEAST; at += 1) if (tokens.kinds[at] !== STOP) count += 1;
  return count >= LEAST;
}

const spanOf = ({ tokens }: Read, [from, to]: Stretch): Span => ({ from: tokens.from[from] ?? 0, to: tokens.to[to - 1] ?? 0 });

/** From the first to the last clause that reads like the kind by itself, or nearly as much as the one that does most. */
function toldBy(read: Read, [from, to]: Stretch, kind: number): Span {
  const clauses: Stretch[] = [];
  let start = from;
  for (let at = from; at <= to; at += 1) {
    if (at < to && read.tokens.kinds[at] !== STOP) continue;
    if (at > start) clauses.push([start, at]);
    start = at + 1;
  }
  if (clauses.length < 2) return spanOf(read, clauses[0] ?? [from, to]);
  const likely = clauses.map((clause) => likelihoods(read, clause)[kind] ?? 0);
  const most = Math.max(...likely);
  const telling = clauses.filter((_, i) => (likely[i] ?? 0) >= most / 2);
  return spanOf(read, [telling[0]?.[0] ?? from, telling.at(-1)?.[1] ?? to]);
}

/** How likely a stretch is of each of {@link KINDS}: what is left of 1 is that it is harmless. */
function likelihoods({ model, text, tokens, side }: Read, [from, to]: Stretch): number[] {
  const { rows, weights, seen } = model;
  const sums = new Int32Array(KINDS.length);
  let count = 0;
  model.reads += 1;
  gramsIn(text, tokens, from, to, (number) => {
    const place = placeOf(number, model);
    if (place === 0 || seen[place] === model.reads) return;
    seen[place] = model.reads;
    count += 1;
    const row = (rows[place] ?? 0) * KINDS.length;
    for (let kind = 0; kind < KINDS.length; kind += 1) sums[kind] = (sums[kind] ?? 0) + (weights[row + kind] ?? 0);
  });
  const unit = model.scale * shareOf(count);
  const grown = Array.from(sums, (sum, kind) => Math.exp((model.sides[side][kind] ?? 0) + sum * unit));
  const all = grown.reduce((sum, one) => sum + one, 1);
  return grown.map((one) => one / all);
}

/** Weights as the trainer writes them: how far it is from the number of one gram to that of the next, its row, and the weights of all rows one after another. */
export function unpacked({ scale, sides, ...packed }: Packed): Learned {
  const [steps, rows, weights] = [numbersOf(packed.steps), numbersOf(packed.rows), numbersOf(packed.weights)];
  const [isKnown, before] = [new Int32Array(NUMBERS / 32), new Uint16Array(NUMBERS / 32)];
  const known = new Uint16Array(rows.length + 1);
  known.set(rows, 1);
  let number = 0;
  for (const step of steps) {
    number += step;
    isKnown[number >> 5] = (isKnown[number >> 5] ?? 0) | (1 << (number & 31));
  }
  let count = 0;
  isKnown.forEach((bits, i) => {
    before[i] = count;
    count += bitsIn(bits);
  });
  return {
    isKnown,
    before,
    rows: known,
    weights: Int8Array.from(weights, (one) => (one >> 1) ^ -(one & 1)),
    scale,
    sides,
    seen: new Uint32Array(known.length),
    reads: 0,
  };
}

/**
 * Numbers of two digits each, of which the first letters of all stand in one text and the second in the other; a digit is how far its letter is from "0". In letters of their own numbers
 * pack better than in bytes written as base64: what is near is written alike. Of signed ones 0, -1, 1, -2, 2 … are 0, 1, 2, 3, 4 ….
 */
function numbersOf([tens = '', ones = '']: readonly string[]): Uint16Array {
  const numbers = new Uint16Array(ones.length);
  for (let i = 0; i < ones.length; i += 1) numbers[i] = (tens.charCodeAt(i) - ZERO) * DIGITS + ones.charCodeAt(i) - ZERO;
  return numbers;
}

/** Digits there are for the second; the first can be larger. */
const DIGITS = 32;
const ZERO = 48;

/** The same texts for numbers from 0 on. */
export function lettersOf(numbers: readonly number[]): [tens: string, ones: string] {
  const written = (digit: (one: number) => number) => numbers.map((one) => String.fromCharCode(ZERO + digit(one))).join('');
  return [written((one) => Math.floor(one / DIGITS)), written((one) => one % DIGITS)];
}
