import { commands as agreement } from '../../worker/negotiation/agreement.ts';
import { awaited, type Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { difference, workingDebt } from '../../worker/negotiation/debt.ts';
import { CLOSE_REASONS, invitedOtherwise, commands as life } from '../../worker/negotiation/life.ts';
import { type Pending, pending } from '../../worker/negotiation/pending.ts';
import { standing } from '../../worker/negotiation/performance.ts';
import { onTable, commands as proposal, restsOnOldDebt } from '../../worker/negotiation/proposal.ts';
import { commands as talk } from '../../worker/negotiation/talk.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { Layout } from '../layout.tsx';
import { DownloadList } from '../parts/downloads.tsx';
import { EntryView, type Shown } from '../parts/entry.tsx';
import { AreaField, CommandForm, DateField, ErrorSummary, SelectField, TextField } from '../parts/fields.tsx';
import { LawNotes } from '../parts/law.tsx';
import { formFor, type View } from '../parts/view.ts';
import { dateText, momentText, money, pendingText } from '../words/index.ts';

export type CaseProps = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  entries: Shown[];
  more: boolean;
  paged: boolean;
  situation: Context;
  /** A new invitation and where it went, shown once. */
  invitation?: { link: string; hint: string } | undefined;
};

/** The thread: who said what when, what is waited for and from whom, one clear next step for the person who looks. */
export function CasePage(props: CaseProps) {
  const { view, id, number, kase, entries, more, paged, situation } = props;
  const { words } = view;
  const { case: say } = words;
  return (
    <Layout view={view} title={say.title(number)} wide scripts={['compose']}>
      <header class="case-head">
        <p class="row">
          <span class="soft">{say.title(number)}</span>
          <span class={`tag ${kase.stage}`}>{words.stage[kase.stage]}</span>
        </p>
        <h1>{situation.seat.side === 'borrower' ? kase.lenderName : (kase.borrowerName ?? kase.invitedName)}</h1>
        <p class="soft">
          {kase.loan.product ? `${kase.loan.product} · ` : ''}
          {say.reference} {kase.loan.reference}
        </p>
      </header>
      <div class="columns">
        <div class="stack">
          {view.unproven ? null : <NextStep {...props} />}
          <section class="stack" aria-labelledby="thread">
            <div>
              <h2 id="thread">{say.thread}</h2>
              <p class="hint">{say.threadHint}</p>
            </div>
            {more ? <p class="print-only">{words.case.printedFrom(entries[0]?.seq ?? 1)}</p> : null}
            {more ? (
              <p>
                <a class="button" href={`/cases/${id}?before=${entries[0]?.seq ?? ''}`}>
                  {words.more}
                </a>
              </p>
            ) : null}
            <ol class="thread">
              {entries.map((entry) => (
                <EntryView entry={entry} kase={kase} caseId={id} view={view} situation={situation} />
              ))}
            </ol>
            {paged ? (
              <p>
                <a href={`/cases/${id}`}>{words.newest}</a>
              </p>
            ) : null}
          </section>
          <Compose {...props} />
        </div>
        <aside class="stack">
          <Overview {...props} />
          <section class="card" aria-labelledby="downloads">
            <h2 id="downloads">{say.downloads}</h2>
            <DownloadList caseId={id} kase={kase} view={view} />
          </section>
          <Close {...props} />
        </aside>
      </div>
    </Layout>
  );
}

/** Where what waits is answered. */
const PLACES: Record<Pending['what'], string> = {
  queries: '/means',
  answers: '/means',
  rejected: '/evidence',
  files: '/evidence',
  calls: '#thread',
  payments: '/agreement#payments',
  differing: '/debt',
};

/** One card that says where things stand and what this person can do now. */
function NextStep({ view, id, kase, situation, invitation }: CaseProps) {
  const { words } = view;
  const { case: say, offer: deal } = words;
  const { seat, at, today } = situation;
  const offer = onTable(kase, at);
  const waits = awaited(kase, at);
  const yours = waits === seat.side;
  const canMake = offered(kase, proposal.make, situation);
  const waiting = pending(kase, seat.side);
  const invite = formFor(view, life.invite.name);
  const link = (href: string, text: string, primary = false) => (
    <a class={primary ? 'button primary' : 'button'} href={`/cases/${id}${href}`}>
      {text}
    </a>
  );
  let now = '';
  let figures: string | null = null;
  let actions: unknown[] = [];
  if (kase.stage === 'negotiating') {
    if (offer) {
      now = yours ? say.now.yourAnswer : say.now.theirAnswer;
      figures = `${words.schedule.highest} ${money(offer.totals.highest)} · ${words.schedule.instalments} ${offer.totals.instalments} · ${say.by(momentText(words, offer.expiresAt))}`;
      // What cannot be accepted any more asks for an offer on the present figures, whoever's turn it was.
      const debt = workingDebt(kase);
      const old = debt !== null && restsOnOldDebt(kase, offer);
      if (old) {
        now = say.now.oldDebt({ version: offer.version, before: money(outstanding(offer.debt)), now: money(outstanding(debt)) });
        figures = null;
      }
      actions =
        yours && !old
          ? [link(`/proposals/${offer.version}`, say.answerOffer, true), canMake ? link('/proposals/new', deal.counterIt) : null]
          : [
              link(`/proposals/${offer.version}`, deal.view),
              canMake ? link('/proposals/new', yours ? deal.counterIt : deal.replace, old) : null,
            ];
    } else {
      now = kase.borrowerName === null ? say.now.notJoined : yours ? say.now.yourOffer : say.now.theirOffer;
      actions = [canMake ? link('/proposals/new', deal.make, yours) : null];
    }
  } else if (kase.stage === 'agreed') {
    const may = offered(kase, agreement.sign, situation);
    now = may ? say.now.yourSignature : say.now.theirSignature;
    actions = [link('/agreement', may ? words.agreement.sign : words.agreement.title, may)];
  } else if (kase.stage === 'in-force') {
    const { next } = standing(kase, today);
    const toConfirm = seat.side === 'lender' && kase.payments.some(({ state }) => state === 'reported');
    now = toConfirm
      ? say.now.confirmPayment
      : next
        ? say.now.nextPayment({ amount: money(next.payment - next.paid), date: dateText(words, next.due) })
        : '';
    figures = next?.state === 'late' ? words.payment.standing.late : null;
    actions = [link('/agreement#payments', seat.side === 'borrower' ? words.payment.report : words.payment.title, true)];
  } else {
    now = kase.stage === 'completed' ? say.now.completed : say.now.closed;
  }
  return (
    <section class="next-step" aria-labelledby="next">
      <h2 id="next">{say.next}</h2>
      <p class="now">{now}</p>
      {figures ? <p class="soft num">{figures}</p> : null}
      {waiting.length > 0 ? (
        <ul class="plain-list">
          {waiting.map((one) => (
            <li>
              <a href={`/cases/${id}${PLACES[one.what]}`}>{pendingText(one, words)}</a>
            </li>
          ))}
        </ul>
      ) : null}
      {invitation ? (
        <div class="notice">
          <p>{words.desk.inviteText({ hint: invitation.hint })}</p>
          <p class="hash">{invitation.link}</p>
        </div>
      ) : null}
      <div class="actions">{actions}</div>
      {offered(kase, life.invite, situation) ? (
        <details open={Object.keys(invite.errors).length > 0}>
          <summary>{words.desk.newInvite}</summary>
          <form method="post" action={`/cases/${id}/invitation`} data-once>
            <ErrorSummary form={invite} words={words} />
            <input type="hidden" name="requestId" value={view.requestId()} />
            <TextField form={invite} words={words} name="contact" label={words.desk.contact} hint={words.desk.contactHint} />
            <p>
              <button type="submit">{words.desk.newInvite}</button>
            </p>
          </form>
        </details>
      ) : null}
    </section>
  );
}

function Compose({ view, id, kase, situation }: CaseProps) {
  const { words } = view;
  const { case: say } = words;
  if (!offered(kase, talk.message, situation)) return null;
  const message = formFor(view, 'talk.message');
  const call = formFor(view, 'talk.logCall');
  return (
    <section class="stack" aria-labelledby="compose">
      <h2 id="compose">{say.message}</h2>
      <CommandForm view={view} caseId={id} command="talk.message" form={message}>
        <AreaField form={message} words={words} name="words" label={say.messageHint} most={5000} />
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
        </p>
      </CommandForm>
      <LawNotes topic="contact" policy={situation.policy} on={situation.today} words={words} />
      <details open={call.again}>
        <summary>{say.call}</summary>
        <CommandForm view={view} caseId={id} command="talk.logCall" form={call}>
          <div class="together">
            <DateField form={call} words={words} name="when" label={say.callWhen} type="datetime-local" />
            <TextField form={call} words={words} name="minutes" label={say.callMinutes} inputmode="numeric" narrow />
          </div>
          <SelectField
            form={call}
            words={words}
            name="direction"
            label={say.callDirection}
            blank={words.choose}
            options={['to-borrower', 'to-lender'] as const}
            text={(one) => say.callDirectionOf[one]}
          />
          <AreaField form={call} words={words} name="words" label={say.callWords} most={4000} />
          <p class="actions">
            <button type="submit">{say.callLog}</button>
          </p>
        </CommandForm>
      </details>
    </section>
  );
}

function Overview({ view, id, kase, situation }: CaseProps) {
  const { words } = view;
  const { case: say } = words;
  const debt = workingDebt(kase);
  const apart = difference(kase);
  const newest = kase.offers.at(-1);
  const invited = invitedOtherwise(kase);
  return (
    <section class="card overview" aria-labelledby="overview">
      <h2 id="overview">{say.overview}</h2>
      {debt ? (
        <div>
          <p class="soft small">{kase.debts.confirmed ? words.debt.confirmed : words.debt.title}</p>
          <p class="big">{money(outstanding(debt))}</p>
          {apart !== null && apart !== 0 ? <p class="small">{words.debt.difference(money(Math.abs(apart)))}</p> : null}
        </div>
      ) : null}
      <dl class="pairs">
        <dt>{say.borrowerName}</dt>
        <dd>
          {kase.borrowerName ?? kase.invitedName}
          {invited === null ? null : <p class="small">{say.invitedAs({ name: invited })}</p>}
        </dd>
        <dt>{say.lenderName}</dt>
        <dd>{kase.lenderName}</dd>
        <dt>{say.retention}</dt>
        <dd>{say.retentionText(situation.policy.retentionYears)}</dd>
      </dl>
      <ul class="downloads">
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
        {newest && kase.offers.length > 1 ? (
          <li>
            <a href={`/cases/${id}/compare?a=${newest.version - 1}&b=${newest.version}`}>{words.compare.title}</a>
          </li>
        ) : null}
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
        <SelectField
          form={form}
          words={words}
          name="reason"
          label={say.closeReason}
          blank={words.choose}
          options={CLOSE_REASONS}
          text={(one) => say.closeReasons[one]}
        />
        <AreaField form={form} words={words} name="words" label={words.evidence.words} most={2000} optional />
        <p>
          <button type="submit" class="bad">
            {say.close}
          </button>
        </p>
      </CommandForm>
    </details>
  );
}
