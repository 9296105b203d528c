import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { atImpasse, commands as impasse, ruleNow } from '../../worker/negotiation/impasse.ts';
import { AreaField, CommandForm } from './fields.tsx';
import { fieldsOnce } from './once.ts';
import { formFor, type View } from './view.ts';

/** That the two sides have come no further, by which rule, and what there is then; and saying so. */

type Props = { view: View; id: string; kase: Case; situation: Context };

export function Impasse(props: Props) {
  const { view, id, kase, situation } = props;
  const { words } = view;
  const { impasse: say } = words;
  if (!atImpasse(kase) || !kase.impasse) return null;
  const resume = formFor(view, 'impasse.resume');
  return (
    <section class="notice warn stack tight" id="impasse" aria-labelledby="impasse-title">
      <h2 id="impasse-title">{say.title}</h2>
      <p>
        {say.rules[kase.impasse.rule]} <a href={`#e${kase.impasse.seq}`}>{words.case.receipt(kase.impasse.seq)}</a>
      </p>
      <p>{say.open}</p>
      <p class="actions">
        <a class="button" href={`/cases/${id}/ways`}>
          {words.ways.title}
        </a>
        <a class="button" href={`/cases/${id}/mediation`}>
          {words.mediation.propose}
        </a>
        <a class="button" href={`/cases/${id}/complaints`}>
          {words.complaint.link}
        </a>
      </p>
      {kase.impasseOver.length > 0 ? <p>{say.oneResumes({ side: words.of(kase.impasseOver[0] ?? 'borrower') })}</p> : null}
      {offered(kase, impasse.resume, situation) ? (
        <details open={resume.again}>
          <summary>{say.resume}</summary>
          <CommandForm view={view} caseId={id} command="impasse.resume" form={resume}>
            <AreaField form={resume} words={words} name="words" label={say.words} most={2000} rows={2} optional />
            <p>
              <button type="submit">{say.resume}</button>
            </p>
          </CommandForm>
        </details>
      ) : null}
    </section>
  );
}

/** Saying that it goes no further: by a rule that holds now alone, or to be agreed by the other side. */
export function SayImpasse({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { impasse: say } = words;
  const rule = ruleNow(kase, situation);
  const alone = rule !== null && offered(kase, impasse.declare, situation);
  const command = alone ? 'impasse.declare' : 'impasse.say';
  if (!alone && !offered(kase, impasse.say, situation)) return null;
  const form = formFor(view, command);
  return (
    <details open={form.again}>
      <summary>{alone ? say.declare : say.say}</summary>
      <CommandForm view={view} caseId={id} command={command} form={form}>
        <p class="hint">{rule !== null && alone ? say.rules[rule] : kase.impasseSaid.length > 0 ? say.agreeHint : say.sayHint}</p>
        {fieldsOnce(form, words, () => (
          <>
            <AreaField form={form} words={words} name="words" label={say.words} most={2000} rows={2} optional={alone} />
            <p>
              <button type="submit">{alone ? say.declare : say.say}</button>
            </p>
          </>
        ))}
      </CommandForm>
    </details>
  );
}
