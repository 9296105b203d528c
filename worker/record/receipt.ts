import type { AnyRecord } from './verify.ts';

/** A receipt as it stands in a notice, typed or pasted by hand: the hash of an entry and, where the line was taken whole, its number. */
export type Receipt = { hash: string; seq: number | null };

/** Reads a receipt's line, in either language, or its hash alone; null where there is none in it. */
export function readReceipt(text: string): Receipt | null {
  const line = text.trim().toLowerCase();
  // Without a look behind, which older browsers do not read.
  const [, hash] = /(?:^|[^0-9a-f])([0-9a-f]{64})(?![0-9a-f])/.exec(line) ?? [];
  const [, seq] = /(?:第|entry)\s*(\d{1,9})/.exec(line) ?? [];
  return hash === undefined ? null : { hash, seq: seq === undefined ? null : Number(seq) };
}

/** The number of the entry that a receipt is of; null where the record has none such, or under another number. */
export function entryOfReceipt({ hash, seq }: Receipt, record: AnyRecord | null): number | null {
  const found = record?.entries.find((entry) => entry.hash === hash)?.seq ?? null;
  return seq !== null && found !== seq ? null : found;
}
