import { Hono } from 'hono';
import { type AskedReport, BehindPage, type Group, ReportsPage, reportAddress, wayOf } from '../../web/pages/reports.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { monthText, type Words } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { BY_POLICY } from '../negotiation/milestones.ts';
import {
  DIMENSIONS,
  type Dimension,
  figureNames,
  figureOf,
  figuresOf,
  kindsIn,
  SECTIONS,
  type Section,
  type Tally,
} from '../negotiation/report.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { type DeskAdmission, openDesk } from '../store/open.ts';
import type { BehindKey, Period } from '../store/reports.ts';
import { deskWith } from './institution.ts';
import { type C, notFound, type Portal, page } from './portal.ts';

/** A lender's reports, for whoever may look into all of its cases: what is counted with every append, and the cases behind each figure. */

export const reportRoutes = new Hono<Portal>();

const PATH = '/desk/:lender/reports';
const MOST_MONTHS = 36;
/** Months that are shown unless asked otherwise. */
const USUAL = 12;
const MOST_GROUPS = 60;
const MOST_KEY = 60;

const MONTH = /^20\d{2}-(0[1-9]|1[0-2])$/;

/** Months from some day 0 on. */
const numberOf = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
const monthOf = (n: number) => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;

/** What an address asks for, and what of it cannot be read: then the months that are usual stand for them. */
export function readReport(
  query: (name: string) => string | undefined,
  words: Words,
): { asked: AskedReport; period: Period; errors: Filled['errors'] } {
  const errors: Record<string, string> = {};
  const now = dayOf(instant(), HOME.zone).slice(0, 7);
  const typed = (name: 'from' | 'until', usual: string) => {
    const said = (query(name) ?? '').trim();
    if (said === '') return usual;
    if (!MONTH.test(said)) errors[name] = words.reports.badMonth;
    return MONTH.test(said) ? said : usual;
  };
  let [from, until] = [typed('from', monthOf(numberOf(now) - USUAL + 1)), typed('until', now)];
  if (from > until || numberOf(until) - numberOf(from) >= MOST_MONTHS) {
    errors.from ??= words.reports.badRange({ most: MOST_MONTHS });
    [from, until] = [monthOf(numberOf(until) - USUAL + 1), until];
  }
  const key = (query('key') ?? '').slice(0, MOST_KEY);
  const of = DIMENSIONS.find((one) => one === query('of') && (one !== 'policy' || /^\d{1,7}$/.test(key)));
  return {
    // Of one alone there is nothing to show but its months.
    asked: { by: of ? 'month' : wayOf(query('by') ?? ''), from, until, of: of ?? '', key: of ? key : '' },
    period: { from, until, ...(of ? { only: { by: of, key } } : {}) },
    errors,
  };
}

/** What a report shows: all of it together, and group by group; of one section alone, where that is named. */
export async function reportOf(
  c: C,
  admission: DeskAdmission,
  { asked, period }: Pick<ReturnType<typeof readReport>, 'asked' | 'period'>,
  section?: Section,
): Promise<{ all: Group['figures']; groups: Group[]; only: string | null }> {
  const { words } = c.var.view;
  const by = wayOf(asked.by);
  const { only } = period;
  const [tallies, names] = await Promise.all([
    openDesk(c.var.env, admission).tallies(period, by, section && kindsIn(section)),
    by === 'agent' || only?.by === 'agent' ? namesOf(c, admission) : new Map<string, string>(),
  ]);
  const named = (dimension: Dimension, key: string) => groupName(dimension, key, names, words);
  const found = Map.groupBy(tallies, ({ group }) => group);
  const keys = by === 'month' ? monthsOf(period) : [...found.keys()].sort((a, b) => sizeOf(found.get(b)) - sizeOf(found.get(a)));
  const groups = keys.map((key): Group => {
    const asks = by === 'month' ? { ...asked, from: key, until: key } : { ...asked, by: 'month', of: by, key };
    return { key, name: by === 'month' ? monthText(words, `${key}-01`) : named(by, key), figures: figuresOf(found.get(key) ?? []), asks };
  });
  return { all: figuresOf(tallies), groups, only: only ? words.reports.only[only.by]({ name: named(only.by, only.key) }) : null };
}

const monthsOf = ({ from, until }: Period) =>
  Array.from({ length: numberOf(until) - numberOf(from) + 1 }, (_, i) => monthOf(numberOf(from) + i));

const sizeOf = (tallies: readonly Tally[] = []) => tallies.reduce((sum, { days, count }) => (days < 0 ? sum + count : sum), 0);

/** How the lender's people are called now. */
async function namesOf(c: C, { lender }: DeskAdmission): Promise<ReadonlyMap<string, string>> {
  const people = await c.var.directory.colleagues(lender.id);
  return new Map([...people].map(([account, { name }]) => [account, name]));
}

function groupName(dimension: Dimension, key: string, names: ReadonlyMap<string, string>, { reports: say }: Words): string {
  if (key === '') return say.nobody[dimension];
  if (dimension === 'policy') return say.version({ version: key });
  if (dimension === 'product') return key;
  return key === BY_POLICY ? say.byPolicy : (names.get(key) ?? say.former({ account: key.slice(0, 6) }));
}

reportRoutes.get(PATH, async (c) => {
  const admission = deskWith(c, 'inspect');
  const { view } = c.var;
  const read = readReport((name) => c.req.query(name), view.words);
  const { asked, errors } = read;
  const section = SECTIONS.find((one) => one === c.req.query('section')) ?? 'talks';
  const { all, groups, only } = await reportOf(c, admission, read, section);
  const shown = groups.slice(0, MOST_GROUPS);
  const typed = Object.fromEntries((['from', 'until'] as const).map((name) => [name, c.req.query(name) || asked[name]]));
  return page(
    c,
    ReportsPage({
      ...{ view, lender: admission.lender, asked, all, only, groups: shown, more: groups.length > shown.length },
      section,
      form: { ...filled({ by: asked.by, ...typed }), errors },
    }),
    Object.keys(errors).length > 0 ? 422 : 200,
  );
});

/** A place in the list, as an address has it. */
function placeOf(typed: string | undefined): BehindKey | undefined {
  const [kind = '', day = '', id = '', no = ''] = (typed ?? '').split(' ');
  return /^[a-z.-]{1,30}$/.test(kind) && /^\d{4}-\d{2}-\d{2}$/.test(day) && /^[0-9a-f]{1,64}$/.test(id) && /^\d{1,12}$/.test(no)
    ? { kind, day, case: id, no: Number(no) }
    : undefined;
}

reportRoutes.get(`${PATH}/cases`, async (c) => {
  const admission = deskWith(c, 'inspect');
  const { view } = c.var;
  const figure = figureNames.find((one) => one === (c.req.query('figure') ?? 'opened'));
  if (!figure || figureOf(figure).kinds.length === 0) throw notFound();
  const { asked, period } = readReport((name) => c.req.query(name), view.words);
  const { only } = period;
  const [{ rows, next }, names] = await Promise.all([
    openDesk(c.var.env, admission).behind(figureOf(figure), period, placeOf(c.req.query('after'))),
    only?.by === 'agent' ? namesOf(c, admission) : new Map<string, string>(),
  ]);
  const { words } = view;
  const months = { from: monthText(words, `${period.from}-01`), until: monthText(words, `${period.until}-01`) };
  return page(
    c,
    BehindPage({
      ...{ view, lender: admission.lender, figure, asked, rows },
      period: words.reports.period(months),
      only: only ? words.reports.only[only.by]({ name: groupName(only.by, only.key, names, words) }) : null,
      next: next && `?${reportAddress({ ...asked, figure, after: `${next.kind} ${next.day} ${next.case} ${next.no}` })}`,
    }),
  );
});
