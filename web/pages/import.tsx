import { LOAN_COLUMNS, type LoanColumn, widthOf } from '../../worker/negotiation/loans.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { NextPage, WayBack } from '../parts/crumb.tsx';
import { ErrorSummary, SelectField } from '../parts/fields.tsx';
import { QrCode } from '../parts/qr.tsx';
import { type Filled, own, type View } from '../parts/view.ts';
import { momentText, type Words } from '../words/index.ts';

/** One file of loans on its way: which column is which, what is wrong with which row, how far it is, and what it came to. */

export type ImportShown = {
  state: 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'dropped' | 'lapsed';
  rows: number;
  pieces: number;
  done: number;
  created: number;
  unchanged: number;
  refused: number;
  /** Borrowers who are invited by short message and by mail, or would be. */
  texts: number;
  mails: number;
};

export type ImportProps = {
  view: View;
  lender: { slug: string; name: string };
  of: ImportShown & { id: string; file: string; at: string; name: string };
  /** Cases that it opened, once it is over: given up in the middle, it leaves what was opened. */
  opened: number;
  /** Whether the page stays as it is while the work goes on. */
  still: boolean;
  /** Where columns are to be named: those of the file, some of its rows, and what is chosen. */
  naming: { head: readonly string[]; sample: readonly { row: number; cells: readonly string[] }[]; form: Filled } | null;
  problems: readonly { row: number; column: LoanColumn | null; said: string }[];
  next: string | null;
};

/** How an import stands, in a sentence. */
export function importText({ state, rows, pieces, done, created, unchanged, refused }: ImportShown, { loans: say }: Words): string {
  const counts = { rows, created, unchanged, bad: refused };
  const dealt = Math.min(rows, Math.round((rows * done) / pieces));
  switch (state) {
    case 'checked':
      return say.checked(counts);
    case 'done':
      return say.done(counts);
    case 'checking':
      return say.checking({ done: dealt, of: rows });
    case 'running':
      return say.goesOn({ done: dealt, of: rows });
    default:
      return say.states[state];
  }
}

export function ImportPage(props: ImportProps) {
  const { view, lender, of, opened, naming, problems } = props;
  const { words } = view;
  const { loans: say } = words;
  const isOver = ['done', 'dropped', 'lapsed'].includes(of.state);
  return (
    <Layout view={view} title={say.title}>
      <WayBack to={`/desk/${lender.slug}/import`}>{say.title}</WayBack>
      <PageTitle lead={`${momentText(words, of.at)} · ${of.name}`}>{of.file}</PageTitle>
      <p class={`notice ${of.state === 'done' || (of.state === 'checked' && of.refused === 0) ? 'good' : ''}`} role="status">
        {importText(of, words)}
      </p>
      {of.state === 'checking' || of.state === 'running' ? <Progress {...props} /> : null}
      {naming ? <Naming {...props} naming={naming} /> : null}
      {of.state === 'checked' ? <Decide {...props} /> : null}
      {opened > 0 ? (
        <>
          {of.state === 'done' ? null : <p>{say.stays({ count: opened })}</p>}
          {of.state === 'done' && of.texts + of.mails > 0 ? <p>{say.invited(of)}</p> : null}
          <p>
            <a class="button" href={`/desk/${lender.slug}/import/${of.id}/waiting`}>
              {say.waiting}
            </a>
          </p>
        </>
      ) : null}
      {problems.length > 0 ? <Problems {...props} /> : null}
      {isOver ? null : (
        <form method="post" class="stack">
          <p class="hint">{say.keptFor}</p>
          <p class="actions">
            <button type="submit" name="do" value="drop">
              {say.drop}
            </button>
          </p>
        </form>
      )}
    </Layout>
  );
}

function Progress({ view, of, still }: ImportProps) {
  const { loans: say } = view.words;
  return (
    <>
      <progress class="progress" max={of.pieces} value={of.done} aria-label={say.report}>
        {of.done}
      </progress>
      <p class="small">
        {still ? say.isStill : say.moves} <a href={still ? '?' : '?still'}>{still ? say.goOn : say.keepStill}</a>
      </p>
    </>
  );
}

function Naming({ view, naming: { head, sample, form } }: ImportProps & { naming: NonNullable<ImportProps['naming']> }) {
  const { words } = view;
  const { loans: say } = words;
  const name = (i: number) => head[i]?.trim().slice(0, 60) || say.mapping.unnamed({ no: i + 1 });
  const columns = Array.from({ length: widthOf(head, sample) }, (_, i) => i);
  return (
    <form method="post" class="card stack" data-once>
      <ErrorSummary form={form} words={words} />
      <p>{say.mapping.lead}</p>
      <div class="table-frame" role="region" aria-label={say.mapping.sample} tabindex={0}>
        <table class="figures inbox whole">
          <caption>{say.mapping.sample}</caption>
          <thead>
            <tr>
              <th scope="col">{words.received.row}</th>
              {columns.map((i) => (
                <th scope="col">{name(i)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sample.map(({ row, cells }) => (
              <tr>
                <td class="num">{row}</td>
                {columns.map((i) => (
                  <td>{(cells[i] ?? '').slice(0, 60)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {LOAN_COLUMNS.map((column, i) => (
        <SelectField
          form={form}
          words={words}
          name={column}
          label={say.columns[column]}
          hint={own(say.mapping.hints, column)}
          optional={i >= NEEDED}
          options={columns.map(String)}
          text={(value) => name(Number(value))}
          blank={say.mapping.none}
        />
      ))}
      <p class="actions">
        <button type="submit" class="primary" name="do" value="check">
          {say.check}
        </button>
      </p>
    </form>
  );
}

/** The first columns are those without which no case is opened. */
const NEEDED = 3;

function Decide({ view, of }: ImportProps) {
  const { loans: say } = view.words;
  return (
    <form method="post" class="card stack" data-once>
      {of.created === 0 ? <p>{say.nothing}</p> : of.refused > 0 ? <p>{say.runHint}</p> : null}
      {of.created > 0 && of.texts + of.mails > 0 ? (
        <>
          <label class="choice">
            <input type="checkbox" name="invites" value="yes" />
            <span>{say.invite(of)}</span>
          </label>
          <details>
            <summary>{say.inviteText}</summary>
            <p class="said">{view.words.mail.inviteBody({ link: '…/join/…' })}</p>
          </details>
        </>
      ) : null}
      <p class="actions">
        {of.created > 0 ? (
          <button type="submit" class="primary" name="do" value="run">
            {say.open({ count: of.created })}
          </button>
        ) : null}
        <button type="submit" name="do" value="map">
          {say.mapAgain}
        </button>
      </p>
    </form>
  );
}

function Problems({ view, lender, of, problems, next }: ImportProps) {
  const { words } = view;
  const { loans: say, received } = words;
  return (
    <section class="stack">
      <h2>{received.problems}</h2>
      <p>
        <a class="button" href={`/desk/${lender.slug}/import/${of.id}/problems.csv`} download>
          {say.problemsFile}
        </a>
      </p>
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
            {problems.map(({ row, column, said }) => (
              <tr>
                <td class="num">{row}</td>
                <td class="num">{column ? say.columns[column] : ''}</td>
                <td>{said}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <NextPage next={next} words={words} />
    </section>
  );
}

type WaitingProps = Pick<ImportProps, 'view' | 'lender' | 'next'> & {
  of: { id: string; file: string };
  waiting: readonly {
    id: string;
    number: string;
    borrower: string | null;
    reference: string;
    invited: { link: string; hint: string } | null;
  }[];
  /** Where borrowers join by their contract. */
  join: string;
  /** Behind which case the page begins, and of which the QR code is drawn; '' and null at first. */
  from: string;
  drawn: string | null;
};

/** Who has not joined a case of an import, with the link that goes to them. */
export function WaitingPage({ view, lender, of, waiting, next, join, from, drawn }: WaitingProps) {
  const { words } = view;
  const { loans: say } = words;
  return (
    <Layout view={view} title={say.waiting} scripts={['compose']}>
      <WayBack to={`/desk/${lender.slug}/import/${of.id}`}>{of.file}</WayBack>
      <PageTitle>{say.waiting}</PageTitle>
      <p>{say.waitingHint}</p>
      <Link view={view} link={join} />
      {waiting.length === 0 ? (
        <p class="soft">{say.nobodyWaits}</p>
      ) : (
        <ul class="list">
          {waiting.map(({ id, number, borrower, reference, invited }) => (
            <li id={`case-${id}`}>
              <div class="item one">
                <span>
                  <a href={`/cases/${id}`}>
                    <strong>{borrower ?? number}</strong>
                  </a>
                  <br />
                  <span class="soft small">
                    {number} · {reference}
                    {invited ? ` · ${invited.hint}` : ''}
                  </span>
                </span>
                {invited ? <Link view={view} link={invited.link} /> : <p class="small soft">{say.notInvited}</p>}
                {!invited ? null : id === drawn ? (
                  <QrCode text={invited.link} label={words.desk.inviteQr} />
                ) : (
                  <a class="small" href={`?${new URLSearchParams({ from, qr: id })}#case-${id}`}>
                    {say.qr}
                  </a>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      <NextPage next={next} words={words} />
    </Layout>
  );
}

function Link({ view, link }: { view: View; link: string }) {
  const { desk } = view.words;
  return (
    <>
      <p class="hash">{link}</p>
      <p>
        <button type="button" data-copy={link} data-done={desk.copied} hidden>
          {desk.copy}
        </button>
      </p>
    </>
  );
}
