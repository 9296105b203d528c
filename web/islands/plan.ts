import { type Books, type Excess, exceeded, granted, type Limits } from '../../worker/negotiation/authority.ts';
import { belowMinimum, type Held, hold, type MeansOverTime, shownSpans } from '../../worker/plan/affordability.ts';
import { formatPercent, money, parseAmount, parsePercent, plainTyped } from '../../worker/plan/amount.ts';
import { isDate } from '../../worker/plan/calendar.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
import { fitting } from '../../worker/plan/fitting.ts';
import { MAX_INSTALMENTS, MAX_PPM } from '../../worker/plan/format.ts';
import type { Language } from '../../worker/plan/languages.ts';
import { isStale, type Jurisdiction, marks } from '../../worker/plan/law/jurisdiction.ts';
import { type PlanRefusal, type Row, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';
import { bars, FIELD } from '../parts/bars.ts';
import { dateIn } from '../words/dates.ts';
import { once } from './lib/once.ts';

/** The live preview: works the schedule out as the form is filled in, by the worker's own modules and in its own words. */

type Live = {
  prefix: string;
  debt: Debt;
  locale: Language;
  means?: MeansOverTime;
  /** The lender's published least instalment, 分. */
  minimum: number;
  law: Jurisdiction;
  /** What a person of the lender's staff may grant alone, where that is limited. */
  authority?: { limits: Limits; books: Books; today: string; words: Record<Excess['what'], string> };
  words: {
    totals: string[];
    fits: string;
    exceeds: string;
    exceedsOne: string;
    one: string;
    span: string;
    miss: string;
    more: string;
    moreOne: string;
    fit: Record<'last' | 'whole' | 'pause' | 'pauseOne' | 'none', string>;
    belowMinimum: string;
    law: Record<'rate' | 'instalments' | 'since' | 'asOf' | 'stale', string>;
    refused: Record<string, string>;
    stage: string;
  };
};

function start(place: HTMLElement, source: HTMLFormElement, live: Live): void {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => show(place, source, live), 250);
  };
  source.addEventListener('input', later);
  source.addEventListener('change', later);
  if (place.hidden) show(place, source, live);
}

function show(place: HTMLElement, source: HTMLFormElement, live: Live): void {
  const terms = read(new FormData(source), live.prefix);
  if (!terms) return;
  const worked = schedule(live.debt, terms);
  place.replaceChildren(...('refused' in worked ? [paragraph('error', refusalText(worked.refused, live))] : drawn(worked, terms, live)));
  place.hidden = false;
}

function drawn(worked: Exclude<ReturnType<typeof schedule>, { refused: unknown }>, terms: Terms, live: Live): HTMLElement[] {
  const { totals } = worked;
  const values = [
    money(totals.highest),
    String(totals.instalments),
    dateIn(live.locale, firstInstalment(terms)),
    dateIn(live.locale, totals.lastDue),
    money(totals.paid),
    money(totals.waived),
    money(totals.owed),
    money(totals.interest),
    `${formatPercent(totals.annualRatePpm)}%`,
  ];
  const list = document.createElement('dl');
  list.className = 'totals';
  for (const [i, name] of live.words.totals.entries()) {
    const item = document.createElement('div');
    item.append(text('dt', name), text('dd', values[i] ?? ''));
    list.append(item);
  }
  const { means, minimum, words } = live;
  const held = means ? hold(worked, terms.every, means) : null;
  return [
    list,
    picture(worked, held),
    ...beyond(terms, live),
    ...(!held || !means ? [] : [held.misses.length === 0 ? paragraph('notice good', words.fits) : missed(held, terms, { ...live, means })]),
    ...(belowMinimum(worked, terms.every, minimum) ? [paragraph('notice warn', words.belowMinimum)] : []),
    ...touched(terms, totals.instalments, live),
  ];
}

const SVG = 'http://www.w3.org/2000/svg';
const HIGH = 64;

/** Each payment as a bar against what can be borne, as small as on the card of an offer. */
function picture({ rows }: { rows: readonly Row[] }, held: Held | null): HTMLElement {
  const most = Math.max(1, ...rows.map(({ payment }) => payment), ...(held?.line ?? []));
  const shapes = bars(rows, held?.line ?? null, (fen) => HIGH - 2 - (fen / most) * (HIGH - 4), 0, HIGH - 2);
  const svg = document.createElementNS(SVG, 'svg');
  const marks = { class: 'chart', viewBox: `0 0 ${FIELD} ${HIGH}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' };
  for (const [name, value] of Object.entries(marks)) svg.setAttribute(name, value);
  for (const [kind, d] of [
    ['pause', shapes.pauses],
    ['bar', shapes.within],
    ['bar over', shapes.over],
    ['afford', shapes.line],
  ] as const) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', kind);
    path.setAttribute('d', d);
    svg.append(path);
  }
  const figure = document.createElement('figure');
  figure.className = 'small-chart';
  figure.append(svg);
  return figure;
}

/** What goes beyond the person's own authority, as the server says it when it refuses. */
function beyond(terms: Terms, { authority, debt }: Live): HTMLElement[] {
  const excess = authority ? exceeded(authority.limits, authority.books, granted({ debt, terms }), authority.today) : null;
  if (!authority || !excess) return [];
  const figure = excess.what === 'term' ? String : money;
  return [paragraph('notice warn', put(authority.words[excess.what], { given: figure(excess.given), limit: figure(excess.limit) }))];
}

/** The rules that the plan touches, as the server lists them. */
function touched(terms: Terms, instalments: number, { law, locale, words: { law: say } }: Live): HTMLElement[] {
  const found = marks(law, { rate: terms.rate, instalments }, terms.start);
  if (found.length === 0) return [];
  const list = document.createElement('ul');
  list.className = 'notice warn plain-list';
  for (const { rule, limit } of found) {
    const title =
      rule.limit?.kind === 'instalments' ? put(say.instalments, { limit }) : put(say.rate, { limit: `${formatPercent(limit)}%` });
    const item = document.createElement('li');
    const source = text('span', put(say.since, { source: rule.source[locale], from: dateIn(locale, rule.from) }));
    source.className = 'soft small';
    item.append(text('strong', title), document.createElement('br'), rule.text[locale], document.createElement('br'), source);
    list.append(item);
  }
  const asOf = text('li', isStale(law, terms.start) ? say.stale : say.asOf);
  asOf.className = 'soft small';
  list.append(asOf);
  return [list];
}

/** Which instalments do not fit, by how much, and what would fit. */
function missed({ misses, most }: Held, terms: Terms, { means, debt, words, locale }: Live & { means: MeansOverTime }): HTMLElement {
  const notice = document.createElement('div');
  notice.className = 'notice warn stack tight';
  const { shown, more } = shownSpans(misses);
  const list = document.createElement('ul');
  list.className = 'plain-list';
  for (const { from, to, payment, affordable, over } of shown) {
    const due = dateIn(locale, from.due);
    const which = from.no === to.no ? put(words.one, { no: from.no, due }) : put(words.span, { from: from.no, to: to.no, due });
    const amounts = { payment: money(payment), affordable: money(affordable), over: money(over) };
    const item = document.createElement('li');
    item.append(text('strong', which), document.createElement('br'), put(words.miss, amounts));
    list.append(item);
  }
  if (more > 0) list.append(text('li', put(more === 1 ? words.moreOne : words.more, { count: more })));
  const fit = fitting(debt, terms, means);
  const { totals } = fit?.schedule ?? {};
  const would =
    fit && totals
      ? put(words.fit[fit.as === 'pause' && fit.paused === 1 ? 'pauseOne' : fit.as], {
          paused: fit.paused,
          count: fit.count,
          highest: money(totals.highest),
          date: dateIn(locale, totals.lastDue),
        })
      : words.fit.none;
  notice.append(
    text('p', put(misses.length === 1 ? words.exceedsOne : words.exceeds, { count: misses.length, amount: money(most) })),
    list,
    text('p', would),
  );
  return notice;
}

function refusalText(refusal: PlanRefusal, { words }: Live): string {
  const amount = 'least' in refusal ? refusal.least : 'remainder' in refusal ? refusal.remainder : 0;
  const said = put(words.refused[refusal.code] ?? '', { amount: money(amount) });
  return 'phase' in refusal ? put(words.stage, { stage: refusal.phase + 1, text: said }) : said;
}

/** A sentence with its figures in their places, each by its name. */
function put(template: string, figures: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(figures[name] ?? ''));
}

function text(tag: string, content: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = content;
  return node;
}

function paragraph(kind: string, content: string): HTMLElement {
  const node = text('p', content);
  node.className = kind;
  return node;
}

/** The terms as typed so far, or null where something that is needed cannot be read yet: then the last picture stays. */
function read(data: FormData, prefix: string): Terms | null {
  const field = (name: string) => String(data.get(`${prefix}terms.${name}`) ?? '').trim();
  const ppm = parsePercent(field('rate.ppm') || '0');
  const [start, firstDue] = [field('start'), field('firstDue')];
  if (ppm === null || ppm > MAX_PPM || !isDate(start) || !isDate(firstDue)) return null;
  const waive: Record<string, number> = {};
  for (const part of ['principal', 'interest', 'penalty', 'fees']) {
    const typed = field(`waive.${part}`);
    const amount = typed === '' ? 0 : parseAmount(typed);
    if (amount === null) return null;
    if (typed !== '') waive[part] = amount;
  }
  const upfront = field('upfront.amount') === '' ? null : { due: field('upfront.due'), amount: parseAmount(field('upfront.amount')) ?? -1 };
  if (upfront && (upfront.amount < 0 || !isDate(upfront.due))) return null;
  const phases = readPhases(data, prefix);
  const every = oneOf(field('every'), ['month', 'fortnight', 'week']);
  const per = oneOf(field('rate.per'), ['year', 'month', 'day']);
  const interestOn = oneOf(field('interestOn'), ['principal', 'balance']);
  const dayCount = oneOf(field('dayCount'), ['period', 'actual/365', 'actual/360']);
  if (!phases || !every || !per || !interestOn || !dayCount) return null;
  return { start, firstDue, every, rate: { per, ppm }, interestOn, dayCount, waive, upfront, phases };
}

/** What was chosen from a list. */
function oneOf<const Option extends string>(chosen: string, options: readonly Option[]): Option | undefined {
  return options.find((option) => option === chosen);
}

function readPhases(data: FormData, prefix: string): Phase[] | null {
  const phases: Phase[] = [];
  for (let i = 0; data.has(`${prefix}terms.phases.${i}.kind`); i++) {
    const part = (name: string) => plainTyped(String(data.get(`${prefix}terms.phases.${i}.${name}`) ?? ''));
    const kind = part('kind');
    if (kind === '') continue;
    const count = /^\d{1,3}$/.test(part('count')) ? Number(part('count')) : undefined;
    if (kind === 'rest') phases.push({ kind });
    else if (kind === 'fixed') {
      const amount = parseAmount(part('amount'));
      if (amount === null || (part('count') !== '' && !count)) return null;
      phases.push(count ? { kind, amount, count } : { kind, amount });
    } else if (!count || count > MAX_INSTALMENTS) return null;
    else if (kind === 'pause') phases.push({ kind, count, interest: oneOf(part('interest'), ['waived']) ?? 'runs' });
    else {
      const other = oneOf(kind, ['interest-only', 'level', 'even-principal']);
      if (!other) return null;
      phases.push({ kind: other, count });
    }
  }
  return phases.length > 0 ? phases : null;
}

// At the end: the first picture is drawn at once, and all that it needs must be there.
once();
const preview = document.querySelector<HTMLElement>('[data-plan]');
const form = preview?.closest('form');
if (preview && form) start(preview, form, JSON.parse(preview.dataset.plan ?? '{}'));
