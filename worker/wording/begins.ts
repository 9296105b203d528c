/**
 * Where an expression may begin: the first two units of all that it matches, drawn from its source. So hundreds of phrases are looked for only where one of them may stand. What is
 * told is never too little: where it would be too much, it is {@link ANY}.
 */

/** Any unit, in what is told. */
export const ANY = '\0';

/** How many units are told; of at most how many beginnings, and of a class of how many letters. */
const DEPTH = 2;
const [MOST, WIDEST] = [3_000, 80];

/** Shorter ones where that is all that is matched; '' where nothing is. */
type Begun = Set<string>;

const range = (first: string, last: string) =>
  Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_, i) => String.fromCharCode(first.charCodeAt(0) + i));

/** What an escape stands for; null for too much. Any other stands for itself. */
const ESCAPED: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['d', range('0', '9')],
  ['w', [...range('0', '9'), ...range('a', 'z'), ...range('A', 'Z'), '_']],
  ['s', [...'\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff', ...range('\u2000', '\u200a')]],
  ...['t\t', 'n\n'].map(([name = '', unit = '']): [string, string[]] => [name, [unit]]),
  ...[...'DWSpP'].map((name): [string, null] => [name, null]),
]);

const REPEATED = /(?:[?*+]|\{(\d+)(,?)(\d*)\})?\??/y;

/** The beginnings of all that an expression matches: one with no flag but g and u, no names and nothing that refers back. */
export function beginnings(source: string): ReadonlySet<string> {
  let at = 0;
  const takes = (wanted: string) => {
    const isThere = source.startsWith(wanted, at);
    if (isThere) at += wanted.length;
    return isThere;
  };

  const either = (): Begun => {
    const all = inTurn();
    while (takes('|')) for (const begun of inTurn()) all.add(begun);
    return all;
  };

  const inTurn = (): Begun => {
    let all: Begun = new Set(['']);
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      if (isWhole(all)) pass();
      else all = followed(all, repeated(one()));
    }
    return all;
  };

  /** Passes over a letter, a class, a group, or what repeats it. */
  const pass = () => {
    let deep = 0;
    do {
      const char = source[at];
      if (char === '\\') at += 1;
      else if (char === '[') while (source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
      else if (char === '(') deep += 1;
      else if (char === ')') deep -= 1;
      at += 1;
    } while (deep > 0 && at < source.length);
  };

  const one = (): Begun => {
    if (takes('^') || takes('$') || takes('\\b') || takes('\\B')) return new Set(['']);
    if (source[at] === '(' && source[at + 1] === '?' && source[at + 2] !== ':') {
      // What only looks around takes nothing.
      pass();
      return new Set(['']);
    }
    if (takes('[')) return ofClass();
    if (!takes('(?:') && !takes('(')) return new Set((takes('.') ? null : letter()) ?? [ANY]);
    const all = either();
    at += 1;
    return all;
  };

  /** What a letter or an escape stands for; null for too much. */
  const letter = (): readonly string[] | null => {
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
    at += char.length;
    if (char !== '\\') return [char];
    const escaped = source[at] ?? '';
    at += escaped === 'u' ? 5 : 1;
    if (escaped === 'u') return [String.fromCharCode(Number.parseInt(source.slice(at - 4, at), 16))];
    if (takes('{')) at = source.indexOf('}', at) + 1;
    const stands = ESCAPED.get(escaped);
    return stands === undefined ? [escaped] : stands;
  };

  const ofClass = (): Begun => {
    let isWide = takes('^');
    const all: Begun = new Set();
    while (!takes(']')) {
      const first = letter();
      const last = source[at + 1] !== ']' && takes('-') ? letter() : first;
      const [from = '', to = ''] = [first?.[0], last?.[0]];
      if (!first || !last || to.charCodeAt(0) - from.charCodeAt(0) > WIDEST) isWide = true;
      else for (const unit of first === last ? first : range(from, to)) all.add(unit);
    }
    return isWide || all.size > WIDEST ? new Set([ANY]) : all;
  };

  const repeated = (what: Begun): Begun => {
    REPEATED.lastIndex = at;
    const [sign = '', least, comma, most] = REPEATED.exec(source) ?? [];
    at += sign.length;
    if (sign === '') return what;
    const from = least === undefined ? Number(sign[0] === '+') : Number(least);
    const to = least === undefined ? (sign[0] === '?' ? 1 : DEPTH) : comma === '' ? from : Number(most || DEPTH);
    const all: Begun = new Set(from === 0 ? [''] : []);
    let times: Begun = new Set(['']);
    for (let count = 1; count <= Math.min(to, DEPTH); count += 1) {
      times = followed(times, what);
      if (count >= Math.min(from, DEPTH)) for (const begun of times) all.add(begun);
    }
    return all;
  };

  return either();
}

const isWhole = (all: Begun) => {
  for (const begun of all) if (begun.length < DEPTH) return false;
  return true;
};

function followed(all: Begun, next: Begun): Begun {
  const grown: Begun = new Set();
  let short = 0;
  for (const begun of all) if (begun.length < DEPTH) short += 1;
  for (const begun of all) {
    if (begun.length >= DEPTH) grown.add(begun);
    else if (begun !== '' && next.size * short > MOST) grown.add(begun + ANY);
    else for (const more of next) grown.add((begun + more).slice(0, DEPTH));
  }
  return grown;
}

/** What may stand before a clause. */
export const STOPS = '，。！？：；、 \t\n\r.!?,;:“"';
/** Nothing, or a stop, stands before: as an expression says it. */
export const AFTER_STOP = `(?<![^${STOPS}])`;

/** At what an expression begins, as bits: at the edge of a word, after a stop. */
export const EDGES = { word: 1, stop: 2 };

/** The edge at which all that an expression matches begins, as each of its alternatives says; 0 for none. */
export function edgesOf(source: string): number {
  let edges = EDGES.word | EDGES.stop;
  let deep = 0;
  for (let at = 0; at < source.length; at += 1) {
    if (deep === 0 && (at === 0 || source[at - 1] === '|'))
      edges &= source.startsWith('\\b', at) ? EDGES.word : source.startsWith(AFTER_STOP, at) ? EDGES.stop : 0;
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === '[') while (source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
    else if (char === '(') deep += 1;
    else if (char === ')') deep -= 1;
  }
  return edges;
}
