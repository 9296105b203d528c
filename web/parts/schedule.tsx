import type { Held } from '../../worker/plan/affordability.ts';
import type { Schedule } from '../../worker/plan/schedule.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { daysOff, type Hints, holidayNotes, rowName } from '../telling/schedule.ts';
import { dateText, languageOf, money, type Words } from '../words/index.ts';
import { planSay } from '../words/plan.ts';
import { Drawing } from './drawn.tsx';
import { drawTotals } from './plan-drawing.ts';

/** `hints`: by whose calendar due dates on days off are marked; null where the lender does not want it. */
type TableProps = { schedule: Schedule; words: Words; held?: Held | null; under?: string | undefined; hints?: Hints | null };

/** A schedule as a table that scrolls in its own frame. `under` is the id of what names it, where a page shows several. */
export function ScheduleTable({ schedule, words, held, under, hints = null }: TableProps) {
  const over = new Map(held?.misses.map((miss) => [miss.no, miss.over]));
  const { schedule: say } = words;
  const has = (part: 'fees' | 'penalty') => schedule.rows.some((row) => row[part] > 0);
  const off = new Set(hints ? daysOff(schedule.rows, hints) : []);
  const table = (
    <div
      class="table-frame"
      role="region"
      tabindex={0}
      {...(under ? { 'aria-labelledby': `${under} ${under}-rows` } : { 'aria-label': say.caption })}
    >
      <table class="figures">
        <caption class="visually-hidden" id={under ? `${under}-rows` : undefined}>
          {say.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">{say.no}</th>
            <th scope="col">{say.due}</th>
            <th scope="col">{say.payment}</th>
            {has('fees') ? <th scope="col">{say.fees}</th> : null}
            {has('penalty') ? <th scope="col">{say.penalty}</th> : null}
            <th scope="col">{say.interest}</th>
            <th scope="col">{say.principal}</th>
            <th scope="col">{say.balance}</th>
          </tr>
        </thead>
        <tbody>
          {schedule.rows.map((row) => (
            <tr class={row.no !== null && over.has(row.no) ? 'over' : undefined}>
              <th scope="row">{rowName(row, words)}</th>
              <td>
                {dateText(words, row.due)}
                <DayOff isOff={off.has(row.due)} words={words} />
              </td>
              <td class="strong">
                {money(row.payment)}
                {row.no !== null && over.has(row.no) ? (
                  <span class="visually-hidden"> {say.overBy(money(over.get(row.no) ?? 0))}</span>
                ) : null}
              </td>
              {has('fees') ? <td>{money(row.fees)}</td> : null}
              {has('penalty') ? <td>{money(row.penalty)}</td> : null}
              <td>{money(row.interest)}</td>
              <td>{money(row.principal)}</td>
              <td>{money(row.balance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <>
      {table}
      <HolidayNotes rows={schedule.rows} hints={hints} words={words} />
    </>
  );
}

/** Beside a due date: that it falls on a day off. */
export function DayOff({ isOff, words }: { isOff: boolean; words: Words }) {
  if (!isOff) return null;
  return (
    <>
      {' '}
      <span class="tag">{words.schedule.dayOff}</span>
    </>
  );
}

/** Below a table of due dates: what its marks mean, and of which years nothing is known yet. */
export function HolidayNotes({ rows, hints, words }: { rows: readonly { due: string }[]; hints: Hints | null; words: Words }) {
  return <>{hints ? holidayNotes(rows, hints, words).map((note) => <p class="hint">{note}</p>) : null}</>;
}

/** The figures of a schedule that people look at first; `rest` leaves out those that an offer's card shows. */
export function Totals({ totals, terms, words, rest }: { totals: Schedule['totals']; terms: Terms; words: Words; rest?: boolean }) {
  return <Drawing of={[drawTotals(totals, terms, planSay(words, languageOf(words)), rest)]} />;
}
