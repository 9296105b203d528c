import { marksIn } from '../../worker/negotiation/marks.ts';
import type { Dated } from '../../worker/negotiation/own-cases.ts';
import type { Scope } from '../../worker/negotiation/seats.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { type Begun, BegunList, type Found, FoundHere } from '../parts/begun.tsx';
import { type CaseShown, complaintText, untilText, waitsText } from '../parts/case-item.tsx';
import type { View } from '../parts/view.ts';
import { dayText, money, type Words, wordsAt } from '../words/index.ts';

/** By what seat somebody acts in a case for its borrower, or between its sides; null where it is their own. */
type Acting = { capacity: 'borrower' | 'representative' | 'mediator'; scope: Scope | null; until: string | null } | null;

/** A person's own cases: what waits for whom, until when, about how much. */

type OwnCase = CaseShown & Pick<Dated, 'place' | 'today' | 'promised'> & { lenderName: string; acting: Acting; drafted: boolean };
/** A case of which nothing is here any more. */
type Gone = { id: string; lenderName: string };
type Cases = { view: View; cases: OwnCase[]; gone: Gone[]; found: Found[]; drafts: Begun[] };

export function CasesPage({ view, cases, gone, found, drafts }: Cases) {
  const { words } = view;
  const { cases: say } = words;
  const mediated = cases.filter(({ acting }) => acting?.capacity === 'mediator');
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      <FoundHere found={found} words={words} />
      <BegunList drafts={drafts} words={words} />
      {cases.length === 0 && gone.length === 0 ? (
        <>
          <p>{say.empty}</p>
          {drafts.length === 0 ? <p class="soft">{say.emptyHint}</p> : null}
        </>
      ) : (
        <CaseList cases={cases.filter(({ acting }) => acting?.capacity !== 'mediator')} words={words} />
      )}
      {gone.length > 0 ? (
        <ul class="list">
          {gone.map(({ id, lenderName }) => (
            <li>
              <a href={`/cases/${id}`}>
                <strong>{lenderName}</strong>
                <span class="small across">{words.recordGone.listed}</span>
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      {mediated.length > 0 ? (
        <section class="stack" aria-labelledby="mediated">
          <h2 id="mediated">{words.mediation.cases}</h2>
          <CaseList cases={mediated} words={words} />
        </section>
      ) : null}
      <p class="actions">
        <a class="button primary" href="/open">
          {words.home.start}
        </a>
      </p>
    </Layout>
  );
}

function CaseList({ cases, words }: Pick<Cases, 'cases'> & { words: Words }) {
  if (cases.length === 0) return null;
  return (
    <ul class="list">
      {cases.map((one) => (
        <CaseItem one={one} name={one.lenderName} today={one.today} words={wordsAt(words, one.place)} />
      ))}
    </ul>
  );
}

type Item = { one: OwnCase; name: string; today: string; words: Words };

/** A case in a list: under an agreement with what is left to pay and the next instalment, before with what is owed and until when what is awaited. */
function CaseItem({ one, name, today, words }: Item) {
  const { acting } = one;
  const performed = binds(one) || one.stage === 'completed';
  const neutral = acting?.capacity === 'mediator';
  const waits = waitsText(one, 'borrower', words, neutral);
  const until = [complaintText(one, today, words), untilText(one, today, words)].filter(Boolean).join(words.semicolon);
  return (
    <li>
      <a href={`/cases/${one.id}`}>
        <span>
          <strong>{neutral ? words.mediation.listed({ borrower: one.borrower ?? '', lender: name }) : name}</strong>{' '}
          {one.proven ? <span class={`tag ${one.stage}`}>{words.stage[one.stage]}</span> : null}
          {one.proven && marksIn(one).includes('disputed') ? <span class="tag disputed">{words.complaint.disputed}</span> : null}
          {one.drafted ? <span class="tag">{words.unsent.mark}</span> : null}
        </span>
        <span class="end">
          {one.proven && performed ? <span class="soft small">{words.payment.left} </span> : null}
          <strong class="num">{one.proven ? money(one.amount) : null}</strong>
        </span>
        <span class="soft small across">
          {one.number} · {one.reference}
        </span>
        {acting?.until && !neutral ? (
          <span class="small across">
            {words.representation.listed({
              name: one.borrower ?? '',
              scope: words.representation.scopeOf[acting.scope ?? 'read'],
              until: dayText(words, new Date(Date.parse(acting.until) - 1).toISOString()),
            })}
          </span>
        ) : null}
        {one.proven ? null : <span class="small across">{words.unproven.title}</span>}
        {one.proven && (waits || until) ? <span class="small across">{[waits, until].filter(Boolean).join(' · ')}</span> : null}
      </a>
    </li>
  );
}
