import type { Reading } from './learned.ts';
import type { Side } from './phrases.ts';
import { isOfPapers, largestIn } from './promise.ts';

/** What is marked that only reads like its kind, as far as was learned from examples. */

/** How likely a stretch has to be of any kind until it is marked: of staff, whose phrases are known best, nearly sure; despair sooner, as a line with help does no harm. And how likely of the kind that it is marked for. */
const LIKELY = { borrower: 0.6, lender: 0.75 };
const [LIKELY_DESPAIR, LIKELY_KIND] = [0.5, 0.3];

/** Whether a stretch reads like its kind, in words of the writer's own. A promise is none where the figures bear all that is named, or where it names some and none are known. */
export function isLike({ kind, likely, any, from, to, told }: Reading, side: Side, text: string, affordable: number | null): boolean {
  if (likely < LIKELY_KIND) return false;
  const [whole, clauses] = [text.slice(from, to), text.slice(told.from, told.to)];
  if (kind === 'despair') return any >= LIKELY_DESPAIR && !HOPES.test(whole) && !LETS_GO.test(whole);
  if (any < LIKELY[side] || TOLD.test(whole)) return false;
  if (kind === 'exposure' || kind === 'false-authority') return !DENIED.test(clauses) && !COMPLAINS.test(clauses);
  if (kind === 'insult') return !OF_NOBODY_ELSE.test(whole) && !NOT_SO.test(whole);
  if (kind === 'threat') return !WISHES_WELL.test(whole) && !OF_MINE.test(whole);
  if (kind === 'ultimatum') return !(side === 'borrower' && UNABLE.test(clauses)) && !COMPLAINS.test(clauses);
  if (isOfPapers(whole) || ASKED_OF.test(whole) || OF_ONE.test(whole)) return false;
  const named = largestIn(whole);
  return named === null || (affordable !== null && named > affordable);
}

/** Said to calm: the family will not hear of it, nobody calls at work. */
const DENIED =
  /^.{0,16}?(?:不会|不得|不再|不能|绝不|从不|从未|没有义务)(?!不)[^，。！？]{0,10}(?:知道|得知|收到|联系|打|透露|寄|告诉|影响|说|发到|公开|公布)|没(?:有)?人(?!不|没)(?:会|能|敢)?[^，。！？不没]{0,10}(?:知道|得知|收到|联系|打|透露|寄|告诉|说|公开)|\b(?:(?:nobody|no one|none of \w+)(?: \w+){0,3} (?:will|would|can|may)|will not|won't|never|no longer|do not|don't) (?:be )?(?:hear|contact|contacted|tell|told|ring|call|called|write|share|shared|visit|post)\b/u;

/** Somebody else did it, and the writer tells of it: 催收的人威胁要…, he called me a…. */
const TOLD =
  /(?:他|她|有人|催收|客服|业务员|外包|对方|短信|(?:你们?|贵[司方])的?人)[^。！？\n，]{0,12}(?:威胁|恐吓|辱骂|侮辱|骂(?:我|了)|说我|扬言)|\b(?:he|she|they|someone|somebody|(?:your|the|an?) (?:agent|caller|collector|colleague|staff|man|woman)s?)(?: \w+){0,3} (?:said|posted|threatened|insulted|shouted|called me|told me|warned me)\b/u;

/** Nobody but the writer is spoken of. */
const OF_NOBODY_ELSE = /^(?:我|俺|自己|i\b)(?!.*(?:[你您他她们]|公司|平台|银行|催收|客服|\b(?:you|your|ur|they|he|she)\b))/su;

/** A right is used: 我要向银保监会投诉. */
const COMPLAINS =
  /我(?:们)?(?:就|会|将|要|想|只好|只能|准备|打算|已经?|有权)?(?:去|到|打|向(?![你您])[^，。！？]{0,10})?(?:投诉|举报|申诉)|\b(?:i|we)(?:'ll| will| want to| am going to| have to| may| can)? (?:complain|file a complaint)\b/u;

/** Somebody is still looking for a way, would dearly like something, or speaks of the end of a contract. */
const HOPES =
  /(?:在|会|正|先|再|去)(?:努力|尽力)?想(?:想)?办法|想死(?:你|您)们?了|\bdying (?:to|for)\b|\b(?:end|kill) (?:the|this|my) (?:contract|loan|agreement|plan|call|matter|deal|time)\b/u;

/** Nothing is said but that it is left at that: 算了，就这样吧. */
const LETS_GO = /^(?:算了吧?|(?:那|就|先|那就|也就)?(?:这样|到这)(?:吧|了)?|不说了|不谈了|好吧|行吧|唉|哎|[，。！…~ ]){1,8}$/u;

const WISHES_WELL =
  /\bhope [^.!?]{0,40}\b(?:well|better|recovers?|recovered|did ?n[o']t)\b|(?:祝|愿|希望)[^，。！？]{0,12}(?:康复|好起来|痊愈)/u;

/** Somebody cannot, and does not refuse: 条件不变我没法签. */
const UNABLE =
  /我(?:们)?(?:就|也|实在|真的?|确实|是|还是)?(?:没法|无法|没办法|没能力)|\bi(?:'m| am)? (?:really )?(?:can(?:'t|not)|unable|not able)\b/u;

/** One instalment is promised, not all of it. */
const OF_ONE = /\bemi\b|\b(?:this|the|my|next) (?:month'?s? )?instal+ment\b|[本这下]一?期(?!限)|月供/u;

/** It is asked of the writer, and no promise: 你们催我明天还五千，不现实. */
const ASKED_OF =
  /(?:你们?|您|他们|平台|客服)(?:催|逼|要求|让|叫|非要)我|不现实|做不到|\byou (?:want|wanted|ask|asked|told|tell|expect) me to\b/u;

/** Nobody is called so: 您不是骗子. */
const NOT_SO =
  /(?:不是|并非|没(?:有)?(?:说|骂))[^，。！？]{0,6}(?:骗子|老赖|坏人|无赖|小偷)|\b(?:you(?:'re| are)|i(?:'m| am)) (?:not|no) /u;

/** The body that was hurt is the writer's own. */
const OF_MINE = /\b(?:broke|hurt|lost|injured|cut|fractured) my\b/u;
