import type { InboxProps } from '../../web/pages/inbox.tsx';
import { BLANK, type Filled, filled } from '../../web/parts/view.ts';
import type { Words } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { contacting } from '../negotiation/contacting.ts';
import { STAGES } from '../negotiation/entry.ts';
import { MARKS } from '../negotiation/marks.ts';
import { CAUSES } from '../negotiation/means.ts';
import { may } from '../negotiation/seats.ts';
import { parseAmount } from '../plan/amount.ts';
import { addDays, isDate } from '../plan/calendar.ts';
import { MAX_AMOUNT } from '../plan/format.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf, instantOf } from '../plan/law/zone.ts';
import { type Asked, type InboxKey, ORDERS, TAB_NAMES, valueIn } from '../store/inbox.ts';
import { type DeskAdmission, openDesk } from '../store/open.ts';
import type { C } from './portal.ts';

/** The desk's list as an address asks for it: tab, order, filters, a text, from which row on. */

/** Days for which a case has been open at least. */
const AGES = ['30', '60', '90', '180'] as const;

/** What of an address chooses cases: it is kept from page to page, and under a name. */
const CHOOSING = ['show', 'order', 'assignee', 'stage', 'cause', 'mark', 'least', 'most', 'opened', 'until', 'age', 'held'] as const;
const MOST_TYPED = 40;
const MOST_LIST = 1_000;

const among = <Value extends string>(values: readonly Value[], typed: string | undefined): Value | undefined =>
  values.find((value) => value === typed);

/** What an address says, field by field, shortened to what any field takes. */
export function choosing(query: (name: string) => string | undefined): Record<(typeof CHOOSING)[number], string> {
  const said = (name: string) => (query(name) ?? '').trim().slice(0, MOST_TYPED);
  return {
    show: said('show'),
    order: said('order'),
    assignee: said('assignee'),
    stage: said('stage'),
    cause: said('cause'),
    mark: said('mark'),
    least: said('least'),
    most: said('most'),
    opened: said('opened'),
    until: said('until'),
    age: said('age'),
    held: said('held'),
  };
}

/** What is chosen, as an address; what is not said is left out. */
export function addressOf(chosen: Record<string, string>): string {
  return new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== '')).toString();
}

/** The cases that are chosen; what cannot be read chooses nothing, and is named beside its field. */
function readChoice(
  chosen: ReturnType<typeof choosing>,
  { today, account, words }: { today: string; account: string; words: Words },
): { asked: Asked; errors: Filled['errors'] } {
  const errors: Record<string, string> = {};
  const amount = (name: 'least' | 'most') => {
    if (chosen[name] === '') return undefined;
    const fen = parseAmount(chosen[name]);
    if (fen === null || fen > MAX_AMOUNT) errors[name] = words.inbox.amountBad;
    return fen ?? undefined;
  };
  const day = (name: 'opened' | 'until', plus: number) => {
    if (chosen[name] === '') return undefined;
    if (isDate(chosen[name])) return startOf(addDays(chosen[name], plus));
    errors[name] = words.inbox.dayBad;
    return undefined;
  };
  const until = day('until', 1);
  const age = among(AGES, chosen.age);
  const old = age === undefined ? undefined : startOf(addDays(today, 1 - Number(age)));
  const asked: Asked = {
    tab: among(TAB_NAMES, chosen.show) ?? 'us',
    order: among(ORDERS, chosen.order) ?? 'due',
    today,
    account,
    assignee: chosen.assignee === '' ? undefined : chosen.assignee === 'nobody' ? '' : chosen.assignee,
    stage: among(STAGES, chosen.stage),
    cause: among(CAUSES, chosen.cause),
    mark: among(MARKS, chosen.mark),
    least: amount('least'),
    most: amount('most'),
    openedFrom: day('opened', 0),
    held: chosen.held === '1',
    openedUntil: until && old ? (until < old ? until : old) : (until ?? old),
  };
  return { asked, errors };
}

const startOf = (day: string) => instantOf(`${day}T00:00`, HOME.zone);

/** A choice of cases as an address keeps it (`list`), with the place in it of the case that was opened from there: cut to what is known of either. */
export function listOf(typed: string): string {
  const said = new URLSearchParams(typed.slice(0, MOST_LIST));
  return addressOf({ ...choosing((name) => said.get(name) ?? undefined), key: (said.get('key') ?? '').slice(0, MOST_TYPED) });
}

/** What such an address asks for, and the place in it of a case. */
export function placeIn(list: string, id: string, by: { account: string; words: Words }) {
  const said = new URLSearchParams(list);
  const chosen = choosing((name) => said.get(name) ?? undefined);
  const { asked } = readChoice(chosen, { ...by, today: dayOf(instant(), HOME.zone) });
  return { chosen, asked, from: inboxKey(`${said.get('key') ?? ''} ${id}`, asked.order) };
}

/** The cases that such an address chooses. */
export const chosenIn = (list: string, by: { account: string; words: Words }): Asked => placeIn(list, '', by).asked;

/** From which row on, as an address asks: its value in the order, and its case. */
function inboxKey(from: string | undefined, order: Asked['order'] | 'found'): InboxKey | undefined {
  const [value, id] = (from ?? '').split(' ');
  if (!value || !id || !/^[0-9a-f]{1,64}$/.test(id)) return undefined;
  if (order !== 'amount') return { value: value.slice(0, MOST_TYPED), case: id };
  return /^\d{1,15}$/.test(value) ? { value: Number(value), case: id } : undefined;
}

/** What the page of the list shows; `typed` where a name for a choice was refused. One round trip to the casebook. */
export async function inboxOf(
  c: C,
  admission: DeskAdmission,
  typed: { query?: URLSearchParams; naming?: Filled } = {},
): Promise<InboxProps> {
  const { view } = c.var;
  const query = (name: string) => (typed.query ? typed.query.get(name) : c.req.query(name)) ?? undefined;
  const { lender, seat } = admission;
  const book = openDesk(c.var.env, admission);
  const now = instant();
  const today = dayOf(now, HOME.zone);
  const text = (query('text') ?? '').trim();
  const chosen = choosing(query);
  const { asked, errors } = readChoice(chosen, { today, account: seat.account, words: view.words });
  const from = inboxKey(query('from'), text ? 'found' : asked.order);
  const list = text
    ? { ...(await book.search(text, seat.account, from)), counts: null, held: 0, views: [], people: [], errands: 0 }
    : await book.inbox(asked, from);
  const undelivered = may(seat, 'administer', now) ? await c.var.directory.countDeadMail(lender.id) : 0;
  // What holds for all: of a borrower who wishes otherwise their row says so.
  const hours = contacting({ calls: {}, wish: null }, { at: now, today, policy: list.policy });
  const onward = list.next && { ...(text ? { text } : chosen), from: `${list.next.value} ${list.next.case}` };
  return {
    ...{ view, today, lender, text, undelivered, hours, held: list.held, errands: list.errands },
    ...{ tab: asked.tab, order: asked.order, counts: list.counts, views: list.views, people: list.people },
    cases: list.cases.map((one) => ({ ...one, list: text ? '' : addressOf({ ...chosen, key: String(valueIn(asked.order, one)) }) })),
    form: { ...filled({ ...chosen, order: asked.order }), errors },
    naming: typed.naming ?? BLANK,
    chosen: addressOf(chosen),
    next: onward ? `?${addressOf(onward)}` : null,
    opens: may(seat, 'invite', now),
    inspects: may(seat, 'inspect', now),
    works: may(seat, 'assign', now),
    watches: !may(seat, 'speak', now),
  };
}
