import { Layout, PageTitle } from '../../layout.tsx';
import { Enter, ErrorSummary } from '../../parts/fields.tsx';
import { TYPED } from '../../parts/view.ts';
import { momentText } from '../../words/index.ts';
import { addressOf, ELSEWHERE, type Shown, type Standing, type Step, type StepName } from './step.ts';
import { before, missingOf, placeOf, STEPS } from './steps.ts';

/** One step of opening a case: one thing at a time, kept on the server as it is filled in. */
export function StepPage({ at, step, shown }: { at: Standing; step: Step; shown: Shown }) {
  const { view, lender } = at;
  const { words } = view;
  const { opening: say, steps } = words;
  const no = placeOf(step) + 1;
  const to = (one: StepName | 'discard') => addressOf(at, one);
  const here = addressOf(at, step.name, at.goesTo);
  const back = to(before(step, at.goesTo) ?? 'loan');
  const { question, lead } = step.question(words, at);
  const upload = step.name === 'evidence' && view.person !== null;
  const keeps = step.name !== 'evidence' && step.name !== 'check';
  // Earlier steps are to be done first: there is nothing to draw up or to send yet.
  const missing = step.waits ? missingOf(at, step) : [];
  const waits = missing.length > 0 && (step.waits?.(at) || step.name === 'check');
  const form = step.dressed?.(shown.form) ?? shown.form;
  const drawn = { at, shown: { ...shown, form } };
  return (
    <Layout
      view={view}
      title={question}
      scripts={[...step.scripts, ...(keeps ? (['keep'] as const) : [])]}
      typedAt={waits ? undefined : at.again ? `${here}${here.includes('?') ? '&' : '?'}again=1` : here}
    >
      <p class="crumb">
        <span class="soft">
          {lender.name}
          {no > 0 ? ` · ${steps.of({ step: no, steps: STEPS.length })}` : ''}
        </span>
      </p>
      {no > 0 ? <progress class="progress" max={STEPS.length} value={no} aria-hidden="true" /> : null}
      <PageTitle lead={lead}>{question}</PageTitle>
      {waits ? null : step.Before?.(drawn)}
      {waits ? (
        <>
          <ul class="notice warn plain-list">
            {missing.map(({ step: one, text }) => (
              <li>
                <a href={to(one)}>
                  {steps[one]}
                  {words.colon}
                  {text}
                </a>
              </li>
            ))}
          </ul>
          <p class="actions">
            <a class="button" href={back}>
              {words.back}
            </a>
          </p>
        </>
      ) : (
        <form
          method="post"
          action={here}
          id={TYPED}
          enctype={upload ? 'multipart/form-data' : undefined}
          data-once
          data-keep={keeps ? '' : undefined}
          data-upload={upload ? '' : undefined}
        >
          <ErrorSummary form={form} words={words} />
          {upload || step.enter ? null : <Enter>{words.continue}</Enter>}
          {step.Fields(drawn)}
          <p class={step.name === 'check' ? 'actions sticky-actions' : 'actions'}>
            {step.name === 'check' ? (
              <>
                <button type="submit" class="primary">
                  {lender.slug === ELSEWHERE ? say.take : view.person ? say.send : say.sendWithCode}
                </button>
                <a class="button" href={back}>
                  {words.back}
                </a>
              </>
            ) : (
              <>
                <button type="submit" class="primary" name="action" value="continue" formnovalidate={upload}>
                  {words.continue}
                </button>
                <button type="submit" name="action" value="back" formnovalidate>
                  {words.back}
                </button>
              </>
            )}
          </p>
        </form>
      )}
      {step.After?.(drawn)}
      <p class="soft small" role="status" data-saved>
        {at.savedAt ? (view.person ? steps.saved : steps.savedHere)({ at: momentText(words, at.savedAt) }) : steps.unsaved}
      </p>
      {at.savedAt ? (
        <p>
          <a href={to('discard')}>{say.discard}</a>
        </p>
      ) : null}
    </Layout>
  );
}
