import { scaleLinear } from 'd3-scale';
import { FIELD } from './bars.ts';
import { BASE, HEIGHT, Legend, Plot, Readable, TICKS, TOP } from './chart.tsx';

/** Columns beside each other, group by group: of each a whole, and what of it came about. */

type Series = { name: string; values: readonly number[] };

type Props = {
  title: string;
  groups: readonly string[];
  /** One or two: where there are two, the first is the whole. */
  series: readonly Series[];
  /** How a value is written, for both: 12, ¥1,200. */
  read: (value: number) => string;
  colon: string;
  /** A step between the lines that values are read against is this at the least. */
  least: number;
};

export function ColumnsChart({ title, groups, series, read, colon, least }: Props) {
  const top = Math.max(least * TICKS, ...series.flatMap(({ values }) => values));
  const y = scaleLinear([0, top], [BASE, TOP]).nice(TICKS);
  const step = FIELD / Math.max(1, groups.length);
  const width = (step * 0.7) / series.length;
  const kinds = series.length > 1 ? ['whole', ''] : [''];
  const place = (n: number) => n.toFixed(1);
  const said = (i: number) => series.map(({ name, values }) => `${groups[i]} ${name}${colon}${read(values[i] ?? 0)}`);
  const [first, last] = [groups[0], groups.at(-1)];
  return (
    <figure class="stack tight">
      <figcaption class="small soft">{title}</figcaption>
      <Plot
        y={y}
        read={read}
        label={`${title}${colon}${groups.map((_, i) => said(i).join(' ')).join(' ')}`}
        written={
          <>
            <text x="0" y={HEIGHT - 6}>
              {first}
            </text>
            {first === last ? null : (
              <text x="100%" y={HEIGHT - 6} text-anchor="end">
                {last}
              </text>
            )}
            <Readable fields={groups.map((_, i) => ({ from: i * step, to: (i + 1) * step, said: said(i) }))} />
          </>
        }
      >
        {series.map(({ values }, n) => (
          <path
            class={`bar ${kinds[n] ?? ''}`.trim()}
            d={values
              .map((value, i) => {
                const from = i * step + step * 0.15 + n * width;
                return value === 0 ? '' : `M${place(from)},${BASE}V${place(y(value))}h${place(width * 0.95)}V${BASE}z`;
              })
              .join('')}
          />
        ))}
      </Plot>
      <Legend items={series.map(({ name }, n) => [`bar-key ${kinds[n] ?? ''}`.trim(), name] as const)} />
    </figure>
  );
}
