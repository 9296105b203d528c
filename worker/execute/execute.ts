import * as z from 'zod';
import { DAY, later } from '../clock.ts';
import { comesTo, tooLarge } from '../negotiation/command.ts';
import type { OwnTaken, Taken } from '../negotiation/custody.ts';
import { isRefused, type Refused, refuse } from '../negotiation/refusal.ts';
import { seated } from '../negotiation/seated.ts';
import { noted, prove } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import type { FileRef } from '../record/format.ts';
import { notBefore } from '../record/seal.ts';
import type { Loaded } from '../store/casebook.ts';
import { isConflict } from '../store/connect.ts';
import type { CaseFile } from '../store/open.ts';
import { type Act, commit, filesNamed, type Outcome, type Seals } from './commit.ts';
import { type Ask, type Asked, asApproval, asCommand, asExport, asOwnExport } from './decide.ts';

export type { Outcome } from './commit.ts';

/** The one write path of people: load, decide, seal, append, and again where somebody was first. Two round trips to the casebook. */

/** Who asks, in which case, and what the portal needs to answer. */
export type Order = Omit<Asked, 'attached'> &
  Seals &
  Pick<Act, 'number' | 'forgetDraft' | 'sent'> & {
    casefile: CaseFile;
    /** Told by which policy it was carried out. */
    carriedOutBy?: (policy: Loaded['policy']) => void;
    /** Chosen by the client; a repetition returns the first outcome. */
    requestId: string;
    /**
     * Files that come with the command: once it is decided, those that its entries name are stored, by their digests, and known to the case.
     */
    attached?: { files: readonly (FileRef & { original: string })[]; store: (named: ReadonlySet<string>, lender: string) => Promise<void> };
  };

/** Executes a command. A refusal is a value; what throws should not have happened. */
export async function execute(order: Order & { command: string; input: unknown }): Promise<Outcome> {
  const ask = asCommand(order.command, order.input);
  return ask ? carryOut(order, ask, order) : { ok: false, refusal: { code: 'command.unknown' } };
}

/** Sends a command for approval, with words to who approves it: it waits, and nothing of it is said. */
export async function sendForApproval(order: Order & { command: string; input: unknown; words: string }): Promise<Outcome> {
  const { command, input, words } = order;
  const ask = asApproval(command, input, words);
  // A request's digest is over all that it brings: what was sent for approval is not the same as what was done.
  return ask
    ? carryOut(order, ask, { command: `approval of ${command}`, input: { input, words } })
    : { ok: false, refusal: { code: 'command.unknown' } };
}

/** Writes that a document was made and is taken away. `loaded` is what it was made from, where that is still at hand. */
export function recordExport(order: Order, taken: Taken, loaded?: Loaded): Promise<Outcome> {
  return carryOut(order, asExport(taken), { command: 'custody.exported', input: taken }, loaded);
}

/** The same of a private record, which its own stream remembers. */
export function recordOwnExport(order: Order, taken: OwnTaken, loaded: Loaded): Promise<Outcome> {
  return carryOut(order, asOwnExport(taken), { command: 'custody.exported', input: taken }, loaded);
}

export const TRIES = 12;

/** Nothing is written to a case of which there is any doubt. */
async function carryOut(order: Order, ask: Ask, said: { command: string; input: unknown }, first?: Loaded): Promise<Outcome> {
  const { admission, casefile, requestId, attached } = order;
  const { seat, lender } = admission;
  const digest = digestOf(canonical({ account: seat.account, case: admission.case, command: said.command, input: said.input }));
  for (let tries = 1; ; tries++) {
    const loaded = (tries === 1 && first) || (await casefile.load(requestId, ask.wanted));
    if (loaded.request) return repeated(loaded.request, digest);
    if (!loaded.head && !ask.opens) return { ok: false, refusal: { code: 'case.unknown' } };
    const proof = loaded.record ? await prove(loaded.record, casefile.published, loaded.doubts) : loaded;
    if (proof.doubts.length > 0) return { ok: false, refusal: noted(casefile.id, proof.doubts) };
    // Where the whole record was folded, that is the case: a snapshot can be older than a part of what the fold knows.
    const now: Loaded = { ...loaded, kase: proof.kase };
    // What is decided and written happens at one instant, which never goes back.
    const at = notBefore(order.at, loaded.head?.at);
    const decision = ask.decide(now, { ...order, at });
    if (isRefused(decision)) return { ok: false, refusal: decision.refused };
    const { said, held } = comesTo(decision);
    const refused = tooLarge({ said, held }) ?? (held.length > 0 ? cannotHold(casefile.id, now) : null);
    if (refused) return { ok: false, refusal: refused.refused };
    if (tries === 1 && attached) {
      const named = filesNamed(said);
      // Noted first: should this come to nothing after all, they leave storage again. A day is longer than any request.
      const brought = attached.files.flatMap(({ sha256 }) => (named.has(sha256) ? [sha256] : []));
      await casefile.awaitFiles(brought, later(order.at, DAY));
      await attached.store(named, admission.lender.slug);
    }
    const { number, forgetDraft, sent } = order;
    const act: Act = {
      case: admission.case,
      lender: lender.slug,
      seat: seated(now.kase, seat, order.reached),
      loaded: now,
      decided: said,
      held: now.own ? [{ stream: now.own, decided: held }] : [],
      at,
      request: { id: requestId, digest },
      number,
      ...(attached ? { files: attached.files } : {}),
      ...(forgetDraft ? { forgetDraft } : {}),
      ...(sent ? { sent } : {}),
    };
    try {
      const outcome = await commit(casefile, act, order);
      order.carriedOutBy?.(now.policy);
      return outcome;
    } catch (thrown) {
      // Somebody was first: look again and decide anew, so that the person sees success or the real reason.
      if (!isConflict(thrown)) throw thrown;
      if (tries === TRIES) return { ok: false, refusal: { code: 'case.busy' } };
      await aside(tries, order.random);
    }
  }
}

/** Why nothing can be held for who asks: they open no private stream, or there is doubt of it. */
function cannotHold(caseId: string, { own }: Loaded): Refused | null {
  if (!own) return refuse('seat.may-not');
  return own.doubts.length > 0 ? { refused: noted(caseId, own.doubts) } : null;
}

/** Steps aside for a moment that grows with each try and differs for each writer, so that many at one case do not meet again and again. */
export function aside(tries: number, random: Seals['random']): Promise<void> {
  const [share = 0] = random(1);
  return new Promise((resolve) => setTimeout(resolve, Math.min(200, 4 * 2 ** tries) * (share / 255)));
}

const Receipts = z.array(z.object({ seq: z.int(), kind: z.string(), hash: z.string() }));
/** An outcome as it is remembered; what was refused is not. */
const Remembered = z
  .object({ ok: z.literal(true), case: z.string(), seq: z.int(), entries: Receipts, told: z.int(), own: Receipts.exactOptional() })
  .readonly();

/** The first outcome of a request; one that was changed from outside says only that the request was carried out. The same id with another body is a mistake of the client, and is told so. */
export function repeated(request: NonNullable<Loaded['request']>, digest: string): Outcome {
  if (request.digest !== digest) return { ok: false, refusal: { code: 'request.reused' } };
  const read = Remembered.safeParse(request.outcome);
  return read.success ? read.data : { ok: false, refusal: { code: 'request.unreadable' } };
}
