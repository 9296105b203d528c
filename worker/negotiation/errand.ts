import * as z from 'zod';
import { addDays } from '../plan/calendar.ts';
import { IsoDate } from '../plan/terms.ts';
import { type Context, cannotKeep, command, hold } from './command.ts';
import type { Case, Own } from './entry.ts';
import { type ContentsOf, entry, type OwnDecided } from './entry.ts';
import { MAX_NOTE, roomForNote } from './note.ts';
import { type Refused, refuse } from './refusal.ts';
import { type Employed, may, works } from './seats.ts';
import { RecordedName, Seq, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * What the lender's people ask of each other in a case: that a colleague reads a note, or does something by a day. It is the lender's own matter, in its private
 * stream. Who has left does nothing any more: what waited for them is named as nobody's, until it is given to somebody; their tasks go with the case.
 */

/** Things that wait in one case, and that are kept once they are done. */
export const MOST_OPEN = 100;
const MOST_DONE = 50;
/** Colleagues who are mentioned at once, and days ahead for which a task is set. */
const MOST_MENTIONED = 10;
const FARTHEST = 366;
export const MAX_TASK = 500;

/** A mention (of the note of that number) or a task (`on` is its day), by the number of its entry; `to` and `name` are whose it is. */
export type Errand = {
  readonly no: number;
  readonly to: string;
  readonly name: string;
  readonly by: string;
  readonly at: string;
  readonly done: boolean;
} & (
  | { readonly kind: 'mention'; readonly on: null; readonly note: number }
  | { readonly kind: 'task'; readonly on: string; readonly what: string }
);

export type Errands = { readonly errands: readonly Errand[] };

const Account = z.string().min(1).max(64);

const entries = {
  /** Somebody is to read a note of this stream. */
  'note.mentioned': entry({
    content: z.object({ note: z.int(), to: Account, name: RecordedName }),
    told: 'whom it names',
    personal: false,
    evolve: (own, { seq: no, at, author, content }) =>
      kept(own, { no, at, by: author.name, done: false, kind: 'mention', on: null, ...content }),
  }),
  'note.seen': entry({
    content: z.object({ mention: z.int() }),
    told: 'own side',
    personal: false,
    evolve: (own, { content: { mention } }) => changed(own, mention, { done: true }),
  }),
  'task.set': entry({
    content: z.object({ what: z.string(), on: z.iso.date(), to: Account, name: RecordedName }),
    told: 'whom it names',
    personal: true,
    evolve: (own, { seq: no, at, author, content }) => kept(own, { no, at, by: author.name, done: false, kind: 'task', ...content }),
  }),
  'task.given': entry({
    content: z.object({ task: z.int(), to: Account, name: RecordedName }),
    told: 'whom it names',
    personal: false,
    evolve: (own, { content: { task, to, name } }) => changed(own, task, { to, name }),
  }),
  'task.done': entry({
    content: z.object({ task: z.int() }),
    told: 'own side',
    personal: false,
    evolve: (own, { content: { task } }) => changed(own, task, { done: true }),
  }),
  'task.reopened': entry({
    content: z.object({ task: z.int() }),
    told: 'own side',
    personal: false,
    evolve: (own, { content: { task } }) => changed(own, task, { done: false }),
  }),
};

declare module './entry.ts' {
  interface Own extends Errands {}
  interface OwnKinds extends ContentsOf<typeof entries> {}
}

/** Of what is done the newest are kept, so that it can be opened again; a mention that was seen is not. */
function kept(own: Own, ...added: Errand[]): Own {
  const all = [...own.errands, ...added].filter((one) => one.kind === 'task' || !one.done);
  const done = all.filter((one) => one.done);
  const dropped = new Set(done.slice(0, Math.max(0, done.length - MOST_DONE)));
  return { ...own, errands: all.filter((one) => !dropped.has(one)) };
}

const changed = (own: Own, no: number, to: Partial<Pick<Errand, 'done' | 'to' | 'name'>>): Own =>
  kept({ ...own, errands: own.errands.map((one) => (one.no === no ? { ...one, ...to } : one)) });

/** What waits, the soonest first; what has no day before all. */
export const waitingErrands = ({ errands }: Errands): Errand[] =>
  errands.filter((one) => !one.done).sort((a, b) => ((a.on ?? '') < (b.on ?? '') ? -1 : (a.on ?? '') > (b.on ?? '') ? 1 : a.no - b.no));

/** How the day of a task lies to today. */
export const lateness = (on: string, today: string): 'overdue' | 'today' | 'later' =>
  on < today ? 'overdue' : on === today ? 'today' : 'later';

/** The lender's people alone ask each other, in a case of which something is left. */
const among = (kase: Case, context: Context): Refused | null =>
  context.seat.side === 'lender' ? cannotKeep(kase, context) : refuse('seat.may-not');

function roomFor(kase: Case, context: Context): Refused | null {
  const waiting = context.own?.errands.filter(({ done }) => !done).length ?? 0;
  return among(kase, context) ?? (waiting < MOST_OPEN ? null : refuse('errand.full', { max: MOST_OPEN }));
}

/** A colleague by their account, who works on cases now. */
const colleague = (to: string, { colleagues }: Context): Employed | null => {
  const found = colleagues?.get(to);
  return found && works(found.capacity) ? found : null;
};

/** A note with the colleagues who are to read it: each is told that there is one. */
const mention = command({
  name: 'note.mention',
  input: z.object({ what: Text(MAX_NOTE), to: z.array(Account).min(1).max(MOST_MENTIONED) }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'errands',
  proof: false,
  ofColleagues: true,
  when: (kase, context) => roomFor(kase, context) ?? roomForNote(kase, context),
  decide(_kase, { what, to }, context) {
    const { own } = context;
    if (!own) return refuse('own.unproven');
    const note = own.seq + 1;
    const mentioned: OwnDecided[] = [];
    for (const account of new Set(to)) {
      const found = colleague(account, context);
      if (!found) return refuse('assignment.unknown', { field: 'to' });
      mentioned.push({ kind: 'note.mentioned', content: { note, to: account, name: found.name } });
    }
    return hold({ kind: 'note.written', content: { words: what } }, ...mentioned);
  },
  gives: 'nothing',
});

/** Whoever is mentioned says that they have read it; of somebody who has left, those who give cases away. */
const see = command({
  name: 'note.see',
  input: z.object({ mention: Seq }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'errands',
  proof: false,
  when: among,
  decide(_kase, { mention: no }, { own, seat, at }) {
    const found = own?.errands.find((one) => one.no === no && one.kind === 'mention');
    if (!found) return refuse('errand.none');
    if (found.to !== seat.account && !may(seat, 'reassign', at)) return refuse('errand.not-yours');
    return hold({ kind: 'note.seen', content: { mention: no } });
  },
  gives: 'nothing',
});

const set = command({
  name: 'task.set',
  input: z.object({ what: Text(MAX_TASK), on: IsoDate, to: Account }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'errands',
  proof: false,
  ofColleagues: true,
  when: roomFor,
  decide(_kase, { what, on, to }, context) {
    const { today } = context;
    if (on < today) return refuse('errand.past', { field: 'on', today });
    if (on > addDays(today, FARTHEST)) return refuse('errand.far', { field: 'on', max: FARTHEST });
    const found = colleague(to, context);
    if (!found) return refuse('assignment.unknown', { field: 'to' });
    return hold({ kind: 'task.set', content: { what, on, to, name: found.name } });
  },
  gives: 'nothing',
});

const give = command({
  name: 'task.give',
  input: z.object({ task: Seq, to: Account }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'errands',
  proof: false,
  ofColleagues: true,
  when: among,
  decide(_kase, { task, to }, context) {
    const before = taskOf(task, context);
    if (!before) return refuse('errand.none');
    const found = colleague(to, context);
    if (!found) return refuse('assignment.unknown', { field: 'to' });
    return before.to === to ? hold() : hold({ kind: 'task.given', content: { task, to, name: found.name } });
  },
  gives: 'nothing',
});

/** Whoever works on the case says that it is done, or not done after all: the record has who did. */
const finish = command({
  name: 'task.finish',
  input: z.object({ task: Seq }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'errands',
  proof: false,
  when: among,
  decide(_kase, { task }, context) {
    const found = taskOf(task, context);
    if (!found) return refuse('errand.none');
    return found.done ? hold() : hold({ kind: 'task.done', content: { task } });
  },
  gives: 'nothing',
});

const reopen = command({
  name: 'task.reopen',
  input: z.object({ task: Seq }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'errands',
  proof: false,
  when: roomFor,
  decide(_kase, { task }, context) {
    const found = taskOf(task, context);
    if (!found) return refuse('errand.none');
    return found.done ? hold({ kind: 'task.reopened', content: { task } }) : hold();
  },
  gives: 'nothing',
});

/** With a case go the tasks in it that wait for people who work on cases no more. */
export function tasksTo({ to, name }: { to: string | null; name: string | null }, context: Context): OwnDecided[] {
  if (to === null || name === null || !context.own) return [];
  return waitingErrands(context.own).flatMap((one): OwnDecided[] =>
    one.kind === 'task' && !colleague(one.to, context) ? [{ kind: 'task.given', content: { task: one.no, to, name } }] : [],
  );
}

const taskOf = (no: number, { own }: Context) => own?.errands.find((one) => one.no === no && one.kind === 'task');

export const commands = { mention, see, set, give, finish, reopen };

export const errand = topic({
  empty: {},
  entries: {},
  own: { empty: { errands: [] }, entries },
  commands,
  due: nothingDue,
  awaits: nobody,
});
