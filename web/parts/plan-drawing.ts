import { type Books, type Excess, exceeded, granted, type Limits } from '../../worker/negotiation/authority.ts';
import { belowMinimum, type Held, hold, type MeansOverTime, type Span, shownSpans } from '../../worker/plan/affordability.ts';
import { formatPercent, money } from '../../worker/plan/amount.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
import { type Fitting, fitting } from '../../worker/plan/fitting.ts';
import { isStale, type Jurisdiction, type Loan, type Missing, type Rule } from '../../worker/plan/law/jurisdiction.ts';
import { type Mark, type MeasuredPlan, marks, type Unknown } from '../../worker/plan/law/marks.ts';
import type { PlanRefusal, Schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { dateIn } from '../words/dates.ts';
import { exceededText, type PlanSay, refusedText } from '../words/plan.ts';
import { bars, FIELD } from './bars.ts';
import { type Drawn, draw } from './drawing.ts';

/** A plan as a person takes it in, drawn once: by the server when it works a plan out, and by the browser's preview while it is typed. */

export type Plan = Schedule & { terms: Terms };

/** A schedule with the terms that gave it, or why there is none. */
export type Worked = Plan | { refused: PlanRefusal };

/** What a plan is held against while it is drawn up. `minimum` is the lender's least instalment in 分, and what is said of a plan below it. */
export type Against = {
  debt: Debt;
  means: MeansOverTime | null;
  minimum: { amount: number; below: string };
  law: Jurisdiction;
  loan: Loan;
  /** What a person of the lender's staff may grant alone, where that is limited. */
  authority?: { limits: Limits; books: Books; today: string };
  /** What would fit can be taken over into the form: where that goes with it, '' for where the form is sent anyway. */
  take?: string;
};

/** The figures, a `picture` where one is wanted, how they stand to the means, the minimum and one's authority, and the lines of the law that are touched; or why there is no plan. */
export function drawPlan(
  worked: Worked,
  against: Against,
  say: PlanSay,
  picture: (plan: Plan, held: Held | null) => Drawn[] = () => [],
): Drawn[] {
  if ('refused' in worked) return [draw('p', 'error', refusedText(say, worked.refused))];
  const { terms, totals } = worked;
  const { means, law, loan } = against;
  const held = means ? hold(worked, terms.every, means) : null;
  return [
    drawTotals(totals, terms, say),
    ...picture(worked, held),
    ...drawExcess(against, terms, say),
    ...(held && means ? [drawHeld(worked, held, { ...against, means }, say)] : []),
    ...drawMinimum(worked, against),
    ...drawMarks(law, { ...worked, debt: against.debt }, loan, terms.start, say),
  ];
}

/** A plan in a line, for who fills its form in: the highest instalment, how many there are, all that is paid, how it stands to the means. */
export function drawBar(worked: Worked, against: Pick<Against, 'means' | 'authority' | 'debt'>, say: PlanSay): Drawn[] {
  if ('refused' in worked) return [];
  const { terms, totals } = worked;
  const { means } = against;
  const held = means ? hold(worked, terms.every, means) : null;
  const excess = excessOf(against, terms);
  const over = held && held.misses.length > 0;
  const stands = over ? draw('strong', 'over', say.bar.over({ over: money(held.most) })) : draw('span', '', say.bar.within);
  return [
    draw('strong', '', say.bar.highest({ every: say.every[terms.every], amount: money(totals.highest) })),
    draw('span', '', say.bar.count({ count: totals.instalments })),
    draw('span', '', say.bar.paid({ paid: money(totals.paid) })),
    ...(held ? [stands] : []),
    ...(excess ? [draw('strong', 'over', supervisorText(excess, say))] : []),
  ];
}

/** That a supervisor has to allow it: by how much it goes beyond which limit. */
function supervisorText({ what, given, limit }: Excess, { bar: say }: PlanSay): string {
  const by = given - limit;
  return say.supervisor({ limit: say.limits[what], by: what === 'term' ? say.months({ months: by }) : money(by) });
}

/** The figures of a schedule that people look at first; `rest` leaves out those that an offer's card shows. */
export function drawTotals(totals: Schedule['totals'], terms: Terms, say: PlanSay, rest = false): Drawn {
  const card: Record<string, string> = {
    [say.totals.highest]: money(totals.highest),
    [say.totals.instalments]: String(totals.instalments),
    [say.totals.firstPaid]: dateIn(say.language, firstInstalment(terms)),
    [say.totals.lastDue]: dateIn(say.language, totals.lastDue),
    [say.totals.paid]: money(totals.paid),
    [say.totals.owed]: money(totals.owed),
    [say.totals.interest]: money(totals.interest),
    [say.totals.waived]: money(totals.waived),
  };
  const further: Record<string, string> = {
    [say.totals.annualRate]: `${formatPercent(totals.annualRatePpm)}%`,
  };
  const items = Object.entries(rest ? further : { ...card, ...further });
  return draw('dl', 'totals', ...items.map(([name, value]) => draw('div', '', draw('dt', '', name), draw('dd', '', value))));
}

const HIGH = 64;

/** Each payment as a bar against what can be borne, as small as on the card of an offer. */
export function drawSmall({ rows }: Pick<Schedule, 'rows'>, held: Held | null): Drawn[] {
  const line = held?.line ?? null;
  const most = Math.max(1, ...rows.map(({ payment }) => payment), ...(line ?? []));
  const { pauses, within, over, line: borne } = bars(rows, line, (fen) => HIGH - 2 - (fen / most) * (HIGH - 4), 0, HIGH - 2);
  const paths: [string, string][] = [
    ['pause', pauses],
    ['bar', within],
    ['bar over', over],
    ['afford', borne],
  ];
  const marks = { class: 'chart', viewBox: `0 0 ${FIELD} ${HIGH}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' };
  return [draw('figure', 'small-chart', draw('svg', marks, ...paths.map(([name, d]) => draw('path', { class: name, d }))))];
}

/** What goes beyond the person's own authority. */
export function drawExcess(against: Pick<Against, 'authority' | 'debt'>, terms: Terms, say: PlanSay): Drawn[] {
  const excess = excessOf(against, terms);
  return excess ? [draw('p', 'notice warn', exceededText(say, excess))] : [];
}

function excessOf({ authority, debt }: Pick<Against, 'authority' | 'debt'>, terms: Terms): Excess | null {
  return authority ? exceeded(authority.limits, authority.books, granted({ debt, terms }), authority.today) : null;
}

/** How a plan stands to the borrower's means: that it fits, or which instalments do not, by how much, and what would. */
export function drawHeld(
  { terms }: Plan,
  held: Held,
  { debt, means, take }: Pick<Against, 'debt' | 'take'> & { means: MeansOverTime },
  say: PlanSay,
): Drawn {
  if (held.misses.length === 0) return draw('p', 'notice good', say.fits);
  const { shown, more } = shownSpans(held.misses);
  const fit = fitting(debt, terms, means);
  const spans = shown.map((span) => draw('li', '', draw('strong', '', spanText(span, say)), draw('br', ''), missText(span, say)));
  return draw(
    'div',
    'notice warn stack tight',
    draw('p', '', say.exceeds({ count: held.misses.length, amount: money(held.most) })),
    draw('ul', 'plain-list', ...spans, ...(more > 0 ? [draw('li', '', say.more({ count: more }))] : [])),
    draw('p', '', fitText(fit, say)),
    ...(fit && take !== undefined ? [draw('p', '', draw('button', taking(take), say.takeFit))] : []),
  );
}

/** The button of the form that takes over what would fit. */
const taking = (at: string) => ({
  type: 'submit',
  name: 'action',
  value: 'fit',
  formnovalidate: '',
  ...(at === '' ? {} : { formaction: at }),
});

function spanText({ from, to }: Span, say: PlanSay): string {
  const due = dateIn(say.language, from.due);
  return from.no === to.no ? say.one({ no: String(from.no), due }) : say.span({ from: String(from.no), to: String(to.no), due });
}

function missText({ payment, affordable, over }: Span, say: PlanSay): string {
  return say.miss({ payment: money(payment), affordable: money(affordable), over: money(over) });
}

/** What would fit, as a sentence. */
function fitText(fit: Fitting | null, { fit: say, language }: PlanSay): string {
  if (!fit) return say.none;
  const { highest, lastDue } = fit.schedule.totals;
  return say[fit.as]({ paused: fit.paused, count: fit.count, highest: money(highest), date: dateIn(language, lastDue) });
}

/** That a plan is below the lender's published minimum. */
export function drawMinimum(worked: Plan, { minimum: { amount, below } }: Pick<Against, 'minimum'>): Drawn[] {
  return belowMinimum(worked, worked.terms.every, amount) ? [draw('p', 'notice warn', below)] : [];
}

/** Lines of the law that a plan passes on a day, with what was measured; and those of which that cannot be told, by what is not known. */
export function drawMarks(law: Jurisdiction, plan: MeasuredPlan, loan: Loan, on: string, say: PlanSay): Drawn[] {
  const found = marks(law, plan, loan, on);
  const asOf = draw('li', 'soft small', asOfText(law, on, say));
  const passed = found.marks.map((mark) => draw('li', '', draw('strong', '', markText(mark, say)), ...drawRule(mark.rule, say)));
  return [...(passed.length > 0 ? [draw('ul', 'notice warn plain-list', ...passed, asOf)] : []), ...drawUnknown(found.unknown, say)];
}

function markText({ rule: { limit: line }, limit, measured }: Mark, { law: say }: PlanSay): string {
  if (line?.kind === 'total-months') return say.months({ measured, limit });
  const figures = { measured: `${formatPercent(measured)}%`, limit: `${formatPercent(limit)}%` };
  return line?.kind === 'yearly-rate' && line.measures === 'total-cost' ? say.cost(figures) : say.rate(figures);
}

/** Folded away: what cannot be compared is said, and is not in the way. */
function drawUnknown(unknown: readonly Unknown[], say: PlanSay): Drawn[] {
  const all: Missing[] = [...new Set(unknown.map(({ missing }) => missing))];
  return all.map((missing) => {
    const rules = unknown.filter((one) => one.missing === missing).map(({ rule }) => draw('li', '', ...drawRule(rule, say)));
    const summary = draw('summary', '', say.law.unknown({ missing: say.law.missing[missing] }));
    return draw('details', 'small', summary, draw('ul', 'plain-list', ...rules));
  });
}

/** What a rule says, and where it stands. */
export function drawRule({ text, source, from, copy }: Rule, { law, language }: PlanSay): Drawn[] {
  const since = law.since({ source: source[language], from: dateIn(language, from) });
  return [draw('br', ''), text[language], draw('br', ''), draw('span', 'soft small', copy ? law.copy({ since }) : since)];
}

/** When the table was last brought up to date, and where that is long ago, that a reader should check. */
export function asOfText(law: Jurisdiction, on: string, say: PlanSay): string {
  const date = dateIn(say.language, law.asOf);
  return isStale(law, on) ? say.law.stale({ date }) : say.law.asOf({ date });
}
