import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { wordsOf } from '../web/words/index.ts';
import { LANGUAGES } from '../worker/plan/languages.ts';
import { gramsIn, tokensOf } from '../worker/wording/grams.ts';
import { KINDS, type Kind, type Side } from '../worker/wording/phrases.ts';
import { folded } from '../worker/wording/text.ts';

/** Labelled sentences, from which wording is learned (`wording-train.ts`). */

/** `kind` as in KINDS; -1 for a harmless one. `grams` are the numbers of its grams, each once. */
export type Sentence = { side: Side; kind: number; text: string; line: string; weight: number; grams: number[] };

const FOLDER = new URL('./wording/', import.meta.url);
const TESTS = new URL('../test/wording/', import.meta.url);
const SideName = z.enum(['borrower', 'lender']);
const KindName = z.enum([...KINDS, 'harmless']);
const Row = z.object({ text: z.string(), side: SideName, kind: z.enum(KINDS).optional() });

function sentence(side: Side, kind: Kind | 'harmless', text: string, line: string, weight: number): Sentence {
  const { text: read } = folded(text);
  const tokens = tokensOf(read);
  const grams = new Set<number>();
  gramsIn(read, tokens, 0, tokens.size, (number) => grams.add(number));
  return { side, kind: kind === 'harmless' ? -1 : KINDS.indexOf(kind), text, line, weight, grams: [...grams] };
}

export function written(): Sentence[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((name) => {
      const all: Sentence[] = [];
      let [sides, kind]: [readonly Side[], Kind | 'harmless'] = [['borrower'], 'harmless'];
      for (const line of readFileSync(new URL(name, FOLDER), 'utf8').split('\n')) {
        const head = /^# (\S+) (\S+)$/.exec(line);
        if (head) [sides, kind] = [head[1] === 'either' ? SideName.options : [SideName.parse(head[1])], KindName.parse(head[2])];
        else if (line !== '') {
          const texts = alternatives(line);
          const weight = Math.min(1, 1.5 / Math.sqrt(texts.length));
          for (const side of sides) all.push(...texts.map((text) => sentence(side, kind, text, line, weight)));
        }
      }
      return all;
    });
}

/** Clauses of harmless sentences by themselves, as people write them in a hurry: harmless too, whoever says them. They count for less, as a clause may lean on what stood before it. */
export function cut(sentences: readonly Sentence[]): Sentence[] {
  const harmless = sentences.filter(({ kind, weight }) => kind < 0 && weight > OURS);
  return harmless.flatMap(({ side, text, line, weight }) => {
    const clauses = text.split(CLAUSE_ENDS).filter((clause) => /[\p{L}\p{N}]/u.test(clause) && !/[“”"「」『』]/.test(clause));
    return clauses.length > 1 ? clauses.map((clause) => sentence(side, 'harmless', clause, line, CUT * weight)) : [];
  });
}

const CUT = 0.3;
const CLAUSE_ENDS = /[，。！？!?；;：:,.\n]+(?=\D|$)/u;

export function tested(): Sentence[] {
  return ['bad.ndjson', 'harmless.ndjson'].flatMap((name) =>
    readFileSync(new URL(name, TESTS), 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const { text, side, kind = 'harmless' } = Row.parse(JSON.parse(line));
        return sentence(side, kind, text, lettersOf(text), 1);
      }),
  );
}

/** What the portal itself says is harmless, whoever would say it; of what is filled in nothing is known. It counts for less, as there is so much of it. */
export function ours(): Sentence[] {
  const all: Sentence[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      for (const side of SideName.options) all.push(sentence(side, 'harmless', value, lettersOf(value), OURS));
    } else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) walk(one);
  };
  for (const language of LANGUAGES) walk(wordsOf(language));
  return all;
}

const OURS = 0.1;
const lettersOf = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** As many sentences are made of a line, and more only where it takes more until each alternative has its turn. */
const MOST = 12;

/** The sentences of a line, always the same. Slots turn together until each alternative was there; after that each at a pace of its own. */
function alternatives(line: string): string[] {
  const parts = line.split(/\{([^}]*)\}/);
  const slots = parts.flatMap((part, i) => (i % 2 === 1 ? [part.split('|')] : []));
  const all = slots.reduce((product, { length }) => product * length, 1);
  const turns = Math.max(1, ...slots.map(({ length }) => length));
  const made = new Set<string>();
  for (let turn = 0; turn < turns || (made.size < Math.min(MOST, all) && turn < 60); turn += 1) {
    const picked = slots.map((slot, i) => slot[(turn < turns ? turn + i : turn * (i + 1) + i * i) % slot.length] ?? '');
    made.add(parts.map((part, i) => (i % 2 === 1 ? (picked[(i - 1) / 2] ?? '') : part)).join(''));
  }
  return [...made];
}
