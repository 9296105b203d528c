import { addDays } from '../plan/calendar.ts';
import type { Author } from '../record/format.ts';
import type { Case, Decided } from './entry.ts';
import type { Reached, Side } from './seats.ts';

/** What of a case stands under mediation, and until when: for whoever decides entries, and for the seat of the mediator. */

export const OVER = ['declined', 'dismissed', 'left', 'not-admitted', 'not-accepted', 'settled', 'closed'] as const;

/**
 * `by` is the side that proposed it; `since` when it came to its state; `account` whose it became. `proposed` waits for the other side, `admitted` for the mediator.
 */
export type Mediation = {
  seq: number;
  at: string;
  since: string;
  name: string;
  of?: string;
  by: Side;
  to: Reached;
  account: string | null;
  state: 'proposed' | 'admitted' | 'acting' | (typeof OVER)[number];
};

/** How long a proposal waits for the other side, and a link for the mediator, in days. */
export const ANSWER_WITHIN = 14;

/** How long a mediator still reads once an agreement is in force: as long as both can ask a court to confirm it (民事诉讼法第二百零五条). */
const CONFIRM_WITHIN = 30;

type Mediated = Pick<Case, 'mediations' | 'agreement' | 'closed' | 'lastAt'>;

/** From when on a mediation is over by time alone, and why; null where nothing ends it. */
export function endOf({ agreement, closed, lastAt }: Mediated, one: Mediation): { at: string; why: (typeof OVER)[number] } | null {
  if (closed) return { at: lastAt, why: 'closed' };
  if (one.state === 'proposed') return { at: later(one.since, ANSWER_WITHIN), why: 'not-admitted' };
  if (one.state === 'admitted') return { at: later(one.since, ANSWER_WITHIN), why: 'not-accepted' };
  const inForceAt = agreement?.inForceAt;
  return one.state === 'acting' && inForceAt && inForceAt >= one.at ? { at: later(inForceAt, CONFIRM_WITHIN), why: 'settled' } : null;
}

const later = (at: string, days: number) => `${addDays(at.slice(0, 10), days)}${at.slice(10)}`;

/** Whether a mediation is proposed, admitted or going on. */
export const isOpen = ({ state }: Pick<Mediation, 'state'>): boolean => state === 'proposed' || state === 'admitted' || state === 'acting';

/** The mediation that stands at an instant: proposed, admitted or going on; there is one at a time. */
export function standingMediation(kase: Mediated, at: string): Mediation | null {
  const one = kase.mediations.at(-1);
  if (!one || !isOpen(one)) return null;
  const end = endOf(kase, one);
  return end && end.at <= at ? null : one;
}

/** The mediation that goes on at an instant, with its mediator in the case; null where none does. */
export function mediating(kase: Mediated, at: string): Mediation | null {
  const one = standingMediation(kase, at);
  return one?.state === 'acting' ? one : null;
}

/** Whether an account sits, or sat, beside a party or between the parties of this case: nobody is both. */
export const hasMediated = ({ mediations }: Pick<Case, 'mediations'>, account: string): boolean =>
  mediations.some((one) => one.account === account);

/**
 * Whether an account wrote in a case for one of its sides, be it as somebody of the lender's people who has left since: nobody is neutral who was of a side. The case itself
 * does not keep who wrote, so it is read from the record.
 */
export const wroteForSide = (authors: readonly Pick<Author, 'account' | 'side'>[], account: string): boolean =>
  authors.some((one) => one.account === account && (one.side === 'borrower' || one.side === 'lender'));

/** When something is said, and where it was written before, the mediation that went on then. */
export type When = { at: string; written?: { mediation?: number | undefined } | undefined };

/**
 * What is decided, with the number of the mediation that goes on in each entry that offers, answers an offer, says what is owed, or speaks to the other side: what is conceded in mediation
 * may not be held against anybody later (人民法院在线调解规则第十八条), so that is told wherever the entry stands, also alone.
 */
export function inMediation<D extends Decided>(kase: Mediated, decided: readonly D[], { at, written }: When): (D | Decided)[] {
  const mediation = written ? written.mediation : mediating(kase, at)?.seq;
  return mediation === undefined ? [...decided] : decided.map((one) => marked(one, mediation));
}

function marked(one: Decided, mediation: number): Decided {
  switch (one.kind) {
    case 'proposal.made':
    case 'proposal.accepted':
    case 'proposal.declined':
    case 'debt.stated':
    case 'debt.corrected':
    case 'debt.disputed':
    case 'debt.confirmed':
    case 'talk.message':
    case 'talk.call-logged':
    case 'talk.call-contested':
    case 'talk.letter-issued':
    case 'talk.mail-received':
    case 'agreement.drawn-up':
      return Object.assign({}, one, { content: Object.assign({}, one.content, { mediation }) });
    default:
      return one;
  }
}
