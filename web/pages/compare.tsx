import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { type Offer, scheduleOf } from '../../worker/negotiation/proposal.ts';
import { heaviest, hold, type MeansOverTime } from '../../worker/plan/affordability.ts';
import { dayNumber } from '../../worker/plan/calendar.ts';
import type { Apart } from '../../worker/plan/comparison.ts';
import { byMonth, changes, waivedPart } from '../../worker/plan/comparison.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
import type { Schedule } from '../../worker/plan/schedule.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Acceptance, ActBar, acceptable } from '../parts/acceptance.tsx';
import { BalanceChart } from '../parts/chart.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { changeName, changeValue, DebtChanges } from '../parts/offer.tsx';
import { heldText } from '../parts/plan.tsx';
import type { View } from '../parts/view.ts';
import { debtRows } from '../telling/debt-change.ts';
import { chargedText } from '../telling/proposal.ts';
import { dateText, money, monthText, shareText } from '../words/index.ts';

type Base = { view: View; id: string; number: string; kase: Case };

type CompareProps = Base & {
  a: Offer;
  b: Offer;
  separates: Apart;
  situation: Context;
  means: MeansOverTime | null;
  /** Present value at the lender's own rate; only ever given for the lender's side. */
  presentValue: { ppm: number; a: number; b: number } | null;
};

/** Two versions side by side. */
export function ComparePage({ view, id, number, kase, a, b, separates, means, presentValue, situation }: CompareProps) {
  const { words } = view;
  const { compare: say, schedule } = words;
  const name = (offer: Offer) => `${words.offer.proposal(offer.version)} · ${words.of(offer.side)}`;
  // When the first instalment is paid stands among the figures.
  const different = changes(a, b).filter(({ field }) => field !== 'firstPaid');
  const [one, two] = [scheduleOf(a), scheduleOf(b)];
  const amounts = (label: string, left: number, right: number): Line => [label, money(left), money(right), signed(right - left, money)];
  const days = (label: string, left: string, right: string): Line => {
    const apart = dayNumber(right) - dayNumber(left);
    return [label, dateText(words, left), dateText(words, right), say.daysApart({ days: Math.abs(apart), later: apart > 0 })];
  };
  const borne: Line[] = means
    ? [
        [words.compare.borne, heldText(hold(one, a.terms.every, means), words), heldText(hold(two, b.terms.every, means), words), ''],
        [say.share, heaviestText(one, a.terms, means, words), heaviestText(two, b.terms, means, words), ''],
      ]
    : [];
  const lines: Line[] = [
    ...debtRows(a, b, words).map(([part, left, right]): Line => [words.debt.of(part), left, right, '']),
    amounts(schedule.highest, one.totals.highest, two.totals.highest),
    [
      schedule.instalments,
      String(one.totals.instalments),
      String(two.totals.instalments),
      signed(two.totals.instalments - one.totals.instalments, String),
    ],
    days(words.terms.firstPaid, firstInstalment(a.terms), firstInstalment(b.terms)),
    separates.months === 0
      ? days(schedule.lastDue, one.totals.lastDue, two.totals.lastDue)
      : [
          schedule.lastDue,
          dateText(words, one.totals.lastDue),
          dateText(words, two.totals.lastDue),
          say.monthsLater({ months: Math.abs(separates.months), later: separates.months > 0 }),
        ],
    [words.terms.rate, chargedText(a.terms, words), chargedText(b.terms, words), ''],
    amounts(schedule.owed, one.totals.owed, two.totals.owed),
    amounts(schedule.waived, one.totals.waived, two.totals.waived),
    amounts(schedule.interestTotal, one.totals.interest, two.totals.interest),
    amounts(schedule.paid, one.totals.paid, two.totals.paid),
    ...borne,
    ...(presentValue ? [amounts(say.presentValue(presentValue.ppm), presentValue.a, presentValue.b)] : []),
    ...different.flatMap((change): Line[] => {
      // The rate stands above, the same or not.
      if (change.field === 'rate') return [];
      const [label, left, right] = [
        changeName(change, words),
        changeValue(change.field, change.before, words),
        changeValue(change.field, change.after, words),
      ];
      const part = waivedPart(change.field);
      return [[label, left, right, part ? signed((b.terms.waive[part] ?? 0) - (a.terms.waive[part] ?? 0), money) : '']];
    }),
  ];
  const answer = [a, b].find((offer) => acceptable({ view, kase, offer, situation }));
  const columns = [say.item, name(a), name(b), say.difference];
  return (
    <Layout view={view} title={say.title} wide>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={apartText(a, b, separates, words)}>{say.title}</PageTitle>
      <form method="get" action={`/cases/${id}/compare`} class="row">
        {(['a', 'b'] as const).map((which) => (
          <select name={which} aria-label={`${say.choose} ${which === 'a' ? 1 : 2}`} class="narrow">
            {kase.offers.map((offer) => (
              <option value={String(offer.version)} selected={offer.version === (which === 'a' ? a : b).version}>
                {name(offer)}
              </option>
            ))}
          </select>
        ))}
        <button type="submit">{say.show}</button>
      </form>
      <DebtChanges before={a} after={b} words={words} />
      <div class="table-frame" role="region" aria-label={say.title} tabindex={0}>
        <table class="figures compare stacked">
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(([label, left, right, apart]) => (
              <tr>
                <th scope="row">{label}</th>
                <td data-name={columns[1]} class={inOnePiece(left)}>
                  {left}
                </td>
                <td data-name={columns[2]} class={`${inOnePiece(right) ?? ''}${left === right ? '' : ' strong'}`.trim() || undefined}>
                  {right}
                </td>
                <td data-name={columns[3]} class={left === right ? 'same' : 'apart'}>
                  {left === right ? say.noDifference : apart || say.differs}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {different.length === 0 ? <p>{say.same}</p> : null}
      <BalanceChart
        plans={[
          { name: name(a), schedule: one, start: a.terms.start },
          { name: name(b), schedule: two, start: b.terms.start },
        ]}
        words={words}
      />
      <details>
        <summary>{say.months}</summary>
        <MonthsTable a={a} b={b} one={one} two={two} words={words} />
      </details>
      {answer ? (
        <>
          <Acceptance view={view} id={id} kase={kase} offer={answer} situation={situation} />
          <ActBar view={view} id={id} />
        </>
      ) : null}
    </Layout>
  );
}

/** What a line of the comparison says of each, and what lies between; '' where that has no figure. */
type Line = [label: string, a: string, b: string, apart: string];

/** Amounts, counts and days stand in one piece; sentences break where they may. */
const inOnePiece = (text: string) => (/^[\p{Sc}−\d]/u.test(text) ? 'num' : undefined);

/** A difference with its sign: +¥381.56. */
const signed = (difference: number, show: (value: number) => string): string =>
  `${difference > 0 ? '+' : '−'}${show(Math.abs(difference))}`;

/** The instalment that takes most of the disposable income of its own period: what is within what can be borne is never above 100 %. */
function heaviestText(schedule: Schedule, terms: Terms, means: MeansOverTime, words: View['words']): string {
  const { compare: say } = words;
  const most = heaviest(schedule, terms.every, means);
  if (!most) return words.none;
  return most.disposable === 0 ? say.noneToSpare : say.shareOf({ share: shareText(most.payment, most.disposable), no: most.no });
}

/** Both schedules on one axis of time: what is paid in each month and what is left after it. */
function MonthsTable({ a, b, one, two, words }: Pick<CompareProps, 'a' | 'b'> & { one: Schedule; two: Schedule; words: View['words'] }) {
  const { compare: say } = words;
  const [first, second] = [words.offer.proposal(a.version), words.offer.proposal(b.version)];
  return (
    <div class="table-frame" role="region" aria-label={say.months} tabindex={0}>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{say.month}</th>
            {[say.pays(first), say.pays(second), say.left(first), say.left(second)].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {byMonth(one, two).map(({ month, a: left, b: right }) => (
            <tr>
              <th scope="row">{monthText(words, month)}</th>
              {[left.paid, right.paid, left.left, right.left].map((amount) => (
                <td>{money(amount)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One sentence for what separates two plans. */
export function apartText(
  a: Pick<Offer, 'version'>,
  b: Pick<Offer, 'version'>,
  { highest, months, cost }: Apart,
  words: View['words'],
): string {
  const { compare: say, offer } = words;
  const parts = [
    ...(highest !== 0 ? [say.instalmentApart({ amount: money(Math.abs(highest)), more: highest > 0 })] : []),
    ...(months !== 0 ? [say.monthsApart({ months: Math.abs(months), later: months > 0 })] : []),
    ...(cost !== 0 ? [say.costApart({ amount: money(Math.abs(cost)), more: cost > 0 })] : []),
  ];
  const [before, after] = [offer.proposal(a.version), offer.proposal(b.version)];
  return parts.length > 0 ? say.sentence({ before, after, parts }) : say.sameFigures;
}
