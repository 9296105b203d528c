import { type Books, type Limits, mostOf } from '../../worker/negotiation/authority.ts';
import type { MeansStatement } from '../../worker/negotiation/means.ts';
import type { HeldPolicy } from '../../worker/negotiation/policy.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { type Held, hold } from '../../worker/plan/affordability.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import type { Loan } from '../../worker/plan/law/jurisdiction.ts';
import { type Debt, outstanding, type Terms } from '../../worker/plan/terms.ts';
import { hintsOf } from '../telling/schedule.ts';
import { dateText, languageOf, money, rateText, type Words } from '../words/index.ts';
import { planSay } from '../words/plan.ts';
import { BalanceChart, InstalmentChart } from './chart.tsx';
import { Drawing } from './drawn.tsx';
import { AmountRead } from './fields.tsx';
import { type Against, drawExcess, drawHeld, drawMinimum, drawPlan, type Plan, type Worked } from './plan-drawing.ts';
import { ScheduleTable } from './schedule.tsx';

/** What a plan is drawn up against: the debt, what the borrower can bear, what the lender publishes. */
export type Ground = {
  debt: Debt;
  means: MeansStatement | null;
  /** What can be paid a month, from each day on which that changes; empty without a statement of means. */
  affordable: { from: string; amount: number }[];
  /** What is known of the loan, for the law table. */
  loan: Loan;
  policy: Pick<HeldPolicy, 'offerDays' | 'jurisdiction' | 'version'>;
  /** The least instalment a month (分) and the longest term (months) that the lender publishes for this debt and these means. */
  minimum: number;
  longestTerm: number;
  /** Of which side the reader is; a mediator is of neither. */
  side: 'borrower' | 'lender' | 'mediator';
  /** What a person of the lender's staff may grant alone, where that is limited; never there for the borrower's side. */
  authority?: { limits: Limits; books: Books; today: string };
};

/** What both sides hold a plan against. */
export function Standards({ ground, words }: { ground: Ground; words: Words }) {
  const { terms: say } = words;
  const [now, ...later] = ground.affordable;
  return (
    <ul class="notice plain-list">
      <li>{say.based(money(outstanding(ground.debt)))}</li>
      {now ? <li>{(ground.side === 'borrower' ? say.yours : say.theirs)(money(now.amount))}</li> : null}
      {later.map(({ from, amount }) => (
        <li>{words.means.from({ date: dateText(words, from), amount: money(amount) })}</li>
      ))}
      {ground.minimum > 0 ? <li>{say.minimum(money(ground.minimum))}</li> : null}
      {ground.policy.version > 0 ? <li>{say.longest(ground.longestTerm)}</li> : null}
      {ground.authority ? aloneTexts(ground.authority, words).map((text) => <li>{text}</li>) : null}
    </ul>
  );
}

/** What a person of staff may grant alone. */
function aloneTexts({ limits, books }: NonNullable<Ground['authority']>, words: Words): string[] {
  const { principal, charges, term, unstated } = mostOf(limits, books);
  const rate = rateText(words, { per: 'year', ppm: limits.ownPpm });
  return [
    words.authority.alone({ principal: money(principal), charges: money(charges), months: term }),
    ...(unstated === null ? [] : [words.authority.unstated({ amount: money(unstated), rate })]),
  ];
}

/** A schedule as a person takes it in: the figures, whether it fits, the picture, the table. Or why there is none. `take` as in `Against`. */
export function Preview({ worked, ground, words, take }: { worked: Worked; ground: Ground; words: Words; take?: string }) {
  const drawn = drawPlan(worked, againstOf(ground, words, take), planSay(words, languageOf(words)));
  if ('refused' in worked) return <Drawing of={drawn} />;
  const held = heldOf(worked, ground);
  return (
    <>
      <Drawing of={drawn} />
      <Pictures worked={worked} held={held} words={words} />
      <details>
        <summary>{words.schedule.all}</summary>
        <ScheduleTable schedule={worked} words={words} held={held} hints={hintsOf(ground.policy)} />
      </details>
    </>
  );
}

/** What a plan is held against, for whoever draws it. */
export function againstOf(ground: Ground, words: Words, take?: string): Against {
  const { debt, means, policy, loan, authority } = ground;
  return {
    debt,
    means,
    law: lawOf(policy),
    loan,
    minimum: { amount: ground.minimum, below: minimumText(ground, words) },
    ...(authority ? { authority } : {}),
    ...(take === undefined ? {} : { take }),
  };
}

/** The amounts that were typed into a plan, in capitals too: what is waived, the payment up front, and each fixed amount. */
export function TermsAmounts({ terms, words }: { terms: Terms; words: Words }) {
  const { terms: say } = words;
  const typed: [string, number][] = [
    ...COMPONENTS.map((one): [string, number] => [words.schedule.waivedPart(words.component[one]), terms.waive[one] ?? 0]),
    [say.upfront, terms.upfront?.amount ?? 0],
    ...terms.phases.map((phase, i): [string, number] => [
      `${say.stage(i + 1)}${words.comma}${say.amount}`,
      phase.kind === 'fixed' ? phase.amount : 0,
    ]),
  ];
  const amounts = typed.filter(([, fen]) => fen > 0);
  if (amounts.length === 0) return null;
  return (
    <dl class="pairs">
      {amounts.map(([name, fen]) => (
        <>
          <dt>{name}</dt>
          <dd class="num">
            <AmountRead fen={fen} words={words} />
          </dd>
        </>
      ))}
    </dl>
  );
}

/** A plan held against the borrower's means, or null where there are none yet: worked out once a page, and read by all its parts. */
export function heldOf(worked: Plan, { means }: Pick<Ground, 'means'>): Held | null {
  return means ? hold(worked, worked.terms.every, means) : null;
}

/** How a plan that was offered stands to the borrower's means, the lender's published minimum, and what the person may grant alone. */
export function Fits({
  worked,
  held,
  ground,
  words,
  offeredBy,
}: {
  worked: Plan;
  held: Held | null;
  ground: Ground;
  words: Words;
  offeredBy: Side;
}) {
  const { debt, means } = ground;
  const [against, say] = [againstOf(ground, words), planSay(words, languageOf(words))];
  const below = words.schedule.isBelowMinimum(money(ground.minimum));
  return (
    <Drawing
      of={[
        ...drawExcess(against, worked.terms, say),
        ...(held && means ? [drawHeld(worked, held, { debt, means }, say)] : []),
        ...(offeredBy === 'lender' ? [] : drawMinimum(worked, { minimum: { ...against.minimum, below } })),
      ]}
    />
  );
}

/** That a plan that is drawn up is below the published minimum: to the borrower, that it can be proposed all the same. */
function minimumText({ side, minimum }: Pick<Ground, 'side' | 'minimum'>, { schedule: say }: Words): string {
  return (side === 'borrower' ? say.belowMinimum : say.isBelowMinimum)(money(minimum));
}

/** Whether a plan is within what can be borne, in the one sentence that every page has for it. */
export function heldText({ misses, most }: Held, words: Words): string {
  return misses.length === 0 ? words.schedule.fits : words.schedule.exceeds({ count: misses.length, amount: money(most) });
}

export function Pictures({ worked, held, words }: { worked: Plan; held: Held | null; words: Words }) {
  const { start } = worked.terms;
  return (
    <div class="pictures">
      <BalanceChart plans={[{ name: words.schedule.balance, schedule: worked, start }]} words={words} />
      <InstalmentChart schedule={worked} line={held?.line ?? null} words={words} />
    </div>
  );
}
