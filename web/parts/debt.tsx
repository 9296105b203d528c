import type { Words } from '../words/index.ts';
import { AmountField, DateField, PercentField, SelectField } from './fields.tsx';
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
