import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { settleOn } from '../../worker/negotiation/owed.ts';
import { standing } from '../../worker/negotiation/performance.ts';
import { isDate } from '../../worker/plan/calendar.ts';
import { dateText, money } from '../words/index.ts';
import { DateField } from './fields.tsx';
import { type Filled, filled, type View } from './view.ts';

/** Paying early: what settles the whole on a day, today or another, chosen in a form without script. */

/** The field of the day, in the address of the page. */
const DAY = 'settle';

type Props = { view: View; id: string; kase: Case; situation: Context; place: '' | '/agreement' };

export function SettleEarly({ view, id, kase, situation: { today }, place }: Props) {
  const { words } = view;
  const { payment: say } = words;
  const now = standing(kase, today);
  if (now.settledOn !== null) return null;
  const last = now.rows.at(-1)?.due ?? today;
  // After the last instalment nothing more runs: any later day is the same.
  const until = last < today ? today : last;
  const asked = view.path.includes('?') ? new URL(view.path, 'https://here.invalid').searchParams.get(DAY) : null;
  const fits = asked === null || (isDate(asked) && asked >= today && asked <= until);
  const day = asked !== null && fits ? asked : today;
  const { settle } = settleOn(kase, day);
  const between = { from: dateText(words, today), to: dateText(words, until) };
  const form: Filled = { ...filled({ [DAY]: asked ?? today }), errors: fits ? {} : { [DAY]: say.settleDay(between) }, scope: 'early' };
  return (
    <section class="card" id="settle" aria-labelledby="settle-title">
      <h2 id="settle-title">{say.settleTitle}</h2>
      <p>{say.settleOn({ date: dateText(words, day), amount: money(settle) })}</p>
      {settle < now.left ? <p class="small">{say.settleLess({ less: money(now.left - settle), left: money(now.left) })}</p> : null}
      {now.reported > 0 ? <p class="small">{say.settleReported({ amount: money(now.reported) })}</p> : null}
      <p class="soft small">{say.settleHint}</p>
      <form method="get" action={`/cases/${id}${place}#settle`}>
        <DateField form={form} words={words} name={DAY} label={say.settleDate} />
        <p>
          <button type="submit">{say.settleShow}</button>
        </p>
      </form>
    </section>
  );
}
