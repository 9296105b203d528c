import { HOME } from './law/place.ts';
import { withoutInvisible } from './unseen.ts';

/** Reading amounts and rates as people type them: 1,2345.67 · 12345.67元 · １２３４５ · 12000。50 · ¥1.2万 · 1.2w · 人民币12000元. */

const UNITS: Record<string, number> = { '': 0, 万: 4, 萬: 4, w: 4, 亿: 8, 億: 8 };

/** Longer than any amount that a person types or pastes: what is beyond is no amount. */
const LONGEST = 200;

/** What a text comes to, in whole units; or the readings that it admits, of which none is taken: what was meant is not guessed. */
export type Reading = { value: number } | { readings: number[] };

/** A typed amount in 分, or null where it is none, is finer than a 分 or can be read in two ways (`amountReadings`). Never rounds. */
export function parseAmount(typed: string): number | null {
  const reading = readAmount(typed);
  return 'value' in reading ? reading.value : null;
}

/** What a text that is refused as an amount may have meant, in 分: `1200,50` is 1,200.50 or 120,050.00. Empty where it is no amount at all. */
export function amountReadings(typed: string): number[] {
  const reading = readAmount(typed);
  return 'readings' in reading ? reading.readings : [];
}

function readAmount(typed: string): Reading {
  const text = withoutCurrency(plainTyped(typed));
  const [, number = '', unit = ''] = /^(.*?) *([万萬w亿億]?)$/i.exec(text) ?? [];
  return readNumber(number, 2 + (UNITS[unit.toLowerCase()] ?? 0));
}

/** What was typed without the name or the sign of its currency. */
export function withoutCurrency(text: string): string {
  return text.replace(HOME.currency.before, '').replace(HOME.currency.behind, '');
}

/** A typed percentage in ppm (12.5 or 12.5% is 125,000), or null where it is none, finer than a ppm or can be read in two ways. */
export function parsePercent(typed: string): number | null {
  const reading = readPercent(typed);
  return 'value' in reading ? reading.value : null;
}

/** What a text that is refused as a percentage may have meant, in ppm. */
export function percentReadings(typed: string): number[] {
  const reading = readPercent(typed);
  return 'readings' in reading ? reading.readings : [];
}

/** A percentage is never long enough to be grouped: a comma in one is as good as a point. */
function readPercent(typed: string): Reading {
  const text = plainTyped(typed).replace(/ *%$/, '');
  return /^[\d.]*$/.test(text) ? readNumber(text, 4) : { readings: readings(text, 4) };
}

/** As it was meant to look: without invisible characters (as phones add around what is copied), full-width letters as plain ones, every space alike. */
export function plainTyped(typed: string): string {
  if (typed.length > LONGEST) return '';
  return withoutInvisible(typed)
    .replace(/[\uff01-\uff5e]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(/[\p{Zs}\t]/gu, ' ')
    .replace(/[。｡]/g, '.')
    .trim();
}

/** Groups of three (1,234,567) or of four digits (1,2345), from the right, all parted alike; the first has one digit or more. */
const GROUPED = /^[1-9]\d{0,2}([, '’_])\d{3}(?:\1\d{3})*$|^[1-9]\d{0,3}([, '’_])\d{4}(?:\2\d{4})*$/;
const PLAIN = /^\d{1,16}$/;
/** 1.000: a thousand to some, one to others. */
const POINTED = /^[1-9]\d{0,2}(?:\.\d{3})+$/;

/** A number as whole units of 10^-places. */
function readNumber(text: string, places: number): Reading {
  const [whole = '', part = '', ...more] = text.split('.');
  if (more.length === 0 && /^\d{0,10}$/.test(part) && (PLAIN.test(whole) || GROUPED.test(whole)) && !(places === 2 && part.length > 2)) {
    const value = shifted(whole.replace(/\D/g, ''), part, places);
    if (value !== null) return { value };
  }
  return { readings: readings(text, places) };
}

/** The values that a text has when its comma is the point, when its commas are nothing, and when its points are. */
function readings(text: string, places: number): number[] {
  if (!/^[\d.,'’_ ]+$/.test(text)) return [];
  const pointed = (number: string) => {
    const match = /^(\d{1,16})(?:\.(\d{0,10}))?$/.exec(number);
    return match ? shifted(match[1] ?? '', match[2] ?? '', places) : null;
  };
  const found = [
    /^[^,]+,[^,.]+$/.test(text) ? pointed(text.replace(/[^\d,]/g, '').replace(',', '.')) : null,
    pointed(text.replace(/[^\d.]/g, '')),
    POINTED.test(text) ? pointed(text.replaceAll('.', '')) : null,
  ];
  return [...new Set(found.filter((value) => value !== null))];
}

/** whole.part × 10^places as a whole number, or null where digits would be lost. */
function shifted(whole: string, part: string, places: number): number | null {
  const digits = part.replace(/0+$/, '');
  if (digits.length > places) return null;
  const value = Number(`${whole}${digits.padEnd(places, '0')}`);
  return Number.isSafeInteger(value) ? value : null;
}

/** 分 as 元 with two decimals and thousands in threes: 1234567 is `12,345.67`. */
export function formatAmount(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '−' : ''}${yuan}.${digits.slice(-2)}`;
}

/** An amount in 分 as it is read: ¥12,345.67. */
export function money(fen: number): string {
  return `${fen < 0 ? '−' : ''}${HOME.currency.sign}${formatAmount(Math.abs(fen))}`;
}

/** 分 as it is put into a field: `12345.67`. */
export function plainAmount(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** ppm as a percentage without needless zeros: 125000 is `12.5`. */
export function formatPercent(ppm: number): string {
  const digits = String(ppm).padStart(5, '0');
  const part = digits.slice(-4).replace(/0+$/, '');
  return part ? `${digits.slice(0, -4)}.${part}` : digits.slice(0, -4);
}
