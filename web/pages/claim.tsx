import { Layout, PageTitle } from '../layout.tsx';
import { WayBack, WaysIn } from '../parts/crumb.tsx';
import { ErrorSummary, Submit, TextField } from '../parts/fields.tsx';
import { type Filled, type View, viewAt } from '../parts/view.ts';

/** Joining a case that a lender opened, by what its books and the borrower both know. Nothing of any case is shown before. */

type Props = {
  view: View;
  lender: { slug: string; name: string };
  /** Whether the reader is of the lender's own people. */
  works: boolean;
  form: Filled;
};

export function ClaimPage({ view, lender, works, form }: Props) {
  const { words } = view;
  const { claim: say } = words;
  const path = `/lenders/${lender.slug}/join`;
  const next = encodeURIComponent(path);
  return (
    <Layout view={viewAt(view, path)} title={say.title}>
      <WayBack to={`/lenders/${lender.slug}`}>{lender.name}</WayBack>
      <PageTitle lead={say.lead({ lender: lender.name })}>{say.title}</PageTitle>
      <ErrorSummary form={form} words={words} />
      {works ? (
        <p class="notice">{words.join.bothSides({ lender: lender.name })}</p>
      ) : view.person ? (
        <form method="post" action={path} class="card" data-once>
          <TextField form={form} words={words} name="reference" label={words.opening.reference} />
          <TextField form={form} words={words} name="name" label={words.join.name} autocomplete="name" />
          <TextField form={form} words={words} name="identity" label={say.identity} hint={say.identityHint} narrow />
          <Submit>{words.join.join}</Submit>
        </form>
      ) : (
        <>
          <p>{words.join.signInFirst}</p>
          <WaysIn next={next} words={words} />
        </>
      )}
      <p class="hint">{say.otherwise}</p>
    </Layout>
  );
}
