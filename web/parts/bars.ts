import type { Row } from '../../worker/plan/schedule.ts';

/** The shapes of a plan's payments, for the server's pictures and for the live preview: drawn on a field so many wide, which is stretched to its place. */

export const FIELD = 1000;

/** Paths: payments within what can be borne and beyond it, stretches in which nothing is paid, and the line of what can be borne. */
export type Bars = { within: string; over: string; pauses: string; line: string };

/** Whether a payment is more than can be borne then. The up-front payment is not held against a month. */
export const isOver = ({ no, payment }: Pick<Row, 'no' | 'payment'>, can: number | undefined): boolean =>
  no !== null && no !== 0 && can !== undefined && payment > can;

/** `y` is the height of an amount from the top; `top` and `base` are where the field begins and where nothing is paid. */
export function bars(rows: readonly Row[], line: readonly number[] | null, y: (fen: number) => number, top: number, base: number): Bars {
  const step = FIELD / Math.max(1, rows.length);
  const place = (n: number) => String(Math.round(n * 10) / 10);
  const box = (i: number, width: number, from: number) =>
    `M${place(i * step + (step - width) / 2)},${place(from)}h${place(width)}V${place(base)}h-${place(width)}z`;
  const drawn: Bars = { within: '', over: '', pauses: '', line: '' };
  for (const [i, row] of rows.entries()) {
    const can = line?.[i];
    if (row.payment === 0) drawn.pauses += box(i, step, top);
    else drawn[isOver(row, can) ? 'over' : 'within'] += box(i, step * 0.7, y(row.payment));
    if (can !== undefined && can !== line?.[i - 1])
      drawn.line += `${i === 0 ? 'M0' : `H${place(i * step)}`}${i === 0 ? ',' : 'V'}${place(y(can))}`;
  }
  if (drawn.line) drawn.line += `H${FIELD}`;
  return drawn;
}
