import * as z from 'zod';
import { daysBetween, dueDate } from '../plan/calendar.ts';
import { IsoDate } from '../plan/terms.ts';
import { cures } from './arrears.ts';
import { type Context, command } from './command.ts';
import { type Case, type ContentsOf, type Decided, entry } from './entry.ts';
import { filled, type Instalment, instalments } from './instalments.ts';
import { type Refused, refuse } from './refusal.ts';
import { underAgreement } from './stage.ts';
import { Seq, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * An instalment that is moved to a later day: the borrower asks, with a reason. Within what the agreement allows it is granted at once; beyond that the
 * lender answers. What it costs does not change: interest runs as the schedule says.
 */

/** `version` is the agreement's; of `due` and `to` the first is the day on which the instalment fell due when it was asked. */
export type Move = {
  seq: number;
  at: string;
  version: number;
  no: number;
  due: string;
  to: string;
  words: string;
  /** `lapsed`: another agreement took the place of the one under which it was asked. */
  state: 'asked' | 'granted' | 'declined' | 'lapsed';
  /** Granted at once, within what the agreement allows. */
  atOnce: boolean;
};

export type Moves = { moves: Move[] };

/** Requests that a case can hold: far more than a person makes who means to pay. */
const MAX_MOVES = 200;

/** The furthest that an instalment can be moved, in days: further away it is a plan of its own. */
const FURTHEST = 366;

const entries = {
  'instalment.move-asked': entry({
    content: z.object({ no: z.int(), due: IsoDate, to: IsoDate, words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, content }) => ({
      ...kase,
      moves: [...kase.moves, { seq, at, version: kase.agreement?.version ?? 0, ...content, state: 'asked', atOnce: false }],
    }),
  }),
  'instalment.moved': entry({
    content: z.object({ asked: z.int(), no: z.int(), due: IsoDate, to: IsoDate, atOnce: z.boolean() }),
    told: 'others',
    personal: false,
    // It is reminded of and can become late once more: by its new day.
    evolve(kase, { content: { asked, no, atOnce } }) {
      const { [no]: _, ...reminded } = kase.reminded;
      return { ...answered(kase, asked, 'granted', atOnce), overdue: kase.overdue.filter((one) => one !== no), reminded };
    },
  }),
  'instalment.move-declined': entry({
    content: z.object({ asked: z.int(), words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { asked } }) => answered(kase, asked, 'declined', false),
  }),
};

declare module './entry.ts' {
  interface Case extends Moves {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function answered(kase: Case, seq: number, state: Move['state'], atOnce: boolean): Case {
  return { ...kase, moves: kase.moves.map((move) => (move.seq === seq ? { ...move, state, atOnce } : move)) };
}

/** Instalments that can be moved: of which something is still to be paid, and for which no request waits. */
export function movable(kase: Case): (Instalment & { paid: number })[] {
  const waiting = new Set(waitingMoves(kase).map(({ no }) => no));
  return filled(kase).filter(({ no, payment, paid }) => no !== null && paid < payment && !waiting.has(no));
}

/** Requests of the agreement that holds which wait for the lender's answer. */
export const waitingMoves = (kase: Pick<Case, 'moves'>): Move[] => kase.moves.filter(({ state }) => state === 'asked');

/** How many more instalments can be moved at once, and how far; null where the agreement allows none. */
export function movesLeft(kase: Case): { left: number; days: number; toEnd: boolean } | null {
  const allowed = kase.agreement?.conditions?.moves;
  if (!allowed) return null;
  const used = kase.moves.filter(({ atOnce, version }) => atOnce && version === kase.agreement?.version).length;
  return { left: Math.max(0, allowed.most - used), days: allowed.days, toEnd: allowed.toEnd };
}

/** The day behind the last instalment: one period after it. */
export function endDay(kase: Case): string {
  return dueDate(instalments(kase).at(-1)?.due ?? '', kase.agreement?.terms.every ?? 'month', 1);
}

/** Whether a move is granted at once: asked before the instalment is past its day, the first of it, and within what the agreement allows. */
function grantedAtOnce(kase: Case, row: Instalment, to: string, { today }: Context): boolean {
  const allowed = movesLeft(kase);
  if (kase.stage !== 'in-force' || !allowed || allowed.left === 0 || row.moved !== null || row.due < today) return false;
  return daysBetween(row.due, to) <= allowed.days || (allowed.toEnd && to === endDay(kase));
}

const ask = command({
  name: 'move.ask',
  input: z.object({ no: z.int().min(0).max(600), by: z.enum(['day', 'end']), to: IsoDate.optional(), words: Text(2000) }),
  needs: 'defer',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: (kase) => underAgreement(kase) ?? (movable(kase).length > 0 ? null : refuse('move.none')),
  decide(kase, { no, by, to: day, words }, context) {
    if (kase.moves.length >= MAX_MOVES) return refuse('case.full', { max: MAX_MOVES });
    const row = movable(kase).find((one) => one.no === no);
    if (!row) return refuse('move.none', { field: 'no' });
    const to = by === 'end' ? endDay(kase) : day;
    if (to === undefined) return refuse('move.day-needed', { field: 'to' });
    const wrong = unfit(row, to, context);
    if (wrong) return wrong;
    const asked: Decided = { kind: 'instalment.move-asked', content: { no, due: row.due, to, words } };
    if (!grantedAtOnce(kase, row, to, context)) return [asked];
    return [asked, { kind: 'instalment.moved', content: { asked: kase.seq + 1, no, due: row.due, to, atOnce: true }, by: 'portal' }];
  },
  gives: 'nothing',
});

/** Why an instalment cannot be moved to a day. */
function unfit({ due }: Instalment, to: string, { today }: Pick<Context, 'today'>): Refused | null {
  const after = due > today ? due : today;
  if (to <= after) return refuse('move.not-later', { field: 'to' });
  return daysBetween(due, to) > FURTHEST ? refuse('move.far', { field: 'to', max: FURTHEST }) : null;
}

const waits = (kase: Case) => underAgreement(kase) ?? (waitingMoves(kase).length > 0 ? null : refuse('move.not-asked'));

const grant = command({
  name: 'move.grant',
  input: z.object({ asked: Seq }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: waits,
  decide(kase, { asked }, { today }) {
    const move = waitingMoves(kase).find(({ seq }) => seq === asked);
    if (!move) return refuse('move.not-asked', { field: 'asked' });
    const { no, due, to } = move;
    if (filled(kase).every((row) => row.no !== no || row.paid >= row.payment)) return refuse('move.none', { field: 'asked' });
    if (to <= today) return refuse('move.past', { field: 'asked' });
    const after = answered(kase, asked, 'granted', false);
    return [{ kind: 'instalment.moved', content: { asked, no, due, to, atOnce: false } }, ...cures(after)];
  },
  // It gives time, and nothing else.
  gives: (kase, { asked }) => {
    const move = kase.moves.find(({ seq }) => seq === asked);
    const books = kase.ceiling ?? kase.books;
    return move && books ? { kept: books, lastDue: move.to } : null;
  },
});

const decline = command({
  name: 'move.decline',
  input: z.object({ asked: Seq, words: Text(2000) }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'agreement',
  proof: false,
  when: waits,
  decide: (kase, { asked, words }) =>
    waitingMoves(kase).some(({ seq }) => seq === asked)
      ? [{ kind: 'instalment.move-declined', content: { asked, words } }]
      : refuse('move.not-asked', { field: 'asked' }),
  gives: 'nothing',
});

export const commands = { ask, grant, decline };

export const moves = topic({ empty: { moves: [] }, entries, commands, due: nothingDue, awaits: nobody });
