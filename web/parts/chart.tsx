import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { PropsWithChildren } from 'hono/jsx';
import { dayNumber } from '../../worker/plan/calendar.ts';
import type { Row, Schedule } from '../../worker/plan/schedule.ts';
import { dateText, money, monthText, type Words } from '../words/index.ts';
import { bars, FIELD, isOver } from './bars.ts';

/**
 * Pictures of plans: server-rendered SVG, by d3's scales and shapes, each with a text that says the same. What is drawn is stretched to the room that there
 * is, what is written keeps the size of the reader's letters.
 */

export const HEIGHT = 200;
export const TOP = 24;
const BOTTOM = 26;
export const BASE = HEIGHT - BOTTOM;
export const TICKS = 3;

/** A plan, named, from the day on which it starts. */
type Plan = { name: string; schedule: Schedule; start: string };
type Point = { day: number; balance: number };

/** How the balance falls, of one plan or of two on one axis. */
export function BalanceChart({ plans, words }: { plans: Plan[]; words: Words }) {
  const drawn = plans.filter(({ schedule }) => schedule.rows.length > 0);
  if (drawn.length === 0) return null;
  const lines = drawn.map(pointsOf);
  const starts = drawn.map(({ start }) => start).sort();
  const ends = drawn.map(({ schedule }) => schedule.totals.lastDue).sort();
  const [start, end] = [starts[0] ?? '', ends.at(-1) ?? ''];
  const y = amounts(Math.max(...lines.flat().map(({ balance }) => balance)));
  const x = scaleLinear([dayNumber(start), dayNumber(end)], [0, FIELD]);
  const path = line<Point>()
    .x(({ day }) => x(day))
    .y(({ balance }) => y(balance))
    .curve(curveStepAfter)
    .digits(1);
  const below = area<Point>()
    .x(({ day }) => x(day))
    .y0(y(0))
    .y1(({ balance }) => y(balance))
    .curve(curveStepAfter)
    .digits(1);
  const several = drawn.length > 1;
  const kinds = several ? ['line-a', 'line-b'] : ['line-one'];
  const one = drawn[0];
  const from = lines[0]?.[0];
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{several ? words.compare.chart : words.schedule.chart}</figcaption>
      <Plot
        y={y}
        label={drawn.map((plan) => balanceText(plan, words)).join(' ')}
        written={
          <>
            <Axis dates={[start, middle(start, end, drawn), end]} words={words} />
            {from && one ? (
              <text class="value" x="0" y={(y(from.balance) - 7).toFixed(0)}>
                {money(from.balance)}
              </text>
            ) : null}
            {drawn.map(({ schedule: { totals } }, i) => (
              <circle class={`end ${kinds[i] ?? ''}`} cx={percent(x(dayNumber(totals.lastDue)))} cy={y(0)} r="4" />
            ))}
            <Readable fields={balancesRead(drawn, x, words)} />
          </>
        }
      >
        {one && !several ? <path class="pause" d={pausesOf(one, x)} /> : null}
        {several ? null : <path class="area" d={below(lines[0] ?? []) ?? ''} />}
        {lines.map((points, i) => (
          <path class={kinds[i] ?? 'line-one'} d={path(points) ?? ''} />
        ))}
      </Plot>
      <Legend
        items={[
          ...(several ? drawn.map((plan, i) => [kinds[i] ?? '', endText(plan, words)] as const) : []),
          ...(one && !several && hasPause(one.schedule) ? [['bar-key pause', words.schedule.pause] as const] : []),
        ]}
      />
    </figure>
  );
}

/** Whose line it is and when it comes to its end: on a phone there is no room for that beside the other line. */
const endText = ({ name, schedule: { totals } }: Plan, words: Words): string =>
  name + words.aside(`${words.schedule.lastDue} ${monthText(words, totals.lastDue)}`);

/** A scale of amounts from 0 to a round one: 1 元 at the least, so that no line lies at a part of a 分. */
function amounts(top: number): ScaleLinear<number, number> {
  return scaleLinear([0, Math.max(top, 100)], [BASE, TOP]).nice(TICKS);
}

const percent = (x: number) => `${(x / (FIELD / 100)).toFixed(1)}%`;

/** A day in the middle, where there is room for one between. */
function middle(start: string, end: string, plans: Plan[]): string | null {
  const half = (dayNumber(start) + dayNumber(end)) / 2;
  const rows = plans.flatMap(({ schedule: { rows } }) => rows);
  const nearest = rows.find(({ due }) => dayNumber(due) >= half);
  return rows.length > 5 && nearest ? nearest.due : null;
}

type PlotProps = { y: ScaleLinear<number, number>; label: string; written: unknown; read?: (value: number) => string };

/** The lines that amounts are read against, with their amounts beside them; the field, stretched; and what is written on it. `read` writes what is no amount. */
export function Plot({ y, label, written, read = roundMoney, children }: PropsWithChildren<PlotProps>) {
  const ticks = y.ticks(TICKS);
  const letters = Math.max(...ticks.map((value) => read(value).length));
  return (
    <div class="plot chart" role="img" aria-label={label}>
      <svg width={`${(letters * 0.62 + 0.6).toFixed(1)}em`} height={HEIGHT} aria-hidden="true">
        {ticks.map((amount) => (
          <text x="100%" dx="-.5em" dy=".35em" y={y(amount).toFixed(0)} text-anchor="end">
            {read(amount)}
          </text>
        ))}
      </svg>
      <svg width="100%" height={HEIGHT} aria-hidden="true">
        <svg viewBox={`0 0 ${FIELD} ${HEIGHT}`} preserveAspectRatio="none" width="100%" height={HEIGHT} aria-hidden="true">
          {ticks.map((amount) => (
            <path class={amount === 0 ? 'axis' : 'grid'} d={`M0,${y(amount).toFixed(1)}H${FIELD}`} />
          ))}
          {children}
        </svg>
        {written}
      </svg>
    </div>
  );
}

/** A stretch of a picture, in its own measure, and what it says. */
type Field = { from: number; to: number; said: string[] };

/**
 * Where the pointer or the finger rests, what the picture says there stands above it. No stop of the tab key, and nothing for those who hear the page: the picture has its own
 * sentence, and the table beside it says all of it.
 */
export function Readable({ fields }: { fields: Field[] }) {
  return (
    <>
      {fields.map(({ from, to, said }) => (
        <g class="month" tabindex={-1}>
          <rect x={percent(from)} width={percent(to - from)} height={BASE} />
          {said.map((line, i) => (
            <text x="50%" y={10 + 13 * i} text-anchor="middle">
              {line}
            </text>
          ))}
        </g>
      ))}
    </>
  );
}

/** From each day on which something changes until the next: what is left then, of each plan. */
function balancesRead(plans: Plan[], x: ScaleLinear<number, number>, words: Words): Field[] {
  const days = [...new Set(plans.flatMap(({ schedule: { rows }, start }) => [start, ...rows.map(({ due }) => due)]))].sort();
  return days.slice(0, -1).map((day, i) => ({
    from: x(dayNumber(day)),
    to: x(dayNumber(days[i + 1] ?? day)),
    said: plans.flatMap(({ name, schedule: { rows, totals }, start }) => {
      if (day < start) return [];
      const balance = rows.findLast(({ due }) => due <= day)?.balance ?? totals.owed;
      return [`${dateText(words, day)} ${name}${words.colon}${money(balance)}`];
    }),
  }));
}

/** From when until when, and what lies between. */
function Axis({ dates: [start, between, end], words }: { dates: readonly [string, string | null, string]; words: Words }) {
  return (
    <>
      {start === end ? null : (
        <text class="from" x="0" y={HEIGHT - 6}>
          {monthText(words, start)}
        </text>
      )}
      {between ? (
        <text class="midway" x="50%" y={HEIGHT - 6} text-anchor="middle">
          {monthText(words, between)}
        </text>
      ) : null}
      <text x="100%" y={HEIGHT - 6} text-anchor="end">
        {monthText(words, end)}
      </text>
    </>
  );
}

/** An amount on an axis: without its 分 where it has none. */
const roundMoney = (fen: number) => money(fen).replace(/\.00$/, '');

/** What is owed from the start on, and after each row. */
function pointsOf({ schedule: { rows, totals }, start }: Plan): Point[] {
  return [{ day: dayNumber(start), balance: totals.owed }, ...rows.map(({ due, balance }) => ({ day: dayNumber(due), balance }))];
}

const hasPause = ({ rows }: Schedule) => rows.some(({ payment }) => payment === 0);

/** The time in which nothing is paid: from the day before each such row to the row itself. */
function pausesOf({ schedule: { rows }, start }: Plan, x: ScaleLinear<number, number>): string {
  return rows
    .map(({ payment, due }, i) => {
      const from = x(dayNumber(rows[i - 1]?.due ?? start));
      return payment === 0 ? `M${from.toFixed(1)},${TOP}H${x(dayNumber(due)).toFixed(1)}V${BASE}H${from.toFixed(1)}z` : '';
    })
    .join('');
}

function balanceText({ name, schedule: { totals } }: Omit<Plan, 'start'>, words: Words): string {
  return `${name}${words.colon}${words.schedule.chartText({ owed: money(totals.owed), highest: money(totals.highest), end: dateText(words, totals.lastDue) })}`;
}

/** Each payment as a bar, against the line of what can be paid then. What stands where the finger rests says its month. */
export function InstalmentChart({ schedule, line: can, words }: { schedule: Schedule; line: number[] | null; words: Words }) {
  const { rows, totals } = schedule;
  if (rows.length === 0) return null;
  const y = amounts(Math.max(totals.highest, ...rows.map(({ payment }) => payment), ...(can ?? [0])));
  const drawn = bars(rows, can, y, TOP, BASE);
  const step = FIELD / rows.length;
  const most = rows.findIndex(({ payment, no }) => no !== 0 && payment === totals.highest);
  const at = (most + 0.5) * step;
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{words.schedule.instalmentChart}</figcaption>
      <Plot
        y={y}
        label={instalmentText(schedule, can, words)}
        written={
          <>
            <Axis
              dates={[rows[0]?.due ?? '', rows.length > 5 ? (rows[Math.floor(rows.length / 2)]?.due ?? null) : null, totals.lastDue]}
              words={words}
            />
            {most < 0 ? null : (
              <text
                class="value"
                x={percent(at < FIELD / 4 ? most * step : at > (FIELD * 3) / 4 ? (most + 1) * step : at)}
                y={(y(totals.highest) - 7).toFixed(0)}
                text-anchor={at < FIELD / 4 ? 'start' : at > (FIELD * 3) / 4 ? 'end' : 'middle'}
              >
                {money(totals.highest)}
              </text>
            )}
            <Readable
              fields={rows.map(({ due, payment }, i) => ({
                from: i * step,
                to: (i + 1) * step,
                said: [`${dateText(words, due)}${words.colon}${money(payment)}`],
              }))}
            />
          </>
        }
      >
        <path class="pause" d={drawn.pauses} />
        <path class="bar" d={drawn.within} />
        <path class="bar over" d={drawn.over} />
        <path class="afford" d={drawn.line} />
      </Plot>
      <Legend
        items={[
          ...(can ? [['bar-key', words.schedule.payment] as const] : []),
          ...(drawn.over ? [['bar-key over', words.schedule.over] as const] : []),
          ...(drawn.pauses ? [['bar-key pause', words.schedule.pause] as const] : []),
          ...(can ? [['afford', words.means.affordable] as const] : []),
        ]}
      />
    </figure>
  );
}

function instalmentText({ rows, totals }: Schedule, can: number[] | null, words: Words): string {
  const over = rows.filter((row, i) => isOver(row, can?.[i])).length;
  const borne = can === null ? '' : over > 0 ? words.schedule.exceedsCount(over) : words.schedule.fits;
  return `${words.schedule.instalmentChart}${words.colon}${money(totals.highest)}. ${borne}`;
}

const SMALL = 64;

/** The same in small, to be taken in at a glance beside the figures. */
export function SmallChart({ rows, words }: { rows: readonly Row[]; words: Words }) {
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(({ payment }) => payment), 1);
  const drawn = bars(rows, null, (fen) => SMALL - 2 - (fen / most) * (SMALL - 4), 0, SMALL - 2);
  const [first, last] = [rows[0]?.due ?? '', rows.at(-1)?.due ?? ''];
  return (
    <figure class="small-chart">
      <svg
        class="chart"
        viewBox={`0 0 ${FIELD} ${SMALL}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.schedule.instalmentChart}
      >
        <path class="pause" d={drawn.pauses} />
        <path class="bar" d={drawn.within} />
        <path class="axis" d={`M0,${SMALL - 1}H${FIELD}`} />
      </svg>
      <p class="soft small row between" aria-hidden="true">
        <span>{monthText(words, first)}</span>
        <span>{first === last ? '' : monthText(words, last)}</span>
      </p>
    </figure>
  );
}

export function Legend({ items }: { items: (readonly [string, string])[] }) {
  if (items.length === 0) return null;
  return (
    <ul class="legend">
      {items.map(([kind, name]) => (
        <li>
          <svg viewBox="0 0 28 12" class="chart" aria-hidden="true">
            {kind.startsWith('bar-key') ? (
              <rect class={`bar ${kind.slice(8)}`.trim()} x="8" y="0" width="12" height="12" />
            ) : (
              <path class={kind} d="M0,6H28" />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
