import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { dayNumber } from '../../worker/plan/calendar.ts';
import type { Schedule } from '../../worker/plan/schedule.ts';
import { dateText, money, type Words } from '../words/index.ts';

/** Pictures of plans: server-rendered SVG, drawn by d3's scales and shapes, each with a text that says the same. */

const WIDTH = 360;
const HEIGHT = 190;
const RIGHT = 10;
const TOP = 12;
const BOTTOM = 24;
const TICKS = 3;

/** A plan, named, from the day on which it starts. */
type Plan = { name: string; schedule: Schedule; start: string };
type Point = { day: number; balance: number };

/** How the balance falls, of one plan or of two on one axis. */
export function BalanceChart({ plans, words }: { plans: Plan[]; words: Words }) {
  const drawn = plans.filter(({ schedule }) => schedule.rows.length > 0);
  if (drawn.length === 0) return null;
  const lines = drawn.map(pointsOf);
  const all = lines.flat();
  const starts = drawn.map(({ start }) => start).sort();
  const ends = drawn.map(({ schedule }) => schedule.totals.lastDue).sort();
  const [start, end] = [starts[0] ?? '', ends.at(-1) ?? ''];
  const y = amounts(Math.max(...all.map(({ balance }) => balance)));
  const left = gutter(y);
  const x = scaleLinear([dayNumber(start), dayNumber(end)], [left, WIDTH - RIGHT]);
  const path = line<Point>()
    .x(({ day }) => x(day))
    .y(({ balance }) => y(balance))
    .curve(curveStepAfter)
    .digits(1);
  const filledArea = area<Point>()
    .x(({ day }) => x(day))
    .y0(y(0))
    .y1(({ balance }) => y(balance))
    .curve(curveStepAfter)
    .digits(1);
  const classes = drawn.length > 1 ? ['line-a', 'line-b'] : ['line-one'];
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{drawn.length > 1 ? words.compare.chart : words.schedule.chart}</figcaption>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={drawn.map((plan) => balanceText(plan, words)).join(' ')}>
        {drawn.length === 1 ? <path class="area" d={filledArea(lines[0] ?? []) ?? ''} /> : null}
        <Frame y={y} left={left} start={start} end={end} words={words} />
        {lines.map((points, i) => (
          <path class={classes[i] ?? 'line-one'} d={path(points) ?? ''} />
        ))}
      </svg>
      {drawn.length > 1 ? <Legend items={drawn.map(({ name }, i) => [classes[i] ?? '', name] as const)} /> : null}
    </figure>
  );
}

/** A scale of amounts from 0 to a round one: 1 元 at the least, so that no line lies at a part of a 分. */
function amounts(top: number): ScaleLinear<number, number> {
  return scaleLinear([0, Math.max(top, 100)], [HEIGHT - BOTTOM, TOP]).nice(TICKS);
}

/** Room for the longest amount beside the axis. */
function gutter(y: ScaleLinear<number, number>): number {
  return 14 + 7 * Math.max(...y.ticks(TICKS).map((amount) => roundMoney(amount).length));
}

/** The lines that amounts are read against, with their amounts beside them; below, from when until when. */
function Frame({ y, left, start, end, words }: { y: ScaleLinear<number, number>; left: number; start: string; end: string; words: Words }) {
  return (
    <>
      {y.ticks(TICKS).map((amount) => (
        <>
          <path class={amount === 0 ? 'axis' : 'grid'} d={`M${left},${y(amount).toFixed(1)}H${WIDTH - RIGHT}`} />
          <text x={left - 6} y={(y(amount) + 4).toFixed(1)} text-anchor="end">
            {roundMoney(amount)}
          </text>
        </>
      ))}
      {start === end ? null : (
        <text x={left} y={HEIGHT - 6}>
          {dateText(words, start)}
        </text>
      )}
      <text x={WIDTH - RIGHT} y={HEIGHT - 6} text-anchor="end">
        {dateText(words, end)}
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

function balanceText({ name, schedule: { totals } }: Omit<Plan, 'start'>, words: Words): string {
  return `${name}${words.colon}${words.schedule.chartText({ owed: money(totals.owed), highest: money(totals.highest), end: dateText(words, totals.lastDue) })}`;
}

/** Each payment as a bar, against the line of what can be paid then. */
export function InstalmentChart({
  schedule: { rows, totals },
  line: can,
  words,
}: {
  schedule: Schedule;
  line: number[] | null;
  words: Words;
}) {
  if (rows.length === 0) return null;
  const top = Math.max(totals.highest, ...rows.map(({ payment }) => payment), ...(can ?? [0]));
  const y = amounts(top);
  const left = gutter(y);
  const step = (WIDTH - left - RIGHT) / rows.length;
  const bar = Math.max(1, step * 0.7);
  const over = rows.filter(({ payment, no }, i) => no !== 0 && can !== null && payment > (can[i] ?? 0)).length;
  const label = `${words.schedule.instalmentChart}${words.colon}${money(totals.highest)}. ${can === null ? '' : over > 0 ? words.schedule.exceedsCount(over) : words.schedule.fits}`;
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{words.schedule.instalmentChart}</figcaption>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        <Frame y={y} left={left} start={rows[0]?.due ?? ''} end={totals.lastDue} words={words} />
        {rows.map(({ payment, no }, i) => {
          const height = HEIGHT - BOTTOM - y(payment);
          const isOver = no !== 0 && can !== null && payment > (can[i] ?? 0);
          return payment > 0 ? (
            <rect
              class={isOver ? 'bar over' : 'bar'}
              x={(left + i * step + (step - bar) / 2).toFixed(1)}
              y={y(payment).toFixed(1)}
              width={bar.toFixed(1)}
              height={height.toFixed(1)}
            />
          ) : null;
        })}
        {can ? (
          <path
            class="afford"
            d={can
              .map((value, i) => `${i === 0 ? 'M' : 'L'}${(left + i * step).toFixed(1)},${y(value).toFixed(1)}h${step.toFixed(1)}`)
              .join('')}
          />
        ) : null}
      </svg>
      {can ? (
        <Legend
          items={[
            ['bar-key', words.schedule.payment],
            ...(over > 0 ? [['bar-key over', words.schedule.over] as const] : []),
            ['afford', words.means.affordable],
          ]}
        />
      ) : null}
    </figure>
  );
}

function Legend({ items }: { items: (readonly [string, string])[] }) {
  return (
    <ul class="legend">
      {items.map(([kind, name]) => (
        <li>
          <svg viewBox="0 0 28 12" class="chart" aria-hidden="true">
            {kind.startsWith('bar-key') ? (
              <rect class={kind.replace('bar-key', 'bar')} x="8" y="0" width="12" height="12" />
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
