import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as consent } from '../../worker/negotiation/consent.ts';
import { consentLines } from '../telling/consent.ts';
import { dayText, type Words } from '../words/index.ts';
import { AreaField, CommandForm } from './fields.tsx';
import { type Filled, formFor, idOf, typedIn, type View } from './view.ts';

/** Separate consent before the first paper: apart from everything else, with all that is to be known of it, and never ticked beforehand. */

/** The box to tick within the form that sends papers. The browser asks for it before it sends, so that nothing that was chosen is lost. */
export function ConsentField({ form, name, years, words }: { form: Filled; name: string; years: number; words: Words }) {
  const { consent: say } = words;
  const error = form.errors[name];
  const id = idOf(form, name);
  return (
    <fieldset class={`field choices${error ? ' has-error' : ''}`} aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{say.title}</legend>
      <ul class="hint">
        {consentLines(years, words).map((line) => (
          <li>{line}</li>
        ))}
      </ul>
      {error ? (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
      <label class="choice">
        <input
          type="checkbox"
          id={id}
          name={name}
          value="yes"
          required
          checked={typedIn(form, name) !== ''}
          aria-invalid={error ? 'true' : undefined}
        />
        <span>{say.tick}</span>
      </label>
    </fieldset>
  );
}

/** That consent was given, and taking it back; nothing where it was not. */
export function ConsentGiven({ view, id, kase, situation }: { view: View; id: string; kase: Case; situation: Context }) {
  const { words } = view;
  const { consent: say } = words;
  if (!kase.papersConsent) return null;
  const form = formFor(view, consent.withdraw.name);
  return (
    <section class="stack tight" aria-labelledby="consent-given">
      <h2 id="consent-given" class="small">
        {say.title}
      </h2>
      <p class="hint">
        {say.given({ date: dayText(words, kase.papersConsent.at) })}{' '}
        <a href={`/cases/${id}#e${kase.papersConsent.seq}`}>{words.case.receipt(kase.papersConsent.seq)}</a>
      </p>
      {offered(kase, consent.withdraw, situation) ? (
        <details open={form.again}>
          <summary>{say.withdraw}</summary>
          <CommandForm view={view} caseId={id} command={consent.withdraw.name} form={form}>
            <p class="hint">{say.after}</p>
            <AreaField form={form} words={words} name="words" label={say.why} most={1000} rows={2} optional />
            <p>
              <button type="submit">{say.withdraw}</button>
            </p>
          </CommandForm>
        </details>
      ) : null}
    </section>
  );
}
