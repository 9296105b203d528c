import type { Child } from 'hono/jsx';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { isReceived, METHODS, type Payment } from '../../worker/negotiation/payment.ts';
import { isCounted, isReversible, commands as payment, type Standing, standing, toAnswer } from '../../worker/negotiation/performance.ts';
import { plainAmount } from '../../worker/plan/amount.ts';
import { daysOff, hintsOf, rowName } from '../telling/schedule.ts';
import { dateText, money } from '../words/index.ts';
import { AmountField, AreaField, CommandForm, DateField, SelectField, Submit, TextField } from './fields.tsx';
import { DayOff, HolidayNotes } from './schedule.tsx';
import { SettleEarly } from './settle.tsx';
import { FIGURES_OF, filled, formFor, LEFT_OF, paymentId, REPORT, SEEN_AMOUNT, SEEN_DAY, typedIn, type View } from './view.ts';

/** How an agreement is kept: what is paid, due and late, what settles it, and recording, answering and taking back payments. */

type Props = { view: View; id: string; kase: Case; situation: Context };

export function Performance(props: Props) {
  const { view, kase, situation } = props;
  const { words } = view;
  const { payment: say } = words;
  const { rows } = standing(kase, situation.today);
  const hints = kase.agreement?.conditions ? hintsOf(kase.agreement.conditions) : null;
  const off = new Set(hints ? daysOff(rows, hints) : []);
  return (
    <section class="stack" id="payments" aria-labelledby="payments-title">
      <h2 id="payments-title">{say.title}</h2>
      <StandingFigures kase={kase} situation={situation} view={view} />
      <SettleEarly {...props} place="/agreement" />
      <Payments {...props} />
      <Report {...props} />
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
              <Instalment row={row} isOff={off.has(row.due)} view={view} />
            ))}
          </tbody>
        </table>
      </div>
      <HolidayNotes rows={rows} hints={hints} words={words} />
    </section>
  );
}

/** Where the agreement stands today, in the figures that people look at first. */
function StandingFigures({ kase, situation, view: { words } }: Pick<Props, 'kase' | 'situation' | 'view'>) {
  const { payment: say } = words;
  const now = standing(kase, situation.today);
  const { next } = now;
  const figures: [name: string, value: Child][] = [
    [say.left, money(now.left)],
    ...(now.late > 0 ? [pair(say.late, money(now.late))] : []),
    ...(next ? [pair(say.next, <NextInstalment of={next} words={words} />)] : []),
    [say.paid, money(now.paid)],
    ...(now.reported > 0 ? [pair(say.waiting, money(now.reported))] : []),
    ...(now.settledOn === null ? [] : [pair(say.settledOn, dateText(words, now.settledOn))]),
  ];
  return (
    <>
      <dl class="card totals">
        {figures.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {now.overpaid > 0 ? <p class="notice warn">{say.overpaidText({ amount: money(now.overpaid) })}</p> : null}
    </>
  );
}

const pair = (name: string, value: Child): [string, Child] => [name, value];

/** The next instalment: what of it is still to be paid, and its day. */
export const NextInstalment = ({ of: { due, payment: whole, paid }, words }: { of: Standing; words: View['words'] }) => (
  <>
    {money(whole - paid)} <span class="small nowrap">{dateText(words, due)}</span>
  </>
);

function Instalment({ row, isOff, view: { words } }: { row: Standing; isOff: boolean; view: View }) {
  const { payment: say } = words;
  return (
    <tr class={row.payment > 0 ? row.state : undefined}>
      <th scope="row">{rowName(row, words)}</th>
      <td>
        {dateText(words, row.due)}
        <DayOff isOff={isOff} words={words} />
        {row.moved === null ? null : <span class="soft small"> {say.moved({ from: dateText(words, row.moved) })}</span>}
      </td>
      <td class="strong">{money(row.payment)}</td>
      <td data-name={say.paid}>{row.paid > 0 ? money(row.paid) : ''}</td>
      <td>{row.payment > 0 ? <span class={`tag ${row.state}`}>{say.standing[row.state]}</span> : null}</td>
    </tr>
  );
}

function Payments(props: Props) {
  const { kase, situation, view } = props;
  const { payment: say } = view.words;
  if (kase.payments.length === 0) return null;
  const hasLenders = kase.payments.some((one) => one.side === 'lender' && isReceived(one));
  return (
    <>
      <ul class="list">
        {kase.payments.map((one) => (
          <PaymentItem {...props} one={one} />
        ))}
      </ul>
      {hasLenders && situation.seat.side === 'borrower' ? <p class="soft small">{say.counts}</p> : null}
    </>
  );
}

function PaymentItem(props: Props & { one: Payment }) {
  const { view, kase, one } = props;
  const { words } = view;
  const { payment: say } = words;
  const numbers = [one.reference, one.receipt].filter(Boolean).join(' · ');
  return (
    <li id={paymentId(one.seq)} tabindex={-1}>
      <div class="item">
        <span>
          <span class="nowrap">{dateText(words, one.on)}</span> <span class="nowrap">{say.methods[one.method]}</span>
          <br />
          <span class="soft small">
            {say.bySide[one.side]}
            {numbers ? ` · ${numbers}` : ''}
          </span>
        </span>
        <span class="end">
          <strong class="num">{money(one.amount)}</strong> <span class={`tag ${one.state}`}>{say.state[one.state]}</span>
        </span>
      </div>
      {one.words ? <p class="said">{one.words}</p> : null}
      {isCounted(kase, one) ? <p class="small">{say.counted({ asOf: dateText(words, kase.agreement?.debt.asOf ?? '') })}</p> : null}
      <Steps {...props} />
    </li>
  );
}

/** What the reader can do about a payment: answer the other side's, take back their own, reverse one that counts. */
function Steps({ view, id, kase, situation, one }: Props & { one: Payment }) {
  const { payment: say } = view.words;
  const { side } = situation.seat;
  const hidden = { payment: one.seq };
  const can = (command: (typeof payment)[keyof typeof payment]) => offered(kase, command, situation);
  const shared = { view, id, hidden };
  if (toAnswer(kase, side).includes(one) && can(payment.confirm)) {
    const own = one.side === 'borrower';
    const differ = own && isCounted(kase, one) ? say.alreadyIn : own ? say.dispute : say.differ;
    return (
      <div class="item actions">
        <CommandForm view={view} caseId={id} command="payment.confirm" form={formFor(view, 'payment.confirm', hidden)} hidden={hidden}>
          <button type="submit" class="primary">
            {own ? say.confirm : say.agree}
          </button>
        </CommandForm>
        <WithWords {...shared} command="payment.dispute" name={differ} label={say.disputeWords} />
      </div>
    );
  }
  if (one.state === 'reported' && one.side === side && can(payment.withdraw))
    return (
      <div class="item actions">
        <WithWords {...shared} command="payment.withdraw" name={say.withdraw} label={say.withdrawWords} optional />
      </div>
    );
  if (isReversible(one) && can(payment.reverse))
    return (
      <div class="item actions">
        <WithWords {...shared} command="payment.reverse" name={say.reverse} label={say.reverseWords} hint={say.reverseHint} />
      </div>
    );
  return null;
}

/** A step that takes a word of why: it unfolds. */
function WithWords(props: {
  view: View;
  id: string;
  hidden: { payment: number };
  command: string;
  name: string;
  label: string;
  hint?: string;
  optional?: boolean;
}) {
  const { view, id, hidden, command, name, label, hint, optional } = props;
  const form = formFor(view, command, hidden);
  return (
    <details open={form.again}>
      <summary>{name}</summary>
      <CommandForm view={view} caseId={id} command={command} form={form} hidden={hidden}>
        <AreaField
          {...{ form, words: view.words, name: 'words', label, most: 2000, rows: 2 }}
          {...(hint ? { hint } : {})}
          {...(optional ? { optional } : {})}
        />
        <p>
          <button type="submit">{name}</button>
        </p>
      </CommandForm>
    </details>
  );
}

function Report({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { payment: say } = words;
  if (!offered(kase, payment.report, situation)) return null;
  const { next, left, reported, late } = standing(kase, situation.today);
  const start = filled({ on: situation.today, amount: next ? plainAmount(next.payment - next.paid) : null });
  const report = formFor(view, 'payment.report', {}, start);
  const asOf = kase.agreement?.debt.asOf ?? '';
  const { side } = situation.seat;
  const name = side === 'lender' ? say.record : say.report;
  // Who has to pay by now comes here to do it.
  const isDue = side === 'borrower' && (late > 0 || next?.due === situation.today);
  return (
    <details id={REPORT} open={report.again || isDue}>
      <summary>{name}</summary>
      <CommandForm view={view} caseId={id} command="payment.report" form={report}>
        <AmountField form={report} words={words} name="amount" label={say.amount} />
        <DateField form={report} words={words} name="on" label={say.on} hint={say.onHint({ asOf: dateText(words, asOf) })} />
        <input type="hidden" name={FIGURES_OF} value={asOf} />
        <input type="hidden" name={SEEN_DAY} value={report.again ? typedIn(report, 'on') : ''} />
        <input type="hidden" name={LEFT_OF} value={Math.max(0, left - reported)} />
        <input type="hidden" name={SEEN_AMOUNT} value={report.again ? typedIn(report, 'amount') : ''} />
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
        <Submit>{name}</Submit>
      </CommandForm>
    </details>
  );
}
