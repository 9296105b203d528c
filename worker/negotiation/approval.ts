import * as z from 'zod';
import { Debt } from '../plan/terms.ts';
import { canonical, digestOf } from '../record/digest.ts';
import type { Excess } from './authority.ts';
import { type Command, type Context, command, type Decision, give, hold, isDecided } from './command.ts';
import { commands as debt } from './debt.ts';
import { type Case, type ContentsOf, entry, type Own, type OwnDecided, type Written } from './entry.ts';
import { commands as life } from './life.ts';
import { standingMediation } from './mediated.ts';
import { commands as mediation } from './mediation.ts';
import { commands as performance } from './performance.ts';
import { debtToOffer, onTable, commands as proposal } from './proposal.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import { CAPACITIES, type Colleague, may } from './seats.ts';
import { Digest, Seq, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * What goes beyond somebody's authority waits in the lender's private stream until a colleague who may allows it: then it is decided anew, as of then, in the
 * name of who asked. The borrower sees the act, and never that somebody had to allow it. Nobody approves their own.
 */

/**
 * What can be sent for approval. A signature cannot: it is given in person, with a proof of who signs, and a colleague with the authority signs instead.
 * Nor can the opening of a case, which a colleague does as well.
 */
const APPROVABLE = [
  proposal.make,
  proposal.accept,
  debt.state,
  debt.confirm,
  life.close,
  performance.report,
  performance.confirm,
  mediation.adopt,
] as const;

const NAMES = [
  'proposal.make',
  'proposal.accept',
  'debt.state',
  'debt.confirm',
  'case.close',
  'payment.report',
  'payment.confirm',
  'mediation.adopt',
] as const;
export type Approvable = (typeof NAMES)[number];

/** The command that is sent for approval, by its name; undefined where none can be under that name. */
export const approvable = (name: string): Command | undefined => APPROVABLE.find((one) => one.name === name);

/** Requests that wait at once in one case, and that a stream can hold. */
const MOST_OPEN = 20;
const MAX_APPROVALS = 1_000;

export const MAX_APPROVAL_WORDS = 2_000;

export type Approval = {
  seq: number;
  at: string;
  by: Colleague;
  command: Approvable;
  /** The command's own input, as it reads it; null once it was answered, as its entry holds it. */
  input: Input | null;
  excess: Excess;
  /** What the case was when it was asked, as far as it matters: see `basisOf`. */
  basis: string;
  words: string;
  state: 'asked' | 'approved' | 'returned' | 'withdrawn' | 'lapsed';
};

/**
 * `granted` are the digests of the offers that were made or accepted by an approval; `asked` is when the oldest request was made that still waits, by which
 * the queue finds it; null where none does.
 */
export type Approvals = { approvals: Approval[]; granted: string[]; asked: string | null };

const Input = z.record(z.string(), z.json());
type Input = z.infer<typeof Input>;

const Beyond = z.object({ what: z.enum(['principal', 'charges', 'interest', 'own-interest', 'term']), limit: z.int(), given: z.int() });

const Asked = z.object({
  command: z.enum(NAMES),
  input: Input,
  excess: Beyond,
  basis: z.string(),
  /** The figures on which an offer stands that is sent for approval. */
  debt: Debt.optional(),
  words: z.string().optional(),
});

/** `to` is the account of who asked: the one who is told. */
const Answered = z.object({ approval: z.int(), to: z.string() });

const ownEntries = {
  'approval.asked': entry({
    content: Asked,
    told: 'who approves',
    personal: false,
    evolve: (own, { seq, at, author, content: { command: name, input, excess, basis, words = '' } }) => ({
      ...own,
      asked: own.asked ?? at,
      approvals: [...own.approvals, { seq, at, by: colleagueOf(author), command: name, input, excess, basis, words, state: 'asked' }],
    }),
  }),
  /** `said` are the kinds of what was put on the shared record by it, `digest` the offer that it made or accepted. */
  'approval.approved': entry({
    content: Answered.extend({ said: z.array(z.string()), digest: Digest.optional(), words: z.string().optional() }),
    told: 'whom it names',
    personal: false,
    evolve: (own, { content: { approval, digest } }) => ({
      ...answered(own, approval, 'approved'),
      granted: digest ? [...own.granted, digest] : own.granted,
    }),
  }),
  'approval.returned': entry({
    content: Answered.extend({ words: z.string() }),
    told: 'whom it names',
    personal: false,
    evolve: (own, { content: { approval } }) => answered(own, approval, 'returned'),
  }),
  'approval.withdrawn': entry({
    content: z.object({ approval: z.int() }),
    told: 'own side',
    personal: false,
    evolve: (own, { content: { approval } }) => answered(own, approval, 'withdrawn'),
  }),
  /** The case moved on before anybody answered. */
  'approval.lapsed': entry({
    content: Answered,
    told: 'whom it names',
    personal: false,
    evolve: (own, { content: { approval } }) => answered(own, approval, 'lapsed'),
  }),
};

declare module './entry.ts' {
  interface Own extends Approvals {}
  interface OwnKinds extends ContentsOf<typeof ownEntries> {}
}

/** Who asked, as the entry says. A capacity that this release does not know has the authority of nobody: of an agent. */
function colleagueOf({ capacity, name, account }: Written<unknown>['author']): Colleague {
  return { capacity: CAPACITIES.find((one) => one === capacity) ?? 'agent', name, account: account ?? '' };
}

function answered(own: Own, seq: number, state: Approval['state']): Own {
  const approvals = own.approvals.map((one) => (one.seq === seq ? { ...one, input: null, state } : one));
  return { ...own, approvals, asked: waitingApprovals({ approvals })[0]?.at ?? null };
}

/** The requests that wait for an answer, the oldest first. */
export const waitingApprovals = ({ approvals }: Pick<Own, 'approvals'>): Approval[] => approvals.filter(({ state }) => state === 'asked');

/**
 * What the case is at an instant, as far as a request for approval stands on it: its stage, the table, the figures of the debt, the agreement, payments, the mediation; and
 * where a suggestion is to be taken up, whether it is the newest. What else is said meanwhile (messages, evidence, means, suggestions) takes nothing from it.
 */
function basisOf(kase: Case, command: Approval['command'], at: string): string {
  const { stage, offers, debts, books, agreement, payments } = kase;
  const table = onTable(kase, at)?.version ?? null;
  // Only where there is one: what was asked before there were mediators stands on what it stood on.
  const neutral = standingMediation(kase, at);
  const suggested = command === 'mediation.adopt' ? [kase.suggestions.length] : [];
  const between = neutral ? [[neutral.seq, neutral.state, ...suggested]] : [];
  return digestOf(canonical([stage, table, offers.length, debts, books, agreement?.digest ?? null, payments, ...between]));
}

/** Whether the case moved on since something was sent for approval: then it can no longer be approved. */
export const movedOn = (kase: Case, { basis, command }: Pick<Approval, 'basis' | 'command'>, at: string): boolean =>
  basisOf(kase, command, at) !== basis;

/**
 * Sends a command for approval: it waits, with its input, where it would be carried out but for the authority of who gives it. What could be done alone is
 * refused, so that nothing goes out by the button that sends it to a colleague.
 */
export function askFor(name: string, kase: Case, input: unknown, words: string, context: Context): Decision {
  const one = approvable(name);
  const named = NAMES.find((known) => known === name);
  if (!one || !named || !may(context.seat, 'ask', context.at)) return refuse('seat.may-not');
  const decision = give(one, kase, input, context);
  if (!isRefused(decision)) return refuse('approval.not-needed');
  if (decision.refused.code !== 'authority.exceeded') return decision;
  if (!context.own) return refuse('own.unproven');
  const full = fullOf(context.own, context.seat.account);
  if (full) return full;
  const { what, limit, given } = decision.refused;
  const ground = named === 'proposal.make' || named === 'mediation.adopt' ? debtToOffer(kase, context.today) : null;
  return hold({
    kind: 'approval.asked',
    content: {
      command: named,
      input: kept(Input.parse(JSON.parse(JSON.stringify(one.input.parse(input))))),
      excess: { what, limit, given },
      basis: basisOf(kase, named, context.at),
      ...(ground ? { debt: ground } : {}),
      ...(words ? { words } : {}),
    },
  });
}

/**
 * An input as it waits: by what an offer was known that was looked over is held against it when it is sent. It is decided on the figures of then, and
 * `basisOf` sees to it that nobody has stated others.
 */
function kept({ digest, ...input }: Input): Input {
  return digest === undefined || (input.version === undefined && input.suggestion === undefined) ? input : { ...input, digest };
}

function fullOf(own: Own, account: string): Refused | null {
  const waiting = waitingApprovals(own);
  if (own.approvals.length >= MAX_APPROVALS) return refuse('case.full', { max: MAX_APPROVALS });
  if (waiting.length >= MOST_OPEN) return refuse('case.full', { max: MOST_OPEN });
  return waiting.some(({ by }) => by.account === account) ? refuse('approval.asked-already') : null;
}

/** The request that a command names, while it waits; or why it does not. */
function waiting({ own }: Context, seq: number): Approval | Refused {
  if (!own) return refuse('own.unproven');
  return waitingApprovals(own).find((one) => one.seq === seq) ?? refuse('approval.none');
}

const some = (_kase: Case, { own }: Context) => {
  if (!own) return refuse('own.unproven');
  return waitingApprovals(own).length > 0 ? null : refuse('approval.none');
};

const Named = z.object({ approval: Seq });

const approve = command({
  name: 'approval.approve',
  input: Named.extend({ words: Text(MAX_APPROVAL_WORDS).optional() }),
  needs: 'approve',
  doors: ['form'],
  page: 'approval',
  proof: true,
  binding: true,
  ofColleagues: true,
  when: some,
  decide(kase, { approval, words }, context) {
    const asked = waiting(context, approval);
    if ('refused' in asked) return asked;
    const { seat, at, proven } = context;
    if (asked.by.account === seat.account) return refuse('approval.own');
    if (movedOn(kase, asked, at)) return refuse('approval.moved-on');
    const one = approvable(asked.command);
    // They may have another capacity by now, or none: it is done as what they are.
    const by = context.colleagues?.get(asked.by.account);
    if (!one || !by) return refuse('approval.asker-gone');
    const decision = give(one, kase, asked.input, { ...context, seat: { ...seat, ...by }, approver: seat });
    if (isRefused(decision)) return decision;
    if (!isDecided(decision)) return refuse('approval.none');
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const digest = decision.flatMap((each) =>
      each.kind === 'proposal.made' || each.kind === 'proposal.accepted' ? [each.content.digest] : [],
    )[0];
    return {
      said: decision.map((each) => (each.by ? each : { ...each, by })),
      held: [
        {
          kind: 'approval.approved',
          content: {
            ...{ approval, to: by.account, said: decision.map(({ kind }) => kind) },
            ...(digest ? { digest } : {}),
            ...(words ? { words } : {}),
          },
        },
      ],
    };
  },
  /** What it lets a colleague give away, held against the authority of who lets them. */
  gives(kase, { approval }, own, today) {
    const asked = own && waitingApprovals(own).find(({ seq }) => seq === approval);
    const gives = asked && approvable(asked.command)?.gives;
    return gives && gives !== 'nothing' ? gives(kase, asked.input, own, today) : null;
  },
});

const giveBack = command({
  name: 'approval.return',
  input: Named.extend({ words: Text(MAX_APPROVAL_WORDS) }),
  needs: 'approve',
  doors: ['form', 'api'],
  page: 'approval',
  proof: false,
  when: some,
  decide(_kase, { approval, words }, context) {
    const asked = waiting(context, approval);
    if ('refused' in asked) return asked;
    if (asked.by.account === context.seat.account) return refuse('approval.own');
    return hold({ kind: 'approval.returned', content: { approval, to: asked.by.account, words } });
  },
  gives: 'nothing',
});

const withdraw = command({
  name: 'approval.withdraw',
  input: Named,
  needs: 'ask',
  doors: ['form', 'api'],
  page: 'approval',
  proof: false,
  when: some,
  decide(_kase, { approval }, context) {
    const asked = waiting(context, approval);
    if ('refused' in asked) return asked;
    if (asked.by.account !== context.seat.account) return refuse('approval.not-yours');
    return hold({ kind: 'approval.withdrawn', content: { approval } });
  },
  gives: 'nothing',
});

/** What of the requests that wait has lapsed at an instant, as the case moved on: the entries that say so. */
export function lapsedApprovals(kase: Case, own: Own, at: string): OwnDecided[] {
  return waitingApprovals(own).flatMap((one): OwnDecided[] =>
    movedOn(kase, one, at) ? [{ kind: 'approval.lapsed', content: { approval: one.seq, to: one.by.account }, by: 'portal' }] : [],
  );
}

export const commands = { approve, giveBack, withdraw };

export const approval = topic({
  empty: {},
  entries: {},
  own: { empty: { approvals: [], granted: [], asked: null }, entries: ownEntries },
  commands,
  due: nothingDue,
  awaits: nobody,
});
