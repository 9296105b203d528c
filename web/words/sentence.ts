/**
 * Sentences sent along as text, for a script that says them with figures of its own: with a place for each figure by its name, `{count}`. Where a sentence
 * is another when a figure is one ("1 instalment is"), that is sent too, by the names of the figures that are.
 */
export type Sentence = { say: string; ones: [names: string[], say: string][] };

/** For `JSON.stringify`: a function of named figures becomes its sentence. */
export function asSentence(_: string, value: unknown): unknown {
  if (typeof value !== 'function') return value;
  const names = new Set<string>();
  const said = (ones: readonly string[]): string =>
    value(
      new Proxy(
        {},
        {
          get: (_, name) => {
            names.add(String(name));
            return ones.includes(String(name)) ? 1 : `{${String(name)}}`;
          },
        },
      ),
    );
  const say = said([]);
  const counted = [...names].filter((name) => said([name]) !== say.replaceAll(`{${name}}`, '1'));
  const ones = subsets(counted).map((some): [string[], string] => [some, said(some)]);
  return { say, ones } satisfies Sentence;
}

/** All but the empty one, the largest first. */
function subsets(names: readonly string[]): string[][] {
  const all = Array.from({ length: 2 ** names.length - 1 }, (_, i) => names.filter((_, bit) => ((i + 1) >> bit) & 1));
  return all.sort((a, b) => b.length - a.length);
}

/** For `JSON.parse`: a sentence becomes the function that it was. */
export function fromSentence(_: string, value: unknown): unknown {
  if (!isSentence(value)) return value;
  const { say, ones } = value;
  return (figures: Readonly<Record<string, string | number>>) => {
    const [, text] = ones.find(([names]) => names.every((name) => figures[name] === 1)) ?? [[], say];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(figures[name] ?? ''));
  };
}

function isSentence(value: unknown): value is Sentence {
  return typeof value === 'object' && value !== null && 'say' in value && 'ones' in value && Array.isArray(value.ones);
}
