import * as z from 'zod';
import { addDays } from '../plan/calendar.ts';
import { lawOf } from '../plan/law/index.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, instantOf, localTime } from '../plan/law/zone.ts';
import { type Context, command, type Decision, hold } from './command.ts';
import { type Case, type ContentsOf, type Decided, entry, type Own } from './entry.ts';
import { mediating } from './mediated.ts';
import { contactHoursOn, type Policy, type WishedHours } from './policy.ts';
import { isRefused, refuse } from './refusal.ts';
import { CAPACITIES, type Colleague } from './seats.ts';
import { notClosed } from './stage.ts';
import { Seq, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * How a lender reaches the borrower: what the borrower wishes, and the hours. What staff write outside of them waits in the lender's private stream; once they come it is
 * decided anew, in its author's name (`held.ts`). Acts of the negotiation (an offer, an answer to it, figures) stand at once: of them only the notice waits.
 */

/** At what hours: as law and policy say, within hours of one's own, or at all. */
export const WHEN = ['usual', 'hours', 'any'] as const;

/** What can be asked of a lender beside its hours: to write and not to call; not to reach somebody at the place of their work. */
export const ASKS = ['writing', 'not-at-work'] as const;

const Wished = z.union([z.object({ from: z.int(), until: z.int() }), z.literal('any')]).nullable();

/** What a borrower wishes. `hours` are minutes of the day, [from, until); `any` is their consent to be reached at all hours; null the hours of law and policy. */
const Wish = z.object({
  asks: z.array(z.enum(ASKS)),
  hours: Wished,
  words: z.string().optional(),
});

/** `wish` is the newest, with the number of its entry. */
export type Conduct = { wish: (Omit<z.infer<typeof Wish>, 'words'> & { seq: number }) | null };

/** What waits for the hours: a command of its author's, with its input, from `until` on; and the mediation that went on when it was written. */
export type HeldContact = {
  seq: number;
  at: string;
  by: Colleague;
  command: HeldCommand;
  input: z.infer<typeof Input>;
  until: string;
  mediation?: number | undefined;
};

/** `sends` is when the first of them may go, by which the schedule finds it; null where none waits. */
export type HeldContacts = { waiting: HeldContact[]; sends: string | null };

/** What is contact and nothing else. */
export const HELD_COMMANDS = ['talk.message', 'talk.issueLetter'] as const;
export type HeldCommand = (typeof HELD_COMMANDS)[number];

/** What waits at once in one case. */
const MOST_WAITING = 50;

const Input = z.record(z.string(), z.json());

const entries = {
  'contact.wished': entry({
    content: Wish,
    told: 'others',
    personal: true,
    evolve: (kase, { seq, content: { asks, hours } }) => ({ ...kase, wish: { seq, asks, hours } }),
  }),
};

const ownEntries = {
  'contact.held': entry({
    content: z.object({ command: z.enum(HELD_COMMANDS), input: Input, until: z.string(), mediation: z.int().optional() }),
    told: 'own side',
    personal: true,
    evolve: (own, { seq, at, author: { capacity, name, account }, content }) =>
      waits(own, [
        ...own.waiting,
        { seq, at, by: { capacity: CAPACITIES.find((one) => one === capacity) ?? 'agent', name, account: account ?? '' }, ...content },
      ]),
  }),
  'contact.taken-back': entry({
    content: z.object({ held: z.int() }),
    told: 'own side',
    personal: false,
    evolve: (own, { content: { held } }) => without(own, held),
  }),
  'contact.sent': entry({
    content: z.object({ held: z.int() }),
    told: 'own side',
    personal: false,
    evolve: (own, { content: { held } }) => without(own, held),
  }),
  /** It was not sent when the hours came: its author (`to`) works for the lender no more, or it could not be done any more. */
  'contact.dropped': entry({
    content: z.object({ held: z.int(), to: z.string(), why: z.enum(['author-gone', 'refused']) }),
    told: 'whom it names',
    personal: false,
    evolve: (own, { content: { held } }) => without(own, held),
  }),
};

declare module './entry.ts' {
  interface Case extends Conduct {}
  interface Kinds extends ContentsOf<typeof entries> {}
  interface Own extends HeldContacts {}
  interface OwnKinds extends ContentsOf<typeof ownEntries> {}
}

const without = (own: Own, seq: number): Own =>
  waits(
    own,
    own.waiting.filter((one) => one.seq !== seq),
  );

function waits(own: Own, waiting: HeldContact[]): Own {
  return { ...own, waiting, sends: waiting.map(({ until }) => until).sort()[0] ?? null };
}

type Bounds = Pick<Policy, 'jurisdiction' | 'contactHours'>;

/**
 * The first instant from `at` on at which a lender may reach the borrower: by the law, its own policy and what the borrower wishes. `at` itself where it may now, or where
 * nothing sets any hours.
 */
export function reachableFrom(at: string, policy: Bounds, wished: WishedHours): string {
  const law = lawOf(policy);
  const { zone } = law.place;
  const [day, time] = [dayOf(at, zone), localTime(at, zone).slice(11)];
  const hours = contactHoursOn(policy, law, day, wished);
  if (!hours) return at;
  if (time < clock(hours.from)) return opening(day, hours.from, zone);
  if (time < clock(hours.until)) return at;
  const next = addDays(day, 1);
  return opening(next, contactHoursOn(policy, law, next, wished)?.from ?? hours.from, zone);
}

/** Until when a lender that may reach the borrower at `at` may on that day; null where it may not, or where nothing sets any hours. */
export function reachableUntil(at: string, policy: Bounds, wished: WishedHours): string | null {
  const law = lawOf(policy);
  const { zone } = law.place;
  const day = dayOf(at, zone);
  const hours = contactHoursOn(policy, law, day, wished);
  if (!hours || reachableFrom(at, policy, wished) !== at) return null;
  return hours.until >= 24 * 60 ? opening(addDays(day, 1), 0, zone) : opening(day, hours.until, zone);
}

const opening = (day: string, minutes: number, zone: Zone) => instantOf(`${day}T${clock(minutes)}`, zone);

/** Minutes of the day as a clock shows them; the end of a day is 24:00. */
export const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** Hours that a borrower wishes for, as a case's snapshot has them in JSON; none, where it says nothing that can be read. */
export function readWished(text: string | null): WishedHours {
  try {
    return Wished.parse(JSON.parse(text ?? 'null'));
  } catch {
    return null;
  }
}

/** When what a seat writes now is read by the other side; null for at once. */
export function waitsUntil(kase: Pick<Case, 'wish'>, { seat, at, policy }: Pick<Context, 'seat' | 'at' | 'policy'>): string | null {
  if (seat.side !== 'lender') return null;
  const from = reachableFrom(at, policy, kase.wish?.hours ?? null);
  return from === at ? null : from;
}

/** What is said by a command that is contact; held by the hours where it may not be said now. */
export function inHours(kase: Case, name: HeldCommand, input: z.infer<typeof Input>, said: Decided[], context: Context): Decision {
  const until = waitsUntil(kase, context);
  if (until === null) return said;
  if (!context.own) return refuse('own.unproven');
  if (context.own.waiting.length >= MOST_WAITING) return refuse('case.full', { max: MOST_WAITING });
  const mediation = mediating(kase, context.at)?.seq;
  return hold({ kind: 'contact.held', content: { command: name, input, until, ...(mediation === undefined ? {} : { mediation }) } });
}

/** Whole hours of the day. */
const Hour = z.int().min(0).max(24);

const wish = command({
  name: 'contact.wish',
  input: z.object({
    asks: z.array(z.enum(ASKS)).max(ASKS.length).default([]),
    when: z.enum(WHEN),
    from: Hour.optional(),
    until: Hour.optional(),
    words: Text(500).optional(),
  }),
  needs: 'summon',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: notClosed,
  decide(_kase, { asks, when, from, until, words }, { policy, today, seat }) {
    // To be reached at all hours is for the borrower alone to consent to.
    if (when === 'any' && seat.capacity !== 'borrower') return refuse('contact.consent-own', { field: 'when' });
    const hours = when === 'hours' ? hoursFrom(from, until, policy, today) : when === 'any' ? 'any' : null;
    if (hours !== null && typeof hours === 'object' && isRefused(hours)) return hours;
    return [{ kind: 'contact.wished', content: { asks: [...new Set(asks)], hours, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

/** Hours as they were typed, in minutes; or why they leave nothing of those in which the lender may reach anybody at all. */
function hoursFrom(from: number | undefined, until: number | undefined, policy: Policy, today: string) {
  if (from === undefined || until === undefined || from >= until)
    return refuse('contact.hours-needed', { field: from === undefined ? 'from' : 'until' });
  const asked = { from: from * 60, until: until * 60 };
  const open = contactHoursOn(policy, lawOf(policy), today, null);
  if (!open || Math.max(open.from, asked.from) < Math.min(open.until, asked.until)) return asked;
  return refuse('contact.hours-outside', { field: 'from', open: clock(open.from), close: clock(open.until) });
}

/** Takes back what one wrote oneself and what waits. */
const takeBack = command({
  name: 'contact.takeBack',
  input: z.object({ held: Seq }),
  needs: 'ask',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when(_kase, { own, seat }) {
    if (!own) return refuse('own.unproven');
    return own.waiting.some(({ by }) => by.account === seat.account) ? null : refuse('contact.none');
  },
  decide(_kase, { held }, { own, seat }) {
    const mine = own?.waiting.some(({ seq, by }) => seq === held && by.account === seat.account);
    return mine ? hold({ kind: 'contact.taken-back', content: { held } }) : refuse('contact.none', { field: 'held' });
  },
  gives: 'nothing',
});

export const commands = { wish, takeBack };

export const conduct = topic({
  empty: { wish: null },
  entries,
  own: { empty: { waiting: [], sends: null }, entries: ownEntries },
  commands,
  due: nothingDue,
  awaits: nobody,
});
