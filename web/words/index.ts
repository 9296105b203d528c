import type { Excess } from '../../worker/negotiation/authority.ts';
import type { FieldIssue } from '../../worker/negotiation/form.ts';
import { codePointOf } from '../../worker/negotiation/letters.ts';
import type { Pending } from '../../worker/negotiation/pending.ts';
import type { Detail, Refusal } from '../../worker/negotiation/refusal.ts';
import {
  amountReadings,
  formatPercent,
  money,
  percentReadings,
  plainAmount,
  plainTyped,
  withoutCurrency,
} from '../../worker/plan/amount.ts';
import { scale } from '../../worker/plan/exact.ts';
import { MAX_AMOUNT } from '../../worker/plan/format.ts';
import { LANGUAGES, type Language } from '../../worker/plan/languages.ts';
import type { Place } from '../../worker/plan/law/place.ts';
import type { WorkingDay } from '../../worker/plan/law/working-days.ts';
import { dayOf, localTime } from '../../worker/plan/law/zone.ts';
import type { PlanRefusal } from '../../worker/plan/schedule.ts';
import { upperAmount } from '../../worker/plan/upper.ts';
import { dateIn, monthIn } from './dates.ts';
import { en } from './en.ts';
import { exceededText, planSay, refusedText } from './plan.ts';
import { type Refusals, type Words, zh } from './zh.ts';

export type { Language } from '../../worker/plan/languages.ts';
export type { Words } from './zh.ts';

const WORDS: Readonly<Record<Language, Words>> = { zh, en };

/** The words of a language where the portal stands. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** The same words where a case is: the place of its jurisdiction. */
export function wordsAt(words: Words, place: Place): Words {
  return place === words.place ? words : { ...words, place };
}

export { money } from '../../worker/plan/amount.ts';

/** An amount as it is shown back to whoever typed it: in figures and in the capital numerals of contracts. */
export function amountRead(words: Words, fen: number): string {
  return words.amountRead({ amount: money(fen), upper: upperAmount(fen) });
}

/** What words are read by: what was drawn with others of the same language and the same clocks reads the same. */
export const readBy = ({ language, place }: Pick<Words, 'language' | 'place'>): string => `${language.code} ${place.zone}`;

/** The language of words. */
export function languageOf({ language }: Pick<Words, 'language'>): Language {
  return LANGUAGES.find((one) => WORDS[one].language === language) ?? LANGUAGES[0];
}

/** A calendar date as it is read: 2026年3月31日, 31 Mar 2026. */
export function dateText(words: Words, date: string): string {
  return dateIn(languageOf(words), date);
}

/** A working day as it is read, with a word where it may be later, as the holidays of its year are not published. */
export const workingDayText = (words: Words, { date, earliest }: WorkingDay): string =>
  dateText(words, date) + (earliest ? words.aside(words.unpublished) : '');

/** A month as it is read: 2026年3月, Mar 2026. */
export function monthText(words: Words, month: string): string {
  return monthIn(languageOf(words), month);
}

/** An instant as it is read there: date and time to the minute. */
export function momentText(words: Words, at: string): string {
  const local = localTime(at, words.place.zone);
  return `${dateText(words, local.slice(0, 10))} ${local.slice(11)}`;
}

/** The time of day of an instant there, where its day stands above it: 14:05. */
export function timeText({ place }: Words, at: string): string {
  return localTime(at, place.zone).slice(11);
}

/** An instant as it is read where the page or the portal is not at hand: with what people call that time. */
export function zonedText(words: Words, at: string): string {
  return words.inZone({ moment: momentText(words, at), clock: clockOf(words) });
}

/** Whose time all moments are told in, for what is read elsewhere: 时间均为北京时间（UTC+08:00）。 */
export function zoneHint(words: Words): string {
  return words.case.zoneHint({ clock: clockOf(words), offset: `UTC${words.place.zone}` });
}

const clockOf = (words: Words) => words.place.clock[languageOf(words)];

/** Chinese sets no space beside a full-width mark, with which a value may end. */
export function closedUp(text: string): string {
  return text.replace(/([，。；：？！、（）「」]) | (?=[，。；：？！、（）「」])/g, '$1');
}

/** The day of an instant as it is read there. */
export function dayText(words: Words, at: string): string {
  return dateText(words, dayOf(at, words.place.zone));
}

/** What is named within sentences at the head of a line: English begins it with a capital. */
export const headed = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A rate as it is read: 年利率 15.4%. */
export function rateText(words: Words, { per, ppm }: { per: 'year' | 'month' | 'day'; ppm: number }): string {
  return words.rateOf({ percent: formatPercent(ppm), per });
}

/** One amount as a share of another, to a tenth of a percent. */
export function shareText(part: number, whole: number): string {
  return `${formatPercent(scale(part, 1_000, whole) * 1_000)}%`;
}

/** What waits for whoever reads, beside the offer on the table. */
export function pendingText({ what, count }: Pending, words: Words): string {
  return words.cases.pending[what](count);
}

/** Why a plan cannot be worked out, as a sentence. */
export function planText(words: Words, refusal: PlanRefusal): string {
  return refusedText(planSay(words, languageOf(words)), refusal);
}

/** The field beside which a plan's refusal stands. */
function planField(refusal: PlanRefusal): string {
  if (refusal.code === 'waiver.exceeds-debt') return `terms.waive.${refusal.component}`;
  if (refusal.code === 'upfront.date') return 'terms.upfront.due';
  if (refusal.code === 'upfront.exceeds-debt') return 'terms.upfront.amount';
  if (refusal.code === 'date.first-due-not-after-start') return 'terms.firstDue';
  if (refusal.code === 'instalment.below-interest') return `terms.phases.${refusal.phase}.amount`;
  if (refusal.code === 'phase.count-missing' || refusal.code === 'instalments.too-many') return `terms.phases.${refusal.phase}.count`;
  return 'phase' in refusal ? `terms.phases.${refusal.phase}.kind` : 'terms.phases.0.kind';
}

/** Beyond which limit an act goes, what it gives and up to what it may. */
function excessText(words: Words, excess: Excess): string {
  return exceededText({ exceeded: words.authority.exceeded }, excess);
}

/** Why a command did nothing, as a sentence. */
export function refusalText(words: Words, refusal: Refusal): string {
  switch (refusal.code) {
    case 'plan.refused':
      return planText(words, refusal.plan);
    case 'arrears.can-be-cured':
    case 'erasure.retention':
    case 'complaint.not-yet':
      return sentence(words.refusal, { ...refusal, until: dateText(words, refusal.until) });
    case 'contact.outside-hours':
      return sentence(words.refusal, { ...refusal, moment: momentText(words, refusal.moment) });
    case 'authority.exceeded': {
      const text = excessText(words, refusal);
      return refusal.why ? words.authority.paidBefore({ asOf: dateText(words, refusal.why.paidBefore), text }) : text;
    }
    default:
      return sentence(words.refusal, refusal);
  }
}

/** The sentence of a code with what is said beside it. */
function sentence<Code extends keyof Refusals>(all: Refusals, refusal: { code: Code } & Detail<Code>): string {
  const text = all[refusal.code];
  return typeof text === 'function' ? text(refusal) : text;
}

/** The field beside which a refusal stands, or '' for the top of the form. */
export function refusalField(refusal: Refusal): string {
  return refusal.code === 'plan.refused' ? planField(refusal.plan) : (refusal.field ?? '');
}

/** What is wrong with a field, as a sentence that names the bound. */
export function issueText(words: Words, { issue, as }: FieldIssue): string {
  const { issue: say } = words;
  if (issue.input === undefined && issue.code !== 'custom' && !('origin' in issue)) return say.missing;
  if (issue.input === '' && ['too_small', 'invalid_format'].includes(issue.code)) return say.missing;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined || issue.input === '') return say.missing;
      if (as === 'amount') return amountText(words, String(issue.input));
      if (as === 'percent') return unclear(words, String(issue.input), percentReadings, (ppm) => `${formatPercent(ppm)}%`) ?? say.percent;
      return issue.expected === 'number' || issue.expected === 'int' ? say.whole : say.format;
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? say.missing : say.shortest(Number(issue.minimum));
      if (issue.origin === 'array') return say.leastRows(Number(issue.minimum));
      return say.atLeast(bound(Number(issue.minimum), as));
    case 'too_big':
      if (issue.origin === 'string') return say.longest({ most: Number(issue.maximum), typed: String(issue.input).length });
      if (issue.origin === 'array') return say.mostRows(Number(issue.maximum));
      return say.atMost(bound(Number(issue.maximum), as));
    case 'invalid_value':
    case 'invalid_union':
      return say.choice;
    case 'unrecognized_keys':
      return say.unknownField;
    case 'custom':
      if (issue.message === 'letter') return letterText(words, String(issue.params?.letter));
      if (issue.message === 'ascending') return say.ascending;
      if (issue.message === 'doubled') return say.doubled;
      return issue.message === 'date' ? say.date : say.characters;
    default:
      if (issue.message === 'last-digits') return say.lastDigits;
      return issue.message === 'clock' ? say.clock : issue.message === 'identity' ? say.identity : say.format;
  }
}

/** That a name has a letter which no document can draw, by the letter and its code point. */
function letterText({ issue: say }: Words, letter: string): string {
  return say.letter({ letter, code: codePointOf(letter) });
}

/** Why a text is no amount: it has two readings, or it is below or above all amounts, or it is none. */
function amountText(words: Words, typed: string): string {
  const { issue: say } = words;
  const text = plainTyped(typed);
  if (/^[-−–—]/.test(text) && /^[\d.]/.test(withoutCurrency(text.slice(1).trim()))) return say.atLeast(money(0));
  if (/^\d{12,}(\.\d*)?$/.test(withoutCurrency(text)) || (/^\d+(\.\d+)?e\+?\d+$/i.test(text) && Number(text) * 100 > MAX_AMOUNT))
    return say.atMost(money(MAX_AMOUNT));
  return unclear(words, typed, amountReadings, (fen) => plainAmount(fen)) ?? say.amount;
}

/** What a text may have meant, for the person to say; null where it means nothing. */
function unclear(words: Words, typed: string, readingsOf: (typed: string) => number[], show: (value: number) => string): string | null {
  const [first, second] = readingsOf(typed).map(show);
  if (first === undefined) return null;
  const text = typed.trim().slice(0, 40);
  if (second === undefined) return words.issue.perhaps({ typed: text, reading: first });
  const { twoWays, eitherWay } = words.issue;
  return (/[,，]/.test(text) ? twoWays : eitherWay)({ typed: text, one: first, other: second });
}

/** What amounts were read as, beside their fields, for the person to look at before they count. */
export function readBackText(words: Words, amounts: Record<string, number>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, fen]) => [name, words.issue.readBack({ amount: money(fen), upper: upperAmount(fen) })]),
  );
}

/** What is wrong with a form, field by field. */
export function faultsText(words: Words, issues: readonly FieldIssue[]): Record<string, string> {
  return Object.fromEntries(issues.map((issue) => [issue.path, issueText(words, issue)]));
}

function bound(value: number, as: string | undefined): string {
  if (as === 'amount') return money(value);
  return as === 'percent' ? `${formatPercent(value)}%` : String(value);
}
