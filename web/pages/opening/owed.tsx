import * as z from 'zod';
import type { Case } from '../../../worker/negotiation/case.ts';
import { isDecided } from '../../../worker/negotiation/command.ts';
import { Figures, stateDebt } from '../../../worker/negotiation/debt.ts';
import { zeroed } from '../../../worker/negotiation/form.ts';
import { owedBy } from '../../../worker/negotiation/life.ts';
import { Text } from '../../../worker/negotiation/text.ts';
import { formatPercent, plainAmount } from '../../../worker/plan/amount.ts';
import { COMPONENTS } from '../../../worker/plan/format.ts';
import { type Debt, outstanding } from '../../../worker/plan/terms.ts';
import { DebtFields } from '../../parts/debt.tsx';
import { AreaField, ChoiceField } from '../../parts/fields.tsx';
import { Lines } from '../../parts/told.tsx';
import { type Filled, typedIn } from '../../parts/view.ts';
import { figuresLines } from '../../telling/debt.ts';
import { openedLines } from '../../telling/life.ts';
import { type Faults, faultsOf, type Standing, type Step, typedOr } from './step.ts';

/** The first step of an invited borrower: the loan and the debt as the lender stated them, to confirm, or to dispute with figures of their own. */

const ANSWERS = ['agree', 'differ'] as const;
const AS = 'owed.as';
/** The lender's total as it was shown: what is confirmed is that, and no later one. */
const SHOWN = 'owed.total';

/** Why the borrower's figures are others. */
const Why = z.object({ owed: z.object({ words: Text(2000).optional() }).default({}) });

/** Figures on which both agree, or which the borrower has stated already: nothing is asked about them. */
export const settled = ({ debts }: Case): Debt | null => debts.confirmed ?? debts.borrower;

export const owedIn = (kase: Case): Step => ({
  name: 'loan',
  question: ({ opening: say }) => ({ question: settled(kase) ? say.loanQuestion : say.owedQuestion }),
  owns: /^(?:owed|debt)\./,
  scripts: ['amounts', 'wording'],
  counted: (values) => counted(kase, values),
  faults: (at) => faultsIn(kase, at),
  form: (at) => typedOr(at, offered(kase)),
  Fields: ({ at: { view }, shown: { form } }) => <OwedFields kase={kase} form={form} words={view.words} />,
});

/** Why the borrower's figures are others, as they wrote it. */
export function whyOf(at: Standing): string | undefined {
  const read = at.read(Why);
  return 'input' in read ? read.input.owed.words : undefined;
}

type Values = Filled['values'];

/** As it counts: where the lender's figures are right, they are the figures. */
function counted(kase: Case, values: Values): Values {
  const debt = owedBy(kase);
  if (!debt || (!settled(kase) && values.get(AS)?.[0] === 'differ')) return zeroed(values, 'debt.debt');
  const others = [...values].filter(([name]) => !name.startsWith('debt.'));
  return new Map([...others, ...Object.entries(figuresOf(kase, debt)).map(([name, value]) => [name, [value]] as const)]);
}

/** The fields of a debt, filled in. */
function figuresOf({ contractRate: rate, contractDate }: Case, debt: Debt): Record<string, string> {
  return {
    'debt.debt.asOf': debt.asOf,
    ...Object.fromEntries(COMPONENTS.map((one) => [`debt.debt.${one}`, plainAmount(debt[one])])),
    ...(rate ? { 'debt.rate.ppm': formatPercent(rate.ppm), 'debt.rate.per': rate.per } : {}),
    ...(contractDate ? { 'debt.contractDate': contractDate } : {}),
  };
}

/** Whoever disputes starts from the lender's figures. */
function offered(kase: Case): Record<string, string> {
  const debt = owedBy(kase);
  return debt ? figuresOf(kase, debt) : {};
}

function faultsIn(kase: Case, at: Standing): Faults {
  const { issue, refusal } = at.view.words;
  const debt = owedBy(kase);
  if (!debt || settled(kase)) return {};
  const [as, shown] = [AS, SHOWN].map((name) => at.values.get(name)?.[0]);
  if (!ANSWERS.some((one) => one === as)) return { [AS]: issue.choice };
  if (as === 'agree') return shown === String(outstanding(debt)) ? {} : { [AS]: String(refusal['debt.changed']) };
  const said = at.read(Why);
  if ('faults' in said) return said.faults;
  const faults = faultsOf(at, {
    schema: Figures,
    under: 'debt.',
    refused(figures) {
      const decision = stateDebt(kase, { ...figures, words: said.input.owed.words }, at.context);
      return isDecided(decision) ? null : decision;
    },
  });
  return Object.fromEntries(Object.entries(faults).map(([name, text]) => [name === 'debt.words' ? 'owed.words' : name, text]));
}

function OwedFields({ kase, form, words }: { kase: Case; form: Filled; words: Standing['view']['words'] }) {
  const { opening: say, debt: of } = words;
  const debt = owedBy(kase);
  const field = { form, words };
  if (!debt) return null;
  const rate = kase.contractRate ?? undefined;
  const contractDate = kase.contractDate ?? undefined;
  const open = typedIn(form, AS) === 'differ' || Object.keys(form.errors).some((name) => name !== AS);
  const { loan, lenderName, borrowerName } = kase;
  return (
    <>
      <section class="card">
        <Lines lines={openedLines({ loan, lenderName, borrowerName }, words)} words={words} />
        <Lines
          lines={figuresLines({ debt, ...(rate ? { rate } : {}), ...(contractDate ? { contractDate } : {}) }, words)}
          words={words}
          capitals
        />
      </section>
      {settled(kase) ? null : (
        <>
          <input type="hidden" name={SHOWN} value={String(outstanding(debt))} />
          <ChoiceField {...field} name={AS} label={say.owedAnswer} options={ANSWERS} text={(one) => say.owedAnswers[one]} big />
          <details open={open}>
            <summary>{say.owedDiffers}</summary>
            <div class="stack">
              <DebtFields form={form} words={words} prefix="debt." />
              <AreaField {...field} name="owed.words" label={of.words} most={2000} />
            </div>
          </details>
        </>
      )}
    </>
  );
}
