import { dayInChina } from './clock.ts';
import { earlierBooks } from './negotiation/authority.ts';
import { type Case, COMMANDS, checked, due as dueIn, fold, kindOf } from './negotiation/case.ts';
import { type Context, type Decision, give, isDecided, tooLarge } from './negotiation/command.ts';
import { erase, exported, type Taken } from './negotiation/custody.ts';
import type { Decided } from './negotiation/entry.ts';
import { type Refusal, refuse } from './negotiation/refusal.ts';
import { may, otherSide, type Reached, type Seat, type Side } from './negotiation/seats.ts';
import { project } from './projection.ts';
import { noted, prove } from './proof.ts';
import { canonical, digestOf } from './record/digest.ts';
import { type Author, type FileRef, filesIn, type SealedEntry } from './record/format.ts';
import type { SigningKey } from './record/keys.ts';
import { emptyHead, seal } from './record/seal.ts';
import { caseFile } from './store/case-file.ts';
import type { Loaded, Wanted } from './store/casebook.ts';
import { isConflict } from './store/connect.ts';
import type { CaseAdmission, Casebook, CaseFile } from './store/open.ts';

/** One command, from seat to sealed entries: load, fold, decide, seal, append. Two round trips to the casebook. */

/** `told` counts the notices that are to leave. */
export type Outcome =
  | { ok: true; case: string; seq: number; entries: { seq: number; kind: string; hash: string }[]; told: number }
  | { ok: false; refusal: Refusal };

export type Order = {
  admission: CaseAdmission;
  casefile: CaseFile;
  command: string;
  /** Parsed by the command's schema. */
  input: unknown;
  /** Chosen by the client; a repetition returns the first outcome. */
  requestId: string;
  at: string;
  proven?: boolean;
  reached?: Reached;
  key: SigningKey;
  random: (bytes: number) => Uint8Array;
  /** A number for a case that this command opens. */
  number: () => string;
  forgetDraft?: { account: string; about: string };
  /**
   * Files that come with the command: once it is decided, those that its entries name are stored, by their digests, and known to the case.
   */
  attached?: { files: readonly (FileRef & { original: string })[]; store: (named: ReadonlySet<string>) => Promise<void> };
};

const TRIES = 12;

/** Steps aside for a moment that grows with each try and differs for each writer, so that many at one case do not meet again and again. */
function aside(tries: number, random: Order['random']): Promise<void> {
  const [share = 0] = random(1);
  return new Promise((resolve) => setTimeout(resolve, Math.min(200, 4 * 2 ** tries) * (share / 255)));
}

/** Executes a command. A refusal is a value; what throws should not have happened. */
export async function execute(order: Order): Promise<Outcome> {
  const command = COMMANDS.get(order.command);
  if (!command) return { ok: false, refusal: { code: 'command.unknown' } };
  const { opens, binding: whole, loan } = command;
  return carryOut(order, { opens, whole, loan: loan(order.input) }, (kase, context) => give(command, kase, order.input, context));
}

/** Writes that a document was made and is taken away: the portal's own doing, which no client can ask for. `loaded` is what it was made from. */
export function recordExport(order: Omit<Order, 'command' | 'input'>, taken: Taken, loaded: Loaded): Promise<Outcome> {
  const decide = (_kase: Case, { seat, at }: Context) => (may(seat, 'read', at) ? exported(taken) : refuse('seat.may-not'));
  return carryOut({ ...order, command: 'custody.exported', input: taken }, { opens: false }, decide, loaded);
}

/** Loads, decides and appends, and again where somebody was first. Nothing is written to a case of which there is any doubt. */
async function carryOut(
  order: Order,
  { opens, ...wanted }: { opens: boolean } & Wanted,
  decide: (kase: Case, context: Context) => Decision,
  first?: Loaded,
): Promise<Outcome> {
  const { admission, casefile } = order;
  const { seat, lender } = admission;
  const requestDigest = digestOf(canonical({ account: seat.account, case: admission.case, command: order.command, input: order.input }));
  for (let tries = 1; ; tries++) {
    const loaded = (tries === 1 && first) || (await casefile.load(order.requestId, wanted));
    if (loaded.request) return repeated(loaded.request, requestDigest);
    if (!loaded.head && !opens) return { ok: false, refusal: { code: 'case.unknown' } };
    const doubts = loaded.record ? (await prove(loaded.record, casefile.published, loaded.doubts)).doubts : loaded.doubts;
    if (doubts.length > 0) return { ok: false, refusal: noted(casefile.id, doubts) };
    const decision = decide(loaded.kase, contextOf(order, loaded));
    if (!isDecided(decision)) return { ok: false, refusal: decision.refused };
    const large = tooLarge(decision);
    if (large) return { ok: false, refusal: large.refused };
    if (tries === 1) await order.attached?.store(filesNamed(decision));
    try {
      return await append({ ...order, lender: lender.slug, seat }, loaded, decision, requestDigest);
    } catch (thrown) {
      // Somebody was first: look again and decide anew, so that the person sees success or the real reason.
      if (!isConflict(thrown)) throw thrown;
      if (tries === TRIES) return { ok: false, refusal: { code: 'case.busy' } };
      await aside(tries, order.random);
    }
  }
}

/** Digests of the files that entries name. */
const filesNamed = (decided: readonly Decided[]) => new Set(decided.flatMap(({ content }) => filesIn(content)).map(({ sha256 }) => sha256));

function contextOf({ admission, at, proven, reached, attached }: Order, { policy, files, head, others }: Loaded): Context {
  const now = head && head.at > at ? head.at : at;
  const own = (attached?.files ?? []).map(({ sha256, size, type, name }) => [sha256, { sha256, size, type, name }] as const);
  const known = { at: now, today: dayInChina(now), seat: admission.seat, policy, proven: proven ?? false };
  return { ...known, ...(reached ? { reached } : {}), earlier: earlierBooks(others), files: new Map([...files, ...own]) };
}

/** The first outcome of a request; the same id with another body is a mistake of the client, and is told so. */
function repeated(request: NonNullable<Loaded['request']>, digest: string): Outcome {
  return request.digest === digest ? (request.outcome as Outcome) : { ok: false, refusal: { code: 'request.reused' } };
}

type Append = Pick<Order, 'casefile' | 'at' | 'key' | 'random' | 'requestId' | 'attached' | 'forgetDraft'> & {
  lender: string;
  seat: Seat | null;
  number: () => string;
};

async function append(order: Append, loaded: Loaded, decided: Decided[], requestDigest: string): Promise<Outcome> {
  const { seat, at, casefile, key, random, requestId } = order;
  const caseId = casefile.id;
  const header = { case: caseId, lender: order.lender, openedAt: loaded.openedAt ?? at, number: loaded.number ?? order.number() };
  const drafts = decided
    .map(checked)
    .map(({ kind, content, by }) => ({ kind, content, author: seat && by !== 'portal' ? authorOf(seat) : PORTAL }));
  if (drafts.length === 0) {
    const outcome: Outcome = { ok: true, case: caseId, seq: loaded.kase.seq, entries: [], told: 0 };
    await casefile.remember({ id: requestId, digest: requestDigest, outcome, at });
    return outcome;
  }
  const named = filesNamed(decided);
  const sealed = await seal(caseId, loaded.head ?? emptyHead(header), drafts, at, random, key);
  const kase = fold(sealed.entries, loaded.kase);
  const notices = noticesOf(sealed.entries, caseId, header.number);
  const outcome: Outcome = {
    ok: true,
    case: caseId,
    seq: sealed.head.seq,
    entries: sealed.entries.map(({ seq, kind, hash }) => ({ seq, kind, hash })),
    told: notices.length,
  };
  await casefile.append({
    request: { id: requestId, digest: requestDigest, outcome, at },
    header: { number: header.number, lender: header.lender, openedAt: header.openedAt },
    entries: sealed.entries,
    checkpoints: sealed.checkpoints,
    projection: project(kase, sealed.head),
    notices,
    files: (order.attached?.files ?? [])
      .filter(({ sha256 }) => named.has(sha256))
      .map(({ sha256, size, type, name, original }) => ({
        case: caseId,
        sha256,
        size,
        type,
        name,
        original,
        account: seat?.account ?? '',
        at,
      })),
    ...(order.forgetDraft ? { forgetDraft: order.forgetDraft } : {}),
  });
  return outcome;
}

export const PORTAL: Author = { side: 'portal', capacity: 'portal', name: 'Heyi', account: null };

function authorOf({ side, capacity, name, account }: Seat): Author {
  return { side, capacity, name, account };
}

/** One notice a side and append: of the last entry that concerns it. */
export function noticesOf(entries: readonly SealedEntry[], caseId: string, number: string) {
  const sides: Side[] = ['borrower', 'lender'];
  return sides.flatMap((side) => {
    const entry = entries.findLast(
      ({ kind, author }) => kindOf(kind)?.told === 'others' && (author as Author | null)?.side !== side && concerns(author as Author, side),
    );
    return entry ? [{ case: caseId, seq: entry.seq, side, kind: entry.kind, hash: entry.hash, number, at: entry.at }] : [];
  });
}

function concerns({ side }: Author, to: Side): boolean {
  return side === 'portal' || side === otherSide(to);
}

/** What the portal, or its operator, does in a case by itself. */
type ByPortal = Omit<Append, 'casefile' | 'seat' | 'number'> & { casebook: Casebook; caseId: string };

const portalFile = ({ casebook, caseId }: Pick<ByPortal, 'casebook' | 'caseId'>) => caseFile(casebook, caseId, { account: '', side: null });

/**
 * Writes what follows from time alone (an offer that has lapsed, instalments gone late) as the portal's own entries. Where nothing does,
 * the projection is made anew, so that its deadline is no longer one that has passed. A conflict means that somebody else wrote: next time.
 * Answers whether the case could be written to.
 */
export async function writeDue(due: ByPortal): Promise<boolean> {
  const { casebook, caseId, lender, at, requestId } = due;
  const casefile = portalFile(due);
  const loaded = await casefile.load(requestId);
  const { kase, head, number, openedAt, doubts } = loaded;
  if (!head || number === null || openedAt === null) return false;
  if (doubts.length > 0) {
    noted(caseId, doubts);
    return false;
  }
  const decided = dueIn(kase).flatMap((one) => (one.at < at ? [one.entry] : []));
  try {
    if (decided.length === 0) await casebook.reproject({ id: caseId, lender, number, openedAt }, project(kase, head));
    else await append({ ...due, casefile, seat: null, number: () => number }, loaded, decided, digestOf(canonical({ case: caseId, at })));
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
  }
  return true;
}

/**
 * Erases contents by an entry that says so, for the operator. The digests stay and the chain holds; the projection is worked out again from
 * what is left. Files leave storage with the next run of the schedule. Repeating it after a crash finishes what was begun.
 */
export async function eraseContents(
  due: ByPortal,
  wanted: { entries: readonly number[]; files: readonly string[]; reason: string; whole: boolean },
): Promise<Outcome> {
  const { casebook, caseId, at, requestId } = due;
  const casefile = portalFile(due);
  const loaded = await casefile.load(requestId, { whole: true });
  const { record } = loaded;
  if (!record || !loaded.head) return { ok: false, refusal: { code: 'case.unknown' } };
  const { doubts } = await prove(record, casebook.published, loaded.doubts);
  if (doubts.length > 0) return { ok: false, refusal: noted(caseId, doubts) };
  const erasable = record.entries.filter(({ kind }) => kind !== 'custody.erased');
  const chosen = wanted.whole ? erasable : erasable.filter(({ seq }) => wanted.entries.includes(seq));
  const entries = chosen.map(({ seq, kind, content }) => ({
    seq,
    personal: kindOf(kind)?.personal ?? false,
    files: filesIn(content).map(({ sha256 }) => sha256),
  }));
  const decision = erase(loaded.kase, { ...wanted, entries }, { at, policy: loaded.policy });
  if (!isDecided(decision)) return { ok: false, refusal: decision.refused };
  const outcome = await append(
    { ...due, casefile, seat: null, number: () => record.row.number },
    loaded,
    decision,
    digestOf(canonical({ case: caseId, at })),
  );
  const files = decision.flatMap((one) => (one.kind === 'custody.erased' ? one.content.files : []));
  await casebook.erase(
    caseId,
    entries.map(({ seq }) => seq),
    files,
    wanted.whole,
    at,
  );
  const after = await casebook.record(caseId);
  const last = after?.entries.at(-1);
  if (after && last) {
    const kase = fold(after.entries);
    await casebook.reproject(after.row, project(kase, { seq: last.seq, hash: last.hash }));
  }
  return outcome;
}
