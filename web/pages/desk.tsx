import { Layout, PageTitle } from '../layout.tsx';
import { ErrorSummary, Submit, TextField } from '../parts/fields.tsx';
import { type Filled, TYPED, type View } from '../parts/view.ts';
import { DebtFields } from './opening.tsx';

/** A lender's staff open a case and invite the borrower. */
export function DeskNewPage({ view, lender, form }: { view: View; lender: { slug: string; name: string }; form: Filled }) {
  const { words } = view;
  const { desk: say, opening } = words;
  return (
    <Layout view={view} title={say.openTitle} typedAt={`/desk/${lender.slug}/typed`}>
      <p class="crumb">
        <a href={`/desk/${lender.slug}`}>← {say.title}</a>
      </p>
      <PageTitle>{say.openTitle}</PageTitle>
      <form method="post" action={`/desk/${lender.slug}/new`} id={TYPED} data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        <TextField form={form} words={words} name="borrowerName" label={say.borrowerName} maxlength={60} />
        <TextField form={form} words={words} name="loan.reference" label={opening.reference} maxlength={60} />
        <TextField form={form} words={words} name="loan.product" label={opening.product} maxlength={60} optional />
        <DebtFields form={form} words={words} prefix="debt." />
        <Submit>{say.invite}</Submit>
      </form>
    </Layout>
  );
}

type JoinProps = {
  view: View;
  token: string;
  lender: string;
  capacity: 'borrower' | 'agent' | 'supervisor' | 'administrator';
  error?: string;
};

/** What an invitation is to, and taking it up. Looking at it does not use it up. */
export function JoinPage({ view, token, lender, capacity, error }: JoinProps) {
  const { words } = view;
  const { join: say } = words;
  const next = encodeURIComponent(`/join/${token}`);
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      {error ? (
        <p class="error" role="alert">
          {error}
        </p>
      ) : null}
      <p class="lead">{capacity === 'borrower' ? say.caseText(lender) : say.staffText(lender, words.capacity[capacity])}</p>
      {view.person ? (
        <form method="post" action={`/join/${token}`} data-once>
          <Submit>{say.join}</Submit>
        </form>
      ) : (
        <>
          <p>{say.signInFirst}</p>
          <p class="actions">
            <a class="button primary" href={`/sign-up?next=${next}`}>
              {words.account.signUp}
            </a>
            <a class="button" href={`/sign-in?next=${next}`}>
              {words.account.signIn}
            </a>
          </p>
        </>
      )}
    </Layout>
  );
}

export function GonePage({ view }: { view: View }) {
  const { join: say, errors } = view.words;
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      <p>{say.gone}</p>
      <p>
        <a href="/">{errors.home}</a>
      </p>
    </Layout>
  );
}
