import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as mediation, type Suggestion } from '../../worker/negotiation/mediation.ts';
import type { Offer } from '../../worker/negotiation/proposal.ts';
import type { Refusal } from '../../worker/negotiation/refusal.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { isBeyond } from '../parts/approval.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, CommandForm, ErrorSummary, ForApprovalForm, Submit } from '../parts/fields.tsx';
import { BeforeAgreeing } from '../parts/law.tsx';
import { ChangedFrom } from '../parts/offer.tsx';
import { type Ground, Preview, Standards } from '../parts/plan.tsx';
import type { Worked } from '../parts/plan-drawing.ts';
import { Templates, TermsForm } from '../parts/terms-form.tsx';
import { ToldLines } from '../parts/told.tsx';
import { type Filled, filled, formFor, TYPED, type View } from '../parts/view.ts';
import { offerFigures, offerLines } from '../telling/proposal.ts';
import { momentText, refusalText } from '../words/index.ts';

type Base = { view: View; id: string; number: string; kase: Case };

type Props = Base & {
  suggestion: Suggestion;
  /** What it is held against; null once nothing is left to offer on. */
  ground: Ground | null;
  situation: Context;
  answers: Offer | null;
  /** Why it cannot be taken up any more, or null. */
  stale: Refusal | null;
};

/** What a mediator suggests, whole, as it would be sent: this is the look over it before a side takes it up as its own offer. */
export function SuggestionPage({ view, id, number, kase, suggestion, ground, situation, answers, stale }: Props) {
  const { words } = view;
  const { mediation: say } = words;
  const { no, debt, terms, expiresAt } = suggestion;
  const taken = kase.offers.findLast((offer) => offer.suggestion === no);
  const told = offerLines(suggestion, words);
  // Where the plan stands beside them, its figures are read there.
  const lines = ground ? told.slice(offerFigures(suggestion, words).length) : told;
  return (
    <Layout view={view} title={say.suggestion(no)} wide scripts={['wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.stands({ moment: momentText(words, expiresAt) })}>{say.suggestion(no)}</PageTitle>
      {taken ? (
        <p class="notice good">
          <a href={`/cases/${id}/proposals/${taken.version}`}>{say.taken({ version: taken.version })}</a>
        </p>
      ) : null}
      {stale && !taken ? <p class="notice warn">{refusalText(words, stale)}</p> : null}
      <div class="halves even beside">
        <section class="card" aria-labelledby="terms">
          <h2 id="terms">{words.terms.title}</h2>
          {answers ? <ChangedFrom before={answers} after={{ ...suggestion, version: no, debtSaid: kase.debtSaid }} words={words} /> : null}
          <ToldLines lines={lines} words={words} />
        </section>
        {ground ? (
          <section class="card" aria-labelledby="schedule">
            <h2 id="schedule">{words.schedule.title}</h2>
            <Standards ground={ground} words={words} />
            <Preview worked={{ ...schedule(debt, terms), terms }} ground={ground} words={words} />
          </section>
        ) : null}
        <Adopt {...{ view, id, kase, suggestion, situation, answers, stale }} />
      </div>
    </Layout>
  );
}

/** Taking it up, in one step; for whoever may not grant as much alone, by a colleague. */
function Adopt({ view, id, kase, suggestion, situation, answers, stale }: Omit<Props, 'number' | 'ground'>) {
  const { words } = view;
  const { mediation: say } = words;
  const { no, digest } = suggestion;
  const hidden = { suggestion: no };
  const form = formFor(view, 'mediation.adopt', hidden, filled({ words: say.adoptDraft({ no }) }));
  if (form.again !== true && (stale !== null || !offered(kase, mediation.adopt, situation))) return null;
  const named = { ...hidden, digest, answers: answers?.version ?? '' };
  const input = { suggestion: no, digest, answers: answers?.version ?? null, words: say.adoptDraft({ no }) };
  const beyond = stale === null && isBeyond(mediation.adopt.name, kase, input, situation);
  return (
    <section class="next-step" id="adopt" aria-labelledby="adopt-title">
      <h2 id="adopt-title">{say.adopt}</h2>
      <p>{say.adoptHint}</p>
      <BeforeAgreeing kase={kase} situation={situation} words={words} />
      {beyond ? (
        <ForApprovalForm view={view} caseId={id} command="mediation.adopt" form={form} hidden={{ ...named, words: input.words }} />
      ) : (
        <CommandForm view={view} caseId={id} command="mediation.adopt" form={form} hidden={named}>
          <AreaField form={form} words={words} name="words" label={say.adoptWords} most={4000} rows={3} />
          <Submit>{say.adopt}</Submit>
        </CommandForm>
      )}
    </section>
  );
}

type SuggestingProps = Base & { form: Filled; ground: Ground; worked: Worked | null; stages: number; newest: Offer | null };

/** The mediator draws terms up, from the newest offer or a template, held against what both sides have said. */
export function SuggestingPage({ view, id, number, form, ground, worked, stages }: SuggestingProps) {
  const { words } = view;
  const { mediation: say } = words;
  const workAt = `/cases/${id}/suggestions/new`;
  return (
    <Layout view={view} title={say.suggest} scripts={['plan', 'amounts', 'wording']} typedAt={view.refused?.at ?? workAt}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.suggestLead}>{say.suggest}</PageTitle>
      <Templates words={words} workAt={workAt} />
      <form method="post" action={`/cases/${id}/do/mediation.suggest`} id={TYPED} data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        <TermsForm
          view={view}
          form={form}
          prefix=""
          ground={ground}
          stages={stages}
          worked={worked}
          workAt={workAt}
          said={say.suggestWords}
        >
          <p class="actions sticky-actions">
            <button type="submit" class="primary">
              {say.suggestSend}
            </button>
          </p>
        </TermsForm>
      </form>
    </Layout>
  );
}
