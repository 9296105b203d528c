import type { Side } from '../negotiation/seats.ts';
import { noted } from '../proof.ts';
import type { Head } from '../record/seal.ts';
import type { Loaded } from '../store/casebook.ts';
import type { Casebook } from '../store/open.ts';

/** A case as the portal reads it to write to a side's private stream by itself. */
export type WithOwn = { loaded: Loaded; own: NonNullable<Loaded['own']>; head: Head; number: string };

/** A case with the private stream of a side; null where there is none, or where there is doubt of either, which is noted: then nothing is written. */
export async function withOwn(casebook: Pick<Casebook, 'load'>, caseId: string, side: Side, requestId = ''): Promise<WithOwn | null> {
  const loaded = await casebook.load(caseId, '', requestId, {}, side);
  const { own, head, number } = loaded;
  if (!own || !head || number === null) return null;
  const doubts = [...loaded.doubts, ...own.doubts];
  if (doubts.length === 0) return { loaded, own, head, number };
  noted(caseId, doubts);
  return null;
}
