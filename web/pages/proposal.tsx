import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { conditionsOf } from '../../worker/negotiation/conditions.ts';
import {
  DECLINE_REASONS,
  isVariation,
  type Offer,
  offerable,
  onTable,
  commands as proposal,
  scheduleOf,
} from '../../worker/negotiation/proposal.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Acceptance, ActBar, acceptable } from '../parts/acceptance.tsx';
import { FurtherClauses } from '../parts/conditions.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, ChoiceField, CommandForm, Enter, ErrorSummary } from '../parts/fields.tsx';
import { BeforeAgreeing, LawMarks, LawNotes } from '../parts/law.tsx';
import { MadeInMediation } from '../parts/mediated.tsx';
import { OfferCard, offerName } from '../parts/offer.tsx';
import { Fits, type Ground, heldOf, Pictures } from '../parts/plan.tsx';
import type { Worked } from '../parts/plan-drawing.ts';
import { ScheduleTable, Totals } from '../parts/schedule.tsx';
import { FromTemplate } from '../parts/template.tsx';
import { Templates, TermsForm } from '../parts/terms-form.tsx';
import { type Filled, formFor, TYPED, type View } from '../parts/view.ts';
import { type Yardstick, YardstickNote } from '../parts/yardstick.tsx';
import { oldDebtText } from '../telling/debt-change.ts';
import { hintsOf } from '../telling/schedule.ts';
import { dateText, money, refusalText } from '../words/index.ts';

type Base = { view: View; id: string; number: string; kase: Case };

type NewProps = Base & {
  form: Filled;
  answers: Offer | null;
  ground: Ground;
  worked: Worked | null;
  stages: number;
  yardstick: Yardstick;
  situation: Context;
};

/** Drawing up a proposal, or a counter-offer that starts from the other side's terms. */
export function NewProposalPage({ view, id, number, kase, form, answers, ground, worked, stages, yardstick, situation }: NewProps) {
  const { words } = view;
  const { terms: say } = words;
  const counter = answers !== null && answers.side !== ground.side;
  // An old link may lead here when nothing is negotiated any more.
  const closed = offerable(kase);
  const answered = answers ? oldDebtText(kase, answers, words) : null;
  const varies = binds(kase);
  const title = counter ? words.offer.counterIt : answers ? words.offer.replace : varies ? words.variation.make : words.offer.make;
  return (
    <Layout view={view} title={title} scripts={['plan', 'amounts', 'wording']} typedAt={view.refused?.at ?? `/cases/${id}/proposals/new`}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={counter ? words.offer.answers(answers.version) : undefined}>{title}</PageTitle>
      <ErrorSummary form={form} words={words} />
      {answers ? (
        <Enter at={`/cases/${id}/proposals/new`}>{say.workOut}</Enter>
      ) : (
        <Templates words={words} workAt={`/cases/${id}/proposals/new`} />
      )}
      {closed ? (
        <p class="notice warn" role="status">
          {refusalText(words, closed.refused)} <a href={`/cases/${id}`}>{words.case.title(number)}</a>
        </p>
      ) : null}
      {varies && !closed ? (
        <p class="notice">{words.variation.hint({ amount: money(outstanding(ground.debt)), date: dateText(words, ground.debt.asOf) })}</p>
      ) : null}
      {answered ? <p class="notice warn">{answered}</p> : null}
      {closed ? null : <BeforeAgreeing kase={kase} situation={situation} words={words} />}
      <YardstickNote yardstick={yardstick} words={words} />
      <form method="post" action={`/cases/${id}/proposals/check`} id={TYPED} data-once>
        <input type="hidden" name="answers" value={answers ? String(answers.version) : ''} />
        <TermsForm view={view} form={form} prefix="" ground={ground} stages={stages} worked={worked} workAt={`/cases/${id}/proposals/new`}>
          <p class="actions sticky-actions">
            <button type="submit" class="primary" name="action" value="check">
              {words.offer.check}
            </button>
            <FromTemplate id={id} command="proposal.make" side={ground.side} form={form} words={words} />
          </p>
        </TermsForm>
      </form>
    </Layout>
  );
}

/** Where no offer can be made any more: why, and where to go, before anything is typed. */
export function NoProposalPage({ view, id, number, kase, why }: Base & { why: string }) {
  const { words } = view;
  return (
    <Layout view={view} title={words.offer.make}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle>{words.offer.make}</PageTitle>
      <p class="notice">{why}</p>
      {kase.agreement ? (
        <p class="actions">
          <a class="button primary" href={`/cases/${id}/agreement`}>
            {words.agreement.title}
          </a>
        </p>
      ) : null}
    </Layout>
  );
}

/** One version, whole: the card, how it fits, the picture, the table, and what this person can do with it. */
export function ProposalPage({
  view,
  id,
  number,
  kase,
  offer,
  ground,
  situation,
  yardstick,
}: Base & { offer: Offer; ground: Ground; situation: Context; yardstick: Yardstick }) {
  const { words } = view;
  const { offer: say } = words;
  const worked = { ...scheduleOf(offer), terms: offer.terms };
  const held = heldOf(worked, ground);
  const before = offer.answers ? kase.offers[offer.answers - 1] : variedBy(kase, offer);
  const live = onTable(kase, situation.at)?.version === offer.version;
  const hidden = { version: offer.version };
  const decline = formFor(view, 'proposal.decline', hidden);
  return (
    <Layout view={view} title={say.proposal(offer.version)} wide scripts={['wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle>{offerName(offer, before, words)}</PageTitle>
      <MadeInMediation id={id} offer={offer} words={words} />
      <div class="halves">
        <OfferCard
          whole
          offer={offer}
          kase={kase}
          before={before}
          caseId={id}
          words={words}
          heading="h2"
          title={say.madeBy(words.of(offer.side))}
        />
        <section class="stack" aria-label={words.schedule.title}>
          <Totals totals={worked.totals} terms={offer.terms} words={words} rest />
          <Fits worked={worked} held={held} ground={ground} words={words} offeredBy={offer.side} />
          <YardstickNote yardstick={yardstick} words={words} />
          <LawMarks
            plan={{ ...worked, debt: offer.debt, terms: offer.terms }}
            loan={ground.loan}
            policy={situation.policy}
            on={situation.today}
            words={words}
          />
          <Pictures worked={worked} held={held} words={words} />
        </section>
      </div>
      <details>
        <summary>{words.schedule.all}</summary>
        <ScheduleTable schedule={worked} words={words} held={held} hints={hintsOf(situation.policy)} />
      </details>
      <LawNotes topic="plan" loan={ground.loan} policy={situation.policy} on={situation.today} words={words} />
      {live && !acceptable({ view, kase, offer, situation }) ? (
        <FurtherClauses offer={offer} conditions={conditionsOf(kase, situation.policy)} words={words} />
      ) : null}
      <Acceptance view={view} id={id} kase={kase} offer={offer} situation={situation} />
      {live && offered(kase, proposal.decline, situation) ? (
        <details open={decline.again}>
          <summary>{say.declineTitle}</summary>
          <CommandForm view={view} caseId={id} command="proposal.decline" form={decline} hidden={hidden}>
            <ChoiceField
              form={decline}
              words={words}
              name="reasons"
              label={say.declineReasons}
              options={DECLINE_REASONS}
              text={(one) => say.reasons[one]}
              many
            />
            <AreaField form={decline} words={words} name="words" label={say.declineWords} most={4000} />
            <p>
              <button type="submit" class="bad">
                {say.decline}
              </button>{' '}
              <FromTemplate id={id} command="proposal.decline" side={situation.seat.side} form={decline} words={words} />
            </p>
          </CommandForm>
        </details>
      ) : null}
      {live && offered(kase, proposal.withdraw, situation) ? (
        <CommandForm view={view} caseId={id} command="proposal.withdraw" form={formFor(view, 'proposal.withdraw', hidden)} hidden={hidden}>
          <p class="actions">
            <a class="button" href={`/cases/${id}/proposals/new`}>
              {say.replace}
            </a>
            <button type="submit" class="bad">
              {say.withdraw}
            </button>
          </p>
        </CommandForm>
      ) : null}
      {acceptable({ view, kase, offer, situation }) ? <ActBar view={view} id={id} /> : null}
    </Layout>
  );
}

/** The offer on which the agreement rests that this one would vary: what it is compared with. */
const variedBy = (kase: Case, offer: Offer): Offer | undefined =>
  kase.agreement && isVariation(kase, offer) ? kase.offers[kase.agreement.version - 1] : undefined;
