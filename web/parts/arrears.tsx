import { afterBreach, commands as arrears, curableUntil, toCure } from '../../worker/negotiation/arrears.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { settleOn } from '../../worker/negotiation/owed.ts';
import { breachLines } from '../telling/arrears.ts';
import { dateText, money } from '../words/index.ts';
import { AreaField, CommandForm } from './fields.tsx';
import { ProofFields } from './proof.tsx';
import { Lines } from './told.tsx';
import { formFor, type View } from './view.ts';

/** Arrears as both sides see them: what is missing, until when it can be made good, and what follows; and declaring an agreement broken. */

type Props = { view: View; id: string; kase: Case; situation: Context };

export function ArrearsNotice({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { arrears: say } = words;
  const { today, seat, zone } = situation;
  if (kase.stage === 'broken' && kase.broken) {
    const amount = money(settleOn(kase, today).settle);
    return <p class="notice warn">{say.brokenText({ amount, date: dateText(words, kase.broken.on) })}</p>;
  }
  if (kase.stage !== 'in-arrears' || !kase.arrears) return null;
  const last = curableUntil(kase, zone);
  const until = { amount: money(toCure(kase)), date: last === null ? '' : dateText(words, last) };
  const over = last !== null && today > last;
  return (
    <section class="notice warn stack tight" id="arrears" aria-labelledby="arrears-title">
      <h2 id="arrears-title">{say.title}</h2>
      <p>
        {last === null
          ? say.paused(until)
          : over
            ? say.past(until)
            : seat.side === 'borrower'
              ? say.untilText(until)
              : say.lenderText(until)}
      </p>
      {seat.side === 'borrower' ? <p>{say.help}</p> : null}
      <Declare {...{ view, id, kase, situation }} />
    </section>
  );
}

/** What follows is worked out and shown before it is declared. */
function Declare({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { arrears: say } = words;
  if (!offered(kase, arrears.declareBroken, situation)) return null;
  const after = afterBreach(kase, situation.today);
  const form = formFor(view, 'arrears.declareBroken');
  return (
    <details open={form.again}>
      <summary>{say.declare}</summary>
      <p>{say.declareHint}</p>
      {after ? <Lines lines={breachLines(after, words)} words={words} /> : null}
      <CommandForm view={view} caseId={id} command="arrears.declareBroken" form={form}>
        <AreaField form={form} words={words} name="words" label={say.declareWords} most={2000} rows={3} />
        <ProofFields form={form} view={view} />
        <p>
          <button type="submit" class="bad">
            {say.declare}
          </button>
        </p>
      </CommandForm>
    </details>
  );
}
