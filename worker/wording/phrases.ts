import { simplified } from './text.ts';

/** What a text is marked for. `despair` is no fault: it brings help. */
export const KINDS = ['insult', 'threat', 'exposure', 'false-authority', 'ultimatum', 'overpromise', 'despair'] as const;
export type Kind = (typeof KINDS)[number];

export type Side = 'borrower' | 'lender';

/**
 * A phrase: how it is written, as a regular expression over the folded text (`text.ts`: small letters, simplified Chinese, Chinese stops among Chinese
 * letters, nothing between letters). `by` is the side that it is a fault of; both where it is left out. What is `certain` (`certain.ts`) is meant whatever stands around it. Repetitions are
 * bounded.
 */
export type Phrase = { kind: Kind; words: RegExp; by?: Side; certain?: boolean };

export type Language = {
  /** What a text has at least one of where it may be in this language. */
  letters: RegExp;
  phrases: readonly Phrase[];
  /** Harmless words that hold one of the phrases: what lies inside one is not marked. */
  harmless: readonly RegExp[];
  /** What stands right before a phrase and takes it back: 我没有威胁你. Tried against the clause before it. */
  negated: RegExp;
  /** What takes despair back: it stands right before it, as who hides it denies much. */
  unfelt: RegExp;
  /** What takes a phrase of exposure or authority back from inside: 我们不会联系您的家人. */
  denied: RegExp;
  /** What stands before talk of the other's own people where it is advice, asked or allowed: 您可以请您的家人一起商量. */
  advised: RegExp;
  /** What stands before a phrase, in its sentence, where it is somebody else's words: 他说我是…. */
  reported: RegExp;
};

/** English is also typed without apostrophes: dont, im, youre. */
const loose = (source: string) => source.replace(/n't|(?<=i\(\?:)'m|(?<=\bi)'m/g, (found) => found.replace("'", "'?"));

/** What is only read with the Unicode flag; all else is looked for without, in half the time. */
const UNICODE = /\\p|\[[^\]]*[\ud800-\udfff]/;

/** Phrases of one kind, each for all places. */
export const phrases = (kind: Kind, words: readonly string[], by?: Side): Phrase[] =>
  words.map((source) => {
    const read = loose(simplified(source));
    return { kind, words: new RegExp(read, UNICODE.test(read) ? 'gu' : 'g'), ...(by ? { by } : {}) };
  });
