import type { Excess } from '../../worker/negotiation/authority.ts';
import { money } from '../../worker/plan/amount.ts';
import type { Language } from '../../worker/plan/languages.ts';
import type { PlanRefusal } from '../../worker/plan/schedule.ts';
import type { Words } from './zh.ts';

/** The words of a plan that is being drawn up. The server has them at hand; with the page they go to the browser's preview (`sentence.ts`). */
export function planSay(words: Words, language: Language) {
  const { schedule, law } = words;
  return {
    language,
    totals: {
      highest: schedule.highest,
      instalments: schedule.instalments,
      firstPaid: words.terms.firstPaid,
      lastDue: schedule.lastDue,
      paid: schedule.paid,
      waived: schedule.waived,
      owed: schedule.owed,
      interest: schedule.interestTotal,
      annualRate: schedule.annualRate,
    },
    bar: schedule.bar,
    every: { month: words.every.month, fortnight: words.every.fortnight, week: words.every.week },
    fits: schedule.fits,
    exceeds: schedule.exceeds,
    one: schedule.missOne,
    span: schedule.missSpan,
    miss: schedule.miss,
    more: ({ count }: { count: number | string }) => schedule.moreMisses(count),
    fit: schedule.fit,
    takeFit: schedule.takeFit,
    law: {
      rate: law.rate,
      cost: law.cost,
      months: law.months,
      missing: law.missing,
      unknown: law.unknown,
      since: law.since,
      copy: law.copy,
      asOf: ({ date }: { date: string }) => law.asOf(date),
      stale: ({ date }: { date: string }) => law.stale(date),
    },
    exceeded: words.authority.exceeded,
    refused: Object.fromEntries(
      Object.entries(words.plan).map(([code, text]) => [
        code,
        ({ amount }: { amount: string }) => (typeof text === 'function' ? text(amount) : text),
      ]),
    ),
    stage: words.planIn,
  };
}

export type PlanSay = ReturnType<typeof planSay>;

/** Why a plan cannot be worked out, as a sentence. */
export function refusedText({ refused, stage }: Pick<PlanSay, 'refused' | 'stage'>, refusal: PlanRefusal): string {
  const amount = 'least' in refusal ? refusal.least : 'remainder' in refusal ? refusal.remainder : 0;
  const text = refused[refusal.code]?.({ amount: money(amount) }) ?? '';
  return 'phase' in refusal ? stage({ stage: refusal.phase + 1, text }) : text;
}

/** Beyond which limit an act goes, what it gives and up to what it may: amounts as money, a term in months. */
export function exceededText({ exceeded }: Pick<PlanSay, 'exceeded'>, { what, given, limit }: Excess): string {
  const figure = what === 'term' ? String : money;
  return exceeded[what]({ given: figure(given), limit: figure(limit) });
}
