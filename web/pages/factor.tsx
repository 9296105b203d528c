import { Layout, PageTitle } from '../layout.tsx';
import { ErrorSummary, PasswordField, Submit, TextField } from '../parts/fields.tsx';
import { FactorField } from '../parts/proof.tsx';
import { QrCode } from '../parts/qr.tsx';
import { type Filled, KEPT_AT, type View, viewAt } from '../parts/view.ts';
import { KeptFields, NextField } from './people.tsx';

/** The second factor: giving it, setting it up, and the codes on paper. */

type Page = { view: View; form: Filled };

/** What was written waits in the page. */
const Waits = ({ view, form }: Page) =>
  form.values.has(KEPT_AT) ? (
    <p class="notice" role="status">
      {view.words.factor.kept}
    </p>
  ) : null;

const SignOut = ({ view }: { view: View }) => (
  <form method="post" action="/sign-out">
    <p>
      <button type="submit" class="quiet">
        {view.words.nav.signOut}
      </button>
    </p>
  </form>
);

export function FactorPage({ view, form }: Page) {
  const { factor: say, nav } = view.words;
  return (
    <Layout view={viewAt(view, '/second-factor')} title={say.title}>
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <Waits view={view} form={form} />
      {view.development ? (
        <p class="notice warn">
          <a href="/dev/outbox">{nav.outbox}</a>
        </p>
      ) : null}
      <form method="post" action="/second-factor">
        <ErrorSummary form={form} words={view.words} />
        <NextField form={form} />
        <KeptFields form={form} />
        <FactorField form={form} view={view} alone />
        <Submit>{view.words.account.confirm}</Submit>
      </form>
      <details>
        <summary>{say.lost}</summary>
        <p>{say.lostText}</p>
      </details>
      <SignOut view={view} />
    </Layout>
  );
}

/** @param locked the secret as the form brings it back: for this person alone, and readable by the portal alone */
export function FactorSetUpPage({
  view,
  form,
  uri,
  secret,
  locked,
  owed,
}: Page & { uri: string; secret: string; locked: string; owed: boolean }) {
  const { words } = view;
  const { factor: say, account } = words;
  return (
    <Layout view={viewAt(view, '/second-factor/set-up')} title={say.setUpTitle}>
      <PageTitle lead={owed ? say.setUpOwed : say.setUpLead}>{say.setUpTitle}</PageTitle>
      <Waits view={view} form={form} />
      <form method="post" action="/second-factor/set-up" data-once>
        <ErrorSummary form={form} words={words} />
        <NextField form={form} />
        <KeptFields form={form} />
        <input type="hidden" name="secret" value={locked} />
        <section class="card">
          <h2>{say.stepApp}</h2>
          <p>{say.stepAppText}</p>
        </section>
        <section class="card">
          <h2>{say.stepScan}</h2>
          <p>{say.stepScanText}</p>
          <QrCode text={uri} label={say.qr} />
          <p>
            <a href={uri}>{say.openApp}</a>
          </p>
          <p>
            {say.byHand} <code class="key">{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
          </p>
        </section>
        <section class="card">
          <h2>{say.stepCode}</h2>
          <TextField form={form} words={words} name="factor" label={say.appCode} autocomplete="one-time-code" inputmode="numeric" narrow />
          <PasswordField form={form} words={words} name="password" label={account.password} autocomplete="current-password" />
          <Submit>{say.setUp}</Submit>
        </section>
      </form>
      {owed ? <SignOut view={view} /> : null}
    </Layout>
  );
}

/** The codes, shown this once. `next` is where the person wanted to go. */
export function SpareCodesPage({ view, codes, next, isNew }: { view: View; codes: readonly string[]; next: string; isNew: boolean }) {
  const { factor: say } = view.words;
  return (
    <Layout view={{ ...view, path: '/account' }} title={say.sparesTitle}>
      <PageTitle lead={say.sparesLead}>{say.sparesTitle}</PageTitle>
      {isNew ? (
        <p class="notice good" role="status">
          {say.isSetUp}
        </p>
      ) : null}
      <ol class="card codes">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p>{say.sparesText}</p>
      <p class="actions">
        <a class="button primary" href={next}>
          {say.sparesKept}
        </a>
      </p>
    </Layout>
  );
}
