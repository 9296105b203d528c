import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { difference, workingDebt } from '../../worker/negotiation/debt.ts';
import { debtDisputed } from '../../worker/negotiation/dispute.ts';
import { atImpasse } from '../../worker/negotiation/impasse.ts';
import { CLOSE_REASONS, invitedOtherwise, commands as life } from '../../worker/negotiation/life.ts';
import { loanOf } from '../../worker/negotiation/loan.ts';
import { standing } from '../../worker/negotiation/performance.ts';
import { commands as person } from '../../worker/negotiation/person.ts';
import { onTable } from '../../worker/negotiation/proposal.ts';
import { may } from '../../worker/negotiation/seats.ts';
import { binds, isVacated } from '../../worker/negotiation/stage.ts';
import { commands as talk } from '../../worker/negotiation/talk.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { Layout } from '../layout.tsx';
import { ActingFor } from '../parts/acting-for.tsx';
import { BeforeActing } from '../parts/before.tsx';
import { Beside, type BesideProps } from '../parts/beside.tsx';
import { Care } from '../parts/care.tsx';
import { BeforeContact, CallForm, WishForm } from '../parts/conduct.tsx';
import { DownloadList } from '../parts/downloads.tsx';
import { Duties } from '../parts/duties.tsx';
import type { Shown } from '../parts/entry.tsx';
import { AreaField, CommandForm, ErrorSummary, SelectField, TextField } from '../parts/fields.tsx';
import { Fold } from '../parts/fold.tsx';
import { Glance, type Weighed } from '../parts/glance.tsx';
import { Impasse, SayImpasse } from '../parts/impasse.tsx';
import { BeforeAgreeing, LawNotes } from '../parts/law.tsx';
import { LenderLogo } from '../parts/logo.tsx';
import { Mediated } from '../parts/mediated.tsx';
import { offerName } from '../parts/offer.tsx';
import { fieldsOnce } from '../parts/once.ts';
import { OwnPlace, type OwnStream } from '../parts/own.tsx';
import { NextInstalment } from '../parts/performance.tsx';
import { QrCode } from '../parts/qr.tsx';
import { Referred } from '../parts/referred.tsx';
import { Restored } from '../parts/restored.tsx';
import { SettleEarly } from '../parts/settle.tsx';
import { FromTemplate } from '../parts/template.tsx';
import { ThreadPage } from '../parts/thread.tsx';
import { filledBy, type KeptMessage, Unsent, UnsentLeft } from '../parts/unsent.tsx';
import { type Filled, formFor, idOf, type View } from '../parts/view.ts';
import { money } from '../words/index.ts';

export type CaseProps = {
  view: View;
  id: string;
  number: string;
  /** Slug of the lender, whose own page says who it is and what it publishes. */
  lender: string;
  kase: Case;
  entries: Shown[];
  more: boolean;
  paged: boolean;
  /** What the reader's side keeps to itself; null for who may not see it. */
  own: OwnStream | null;
  situation: Context;
  /** A new invitation and where it went, shown once. */
  invitation?: { link: string; hint: string; again?: true } | undefined;
  /** What who answers for the lender sees beside the thread: nothing of it is there for anybody else. */
  beside?: BesideProps | undefined;
  weighed?: Weighed | undefined;
  /** What the reader has written and not sent. */
  unsent: KeptMessage | null;
  /** What was just sent was written in despair: help is offered first. */
  care?: boolean;
};

/** The thread: who said what when, what is waited for and from whom, one clear next step for the person who looks. */
export function CasePage(props: CaseProps) {
  const { view, id, number, kase, entries, more, paged, own, situation } = props;
  const { words } = view;
  const { case: say } = words;
  return (
    <Layout
      view={view}
      title={say.title(number)}
      wide
      typedAt={view.refused?.at ?? (offered(kase, talk.message, situation) ? `/cases/${id}/typed/${talk.message.name}` : undefined)}
      scripts={props.beside?.list ? ['compose', 'wording', 'keys'] : ['compose', 'wording']}
    >
      {props.care ? <Care policy={situation.policy} words={words} /> : null}
      {props.beside ? <Beside {...props} {...props.beside} account={situation.seat.account} /> : null}
      <header class="case-head">
        <div>
          {situation.seat.side === 'borrower' ? (
            <LenderLogo of={{ slug: props.lender, name: kase.lenderName, logo: situation.policy.lender.logo }} words={words} />
          ) : null}
          <h1>{situation.seat.side === 'borrower' ? kase.lenderName : (kase.borrowerName ?? kase.invitedName)}</h1>
          <p class="soft small">
            <span class={`tag ${kase.stage}`}>{words.stage[kase.stage]}</span>{' '}
            {atImpasse(kase) ? <span class="tag late">{words.impasse.title}</span> : null} {say.title(number)}
            <br />
            {kase.loan.product ? `${kase.loan.product} · ` : ''}
            {say.reference} {kase.loan.reference}
          </p>
        </div>
        <KeyFigures kase={kase} situation={situation} words={words} />
      </header>
      {props.beside ? <BeforeActing id={id} kase={kase} own={own?.own ?? null} situation={situation} words={words} /> : null}
      <ActingFor id={id} kase={kase} situation={situation} words={words} />
      <Restored view={view} id={id} kase={kase} entries={entries} />
      <Mediated id={id} kase={kase} situation={situation} words={words} />
      <div class="columns">
        <div class="stack">
          <Impasse view={view} id={id} kase={kase} situation={situation} />
          <Referred id={id} kase={kase} words={words} />
          {view.unproven ? null : <NextStep {...props} />}
          {isVacated(kase) && situation.seat.side === 'lender' ? (
            <div class="notice">
              <p>{words.vacate.done}</p>
              {may(situation.seat, life.vacate.needs, situation.at) ? (
                <p>
                  <a class="button" href={`/cases/${id}/vacate`}>
                    {words.vacate.goOn}
                  </a>
                </p>
              ) : null}
            </div>
          ) : null}
          <section class="stack" aria-labelledby="thread">
            <div class="row between">
              <div>
                <h2 id="thread">{say.thread}</h2>
                {isVacated(kase) ? null : <p class="hint">{say.threadHint}</p>}
              </div>
              {offered(kase, talk.message, situation) ? (
                <a class="button" href={`#${idOf(formFor(view, talk.message.name), 'words')}`}>
                  {say.toMessage}
                </a>
              ) : null}
            </div>
            {more ? <p class="print-only">{words.case.printedFrom(entries[0]?.seq ?? 1)}</p> : null}
            <ThreadPage entries={entries} more={more} paged={paged} kase={kase} caseId={id} view={view} situation={situation} />
          </section>
          <Compose {...props} />
        </div>
        <aside class="stack">
          {props.weighed ? <Glance {...props} {...props.weighed} /> : null}
          <Overview {...props} />
          {binds(kase) ? <SettleEarly view={view} id={id} kase={kase} situation={situation} place="" /> : null}
          {own ? <OwnPlace view={view} id={id} own={own} kase={kase} situation={situation} /> : null}
          <Fold id="downloads" title={say.downloads} open={kase.stage !== 'negotiating'}>
            <DownloadList caseId={id} kase={kase} view={view} />
          </Fold>
          <SayImpasse view={view} id={id} kase={kase} situation={situation} />
          <Close {...props} />
        </aside>
      </div>
    </Layout>
  );
}

/** A borrower is answered by a person where they ask for one, in one press: said where the lender's policy answers automatically. */
function Person({ view, id, kase, situation }: Pick<CaseProps, 'view' | 'id' | 'kase' | 'situation'>) {
  const { words } = view;
  const { policy, seat } = situation;
  const isAutomatic = policy.automatic.accept || policy.automatic.counter || kase.offers.some(({ automatic }) => automatic !== undefined);
  if (!isAutomatic || seat.side !== 'borrower') return null;
  if (kase.personAsked !== null) return <p class="soft small">{words.person.done}</p>;
  if (!offered(kase, person.ask, situation)) return null;
  return (
    <CommandForm view={view} caseId={id} command={person.ask.name} form={formFor(view, person.ask.name)}>
      <p class="hint">{words.person.hint}</p>
      <p>
        <button type="submit">{words.person.ask}</button>
      </p>
    </CommandForm>
  );
}

/** What is to be done, by whom and until when; and the invitation, while nobody has joined. */
function NextStep({ view, id, kase, situation, invitation }: CaseProps) {
  const { words } = view;
  const invite = formFor(view, life.invite.name);
  return (
    <section class="next-step" aria-labelledby="next">
      <Duties id={id} kase={kase} situation={situation} words={words} />
      <Person view={view} id={id} kase={kase} situation={situation} />
      {invitation ? (
        <div class="notice">
          <p>{words.desk[invitation.again ? 'inviteAgain' : 'inviteText']({ hint: invitation.hint })}</p>
          <p class="hash">{invitation.link}</p>
          <p>
            <button type="button" data-copy={invitation.link} data-done={words.desk.copied} hidden>
              {words.desk.copy}
            </button>
          </p>
          <QrCode text={invitation.link} label={words.desk.inviteQr} />
        </div>
      ) : null}
      {offered(kase, life.invite, situation) ? (
        <details open={Object.keys(invite.errors).length > 0}>
          <summary>{words.desk.newInvite}</summary>
          <form method="post" action={`/cases/${id}/invitation`} data-once>
            <ErrorSummary form={invite} words={words} />
            <input type="hidden" name="requestId" value={view.requestId()} />
            <TextField
              form={invite}
              words={words}
              name="contact"
              label={words.desk.contact}
              hint={view.reachesPhones ? words.desk.contactHint : words.account.contactMailHint}
            />
            <p>
              <button type="submit">{words.desk.newInvite}</button>
            </p>
          </form>
        </details>
      ) : null}
    </section>
  );
}

/** What is owed, and what is offered now or agreed: read before anything else. */
function KeyFigures({ kase, situation, words }: Pick<CaseProps, 'kase' | 'situation'> & { words: View['words'] }) {
  if (kase.agreement?.inForceAt) {
    const { left, late, next } = standing(kase, situation.today);
    return (
      <dl class="key-figures">
        <div>
          <dt>{words.payment.left}</dt>
          <dd class="num">{money(left)}</dd>
        </div>
        {late > 0 ? (
          <div>
            <dt>{words.payment.late}</dt>
            <dd class="num">{money(late)}</dd>
          </div>
        ) : null}
        {next ? (
          <div>
            <dt>{words.payment.next}</dt>
            <dd class="num">
              <NextInstalment of={next} words={words} />
            </dd>
          </div>
        ) : null}
      </dl>
    );
  }
  const debt = workingDebt(kase);
  const offer = onTable(kase, situation.at) ?? kase.offers.find(({ state }) => state === 'accepted');
  return (
    <dl class="key-figures">
      {debt ? (
        <div>
          <dt>{kase.debts.confirmed ? words.debt.confirmed : words.debt.title}</dt>
          <dd class="num">{money(outstanding(debt))}</dd>
        </div>
      ) : null}
      {offer ? (
        <div>
          <dt>
            {offerName(offer, offer.answers ? kase.offers[offer.answers - 1] : undefined, words)} · {words.offer.state[offer.state]}
          </dt>
          <dd class="num">{words.offer.atMost({ amount: money(offer.totals.highest), count: offer.totals.instalments })}</dd>
        </div>
      ) : null}
    </dl>
  );
}

function Compose({ view, id, kase, situation, unsent }: CaseProps) {
  const { words } = view;
  const { case: say } = words;
  const draft = { id, command: talk.message.name, kept: unsent, words };
  if (!offered(kase, talk.message, situation)) return <UnsentLeft {...draft} />;
  const message = formFor(view, 'talk.message', {}, filledBy(unsent));
  return (
    <section class="stack" aria-labelledby="compose">
      <h2 id="compose">{say.message}</h2>
      <BeforeContact kase={kase} situation={situation} words={words} />
      <BeforeAgreeing kase={kase} situation={situation} words={words} />
      <CommandForm view={view} caseId={id} command={talk.message.name} form={message} main>
        {fieldsOnce(message, words, () => (
          <AreaField form={message} words={words} name="words" label={say.messageHint} most={5000} />
        ))}
        <Unsent {...draft} form={message} />
        <p class="actions">
          <button type="submit" class="primary">
            {say.send}
          </button>
          <a class="button" href={`/cases/${id}/evidence`}>
            {words.evidence.add}
          </a>
          <a class="button" href={`/cases/${id}/letters/new`}>
            {words.letters.title}
          </a>
          <FromTemplate id={id} command="talk.message" side={situation.seat.side} form={message} words={words} />
        </p>
      </CommandForm>
      <LawNotes topic="contact" loan={loanOf(kase, situation.policy)} policy={situation.policy} on={situation.today} words={words} />
      <CallForm view={view} id={id} kase={kase} situation={situation} />
      <WishForm view={view} id={id} kase={kase} situation={situation} />
    </section>
  );
}

function Overview({ view, id, lender, kase, situation, weighed }: CaseProps) {
  const { words } = view;
  const { case: say } = words;
  const debt = workingDebt(kase);
  const apart = difference(kase);
  const newest = kase.offers.at(-1);
  const invited = invitedOtherwise(kase);
  return (
    <section class="card overview" aria-labelledby="overview">
      <h2 id="overview">{say.overview}</h2>
      {/* Until it binds, what is owed stands at the head of the page. */}
      {debt && !weighed && binds(kase) ? (
        <div>
          <p class="soft small">{kase.debts.confirmed ? words.debt.confirmed : words.debt.title}</p>
          <p class="big">{money(outstanding(debt))}</p>
        </div>
      ) : null}
      {debt && !weighed && debtDisputed(kase) ? (
        <p>
          <a href={`/cases/${id}/complaints`}>{words.debt.title + words.colon + words.complaint.disputed}</a>
        </p>
      ) : null}
      {debt && !weighed && apart !== null && apart !== 0 ? <p class="small">{words.debt.difference(money(Math.abs(apart)))}</p> : null}
      <dl class="pairs">
        <dt>{say.borrowerName}</dt>
        <dd>
          {kase.borrowerName ?? kase.invitedName}
          {invited === null ? null : <p class="small">{say.invitedAs({ name: invited })}</p>}
          {offered(kase, life.vacate, situation) ? (
            <p class="small">
              <a href={`/cases/${id}/vacate`}>{words.vacate.link}</a>
            </p>
          ) : null}
        </dd>
        <dt>{say.lenderName}</dt>
        <dd>
          <a href={`/lenders/${lender}`}>{kase.lenderName}</a>
        </dd>
        <dt>{say.retention}</dt>
        <dd>{say.retentionText(situation.policy.retentionYears)}</dd>
      </dl>
      <ul class="downloads pages">
        <li>
          <a href={`/cases/${id}/debt`}>{words.debt.title}</a>
        </li>
        <li>
          <a href={`/cases/${id}/means`}>{words.means.title}</a>
        </li>
        <li>
          <a href={`/cases/${id}/evidence`}>
            {words.evidence.title}
            {Object.keys(kase.evidence).length > 0 ? ` (${Object.keys(kase.evidence).length})` : ''}
          </a>
        </li>
        <li>
          <a href={`/cases/${id}/representatives`}>
            {words.representation.title}
            {kase.representatives.length > 0 ? ` (${kase.representatives.length})` : ''}
          </a>
        </li>
        <li>
          <a href={`/cases/${id}/mediation`}>{words.mediation.title}</a>
        </li>
        {newest && kase.offers.length > 1 ? (
          <li>
            <a href={`/cases/${id}/compare?a=${newest.version - 1}&b=${newest.version}`}>{words.compare.title}</a>
          </li>
        ) : null}
        <li>
          <a href={`/cases/${id}/complaints`}>
            {kase.complaints.length > 0 ? words.complaint.linkCount({ count: kase.complaints.length }) : words.complaint.link}
          </a>
        </li>
        <li>
          <a href={`/cases/${id}/ways`}>{words.ways.title}</a>
        </li>
        {kase.agreement ? (
          <li>
            <a href={`/cases/${id}/agreement`}>{words.agreement.title}</a>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Close({ view, id, kase, situation }: CaseProps) {
  const { words } = view;
  const { case: say } = words;
  if (!offered(kase, life.close, situation)) return null;
  const form = formFor(view, 'case.close');
  return (
    <details open={form.again}>
      <summary>{say.close}</summary>
      <CommandForm view={view} caseId={id} command="case.close" form={form}>
        {fieldsOnce(form, words, () => (
          <CloseFields form={form} words={words} />
        ))}
      </CommandForm>
    </details>
  );
}

function CloseFields(field: { form: Filled; words: View['words'] }) {
  const { case: say, choose, evidence } = field.words;
  return (
    <>
      <SelectField
        {...field}
        name="reason"
        label={say.closeReason}
        blank={choose}
        options={CLOSE_REASONS}
        text={(one) => say.closeReasons[one]}
      />
      <AreaField {...field} name="words" label={evidence.words} most={2000} optional />
      <p>
        <button type="submit" class="bad">
          {say.close}
        </button>
      </p>
    </>
  );
}
