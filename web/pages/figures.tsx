import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { daysOverdue, commands as debt, debtDigest, difference } from '../../worker/negotiation/debt.ts';
import { counts } from '../../worker/negotiation/evidence.ts';
import { loanOf } from '../../worker/negotiation/loan.ts';
import { figureKeys, GROUPS, commands as means } from '../../worker/negotiation/means.ts';
import { affordableStages } from '../../worker/plan/affordability.ts';
import { plainAmount } from '../../worker/plan/amount.ts';
import { supported } from '../../worker/plan/means.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { DebtFields, OverdueField } from '../parts/debt.tsx';
import { DisputedMark } from '../parts/dispute.tsx';
import { AreaField, CommandForm, ErrorSummary } from '../parts/fields.tsx';
import { FigureRow, Papers, papersFor } from '../parts/figure.tsx';
import { BeforeAgreeing, LawNotes } from '../parts/law.tsx';
import { CauseFields, ChangeFields, GroupFields, HouseholdFields, MeansTotalsView } from '../parts/means.tsx';
import type { RowDone } from '../parts/row.tsx';
import { Lines } from '../parts/told.tsx';
import { type Filled, filled, formFor, TYPED, type View } from '../parts/view.ts';
import { causeLines, outlookLines } from '../telling/means.ts';
import { dateText, headed, money, rateText, shareText } from '../words/index.ts';

type Props = { view: View; id: string; number: string; kase: Case; situation: Context };

const OTHER = { borrower: 'lender', lender: 'borrower' } as const;

/** What each side says is owed, and what the negotiation runs on. */
export function DebtPage({ view, id, number, kase, situation }: Props) {
  const { words } = view;
  const { debt: say } = words;
  const { side } = situation.seat;
  const theirs = kase.debts[OTHER[side]];
  const apart = difference(kase);
  const late = daysOverdue(kase, situation.today);
  const confirm = formFor(view, 'debt.confirm', {}, filled({ overdueSince: kase.overdueSince }));
  const stated = kase.debts[side] ?? theirs;
  const partsUnknown = kase.partsUnknown && !kase.debts[side];
  const known = filled({
    'debt.asOf': stated?.asOf ?? situation.today,
    overdueSince: kase.overdueSince,
    ...Object.fromEntries(
      (['principal', 'interest', 'penalty', 'fees'] as const).map((one) => [
        `debt.${one}`,
        stated && !partsUnknown ? plainAmount(stated[one]) : null,
      ]),
    ),
  });
  const state = formFor(view, 'debt.state', {}, known);
  // Once confirmed, both say the same.
  const columns = ([side, OTHER[side]] as const).filter((one, i) => kase.debts[one] && !(kase.debts.confirmed && i > 0));
  return (
    <Layout view={view} title={say.title} scripts={offered(kase, debt.state, situation) ? ['amounts', 'wording'] : ['wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle>{say.title}</PageTitle>
      {kase.debts.confirmed ? <p class="notice good">{say.confirmed}</p> : null}
      {apart !== null && apart !== 0 ? <p class="notice warn">{say.difference(money(Math.abs(apart)))}</p> : null}
      <div class="table-frame" role="region" aria-label={say.title} tabindex={0}>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">{words.compare.item}</span>
              </th>
              {columns.map((one) => (
                <th scope="col">{kase.debts.confirmed ? say.confirmed : say[one]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['principal', 'interest', 'penalty', 'fees'] as const).map((part) => (
              <tr>
                <th scope="row">
                  {headed(words.component[part])} <DisputedMark kase={kase} of={`debt.${part}`} id={id} words={words} />
                  <Papers files={papersFor(kase, `debt.${part}`)} kase={kase} id={id} words={words} />
                </th>
                {columns.map((one) => (
                  <td>{one === 'borrower' && kase.partsUnknown ? say.partUnknown : money(kase.debts[one]?.[part] ?? 0)}</td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{words.total}</th>
              {columns.map((one) => {
                const figures = kase.debts[one];
                return <td class="strong">{figures ? money(outstanding(figures)) : ''}</td>;
              })}
            </tr>
            <tr>
              <th scope="row">{words.opening.asOf}</th>
              {columns.map((one) => (
                <td>{dateText(words, kase.debts[one]?.asOf ?? '')}</td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      {kase.contractRate ? (
        <p class="soft">
          {say.rate}
          {words.colon}
          {rateText(words, kase.contractRate)}
        </p>
      ) : null}
      {late === null || kase.overdueSince === null ? null : (
        <p class="soft">{say.overdueFor({ since: dateText(words, kase.overdueSince), days: late })}</p>
      )}
      <LawNotes topic="debt" loan={loanOf(kase, situation.policy)} policy={situation.policy} on={situation.today} words={words} />
      {offered(kase, debt.state, situation) ? <BeforeAgreeing kase={kase} situation={situation} words={words} /> : null}
      {theirs && offered(kase, debt.confirm, situation) ? (
        <CommandForm
          view={view}
          caseId={id}
          command="debt.confirm"
          form={confirm}
          hidden={{ total: outstanding(theirs), digest: debtDigest(theirs) }}
        >
          <p class="hint">{say.confirmHint}</p>
          {side === 'lender' ? <OverdueField form={confirm} words={words} prefix="" /> : null}
          <p class="actions">
            <button type="submit" class="primary">
              {say.confirm} ({money(outstanding(theirs))})
            </button>
          </p>
        </CommandForm>
      ) : null}
      {offered(kase, debt.state, situation) ? (
        <details open={state.again || stated === null || partsUnknown}>
          <summary>{partsUnknown ? say.stateParts : say.dispute}</summary>
          <CommandForm view={view} caseId={id} command="debt.state" form={state}>
            {partsUnknown ? <p class="hint">{say.statePartsHint}</p> : null}
            <DebtFields form={state} words={words} prefix="" lender={side === 'lender'} />
            <AreaField form={state} words={words} name="words" label={say.words} most={2000} optional={!theirs || partsUnknown} />
            <p class="actions">
              <button type="submit">{say.state}</button>
            </p>
          </CommandForm>
        </details>
      ) : null}
    </Layout>
  );
}

/** The statement of means: what it says, what supports it, what is queried; and for the borrower the way to a new version. */
export function MeansPage({
  view,
  id,
  number,
  kase,
  situation,
  form,
  editing,
  done,
}: Props & { form: Filled; editing: boolean; done: RowDone | null }) {
  const { words } = view;
  const { means: say } = words;
  const held = kase.means;
  const may = offered(kase, means.submit, situation);
  // What was typed is shown again also where it can no longer be sent.
  const shown = editing && (may || form.again === true);
  return (
    <Layout
      view={view}
      title={say.title}
      wide={!shown}
      scripts={shown ? ['amounts'] : []}
      typedAt={shown ? `/cases/${id}/means` : undefined}
    >
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={held ? say.version(held.version) : undefined}>{say.title}</PageTitle>
      {held && !editing ? <Statement {...{ view, id, number, kase, situation, done }} /> : null}
      {held || shown ? null : <p>{say.none}</p>}
      {may && !editing ? (
        <p class="actions">
          <a class="button" href={`/cases/${id}/means?edit=1`}>
            {say.update}
          </a>
        </p>
      ) : null}
      {shown ? (
        <form method="post" action={`/cases/${id}/do/means.submit`} id={TYPED} data-once>
          <ErrorSummary form={form} words={words} />
          <input type="hidden" name="requestId" value={view.requestId()} />
          <CauseFields form={form} words={words} />
          {(['incomes', 'expenses', 'otherDebts'] as const).map((group) => (
            <GroupFields form={form} words={words} group={group} workAt={`/cases/${id}/means`} />
          ))}
          <HouseholdFields form={form} words={words} />
          <ChangeFields form={form} words={words} />
          <p class="actions sticky-actions">
            <button type="submit" class="primary">
              {say.submit}
            </button>
          </p>
        </form>
      ) : null}
    </Layout>
  );
}

function Statement({ view, id, kase, situation, done }: Props & { done: RowDone | null }) {
  const { words } = view;
  const { means: say } = words;
  if (!kase.means) return null;
  const { statement, totals } = kase.means;
  const keys = figureKeys(statement);
  const isSupported = (key: string) => papersFor(kase, key).some(counts);
  const sums = { incomes: totals.income, expenses: totals.expenses, otherDebts: totals.otherDebts };
  const share = supported(statement, (group, { kind }) => isSupported(`${group}.${kind}`));
  const [now, ...later] = affordableStages(statement, situation.today);
  return (
    <div class="halves">
      <div class="stack">
        {GROUPS.filter((group) => statement[group].length > 0).map((group) => (
          <section class="stack tight" aria-labelledby={group}>
            <h2 class="row between">
              <span id={group}>{say.group[group]}</span>
              <span class="num">{say.sum(money(sums[group]))}</span>
            </h2>
            <ul class="list">
              {keys
                .filter((key) => key.startsWith(`${group}.`))
                .map((figure) => (
                  <FigureRow {...{ view, id, kase, situation, figure, statement, done }} />
                ))}
            </ul>
          </section>
        ))}
      </div>
      <div class="stack">
        <section class="card">
          <h2>{words.steps.cause}</h2>
          <Lines lines={causeLines(statement, words)} words={words} />
        </section>
        <MeansTotalsView totals={totals} words={words} />
        {now && (later.length > 0 || now.amount !== totals.affordable) ? (
          <ul class="notice plain-list">
            <li>{say.now(money(now.amount))}</li>
            {later.map(({ from, amount }) => (
              <li>{say.from({ date: dateText(words, from), amount: money(amount) })}</li>
            ))}
          </ul>
        ) : null}
        {share.all > 0 ? <p class="soft">{say.supportedShare(shareText(share.supported, share.all))}</p> : null}
        <section class="card">
          <Lines lines={outlookLines(statement, words)} words={words} />
        </section>
      </div>
    </div>
  );
}
