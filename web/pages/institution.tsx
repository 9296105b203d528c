import type { Recorded } from '../../worker/negotiation/entry.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { ToldLines } from '../parts/told.tsx';
import type { View } from '../parts/view.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tellAct } from '../telling/institution.ts';
import { momentText } from '../words/index.ts';

type Props = {
  view: View;
  lender: { slug: string; name: string };
  entries: readonly (Recorded & { holds: boolean })[];
  more: boolean;
  paged: boolean;
  unproven: boolean;
  error?: string;
};

/** A lender's own stream, newest first, for its staff: who did what that is of no case. */
export function InstitutionPage({ view, lender, entries, more, paged, unproven, error }: Props) {
  const { words } = view;
  const { institution: say } = words;
  const at = `/desk/${lender.slug}/record`;
  const [oldest] = entries;
  return (
    <Layout view={view} title={say.title}>
      <p class="small">
        <a href={`/desk/${lender.slug}`}>{lender.name}</a>
      </p>
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      {error ? <p class="notice bad">{error}</p> : null}
      {unproven ? <p class="notice bad">{say.unproven}</p> : null}
      {paged ? (
        <p>
          <a href={at}>{words.newest}</a>
        </p>
      ) : null}
      {entries.length === 0 ? <p class="soft">{say.none}</p> : null}
      {entries.length > 0 ? (
        <ol class="plain-list stack">
          {entries.toReversed().map((entry) => (
            <li id={`e${entry.seq}`} class="card">
              {entry.holds ? <Entry entry={entry} view={view} /> : <p class="notice bad">{words.unproven.entry}</p>}
            </li>
          ))}
        </ol>
      ) : null}
      {more && oldest ? (
        <p>
          <a class="button" href={`${at}?before=${oldest.seq}`}>
            {words.more}
          </a>
        </p>
      ) : null}
      {entries.length > 0 ? (
        <form method="post" action={at}>
          <input type="hidden" name="requestId" value={view.requestId()} />
          <p class="hint">{say.takeHint}</p>
          <p>
            <button type="submit">{say.take}</button>
          </p>
        </form>
      ) : null}
    </Layout>
  );
}

function Entry({ entry, view: { words } }: { entry: Recorded; view: View }) {
  const { what, lines } = tellAct(entry, words);
  return (
    <>
      <p>
        <strong>{what}</strong>
      </p>
      <p class="small soft">
        {words.case.receipt(entry.seq)} · {authorName(authorOf(entry), words)} ·{' '}
        <time datetime={entry.at}>{momentText(words, entry.at)}</time>
      </p>
      <ToldLines lines={lines} words={words} />
    </>
  );
}
