import type { Spoken } from '../languages.ts';

/** What belongs to a place and not to its law: the time that its clocks show, its money, how its people are reached. A jurisdiction has one. */

/** How far clocks are ahead of UTC, the whole year. A place that puts them forward in summer needs a rule here first. */
export type Zone = `${'+' | '-'}${number}:${number}`;

export type Place = {
  zone: Zone;
  /** What its people call that time. */
  clock: Spoken;
  /** ISO 4217, the sign before an amount, and what people type before and behind one. */
  currency: { code: string; sign: string; before: RegExp; behind: RegExp };
  /** The code of the country, and a mobile number within it. */
  phone: { country: string; mobile: RegExp };
};

/** Mainland China: one time for all of it, and no summer time. */
export const MAINLAND = {
  zone: '+08:00',
  clock: { zh: '北京时间', en: 'Beijing time' },
  currency: {
    code: 'CNY',
    sign: '¥',
    before: /^(?:[¥￥]|RMB|CNY|人民[币幣])[ :]*/i,
    behind: /(?: *(?:[元圆圓]整?|[块塊]钱?|RMB|CNY|人民[币幣]))+$/i,
  },
  phone: { country: '86', mobile: /^1[3-9]\d{9}$/ },
} as const satisfies Place;

/** Where the portal stands: by it are read what is typed before a case is known, and the time that pages and letters tell which are of no case. */
export const HOME = MAINLAND;
