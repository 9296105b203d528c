import * as z from 'zod';
import { EMPTY_CASE } from '../../../worker/negotiation/case.ts';
import { isDecided } from '../../../worker/negotiation/command.ts';
import { KnownFigures, stateDebt } from '../../../worker/negotiation/debt.ts';
import { Loan } from '../../../worker/negotiation/life.ts';
import { PartyName } from '../../../worker/negotiation/text.ts';
import { parseAmount, plainAmount } from '../../../worker/plan/amount.ts';
import { COMPONENTS } from '../../../worker/plan/format.ts';
import { outstanding } from '../../../worker/plan/terms.ts';
import { DebtFields } from '../../parts/debt.tsx';
import { AmountField, SelectField, TextField } from '../../parts/fields.tsx';
import { type Filled, typedIn } from '../../parts/view.ts';
import { money, type Words } from '../../words/index.ts';
import { ELSEWHERE, type Faults, faultsOf, type Standing, type Step, typedOr } from './step.ts';

/** Which loan it is about, with whom, and what is owed: the total alone is enough. */

const PARTS = COMPONENTS.map((one) => `debt.debt.${one}`);
const TOTAL = 'debt.total';

/** How the borrower calls a lender that is not here. */
const Elsewhere = z.object({ lender: PartyName });

export const loan: Step = {
  name: 'loan',
  question: ({ opening: say }) => ({ question: say.loanQuestion }),
  owns: /^(?:loan|debt)\./,
  scripts: ['amounts'],
  counted,
  faults: (at) => ({
    ...(at.lender.slug === ELSEWHERE ? faultsOf(at, { schema: z.object({ loan: Elsewhere }) }) : {}),
    ...faultsOf(at, { schema: z.object({ loan: Loan }) }),
    ...debtFaults(at),
  }),
  form: (at) => typedOr(at, { 'debt.debt.asOf': at.context.today }),
  Fields: ({ at: { view, lenders, lender }, shown: { form } }) => (
    <LoanFields
      form={{ ...form, values: new Map([...form.values, ['lender', [lender.slug]]]) }}
      words={view.words}
      lenders={lenders ?? []}
    />
  ),
};

type Values = Filled['values'];

const typed = (values: Values, name: string) => (values.get(name)?.[0] ?? '').trim();
const knowsParts = (values: Values) => PARTS.some((name) => typed(values, name) !== '');

/** As it counts: a part that was left blank is none, and where all were the total stands as principal, said to be none. */
function counted(values: Values): Values {
  const all = new Map(values);
  const parts = knowsParts(values);
  for (const name of PARTS) if (typed(values, name) === '') all.set(name, ['0']);
  if (!parts && typed(values, TOTAL) !== '') {
    all.set('debt.debt.principal', values.get(TOTAL) ?? []);
    all.set('debt.partsUnknown', ['yes']);
  }
  return all;
}

function debtFaults(at: Standing): Faults {
  const { values, view } = at;
  const { opening: say, issue } = view.words;
  if (!knowsParts(values) && typed(values, TOTAL) === '') return { [TOTAL]: issue.missing };
  const faults = faultsOf(at, {
    schema: KnownFigures,
    under: 'debt.',
    refused(figures) {
      const decision = stateDebt(EMPTY_CASE, figures, at.context);
      return isDecided(decision) ? null : decision;
    },
  });
  // Where the total was typed, what is wrong with it stands beside it.
  if (!knowsParts(values))
    return Object.fromEntries(Object.entries(faults).map(([name, text]) => [name === PARTS[0] ? TOTAL : name, text]));
  const read = at.read(KnownFigures, 'debt.');
  const total = typed(values, TOTAL) === '' ? null : parseAmount(typed(values, TOTAL));
  const sum = 'input' in read ? outstanding(read.input.debt) : null;
  const differs = sum !== null && total !== null && total !== sum;
  return differs ? { [TOTAL]: say.totalDiffers({ sum: money(sum), plain: plainAmount(sum) }) } : faults;
}

/** The fields of the first question, which is asked before there is a draft, too. */
export function LoanFields({ form, words, lenders }: { form: Filled; words: Words; lenders: readonly { slug: string; name: string }[] }) {
  const { opening: say } = words;
  const field = { form, words };
  const parts = [...PARTS, 'debt.debt.asOf', 'debt.rate.ppm', 'loan.product', 'loan.identity'];
  const missing = typedIn(form, 'loan.lender') !== '' || 'loan.lender' in form.errors;
  const open = knowsParts(form.values) || parts.some((name) => name in form.errors) || typedIn(form, 'debt.rate.ppm') !== '';
  return (
    <>
      <SelectField
        {...field}
        name="lender"
        label={say.lenderQuestion}
        options={lenders.map(({ slug }) => slug)}
        text={(slug) => lenders.find((one) => one.slug === slug)?.name ?? slug}
        blank={say.lenderChoose}
      />
      <details open={missing}>
        <summary>{say.lenderMissing}</summary>
        <div class="stack">
          <TextField {...field} name="loan.lender" label={say.lenderName} hint={say.lenderMissingHint} />
        </div>
      </details>
      <TextField {...field} name="loan.reference" label={say.reference} hint={say.referenceHint} />
      <AmountField {...field} name={TOTAL} label={say.debtTotal} hint={say.debtTotalHint} />
      <details open={open}>
        <summary>{say.knowsParts}</summary>
        <div class="stack">
          <DebtFields form={form} words={words} prefix="debt." />
          <TextField {...field} name="loan.product" label={say.product} optional />
          <TextField {...field} name="loan.identity" label={say.identity} hint={say.identityHint} narrow optional />
        </div>
      </details>
    </>
  );
}
