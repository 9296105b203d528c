import { type Case, COMMANDS, checked, checkedOwn, EMPTY_CASE, EMPTY_OWN, fold, foldOwn, type Own } from '../../worker/negotiation/case.ts';
import { type AnyContext, type Context, comesTo, type Decision, give } from '../../worker/negotiation/command.ts';
import type { Decided, OwnDecided, Recorded } from '../../worker/negotiation/entry.ts';
import { DEFAULT_POLICY, type HeldPolicy } from '../../worker/negotiation/policy.ts';
import { isRefused, type Refusal } from '../../worker/negotiation/refusal.ts';
import { authorOf, seated } from '../../worker/negotiation/seated.ts';
import { type AnySeat, type MediatorSeat, ownSide, type Seat, type Side } from '../../worker/negotiation/seats.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import type { Author, FileRef } from '../../worker/record/format.ts';

/** Given these commands, when this one, then these entries or this refusal: the rules alone, without clock, database or web. */

export const XIAOYU: Seat = { side: 'borrower', capacity: 'borrower', account: 'b', name: '王小雨' };
export const LIN: Seat = { side: 'lender', capacity: 'agent', account: 'l', name: '林静' };
export const ZHOU: Seat = { side: 'lender', capacity: 'supervisor', account: 's', name: '周岚' };
export const PORTAL: Author = { side: 'portal', capacity: 'portal', name: 'Heyi', account: null };

export const START = '2026-11-24T02:00:00.000Z';
export const DEBT = { asOf: '2026-11-24', currency: 'CNY' as const, principal: 1_200_000, interest: 30_000, penalty: 20_000, fees: 0 };

export const TERMS: Terms = {
  start: '2026-11-24',
  firstDue: '2026-12-24',
  every: 'month',
  rate: { per: 'year', ppm: 0 },
  interestOn: 'principal',
  dayCount: 'period',
  waive: {},
  upfront: null,
  phases: [{ kind: 'level', count: 12 }],
};

export const level = (count: number, rest: Partial<Terms> = {}): Terms => ({ ...TERMS, phases: [{ kind: 'level', count }], ...rest });

export class Play {
  kase: Case = EMPTY_CASE;
  at = START;
  policy: HeldPolicy = DEFAULT_POLICY;
  files = new Map<string, FileRef>();
  /** The lender's books in other cases about the same loan. */
  earlier: Context['earlier'] = null;
  /** The contact that who acts has just proved. */
  reached: Context['reached'];
  /** Who works for the lender. */
  colleagues: Context['colleagues'];
  readonly entries: Recorded[] = [];
  /** What each side keeps to itself. */
  own: Record<Side, Own> = { borrower: EMPTY_OWN, lender: EMPTY_OWN };
  readonly held: Record<Side, Recorded[]> = { borrower: [], lender: [] };

  context(seat: Seat, proven?: boolean): Context;
  context(seat: AnySeat, proven?: boolean): AnyContext;
  context(seat: AnySeat, proven = false): AnyContext {
    const side = ownSide(seat);
    const own = side ? this.own[side] : null;
    const { at, policy, files, earlier, colleagues } = this;
    const { zone } = HOME;
    return {
      at,
      today: dayOf(at, zone),
      zone,
      seat,
      own,
      policy,
      proven,
      files,
      earlier: earlier ?? null,
      ...(colleagues ? { colleagues } : {}),
      ...(this.reached ? { reached: this.reached } : {}),
    };
  }

  /** Gives a command; returns the kinds of the entries it came to, or the refusal's code. */
  give(seat: AnySeat, name: string, input: unknown, proven = false): string[] | string {
    const outcome = this.try(seat, name, input, proven);
    return Array.isArray(outcome) ? outcome : outcome.code;
  }

  try(seat: AnySeat, name: string, input: unknown, proven = false): string[] | Refusal {
    const command = COMMANDS.get(name);
    if (!command) throw new Error(`No command ${name}.`);
    const parsed = command.input.parse(input);
    const context = this.context(seat, proven);
    return this.written(seat, give(command, this.kase, parsed, context));
  }

  /** What was decided becomes part of the record, and of what the side keeps to itself; or the refusal's code. */
  take(seat: AnySeat, decision: Decision): string[] | string {
    const outcome = this.written(seat, decision);
    return Array.isArray(outcome) ? outcome : outcome.code;
  }

  private written(seat: AnySeat, decision: Decision): string[] | Refusal {
    if (isRefused(decision)) return decision.refused;
    const { said, held } = comesTo(decision);
    const made = said.map(checked).map((one, i) => this.recorded(one, this.kase.seq + 1 + i, seat));
    this.entries.push(...made);
    this.kase = fold(made, this.kase);
    const { side } = seat;
    if (side === 'mediator') return made.map(({ kind }) => kind);
    const kept = held.map(checkedOwn).map((one, i) => this.recorded(one, this.own[side].seq + 1 + i, seat));
    this.held[side].push(...kept);
    this.own[side] = foldOwn(kept, this.own[side]);
    return [...made, ...kept].map(({ kind }) => kind);
  }

  private recorded({ kind, content, by }: Decided | OwnDecided, seq: number, seat: AnySeat): Recorded {
    const author = authorOf(by && by !== 'portal' ? { ...by, side: seat.side } : seated(this.kase, seat, this.reached));
    return { seq, at: this.at, kind, author: by === 'portal' ? PORTAL : author, content: JSON.parse(JSON.stringify(content)) as unknown };
  }

  later(days: number): this {
    this.at = new Date(Date.parse(this.at) + days * 86_400_000).toISOString();
    return this;
  }
}

export const MEANS = {
  cause: { kind: 'job-loss', since: '2026-10-01', words: '失业。' },
  incomes: [{ kind: 'salary', amount: 500_000, every: 'month' }],
  expenses: [{ kind: 'food', amount: 150_000, every: 'month' }],
  otherDebts: [],
  dependants: 0,
};

export const OPENING = {
  loan: { reference: 'MH-1' },
  debt: { debt: DEBT },
  means: MEANS,
  evidence: { files: [], consent: true },
  proposal: { answers: null, terms: TERMS, reasons: {}, words: '按月还清。' },
  lenderName: '明衡',
};

/** A case in which the borrower's offer, version 1, is on the table. `otherwise` is what is said otherwise than usual. */
export function opened(otherwise: object = {}): Play {
  const play = new Play();
  const kinds = play.give(XIAOYU, 'case.open', { ...OPENING, ...otherwise });
  if (!Array.isArray(kinds)) throw new Error(kinds);
  return play;
}

/** 梅律师, whom the borrower appoints. */
export const MEI: Seat = { side: 'borrower', capacity: 'representative', account: 'm', name: '梅律师' };
export const MEIS_CONTACT = { channel: 'mail', contact: 'c'.repeat(64), hint: 'm***@law.example', at: START } as const;

export const MANDATE = {
  name: MEI.name,
  relation: 'lawyer',
  contact: 'mei@law.example',
  scope: 'sign',
  until: '2027-03-01',
  signed: XIAOYU.name,
};

/** Has the borrower appoint 梅律师, who accepts. */
export function represented(play: Play, rest: Partial<typeof MANDATE> = {}): Play {
  play.reached = MEIS_CONTACT;
  const kinds = play.give(XIAOYU, 'representative.appoint', { ...MANDATE, ...rest }, true);
  if (!Array.isArray(kinds)) throw new Error(kinds);
  const accepted = play.give(MEI, 'representative.accept', {});
  if (!Array.isArray(accepted)) throw new Error(accepted);
  play.reached = undefined;
  return play;
}

/** 沈和平, whom both sides let in between them. */
export const SHEN: MediatorSeat = { side: 'mediator', capacity: 'mediator', account: 'n', name: '沈和平' };
export const SHENS_CONTACT = { channel: 'mail', contact: 'e'.repeat(64), hint: 's***@mediation.example', at: START } as const;

/** Has one side propose 沈和平, the other agree, and him accept. */
export function mediated(play: Play, [by, other]: readonly [Seat, Seat] = [XIAOYU, LIN]): Play {
  play.reached = SHENS_CONTACT;
  const kinds = [play.give(by, 'mediation.propose', { name: SHEN.name })];
  const mediation = play.kase.mediations.at(-1)?.seq;
  kinds.push(play.give(other, 'mediation.admit', { mediation }), play.give(SHEN, 'mediation.accept', {}));
  const refused = kinds.find((one) => !Array.isArray(one));
  if (refused) throw new Error(String(refused));
  play.reached = undefined;
  return play;
}

/** A case whose terms are agreed, and by whom it has been signed. */
export function agreed(...signed: Seat[]): Play {
  const play = opened();
  play.give(LIN, 'proposal.accept', { version: 1, digest: play.kase.offers[0]?.digest });
  for (const seat of signed) play.give(seat, 'agreement.sign', { digest: play.kase.agreement?.digest, name: seat.name }, true);
  return play;
}
