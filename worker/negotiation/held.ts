import type { Case } from './case.ts';
import { type Command, type Context, type Decision, give, type Held, isDecided } from './command.ts';
import type { HeldContact } from './conduct.ts';
import { isRefused } from './refusal.ts';
import type { Seat } from './seats.ts';
import { commands as talk } from './talk.ts';

/** What of a side's contacts waits for the hours comes to once they are there. */

const COMMAND = { 'talk.message': talk.message, 'talk.issueLetter': talk.issueLetter } as const satisfies Record<
  HeldContact['command'],
  Command
>;

/** Who does it, and what is said and noted with it. */
export type Released = { seat: Seat; decided: Held };

/**
 * What comes of one that waited: it is said in its author's name, as what they are now; or dropped, where they work for the lender no more or may not any more. Null
 * where the hours are not there yet, as the borrower may have wished for others meanwhile.
 */
export function released(kase: Case, { seq, by, command, input, mediation }: HeldContact, context: Omit<Context, 'seat'>): Released | null {
  const author = context.colleagues?.get(by.account);
  const seat: Seat = { side: 'lender', ...(author ?? by) };
  const drop = (why: 'author-gone' | 'refused'): Released => ({
    seat,
    decided: { said: [], held: [{ kind: 'contact.dropped', content: { held: seq, to: by.account, why }, by: 'portal' }] },
  });
  if (!author) return drop('author-gone');
  const decision: Decision = give(COMMAND[command], kase, input, { ...context, seat, written: { mediation } });
  if (isRefused(decision)) return drop('refused');
  if (!isDecided(decision)) return null;
  return { seat, decided: { said: decision, held: [{ kind: 'contact.sent', content: { held: seq }, by: 'portal' }] } };
}
