import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import {
  DECLINE_REASONS,
  type Offer,
  onTable,
  commands as proposal,
  restsOnOldDebt,
  scheduleOf,
} from '../../worker/negotiation/proposal.ts';
import { negotiable } from '../../worker/negotiation/stage.ts';
import { heaviest, hold, type MeansOverTime } from '../../worker/plan/affordability.ts';
import { dayNumber } from '../../worker/plan/calendar.ts';
import type { Apart } from '../../worker/plan/comparison.ts';
import { byMonth, changes, waivedPart } from '../../worker/plan/comparison.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
import type { Schedule } from '../../worker/plan/schedule.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { BalanceChart } from '../parts/chart.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, ChoiceField, CommandForm, Enter, ErrorSummary } from '../parts/fields.tsx';
import { LawMarks, LawNotes } from '../parts/law.tsx';
import { ClauseList, changeName, changeValue, DebtChanges, OfferCard, offerName } from '../parts/offer.tsx';
import { Fits, type Ground, heldOf, heldText, Pictures } from '../parts/plan.tsx';
import type { Worked } from '../parts/plan-drawing.ts';
import { ScheduleTable, Totals } from '../parts/schedule.tsx';
import { Templates, TermsForm } from '../parts/terms-form.tsx';
import { type Filled, formFor, TYPED, type View } from '../parts/view.ts';
import { debtRows, oldDebtText } from '../telling/debt-change.ts';
import { dateText, money, monthText, refusalText, shareText } from '../words/index.ts';

type Base = { view: View; id: string; number: string; kase: Case };

type NewProps = Base & {
  form: Filled;
  answers: Offer | null;
  ground: Ground;
  worked: Worked | null;
  stages: number;
  yardstick: Yardstick;
};

/** What the figures alone would support, or null where they support no plan. */
type Yardstick = { highest: number; instalments: number; lastDue: string } | null;

function YardstickNote({ yardstick, words }: { yardstick: Yardstick; words: View['words'] }) {
  if (!yardstick) return null;
  const { highest, instalments, lastDue } = yardstick;
  return <p class="notice">{words.terms.yardstick({ amount: money(highest), count: instalments, date: dateText(words, lastDue) })}</p>;
}

/** Drawing up a proposal, or a counter-offer that starts from the other side's terms. */
export function NewProposalPage({ view, id, number, kase, form, answers, ground, worked, stages, yardstick }: NewProps) {
  const { words } = view;
  const { terms: say } = words;
  const counter = answers !== null && answers.side !== ground.side;
  // An old link may lead here when nothing is negotiated any more.
  const closed = negotiable(kase);
  const answered = answers ? oldDebtText(kase, answers, words) : null;
  const title = counter ? words.offer.counterIt : answers ? words.offer.replace : words.offer.make;
  return (
    <Layout view={view} title={title} scripts={['plan', 'amounts']} typedAt={`/cases/${id}/proposals/new`}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={counter ? words.offer.answers(answers.version) : undefined}>{title}</PageTitle>
      {answers ? (
        <Enter at={`/cases/${id}/proposals/new`}>{say.workOut}</Enter>
      ) : (
        <Templates words={words} workAt={`/cases/${id}/proposals/new`} />
      )}
      {closed ? (
        <p class="notice warn" role="status">
          {refusalText(words, closed.refused)} <a href={`/cases/${id}`}>{words.case.title(number)}</a>
        </p>
      ) : null}
      {answered ? <p class="notice warn">{answered}</p> : null}
      <YardstickNote yardstick={yardstick} words={words} />
      <form method="post" action={`/cases/${id}/do/proposal.make`} id={TYPED} data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        <input type="hidden" name="answers" value={answers ? String(answers.version) : ''} />
        <TermsForm view={view} form={form} prefix="" ground={ground} stages={stages} worked={worked} workAt={`/cases/${id}/proposals/new`}>
          <p class="actions sticky-actions">
            <button type="submit" class="primary" name="action" value="send">
              {counter ? say.counter : say.send}
            </button>
          </p>
        </TermsForm>
      </form>
    </Layout>
  );
}

/** Where no offer can be made any more: why, and where to go, before anything is typed. */
export function NoProposalPage({ view, id, number, kase, why }: Base & { why: string }) {
  const { words } = view;
  return (
    <Layout view={view} title={words.offer.make}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle>{words.offer.make}</PageTitle>
      <p class="notice">{why}</p>
      {kase.agreement ? (
        <p class="actions">
          <a class="button primary" href={`/cases/${id}/agreement`}>
            {words.agreement.title}
          </a>
        </p>
      ) : null}
    </Layout>
  );
}

/** Whether the person may accept an offer now: one that rests on figures that have changed comes back only to say why it was refused. */
function acceptable({ view, kase, offer, situation }: Pick<Base, 'view' | 'kase'> & { offer: Offer; situation: Context }): boolean {
  const { again } = formFor(view, 'proposal.accept', { version: offer.version });
  const live = onTable(kase, situation.at)?.version === offer.version;
  return live && (!restsOnOldDebt(kase, offer) || again === true) && offered(kase, proposal.accept, situation);
}

/** Accepting an offer, with all that it says, or answering it with one's own; nothing where it is not on the table for who reads. */
function Acceptance({ view, id, kase, offer, situation }: Omit<Base, 'number'> & { offer: Offer; situation: Context }) {
  const { words } = view;
  const { offer: say } = words;
  const { totals } = offer;
  const before = offer.answers ? kase.offers[offer.answers - 1] : undefined;
  const hidden = { version: offer.version };
  const accept = formFor(view, 'proposal.accept', hidden);
  if (!acceptable({ view, kase, offer, situation })) return null;
  return (
    <section class="next-step" id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title">{say.acceptTitle}</h2>
      <p class="now">{say.acceptSummary({ paid: money(totals.paid), count: totals.instalments, date: dateText(words, totals.lastDue) })}</p>
      <ClauseList terms={offer.terms} words={words} />
      {before ? <DebtChanges before={before} after={offer} words={words} /> : null}
      <p class="hint">{say.acceptHint}</p>
      <div class="actions">
        <CommandForm view={view} caseId={id} command="proposal.accept" form={accept} hidden={{ ...hidden, digest: offer.digest }}>
          <button type="submit" class="primary">
            {say.accept}
          </button>
        </CommandForm>
        <a class="button" href={`/cases/${id}/proposals/new`}>
          {say.counterIt}
        </a>
      </div>
    </section>
  );
}

/** On a phone, the act of the page within reach of the thumb: to where it is done, with all that it means. */
function ActBar({ view, id }: Pick<Base, 'view' | 'id'>) {
  const { words } = view;
  return (
    <nav class="act-bar" aria-label={words.case.next}>
      <a class="button primary" href="#answer">
        {words.offer.toAnswer}
      </a>
      <a class="button" href={`/cases/${id}/proposals/new`}>
        {words.offer.counterIt}
      </a>
    </nav>
  );
}

/** One version, whole: the card, how it fits, the picture, the table, and what this person can do with it. */
export function ProposalPage({
  view,
  id,
  number,
  kase,
  offer,
  ground,
  situation,
  yardstick,
}: Base & { offer: Offer; ground: Ground; situation: Context; yardstick: Yardstick }) {
  const { words } = view;
  const { offer: say } = words;
  const worked = { ...scheduleOf(offer), terms: offer.terms };
  const held = heldOf(worked, ground);
  const before = offer.answers ? kase.offers[offer.answers - 1] : undefined;
  const live = onTable(kase, situation.at)?.version === offer.version;
  const hidden = { version: offer.version };
  const decline = formFor(view, 'proposal.decline', hidden);
  return (
    <Layout view={view} title={say.proposal(offer.version)} wide>
      <Crumb view={view} id={id} number={number} />
      <PageTitle>{offerName(offer, before, words)}</PageTitle>
      <div class="halves">
        <OfferCard
          offer={offer}
          kase={kase}
          before={before}
          caseId={id}
          words={words}
          heading="h2"
          title={say.madeBy(words.of(offer.side))}
        />
        <section class="stack" aria-label={words.schedule.title}>
          <Totals totals={worked.totals} terms={offer.terms} words={words} rest />
          <Fits worked={worked} held={held} ground={ground} words={words} offeredBy={offer.side} />
          <YardstickNote yardstick={yardstick} words={words} />
          <LawMarks
            terms={offer.terms}
            instalments={worked.totals.instalments}
            policy={situation.policy}
            on={situation.today}
            words={words}
          />
          <Pictures worked={worked} held={held} words={words} />
        </section>
      </div>
      <details>
        <summary>{words.schedule.all}</summary>
        <ScheduleTable schedule={worked} words={words} held={held} />
      </details>
      <LawNotes topic="plan" policy={situation.policy} on={situation.today} words={words} />
      <Acceptance view={view} id={id} kase={kase} offer={offer} situation={situation} />
      {live && offered(kase, proposal.decline, situation) ? (
        <details open={decline.again}>
          <summary>{say.declineTitle}</summary>
          <CommandForm view={view} caseId={id} command="proposal.decline" form={decline} hidden={hidden}>
            <ChoiceField
              form={decline}
              words={words}
              name="reasons"
              label={say.declineReasons}
              options={DECLINE_REASONS}
              text={(one) => say.reasons[one]}
              many
            />
            <AreaField form={decline} words={words} name="words" label={say.declineWords} most={4000} />
            <p>
              <button type="submit" class="bad">
                {say.decline}
              </button>
            </p>
          </CommandForm>
        </details>
      ) : null}
      {live && offered(kase, proposal.withdraw, situation) ? (
        <CommandForm view={view} caseId={id} command="proposal.withdraw" form={formFor(view, 'proposal.withdraw', hidden)} hidden={hidden}>
          <p class="actions">
            <a class="button" href={`/cases/${id}/proposals/new`}>
              {say.replace}
            </a>
            <button type="submit" class="bad">
              {say.withdraw}
            </button>
          </p>
        </CommandForm>
      ) : null}
      {acceptable({ view, kase, offer, situation }) ? <ActBar view={view} id={id} /> : null}
    </Layout>
  );
}

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
  const different = changes(a.terms, b.terms).filter(({ field }) => field !== 'firstPaid');
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
    ...debtRows(a.debt, b.debt, words).map(([part, left, right]): Line => [words.debt.of(part), left, right, '']),
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
    amounts(schedule.waived, one.totals.waived, two.totals.waived),
    amounts(schedule.interestTotal, one.totals.interest, two.totals.interest),
    amounts(schedule.paid, one.totals.paid, two.totals.paid),
    ...borne,
    ...(presentValue ? [amounts(say.presentValue(presentValue.ppm), presentValue.a, presentValue.b)] : []),
    ...different.map((change): Line => {
      const [label, left, right] = [
        changeName(change, words),
        changeValue(change.field, change.before, words),
        changeValue(change.field, change.after, words),
      ];
      const part = waivedPart(change.field);
      return [label, left, right, part ? signed((b.terms.waive[part] ?? 0) - (a.terms.waive[part] ?? 0), money) : ''];
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
