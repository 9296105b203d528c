import type * as z from 'zod';
import type { Zone } from '../plan/law/place.ts';
import type { FileRef } from '../record/format.ts';
import { type Act, type Books, booksFor, bound, exceeded, type Gives, limitsOf, nothingOff } from './authority.ts';
import type { Case, Decided, Own, OwnDecided } from './entry.ts';
import { inMediation, type When } from './mediated.ts';
import type { HeldPolicy } from './policy.ts';
import { readBy } from './reads.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import { saidIn, unsayable } from './said.ts';
import { seated } from './seated.ts';
import { type AnySeat, type Employed, type MediatorSeat, may, type Power, type Reached, type Seat } from './seats.ts';

/** Commands: what a person can ask of a case, and how one is declared. */

/** What a decision may look at beside the case. */
export type Context = {
  /** Instant of the command, RFC 3339 UTC with milliseconds. */
  at: string;
  /** The clocks of the place where the parties are, and the calendar day of that instant by them. */
  zone: Zone;
  today: string;
  seat: Seat;
  /** What the private stream of the seat's own side comes to; null where the seat opens none, or it is not as the portal wrote it. */
  own: Own | null;
  policy: HeldPolicy;
  /** Who allows what is decided in the name of the seat: then it is their authority that counts. */
  approver?: Seat;
  /** Who works for the lender now, by account: what is done in somebody's name is done as what they are. */
  colleagues?: ReadonlyMap<string, Employed>;
  /** Where it was written before it is said, as what waits for the hours. */
  written?: When['written'];
  /** Whether the person has just proved again who they are (password). */
  proven: boolean;
  /** The borrower's contact that this command is about, as the portal knows it: proven, or invited. No client says it. */
  reached?: Reached;
  /** What the lender's books were in other cases about the same loan: figures of a new case are held against it. */
  earlier?: Books | null;
  /** Files that this person has stored for this case, by digest. */
  files: ReadonlyMap<string, FileRef>;
  /** Something of the case is not as the portal wrote it: it can be looked at and nothing else. */
  readOnly?: boolean;
};

/** The same as whoever decides it may sit: at a side, or between both. */
export type AnyContext = Omit<Context, 'seat'> & { seat: AnySeat };
/** What the mediator's own commands look at. */
export type NeutralContext = Omit<Context, 'seat'> & { seat: MediatorSeat };

export const isOfParty = (context: AnyContext): context is Context => context.seat.side !== 'mediator';
const isNeutral = (context: AnyContext): context is NeutralContext => context.seat.side === 'mediator';

/** What is said in the shared record, or why nothing is. */
export type Saying = Decided[] | Refused;

/**
 * What a command comes to: entries of the shared record; or what is held in the private stream of one's own side, unseen by the other (and what is
 * said to both with it, all of it at once or nothing); or a refusal.
 */
export type Decision = Saying | Held;
export type Held = { readonly held: readonly OwnDecided[]; readonly said: readonly Decided[] };

/** Holds something in the private stream of one's own side. */
export function hold(...held: OwnDecided[]): Held {
  return { held, said: [] };
}

/** Why nothing can be held beside a case: the stream is not as it was written, or the case was erased as a whole. Once it is merely over, there is still something to say. */
export function cannotKeep(kase: Case, { own }: Pick<Context, 'own'>): Refused | null {
  if (!own) return refuse('own.unproven');
  return kase.erasures.some(({ whole }) => whole) ? refuse('case.closed') : null;
}

/**
 * By which doors a command comes: `form` as the fields of a form, `upload` as a form with files, `api` as JSON. One with no door has a route of its own,
 * which brings what no client can say, such as the contact that was proved.
 */
export type Door = 'form' | 'upload' | 'api';

/** The page of a case on which a command's form stands, and to which it comes back when it is refused; null where it stands on none. */
export type Page =
  | 'case'
  | 'vacate'
  | 'debt'
  | 'means'
  | 'evidence'
  | 'letter'
  | 'new proposal'
  | 'proposal'
  | 'agreement'
  | 'approval'
  | 'assignment'
  | 'errands'
  | 'complaints'
  | 'ways'
  | 'representatives'
  | 'mediation'
  | 'suggestion'
  | 'new suggestion';

/** With a proof of who sends it (a password, typed anew) a command comes by a form, be it one with a route of its own: JSON brings none. */
type Ways = { doors: readonly Door[]; proof: false } | { doors: readonly ['form'] | readonly []; proof: true };

/** What is declared of a command. */
type Declared<Input extends z.ZodType, Seen = Context> = Ways & {
  name: string;
  input: Input;
  needs: Power;
  page: Page | null;
  /** It is about colleagues, or in the name of one: who works for the lender is looked up for it. */
  ofColleagues?: true;
  /** It opens a case: there is none before. */
  opens?: true;
  /** What it comes to is signed: the whole record is verified and held against the case before it is decided. */
  binding?: boolean;
  /** The reference of the loan, of a command that opens a case: the lender's other cases about it are read. */
  loan?: (input: z.output<Input>) => string | undefined;
  /** Whether the case is in a state in which the command can be given at all: what the buttons of a page ask. */
  when?: (kase: Case, context: Seen) => Refused | null;
  decide: (kase: Case, input: z.output<Input>, context: Seen) => Decision;
  /** What the command gives away when the lender's staff give it. */
  gives: Gives<z.output<Input>>;
};

/** A command as all are handled alike. `decide` and `gives` read their input by its schema themselves: what it does not allow is thrown. */
export type Command<Input extends z.ZodType = z.ZodType> = {
  readonly name: string;
  readonly input: Input;
  readonly needs: Power;
  readonly doors: readonly Door[];
  readonly page: Page | null;
  readonly proof: boolean;
  readonly ofColleagues: boolean;
  readonly opens: boolean;
  readonly loan: (input: unknown) => string | undefined;
  readonly binding: boolean;
  readonly when: (kase: Case, context: AnyContext) => Refused | null;
  readonly decide: (kase: Case, input: unknown, context: AnyContext) => Decision;
  readonly gives: Gives<unknown>;
};

/** Declares a command of a party: what power it needs, when it can be given, what it comes to, and what it gives away; beyond one's authority it is refused. */
export function command<Input extends z.ZodType>(declared: Declared<Input>): Command<Input> {
  return declaredFor(declared, isOfParty);
}

/** The same of the mediator's own: nobody else gives it, and it gives nothing away. */
export function neutral<Input extends z.ZodType>(declared: Declared<Input, NeutralContext> & { gives: 'nothing' }): Command<Input> {
  return declaredFor(declared, isNeutral);
}

function declaredFor<Input extends z.ZodType, Seen extends AnyContext>(
  declared: Declared<Input, Seen>,
  isFor: (context: AnyContext) => context is Seen,
): Command<Input> {
  const { input: schema, decide, gives, when, ofColleagues, opens, loan, binding, ...rest } = declared;
  return {
    ...rest,
    input: schema,
    ofColleagues: ofColleagues ?? false,
    opens: opens ?? false,
    loan: (input) => loan?.(readBy(schema, input)),
    binding: binding ?? false,
    when: (kase, context) => (isFor(context) ? (when?.(kase, context) ?? null) : refuse('seat.may-not')),
    decide(kase, input, context) {
      if (!isFor(context)) return refuse('seat.may-not');
      const read = readBy(schema, input);
      const unsaid = rest.needs === 'confide' ? null : unsayable(saidIn(read), context.seat);
      if (unsaid) return unsaid;
      const decision = decide(kase, read, context);
      const beyond =
        isRefused(decision) || gives === 'nothing'
          ? null
          : beyondAuthority(kase, () => gives(kase, read, context.own, context.today), context);
      return beyond ?? decision;
    },
    gives: gives === 'nothing' ? gives : (kase, input, own, today) => gives(kase, readBy(schema, input), own, today),
  };
}

/** Why the seat may not do what gives this away: up to what it may. The one place where authority is checked. */
function beyondAuthority(kase: Case, given: () => Act | null, { seat, approver, policy, today, earlier }: AnyContext): Refused | null {
  const who = approver ?? seat;
  const own = booksFor(kase, who.capacity);
  const bounds = limitsOf(policy, who);
  // A case that begins anew would begin with limits anew: of what is in the lender's books already, nothing goes by opening another.
  const known = own?.own ? null : (earlier ?? null);
  const limits = bounds && known ? nothingOff(bounds) : bounds;
  const act = limits && (own || known) ? given() : null;
  const books = (bound(who.capacity) ? act?.books : act?.ceiling) ?? known ?? (act?.parts ? null : own);
  if (!limits || !books || !act) return null;
  const excess = exceeded(limits, books, act, today);
  if (!excess) return null;
  return refuse('authority.exceeded', { ...excess, ...(act.why ? { why: act.why } : {}), field: act.beside?.[excess.what] ?? '' });
}

/** Why this seat cannot give the command now, whatever its input; or null. */
export function barred(one: Pick<Command, 'needs' | 'when'>, kase: Case, given: AnyContext): Refused | null {
  const context = inCase(kase, given);
  if (!may(context.seat, one.needs, context.at)) return refuse('seat.may-not');
  return notTheirs(kase, context.seat) ?? one.when(kase, context);
}

/**
 * Why the seat is not that of who sits in it, as far as the record says: the borrower is whoever opened the case or joined it, and nobody of the lender's
 * side is. What the directory says of seats gets nobody around that.
 */
export function notTheirs({ borrowerAccount }: Case, { side, capacity, account }: AnySeat): Refused | null {
  if (borrowerAccount === undefined) return null;
  if (capacity === 'borrower' && account !== borrowerAccount) return refuse('seat.not-the-borrower');
  return side !== 'borrower' && account === borrowerAccount ? refuse('seat.is-the-borrower') : null;
}

/** What comes of giving a command: whether the seat may, whether the case is at that point, and then what it decides. */
export function give(one: Command, kase: Case, input: unknown, context: AnyContext): Decision {
  const decision = barred(one, kase, context) ?? one.decide(kase, input, inCase(kase, context));
  if (isRefused(decision)) return decision;
  const { said, held } = comesTo(decision);
  const marked = inMediation(kase, said, context);
  return held.length > 0 ? { said: marked, held } : marked;
}

/** What a decision looks at, with the seat as the record has it. */
const inCase = (kase: Case, context: AnyContext): AnyContext => ({ ...context, seat: seated(kase, context.seat, context.reached) });

/** Whether `context`'s seat may give the command now: the one rule behind buttons and checks. */
export function offered(kase: Case, one: Pick<Command, 'needs' | 'when'>, context: AnyContext): boolean {
  return !context.readOnly && barred(one, kase, context) === null;
}

/** What one entry may hold, in bytes of UTF-8: the record keeps it for good, and every reader of the case reads it. */
export const MAX_ENTRY_BYTES = 262_144;

/** Why entries are too large to be sealed, or null. */
export function tooLarge({ said, held }: Held): Refused | null {
  const large = [...said, ...held].some(({ content }) => isLarge(JSON.stringify(content)));
  return large ? refuse('entry.too-large', { max: MAX_ENTRY_BYTES / 1024 }) : null;
}

/** No unit of a text is more than three bytes. */
const isLarge = (text: string) => text.length * 3 > MAX_ENTRY_BYTES && new TextEncoder().encode(text).length > MAX_ENTRY_BYTES;

/** Whether a decision is nothing but entries of the shared record. */
export function isDecided(decision: Decision): decision is Decided[] {
  return Array.isArray(decision);
}

/** What a decision that is no refusal comes to, stream by stream. */
export function comesTo(decision: Exclude<Decision, Refused>): Held {
  return isDecided(decision) ? { said: decision, held: [] } : decision;
}
