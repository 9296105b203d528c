import { HOME } from '../plan/law/place.ts';
import { lookout } from './lookout.ts';

/**
 * Promises to pay that the figures do not bear: an amount a month, or soon at once, above what can be paid in a month; or the whole debt within days or a
 * month or two. Looked for in folded text (`text.ts`), sentence by sentence, in Chinese and English alike: an amount, how often or when, and that it is
 * paid, in whatever order.
 */
export type Promised = { from: number; to: number };

type Timed = Promised & { said: string };

/** `affordable` is what can be paid a month, in 分; null where no figures are known: then only promises of everything, and soon, are found. */
export function promises(text: string, affordable: number | null): Promised[] {
  const found: Promised[] = [];
  for (const { 0: sentence, index } of text.matchAll(SENTENCE)) {
    const whatever = always(sentence);
    const mayPay = PAYS.test(sentence) || SURE.test(sentence);
    if ((whatever.length === 0 && !mayPay) || isOfPapers(sentence)) continue;
    const add = (from: number, to: number) => found.push({ from: index + from, to: index + to });
    for (const { from, to } of whatever) add(from, to);
    if (!mayPay || UNSURE.test(sentence)) continue;
    if (affordable !== null || SURE.test(sentence)) {
      for (const { from, to } of wholeSoon(sentence)) add(from, to);
    }
    if (affordable !== null) for (const { from, to } of tooMuch(sentence, affordable)) add(from, to);
  }
  return found;
}

/** Amounts of a sentence that are paid, each with the rhythm or the day nearest to it, and above what can be paid in a month. */
function tooMuch(sentence: string, affordable: number): Promised[] {
  const times = placesOf(sentence, TIME);
  if (times.length === 0) return [];
  return placesOf(sentence, AMOUNT).flatMap(({ from, to, inner }) => {
    const yuan = readYuan(inner);
    if (yuan === null || isNoPayment(sentence, from, to)) return [];
    const time = nearest(times, { from, to }, FARTHEST);
    if (!time || yuan * 100 * timesAMonth(time.said) <= affordable) return [];
    return [{ from: Math.min(from, time.from), to: Math.max(to, time.to) }];
  });
}

/** The largest amount that a text names as money, in 分; null where it names none. */
export function largestIn(text: string): number | null {
  const all = placesOf(text, AMOUNT).flatMap(({ inner }) => readYuan(inner) ?? []);
  return all.length > 0 ? Math.max(...all) * 100 : null;
}

/** Whether what is promised is papers, and no money is named: 保证明天把材料交齐. */
export const isOfPapers = (text: string): boolean => PAPERS.test(text) && !MONEY.test(text);

const PAPERS =
  /材料|流水|证明|资料|文件|凭证|回执|单据|工资条|照片|表格|\b(?:documents?|papers?|paperwork|forms?|payslips?|proofs?|statements?|copies|certificates?)\b/;
const MONEY =
  /钱|款|债|[元块万千百]|[还结付]清|全还|\d{3,}|\b(?:pay|paid|paying|repay|debts?|balance|loan|money|amount|owe|owed|sum|instal+ments?)\b|\p{Sc}/u;

const FARTHEST = 24;
const SENTENCE = /(?:[^。！？!?；;\n.]|\.(?=\S)){1,400}/gu;

/** Whether the clause around an amount tells of income, cost or the debt itself, not of what is paid. */
function isNoPayment(sentence: string, from: number, to: number): boolean {
  const head =
    sentence
      .slice(Math.max(0, from - 40), from)
      .split(/[，；、]|, /u)
      .at(-1) ?? '';
  const tail = sentence.slice(to, to + 40).split(/[，；、]|, /u)[0] ?? '';
  return (
    NO_PAYMENT.test((head + tail).replace(FROM_INCOME, '').replace(WHEN_PAID, '')) ||
    OWED.test(head) ||
    (!PAYS.test(head + tail) && !SURE.test(sentence))
  );
}

/** When the wage comes is when it is paid: 发了工资马上还一万. */
const WHEN_PAID = /(?:发|开|领|结)(?:了|完|到)?(?:工资|薪水?|奖金|提成|工钱)(?:了|以?后|就|当天|的时候)?/g;

const NO_PAYMENT =
  /限额|只能[转打取]|工资|薪|收入|房租|租金|生活费|药费|医药|学费|伙食|开销|支出|奶粉|房贷|车贷|挣|赚|低保|补贴|退休金|养老金|奖金|提成|花(?!呗)|花费|利润|营业额|salary|wages?|income|rent\b|earn|\bmake\b|expenses?|costs?|bills?\b|school|tuition|medicine|groceries|pension|spend|spent/;
/** What pays, and is no sum of its own: 从退休金里拿. */
const FROM_INCOME =
  /(?:从|用|拿|靠)[^，。]{0,4}(?:工资|薪水|收入|退休金|养老金|奖金|低保|补贴)(?:里|中)?|(?:from|out of) my (?:salary|pension|wages|income)/g;
const OWED =
  /(?:欠|本金|利息|总共|总额|余额|合计|一共|剩余|罚息|违约金|手续费)[^，。]{0,5}$|\b(?:owe|owed|owing|principal|interest|total|fees?)(?: \w+){0,3} ?$/;

const DIGIT = '零〇一二两三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟俩仨';
const WORD = '(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|eighty|ninety|an?)';
/** As people write it, wherever they are from. */
const CURRENCY = `(?:${HOME.currency.sign}|rmb|cny|yuan|\\$|us\\$|s\\$|rs\\.?|£|€)`;
/** A number that is money: not of days, instalments or percents. */
const AMOUNT = new RegExp(
  `(?<![\\d.a-z${DIGIT}第/])(?:${CURRENCY} ?)?(\\d[\\d,]{0,11}(?:\\.\\d{1,2})?(?: ?(?:[万千百kw](?![a-z])|thousand|hundred|grand))?|[${DIGIT}]{1,10}|${WORD}(?: ${WORD})?(?: (?:thousand|hundred|grand)){1,2})(?:[多来几])?(?: ?(?:元|块|圆|蚊|刀|${CURRENCY}))?(?![\\d${DIGIT}:/%％-]| ?(?:期|号|日|天|个|年|月|次|分钟|小时|点|周|岁|人|倍|成|折|笔|名|类|样|家|定|起|下|直|些|样|切|旦|般|共|致|点|months?\\b|days?\\b|weeks?\\b|years?\\b|hours?\\b|minutes?\\b|instal+ments?|payments?|times|percent|th\\b|st\\b|nd\\b|rd\\b|am\\b|pm\\b|kids|children|people|jobs?|more\\b))`,
  'gu',
);

const SOON_ZH =
  '(?:今天|今晚|今日|听[晚朝]|明天|明早|明日|听日|后日|后天|大后天|(?:这|本|下|下下)(?:个)?(?:周|星期|月|礼拜)(?:初|底|末|中)?(?:[一二三四五六日天](?![千万百十]))?|月底|月初|月中|周末|过几天|几天(?:内|后)?|这几天|年底|年前|春节前?|过年前?|(?:发|开)(?:了)?(?:工资|薪水?|支)(?:了)?(?:后|就|当天)?|过完年|年后|(?:给|容)我[一二两三四五六七八九十半\\d]{1,3}(?:个)?(?:天|周|星期|月)|(?:奖学金|工资|工钱|货款|贷款|年终奖|奖金|助学金|补偿款?|拆迁款)(?:一)?(?:下来|到账|到手|发了|到了|结了)|结(?:了)?账(?:了)?(?:后|就)?|马上|立刻|立即|很快|尽快|一会儿?|[一二两三四五六七八九十半\\d]{1,3}(?:个)?(?:天|日|周|星期|月|礼拜|小时)(?:(?:之)?(?:内|以内|后|之后|就|里)|(?=(?:全部|全|就|肯定|一定|保证)?(?:结清|还清|付清|清账)))|(?:周|星期|礼拜)[一二三四五六日天](?![千万百十])|[一二三四五六七八九十]{1,3}[号日](?:之?前)?|\\d{1,2}[月号日](?:\\d{1,2}[号日])?(?:前|之前)?)';
const DAY_EN = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const SOON_EN = `(?:today|tonight|tomorrow|tmrw?|tmr|this (?:week|month|weekend|${DAY_EN})|(?:the )?(?:coming|following) (?:week|month)|next (?:week|month|payday|${DAY_EN})|(?:on|by|before|this) ${DAY_EN}|(?:in|within)(?: the next)? (?:an?|one|two|three|four|thirty|\\d{1,2}|a few|a couple of|the coming)(?: more| short)? (?:days?|weeks?|months?|hours?)|by (?:the )?(?:end of (?:the |this |next )?(?:week|month|year)|month[- ]end|tomorrow|tonight|next \\w{1,12}|christmas|new year|\\d\\w{0,4})|at month[- ]end|(?:on )?payday|give me (?:an?|one|two|three|four|\\d{1,2}|a few|a couple of)(?: more)? (?:days?|weeks?|months?)|when (?:i get paid|my salary comes)|once my salary \\w{1,12}|immediately|right away|straight away|very soon|without delay|asap)`;
const RHYTHM =
  '(?:每(?:个)?月|每期|每(?:个)?(?:周|星期|礼拜)|每两周|每天|每日|每年|每季度?|一个月(?!内|后|之|里)|月(?=[还付供交缴]|均)|一(?:周|天|年)(?!内|后|之|里)|一期|(?:a|per|each|every|/) ?(?:month|mth|week|fortnight|day|year)\\b|(?:every|each) (?:two|2|other|second) weeks?|bi-?weekly|monthly|weekly|daily|p\\.?m\\b)';
const TIME = new RegExp(`${RHYTHM}|${SOON_ZH}|\\b${SOON_EN}\\b`, 'gu');

/** How often in a month; what is paid once, soon, counts as a month's. */
function timesAMonth(time: string): number {
  if (!/^(?:每|一|月|a\b|per|each|every|\/|monthly|weekly|daily|bi)/.test(time)) return 1;
  if (/两周|fortnight|(?:two|2|other|second) week|bi-?weekly/.test(time)) return 26 / 12;
  if (/天|日|day|daily/.test(time)) return 365 / 12;
  if (/周|星期|礼拜|week/.test(time)) return 52 / 12;
  if (/季/.test(time)) return 1 / 3;
  return /年|year/.test(time) ? 1 / 12 : 1;
}

const ALL_ZH =
  '(?:(?:全(?:部|额|款|数|都)?|一次(?:性|过)?|一起|一口气|一把|一哈|一下(?:子)?|连本带利|本息|(?:所有|全部)(?:的)?(?:欠款|债务|钱|债)?|剩下(?:的)?|把(?:钱|债|账|欠款)(?:都|全)?|欠(?:你们|贵司|的)?(?:的)?(?:钱|款))[^，。]{0,8}?(?:还|付|结|清|偿|搞定|给|交|缴|打|补)(?:清|完|掉|上|齐|了|给|晒)?|(?:还|付|结|偿|缴|清|补)(?:清|完|光|齐|晒|哂)|清(?:偿|账|零|掉)|把[^，。]{0,4}(?:账|债|钱)[^，。]{0,4}(?:清|还)(?:了|掉|上|完)|(?:还|付)(?:上)?(?:全部|所有|全款|全额))';
const ALL_EN =
  '(?:everything|it all|all of it|(?:the|my|this|that)(?: \\w{1,12}){0,2} (?:amount|debt|balance|loan|sum|thing|lot|bill|dues)|in full|in one go|at one shot|one shot|fully|full and final|the lot|the rest|every (?:penny|cent|yuan)|off(?: completely| entirely)?|all (?:that )?i owe|what i owe|all(?: the| my)? (?:money|dues|debts?|amounts?|outstanding))';
const PAY_EN =
  '(?:pay(?:ing)?|clear(?:ing)?|settl(?:e|ing)|repay(?:ing)?|return(?:ing)?|send(?:ing)?|transfer(?:ring)?|remit(?:ted|ting)?|wip(?:e|ing)|sort|finish(?:ing)?|give|paid|settled|cleared|have|get)';

/** That all is paid. */
const WHOLE = new RegExp(
  `${ALL_ZH}|\\b${PAY_EN}(?: [\\w,']{1,14}){0,4}? ${ALL_EN}\\b|\\b(?:the )?(?:entire|whole|full|total|all)(?: \\w{1,14}){0,4} (?:shall|will|to|'ll) be (?:${PAY_EN}|in your(?: \\w{1,10}){0,2} account|with you|on your account)\\b`,
  'gu',
);
/** That all is paid in one payment, whatever the day. */
const AT_ONCE =
  /(?:一次(?:性|过)?|一口气|全(?:部|额))(?:就)?(?:可以|能|会)?(?:给(?:你|您)(?:们)?)?(?:还|付|结|偿|缴)(?:清|完|晒)(?:所有|全部|掉)?(?:的)?(?:欠款|债务|钱)?|\b(?:promise|swear|guarantee|vow|will|'ll|can)(?: \w{1,14}){0,3} (?:pay|clear|settle|repay)(?: \w{1,14}){0,4} (?:in one go|at one shot|in a single payment|all at once|in one shot)\b/gu;
const SOON = new RegExp(`${SOON_ZH}|\\b${SOON_EN}\\b`, 'gu');

/** All paid within a short time, or at once. */
function wholeSoon(sentence: string): Promised[] {
  const soon = placesOf(sentence, SOON);
  const isRest = FIRST.test(sentence);
  return [
    ...placesOf(sentence, AT_ONCE).filter(({ to }) => !NAMED.test(sentence.slice(to))),
    ...placesOf(sentence, WHOLE).flatMap((all) => {
      if (isRest && OF_THE_REST.test(all.said)) return [];
      const time = nearest(soon, all, FARTHEST);
      return time ? [{ from: Math.min(all.from, time.from), to: Math.max(all.to, time.to) }] : [];
    }),
  ];
}

/** It is named, as what somebody thinks about: 一次性结清的方案. */
const NAMED = /^的?(?:方案|办法|方式|金额|数额|事|话|优惠|减免|政策|条件|那个|计划|申请)/;

/** What is paid first, and what is left of that: 这个月先还五百，剩下的下月补. */
const FIRST = /先(?:还|付|转|给|交|打)/;
const OF_THE_REST = /^剩下[^清完光全]*$/;

/** By hand and not by `matchAll`, which makes a new expression each time: there are many short sentences. */
function placesOf(text: string, pattern: RegExp): (Timed & { inner: string })[] {
  const all: (Timed & { inner: string })[] = [];
  pattern.lastIndex = 0;
  for (let one = pattern.exec(text); one; one = pattern.exec(text)) {
    all.push({ from: one.index, to: pattern.lastIndex, said: one[0], inner: one[1] ?? '' });
    if (one[0] === '') pattern.lastIndex += 1;
  }
  return all;
}

function nearest(times: readonly Timed[], { from, to }: Promised, farthest: number): Timed | null {
  const gap = (time: Promised) => Math.max(from - time.to, time.from - to, 0);
  let best: Timed | null = null;
  for (const time of times) if (gap(time) <= farthest && (!best || gap(time) < gap(best))) best = time;
  return best;
}

/** Promised whatever the figures say. */
const always = lookout(
  [
    /(?:砸锅卖铁|卖(?:血|肾|房|车|身)|倾家荡产|借(?:高利贷|遍)|不吃不喝|饿(?:死|着|肚子)(?:也)?|勒紧裤腰带|拼了(?:老)?命|豁出(?:去|命)|把命|当牛做马)[^。！？]{0,16}(?:也|都|来)?(?:要|会|一定|得|先)?[^。！？]{0,6}(?:还|付|凑|给)(?:清|上|完|你们|贵司|钱|债)?/gu,
    /(?:多少(?:钱)?|什么条件|什么要求|任何条件|怎么样|怎样|要多少|说多少|几万)[^。！？]{0,6}(?:我)?(?:都|也)(?:还|给|答应|接受|愿意|同意|可以|认|付)(?!不|谈|商量|说|聊|考虑)/gu,
    /(?<![不没无难].{0,2})(?:保证|发誓|承诺|绝对|向你们?保证)[^。！？]{0,12}(?:(?:再也|绝对?|永远|以后|今后|一定)?(?:都)?不(?:会)?(?:再)?(?:逾期|拖欠|晚|拖|差|少)|一天(?:都|也)?不(?:会)?(?:晚|拖|差)|一分(?:都|也)?不(?:会)?(?:少|差|欠)|天天还|全(?:部|额)(?:还|付)(?:清|上)?|(?:还|结|付)清)/gu,
    /\b(?:whatever (?:it takes|you (?:ask|want|say)|the (?:amount|cost))|i(?:'ll| will) (?:pay|give|do|accept|sign|agree to) (?:you )?(?:anything|whatever|any amount|any sum)|(?<!(?:have|had|need|forced) to )sell (?:my (?:house|car|kidney|blood|organs?|soul|body)|everything (?:i (?:own|have))?)[^.!?]{0,30}(?:pay|settle|clear)|(?:starve|stop eating|go hungry|not eat)[^.!?]{0,40}(?:pay|settle|clear)|work (?:24|day and night|three jobs|myself to death)[^.!?]{0,40}(?:pay|settle|clear|repay)|(?<!not |n't )(?:promise|swear|guarantee|vow)(?: \w{1,14}){0,6} (?:never (?:ever )?(?:be |pay )?(?:late|miss|fall behind|again)|not (?:be|miss) (?:late|a single)|(?:pay|clear|settle|repay)(?: \w{1,14}){0,3} (?:everything|in full|it all|every (?:penny|cent)|off)))\b/gu,
  ].map((words) => ({ words })),
);

const PAYS =
  /[还付结转清汇给凑交缴供偿拿补]|打(?!零?工|散工|电话|印|针|官司|扰|算|听|字|车|包|杂)|\bin your (?:bank )?account\b|\byou(?:'ll| will| shall) (?:have|get)\b|[过入找]数|先拿|搞定|\b(?:pay(?:ments?|ing)?|settle|clear|send|transfer|repay|afford|manage|do|give|offer|remit(?:ted)?|return|deposit|instal+ments?|emi|top ?up|bank in|finish|commit|wire)\b/;

/** Said as sure, so that it is a promise even where no figures are known. */
const SURE =
  /一定|保证|绝对|肯定|发誓|承诺|必定|必须|打包票|百分之百|100%|说到做到|没问题|没毛病|雷打不动|不成问题|小意思|准时|放心|一分不少|绝不|我会|我就|ok的|就(?:能|可以)?(?:全|一次|还)|promise|guarantee|swear|definitely|certainly|for sure|absolutely|without fail|i will|i'll|\bcan\b|count on|no problem|no issue|undertake|surely|positively|\bfine\b|\beasy\b|assured|\bconfirm\b|\bsure\b/;

/** Hoped, asked, denied, or made to hang on something. */
const UNSURE =
  /希望|尽量|争取|尽力|能不能|能否|可不可以|可否|是否|[吗么](?:$|，)|的话|多少|怎么|怎样|如何|如果|要是|假如|假设|除非|若|可能|也许|大概|不一定|无法|没(?:有)?(?:这个|那个|这|那)?(?:办法|法|能力|本事|实力|把握)|没(?:有)?(?:承诺|说|答应|保证|讲)过|\bnever (?:said|promised|agreed|told)|不能|不可能|不敢|不现实|做不到|难以|很难|太难|困难|太多|太高|过高|吃不消|(?<!没有?|无|毫无)压力|负担|无力|承受不|拿不出|还不(?:起|上|清|了|完|出|过来)|付不(?:起|出)|给不(?:起|出)|不(?:够|会还|会一次)|没钱|别(?:要求|让|逼)|不要(?:要求|让|逼)|想(?:要)?(?:办法|申请|请求|知道|问)|(?:你们|您|贵司|贵方|对方|他们|平台|客服|她|他)[^，。]{0,6}(?:要求|说|让|叫|逼|催|要我)|要求|让我|叫我|逼我|已经?(?:还|付|结)|[还付转打交](?:过|了)(?=[\d一二两三四五六七八九十])|曾经?|(?<![号日天月周底年期内])(?:之前|以前)|原来|原合同|合同(?:里|上|中)?(?:写|约定|规定|要求|是|说)|原定|喘不过|压得|压垮|(?:朋友|同事|别人|人家|邻居|老公|老婆|弟弟|哥哥)(?:也|都)?每|还没(?:定|想好|决定|商量)|没(?:有)?定(?:下)?|上个?月|上周|去年|昨天|还清(?:后|之后|证明|以后)|结清(?:后|之后|证明|以后)|分[\d一二三四五六七八九十百]{1,4}(?:期|个月)|[一二三四五六七八九十两\d]{1,2}年(?:内|之内|才)|can't|cannot|can not|unable|not able|\bif\b|maybe|perhaps|\bhope|\btry\b|might|would like|would have to|impossible|no way|\bcould\b|would be (?:too )?(?:hard|difficult|much|impossible)|hard for|\bhow\b|do you|want(?:s|ed)? me to|ask(?:s|ed|ing)? (?:me|for)|you (?:want|ask|asked|demand|told|say|said)|already|\bpaid\b(?! (?:i|by|on))|\bdon't\b|\bwon't\b|\bwhat\b|can i\b|\bnot\b|too (?:much|high)|\bover (?:one|two|three|four|five|six|\d+) years|\bowed\b|last (?:month|week|year)|agent|\bdemand|beyond|contract|realistic|agreement says|forced|被逼|被迫/;

const DIGITS: Record<string, number> = Object.fromEntries(
  ['零〇', '一壹', '二两贰俩', '三叁仨', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap((letters, digit) =>
    [...letters].map((one) => [one, digit]),
  ),
);
const UNITS: Record<string, number> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1_000, 仟: 1_000, k: 1_000, 万: 10_000, w: 10_000 };
const WORDS: Record<string, number> = {
  ...Object.fromEntries('one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, i) => [word, i + 1])),
  ...{ a: 1, an: 1, fifteen: 15, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, eighty: 80, ninety: 90 },
};
const POWERS: Record<string, number> = { hundred: 100, thousand: 1_000, grand: 1_000 };

/** 1.2万, 5,000, 3k, 两万五, 叁仟, two thousand as whole or broken 元; null where it is no amount. */
export function readYuan(typed: string): number | null {
  const text = typed.replace(/[,\s多来几]/g, '');
  const [, number, unit] = /^(\d+(?:\.\d+)?)([万千百kw]|thousand|hundred|grand)?$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * (UNITS[unit ?? ''] ?? POWERS[unit ?? ''] ?? 1);
  return /^[a-z]/.test(text) ? readWords(typed) : readHan(text);
}

function readWords(typed: string): number | null {
  let value = 0;
  for (const word of typed.trim().split(' ')) {
    const power = POWERS[word];
    if (power !== undefined) value = (value || 1) * power;
    else value += WORDS[word] ?? Number.NaN;
  }
  return value > 0 ? value : null;
}

function readHan(text: string): number | null {
  let [total, section, digit, last] = [0, 0, 0, 1];
  for (const char of text) {
    if (char === '半') section += last / 2;
    else if (DIGITS[char] !== undefined) digit = DIGITS[char];
    else if (char === '万') {
      total = (total + section + digit) * 10_000;
      [section, digit, last] = [0, 0, 10_000];
    } else if (UNITS[char]) {
      section += (digit || 1) * UNITS[char];
      [digit, last] = [0, UNITS[char]];
    } else return null;
  }
  // 两万五 is 25,000; 一 by itself is a number of something else.
  const value = total + section + (last >= 100 ? (digit * last) / 10 : digit);
  return value >= 10 ? value : null;
}
