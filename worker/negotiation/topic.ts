import type { Zone } from '../plan/law/place.ts';
import type { Command } from './command.ts';
import type { Case, Decided, Own } from './entry.ts';
import type { Side } from './seats.ts';

/**
 * A topic owns everything about its entries: what they hold and mean, the commands that come to them, what falls due by time alone, and who is to move.
 * How to add to one is told in `README.md`. From the list of topics (`case.ts`) come routes, buttons, notices, erasure, the matrix and the tests that walk them.
 */

/**
 * What time alone will do: the entry that the portal writes from the instant `at` on, as things stand now; or, where what it says depends on the day on which it is
 * written, the one `on` that day. What `contacts` a person is written within the hours in which that may be done.
 */
export type Due = {
  readonly at: string;
  readonly entry: Decided;
  readonly on?: (day: string) => Decided;
  readonly contacts?: true;
  /** Of several of a name whose time has come, only the last is written. */
  readonly lastOf?: string;
};

/** A topic's part of a side's private stream: of one without entries, and its kinds of entries in it. */
type OwnPart<Empty extends object = object, Entries extends object = object> = {
  readonly empty: Empty;
  readonly entries: Entries;
};

export type Topic<
  Empty extends object = object,
  Entries extends object = object,
  Part extends OwnPart | undefined = OwnPart | undefined,
> = {
  /** This topic's part of a case without entries. */
  readonly empty: Empty;
  /** Its kinds of entries, each declared by `entry()`. */
  readonly entries: Entries;
  /** Its part of a side's private stream, where it has one. */
  readonly own?: Part;
  readonly commands: Readonly<Record<string, Command>>;
  /** What time alone will do, by the clocks of the parties' place, soonest first: from it the schedule knows when to look at the case, and what to write. */
  readonly due: (kase: Case, zone: Zone) => Due[];
  /** Whose move it is at an instant, by this topic; null where it does not say. */
  readonly awaits: (kase: Case, at: string) => Side | null;
  /** What any entry of any topic means for this one, beside what its own kind says. */
  readonly each?: (kase: Case, kind: string) => Case;
  /** The same in a private stream. */
  readonly eachOwn?: (own: Own, kind: string) => Own;
};

/** Declares a topic. */
export function topic<Empty extends Partial<Case>, Entries extends object, Part extends OwnPart<Partial<Own>> | undefined = undefined>(
  declared: Topic<Empty, Entries, Part>,
): Topic<Empty, Entries, Part> {
  return declared;
}

/** For topics in which nothing happens by time alone, and for those that await nobody. */
export const nothingDue = (): Due[] => [];
export const nobody = (): null => null;
