import { ANY, beginnings, EDGES, edgesOf, STOPS } from './begins.ts';

type Place<One> = { one: One; from: number; to: number };

/**
 * Looks through a text for many expressions at once: the places of all, in the order in which they stand, as if each were looked for by itself. An expression is tried only where it
 * may begin (`begins.ts`), and made ready when it first is: most never are.
 */
export type Lookout<One> = (text: string, scope?: number) => Place<One>[];

type Words = { words: RegExp };

/** @param scopesOf bits of the scopes in which an expression is looked for; in all where it is left out */
export function lookout<One extends Words>(all: readonly One[], scopesOf: (one: One) => number = () => 1): Lookout<One> {
  const scopes = Uint8Array.from(all, scopesOf);
  const ready: RegExp[] = [];
  let begun: Begun | undefined;
  return (text, scope = 1) => {
    begun ??= indexed(all, scopes);
    const { numbers, anyScopes, pairScopes, edges } = begun;
    const found: Place<One>[] = [];
    /** From where on each may be found again: its places do not overlap. */
    const free = new Int32Array(all.length);
    const tryAt = (from: number, those: readonly number[] | undefined, edge: number) => {
      if (!those) return;
      for (let i = 0; i < those.length; i += 1) {
        const no = those[i] ?? 0;
        if (((scopes[no] ?? 0) & scope) === 0 || from < (free[no] ?? 0) || ((edges[no] ?? 0) & ~edge) !== 0) continue;
        const one = all[no];
        if (!one) continue;
        ready[no] ??= new RegExp(one.words.source, one.words.flags.replace('g', 'y'));
        const words = ready[no];
        words.lastIndex = from;
        if (!words.test(text) || words.lastIndex <= from) continue;
        free[no] = words.lastIndex;
        found.push({ one, from, to: words.lastIndex });
      }
    };
    let before = -1;
    let unit = text.charCodeAt(0);
    for (let at = 0; at < text.length; at += 1) {
      const after = at + 1 < text.length ? text.charCodeAt(at + 1) : -1;
      const first = numbers[unit] ?? 0;
      if (first > 0 || begun.anywhere) {
        const edge = (isWordUnit(unit) === isWordUnit(before) ? 0 : EDGES.word) | (before < 0 || isStop(before) ? EDGES.stop : 0);
        if (begun.anywhere) tryAt(at, begun.anywhere, edge);
        if (first > 0) {
          if (((anyScopes[first] ?? 0) & scope) !== 0) tryAt(at, begun.any[first], edge);
          const next = after < 0 ? 0 : (numbers[after] ?? 0);
          const pair = first * MOST_UNITS + next;
          if (next > 0 && ((pairScopes[spread(pair)] ?? 0) & scope) !== 0) tryAt(at, begun.pairs.get(pair), edge);
        }
      }
      before = unit;
      unit = after;
    }
    return found;
  };
}

/** Letters, digits and _, as an expression reads them at the edge of a word. */
const isWordUnit = (unit: number) => (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95;

/** What an expression that begins a clause has before it, if anything. */
const isStop = (unit: number) => STOP_UNITS.has(unit);
const STOP_UNITS = new Set([...STOPS].map((stop) => stop.charCodeAt(0)));

/**
 * Which expressions may begin with a unit, by a small number of it, 0 for all others; and which with it and the next. `anyScopes` and `pairScopes` have the scopes of all of them, the
 * latter of several pairs together: mostly there is none. And at which edges each begins.
 */
type Begun = {
  numbers: Uint16Array;
  anywhere: number[] | undefined;
  any: (number[] | undefined)[];
  anyScopes: Uint8Array;
  pairScopes: Uint8Array;
  pairs: Map<number, number[]>;
  edges: Uint8Array;
};
const MOST_UNITS = 1 << 15;

const spread = (pair: number) => Math.imul(pair, 0x9e3779b1) >>> 16;

const known = new WeakMap<Words, ReadonlySet<string>>();

function indexed(all: readonly Words[], scopes: Uint8Array): Begun {
  const [numbers, byPair] = [new Uint16Array(1 << 16), new Map<number, number[]>()];
  let last = 0;
  const numberOf = (unit = ANY) => {
    if (unit === ANY) return 0;
    const at = unit.charCodeAt(0);
    numbers[at] ||= ++last;
    return numbers[at] ?? 0;
  };
  all.forEach((one, no) => {
    const begun = known.get(one) ?? beginnings(one.words.source);
    known.set(one, begun);
    for (const units of begun) {
      const first = numberOf(units[0]);
      const pair = first === 0 ? 0 : first * MOST_UNITS + numberOf(units[1]);
      const those = byPair.get(pair);
      if (those) those.push(no);
      else byPair.set(pair, [no]);
    }
  });
  const any: (number[] | undefined)[] = new Array(last + 1);
  const [anyScopes, pairScopes] = [new Uint8Array(last + 1), new Uint8Array(1 << 16)];
  for (const [pair, those] of byPair) {
    const inAny = those.reduce((sum, no) => sum | (scopes[no] ?? 0), 0);
    const first = pair / MOST_UNITS;
    if (pair % MOST_UNITS === 0) [any[first], anyScopes[first]] = [those, inAny];
    else pairScopes[spread(pair)] = (pairScopes[spread(pair)] ?? 0) | inAny;
  }
  const edges = Uint8Array.from(all, ({ words }) => edgesOf(words.source));
  return { numbers, anywhere: byPair.get(0), any, anyScopes, pairScopes, pairs: byPair, edges };
}
