import type { Case } from '../../worker/negotiation/case.ts';
import type { Payment } from '../../worker/negotiation/payment.ts';
import { isCounted } from '../../worker/negotiation/performance.ts';
import type { Problem } from '../../worker/negotiation/received.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb, NextPage } from '../parts/crumb.tsx';
import { ErrorSummary, FileField } from '../parts/fields.tsx';
import { BLANK, type Filled, type View } from '../parts/view.ts';
import { dateText, money } from '../words/index.ts';
import { whyText } from '../words/received.ts';

/** A lender's payments across its cases: those that borrowers reported, one step each, and a file of those received. */

/** What a file came to: `text` is all of it, to be recorded once it was checked; null where it was recorded. */
export type ImportShown = {
  rows: number;
  recorded: number;
  unchanged: number;
  refused: readonly Problem[];
  text: readonly string[] | null;
};

type Reporting = {
  id: string;
  number: string;
  borrower: string | null;
  reference: string;
  payments: readonly Payment[];
  kase: Pick<Case, 'agreement'>;
};

export type ReceivedProps = {
  view: View;
  lender: { slug: string; name: string };
  cases: readonly Reporting[];
  next: string | null;
  /** Whether the reader may confirm and record payments, or reads alone. */
  pays: boolean;
  /** What was confirmed just now. */
  confirmed?: { amount: number; borrower: string };
  /** What is wrong with the file, or with the page as a whole where nothing was confirmed; and what the file came to. */
  form: Filled;
  imported?: ImportShown;
};

export function ReceivedPage(props: ReceivedProps) {
  const { view, lender, cases, next, pays, confirmed, form } = props;
  const isOfFile = form.errors[''] === undefined;
  const { words } = view;
  const { received: say } = words;
  return (
    <Layout view={view} title={say.title} wide>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      {confirmed ? (
        <p class="notice good" role="status">
          {say.confirmed({ amount: money(confirmed.amount), borrower: confirmed.borrower })}
        </p>
      ) : null}
      {isOfFile ? null : <ErrorSummary form={form} words={words} />}
      <section class="stack" aria-labelledby="to-confirm">
        <h2 id="to-confirm">{say.toConfirm}</h2>
        {cases.length === 0 ? (
          <p class="soft">{say.none}</p>
        ) : (
          <>
            {pays ? <p class="hint">{say.hint}</p> : null}
            <ul class="list">
              {cases.flatMap((one) => one.payments.map((payment) => <ToConfirm {...{ view, lender, pays, of: one, payment }} />))}
            </ul>
          </>
        )}
        <NextPage next={next} words={words} />
      </section>
      {pays ? <Import {...props} form={isOfFile ? form : BLANK} /> : null}
    </Layout>
  );
}

type Listed = Pick<ReceivedProps, 'view' | 'lender' | 'pays'> & { of: Reporting; payment: Payment };

function ToConfirm({ view, lender, pays, of, payment: one }: Listed) {
  const { words } = view;
  const { received: say, payment } = words;
  return (
    <li>
      <div class="item">
        <span>
          <strong>{of.borrower}</strong>
          <br />
          <span class="nowrap">{dateText(words, one.on)}</span> <span class="nowrap">{payment.methods[one.method]}</span>
          <br />
          <span class="soft small">
            {of.number} · {of.reference}
            {one.reference ? ` · ${one.reference}` : ''}
          </span>
        </span>
        <span class="end">
          <strong class="num">{money(one.amount)}</strong>
        </span>
      </div>
      {isCounted(of.kase, one) ? (
        <p class="small">{payment.counted({ asOf: dateText(words, of.kase.agreement?.debt.asOf ?? '') })}</p>
      ) : null}
      <div class="item actions">
        {pays ? (
          <form method="post" action={`/desk/${lender.slug}/payments`} data-once>
            <input type="hidden" name="requestId" value={view.requestId()} />
            <input type="hidden" name="case" value={of.id} />
            <input type="hidden" name="payment" value={one.seq} />
            <button type="submit" class="primary">
              {payment.confirm}
            </button>
          </form>
        ) : null}
        <a class="button" href={`/cases/${of.id}/agreement#payment-${one.seq}`}>
          {pays ? say.notReceived : words.case.view}
        </a>
      </div>
    </li>
  );
}

function Import({ view, lender, form, imported }: ReceivedProps) {
  const { words } = view;
  const { received: say } = words;
  const action = `/desk/${lender.slug}/payments/import`;
  return (
    <section class="card" id="import" aria-labelledby="import-title">
      <h2 id="import-title">{say.import}</h2>
      {imported ? <ImportTold {...{ view, imported, action }} /> : null}
      <form method="post" action={action} enctype="multipart/form-data">
        <ErrorSummary form={form} words={words} />
        <FileField form={form} words={words} name="file" label={say.file} hint={say.importHint} accept=".csv,text/csv,text/plain" />
        <p class="actions">
          <button type="submit" class="primary">
            {say.check}
          </button>
        </p>
      </form>
    </section>
  );
}

/** What a file came to, the rows with problems, and the step that records the others. */
function ImportTold({ view, imported, action }: { view: View; imported: ImportShown; action: string }) {
  const { words } = view;
  const { received: say } = words;
  const { rows, recorded, unchanged, refused, text } = imported;
  const counts = { rows, fresh: recorded, known: unchanged, bad: refused.length };
  return (
    <>
      <p class={`notice ${refused.length > 0 ? 'warn' : 'good'}`} role="status">
        {text ? say.checked(counts) : say.done(counts)}
      </p>
      {refused.length > 0 ? (
        <div class="table-frame" role="region" aria-label={say.problems} tabindex={0}>
          <table class="figures">
            <caption class="visually-hidden">{say.problems}</caption>
            <thead>
              <tr>
                <th scope="col">{say.row}</th>
                <th scope="col">{say.column}</th>
                <th scope="col">{say.problem}</th>
              </tr>
            </thead>
            <tbody>
              {refused.map(({ row, column, why }) => (
                <tr>
                  <th scope="row">{row}</th>
                  <td>{column ? say.columns[column] : ''}</td>
                  <td>{whyText(words, why)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {text && recorded > 0 ? (
        <form method="post" action={action} enctype="multipart/form-data" data-once>
          {text.map((part) => (
            <input type="hidden" name="text" value={part} />
          ))}
          <p class="actions">
            <button type="submit" class="primary">
              {say.record({ count: recorded })}
            </button>
          </p>
        </form>
      ) : null}
    </>
  );
}
