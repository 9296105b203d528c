import { approvable, askFor } from '../negotiation/approval.ts';
import { earlierBooks } from '../negotiation/authority.ts';
import { COMMANDS, type Own } from '../negotiation/case.ts';
import { type AnyContext, type Command, type Context, type Decision, give, isOfParty, notTheirs } from '../negotiation/command.ts';
import { exported, type OwnTaken, ownExported, type Taken } from '../negotiation/custody.ts';
import { type Refused, refuse } from '../negotiation/refusal.ts';
import { seated } from '../negotiation/seated.ts';
import { may, type Reached } from '../negotiation/seats.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import type { FileRef } from '../record/format.ts';
import type { Loaded, Wanted } from '../store/casebook.ts';
import type { AnyAdmission } from '../store/open.ts';
import type { LoadedOwn } from '../store/streams.ts';

/** What an order comes to in a case as it was loaded. Pure: it is decided again, from what is there then, where somebody else was first. */

export type Asked = {
  admission: AnyAdmission;
  /** Not before the newest entry of the record. */
  at: string;
  proven?: boolean;
  reached?: Reached;
  colleagues?: Context['colleagues'];
  attached?: { files: readonly FileRef[] };
};

/** Something that can be decided in a case, and what of the case has to be read for it. */
export type Ask = { opens: boolean; wanted: Wanted; decide: (loaded: Loaded, asked: Asked) => Decision };

/** A command with its input, which it reads by its own schema; null where there is no such command. */
export function asCommand(name: string, input: unknown): Ask | null {
  const command = COMMANDS.get(name);
  return command ? { opens: command.opens, wanted: wantedFor(command, input), decide: decideBy(command, input) } : null;
}

/** The same command sent for approval, with words to who approves it. */
export function asApproval(name: string, input: unknown, words: string): Ask | null {
  const command = approvable(name);
  if (!command) return null;
  const decide: Ask['decide'] = (loaded, asked) => {
    const context = contextOf(asked, loaded);
    return paused(asked.admission) ?? (isOfParty(context) ? askFor(name, loaded.kase, input, words, context) : refuse('seat.may-not'));
  };
  return { opens: false, wanted: wantedFor(command, input), decide };
}

/** Whatever may give something away is held against what the lender's books say in other cases, where they say nothing in this one. */
const wantedFor = ({ binding, loan, gives }: Command, input: unknown): Wanted => ({
  ...(binding ? { whole: true } : {}),
  loan: loan(input),
  others: gives !== 'nothing',
});

const decideBy =
  (command: Command, input: unknown): Ask['decide'] =>
  (loaded, asked) =>
    paused(asked.admission) ?? give(command, loaded.kase, input, contextOf(asked, loaded));

/** While a lender is paused nothing is decided in its cases, whoever asks. */
const paused = ({ lender }: AnyAdmission): Refused | null => (lender.pausedAt === null ? null : refuse('lender.paused'));

/** That a document was made and is taken away: the portal's own doing, which no client can ask for. */
export function asExport(taken: Taken): Ask {
  return {
    opens: false,
    wanted: {},
    decide: ({ kase }, { admission, at }) => {
      const seat = seated(kase, admission.seat);
      return paused(admission) ?? (may(seat, 'take', at) ? (notTheirs(kase, seat) ?? exported(taken)) : refuse('seat.may-not'));
    },
  };
}

/** The same of a private record, in its own stream. */
export function asOwnExport(taken: OwnTaken): Ask {
  return {
    opens: false,
    wanted: {},
    decide: ({ kase }, { admission, at }) => {
      const seat = seated(kase, admission.seat);
      return paused(admission) ?? (may(seat, 'witness', at) ? (notTheirs(kase, seat) ?? ownExported(taken)) : refuse('seat.may-not'));
    },
  };
}

function contextOf({ admission, at, proven, reached, colleagues, attached }: Asked, { policy, files, others, own }: Loaded): AnyContext {
  const sent = (attached?.files ?? []).map(({ sha256, size, type, name }) => [sha256, { sha256, size, type, name }] as const);
  const { zone } = lawOf(policy).place;
  const { seat } = admission;
  const known = { at, today: dayOf(at, zone), zone, seat, own: readable(own), policy, proven: proven ?? false };
  const brought = { ...(reached ? { reached } : {}), ...(colleagues ? { colleagues } : {}) };
  return { ...known, ...brought, earlier: earlierBooks(others), files: new Map([...files, ...sent]) };
}

/** A private stream as rules may look at it: one that is not as the portal wrote it is not to be relied upon. */
export function readable(own: Pick<LoadedOwn, 'own' | 'doubts'> | null): Own | null {
  return own && own.doubts.length === 0 ? own.own : null;
}
