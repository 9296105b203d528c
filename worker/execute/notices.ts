import * as z from 'zod';
import { type Case, kindOf, known, knownOwn, ownKindOf } from '../negotiation/case.ts';
import type { Place, Side } from '../negotiation/seats.ts';
import { type PrivateHeader, privateStream, type SealedEntry } from '../record/format.ts';

const SIDES: readonly Side[] = ['borrower', 'lender'];

/** One notice a side and append, and one to the mediator: of the last entry that each is told of, as its kind declares (`told`). @param kase as it is with them */
export function noticesOf(entries: readonly SealedEntry[], caseId: string, number: string, kase: Case) {
  const sides = SIDES.flatMap((side) => {
    const entry = entries.findLast((one) => hearsOf(side, one));
    const whole = { case: caseId, side, number };
    if (entry) return [{ ...whole, ...receiptOf(entry), person: null }];
    const own = side === 'borrower' ? entries.findLast((one) => hearsAlone(one, kase) !== null) : undefined;
    return own ? [{ ...whole, ...receiptOf(own), person: hearsAlone(own, kase) }] : [];
  });
  const person = kase.mediations.at(-1)?.account ?? null;
  const heard = person === null ? undefined : entries.findLast((one) => mediatorHears(one, kase));
  return heard ? [...sides, { case: caseId, side: 'mediator' as const, number, ...receiptOf(heard), person }] : sides;
}

/** A mediator hears all that a side does while they are in the case, and that they are in it no more. */
function mediatorHears(entry: SealedEntry, { mediations }: Case): boolean {
  const told = kindOf(entry.kind)?.told === 'others' && known(entry)?.author?.side !== 'mediator';
  return told && (mediations.at(-1)?.state === 'acting' || ENDS_MEDIATION.has(entry.kind));
}

/** By which a mediator is let go of. */
const ENDS_MEDIATION: ReadonlySet<string> = new Set(['mediation.dismissed', 'mediation.ended']);

/**
 * Whether a notice is the last one to whom it names, with which their seat goes: to whose authority was taken back, or to the mediator who is let go of. Others are told of
 * the same by name and stay: a borrower for whom a mediator was let go of, a mediator while a representative goes.
 */
export const isFarewell = ({ kind, side }: { kind: string; side: Place }): boolean =>
  side === 'mediator' ? ENDS_MEDIATION.has(kind) : kind === 'representative.revoked';

const receiptOf = ({ seq, kind, hash, at }: SealedEntry) => ({ seq, kind, hash, at });

/**
 * Who of the borrower's side hears, alone, of what was said there: the borrower, of what was done for them; and whose authority they took back.
 */
function hearsAlone(sealed: SealedEntry, { representatives }: Case): string | null {
  const entry = known(sealed);
  if (!entry || entry.content === null || kindOf(entry.kind)?.told !== 'others') return null;
  if (entry.kind === 'representative.revoked') {
    const { appointment } = entry.content;
    return representatives.find(({ seq }) => seq === appointment)?.account ?? null;
  }
  return entry.author.for?.account ?? null;
}

/** For whom an entry of a private stream is that names somebody; null where it names nobody. */
const Addressed = z.object({ to: z.string().nullable() });

/**
 * The notices of what is held in a private stream, under the stream's own name: to that side alone, and of it to who may approve, or to the one whom it names (`person`). Of
 * most of what is held, none.
 */
export function ownNoticesOf(entries: readonly SealedEntry[], header: PrivateHeader) {
  return entries.flatMap((entry) => {
    const { seq, kind, hash, at, content } = entry;
    const told = ownKindOf(kind)?.told ?? 'own side';
    if (told === 'own side') return [];
    const person = told === 'whom it names' ? Addressed.parse(content).to : null;
    if (told === 'whom it names' && (person === null || person === knownOwn(entry)?.author?.account)) return [];
    return [{ case: privateStream(header.case, header.side), seq, side: header.side, kind, hash, number: header.number, at, person }];
  });
}

function hearsOf(side: Side, entry: SealedEntry): boolean {
  const told = kindOf(entry.kind)?.told;
  return told === side || (told === 'others' && known(entry)?.author?.side !== side);
}
