import { en } from './en.ts';
import type { Kind, Language, Side } from './phrases.ts';
import { promises } from './promise.ts';
import { type Folded, folded } from './text.ts';
import { zh } from './zh.ts';

export { KINDS, type Kind, type Side } from './phrases.ts';

/** Words that are marked: their place in UTF-16 units of the text, `to` not included. */
export type Mark = { kind: Kind; from: number; to: number; words: string };

/**
 * What in a text for the other side would do harm: a suggestion to who writes it, never kept. Both languages are looked for in every text.
 * @param affordable what the writer can pay a month by the figures, in 分; null where none are known
 */
export function marksOf(text: string, side: Side, affordable: number | null = null): Mark[] {
  const read = folded(text);
  const quotes = spans(read.text, QUOTES);
  const isQuoted = ({ from, to }: Span) => quotes.some((quote) => quote.from < from && to < quote.to);
  const hasEdges = edgesOf(read.text);
  const found: Found[] = [];
  for (const language of [zh, en]) {
    if (!language.letters.test(read.text)) continue;
    const harmless = covered(language.harmless.flatMap((words) => spans(read.text, words)));
    for (const { kind, words, by } of language.phrases) {
      if (by && by !== side) continue;
      for (const span of spans(read.text, words)) {
        if (isQuoted(span) || isWithin(harmless, span) || !hasEdges(span)) continue;
        if (kind === 'ultimatum' && RIGHT.test(read.text.slice(span.from, span.to + LONGEST))) continue;
        if (isMeant(read.text, span, kind, language)) found.push({ kind, ...span });
      }
    }
  }
  if (side === 'borrower') {
    for (const span of promises(read.text, affordable)) if (!isQuoted(span)) found.push({ kind: 'overpromise', ...span });
  }
  return merged(found).map(({ kind, from, to }) => placed(text, read, kind, from, to));
}

/** What follows is somebody's right, and no ultimatum: I will complain, sue, call the police. */
const RIGHT =
  /^[^.!?\n]{0,80}\bi(?:'ll| will| shall| am going to|'m going to| have to| can)(?: \w+){0,3} (?:complain|file|report|call the police|go to the police|sue|go to (?:the )?(?:court|regulator|ombudsman)|contact (?:the|my) (?:regulator|police|lawyer|ombudsman)|take legal)|^[^。！？\n]{0,40}我(?:们)?(?:就|会|将|只好|只能|要)?(?:去|向[^，。]{0,8})?(?:投诉|举报|报警|申请仲裁|走法律)/u;

type Span = { from: number; to: number };
type Found = Span & { kind: Kind };

const QUOTES = /“[^”]{1,400}”|"[^"]{1,400}"|「[^」]{1,400}」|『[^』]{1,400}』|《[^》]{1,400}》|(?<!\w)'[^']{1,400}'(?!\w)/gu;

const spans = (text: string, words: RegExp): Span[] =>
  [...text.matchAll(words)].filter(([found]) => found !== '').map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

/** The places in order, each holding none of the others, so that it is quickly asked what lies within one. */
function covered(places: Span[]): Span[] {
  const kept: Span[] = [];
  for (const place of places.sort((a, b) => a.from - b.from || b.to - a.to)) if (place.to > (kept.at(-1)?.to ?? -1)) kept.push(place);
  return kept;
}

/** Whether one of the places holds the whole span. In `covered` places both ends rise, so the last that begins before it reaches farthest. */
function isWithin(places: readonly Span[], { from, to }: Span): boolean {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.from ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return (places[low - 1]?.to ?? -1) >= to;
}

/** Whether the words are the writer's own and mean what they say. Who tells of despair in another's words is still heard. */
function isMeant(text: string, span: Span, kind: Kind, { negated, unfelt, denied, advised, reported }: Language): boolean {
  const clause = before(text, span.from, CLAUSE_ENDS);
  if (kind === 'despair') return !unfelt.test(clause);
  if (negated.test(clause)) return false;
  if ((kind === 'exposure' || kind === 'false-authority') && denied.test(text.slice(span.from, span.to))) return false;
  if (kind === 'exposure' && advised.test(clause)) return false;
  return !reported.test(before(text, span.from, SENTENCE_ENDS));
}

const LONGEST = 60;
const CLAUSE_ENDS = /[，。！？!?；;、：:\n]|, |\. /u;
const SENTENCE_ENDS = /[。！？!?；;\n]|\. /u;
const before = (text: string, at: number, stop: RegExp) =>
  text
    .slice(Math.max(0, at - LONGEST), at)
    .split(stop)
    .at(-1) ?? '';

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
/** Words are parted only around what is asked for, a block at a time. */
const [BLOCK, MARGIN] = [32, 16];
const SHORT = /^\p{Script=Han}{1,2}$/u;

/** Of one or two Chinese letters it is asked whether they are a word by themselves: 性交 is none in 一次性交纳. */
function edgesOf(text: string): (span: Span) => boolean {
  const known = new Map<number, Set<number>>();
  const edgesAround = (block: number) => {
    const start = Math.max(0, block * BLOCK - MARGIN);
    const parts = [...segmenter.segment(text.slice(start, (block + 1) * BLOCK + MARGIN))];
    const edges = new Set(parts.flatMap(({ index, segment }) => [start + index, start + index + segment.length]));
    known.set(block, edges);
    return edges;
  };
  return ({ from, to }) => {
    if (to - from > 4 || !SHORT.test(text.slice(from, to))) return true;
    const block = Math.floor(from / BLOCK);
    const edges = known.get(block) ?? edgesAround(block);
    return edges.has(from) || edges.has(to);
  };
}

/** Marks of one kind that touch are one; in the order in which they stand. */
function merged(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  const lastOf = new Map<Kind, Found>();
  for (const one of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = lastOf.get(one.kind);
    if (last && one.from <= last.to) last.to = Math.max(last.to, one.to);
    else {
      const next = { ...one };
      kept.push(next);
      lastOf.set(one.kind, next);
    }
  }
  return kept;
}

/** A mark in the text as it was written, without the spaces and stops at its ends. */
function placed(text: string, { from: starts, to: ends }: Folded, kind: Kind, from: number, to: number): Mark {
  const whole = text.slice(starts[from], ends[to - 1]);
  const words = whole.replace(/^[\s，。！？!?；;、,.]{1,20}|[\s，。；;、,.]{1,20}$/gu, '');
  const at = (starts[from] ?? 0) + whole.indexOf(words);
  return { kind, from: at, to: at + words.length, words };
}
