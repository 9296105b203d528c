import { isForbidden, type Marked as RoughText } from '../../worker/negotiation/said.ts';
import type { Employed } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { RecipientField, recipients } from '../parts/assignee.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import { AreaField, ErrorSummary, Submit } from '../parts/fields.tsx';
import { AS_IT_IS, type Filled, TYPED, type View } from '../parts/view.ts';
import { WordingNotes } from '../parts/wording.tsx';

/** What is done at once in the cases that are marked: what it needs to know, and what became of it, row by row. */

type Marked = { id: string; number: string; borrower: string | null };
type Lender = { slug: string; name: string };

type ManyProps = {
  view: View;
  lender: Lender;
  act: 'assign' | 'remind';
  marked: readonly Marked[];
  most: number;
  form: Filled;
  /** Texts of the form that may do harm, shown once before they are sent. */
  rough: readonly RoughText[];
  people: readonly Employed[];
  teams: readonly string[];
};

export function ManyPage({ view, lender, act, marked, most, form, rough, people, teams }: ManyProps) {
  const { words } = view;
  const { manyActs: say } = words;
  const wrong = marked.length === 0 ? say.none : marked.length > most ? say.tooMany({ most }) : null;
  return (
    <Layout view={view} title={say.titles[act]} scripts={['wording']}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={wrong ? undefined : say.marked({ count: marked.length })}>{say.titles[act]}</PageTitle>
      {wrong ? (
        <p class="notice warn" role="status">
          {wrong}
        </p>
      ) : (
        <form method="post" action={`/desk/${lender.slug}/many`} class="stack" id={TYPED} data-once>
          <ErrorSummary form={form} words={words} />
          {rough.length > 0 ? <Rough rough={rough} words={words} /> : null}
          <input type="hidden" name="requestId" value={view.requestId()} />
          {marked.map(({ id }) => (
            <input type="hidden" name="case" value={id} />
          ))}
          <ul class="plain-list small">
            {marked.map(({ number, borrower }) => (
              <li>
                {borrower} <span class="soft">{number}</span>
              </li>
            ))}
          </ul>
          {act === 'assign' ? (
            <RecipientField form={form} names={recipients({ people, teams, nobody: true }, words)} words={words} />
          ) : (
            <AreaField form={form} words={words} name="words" label={say.words} hint={say.remindHint} most={5000} />
          )}
          <input type="hidden" name="do" value={act} />
          <Submit>{act === 'assign' ? words.assignment.save : say.send}</Submit>
          {rough.length > 0 && !isBarred(rough) ? (
            <p>
              <button type="submit" class="quiet" name={AS_IT_IS} value="1">
                {words.wording.send}
              </button>
            </p>
          ) : null}
        </form>
      )}
    </Layout>
  );
}

const isBarred = (rough: readonly RoughText[]) => rough.some(({ marks }) => marks.some((mark) => isForbidden('lender', mark)));

/** What of a text may do harm, above the form where it is changed. */
function Rough({ rough, words }: { rough: readonly RoughText[]; words: View['words'] }) {
  const { wording: say } = words;
  return (
    <section class="stack" aria-labelledby="wording">
      <h2 id="wording">{say.title}</h2>
      <p>{isBarred(rough) ? say.forbiddenLead : say.lead}</p>
      <WordingNotes marked={rough} side="lender" affordable={null} words={words} />
    </section>
  );
}

/** What became of one case. */
export type Reported = Marked & {
  what: 'assigned' | 'same' | 'moved' | 'sent' | 'held' | 'taken-back' | 'taken' | 'unproven' | 'disputed' | 'nothing' | 'refused';
  why: string;
};

/** What counts as done. */
const DONE: readonly Reported['what'][] = ['assigned', 'sent', 'held', 'taken-back', 'taken'];

/** What can be taken back: to whom cases were given, and whose each was before. */
export type Given = { to: string; cases: readonly { id: string; to: string }[] };

/** What waits for the hours and can be taken back: by its case and the number of its entry in the lender's private stream. */
export type Waiting = readonly { id: string; held: number }[];

type ReportProps = {
  view: View;
  lender: Lender;
  rows: readonly Reported[];
  given?: Given | null;
  waiting?: Waiting;
  /** Where what was taken away is handed over. */
  download?: string;
};

/** What became of each case; and, of what can be taken back, the way back. */
export function ReportPage({ view, lender, rows, given = null, waiting = [], download }: ReportProps) {
  const { words } = view;
  const { manyActs: say } = words;
  const done = rows.filter(({ what }) => DONE.includes(what)).length;
  return (
    <Layout view={view} title={say.report}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.summary({ done, others: rows.length - done })}>{say.report}</PageTitle>
      {download ? (
        <>
          <p class="actions">
            <a class="button primary" href={download}>
              {words.takeMany.download}
            </a>
          </p>
          <p class="hint">{words.takeMany.downloadHint}</p>
        </>
      ) : null}
      <ul class="list">
        {rows.map(({ id, number, borrower, what, why }) => (
          <li>
            <a href={`/cases/${id}`}>
              <strong>{borrower || number}</strong>
              <span class="soft small">{number}</span>
              <span class={what === 'refused' || what === 'unproven' ? 'small across bad-text' : 'small across'}>{why}</span>
            </a>
          </li>
        ))}
      </ul>
      {given && given.cases.length > 0 ? (
        <form method="post" action={`/desk/${lender.slug}/many`} data-once>
          <input type="hidden" name="requestId" value={view.requestId()} />
          <input type="hidden" name="given" value={given.to} />
          {given.cases.map(({ id, to }) => (
            <>
              <input type="hidden" name="case" value={id} />
              <input type="hidden" name="to" value={to} />
            </>
          ))}
          <p class="actions">
            <button type="submit" name="do" value="undo">
              {say.undo({ count: given.cases.length })}
            </button>
          </p>
        </form>
      ) : null}
      {waiting.length > 0 ? (
        <form method="post" action={`/desk/${lender.slug}/many`} data-once>
          <input type="hidden" name="requestId" value={view.requestId()} />
          {waiting.map(({ id, held }) => (
            <>
              <input type="hidden" name="case" value={id} />
              <input type="hidden" name="held" value={String(held)} />
            </>
          ))}
          <p class="actions">
            <button type="submit" name="do" value="take-back">
              {say.takeBack({ count: waiting.length })}
            </button>
          </p>
        </form>
      ) : null}
    </Layout>
  );
}
