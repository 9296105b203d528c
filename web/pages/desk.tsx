import type { Post } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb, WaysIn } from '../parts/crumb.tsx';
import { DebtFields } from '../parts/debt.tsx';
import { ChoiceField, ErrorSummary, Submit, TextField } from '../parts/fields.tsx';
import { LenderLogo, type Marked } from '../parts/logo.tsx';
import { type Filled, TYPED, type View, viewAt } from '../parts/view.ts';

/** A lender's staff open a case and invite the borrower. */
export function DeskNewPage({ view, lender, form }: { view: View; lender: { slug: string; name: string }; form: Filled }) {
  const { words } = view;
  const { desk: say, opening } = words;
  return (
    <Layout view={view} title={say.openTitle} scripts={['amounts']} typedAt={`/desk/${lender.slug}/typed`}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle>{say.openTitle}</PageTitle>
      <form method="post" action={`/desk/${lender.slug}/new`} id={TYPED} data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        <TextField form={form} words={words} name="borrowerName" label={say.borrowerName} />
        <TextField
          form={form}
          words={words}
          name="contact"
          label={say.contact}
          hint={view.reachesPhones ? say.contactHint : words.account.contactMailHint}
        />
        <TextField form={form} words={words} name="loan.reference" label={opening.reference} />
        <TextField form={form} words={words} name="loan.product" label={opening.product} optional />
        <TextField form={form} words={words} name="loan.identity" label={opening.identity} hint={opening.identityHint} narrow optional />
        <DebtFields form={form} words={words} prefix="debt." lender />
        <Submit>{say.invite}</Submit>
      </form>
    </Layout>
  );
}

export type JoinProps = {
  view: View;
  token: string;
  lender: string;
  /** What the lender is known by, where it publishes a logo. */
  marked: Marked | null;
  capacity: 'borrower' | 'representative' | 'mediator' | Post;
  /** The letter of authority, or between whom to mediate, for who has the contact that it names. */
  authority: readonly string[] | null;
  /** To which contact it was sent, its middle hidden; null for staff. */
  hint: string | null;
  /** Join at once, have a code sent to that contact, or type it; `none` for who works for the lender. */
  way: 'join' | 'prove' | 'code' | 'none';
  /** The code's form: what is wrong with it, or as a whole. */
  form: Filled;
};

/** What an invitation is to, and taking it up. Looking at it does not use it up, and nothing of a case is shown before who looks is known. */
export function JoinPage({ view, token, lender, marked, capacity, authority, hint, way, form }: JoinProps) {
  const { words } = view;
  const { join: say } = words;
  const next = encodeURIComponent(`/join/${token}`);
  const named = view.person !== null && capacity === 'borrower' && (way === 'join' || way === 'code');
  return (
    <Layout view={viewAt(view, `/join/${token}`)} title={say.title} typedAt={named ? `/join/${token}/typed` : undefined}>
      {marked ? <LenderLogo of={marked} words={words} /> : null}
      <PageTitle>{say.title}</PageTitle>
      <ErrorSummary form={form} words={words} />
      <p class="lead">
        {capacity === 'borrower'
          ? say.caseText({ lender })
          : capacity === 'representative'
            ? words.representation.invited
            : capacity === 'mediator'
              ? words.mediation.invited
              : say.staffText({ lender, capacity: words.capacity[capacity] })}
      </p>
      {authority ? (
        <section class="card" aria-labelledby="authority">
          <h2 id="authority">{capacity === 'mediator' ? words.mediation.title : words.representation.letter}</h2>
          {authority.map((line) => (
            <p>{line}</p>
          ))}
        </section>
      ) : null}
      {way === 'none' ? (
        <p>{say.sentTo({ hint: hint ?? '' })}</p>
      ) : view.person ? (
        <TakeUp view={view} token={token} capacity={capacity} hint={hint} way={way} form={form} />
      ) : (
        <>
          {hint ? <p>{say.sentTo({ hint })}</p> : null}
          <p>{say.signInFirst}</p>
          <WaysIn next={next} words={words} />
        </>
      )}
    </Layout>
  );
}

function TakeUp({ view, token, capacity, hint, way, form }: Omit<JoinProps, 'lender' | 'marked' | 'authority'>) {
  const { words } = view;
  const { join: say } = words;
  const name =
    capacity === 'borrower' ? (
      <TextField form={form} words={words} name="name" label={say.name} hint={say.nameHint} autocomplete="name" />
    ) : null;
  const place =
    capacity === 'representative' ? (
      <>
        <p class="hint">{words.representation.acceptHint}</p>
        <Submit>{words.representation.accept}</Submit>
      </>
    ) : capacity === 'mediator' ? (
      <>
        <ChoiceField
          form={form}
          words={words}
          name="neutral"
          label={words.mediation.neutralTitle}
          options={['yes'] as const}
          text={() => words.mediation.neutral}
          many
        />
        <p class="hint">{words.mediation.acceptHint}</p>
        <Submit>{words.mediation.accept}</Submit>
      </>
    ) : (
      <Submit>{say.join}</Submit>
    );
  if (hint === null || way === 'join') {
    return (
      <form method="post" action={`/join/${token}`} id={TYPED} data-once>
        {hint === null ? null : <p>{say.yours({ hint })}</p>}
        {name}
        {place}
      </form>
    );
  }
  if (way === 'prove') {
    return (
      <form method="post" action={`/join/${token}/code`} data-once>
        <p>{say.proveText({ hint })}</p>
        <Submit>{say.prove}</Submit>
      </form>
    );
  }
  return (
    <>
      <form method="post" action={`/join/${token}`} id={TYPED} data-once>
        <p>{say.codeSent({ hint })}</p>
        {view.development ? (
          <p class="notice warn">
            <a href="/dev/outbox">{words.nav.outbox}</a>
          </p>
        ) : null}
        <TextField
          form={form}
          words={words}
          name="code"
          label={words.account.code}
          autocomplete="one-time-code"
          inputmode="numeric"
          narrow
        />
        {name}
        {place}
      </form>
      <form method="post" action={`/join/${token}/code`}>
        <p>
          <button type="submit" class="quiet">
            {words.account.resend}
          </button>
        </p>
      </form>
    </>
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
