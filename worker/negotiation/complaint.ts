import * as z from 'zod';
import { addDays } from '../plan/calendar.ts';
import { lawOf } from '../plan/law/index.ts';
import type { Zone } from '../plan/law/place.ts';
import { waysFor } from '../plan/law/ways.ts';
import { lastDay, type WorkingDay } from '../plan/law/working-days.ts';
import { dayOf, instantOf } from '../plan/law/zone.ts';
import { IsoDate } from '../plan/terms.ts';
import { MORNING } from './arrears.ts';
import { type Context, command } from './command.ts';
import { DEBT_FIGURES, DISPUTABLE, type Disputing, disputable } from './dispute.ts';
import { type Case, type ContentsOf, type Decided, entry, type Written } from './entry.ts';
import type { Policy } from './policy.ts';
import { type Refused, refuse } from './refusal.ts';
import { may } from './seats.ts';
import { binds, notClosed } from './stage.ts';
import { Seq, Text } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/**
 * Complaints of the borrower to the lender: of what kind, about which entries and figures, what happened and what is wished. The clock of the law table runs from
 * the day on which it is raised; the lender alone extends it, with a reason. It is answered with an outcome and reasons; then it is accepted, or taken to whoever
 * oversees the lender, as it may be, too, once the clock has passed.
 */

export const COMPLAINT_KINDS = ['figure', 'conduct', 'charges', 'privacy', 'no-answer', 'other'] as const;
export const OUTCOMES = ['upheld', 'partly', 'not-upheld'] as const;

/** To whom a complaint can be taken: the regulator's line, or the financial office of the place. */
export const OVERSEERS = ['regulator', 'local-office'] as const;
export type Overseer = (typeof OVERSEERS)[number];

/** Who oversees a lender, by the ways of its place: either of them where its kind is not known. */
export function overseersOf(policy: Pick<Policy, 'jurisdiction' | 'lender'>, today: string): Overseer[] {
  const ways = waysFor(lawOf(policy).code, policy.lender.kind, today);
  return OVERSEERS.filter((one) => ways.some(({ id }) => id === one));
}

/** Complaints that a case can hold. */
const MAX_COMPLAINTS = 30;
const MAX_ABOUT = 50;

/** Days before the last one on which the lender is told that it is near. */
const NEAR = 3;

export type Complaint = Disputing & {
  at: string;
  /** In how many days it is to be answered by the table of `jurisdiction`. */
  days: number;
  kind: (typeof COMPLAINT_KINDS)[number];
  facts: string;
  wish: string;
  /** Why the lender took longer, each time. */
  extensions: string[];
  outcome?: (typeof OUTCOMES)[number];
  reasons?: string;
  to?: Overseer;
  /** How far the portal has told that the last day is near, or has passed. */
  told?: 'near' | 'past';
};

export type Complaints = { complaints: Complaint[] };

const Days = z.int().min(1).max(366);

const Raised = z.object({
  kind: z.enum(COMPLAINT_KINDS),
  entries: z.array(Seq),
  figures: z.array(z.string()),
  facts: z.string(),
  wish: z.string(),
  days: Days,
  answerBy: IsoDate,
  /** The holidays of that year were not published: the day may be later. */
  earliest: z.boolean(),
  jurisdiction: z.string(),
});

const Told = z.object({ complaint: Seq, answerBy: IsoDate });

const entries = {
  'complaint.raised': entry({ content: Raised, told: 'others', personal: false, evolve: raised }),
  'complaint.extended': entry({
    content: z.object({ complaint: Seq, days: Days, answerBy: IsoDate, earliest: z.boolean(), words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { content: { complaint, days, words } }) =>
      changed(kase, complaint, ({ extensions, told: _, ...rest }) => ({ ...rest, days, extensions: [...extensions, words] })),
  }),
  'complaint.answered': entry({
    content: z.object({ complaint: Seq, outcome: z.enum(OUTCOMES), words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { complaint, outcome, words } }) =>
      changed(kase, complaint, (one) => ({
        ...one,
        outcome,
        reasons: words,
        answeredAt: at,
        state: one.state === 'raised' ? 'answered' : one.state,
      })),
  }),
  'complaint.accepted': entry({
    content: z.object({ complaint: Seq }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { complaint } }) => changed(kase, complaint, (one) => ({ ...one, state: 'accepted', endedAt: at })),
  }),
  'complaint.escalated': entry({
    content: z.object({ complaint: Seq, to: z.enum(OVERSEERS), words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { complaint, to } }) =>
      changed(kase, complaint, (one) => ({ ...one, state: 'escalated', to, escalatedAt: at })),
  }),
  'complaint.withdrawn': entry({
    content: z.object({ complaint: Seq, words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { complaint } }) => changed(kase, complaint, (one) => ({ ...one, state: 'withdrawn', endedAt: at })),
  }),
  'complaint.due': entry({
    content: Told,
    told: 'lender',
    personal: false,
    evolve: (kase, { content: { complaint } }) => changed(kase, complaint, (one) => ({ ...one, told: 'near' })),
  }),
  'complaint.unanswered': entry({
    content: Told,
    told: 'others',
    personal: false,
    evolve: (kase, { content: { complaint } }) => changed(kase, complaint, (one) => ({ ...one, told: 'past' })),
  }),
};

declare module './entry.ts' {
  interface Case extends Complaints {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function raised(kase: Case, { seq, at, content }: Written<z.infer<typeof Raised>>): Case {
  const { answerBy: _, earliest: __, ...said } = content;
  const { zone } = lawOf(content).place;
  const version = binds(kase) ? (kase.agreement?.version ?? 0) : 0;
  const known = new Set(kase.complaints.flatMap((one) => (one.holds && one.version === version ? one.figures : [])));
  const holds = version > 0 && DEBT_FIGURES.some((one) => content.figures.includes(one) && !known.has(one));
  const one: Complaint = { seq, at, on: dayOf(at, zone), ...said, version, holds, extensions: [], state: 'raised' };
  return { ...kase, complaints: [...kase.complaints, one] };
}

function changed(kase: Case, seq: number, change: (one: Complaint) => Complaint): Case {
  return { ...kase, complaints: kase.complaints.map((one) => (one.seq === seq ? change(one) : one)) };
}

/** The last day on which a complaint is answered in time. */
export const answerBy = ({ jurisdiction, on, days }: Pick<Complaint, 'jurisdiction' | 'on' | 'days'>): WorkingDay =>
  lastDay(lawOf({ jurisdiction }).holidays, on, days);

/** Complaints that wait for the lender's answer, those that wait longest first. */
export const toAnswer = ({ complaints }: Pick<Case, 'complaints'>): Complaint[] =>
  complaints.filter(({ state, outcome }) => state === 'raised' && outcome === undefined);

/** The last day for the answer that is due first, as columns hold it: with a + and the latest it can be behind it where it may be later; null where none is awaited. In order as text. */
export function firstAnswerBy(kase: Pick<Case, 'complaints'>): string | null {
  const days = toAnswer(kase).map((one) => answerBy(one));
  return days.map(({ date, earliest, latest }) => (earliest ? `${date}+${latest}` : date)).sort()[0] ?? null;
}

/** A last day as such a column holds it. One of before the latest was told has nothing behind its +: it is the day before it until the case is folded anew. */
export function dayIn(column: string): WorkingDay {
  const [date = column, behind] = column.split('+');
  const latest = behind || date;
  return { date, earliest: latest !== date, latest };
}

/** Whether the clock of a complaint has passed without an answer, whatever is yet published of its year. */
export const isLate = (one: Complaint, today: string): boolean => one.outcome === undefined && answerBy(one).latest < today;

/** The lender is told in the morning of the third day before the last one, both sides in that of the day after it. */
function dueComplaints(kase: Case, zone: Zone): Due[] {
  return toAnswer(kase)
    .flatMap((one): Due[] => {
      const day = answerBy(one);
      const content = (answerBy: string) => ({ complaint: one.seq, answerBy });
      const morning = (date: string) => instantOf(`${date}T${MORNING}`, zone);
      const near: Due = {
        at: morning(addDays(day.date, -NEAR)),
        entry: { kind: 'complaint.due', content: content(day.date), by: 'portal' },
      };
      const past: Due = {
        at: morning(addDays(day.latest, 1)),
        entry: { kind: 'complaint.unanswered', content: content(day.latest), by: 'portal' },
        contacts: true,
      };
      return one.told === 'past' ? [] : one.told === 'near' ? [past] : [near, past];
    })
    .map((one) => ({ ...one, lastOf: `complaint ${complaintOf(one.entry)}` }));
}

const complaintOf = ({ kind, content }: Decided) => (kind === 'complaint.due' || kind === 'complaint.unanswered' ? content.complaint : 0);

const raise = command({
  name: 'complaint.raise',
  input: z.object({
    kind: z.enum(COMPLAINT_KINDS),
    entries: z.array(Seq).max(MAX_ABOUT).default([]),
    figures: z.array(z.enum(DISPUTABLE)).max(DISPUTABLE.length).default([]),
    facts: Text(3000),
    wish: Text(1000),
  }),
  needs: 'complain',
  doors: ['form', 'api'],
  page: 'complaints',
  proof: false,
  when: notClosed,
  decide(kase, { kind, entries: about, figures, facts, wish }, { today, policy }) {
    if (kase.complaints.length >= MAX_COMPLAINTS) return refuse('case.full', { max: MAX_COMPLAINTS });
    if (about.some((seq) => seq > kase.seq)) return refuse('complaint.entry-unknown', { max: kase.seq, field: 'entries' });
    const known = disputable(kase);
    if (figures.some((one) => !known.includes(one))) return refuse('means.figure-unknown', { field: 'figures' });
    const law = lawOf(policy);
    const [days] = law.complaintDays;
    const { date, earliest } = answerBy({ jurisdiction: law.code, on: today, days });
    const clock = { days, answerBy: date, earliest, jurisdiction: law.code };
    const content = { kind, entries: [...new Set(about)], figures: [...new Set(figures)], facts, wish, ...clock };
    return [{ kind: 'complaint.raised', content }];
  },
  gives: 'nothing',
});

/** One that a command names, in a state in which it can be given; or why it is not. */
function found(kase: Case, seq: number, which: (one: Complaint) => boolean): Complaint | null {
  return kase.complaints.find((one) => one.seq === seq && which(one)) ?? null;
}

const some = (which: (one: Complaint) => boolean) => (kase: Case) => (kase.complaints.some(which) ? null : refuse('complaint.none'));

const waits = ({ state }: Complaint) => state === 'raised';
const answerable = ({ state, outcome }: Complaint) => outcome === undefined && (state === 'raised' || state === 'escalated');
const open = ({ state }: Complaint) => state === 'raised' || state === 'answered' || state === 'escalated';

/** In how many days it is answered at the next step of the table; null where there is none. */
export const nextDays = ({ jurisdiction, days }: Pick<Complaint, 'jurisdiction' | 'days'>): number | null =>
  lawOf({ jurisdiction }).complaintDays.find((one) => one > days) ?? null;

const extend = command({
  name: 'complaint.extend',
  input: z.object({ complaint: Seq, words: Text(1000) }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'complaints',
  proof: false,
  when: some(waits),
  decide(kase, { complaint, words }, { at, today, seat }) {
    const one = found(kase, complaint, waits);
    if (!one) return refuse('complaint.none', { field: 'complaint' });
    if (isLate(one, today)) return refuse('complaint.late');
    const days = nextDays(one);
    if (days === null) return refuse('complaint.extended-most');
    // The last step is for those who oversee (the measures ask for a senior manager's word).
    if (nextDays({ ...one, days }) === null && !may(seat, 'approve', at)) return refuse('complaint.extend-supervisor');
    const { date, earliest } = answerBy({ ...one, days });
    return [{ kind: 'complaint.extended', content: { complaint, days, answerBy: date, earliest, words } }];
  },
  gives: 'nothing',
});

const answer = command({
  name: 'complaint.answer',
  input: z.object({ complaint: Seq, outcome: z.enum(OUTCOMES), words: Text(3000) }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'complaints',
  proof: false,
  when: some(answerable),
  decide(kase, { complaint, outcome, words }) {
    if (found(kase, complaint, answerable)) return [{ kind: 'complaint.answered', content: { complaint, outcome, words } }];
    return refuse(found(kase, complaint, () => true) ? 'complaint.answered-already' : 'complaint.none', { field: 'complaint' });
  },
  gives: 'nothing',
});

const accept = command({
  name: 'complaint.accept',
  input: z.object({ complaint: Seq }),
  needs: 'settle',
  doors: ['form', 'api'],
  page: 'complaints',
  proof: false,
  when: some(open),
  decide(kase, { complaint }) {
    const one = found(kase, complaint, open);
    if (!one) return refuse('complaint.none', { field: 'complaint' });
    return one.outcome === undefined ? refuse('complaint.not-answered') : [{ kind: 'complaint.accepted', content: { complaint } }];
  },
  gives: 'nothing',
});

const escalate = command({
  name: 'complaint.escalate',
  input: z.object({ complaint: Seq, to: z.enum(OVERSEERS), words: Text(2000).optional() }),
  needs: 'complain',
  doors: ['form', 'api'],
  page: 'complaints',
  proof: false,
  when: some(open),
  decide(kase, { complaint, to, words }, context) {
    const one = found(kase, complaint, ({ state }) => state === 'raised' || state === 'answered');
    if (!one) return refuse('complaint.none', { field: 'complaint' });
    const why =
      notYet(one, context) ??
      (overseersOf(context.policy, context.today).includes(to) ? null : refuse('complaint.not-overseen', { field: 'to' }));
    return why ?? [{ kind: 'complaint.escalated', content: { complaint, to, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

/** Why a complaint cannot be taken further yet: the lender has its time to answer. Never where it has answered. */
export function notYet(one: Complaint, { today }: Pick<Context, 'today'>): Refused | null {
  return one.outcome !== undefined || isLate(one, today) ? null : refuse('complaint.not-yet', { until: answerBy(one).latest });
}

const withdraw = command({
  name: 'complaint.withdraw',
  input: z.object({ complaint: Seq, words: Text(2000).optional() }),
  needs: 'settle',
  doors: ['form', 'api'],
  page: 'complaints',
  proof: false,
  when: some(open),
  decide: (kase, { complaint, words }) =>
    found(kase, complaint, open)
      ? [{ kind: 'complaint.withdrawn', content: { complaint, ...(words ? { words } : {}) } }]
      : refuse('complaint.none', { field: 'complaint' }),
  gives: 'nothing',
});

export const commands = { raise, extend, answer, accept, escalate, withdraw };

export const complaint = topic({ empty: { complaints: [] }, entries, commands, due: dueComplaints, awaits: nobody });
