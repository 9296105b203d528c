import type { Child } from 'hono/jsx';
import type { Case } from '../../worker/negotiation/case.ts';
import { difference } from '../../worker/negotiation/debt.ts';
import { disputeOf } from '../../worker/negotiation/dispute.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { type Debt, outstanding } from '../../worker/plan/terms.ts';
import { headed, money, type Words } from '../words/index.ts';
import { DisputedMark } from './dispute.tsx';
import { AmountField, DateField, PercentField, SelectField } from './fields.tsx';
import { Pairs } from './pairs.tsx';
import type { Filled } from './view.ts';

type DebtProps = { form: Filled; words: Words; prefix: string; lender?: boolean };

/** The figures of a debt, as either side states them; the lender says since when it is overdue, too. */
export function DebtFields({ form, words, prefix, lender }: DebtProps) {
  const { opening: say } = words;
  const field = { form, words };
  return (
    <>
      <DateField {...field} name={`${prefix}debt.asOf`} label={say.asOf} />
      <AmountField {...field} name={`${prefix}debt.principal`} label={say.principal} />
      <AmountField {...field} name={`${prefix}debt.interest`} label={say.interest} />
      <AmountField {...field} name={`${prefix}debt.penalty`} label={say.penalty} />
      <AmountField {...field} name={`${prefix}debt.fees`} label={say.fees} />
      <div class="together">
        <PercentField {...field} name={`${prefix}rate.ppm`} label={say.rate} hint={say.rateHint} optional />
        <SelectField
          {...field}
          name={`${prefix}rate.per`}
          label={words.terms.ratePer}
          options={['year', 'month', 'day'] as const}
          text={(one) => words.per[one]}
        />
      </div>
      <DateField {...field} name={`${prefix}contractDate`} label={say.contractDate} hint={say.contractDateHint} optional />
      {lender ? <OverdueField {...field} prefix={prefix} /> : null}
    </>
  );
}

/** Since when a debt is overdue, as the lender states or confirms it. */
export function OverdueField({ prefix, ...field }: Omit<DebtProps, 'lender'>) {
  const { debt: say } = field.words;
  return <DateField {...field} name={`${prefix}overdueSince`} label={say.overdueSince} hint={say.overdueHint} optional />;
}

/** A debt by its parts, with what of it is in dispute, and by how much the two sides differ. */
export function DebtPairs({ kase, id, debt, words }: { kase: Case; id: string; debt: Debt; words: Words }) {
  const apart = difference(kase);
  const parts = COMPONENTS.filter((part) => debt[part] > 0 || disputeOf(kase, `debt.${part}`) !== null).map((part): [string, Child] => [
    headed(words.component[part]),
    <>
      <DisputedMark kase={kase} of={`debt.${part}`} id={id} words={words} /> {money(debt[part])}
    </>,
  ]);
  return (
    <>
      <Pairs of={[...parts, [kase.debts.confirmed ? words.debt.confirmed : words.agent.working, money(outstanding(debt))]]} />
      {apart !== null && apart !== 0 ? <p class="small bad-text">{words.debt.difference(money(Math.abs(apart)))}</p> : null}
    </>
  );
}
