import type { Case } from '../../worker/negotiation/case.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import type { Shown } from '../parts/entry.tsx';
import { ErrorSummary, Submit } from '../parts/fields.tsx';
import { Lines } from '../parts/told.tsx';
import type { Filled, View } from '../parts/view.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tell } from '../telling/tell.ts';
import { momentText } from '../words/index.ts';

type Props = { view: View; id: string; number: string; kase: Case; entries: Shown[]; form: Filled };

/** Picking what to show to somebody else: a lawyer, a new bank. The form makes it; the download comes from an address of its own. */
export function SharePage({ view, id, number, kase, entries, form }: Props) {
  const { words } = view;
  const { share: say } = words;
  const error = form.errors.show;
  return (
    <Layout view={view} title={say.title}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <form method="post" action={`/cases/${id}/exports/partial.zip`}>
        <ErrorSummary form={form} words={words} />
        <fieldset
          class={`field choices${error ? ' has-error' : ''}`}
          id="show"
          tabindex={-1}
          aria-describedby={error ? 'show-error' : undefined}
        >
          <legend>{say.pick}</legend>
          {error ? (
            <p class="error" id="show-error">
              {error}
            </p>
          ) : null}
          {entries.map((entry) => {
            const { what, lines } = tell(entry, kase, words);
            return (
              <>
                <label class="choice">
                  <input type="checkbox" name="show" value={String(entry.seq)} />
                  <span>
                    {words.case.receipt(entry.seq)} · {authorName(authorOf(entry), words)} {what}
                    <span class="hint">{momentText(words, entry.at)}</span>
                  </span>
                </label>
                {lines.length > 0 ? (
                  <details class="small">
                    <summary>
                      {words.open}
                      <span class="visually-hidden"> {words.case.receipt(entry.seq)}</span>
                    </summary>
                    <div class="stack tight">
                      <Lines lines={lines} words={words} />
                    </div>
                  </details>
                ) : null}
              </>
            );
          })}
        </fieldset>
        <Submit>{say.make}</Submit>
      </form>
    </Layout>
  );
}
