/**
 * `npm run wording:train`: learns how wording reads from labelled sentences, and writes `worker/wording/weights.ts`. The same sentences give the same weights.
 * `npm run wording:train -- --check` writes nothing: it keeps a fifth of the lines back, learns from the rest and tells what is found of them, five times over. Sentences that
 * were made of one line are never on both sides.
 *
 * Sentences are those in `db/wording/*.txt`, the lists of the tests, and as harmless ones what the portal says itself (`web/words/`). In the former `# side kind` begins a part (`harmless` is a kind), and `{one|another}` stands for either.
 */
import { writeFileSync } from 'node:fs';
import { shareOf } from '../worker/wording/grams.ts';
import { lettersOf, type Packed, readings, unpacked } from '../worker/wording/learned.ts';
import { KINDS } from '../worker/wording/phrases.ts';
import { folded } from '../worker/wording/text.ts';
import { cut, ours, type Sentence, tested, written } from './wording-sentences.ts';

const WEIGHTS = new URL('../worker/wording/weights.ts', import.meta.url);
const K = KINDS.length;

function unique(sentences: readonly Sentence[]): Sentence[] {
  return [...new Map(sentences.map((one) => [`${one.side} ${one.text}`, one])).values()];
}

/** Sentences as numbers: those of sentence i are `places[starts[i]]` up to `places[starts[i + 1]]`, each the place of a gram among those that are known. */
type Rows = { starts: Int32Array; places: Int32Array; sides: Uint8Array; kinds: Int8Array; shares: Float64Array };

function rowsOf(sentences: readonly Sentence[], known: Map<number, number>): Rows {
  const starts = new Int32Array(sentences.length + 1);
  const places: number[] = [];
  sentences.forEach(({ grams }, i) => {
    for (const number of grams) {
      const place = known.get(number);
      if (place !== undefined) places.push(place);
    }
    starts[i + 1] = places.length;
  });
  const total = sentences.reduce((sum, { weight }) => sum + weight, 0);
  return {
    starts,
    places: Int32Array.from(places),
    sides: Uint8Array.from(sentences, ({ side }) => (side === 'lender' ? 1 : 0)),
    kinds: Int8Array.from(sentences, ({ kind }) => kind),
    shares: Float64Array.from(sentences, ({ weight }) => weight / total),
  };
}

/** Weights of grams and what each side begins with, a number for each kind. */
type Fit = { weights: Float64Array; sides: Float64Array };

const ROUNDS = 400;
const STEP = 4;
/** How strongly weights are drawn to nothing. */
const RIDGE = 1e-6;

/** Multinomial logistic regression with a ridge, harmless being what all else is measured against: by Nesterov's accelerated gradient, begun anew where it overshoots. */
function fitted(rows: Rows, size: number): Fit {
  let now: Fit = { weights: new Float64Array(size * K), sides: new Float64Array(2 * K) };
  let ahead = now;
  let pace = 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    const slope = slopeAt(rows, ahead);
    const next: Fit = {
      weights: ahead.weights.map((one, j) => one - STEP * ((slope.weights[j] ?? 0) + 2 * RIDGE * one)),
      sides: ahead.sides.map((one, j) => one - STEP * (slope.sides[j] ?? 0)),
    };
    let against = 0;
    for (let j = 0; j < next.weights.length; j += 1) {
      const to = next.weights[j] ?? 0;
      against += ((ahead.weights[j] ?? 0) - to) * (to - (now.weights[j] ?? 0));
    }
    const faster = against > 0 ? 1 : (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const push = against > 0 ? 0 : (pace - 1) / faster;
    ahead = { weights: pushed(next.weights, now.weights, push), sides: pushed(next.sides, now.sides, push) };
    [now, pace] = [next, faster];
  }
  return now;
}

const pushed = (to: Float64Array, from: Float64Array, push: number) => to.map((one, j) => one + push * (one - (from[j] ?? 0)));

function slopeAt({ starts, places, sides, kinds, shares }: Rows, at: Fit): Fit {
  const slope: Fit = { weights: new Float64Array(at.weights.length), sides: new Float64Array(2 * K) };
  const scores = new Float64Array(K);
  for (let i = 0; i < kinds.length; i += 1) {
    const [from, to, side, share] = [starts[i] ?? 0, starts[i + 1] ?? 0, (sides[i] ?? 0) * K, shares[i] ?? 0];
    const norm = shareOf(to - from);
    scores.fill(0);
    for (let j = from; j < to; j += 1) {
      const gram = (places[j] ?? 0) * K;
      for (let k = 0; k < K; k += 1) scores[k] = (scores[k] ?? 0) + (at.weights[gram + k] ?? 0);
    }
    let all = 1;
    for (let k = 0; k < K; k += 1) {
      const grown = Math.exp(Math.min(30, (scores[k] ?? 0) * norm + (at.sides[side + k] ?? 0)));
      scores[k] = grown;
      all += grown;
    }
    for (let k = 0; k < K; k += 1) {
      const off = ((scores[k] ?? 0) / all - (kinds[i] === k ? 1 : 0)) * share;
      slope.sides[side + k] = (slope.sides[side + k] ?? 0) + off;
      scores[k] = off * norm;
    }
    for (let j = from; j < to; j += 1) {
      const gram = (places[j] ?? 0) * K;
      for (let k = 0; k < K; k += 1) slope.weights[gram + k] = (slope.weights[gram + k] ?? 0) + (scores[k] ?? 0);
    }
  }
  return slope;
}

/** Grams that stand in two lines at least, each with its place. */
function knownIn(sentences: readonly Sentence[]): Map<number, number> {
  const first = new Map<number, string>();
  const twice = new Set<number>();
  for (const { line, grams } of sentences) {
    for (const number of grams) {
      const before = first.get(number);
      if (before === undefined) first.set(number, line);
      else if (before !== line) twice.add(number);
    }
  }
  return placed([...twice]);
}

const placed = (numbers: readonly number[]) => new Map([...numbers].sort((a, b) => a - b).map((number, place) => [number, place]));

/** So many grams are kept, and so many different rows of weights: what the worker has room for. */
const [GRAMS, ROWS] = [14_000, 1_024];

/** The grams that tell most, by their heaviest weight and how often they stand. */
function weightiest({ weights }: Fit, known: Map<number, number>, counts: Float64Array): Map<number, number> {
  const worth = [...known].map(([number, place]) => {
    const most = weights.subarray(place * K, place * K + K).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    return { number, worth: most * Math.sqrt(counts[place] ?? 0) };
  });
  worth.sort((a, b) => b.worth - a.worth || a.number - b.number);
  return placed(worth.slice(0, GRAMS).map(({ number }) => number));
}

function countsIn({ places }: Rows, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

const NEARER = 25;

/** For each gram one of a few rows of weights: the nearest (k-means by Lloyd, from rows spread over all by how heavy they are). */
function coded(weights: Float64Array, counts: Float64Array): { rows: Float64Array; chosen: Int32Array } {
  const size = counts.length;
  const heavy = (place: number) => weights.subarray(place * K, place * K + K).reduce((sum, one) => sum + one * one, 0);
  const order = Array.from({ length: size }, (_, place) => ({ place, heavy: heavy(place) })).sort((a, b) => a.heavy - b.heavy);
  const rows = new Float64Array(ROWS * K);
  for (let row = 0; row < ROWS; row += 1) {
    const { place = 0 } = order[Math.floor(((row + 0.5) * size) / ROWS)] ?? {};
    rows.set(weights.subarray(place * K, place * K + K), row * K);
  }
  const chosen = new Int32Array(size);
  for (let round = 0; round < NEARER; round += 1) {
    const [sums, totals] = [new Float64Array(ROWS * K), new Float64Array(ROWS)];
    for (let place = 0; place < size; place += 1) {
      const row = nearestRow(rows, weights, place);
      chosen[place] = row;
      const count = counts[place] ?? 0;
      totals[row] = (totals[row] ?? 0) + count;
      for (let k = 0; k < K; k += 1) sums[row * K + k] = (sums[row * K + k] ?? 0) + count * (weights[place * K + k] ?? 0);
    }
    rows.forEach((one, j) => {
      const total = totals[Math.floor(j / K)] ?? 0;
      rows[j] = total > 0 ? (sums[j] ?? 0) / total : one;
    });
  }
  return { rows, chosen };
}

function nearestRow(rows: Float64Array, weights: Float64Array, place: number): number {
  let [best, nearest] = [0, Number.POSITIVE_INFINITY];
  for (let row = 0; row < ROWS; row += 1) {
    let far = 0;
    for (let k = 0; k < K && far < nearest; k += 1) far += ((weights[place * K + k] ?? 0) - (rows[row * K + k] ?? 0)) ** 2;
    if (far < nearest) [best, nearest] = [row, far];
  }
  return best;
}

function learn(sentences: readonly Sentence[]): Packed {
  const all = knownIn(sentences);
  const rows = rowsOf(sentences, all);
  const known = weightiest(fitted(rows, all.size), all, countsIn(rows, all.size));
  const keptRows = rowsOf(sentences, known);
  const { weights, sides } = fitted(keptRows, known.size);
  const { rows: codes, chosen } = coded(weights, countsIn(keptRows, known.size));
  const largest = codes.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const scale = Number((largest / 127).toPrecision(6));
  const side = (from: number) => Array.from(sides.subarray(from, from + K), (one) => Number(one.toFixed(3)));
  return {
    scale,
    sides: { borrower: side(0), lender: side(K) },
    steps: lettersOf([...known.keys()].map((number, i, numbers) => number - (numbers[i - 1] ?? 0))),
    rows: lettersOf([...chosen]),
    weights: lettersOf(Array.from(codes, (one) => unsigned(Math.round(one / scale)))),
  };
}

/** 0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4 …. */
const unsigned = (one: number) => (one < 0 ? -2 * one - 1 : 2 * one);

function write(sentences: readonly Sentence[]): void {
  const { scale, sides, ...texts } = learn(sentences);
  const list = (numbers: readonly number[]) => `[${numbers.join(', ')}]`;
  const source = `// biome-ignore-all format: written by a program.
// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: numbers that were learned.
/** Written by \`npm run wording:train\` from the sentences in \`db/wording/\`: change those. Read by \`learned.ts\`. */
export const WEIGHTS = {
  scale: ${scale},
  sides: {
    borrower: ${list(sides.borrower)},
    lender: ${list(sides.lender)},
  },
${Object.entries(texts)
  .map(([name, [tens, ones]]) => `  ${name}: [\n    ${JSON.stringify(tens)},\n    ${JSON.stringify(ones)},\n  ],`)
  .join('\n')}
};
`;
  writeFileSync(WEIGHTS, source);
}

const FOLDS = 5;
const ASKED = [0.4, 0.5, 0.55, 0.6, 0.7];

/** What is found of lines that were kept back, by how likely it has to be: of each kind, and of the harmless. */
function check(sentences: readonly Sentence[]): void {
  const lines = [...new Set(sentences.map(({ line }) => line))];
  const foldOf = new Map(lines.map((line, i) => [line, (i * 7) % FOLDS]));
  const found: { of: string; likely: number }[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const model = unpacked(learn(sentences.filter(({ line }) => foldOf.get(line) !== fold)));
    for (const { side, kind, text, line } of sentences) {
      if (foldOf.get(line) !== fold) continue;
      const read = readings(folded(text).text, side, model).filter((one) => kind < 0 || one.kind === KINDS[kind]);
      found.push({ of: KINDS[kind] ?? 'harmless', likely: Math.max(0, ...read.map(({ likely }) => likely)) });
    }
  }
  for (const [of, all] of Map.groupBy(found, ({ of }) => of)) {
    const shares = ASKED.map((asked) => `${((100 * all.filter(({ likely }) => likely >= asked).length) / all.length).toFixed(1)} %`);
    process.stdout.write(`${of} (${all.length}): ${shares.join(', ')}\n`);
  }
}

const said = [...tested(), ...written()];
const sentences = unique([...ours(), ...cut(said), ...said]);
process.stderr.write(`${sentences.length} sentences\n`);
if (process.argv.includes('--check')) check(sentences);
else write(sentences);
