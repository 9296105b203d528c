import { isFull } from '../../worker/negotiation/calls.ts';
import { dayIn } from '../../worker/negotiation/complaint.ts';
import type { Contacting } from '../../worker/negotiation/contacting.ts';
import { STAGES } from '../../worker/negotiation/entry.ts';
import { MARKS, marksIn } from '../../worker/negotiation/marks.ts';
import { CAUSES } from '../../worker/negotiation/means.ts';
import { daysBetween } from '../../worker/plan/calendar.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { callsText, hoursText, wishes } from '../parts/before.tsx';
import { type CaseShown, complaintText, untilText, waitsText } from '../parts/case-item.tsx';
import { NextPage } from '../parts/crumb.tsx';
import { Days } from '../parts/days.tsx';
import { DateField, ErrorSummary, SelectField, TextField } from '../parts/fields.tsx';
import { Keys } from '../parts/keys.tsx';
import { type Filled, own, TYPED, typedIn, type View } from '../parts/view.ts';
import { wishLines } from '../telling/conduct.ts';
import { withoutYear } from '../words/dates.ts';
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
  drafted: boolean;
  lastAt: string;
  openedAt: string;
  product: string | null;
  need: string | null;
  joined: boolean;
  dueOn: string | null;
  assignee: string | null;
  /** The choice of cases that the row stands in, with its place there, as an address; '' where it stands in none. */
  list: string;
  before: (Contacting & { held: number }) | null;
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
  /** Whether borrowers may be reached now, by law and policy. */
  hours: Pick<Contacting, 'from' | 'until'>;
  /** In how many cases something waits for the hours, up to a hundred. */
  held: number;
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
  /** How many mentions and tasks wait for the reader. */
  errands: number;
};

export function InboxPage(props: InboxProps) {
  const { view, lender, tab, text, cases, counts, next, undelivered } = props;
  const { words } = view;
  const { desk: say, inbox } = words;
  const base = `/desk/${lender.slug}`;
  return (
    <Layout view={view} title={say.title} wide scripts={['keys']}>
      <div class="desk-head">
        <PageTitle lead={lender.name}>{say.title}</PageTitle>
        <form method="get" action={base} class="search" role="search">
          <input type="text" name="text" value={text} aria-label={say.search} placeholder={say.search} />
          <button type="submit">{say.find}</button>
        </form>
      </div>
      <Hours {...props} />
      <nav class="tabs dense" aria-label={say.title}>
        {TABS.map((key) => (
          <a href={`${base}?show=${key}`} aria-current={tab === key && !text ? 'page' : undefined}>
            {inbox.tabs[key]}{' '}
            {counts ? <span class={counts[key] === 0 ? 'count num none' : 'count num'}>{countText(counts[key])}</span> : null}
          </a>
        ))}
        {props.works ? (
          <a href={`${base}/errands`}>
            {words.errands.forMe}
            {props.errands > 0 ? <span class="count num">{countText(props.errands)}</span> : null}
          </a>
        ) : null}
        <a href={`${base}/approvals`}>{words.approval.title}</a>
        {undelivered > 0 ? <a href={`${base}/letters`}>{words.undelivered.tab({ count: undelivered })}</a> : null}
      </nav>
      {text ? null : <Choosing {...props} />}
      {cases.length === 0 ? <Nothing {...props} /> : <CaseTable {...props} />}
      {cases.length > 0 ? <MarkedActs {...props} /> : null}
      <NextPage next={next} words={words} />
      <Keys words={words} />
      <Ways {...props} />
    </Layout>
  );
}

/** Whether borrowers may be reached now, and what waits until they may. */
function Hours({ view: { words }, lender, hours, held, text }: InboxProps) {
  const { before: say } = words;
  return (
    <section class="before" aria-label={say.title}>
      <dl>
        <div>
          <dt>{say.hours}</dt>
          <dd class={hours.from === null ? undefined : 'bad-text'}>
            <Days of={hoursText(hours, words)} />
          </dd>
        </div>
        {held > 0 && text === '' ? (
          <div>
            <dt>{say.waiting}</dt>
            <dd>
              <a href={`/desk/${lender.slug}?show=all&held=1`}>{say.heldAll({ count: held })}</a>
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}

/** What stands in place of a table without rows: why there is nothing, and where to go on. */
function Nothing({ view: { words }, lender, tab, text, form, opens, counts }: InboxProps) {
  const { desk: say, inbox } = words;
  const base = `/desk/${lender.slug}`;
  if (text) return <p class="soft">{say.notFound({ text })}</p>;
  if (isNarrowed(form))
    return (
      <p class="soft">
        {inbox.noneChosen} <a href={`${base}?show=${tab}`}>{inbox.clear}</a>
      </p>
    );
  const onward = (['us', 'all'] as const).find((key) => key !== tab && (counts?.[key] ?? 0) > 0);
  const way = onward ? { to: `?show=${onward}`, name: inbox.tabs[onward] } : opens ? { to: '/new', name: say.open } : null;
  return (
    <div class="card stack tight">
      <p>{inbox.none[tab]}</p>
      {way ? (
        <p class="actions">
          <a class="button" href={`${base}${way.to}`}>
            {way.name}
          </a>
        </p>
      ) : null}
    </div>
  );
}

/** A count as a tab has it: beyond 99 nobody counts. */
const countText = (count: number) => (count > 99 ? '99+' : String(count));

function CaseTable({ view: { words }, cases, people, today, watches, works, inspects, hours }: InboxProps) {
  const { inbox: say } = words;
  const names = new Map(people.map(({ account, name }) => [account, name]));
  return (
    <div class="table-frame">
      <table class="figures stacked inbox">
        <thead>
          <tr>
            <th scope="col">{say.borrower}</th>
            <th scope="col" class="end">
              {say.amount}
            </th>
            <th scope="col">{words.desk.stage}</th>
            <th scope="col">{say.next}</th>
            <th scope="col">{say.due}</th>
            <th scope="col">{say.contact}</th>
            <th scope="col">{words.assignment.title}</th>
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
              hours={hours}
              words={words}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of a row that is not proven, its names alone. */
type RowProps = {
  one: Row;
  name: string | undefined;
  marks: boolean;
  today: string;
  watches: boolean;
  hours: InboxProps['hours'];
  words: Words;
};

function CaseRow({ one, name, marks, today, watches, hours, words }: RowProps) {
  const { inbox: say } = words;
  const ofYear = (text: string) => withoutYear(text, today.slice(0, 4));
  const contact = contactLines(one, hours, words);
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
            <strong>{one.borrower || one.number}</strong> <span class="soft small">{one.borrower ? one.number : null}</span>
            <span class="soft small pieces">
              {[one.reference, one.proven ? one.product : null].filter(Boolean).map((part) => (
                <span class="piece">{part}</span>
              ))}
            </span>
          </a>
        </div>
      </th>
      {one.proven ? (
        <>
          <td data-name={say.amount} class="num end">
            {money(one.amount)}
          </td>
          <td data-name={words.desk.stage}>
            <span>
              <span class={`tag ${one.stage}`}>{words.stage[one.stage]}</span>
              {marksIn(one).map((mark) => (
                <span class="tag late">{say.marks[mark]}</span>
              ))}
              {one.drafted ? <span class="tag">{words.unsent.mark}</span> : null}
            </span>
          </td>
          <td data-name={say.next}>
            <span>
              {nextText(one, watches, words)}
              {one.complaintDue === null || isOfComplaint(one) ? null : (
                <span class="soft small said-line">
                  <Days of={complaintText(one, today, words)} />
                </span>
              )}
            </span>
          </td>
          <td data-name={say.due} class={one.dueOn === null ? 'none' : undefined}>
            {one.dueOn === null ? (
              '—'
            ) : isOfComplaint(one) ? (
              <span class={one.dueOn < today ? 'bad-text' : undefined}>
                <Days of={complaintText(one, today, words)} />
              </span>
            ) : (
              <DueText
                due={one.dueOn}
                title={ofYear(untilText(one, today, words) || dateText(words, one.dueOn))}
                today={today}
                words={words}
              />
            )}
          </td>
          <td data-name={say.contact} class={contact.length === 0 ? 'none' : undefined}>
            {contact.length === 0 ? (
              '—'
            ) : (
              <span>
                {contact.map(({ text, bad }) => (
                  <span class={bad ? 'said-line bad-text' : 'said-line'}>
                    <Days of={ofYear(text)} />
                  </span>
                ))}
              </span>
            )}
          </td>
          <td data-name={words.assignment.title}>
            <span>
              {name ?? words.assignment.nobody}
              <span class="soft small said-line">
                <span class="nowrap">
                  {say.updated} <time datetime={one.lastAt}>{ofYear(dayText(words, one.lastAt))}</time>
                </span>
              </span>
            </span>
          </td>
        </>
      ) : (
        <td colspan={6}>{words.unproven.title}</td>
      )}
    </tr>
  );
}

/** Whether what is due next is the answer to a complaint: its clock says the day and what is left, once. */
const isOfComplaint = ({ complaintDue, dueOn }: Row) => complaintDue !== null && dayIn(complaintDue).date === dueOn;

/** What is to be known before this borrower is written to or called, beyond what holds for all. */
function contactLines({ before, stage }: Row, hours: InboxProps['hours'], words: Words): { text: string; bad: boolean }[] {
  if (!before || stage === 'closed') return [];
  const { before: say } = words;
  const lines: { text: string; bad: boolean }[] = [];
  if (before.from !== null && before.from !== hours.from) lines.push({ text: hoursText(before, words), bad: true });
  if (before.wish && wishes(before)) lines.push(...wishLines(before.wish, words).map((text) => ({ text, bad: false })));
  if (Object.values(before.calls.outcomes).some((count) => count > 0))
    lines.push({ text: say.callsToday({ calls: callsText(before, words) }), bad: isFull(before.calls) });
  if (before.held > 0) lines.push({ text: say.heldShort({ count: before.held }), bad: false });
  return lines;
}

/** What the lender is to do first, or for whom the case waits; and what else waits for the lender. */
function nextText(one: Row, watches: boolean, words: Words): string {
  // Nobody answers who has not come yet.
  const asked = one.need ?? (one.joined || one.stage !== 'negotiating' ? null : 'join');
  const need = asked === null ? undefined : own<string>(words.inbox.needs, asked);
  const first = watches && one.need === 'answer' ? words.case.watch.waits({ side: 'lender' }) : need;
  const rest = waitsText(first === undefined ? one : { ...one, awaited: null }, 'lender', words, watches);
  return [first, rest].filter(Boolean).join(words.semicolon) || '—';
}

function DueText({ due, title, today, words }: { due: string; title: string; today: string; words: Words }) {
  const days = daysBetween(today, due);
  const { inbox: say } = words;
  return (
    <span>
      <strong class={days < 0 ? 'bad-text' : undefined}>
        {days < 0 ? say.daysOver({ days: -days }) : days === 0 ? say.today : say.daysLeft({ days })}
      </strong>{' '}
      <span class="soft small said-line">
        <Days of={title} />
      </span>
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
    <form method="get" action={`${base}/many`} id={MANY} class="marked-acts" aria-label={say.act}>
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
function Choosing(props: InboxProps) {
  const { view, lender, form, naming, tab, chosen, views, people } = props;
  const { words } = view;
  const { inbox: say } = words;
  const base = `/desk/${lender.slug}`;
  const names = new Map(people.map(({ account, name }) => [account, name]));
  // Whose cases are chosen stays chosen, where none is theirs any more.
  const typed = typedIn(form, 'assignee');
  if (typed !== '' && typed !== NOBODYS && !names.has(typed)) names.set(typed, words.assignment.gone);
  const narrowed = isNarrowed(form);
  const current = views.find(({ query }) => query === chosen);
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
      <div class="choices-row">
        <Chips {...props} names={names} />
        <details class="choose" open={Object.keys({ ...form.errors, ...naming.errors }).length > 0}>
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
            <SelectField
              form={form}
              words={words}
              name="held"
              label={words.before.waiting}
              options={['1'] as const}
              text={() => words.before.heldOnly}
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
          <ViewForm {...{ view, base, naming, chosen, current }} />
        </details>
      </div>
    </>
  );
}

/** Where a choice is given a name; a choice that has one, another name, or none any more. */
function ViewForm({
  view: { words },
  base,
  naming,
  chosen,
  current,
}: Pick<InboxProps, 'view' | 'naming' | 'chosen'> & { base: string; current: { name: string } | undefined }) {
  const { inbox: say } = words;
  const form = current && naming.values.size === 0 ? { ...naming, values: new Map([['name', [current.name]]]) } : naming;
  return (
    <form method="post" action={`${base}/views`} id={TYPED}>
      <ErrorSummary form={form} words={words} />
      <input type="hidden" name="query" value={chosen} />
      {current ? <input type="hidden" name="was" value={current.name} /> : null}
      <TextField form={form} words={words} name="name" label={say.viewName} hint={current ? say.viewHintNamed : say.viewHint} narrow />
      <p class="actions">
        {current ? (
          <>
            <button type="submit" name="do" value="rename">
              {say.renameView}
            </button>
            <button type="submit" name="do" value="drop" class="quiet">
              {say.dropView}
            </button>
          </>
        ) : (
          <button type="submit" name="do" value="keep">
            {say.keepView}
          </button>
        )}
      </p>
    </form>
  );
}

/** Whether anything but tab and order is chosen. */
const isNarrowed = ({ values }: Filled) => [...values].some(([name, [value = '']]) => value !== '' && name !== 'show' && name !== 'order');

/** What is chosen, each with the way to choose it no more. */
function Chips({ view: { words }, lender, form, chosen, names }: InboxProps & { names: ReadonlyMap<string, string> }) {
  const { inbox: say } = words;
  const said: Readonly<Record<string, (value: string) => [name: string, value: string | undefined]>> = {
    assignee: (value) => [words.assignment.title, value === NOBODYS ? words.assignment.nobody : names.get(value)],
    stage: (value) => [words.desk.stage, own<string>(words.stage, value)],
    cause: (value) => [say.cause, own<string>(words.cause, value)],
    mark: (value) => [say.mark, own<string>(say.marks, value)],
    least: (value) => [say.least, value],
    most: (value) => [say.most, value],
    opened: (value) => [say.openedFrom, value],
    until: (value) => [say.openedUntil, value],
    age: (value) => [say.age, AGES.some((age) => age === value) ? say.ageAtLeast({ days: value }) : undefined],
    held: (value) => [words.before.waiting, value === '1' ? words.before.heldOnly : undefined],
  };
  const chips = Object.entries(said).flatMap(([key, tell]) => {
    const typed = typedIn(form, key);
    if (typed === '' || own(form.errors, key) !== undefined) return [];
    const [name, value] = tell(typed);
    const without = new URLSearchParams(chosen);
    without.delete(key);
    return value === undefined ? [] : [{ text: `${name}${words.colon}${value}`, without }];
  });
  return chips.length === 0 ? null : (
    <ul class="chips" aria-label={say.choose}>
      {chips.map(({ text, without }) => (
        <li>
          <a href={`/desk/${lender.slug}?${without}`}>
            <span class="visually-hidden">{say.chooseNoMore} </span>
            {text} <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
    </ul>
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
    ['reports', words.reports.link, inspects],
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
