import { dayIn } from '../../worker/negotiation/complaint.ts';
import { STAGES } from '../../worker/negotiation/entry.ts';
import { MARKS, marksIn } from '../../worker/negotiation/marks.ts';
import { CAUSES } from '../../worker/negotiation/means.ts';
import { daysBetween } from '../../worker/plan/calendar.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { type CaseShown, complaintText, untilText, waitsText } from '../parts/case-item.tsx';
import { NextPage } from '../parts/crumb.tsx';
import { Days } from '../parts/days.tsx';
import { DateField, ErrorSummary, SelectField, TextField } from '../parts/fields.tsx';
import { Keys } from '../parts/keys.tsx';
import { type Filled, own, TYPED, typedIn, type View } from '../parts/view.ts';
import { dateText, dayText, money, type Words } from '../words/index.ts';

/** A lender's desk: its cases as a table, chosen by tabs, filters and a text, what is to be done first on top. */

const TABS = ['mine', 'us', 'them', 'today', 'overdue', 'agreed', 'arrears', 'impasse', 'complaints', 'all'] as const;
type Tab = (typeof TABS)[number];
const ORDERS = ['due', 'last', 'opened', 'amount'] as const;
/** What the filter says for cases that are nobody's. */
const NOBODYS = 'nobody';
const AGES = ['30', '60', '90', '180'] as const;

/** A case as the desk lists it. */
type Row = CaseShown & {
  lastAt: string;
  openedAt: string;
  product: string | null;
  need: string | null;
  dueOn: string | null;
  assignee: string | null;
  /** The choice of cases that the row stands in, with its place there, as an address; '' where it stands in none. */
  list: string;
  marks: number;
};

export type InboxProps = {
  view: View;
  today: string;
  lender: { slug: string; name: string };
  tab: Tab;
  order: (typeof ORDERS)[number];
  /** What was looked for; then neither tab nor filter counts. */
  text: string;
  form: Filled;
  /** The name for a choice, as it was typed. */
  naming: Filled;
  /** What is chosen, as the query of an address. */
  chosen: string;
  cases: Row[];
  /** How many each tab has, up to a hundred; null where a text is looked for. */
  counts: Readonly<Record<Tab, number>> | null;
  views: readonly { name: string; query: string }[];
  /** To whom cases are assigned. */
  people: readonly { account: string; name: string }[];
  next: string | null;
  /** Whether the reader may open cases, and see who works here. */
  opens: boolean;
  inspects: boolean;
  /** Whether the reader works on cases. */
  works: boolean;
  /** Whether the reader does nothing in cases, as an auditor. */
  watches: boolean;
  /** Letters that could not be delivered, where the reader sees to them. */
  undelivered: number;
};

export function InboxPage(props: InboxProps) {
  const { view, lender, tab, text, cases, counts, next, undelivered } = props;
  const { words } = view;
  const { desk: say, inbox } = words;
  const base = `/desk/${lender.slug}`;
  return (
    <Layout view={view} title={say.title} wide scripts={['keys']}>
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      <nav class="tabs" aria-label={say.title}>
        {TABS.map((key) => (
          <a href={`${base}?show=${key}`} aria-current={tab === key && !text ? 'page' : undefined}>
            {inbox.tabs[key]}
            {counts ? <span class="count num">{countText(counts[key])}</span> : null}
          </a>
        ))}
        <a href={`${base}/approvals`}>{words.approval.title}</a>
        {undelivered > 0 ? <a href={`${base}/letters`}>{words.undelivered.tab({ count: undelivered })}</a> : null}
      </nav>
      <form method="get" action={base} class="row" role="search">
        <input type="text" name="text" class="narrow" value={text} aria-label={say.search} placeholder={say.search} />
        <button type="submit">{say.find}</button>
      </form>
      {text ? null : <Choosing {...props} />}
      {cases.length === 0 ? <p class="soft">{text ? say.notFound({ text }) : say.empty}</p> : <CaseTable {...props} />}
      {cases.length > 0 ? <MarkedActs {...props} /> : null}
      <NextPage next={next} words={words} />
      <Keys words={words} />
      <Ways {...props} />
    </Layout>
  );
}

/** A count as a tab has it: beyond 99 nobody counts. */
const countText = (count: number) => (count > 99 ? '99+' : String(count));

function CaseTable({ view: { words }, cases, people, today, watches, works, inspects }: InboxProps) {
  const { inbox: say } = words;
  const names = new Map(people.map(({ account, name }) => [account, name]));
  return (
    <div class="table-frame">
      <table class="figures stacked inbox">
        <thead>
          <tr>
            <th scope="col">{say.borrower}</th>
            <th scope="col">{say.amount}</th>
            <th scope="col">{words.desk.stage}</th>
            <th scope="col">{say.next}</th>
            <th scope="col">{say.due}</th>
            <th scope="col">{words.assignment.title}</th>
            <th scope="col">{words.cases.updated}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((one) => (
            <CaseRow
              one={one}
              name={names.get(one.assignee ?? '')}
              marks={works || inspects}
              today={today}
              watches={watches}
              words={words}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of a row that is not proven, its names alone. */
type RowProps = { one: Row; name: string | undefined; marks: boolean; today: string; watches: boolean; words: Words };

function CaseRow({ one, name, marks, today, watches, words }: RowProps) {
  const { inbox: say } = words;
  return (
    <tr>
      <th scope="row">
        <div class="mark-row">
          {marks ? (
            <label class="mark-box">
              <input type="checkbox" name="case" value={one.id} form={MANY} />
              <span class="visually-hidden">{words.manyActs.mark({ name: `${one.borrower ?? ''} ${one.number}`.trim() })}</span>
            </label>
          ) : null}
          <a href={`/cases/${one.id}${one.list === '' ? '' : `?list=${encodeURIComponent(one.list)}`}`}>
            <strong>{one.borrower || one.number}</strong>
            <span class="soft small pieces">
              {[one.number, one.reference, one.proven ? one.product : null].filter(Boolean).map((part) => (
                <span class="piece">{part}</span>
              ))}
            </span>
          </a>
        </div>
      </th>
      {one.proven ? (
        <>
          <td data-name={say.amount} class="num">
            {money(one.amount)}
          </td>
          <td data-name={words.desk.stage}>
            <span>
              <span class={`tag ${one.stage}`}>{words.stage[one.stage]}</span>
              {marksIn(one).map((mark) => (
                <span class="tag late">{say.marks[mark]}</span>
              ))}
            </span>
          </td>
          <td data-name={say.next}>
            <span>
              {nextText(one, watches, words)}
              {one.complaintDue === null ? null : (
                <>
                  <br />
                  <span class="soft small">
                    <Days of={complaintText(one, today, words)} />
                  </span>
                </>
              )}
            </span>
          </td>
          <td data-name={say.due}>
            {one.dueOn === null ? '—' : <DueText due={one.dueOn} title={untilOf(one, today, words)} today={today} words={words} />}
          </td>
          <td data-name={words.assignment.title}>{name ?? '—'}</td>
          <td data-name={words.cases.updated}>
            <time datetime={one.lastAt}>{dayText(words, one.lastAt)}</time>
          </td>
        </>
      ) : (
        <td colspan={6}>{words.unproven.title}</td>
      )}
    </tr>
  );
}

/** What is due next; null where it is the answer to a complaint, whose day is said beside what is to be done. */
function untilOf(one: Row, today: string, words: Words): string | null {
  const isSaid = one.complaintDue !== null && dayIn(one.complaintDue).date === one.dueOn;
  return isSaid ? null : untilText(one, today, words) || dateText(words, one.dueOn ?? today);
}

/** What the lender is to do first, or for whom the case waits; and what else waits for the lender. */
function nextText(one: Row, watches: boolean, words: Words): string {
  const need = one.need === null ? undefined : own<string>(words.inbox.needs, one.need);
  const first = watches && one.need === 'answer' ? words.case.watch.waits({ side: 'lender' }) : need;
  const rest = waitsText(first === undefined ? one : { ...one, awaited: null }, 'lender', words, watches);
  return [first, rest].filter(Boolean).join(words.semicolon) || '—';
}

function DueText({ due, title, today, words }: { due: string; title: string | null; today: string; words: Words }) {
  const days = daysBetween(today, due);
  const { inbox: say } = words;
  return (
    <span>
      <strong class={days < 0 ? 'bad-text' : undefined}>
        {days < 0 ? say.daysOver({ days: -days }) : days === 0 ? say.today : say.daysLeft({ days })}
      </strong>{' '}
      {title === null ? null : (
        <span class="soft small">
          <Days of={title} />
        </span>
      )}
    </span>
  );
}

/** The form of the boxes in the rows. */
const MANY = 'many';

/** What can be done at once in the cases that are marked. */
function MarkedActs({ view: { words }, lender, works, inspects, tab, text, chosen }: InboxProps) {
  const { manyActs: say } = words;
  // The tab that shows by itself is named too: a choice that names nothing is all cases. What a search found is no choice.
  const choice = new URLSearchParams(chosen);
  choice.set('show', tab);
  const base = `/desk/${lender.slug}`;
  return (
    <form method="get" action={`${base}/many`} id={MANY} class="actions" aria-label={say.act}>
      <span class="soft small">{say.act}</span>
      {works ? (
        <>
          <button type="submit" name="do" value="assign" data-key="a">
            {say.assign}
          </button>
          <button type="submit" name="do" value="remind">
            {say.remind}
          </button>
        </>
      ) : null}
      {inspects ? (
        <button type="submit" formaction={`${base}/exports`}>
          {say.take}
        </button>
      ) : null}
      {inspects && text === '' ? (
        <a class="button" href={`${base}/tables?${new URLSearchParams({ choice: choice.toString() })}`}>
          {words.tables.link}
        </a>
      ) : null}
    </form>
  );
}

/** Order and filters, and what somebody has called a choice of them. */
function Choosing({ view, lender, form, naming, tab, chosen, views, people }: InboxProps) {
  const { words } = view;
  const { inbox: say } = words;
  const base = `/desk/${lender.slug}`;
  const names = new Map(people.map(({ account, name }) => [account, name]));
  // Whose cases are chosen stays chosen, where none is theirs any more.
  const typed = typedIn(form, 'assignee');
  if (typed !== '' && typed !== NOBODYS && !names.has(typed)) names.set(typed, words.assignment.gone);
  const narrowed = [...form.values].some(([name, [value = '']]) => value !== '' && name !== 'show' && name !== 'order');
  return (
    <>
      {views.length > 0 ? (
        <nav class="tabs" aria-label={say.views}>
          {views.map(({ name, query }) => (
            <a href={`${base}?${query}`} aria-current={query === chosen ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      ) : null}
      <details class="card" open={narrowed || Object.keys({ ...form.errors, ...naming.errors }).length > 0}>
        <summary>{say.choose}</summary>
        <form method="get" action={base} class="choosing">
          <ErrorSummary form={form} words={words} />
          <input type="hidden" name="show" value={tab} />
          <SelectField form={form} words={words} name="order" label={say.order} options={ORDERS} text={(order) => say.orders[order]} />
          <SelectField
            form={form}
            words={words}
            name="assignee"
            label={words.assignment.title}
            options={[NOBODYS, ...names.keys()]}
            text={(account) => names.get(account) ?? words.assignment.nobody}
            blank={say.any}
          />
          <SelectField
            form={form}
            words={words}
            name="stage"
            label={words.desk.stage}
            options={STAGES}
            text={(stage) => words.stage[stage]}
            blank={say.any}
          />
          <SelectField
            form={form}
            words={words}
            name="cause"
            label={say.cause}
            options={CAUSES}
            text={(cause) => words.cause[cause]}
            blank={say.any}
          />
          <SelectField
            form={form}
            words={words}
            name="mark"
            label={say.mark}
            options={MARKS}
            text={(mark) => say.marks[mark]}
            blank={say.any}
          />
          <TextField form={form} words={words} name="least" label={say.least} inputmode="decimal" narrow />
          <TextField form={form} words={words} name="most" label={say.most} inputmode="decimal" narrow />
          <DateField form={form} words={words} name="opened" label={say.openedFrom} />
          <DateField form={form} words={words} name="until" label={say.openedUntil} />
          <SelectField
            form={form}
            words={words}
            name="age"
            label={say.age}
            options={AGES}
            text={(days) => say.ageAtLeast({ days })}
            blank={say.any}
          />
          <p class="actions">
            <button type="submit" class="primary">
              {say.apply}
            </button>
            {narrowed ? (
              <a class="button" href={`${base}?show=${tab}`}>
                {say.clear}
              </a>
            ) : null}
          </p>
        </form>
        <form method="post" action={`${base}/views`} id={TYPED}>
          <ErrorSummary form={naming} words={words} />
          <input type="hidden" name="query" value={chosen} />
          <TextField form={naming} words={words} name="name" label={say.viewName} hint={say.viewHint} narrow />
          <p class="actions">
            <button type="submit" name="do" value="keep">
              {say.keepView}
            </button>
            {views.length > 0 ? (
              <button type="submit" name="do" value="drop" class="quiet">
                {say.dropView}
              </button>
            ) : null}
          </p>
        </form>
      </details>
    </>
  );
}

/** From the desk to what else is done there. */
function Ways({ view, lender, opens, inspects, works }: InboxProps) {
  const { words } = view;
  const ways: [path: string, text: string, shown: boolean][] = [
    ['new', words.desk.open, opens],
    ['complaints', words.complaint.title, true],
    ['import', words.loans.link, opens],
    ['payments', words.received.link, true],
    ['templates', words.templates.title, works || inspects],
    ['staff', words.staff.title, inspects],
    ['exports', words.takeMany.title, inspects],
    ['policy', words.policy.title, inspects],
  ];
  return (
    <p class="actions">
      {ways.map(([path, text, shown]) =>
        shown ? (
          <a class="button" href={`/desk/${lender.slug}/${path}`}>
            {text}
          </a>
        ) : null,
      )}
    </p>
  );
}
