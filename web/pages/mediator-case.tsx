import type { Case } from '../../worker/negotiation/case.ts';
import { type AnyContext, type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as mediation } from '../../worker/negotiation/mediation.ts';
import { onTable } from '../../worker/negotiation/proposal.ts';
import { Layout } from '../layout.tsx';
import { Duties } from '../parts/duties.tsx';
import type { Shown } from '../parts/entry.tsx';
import { AreaField, CommandForm, Submit } from '../parts/fields.tsx';
import { ThreadPage } from '../parts/thread.tsx';
import { filledBy, type KeptMessage, Unsent, UnsentLeft } from '../parts/unsent.tsx';
import { formFor, type View } from '../parts/view.ts';
import { SuggestionList } from './mediation.tsx';

type Props = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  entries: Shown[];
  more: boolean;
  paged: boolean;
  /** As somebody who reads and does nothing on either side. */
  situation: Context;
  /** Where the mediator really sits. */
  neutral: AnyContext;
  /** What the mediator has written and not sent. */
  unsent: KeptMessage | null;
};

/** The case as its mediator has it: what both share, what each has to do, and writing or suggesting to both. */
export function MediatorCasePage({ view, id, number, kase, entries, more, paged, situation, neutral, unsent }: Props) {
  const { words } = view;
  const { case: say, mediation: of } = words;
  const draft = { id, command: mediation.say.name, kept: unsent, words };
  const message = formFor(view, mediation.say.name, {}, filledBy(unsent));
  const leave = formFor(view, 'mediation.leave');
  const offer = onTable(kase, situation.at) ?? kase.offers.at(-1);
  return (
    <Layout view={view} title={say.title(number)} wide scripts={['compose', 'wording']}>
      <header class="case-head">
        <div>
          <h1>{of.listed({ borrower: kase.borrowerName ?? kase.invitedName ?? '', lender: kase.lenderName })}</h1>
          <p class="soft small">
            <span class={`tag ${kase.stage}`}>{words.stage[kase.stage]}</span> {say.title(number)}
            <br />
            {say.reference} {kase.loan.reference}
          </p>
        </div>
      </header>
      <p class="notice">
        {of.leadNeutral} <a href={`/cases/${id}/mediation`}>{of.title}</a>
      </p>
      <div class="columns">
        <div class="stack">
          <section class="next-step" aria-labelledby="next">
            <Duties id={id} kase={kase} situation={situation} words={words} />
          </section>
          <section class="stack" aria-labelledby="thread">
            <h2 id="thread">{say.thread}</h2>
            <ThreadPage entries={entries} more={more} paged={paged} kase={kase} caseId={id} view={view} situation={situation} />
          </section>
          {offered(kase, mediation.say, neutral) ? (
            <section class="stack" aria-labelledby="compose">
              <h2 id="compose">{of.say}</h2>
              <CommandForm view={view} caseId={id} command="mediation.say" form={message}>
                <AreaField form={message} words={words} name="words" label={of.say} hint={of.sayHint} most={5000} />
                <Unsent {...draft} form={message} />
                <Submit>{say.send}</Submit>
              </CommandForm>
            </section>
          ) : (
            <UnsentLeft {...draft} />
          )}
        </div>
        <aside class="stack">
          <section class="card stack tight" aria-labelledby="suggestions">
            <h2 id="suggestions">{of.suggestions}</h2>
            <SuggestionList id={id} kase={kase} words={words} />
            {offered(kase, mediation.suggest, neutral) ? (
              <p class="actions">
                <a class="button primary" href={`/cases/${id}/suggestions/new`}>
                  {of.suggest}
                </a>
              </p>
            ) : null}
          </section>
          <section class="card" aria-labelledby="rooms">
            <h2 id="rooms">{of.rooms}</h2>
            <ul class="downloads">
              {offer ? (
                <li>
                  <a href={`/cases/${id}/proposals/${offer.version}`}>{words.offer.proposal(offer.version)}</a>
                </li>
              ) : null}
              {kase.offers.length > 1 ? (
                <li>
                  <a href={`/cases/${id}/compare?a=${kase.offers.length - 1}&b=${kase.offers.length}`}>{words.compare.title}</a>
                </li>
              ) : null}
              <li>
                <a href={`/cases/${id}/means`}>{words.means.title}</a>
              </li>
              <li>
                <a href={`/cases/${id}/evidence`}>{words.evidence.title}</a>
              </li>
              {kase.agreement ? (
                <li>
                  <a href={`/cases/${id}/agreement`}>{words.agreement.title}</a>
                </li>
              ) : null}
            </ul>
          </section>
          {offered(kase, mediation.leave, neutral) ? (
            <details open={leave.again}>
              <summary>{of.leave}</summary>
              <CommandForm view={view} caseId={id} command="mediation.leave" form={leave}>
                <p class="hint">{of.leaveHint}</p>
                <AreaField form={leave} words={words} name="words" label={of.why} most={1000} rows={2} optional />
                <p>
                  <button type="submit" class="bad">
                    {of.leave}
                  </button>
                </p>
              </CommandForm>
            </details>
          ) : null}
        </aside>
      </div>
    </Layout>
  );
}
