import { Hono } from 'hono';
import { type Given, ManyPage, type Reported, ReportPage, type Waiting } from '../../web/pages/many.tsx';
import { AS_IT_IS, type Filled, filled } from '../../web/parts/view.ts';
import { faultsText, refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { announceNow } from '../execute/announce.ts';
import { execute, type Outcome } from '../execute/execute.ts';
import { follow } from '../execute/follow.ts';
import { handOver, type ToGive } from '../execute/hand-over.ts';
import { commands as assignment, TO_NOBODY, TO_TEAM, takersOf } from '../negotiation/assignment.ts';
import type { Command } from '../negotiation/command.ts';
import { commands as conduct } from '../negotiation/conduct.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { notReminded } from '../negotiation/remind.ts';
import { heard, type Marked as RoughText, saidIn } from '../negotiation/said.ts';
import { may } from '../negotiation/seats.ts';
import { commands as talk } from '../negotiation/talk.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { admitFromDesk } from '../store/admission.ts';
import { type DeskAdmission, openCaseFile, openDesk } from '../store/open.ts';
import { value } from './arrival.ts';
import { desk } from './desk.ts';
import { instruments, requestIdOf } from './give.ts';
import { type C, formOf, notFound, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, type Said } from './returned.ts';

/** What is done at once in the cases that are marked in the desk's list: each by the command that does it in one, with its own refusals, told row by row. */

export const manyActRoutes = new Hono<Portal>();

const PATH = '/desk/:lender/many';

/** Cases that are marked at most. */
const MOST = 50;

const ACTS = ['assign', 'remind'] as const;
type Act = (typeof ACTS)[number];
const actIn = (typed: string | undefined): Act | undefined => ACTS.find((act) => act === typed);

/** Who works on cases acts in them. */
function working(c: C): DeskAdmission {
  const admission = desk(c);
  if (!may(admission.seat, 'assign', instant())) throw notFound();
  return admission;
}

/** What an act needs to know, and the cases that are marked for it. */
manyActRoutes.get(PATH, async (c) => {
  const admission = working(c);
  const act = actIn(c.req.query('do'));
  if (!act) return c.redirect(`/desk/${admission.lender.slug}`, 303);
  const { words } = c.var.view;
  const typed = c.req.queries('case') ?? [];
  const form = await returnedForm(c, askedAt(admission, act, typed));
  if (form) return show(c, admission, act, typed, form, roughIn(act, form.values));
  return show(c, admission, act, typed, filled({ to: admission.seat.account, words: words.manyActs.reminder }));
});

/** The page on which an act is filled in, for some cases. */
const askedAt = ({ lender }: DeskAdmission, act: Act, cases: readonly string[]) =>
  `/desk/${lender.slug}/many?${new URLSearchParams([['do', act], ...cases.slice(0, MOST + 1).map((id) => ['case', id.slice(0, 32)])])}`;

/** What of a reminder may do harm. */
function roughIn(act: Act, values: Typed): readonly RoughText[] {
  const read = act === 'remind' ? readForm(talk.message.input, values) : null;
  return read?.ok ? heard(saidIn(read.input), 'lender', null).marked : [];
}

manyActRoutes.post(PATH, async (c) => {
  const values = await formOf(c);
  const admission = working(c);
  const typed = values.get('case') ?? [];
  const requestId = requestIdOf(values);
  if (value(values, 'do') === 'undo') return report(c, admission, { rows: await undone(c, admission, values, requestId) });
  if (value(values, 'do') === 'take-back') return report(c, admission, { rows: await takenBack(c, admission, values, requestId) });
  const act = actIn(value(values, 'do'));
  if (!act) return c.redirect(`/desk/${admission.lender.slug}`, 303);
  const marked = await markedIn(c, admission, typed);
  if (marked.length === 0 || marked.length > MOST) return show(c, admission, act, typed, { values, errors: {} });
  const command = act === 'assign' ? assignment.assign : talk.message;
  const read = readForm(command.input, values);
  const again = (said: Said) =>
    refusedAt(c, askedAt(admission, act, typed), values, said, (form) => show(c, admission, act, typed, form, roughIn(act, values)));
  if (!read.ok) return again((words) => faultsText(words, read.issues));
  if (act === 'remind') {
    // As in one case: what may do harm is shown once before it is sent.
    if (roughIn(act, values).length > 0 && !values.has(AS_IT_IS)) return again(() => ({}));
    return report(c, admission, await reminded(c, admission, marked, read.input, requestId));
  }
  const done = await assigned(
    c,
    admission,
    marked.map(({ id, number }) => ({ id, number, to: value(values, 'to') })),
    requestId,
  );
  const to = value(values, 'to');
  // Sent again by a reload, it is answered as it was; whose each was before is not known any more, and nothing is offered to be taken back.
  const before = new Map(marked.flatMap((one): [string, string][] => (isStillWith(to, one) ? [] : [[one.id, holderOf(one)]])));
  const changed = done.flatMap(({ id, what }) => {
    const was = before.get(id);
    return what === 'assigned' && was !== undefined ? [{ id, to: was }] : [];
  });
  return report(c, admission, { rows: reportedOf(c, marked, done), given: { to, cases: changed } });
});

type Marked = { id: string; number: string; borrower: string | null; assignee: string | null; team: string | null };

/** The cases that are marked, in the order of the list; 404 for one that is none of this lender's. */
async function markedIn(c: C, admission: DeskAdmission, typed: readonly string[]): Promise<Marked[]> {
  const ids = [...new Set(typed)].slice(0, MOST + 1);
  if (ids.length === 0) return [];
  const found = await openDesk(c.var.env, admission).chosen({ ids }, MOST + 1);
  const of = new Map(found.map((one) => [one.id, one]));
  return ids.map((id) => of.get(id) ?? notThere());
}

function notThere(): never {
  throw notFound();
}

/** @param rough texts of the form that may do harm */
async function show(c: C, admission: DeskAdmission, act: Act, typed: readonly string[], form: Filled, rough: readonly RoughText[] = []) {
  const { lender } = admission;
  const [marked, colleagues] = await Promise.all([
    markedIn(c, admission, typed),
    act === 'assign' ? c.var.directory.colleagues(lender.id) : new Map(),
  ]);
  const refused = marked.length === 0 || marked.length > MOST || Object.keys(form.errors).length + rough.length > 0;
  return page(
    c,
    ManyPage({ view: c.var.view, lender, act, marked, most: MOST, form, rough, ...takersOf(colleagues) }),
    refused ? 422 : 200,
  );
}

type Done = { id: string; what: Reported['what']; why?: string };

/** By the giver that hands over all cases of somebody: one that cannot be written to holds up no other. */
async function assigned(c: C, admission: DeskAdmission, each: readonly ToGive[], requestId: string): Promise<Done[]> {
  const { env, view, directory } = c.var;
  const { lender } = admission;
  const colleagues = await directory.colleagues(lender.id);
  const casefile = (id: string) => openCaseFile(env, admitFromDesk(admission, id));
  const done = await handOver(each, { admission, casefile, requestId, colleagues, ...(await instruments(c)) });
  if (done.some(({ became }) => became === 'given')) c.executionCtx.waitUntil(announceNow(env, lender));
  return done.map(({ id, became }) => {
    if (became === 'given') return { id, what: 'assigned' };
    if (became === 'same') return { id, what: 'same' };
    return { id, what: 'refused', why: became === 'failed' ? view.words.handOver.failed : refusalText(view.words, became) };
  });
}

/** Whose a case is, as a form says it. */
const holderOf = ({ assignee, team }: Marked): string => assignee ?? (team === null ? TO_NOBODY : TO_TEAM + team);

/** Whether a case is still with whom it was given to: of nobody it stays its team's. */
const isStillWith = (given: string, one: Marked): boolean => (given === TO_NOBODY ? one.assignee === null : holderOf(one) === given);

/** Assignments that were made are taken back: each case is given to whom it was before. What somebody has given on since (`given` says to whom it went) stays so. */
async function undone(c: C, admission: DeskAdmission, values: Typed, requestId: string): Promise<Reported[]> {
  const typed = values.get('case') ?? [];
  const marked = (await markedIn(c, admission, typed)).slice(0, MOST);
  const before = values.get('to') ?? [];
  const given = value(values, 'given');
  const each = marked.map((one) => {
    const read = assignment.assign.input.safeParse({ to: before[typed.indexOf(one.id)] });
    const to = read.success ? read.data.to : TO_NOBODY;
    // One that is back already is answered as it was.
    return { id: one.id, number: one.number, to, stands: isStillWith(given, one) || isStillWith(to, one) };
  });
  const back = await assigned(
    c,
    admission,
    each.filter(({ stands }) => stands),
    requestId,
  );
  const moved = each.filter(({ stands }) => !stands).map(({ id }): Done => ({ id, what: 'moved' }));
  return reportedOf(c, marked, [...back, ...moved]);
}

/** Each borrower for whom something waits is written to, once; where what they owe is in dispute they are not. */
async function reminded(
  c: C,
  admission: DeskAdmission,
  marked: readonly Marked[],
  input: unknown,
  requestId: string,
): Promise<{ rows: Reported[]; waiting: Waiting }> {
  const book = openDesk(c.var.env, admission);
  const loaded = await book.loadMany(marked.map(({ id }) => ({ case: id, requestId: '' })));
  const done: Done[] = [];
  const waiting: { id: string; held: number }[] = [];
  for (const [i, { id }] of marked.entries()) {
    const of = loaded[i];
    const why = of && !(of instanceof Error) ? whyNot(of) : 'nothing';
    if (why) {
      done.push({ id, what: why });
      continue;
    }
    const outcome = await giveIn(c, admission, { id, command: talk.message, input, requestId });
    if (outcome === null || !outcome.ok) {
      done.push(refusedIn(c, id, outcome));
      continue;
    }
    const held = outcome.entries.length > 0 ? undefined : outcome.own?.at(-1)?.seq;
    if (held !== undefined) waiting.push({ id, held });
    done.push({ id, what: outcome.entries.length > 0 ? 'sent' : 'held' });
  }
  return { rows: reportedOf(c, marked, done), waiting };
}

/** What was written and still waits for the hours is taken back; what has left by now stays. */
async function takenBack(c: C, admission: DeskAdmission, values: Typed, requestId: string): Promise<Reported[]> {
  const typed = values.get('case') ?? [];
  const held = values.get('held') ?? [];
  const marked = (await markedIn(c, admission, typed)).slice(0, MOST);
  const done: Done[] = [];
  for (const { id } of marked) {
    const read = conduct.takeBack.input.safeParse({ held: Number(held[typed.indexOf(id)]) });
    const outcome = read.success ? await giveIn(c, admission, { id, command: conduct.takeBack, input: read.data, requestId }) : null;
    done.push(outcome?.ok ? { id, what: 'taken-back' } : refusedIn(c, id, outcome));
  }
  return reportedOf(c, marked, done);
}

function whyNot({ kase, policy }: { kase: Parameters<typeof notReminded>[0]; policy: HeldPolicy }) {
  const at = instant();
  const { zone } = lawOf(policy).place;
  return notReminded(kase, { at, today: dayOf(at, zone), zone, policy });
}

/** Gives one command in one of the lender's cases, for who is at the desk; null where the case cannot be written to. Sent again, it is answered as it was the first time. */
async function giveIn(
  c: C,
  admission: DeskAdmission,
  of: { id: string; command: Command; input: unknown; requestId: string },
): Promise<Outcome | null> {
  const { id, command, input, requestId } = of;
  const into = admitFromDesk(admission, id);
  let policy: HeldPolicy | null = null;
  const outcome = await execute({
    admission: into,
    casefile: openCaseFile(c.var.env, into),
    command: command.name,
    input,
    requestId: `${admission.seat.account}:${requestId}:${id}`,
    carriedOutBy: (held) => {
      policy = held;
    },
    ...(await instruments(c)),
  }).catch((thrown: unknown) => {
    console.error(`case ${id} was not written to: ${thrown instanceof Error ? thrown.name : ''}`);
    return null;
  });
  if (outcome?.ok && outcome.told > 0) c.executionCtx.waitUntil(follow(c.var.env, admission.lender, outcome, policy));
  return outcome;
}

const refusedIn = (c: C, id: string, outcome: Extract<Outcome, { ok: false }> | null): Done => ({
  id,
  what: 'refused',
  why: outcome ? refusalText(c.var.view.words, outcome.refusal) : c.var.view.words.handOver.failed,
});

function reportedOf(c: C, marked: readonly Marked[], done: readonly Done[]): Reported[] {
  const names = new Map(marked.map((one) => [one.id, one]));
  return done.map(({ id, what, why }) => {
    const of = names.get(id);
    return { id, number: of?.number ?? '', borrower: of?.borrower ?? null, what, why: why ?? c.var.view.words.manyActs.done[what] };
  });
}

type Report = { rows: Reported[]; given?: Given; waiting?: Waiting };

const report = (c: C, { lender }: DeskAdmission, of: Report) => page(c, ReportPage({ view: c.var.view, lender, ...of }));
