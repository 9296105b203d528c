import { Layout, PageTitle } from '../../layout.tsx';
import { type Begun, BegunList, type Found, FoundHere } from '../../parts/begun.tsx';
import { Enter, ErrorSummary } from '../../parts/fields.tsx';
import { type Filled, TYPED, type View } from '../../parts/view.ts';
import { momentText } from '../../words/index.ts';
import { LoanFields, loan } from './loan.tsx';

/** Beginning: with which lender, and what was begun before. */

type First = {
  view: View;
  lenders: readonly { slug: string; name: string }[];
  found: readonly Found[];
  drafts: readonly Begun[];
  form: Filled;
};

/** Where one begins: what was begun before, and the first question. */
export function FirstPage({ view, lenders, found, drafts, form }: First) {
  const { words } = view;
  const { opening: say, steps } = words;
  const { question } = loan.question(words);
  // What is wrong is said again in another language, where it has been said.
  const isRefused = Object.keys(form.errors).length > 0;
  return (
    <Layout
      view={view}
      title={say.title}
      scripts={[...loan.scripts, 'keep']}
      description={words.home.description}
      typedAt={isRefused ? '/open?again=1' : '/open'}
    >
      {drafts.length + found.length > 0 ? (
        <>
          <PageTitle>{say.title}</PageTitle>
          <FoundHere found={found} words={words} />
          <BegunList drafts={drafts} words={words} />
          <h2>{say.another}</h2>
        </>
      ) : (
        <PageTitle>{question}</PageTitle>
      )}
      {lenders.length === 0 ? (
        <p>{say.lenderNone}</p>
      ) : (
        <form method="post" action="/open" id={TYPED} data-once data-keep="leaving">
          <ErrorSummary form={form} words={words} />
          <Enter>{words.continue}</Enter>
          <LoanFields form={form} words={words} lenders={lenders} />
          <p class="actions">
            <button type="submit" class="primary" name="action" value="continue">
              {words.continue}
            </button>
          </p>
        </form>
      )}
      <p class="soft small" role="status" data-saved>
        {steps.unsavedFirst}
      </p>
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
