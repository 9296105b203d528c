import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { OwnEntries, type OwnStream } from '../parts/own.tsx';
import type { View } from '../parts/view.ts';

/** All that a side keeps to itself in a case, page by page, and the way to take it away. */
export function OwnRecordPage({ view, id, number, own }: { view: View; id: string; number: string; own: OwnStream }) {
  const { words } = view;
  const { own: say } = words;
  const [oldest] = own.entries;
  const isPaged = oldest !== undefined && own.entries.at(-1)?.seq !== own.own.seq;
  return (
    <Layout view={view} title={say.title[own.side]}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.hint[own.side]}>{say.title[own.side]}</PageTitle>
      <section class="card own stack">
        <p class="only">{say.only[own.side]}</p>
        {own.doubts.length > 0 ? <p class="notice bad">{say.unproven}</p> : null}
        {own.entries.length === 0 ? <p class="soft">{say.none}</p> : null}
        {own.more && oldest ? (
          <p>
            <a class="button" href={`/cases/${id}/own?before=${oldest.seq}`}>
              {words.more}
            </a>
          </p>
        ) : null}
        <OwnEntries own={own} words={words} />
        {isPaged ? (
          <p>
            <a href={`/cases/${id}/own`}>{words.newest}</a>
          </p>
        ) : null}
      </section>
      {own.entries.length > 0 ? (
        <form method="post" action={`/cases/${id}/own/private-record.json`}>
          <p class="hint">{say.takeHint}</p>
          <p>
            <button type="submit">{say.take}</button>
          </p>
        </form>
      ) : null}
    </Layout>
  );
}
