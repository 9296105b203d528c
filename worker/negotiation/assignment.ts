import * as z from 'zod';
import { type Context, cannotKeep, comesTo, command, hold } from './command.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { tasksTo } from './errand.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import { type Employed, may, works } from './seats.ts';
import { Line, MAX_TEAM, RecordedName } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * Who of the lender's people sees to a case: the lender's own matter, kept in its private stream. Lists find it by a column of the case's row, and of news of
 * the case those are told who see to it (`toldOf`).
 */

/** Changes that a stream can hold: several a week for years. */
const MOST = 2_000;

/** The account and name of who sees to a case, as they were called then; and the team whose it is. Null where it is nobody's. */
export type Assignment = { readonly to: string | null; readonly name: string | null; readonly team: string | null };
export type Assigned = { assignment: Assignment; assignments: number };

const NOBODY: Assignment = { to: null, name: null, team: null };

const entries = {
  'case.assigned': entry({
    content: z.object({
      to: z.string().min(1).max(64).nullable(),
      name: RecordedName.nullable(),
      team: z.string().min(1).max(MAX_TEAM).nullable(),
    }),
    told: 'whom it names',
    personal: false,
    evolve: (own, { content: { to, name, team } }) => ({ ...own, assignment: { to, name, team }, assignments: own.assignments + 1 }),
  }),
};

declare module './entry.ts' {
  interface Own extends Assigned {}
  interface OwnKinds extends ContentsOf<typeof entries> {}
}

/** What a form says instead of somebody's account: nobody, or a team by its name. */
export const TO_NOBODY = 'nobody';
export const TO_TEAM = 'team:';

/**
 * To somebody by their account, to nobody (then it is its team's), or to a team. Whoever works on cases takes what is nobody's, and hands on what is theirs; what is
 * a colleague's, or another team's, is for those who may `reassign`. Also once the case is over: somebody answers for it then, too. Tasks in it of people who have left
 * go along.
 */
const assign = command({
  name: 'case.assign',
  input: z.object({ to: Line(TO_TEAM.length + MAX_TEAM) }),
  needs: 'assign',
  doors: ['form', 'api'],
  page: 'assignment',
  proof: false,
  ofColleagues: true,
  when(kase, context) {
    const assignments = context.own?.assignments ?? 0;
    return cannotKeep(kase, context) ?? (assignments < MOST ? null : refuse('case.full', { max: MOST }));
  },
  decide(_kase, { to }, context) {
    const { own, seat, at } = context;
    if (!own) return refuse('own.unproven');
    const before = own.assignment;
    const next = assignmentTo(to, before, context);
    if ('refused' in next) return next;
    if (next.to === before.to && next.team === before.team) return hold();
    const isTheirs = before.to === seat.account || (next.to === seat.account && isFree(before, context));
    if (!isTheirs && !may(seat, 'reassign', at)) return refuse('assignment.not-yours', { field: 'to' });
    return hold({ kind: 'case.assigned', content: next }, ...tasksTo(next, context));
  },
  gives: 'nothing',
});

/** Whether a case is nobody's, or of somebody who has left or works on cases no more; and of no team, or of the team of who asks. */
function isFree({ to, team }: Assignment, { seat, colleagues }: Context): boolean {
  const holder = to === null ? undefined : colleagues?.get(to);
  const isHeld = holder !== undefined && works(holder.capacity);
  return !isHeld && (team === null || team === colleagues?.get(seat.account)?.team);
}

/** To whom of a lender's people cases can go: who works on cases, and the teams in which somebody does. */
export function takersOf(colleagues: ReadonlyMap<string, Employed>): { people: Employed[]; teams: string[] } {
  const people = [...colleagues.values()].filter(({ capacity }) => works(capacity));
  return { people, teams: [...new Set(people.flatMap(({ team }) => team ?? []))] };
}

function assignmentTo(to: string, before: Assignment, { colleagues = new Map() }: Context): Assignment | Refused {
  if (to === TO_NOBODY) return { ...NOBODY, team: before.team };
  if (to.startsWith(TO_TEAM)) {
    const team = to.slice(TO_TEAM.length);
    return takersOf(colleagues).teams.includes(team) ? { ...NOBODY, team } : refuse('assignment.unknown', { field: 'to' });
  }
  const found = colleagues.get(to);
  if (!found || !works(found.capacity)) return refuse('assignment.unknown', { field: 'to' });
  return { to, name: found.name, team: found.team ?? before.team };
}

/**
 * Who of a lender's people is told of news of a case: whoever it is assigned to; while it is nobody's, or of somebody who has left, its team; and everybody
 * where it is of no team, or of one of which nobody is left, so that nothing goes unread.
 */
export function toldOf<Person extends { account: string; team: string | null }>(
  { to, team }: Pick<Assignment, 'to' | 'team'>,
  people: readonly Person[],
): readonly Person[] {
  const own = people.filter(({ account }) => account === to);
  if (own.length > 0) return own;
  const teams = people.filter((one) => team !== null && one.team === team);
  return teams.length > 0 ? teams : people;
}

/** What a form can say that would change who sees to a case, of all that there is: people first, then teams, then nobody. */
export function choices(kase: Case, context: Context): { people: Employed[]; teams: string[]; nobody: boolean } {
  const { people, teams } = takersOf(context.colleagues ?? new Map());
  const can = (to: string) => {
    const decision = assign.decide(kase, { to }, context);
    return !isRefused(decision) && comesTo(decision).held.length > 0;
  };
  return {
    people: people.filter(({ account }) => can(account)),
    teams: teams.filter((team) => can(TO_TEAM + team)),
    nobody: can(TO_NOBODY),
  };
}

export const commands = { assign };

export const assignment = topic({
  empty: {},
  entries: {},
  own: { empty: { assignment: NOBODY, assignments: 0 }, entries },
  commands,
  due: nothingDue,
  awaits: nobody,
});
