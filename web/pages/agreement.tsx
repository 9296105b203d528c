import { agreedSchedule, commands as agreement, signsAs } from '../../worker/negotiation/agreement.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { isCounted, METHODS, commands as payment, standing } from '../../worker/negotiation/performance.ts';
import { plainAmount } from '../../worker/plan/amount.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { DownloadList } from '../parts/downloads.tsx';
import { AmountField, AreaField, CommandForm, DateField, PasswordField, SelectField, Submit, TextField } from '../parts/fields.tsx';
import { ScheduleTable } from '../parts/schedule.tsx';
import { FIGURES_OF, filled, formFor, SEEN_DAY, typedIn, type View } from '../parts/view.ts';
import { clauses } from '../telling/clauses.ts';
import { rowName } from '../telling/schedule.ts';
import { dateText, momentText, money } from '../words/index.ts';

type Props = { view: View; id: string; number: string; kase: Case; situation: Context };

/** The agreement in clear clauses, its signatures, and how it is kept. */
export function AgreementPage({ view, id, number, kase, situation }: Props) {
  const { words } = view;
  const { agreement: say } = words;
  const agreed = kase.agreement;
  if (!agreed) return null;
  const sign = formFor(view, 'agreement.sign');
  const { seat } = situation;
  const inForce = kase.stage === 'in-force' || kase.stage === 'completed';
  return (
    <Layout view={view} title={say.title} scripts={offered(kase, payment.report, situation) ? ['amounts'] : []}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={agreed.inForceAt ? say.inForce(momentText(words, agreed.inForceAt)) : undefined}>{say.title}</PageTitle>
      {inForce ? <Performance {...{ view, id, number, kase, situation }} /> : null}
      <section class="card" aria-labelledby="clauses">
        <p>{say.between({ lender: kase.lenderName, borrower: kase.borrowerName ?? '', reference: kase.loan.reference })}</p>
        {kase.identified ? <p>{say.identified({ ...kase.identified, at: momentText(words, kase.identified.at) })}</p> : null}
        <h2 id="clauses">{say.clauses}</h2>
        <ol class="stack tight">
          {clauses(agreed.debt, agreed.terms, words).map((clause) => (
            <li>{clause}</li>
          ))}
        </ol>
        <p class="small soft">
          {say.digest} <span class="hash">{agreed.digest}</span>
        </p>
      </section>
      {/* Open, so that every browser prints it: the clauses refer to it. */}
      <details open>
        <summary>{say.annex}</summary>
        <h2 class="print-only">{say.annex}</h2>
        <ScheduleTable schedule={agreedSchedule(kase)} words={words} />
      </details>
      <section class="card" aria-labelledby="signatures">
        <h2 id="signatures">{say.signTitle}</h2>
        <dl class="pairs">
          {(['borrower', 'lender'] as const).map((side) => {
            const signature = agreed.signatures[side];
            return (
              <>
                <dt>{side === 'lender' ? kase.lenderName : words.of(side)}</dt>
                <dd>{signature ? say.signed({ name: signature.name, moment: momentText(words, signature.at) }) : say.unsigned}</dd>
              </>
            );
          })}
        </dl>
        {offered(kase, agreement.sign, situation) ? (
          <CommandForm view={view} caseId={id} command="agreement.sign" form={sign} hidden={{ digest: agreed.digest }}>
            <p>{say.signHint(signsAs(kase, seat))}</p>
            <TextField form={sign} words={words} name="name" label={say.signName} autocomplete="name" />
            <PasswordField form={sign} words={words} name="password" label={words.account.password} autocomplete="current-password" />
            <Submit>{say.sign}</Submit>
          </CommandForm>
        ) : null}
      </section>
      <section class="card" aria-labelledby="downloads">
        <h2 id="downloads">{words.case.downloads}</h2>
        <DownloadList caseId={id} kase={kase} view={view} />
      </section>
    </Layout>
  );
}

/** What is paid, due and late, and reporting or confirming payments. */
function Performance({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { payment: say } = words;
  const { rows, paid, left, next } = standing(kase, situation.today);
  const start = filled({ on: situation.today, amount: next ? plainAmount(next.payment - next.paid) : null });
  const report = formFor(view, 'payment.report', {}, start);
  const asOf = kase.agreement?.debt.asOf ?? '';
  return (
    <section class="stack" id="payments" aria-labelledby="payments-title">
      <h2 id="payments-title">{say.title}</h2>
      <dl class="card totals">
        <div>
          <dt>{say.left}</dt>
          <dd>{money(left)}</dd>
        </div>
        <div>
          <dt>{say.paid}</dt>
          <dd>{money(paid)}</dd>
        </div>
        {next ? (
          <div>
            <dt>{words.schedule.due}</dt>
            <dd>{dateText(words, next.due)}</dd>
          </div>
        ) : null}
      </dl>
      {kase.payments.length > 0 ? (
        <ul class="list">
          {kase.payments.map((one) => {
            const hidden = { payment: one.seq };
            const dispute = formFor(view, 'payment.dispute', hidden);
            return (
              <li>
                <div class="item">
                  <span>
                    {dateText(words, one.on)}
                    {words.comma}
                    {say.methods[one.method]}
                    {one.reference ? <span class="soft small"> {one.reference}</span> : null}
                  </span>
                  <span class="end">
                    <strong class="num">{money(one.amount)}</strong> <span class={`tag ${one.state}`}>{say.state[one.state]}</span>
                  </span>
                </div>
                {isCounted(kase, one) ? <p class="small">{say.counted({ asOf: dateText(words, asOf) })}</p> : null}
                {one.state === 'reported' && offered(kase, payment.confirm, situation) ? (
                  <div class="item actions">
                    <CommandForm
                      view={view}
                      caseId={id}
                      command="payment.confirm"
                      form={formFor(view, 'payment.confirm', hidden)}
                      hidden={hidden}
                    >
                      <button type="submit" class="primary">
                        {say.confirm}
                      </button>
                    </CommandForm>
                    <details open={dispute.again}>
                      <summary>{isCounted(kase, one) ? say.alreadyIn : say.dispute}</summary>
                      <CommandForm view={view} caseId={id} command="payment.dispute" form={dispute} hidden={hidden}>
                        <AreaField form={dispute} words={words} name="words" label={say.disputeWords} most={2000} rows={2} />
                        <p>
                          <button type="submit">{isCounted(kase, one) ? say.alreadyIn : say.dispute}</button>
                        </p>
                      </CommandForm>
                    </details>
                  </div>
                ) : null}
              </li>
            );
          })}
        </ul>
      ) : null}
      {offered(kase, payment.report, situation) ? (
        <details open={report.again}>
          <summary>{say.report}</summary>
          <CommandForm view={view} caseId={id} command="payment.report" form={report}>
            <AmountField form={report} words={words} name="amount" label={say.amount} />
            <DateField form={report} words={words} name="on" label={say.on} hint={say.onHint({ asOf: dateText(words, asOf) })} />
            <input type="hidden" name={FIGURES_OF} value={asOf} />
            <input type="hidden" name={SEEN_DAY} value={report.again ? typedIn(report, 'on') : ''} />
            <SelectField
              form={report}
              words={words}
              name="method"
              label={say.method}
              blank={words.choose}
              options={METHODS}
              text={(one) => say.methods[one]}
            />
            <TextField form={report} words={words} name="reference" label={say.reference} optional />
            <Submit>{say.report}</Submit>
          </CommandForm>
        </details>
      ) : null}
      <div class="table-frame" role="region" aria-label={words.schedule.title} tabindex={0}>
        <table class="figures timeline">
          <thead>
            <tr>
              <th scope="col">{words.schedule.no}</th>
              <th scope="col">{words.schedule.due}</th>
              <th scope="col">{words.schedule.payment}</th>
              <th scope="col">{say.paid}</th>
              <th scope="col">{words.desk.stage}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr class={row.payment > 0 ? row.state : undefined}>
                <th scope="row">{rowName(row, words)}</th>
                <td>{dateText(words, row.due)}</td>
                <td class="strong">{money(row.payment)}</td>
                <td data-name={say.paid}>{row.paid > 0 ? money(row.paid) : ''}</td>
                <td>{row.payment > 0 ? <span class={`tag ${row.state}`}>{say.standing[row.state]}</span> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
