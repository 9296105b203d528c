import type { Case } from '../../worker/negotiation/case.ts';
import { inOrder } from '../../worker/negotiation/evidence-order.ts';
import type { WayName } from '../../worker/plan/law/ways.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb, WayBack } from '../parts/crumb.tsx';
import type { Shown } from '../parts/entry.tsx';
import { ErrorSummary, Submit } from '../parts/fields.tsx';
import { Lines } from '../parts/told.tsx';
import { type Filled, TYPED, type View } from '../parts/view.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { wayName } from '../telling/referral.ts';
import { tell } from '../telling/tell.ts';
import { momentText, type Words } from '../words/index.ts';

/** What is prepared for a way elsewhere: its entries stand in court order, some of them chosen already. */
export type Pack = { way: WayName; jurisdiction: string; chosen: ReadonlySet<number> };

type Props = { view: View; id: string; number: string; kase: Case; entries: Shown[]; form: Filled; pack?: Pack | undefined };

/** Picking what to show to somebody else: a lawyer, a new bank, a court. The form makes it; the download comes from an address of its own. */
export function SharePage({ view, id, number, kase, entries, form, pack }: Props) {
  const { words } = view;
  const { share: say, ways } = words;
  const error = form.errors.show;
  const title = pack ? ways.pack.title({ way: wayName(pack, words) }) : say.title;
  const one = (entry: Shown) => <Pick {...{ entry, kase, words }} checked={pack?.chosen.has(entry.seq) ?? false} />;
  return (
    <Layout view={view} title={title}>
      {pack ? <WayBack to={`/cases/${id}/ways`}>{ways.title}</WayBack> : <Crumb view={view} id={id} number={number} />}
      <PageTitle lead={pack ? ways.pack.lead : say.lead}>{title}</PageTitle>
      {pack ? <p class="hint">{ways.pack.sensitive}</p> : null}
      <form method="post" action={`/cases/${id}/exports/partial.zip`} id={TYPED}>
        <ErrorSummary form={form} words={words} />
        {pack ? <input type="hidden" name="way" value={pack.way} /> : null}
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
          {pack
            ? inOrder(entries).map(({ group, entries: of }) => (
                <>
                  <h2 class="group">{ways.list.groups[group].title}</h2>
                  <p class="hint">
                    {ways.list.proves}
                    {words.colon}
                    {ways.list.groups[group].proves}
                  </p>
                  {of.map(one)}
                </>
              ))
            : entries.map(one)}
        </fieldset>
        <Submit>{pack ? ways.pack.make : say.make}</Submit>
      </form>
    </Layout>
  );
}

function Pick({ entry, kase, words, checked }: { entry: Shown; kase: Case; words: Words; checked: boolean }) {
  const { what, lines } = tell(entry, kase, words);
  return (
    <>
      <label class="choice">
        <input type="checkbox" name="show" value={String(entry.seq)} checked={checked} />
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
}
