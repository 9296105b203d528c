import type { Words } from '../words/index.ts';
import { AmountField, DateField, PercentField, SelectField } from './fields.tsx';
import type { Filled } from './view.ts';

/** The figures of a debt, as either side states them. */
export function DebtFields({ form, words, prefix }: { form: Filled; words: Words; prefix: string }) {
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
    </>
  );
}
