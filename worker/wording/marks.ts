import { en } from './en.ts';
import { type Reading, readings } from './learned.ts';
import { isLike } from './like.ts';
import { lookout } from './lookout.ts';
import type { Kind, Language, Phrase, Side } from './phrases.ts';
import { promises } from './promise.ts';
import { type Folded, folded } from './text.ts';
import { zh } from './zh.ts';

export { KINDS, type Kind, type Side } from './phrases.ts';

/** Words that are marked: their place in UTF-16 units of the text, `to` not included. */
export type Mark = {
  kind: Kind;
  from: number;
  to: number;
  words: string;
  /** It only reads like its kind, as far as was learned from examples: no phrase says so. */
  learned?: true;
};

/**
 * What in a text for the other side would do harm: a suggestion to who writes it, never kept. Both languages are looked for in every text.
 * @param affordable what the writer can pay a month by the figures, in 分; null where none are known
 * @param isEnough asked of all marks so far, every few sentences: where it says so, of the rest of a long text only phrases of despair are looked for. Never where it is left out.
 */
export function marksOf(
  text: string,
  side: Side,
  affordable: number | null = null,
  isEnough?: (marks: readonly Mark[]) => boolean,
): Mark[] {
  const folds = folded(text);
  const quotes = spans(folds.text, QUOTES);
  const isQuoted = ({ from, to }: Span) => quotes.some((quote) => quote.from < from && to < quote.to);
  const all: Mark[] = [];
  for (const { from, to } of piecesOf(folds.text, quotes)) {
    const piece = folds.text.slice(from, to);
    const isMeant = (one: Found) => !isQuoted({ from: one.from + from, to: one.to + from });
    const at = ({ kind, ...one }: Found) => placed(text, folds, kind, one.from + from, one.to + from);
    if (isEnough?.(all)) {
      all.push(...merged(said(piece, side, SCOPES.help).filter(isMeant)).map(at));
      continue;
    }
    const { marked, like } = found(piece, side, affordable, isMeant);
    all.push(...[...marked.map(at), ...like.map((one): Mark => ({ ...at(one), learned: true }))].sort((a, b) => a.from - b.from));
  }
  return all;
}

/** In units: pieces in which a long text is looked through, from the end of one sentence to that of another, none of them shorter than the least. */
const [PIECE, LEAST_PIECE] = [500, 350];
const PIECE_ENDS = /[。！？!?；;\n]+|\.(?= )/g;

function piecesOf(text: string, quotes: readonly Span[]): Span[] {
  const pieces: Span[] = [];
  let from = 0;
  PIECE_ENDS.lastIndex = PIECE;
  while (text.length - from > PIECE + LEAST_PIECE && PIECE_ENDS.test(text)) {
    const to = PIECE_ENDS.lastIndex;
    if (text.length - to < LEAST_PIECE) break;
    if (quotes.some((quote) => quote.from < to && to < quote.to)) continue;
    pieces.push({ from, to });
    from = to;
    PIECE_ENDS.lastIndex = from + PIECE;
  }
  return [...pieces, { from, to: text.length }];
}

/** What is meant of what phrases say, and of what only reads like a kind where no phrase of it stands. */
function found(text: string, side: Side, affordable: number | null, isMeant: (one: Found) => boolean): { marked: Found[]; like: Found[] } {
  const read = readings(text, side);
  const all = suspects(text, read, side).flatMap(({ from, to, scope }) =>
    said(text.slice(from, to), side, scope).map((one) => ({ kind: one.kind, from: one.from + from, to: one.to + from })),
  );
  if (side === 'borrower') {
    for (const span of promises(text, affordable)) all.push({ kind: 'overpromise', ...span });
  }
  for (const { from, to } of toldToDie(text)) all.push({ kind: 'threat', from, to });
  const marked = merged(all.filter(isMeant));
  const like = merged(read.flatMap((one) => (isLike(one, side, text, affordable) ? [{ kind: one.kind, ...one.told }] : [])));
  const isSaid = (one: Found) => marked.some(({ kind, from, to }) => kind === one.kind && from < one.to && one.from < to);
  return { marked, like: like.filter((one) => isMeant(one) && !isSaid(one)) };
}

/**
 * In a sentence that is less likely than this to be of any kind only phrases that are certain are looked for: where another stands there, it means something else. For a borrower's
 * despair it is far less; a lender writes of it to help. A sentence of a few tokens tells nothing of how likely it is: only what is a mere answer there (not today, no deal) is left alone.
 */
const UNLIKELY = 0.2;
const UNLIKELY_DESPAIR = { borrower: 0.05, lender: 0.1 };
const FEW = 7;
const ANSWERS: readonly Kind[] = ['ultimatum', 'false-authority'];

/** Somebody is told to die. It is looked for in every sentence, whatever else is made of it, and staff cannot send it; who is warned off or asked about it is told no such thing. */
const toldToDie = lookout([
  {
    words:
      /(?:^|[.!?,;:\n] ?|\b(?:go|just|please|then|and) |\bwhy (?:don't|dont|not) (?:you |u )?(?:just )?)kill (?:yourself|yourselves|urself|ur ?self)\b|(?:你|您|你们)(?:怎么|为什么|干嘛|咋)(?:还)?不(?:去)?(?:死|自杀|跳楼|上吊)|(?<![\p{Script=Han}])(?:你|您|你们)?(?:赶紧|赶快|快)?去(?:死|自杀|跳楼|上吊)(?:吧|得了|算了)/gu,
  },
]);

/** What is looked for in a sentence: bits of a number, for phrases of several. */
const SCOPES = { all: 1, brief: 2, despair: 4, certain: 8, help: 16 };
const scopesOf = ({ kind, certain }: Phrase): number =>
  SCOPES.all |
  (certain || !ANSWERS.includes(kind) ? SCOPES.brief : 0) |
  (certain || kind === 'despair' ? SCOPES.despair : 0) |
  (certain ? SCOPES.certain : 0) |
  (kind === 'despair' ? SCOPES.help : 0);

type Suspect = Span & { scope: number };

/** What phrases are looked for, where: sentences, or several in a row of which the same is asked. */
function suspects(text: string, read: readonly Reading[], side: Side): Suspect[] {
  const all: Suspect[] = [];
  for (const { 0: sentence, index: from } of text.matchAll(SENTENCE)) {
    const to = from + sentence.length;
    const any = read.reduce((most, one) => (one.from < to && from < one.to ? Math.max(most, one.any) : most), 0);
    const scope = scopeOf(sentence, any, side);
    const last = all.at(-1);
    if (last?.to === from && last.scope === scope) last.to = to;
    else all.push({ from, to, scope });
  }
  return all;
}

function scopeOf(sentence: string, any: number, side: Side): number {
  if (any >= UNLIKELY) return SCOPES.all;
  if (isShort(sentence)) return SCOPES.brief;
  return any >= UNLIKELY_DESPAIR[side] ? SCOPES.despair : SCOPES.certain;
}

function isShort(sentence: string): boolean {
  TOKEN.lastIndex = 0;
  for (let count = 0; count < FEW; count += 1) if (!TOKEN.test(sentence)) return true;
  return false;
}

const TOKEN = /\p{Script=Han}|[a-z']+|\d+/gu;
const SENTENCE = /(?:[^。！？!?；;\n.]|\.(?! |$))+[。！？!?；;\n.]*/gu;

/** Phrases in a sentence that are meant. */
function said(text: string, side: Side, scope: number): Found[] {
  const hasEdges = edgesOf(text);
  return LANGUAGES.flatMap(({ language, phrases, harmless }) => {
    const found = language.letters.test(text) ? phrases[side](text, scope) : [];
    const spared = found.length > 0 ? covered(harmless(text)) : [];
    const meant = found.map(({ one: { kind }, from, to }): Found => ({ kind, from, to }));
    return outermost(meant, (one) => {
      if (isWithin(spared, one)) return false;
      if (one.kind === 'ultimatum' && RIGHT.test(text.slice(one.from, one.to + LONGEST))) return false;
      return isMeant(text, one, one.kind, language) && hasEdges(one);
    });
  });
}

/** Those that hold, without what lies within another of its kind that does: that adds nothing to a mark, and is not asked. */
function outermost(found: Found[], holds: (one: Found) => boolean): Found[] {
  const farthest = new Map<Kind, number>();
  return found.sort(byPlace).filter((one) => {
    if (one.to <= (farthest.get(one.kind) ?? -1) || !holds(one)) return false;
    farthest.set(one.kind, one.to);
    return true;
  });
}

/** From the first on; of those that begin at once the longest first. */
const byPlace = (a: Span, b: Span) => a.from - b.from || b.to - a.to;

/** What is looked for in each, made ready when it first is. */
const LANGUAGES = [zh, en].map((language) => {
  const of = (isSo: (phrase: Phrase) => boolean) => lookout(language.phrases.filter(isSo), scopesOf);
  return {
    language,
    phrases: {
      borrower: of(({ by }) => by !== 'lender'),
      lender: of(({ by }) => by !== 'borrower'),
    },
    harmless: lookout(language.harmless.map((words) => ({ words }))),
  };
});

/** What follows is somebody's right, and no ultimatum: I will complain, sue, call the police. */
const RIGHT =
  /^[^.!?\n]{0,80}\bi(?:'ll| will| shall| am going to|'m going to| have to| can)(?: \w+){0,3} (?:complain|file|report|call the police|go to the police|sue|go to (?:the )?(?:\w+ )?(?:court|regulator|ombudsman|commissioner|authority|tribunal)|contact (?:the|my) (?:regulator|police|lawyer|ombudsman)|take legal)|^[^。！？\n]{0,40}我(?:们)?(?:就|会|将|只好|只能|要)?(?:去|向[^，。]{0,8})?(?:投诉|举报|报警|申请仲裁|走法律)/u;

type Span = { from: number; to: number };
type Found = Span & { kind: Kind };

const QUOTES = /“[^”]{1,400}”|"[^"]{1,400}"|「[^」]{1,400}」|『[^』]{1,400}』|《[^》]{1,400}》|(?<!\w)'[^']{1,400}'(?!\w)/gu;

/** Found by hand and not by `matchAll`, which makes a new expression each time: there are hundreds, and texts are short. */
function spans(text: string, words: RegExp): Span[] {
  const all: Span[] = [];
  words.lastIndex = 0;
  for (let one = words.exec(text); one; one = words.exec(text)) {
    if (one[0] === '') words.lastIndex += 1;
    else all.push({ from: one.index, to: one.index + one[0].length });
  }
  return all;
}

/** The places in order, each holding none of the others, so that it is quickly asked what lies within one. */
function covered(places: Span[]): Span[] {
  const kept: Span[] = [];
  for (const place of places.sort(byPlace)) if (place.to > (kept.at(-1)?.to ?? -1)) kept.push(place);
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
  if (negated.test(clause) || (kind === 'insult' && OF_SELF.test(clause))) return false;
  if ((kind === 'exposure' || kind === 'false-authority') && denied.test(text.slice(span.from, span.to))) return false;
  if (kind === 'exposure' && advised.test(clause)) return false;
  return !NAMED.test(text.slice(span.to, span.to + 6)) && !reported.test(before(text, span.from, SENTENCE_ENDS));
}

/** The words are spoken of, as somebody wrote them: 最后警告那条短信. */
const NAMED = /^[”」]?(?:这种|那种|这样的?|那条|这条|的|这几个|几个)?(?:短信|字眼|字样|说法|话不)/u;

/** Somebody speaks so of nobody but themselves: 我真是个废物. */
const OF_SELF =
  /^(?:我|俺|自己)(?!们|看|说|认为)[^你您他她]{0,8}(?:是|像|成了|变成|不如)[^你您他她]{0,6}$|\b(?:i(?:'m| am| was| feel| felt)|call myself|made me look)(?: (?!you\b|your\b)[\w']+){0,5} ?$/u;

const LONGEST = 60;
const CLAUSE_ENDS = '，。！？!?；;、：:\n';
const SENTENCE_ENDS = '。！？!?；;\n';
/** What stands before a place, from the last of the stops on, or from a stop with a space behind it. */
function before(text: string, at: number, stops: string): string {
  const least = Math.max(0, at - LONGEST);
  let from = at;
  for (; from > least; from -= 1) {
    const unit = text[from - 1] ?? '';
    if (stops.includes(unit)) break;
    if (unit === ' ' && from - 1 > least && (text[from - 2] === '.' || (stops === CLAUSE_ENDS && text[from - 2] === ','))) break;
  }
  return text.slice(from, at);
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
/** Words are parted only around what is asked for, a block at a time. */
const [BLOCK, MARGIN] = [32, 16];
/** Among other letters or stops a Chinese word ends by itself. */
const [ENDS_HAN, BEGINS_HAN] = [/\p{Script=Han}$/u, /^\p{Script=Han}/u];
const SHORT = /^\p{Script=Han}{1,2}$/u;

/** Of one or two Chinese letters it is asked whether they are a word by themselves: 性交 is none in 一次性交纳. */
function edgesOf(text: string): (span: Span) => boolean {
  const known = new Map<number, Intl.Segments>();
  return ({ from, to }) => {
    if (to - from > 4 || !SHORT.test(text.slice(from, to))) return true;
    if (!ENDS_HAN.test(text.slice(Math.max(0, from - 2), from)) || !BEGINS_HAN.test(text.slice(to, to + 2))) return true;
    const block = Math.floor(from / BLOCK);
    const start = Math.max(0, block * BLOCK - MARGIN);
    const parts = known.get(block) ?? segmenter.segment(text.slice(start, (block + 1) * BLOCK + MARGIN));
    known.set(block, parts);
    const isEdge = (at: number) => (parts.containing(at - start)?.index ?? at - start) === at - start;
    return isEdge(from) || isEdge(to);
  };
}

/** Marks of one kind that touch are one; in the order in which they stand. */
function merged(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  const lastOf = new Map<Kind, Found>();
  for (const one of found.toSorted(byPlace)) {
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
