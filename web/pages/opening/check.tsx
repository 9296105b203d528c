import type { PropsWithChildren } from 'hono/jsx';
import type * as z from 'zod';
import { commands as life } from '../../../worker/negotiation/life.ts';
import { schedule } from '../../../worker/plan/schedule.ts';
import { outstanding } from '../../../worker/plan/terms.ts';
import { AmountRead } from '../../parts/fields.tsx';
import { CauseText, figureName, MeansTotalsView } from '../../parts/means.tsx';
import { ClauseList, OfferWords } from '../../parts/offer.tsx';
import { Preview, Standards, TermsAmounts } from '../../parts/plan.tsx';
import type { View } from '../../parts/view.ts';
import { dateText, rateText } from '../../words/index.ts';
import { Supports } from './evidence.tsx';
import { totalsOf } from './lines.tsx';
import { addressOf, groundOf, type Standing, type Step, type StepName, type StepProps, typedOr } from './step.ts';

/** What is sent, but for the lender's name, which is not typed. */
const Opened = life.openByBorrower.input.omit({ lenderName: true });

/** All that the steps have come to; null while something is missing. */
export function openedBy(at: Standing): z.output<typeof Opened> | null {
  const read = at.read(Opened);
  return 'input' in read ? read.input : null;
}

/** All that is sent, once more before it is. */
export const check: Step = {
  name: 'check',
  question: ({ opening: say }) => ({ question: say.checkQuestion, lead: say.checkHint }),
  owns: /^$/,
  scripts: [],
  faults: () => ({}),
  form: typedOr,
  waits: (at) => openedBy(at) === null,
  Fields: Check,
};

/** A part of what will be sent, with the way back to its step. */
function CheckCard({
  title,
  step,
  to,
  words,
  children,
}: PropsWithChildren<{ title: string; step: StepName; to: (step: StepName) => string; words: View['words'] }>) {
  return (
    <section class="card">
      <h2 class="row between">
        {title}{' '}
        <a href={to(step)}>
          {words.change}
          <span class="visually-hidden"> {words.steps[step]}</span>
        </a>
      </h2>
      {children}
    </section>
  );
}

function Check({ at }: StepProps) {
  const { view, lender, files } = at;
  const { words } = view;
  const input = openedBy(at);
  const ground = groundOf(at);
  const totals = totalsOf(at);
  if (!input) return null;
  const { loan, debt, means, proposal } = input;
  const { terms } = proposal;
  const worked = { ...schedule(debt.debt, terms), terms };
  const to = (step: StepName) => addressOf(at, step);
  return (
    <div class="stack check">
      <input type="hidden" name="requestId" value={view.requestId()} />
      <CheckCard title={words.steps.loan} step="loan" to={to} words={words}>
        <dl class="pairs">
          <dt>{words.steps.lender}</dt>
          <dd>{lender.name}</dd>
          <dt>{words.opening.reference}</dt>
          <dd>{loan.reference}</dd>
          {loan.product ? (
            <>
              <dt>{words.opening.product}</dt>
              <dd>{loan.product}</dd>
            </>
          ) : null}
        </dl>
      </CheckCard>
      <CheckCard title={words.steps.debt} step="debt" to={to} words={words}>
        <dl class="pairs">
          <dt>{words.opening.asOf}</dt>
          <dd>{dateText(words, debt.debt.asOf)}</dd>
          {(['principal', 'interest', 'penalty', 'fees'] as const).map((one) => (
            <>
              <dt>{words.component[one]}</dt>
              <dd class="num">
                <AmountRead fen={debt.debt[one]} words={words} />
              </dd>
            </>
          ))}
          <dt>{words.total}</dt>
          <dd class="num">
            <AmountRead fen={outstanding(debt.debt)} words={words} />
          </dd>
          {debt.rate ? (
            <>
              <dt>{words.opening.rate}</dt>
              <dd>{rateText(words, debt.rate)}</dd>
            </>
          ) : null}
        </dl>
      </CheckCard>
      <CheckCard title={words.steps.cause} step="cause" to={to} words={words}>
        <CauseText cause={means.cause} words={words} />
      </CheckCard>
      <CheckCard title={words.means.title} step="income" to={to} words={words}>
        <dl class="pairs">
          {(['incomes', 'expenses', 'otherDebts'] as const).flatMap((group) =>
            means[group].map(({ kind, amount, every: often }) => (
              <>
                <dt>{figureName(words, `${group}.${kind}`)}</dt>
                <dd class="num">
                  <AmountRead fen={amount} words={words} /> {words.every[often]}
                </dd>
              </>
            )),
          )}
          {means.changes.map(({ from, direction, amount }) => (
            <>
              <dt>
                {dateText(words, from)} {words.means.direction[direction]}
              </dt>
              <dd class="num">
                <AmountRead fen={amount} words={words} />
              </dd>
            </>
          ))}
          <dt>{words.opening.dependants}</dt>
          <dd>{means.dependants}</dd>
          {means.assets ? (
            <>
              <dt>{words.opening.assets}</dt>
              <dd>{means.assets}</dd>
            </>
          ) : null}
        </dl>
        {totals ? <MeansTotalsView totals={totals} words={words} /> : null}
      </CheckCard>
      <CheckCard title={words.steps.evidence} step="evidence" to={to} words={words}>
        {files.length === 0 ? <p class="soft">{words.evidence.none}</p> : null}
        <ul>
          {files.map(({ name, supports }) => (
            <li>
              {name} <Supports figures={supports} words={words} />
            </li>
          ))}
        </ul>
      </CheckCard>
      <CheckCard title={words.steps.proposal} step="proposal" to={to} words={words}>
        {ground ? <Standards ground={ground} words={words} /> : null}
        <ClauseList terms={proposal.terms} words={words} />
        <TermsAmounts terms={proposal.terms} words={words} />
        {ground ? <Preview worked={worked} ground={ground} words={words} /> : null}
        <OfferWords offer={proposal} words={words} />
        <dl class="pairs">
          <dt>{words.terms.expires}</dt>
          <dd>{proposal.expiresInDays ?? ground?.policy.offerDays}</dd>
        </dl>
      </CheckCard>
    </div>
  );
}
