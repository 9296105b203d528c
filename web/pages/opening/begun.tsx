import { Layout, PageTitle } from '../../layout.tsx';
import { type Begun, BegunList } from '../../parts/begun.tsx';
import type { View } from '../../parts/view.ts';
import { momentText } from '../../words/index.ts';

/** Beginning: with which lender, and what was begun before. */

export function LendersPage({ view, lenders, drafts }: { view: View; lenders: { slug: string; name: string }[]; drafts: Begun[] }) {
  const { opening: say } = view.words;
  // Where one was begun, the list begins another.
  const has = (slug: string) => drafts.some(({ lender }) => lender.slug === slug);
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      <BegunList drafts={drafts} words={view.words} />
      <h2>{say.lenderQuestion}</h2>
      {lenders.length === 0 ? <p>{say.lenderNone}</p> : null}
      <ul class="list">
        {lenders.map(({ slug, name }) => (
          <li>
            <a href={`/open/${slug}/${has(slug) ? 'new' : 'loan'}`}>
              <span>
                <strong>{name}</strong>
                {has(slug) ? <span class="soft small"> {say.another}</span> : null}
              </span>
              <span aria-hidden="true">→</span>
            </a>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

/** Giving a draft up is asked once. */
export function DiscardPage({ view, draft }: { view: View; draft: Begun }) {
  const { words } = view;
  const { opening: say } = words;
  const { lender, token, step, reference, savedAt } = draft;
  return (
    <Layout view={view} title={say.discardQuestion}>
      <PageTitle lead={say.discardHint}>{say.discardQuestion}</PageTitle>
      <dl class="pairs">
        <dt>{words.steps.lender}</dt>
        <dd>{lender.name}</dd>
        {reference ? (
          <>
            <dt>{say.reference}</dt>
            <dd>{reference}</dd>
          </>
        ) : null}
        <dt>{words.cases.updated}</dt>
        <dd>{momentText(words, savedAt)}</dd>
      </dl>
      <form method="post" action={`/open/${lender.slug}/${token}/discard`}>
        <p class="actions">
          <button type="submit" class="bad">
            {say.discard}
          </button>
          <a class="button" href={`/open/${lender.slug}/${token}/${step}`}>
            {say.keep}
          </a>
        </p>
      </form>
    </Layout>
  );
}
