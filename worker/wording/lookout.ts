import { ANY, beginnings } from './begins.ts';

type Place<One> = { one: One; from: number; to: number };

/**
 * Looks through a text for many expressions at once: the places of all, one after the other, as if each were looked for by itself. An expression is tried only where it may begin
 * (`begins.ts`), and made ready when it first is: most never are.
 */
export type Lookout<One> = (text: string) => Place<One>[];

type Words = { words: RegExp };

export function lookout<One extends Words>(all: readonly One[]): Lookout<One> {
  const ready: RegExp[] = [];
  let begun: Begun | undefined;
  return (text) => {
    begun ??= indexed(all);
    const found: (Place<One> & { no: number })[] = [];
    /** From where on each may be found again: its places do not overlap. */
    const free = new Int32Array(all.length);
    const tryAt = (from: number, numbers: readonly number[]) => {
      for (let i = 0; i < numbers.length; i += 1) {
        const no = numbers[i] ?? 0;
        const one = all[no];
        if (!one || from < (free[no] ?? 0)) continue;
        ready[no] ??= new RegExp(one.words.source, one.words.flags.replace('g', 'y'));
        const words = ready[no];
        words.lastIndex = from;
        if (!words.test(text) || words.lastIndex <= from) continue;
        free[no] = words.lastIndex;
        found.push({ one, no, from, to: words.lastIndex });
      }
    };
    const { numbers, ones } = begun;
    const anywhere = ones.get(0);
    let next = numbers[text.charCodeAt(0)] ?? 0;
    for (let at = 0; at < text.length; at += 1) {
      const first = next;
      next = at + 1 < text.length ? (numbers[text.charCodeAt(at + 1)] ?? 0) : 0;
      if (anywhere) tryAt(at, anywhere);
      if (first === 0) continue;
      const any = ones.get(first * MOST_UNITS);
      if (any) tryAt(at, any);
      const those = next === 0 ? undefined : ones.get(first * MOST_UNITS + next);
      if (those) tryAt(at, those);
    }
    return found.sort((a, b) => a.no - b.no || a.from - b.from);
  };
}

/** Which expressions may begin with a unit and the next one, by a small number of each; 0 is any. */
type Begun = { numbers: Uint16Array; ones: Map<number, number[]> };
const MOST_UNITS = 1 << 15;

const known = new WeakMap<Words, ReadonlySet<string>>();

function indexed(all: readonly Words[]): Begun {
  const [numbers, ones] = [new Uint16Array(1 << 16), new Map<number, number[]>()];
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
      const key = first === 0 ? 0 : first * MOST_UNITS + numberOf(units[1]);
      const those = ones.get(key);
      if (those) those.push(no);
      else ones.set(key, [no]);
    }
  });
  return { numbers, ones };
}
