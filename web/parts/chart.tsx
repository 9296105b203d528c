import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { dayNumber } from '../../worker/plan/calendar.ts';
import type { Schedule } from '../../worker/plan/schedule.ts';
import { dateText, money, type Words } from '../words/index.ts';

/** Pictures of plans: server-rendered SVG, drawn by d3's scales and shapes, each with a text that says the same. */

const WIDTH = 340;
const HEIGHT = 170;
const LEFT = 8;
const RIGHT = 8;
const TOP = 22;
const BOTTOM = 20;

type Plan = { name: string; schedule: Schedule };
type Point = { day: number; balance: number };

/** How the balance falls, of one plan or of two on one axis. */
export function BalanceChart({ plans, words }: { plans: Plan[]; words: Words }) {
  const drawn = plans.filter(({ schedule }) => schedule.rows.length > 0);
  const [first] = drawn;
  if (!first) return null;
  const lines = drawn.map(({ schedule }) => pointsOf(schedule));
  const all = lines.flat();
  const x = scaleLinear([Math.min(...all.map(({ day }) => day)), Math.max(...all.map(({ day }) => day))], [LEFT, WIDTH - RIGHT]);
  const top = Math.max(...all.map(({ balance }) => balance));
  const y = scaleLinear([0, top], [HEIGHT - BOTTOM, TOP]);
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
  const last = drawn.reduce((end, { schedule }) => (schedule.totals.lastDue > end ? schedule.totals.lastDue : end), '');
  const start = first.schedule.rows[0]?.due ?? '';
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{drawn.length > 1 ? words.compare.chart : words.schedule.chart}</figcaption>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={drawn.map((plan) => balanceText(plan, words)).join(' ')}>
        {[top / 2, top].map((value) => (
          <path class="grid" d={`M${LEFT},${y(value).toFixed(1)}H${WIDTH - RIGHT}`} />
        ))}
        {drawn.length === 1 ? <path class="area" d={filledArea(lines[0] ?? []) ?? ''} /> : null}
        {lines.map((points, i) => (
          <path class={classes[i] ?? 'line-one'} d={path(points) ?? ''} />
        ))}
        <path class="axis" d={`M${LEFT},${y(0)}H${WIDTH - RIGHT}`} />
        <text x={LEFT} y={TOP - 6}>
          {money(top)}
        </text>
        <text x={LEFT} y={HEIGHT - 5}>
          {dateText(words, start)}
        </text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">
          {dateText(words, last)}
        </text>
      </svg>
      {drawn.length > 1 ? <Legend items={drawn.map(({ name }, i) => [classes[i] ?? '', name] as const)} /> : null}
    </figure>
  );
}

/** What is owed before the first row, and after each. */
function pointsOf({ rows, totals }: Schedule): Point[] {
  const [first] = rows;
  const start = first ? { day: dayNumber(first.due) - 30, balance: totals.owed } : { day: 0, balance: 0 };
  return [start, ...rows.map(({ due, balance }) => ({ day: dayNumber(due), balance }))];
}

function balanceText({ name, schedule: { totals } }: Plan, words: Words): string {
  return `${name}${words.colon}${words.schedule.chartText(money(totals.owed), money(totals.highest), dateText(words, totals.lastDue))}`;
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
  const y = scaleLinear([0, Math.max(top, 1)], [HEIGHT - BOTTOM, TOP]);
  const step = (WIDTH - LEFT - RIGHT) / rows.length;
  const bar = Math.max(1, step * 0.7);
  const over = rows.filter(({ payment, no }, i) => no !== 0 && can !== null && payment > (can[i] ?? 0)).length;
  const label = `${words.schedule.instalmentChart}${words.colon}${money(totals.highest)}. ${can === null ? '' : over > 0 ? words.schedule.exceedsCount(over) : words.schedule.fits}`;
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{words.schedule.instalmentChart}</figcaption>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {rows.map(({ payment, no }, i) => {
          const height = HEIGHT - BOTTOM - y(payment);
          const isOver = no !== 0 && can !== null && payment > (can[i] ?? 0);
          return payment > 0 ? (
            <rect
              class={isOver ? 'bar over' : 'bar'}
              x={(LEFT + i * step + (step - bar) / 2).toFixed(1)}
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
              .map((value, i) => `${i === 0 ? 'M' : 'L'}${(LEFT + i * step).toFixed(1)},${y(value).toFixed(1)}h${step.toFixed(1)}`)
              .join('')}
          />
        ) : null}
        <path class="axis" d={`M${LEFT},${y(0)}H${WIDTH - RIGHT}`} />
        <text x={LEFT} y={TOP - 6}>
          {money(top)}
        </text>
        <text x={LEFT} y={HEIGHT - 5}>
          {dateText(words, rows[0]?.due ?? '')}
        </text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">
          {dateText(words, totals.lastDue)}
        </text>
      </svg>
      {can ? (
        <Legend
          items={[
            ['bar-key', words.schedule.payment],
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
            {kind === 'bar-key' ? <rect class="bar" x="8" y="0" width="12" height="12" /> : <path class={kind} d="M0,6H28" />}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
