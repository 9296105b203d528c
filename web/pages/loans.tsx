import type { LoanProblem } from '../../worker/negotiation/loans.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import { ErrorSummary, FileField } from '../parts/fields.tsx';
import type { Filled, View } from '../parts/view.ts';
import { loanWhyText } from '../words/loans.ts';

/** What a file came to: what would be done (`dry`), or what has been done up to row `from` of the `of` that can be opened. `text` is all of it, for what is left to do. */
export type OpenedShown = {
  rows: number;
  created: number;
  unchanged: number;
  refused: readonly LoanProblem[];
  dry: boolean;
  of: number;
  from: number;
  text: readonly string[] | null;
};

export type LoansProps = { view: View; lender: { slug: string; name: string }; form: Filled; opened?: OpenedShown };

/** Problems that a page lists: who has more mends these first, or asks the command. */
const SHOWN = 200;

/** A lender's loans, a file of them, become cases: checked first, then opened step by step. */
export function LoansPage({ view, lender, form, opened }: LoansProps) {
  const { words } = view;
  const { loans: say } = words;
  const action = `/desk/${lender.slug}/import`;
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      {opened ? <Told {...{ view, opened, action }} /> : null}
      <form method="post" action={action} enctype="multipart/form-data" class="card">
        <ErrorSummary form={form} words={words} />
        <p>{say.how}</p>
        <FileField form={form} words={words} name="file" label={say.file} hint={say.fileHint} accept=".csv,text/csv,text/plain" />
        <p class="actions">
          <button type="submit" class={opened ? undefined : 'primary'}>
            {say.check}
          </button>
        </p>
      </form>
    </Layout>
  );
}

function Told({ view, opened, action }: { view: View; opened: OpenedShown; action: string }) {
  const { words } = view;
  const { loans: say } = words;
  const { rows, created, unchanged, refused, dry, of, from, text } = opened;
  const bad = new Set(refused.map(({ row }) => row)).size;
  const counts = { rows, created, unchanged, bad };
  const said = dry ? say.checked(counts) : text ? say.goesOn({ done: from, of }) : say.done(counts);
  return (
    <section class="stack" aria-label={say.report}>
      <p class={`notice ${refused.length > 0 ? 'warn' : 'good'}`} role="status">
        {said}
      </p>
      {!dry && text ? (
        <progress class="progress" max={of} value={from} aria-label={say.report}>
          {from}
        </progress>
      ) : null}
      {text && (dry ? created > 0 : true) ? (
        <form method="post" action={action} enctype="multipart/form-data" data-once>
          {text.map((part) => (
            <input type="hidden" name="text" value={part} />
          ))}
          <input type="hidden" name="from" value={from} />
          <input type="hidden" name="created" value={dry ? 0 : created} />
          <input type="hidden" name="unchanged" value={dry ? 0 : unchanged} />
          <p class="actions">
            <button type="submit" class="primary">
              {dry ? say.open({ count: created }) : say.goOn}
            </button>
          </p>
        </form>
      ) : null}
      {refused.length > 0 ? <Problems {...{ view, refused }} /> : null}
    </section>
  );
}

function Problems({ view, refused }: { view: View; refused: readonly LoanProblem[] }) {
  const { words } = view;
  const { loans: say, received } = words;
  return (
    <>
      <div class="table-frame" role="region" aria-label={received.problems} tabindex={0}>
        <table class="figures inbox">
          <caption class="visually-hidden">{received.problems}</caption>
          <thead>
            <tr>
              <th scope="col">{received.row}</th>
              <th scope="col">{received.column}</th>
              <th scope="col">{received.problem}</th>
            </tr>
          </thead>
          <tbody>
            {refused.slice(0, SHOWN).map(({ row, column, why }) => (
              <tr>
                <th scope="row">{row}</th>
                <td>{column ? say.columns[column] : ''}</td>
                <td>{loanWhyText(words, why)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {refused.length > SHOWN ? <p class="soft">{say.more({ count: refused.length - SHOWN })}</p> : null}
    </>
  );
}
