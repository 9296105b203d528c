import * as z from 'zod';
import { lawOf } from '../plan/law/index.ts';
import { addWorkingDays } from '../plan/law/working-days.ts';
import { dayOf } from '../plan/law/zone.ts';
import { type Context, command } from './command.ts';
import { type Case, type ContentsOf, entry, sideOf } from './entry.ts';
import { refuse } from './refusal.ts';
import type { Side } from './seats.ts';
import { negotiable } from './stage.ts';
import { Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * An impasse: the two sides have come no further, by a rule that the entry names and never by silence alone. Talks stay open: it ends where the other side takes up an
 * offer that was made since, by accepting or countering it, or where both say that they go on.
 */

/** `unanswered`: the lender gave no answer in the working days that it promised; `declined`: so many rounds were declined; `both`: both sides say so. */
export const RULES_OF_IMPASSE = ['unanswered', 'declined', 'both'] as const;
export type ImpasseRule = (typeof RULES_OF_IMPASSE)[number];

/** Rounds that are declined, since talks began or were taken up again. */
const ROUNDS = 3;

export type Impasse = {
  /** `rounds` is how many had been declined when it was declared or, once talks were taken up again, by then. */
  impasse: { seq: number; at: string; rule: ImpasseRule; rounds: number } | null;
  /** Who says that there is one, before it is declared; and since it was, who says that talks go on. */
  impasseSaid: Side[];
  impasseOver: Side[];
};

const entries = {
  'impasse.said': entry({
    content: z.object({ words: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, said) => ({ ...kase, impasseSaid: [...kase.impasseSaid, sideOf(said)] }),
  }),
  'impasse.declared': entry({
    content: z.object({ rule: z.enum(RULES_OF_IMPASSE), words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, content: { rule } }) => ({
      ...kase,
      impasse: { seq, at, rule, rounds: kase.declinedRounds },
      impasseSaid: [],
      impasseOver: [],
    }),
  }),
  'impasse.resumed': entry({
    content: z.object({ words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase, resumed) => countedAnew(kase, { ...kase, impasseOver: [...kase.impasseOver, sideOf(resumed)] }),
  }),
};

declare module './entry.ts' {
  interface Case extends Impasse {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** Whether the case is at an impasse: one was declared, no offer made since was taken up, and not both sides have said that talks go on. */
export function atImpasse({ impasse, impasseOver, offers, stage }: Pick<Case, 'impasse' | 'impasseOver' | 'offers' | 'stage'>): boolean {
  if (!impasse || stage !== 'negotiating') return false;
  const isTaken = offers.some(({ seq, state }) => seq > impasse.seq && (state === 'answered' || state === 'accepted'));
  return !isTaken && !(impasseOver.includes('borrower') && impasseOver.includes('lender'));
}

/** Where an entry ends an impasse, rounds are counted from there. */
function countedAnew(before: Case, next: Case): Case {
  const { impasse, declinedRounds: rounds } = next;
  return impasse && atImpasse(before) && !atImpasse(next) ? { ...next, impasse: { ...impasse, rounds } } : next;
}

/** A case once an offer was made in it. @param by the side whose people made it, who thereby say no more that talks have come no further; null where the portal answered by policy */
export function afterOffer(before: Case, next: Case, by: Side | null): Case {
  return countedAnew(before, { ...next, impasseSaid: next.impasseSaid.filter((one) => one !== by) });
}

/** The day after which an offer of the borrower's is unanswered for certain, by what the lender promised. */
const promisedLast = ({ at }: { at: string }, { policy, zone }: Pick<Context, 'policy' | 'zone'>): string =>
  addWorkingDays(lawOf(policy).holidays, dayOf(at, zone), policy.answerWithin).latest;

/** The rule by which a side may declare an impasse alone now; null where there is none. */
export function ruleNow(kase: Case, context: Pick<Context, 'seat' | 'today' | 'policy' | 'zone'>): ImpasseRule | null {
  if (kase.declinedRounds - (kase.impasse?.rounds ?? 0) >= ROUNDS) return 'declined';
  const offer = kase.offers.at(-1);
  const waits = context.seat.side === 'borrower' && offer?.side === 'borrower' && (offer.state === 'live' || offer.state === 'lapsed');
  // One that was before the last impasse has had its say.
  const isNew = offer !== undefined && offer.seq > (kase.impasse?.seq ?? 0);
  return waits && isNew && promisedLast(offer, context) < context.today ? 'unanswered' : null;
}

const notYet = (kase: Case) => negotiable(kase) ?? (atImpasse(kase) ? refuse('impasse.already') : null);

const declare = command({
  name: 'impasse.declare',
  input: z.object({ words: Text(2000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: (kase, context) => notYet(kase) ?? (ruleNow(kase, context) ? null : refuse('impasse.no-rule')),
  decide(kase, { words }, context) {
    const rule = ruleNow(kase, context);
    return rule ? [{ kind: 'impasse.declared', content: { rule, ...(words ? { words } : {}) } }] : refuse('impasse.no-rule');
  },
  gives: 'nothing',
});

/** One side says so; where the other has, it is declared by that. */
const say = command({
  name: 'impasse.say',
  input: z.object({ words: Text(2000) }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: (kase, { seat }) =>
    notYet(kase) ??
    (kase.borrowerName === null ? refuse('case.not-joined') : kase.impasseSaid.includes(seat.side) ? refuse('impasse.said') : null),
  decide(kase, { words }) {
    const said = { kind: 'impasse.said' as const, content: { words } };
    return kase.impasseSaid.length === 0 ? [said] : [said, { kind: 'impasse.declared', content: { rule: 'both' }, by: 'portal' }];
  },
  gives: 'nothing',
});

const resume = command({
  name: 'impasse.resume',
  input: z.object({ words: Text(2000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: (kase, { seat }) =>
    negotiable(kase) ??
    (!atImpasse(kase) ? refuse('impasse.none') : kase.impasseOver.includes(seat.side) ? refuse('impasse.resumed') : null),
  decide: (_kase, { words }) => [{ kind: 'impasse.resumed', content: { ...(words ? { words } : {}) } }],
  gives: 'nothing',
});

export const commands = { declare, say, resume };

export const impasse = topic({
  empty: { impasse: null, impasseSaid: [], impasseOver: [] },
  entries,
  commands,
  due: nothingDue,
  awaits: nobody,
});
