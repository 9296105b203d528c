/**
 * `npm run --silent witness -- URL DIR`: follows a lender's list of anchors (`https://PORTAL/.well-known/heyi-anchors/LENDER`) from outside, for a regulator, an arbitration
 * body, the lender, or anybody. DIR keeps a copy of it: one anchor a line in `anchors.ndjson`, with its proof and time stamp as they were published, time stamps that came later in `stamps.ndjson`,
 * the keys by which they are signed in `keys.json`, and in `list.txt` which list it is: a folder is of one list. Each run holds what is new against the copy; run it by a timer. Where the list forks, goes back or does not hold, it says so, and keeps what it was shown
 * in `alarm-…json`, for whoever is to decide. Exit 0 where the list is the one that was kept, gone on or not; 1 where it is not; 2 where it could not be read.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Anchor, anchorDigest, anchorFault, followFault, Proof } from '../worker/record/anchor.ts';
import { canonical } from '../worker/record/digest.ts';
import { parseJson } from '../worker/record/json.ts';
import { type PublishedKey, readPublished } from '../worker/record/published.ts';
import { checkTimestamp } from '../worker/record/timestamp.ts';

const PATIENCE = 20_000;
/** More than a page of anchors with their proofs and time stamps, or a ring of keys. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Members that are not named here are passed over. */
const One = z.object({ anchor: Anchor, proof: Proof, timestamp: z.base64().nullable() });
type One = z.infer<typeof One>;
const Stamp = z.object({ n: z.int(), timestamp: z.base64() });
const Page = z.object({ anchors: z.array(One), next: z.int().nullable() });

/** What a run found: why the list is not the one that was kept (null where it is), how many anchors are new, and what is worth telling of them. */
export type Witnessed = { alarm: string | null; fresh: number; last: Anchor | null; told: string[] };

/** Anchors whose key did not count that are read before one whose key does: more is no list of a portal that goes on. */
const MOST_SUSPECT = 10_000;
/** Of so many of the newest anchors a time stamp that came later is asked for. */
const STAMPS_LATER = 500;

/** Follows a list into a folder. @throws where it cannot be read, the folder cannot, or is of another list */
export async function witness(list: string, folder: string): Promise<Witnessed> {
  mkdirSync(folder, { recursive: true });
  ofThisList(list, folder);
  const lender = decodeURIComponent(new URL(list).pathname.split('/').findLast(Boolean) ?? '');
  const file = join(folder, 'anchors.ndjson');
  const kept = keptIn(file).map((line) => One.parse(JSON.parse(line)));
  let last = kept.at(-1)?.anchor ?? null;
  const told: string[] = [];
  const alarm = (why: string, shown: unknown): Witnessed => {
    const evidence = { why, list, kept: last, shown, at: new Date().toISOString() };
    writeFileSync(join(folder, `alarm-${evidence.at.replaceAll(/[:.]/g, '-')}.json`), `${JSON.stringify(evidence, null, 1)}\n`);
    return { alarm: why, fresh, last, told };
  };
  let fresh = 0;
  const published = await keysOf(list, folder);
  if (typeof published === 'string') return alarm(published, null);
  // Signed by a key that was revoked before: kept once one comes that goes on from them and is signed by a key that counts.
  let suspect: One[] = [];
  // From the last one that was kept on, so that it is seen whether it still stands there.
  for (let after: number | null = Math.max(0, (last?.n ?? 0) - 1), isFirst = last !== null; after !== null; isFirst = false) {
    const page: z.infer<typeof Page> = read(Page, await fetched(`${list}?after=${after}`), list);
    const [first, ...rest] = page.anchors;
    if (isFirst && !first) return alarm(`the list goes back: anchor ${last?.n} is not there any more`, page);
    if (isFirst && first && last && anchorDigest(first.anchor) !== anchorDigest(last))
      return alarm(`the list forks: anchor ${last.n} is another one than before${reasonOf(page.anchors)}`, page);
    for (const one of isFirst ? rest : page.anchors) {
      const before: Anchor | null = suspect.at(-1)?.anchor ?? last;
      if (one.anchor.lender !== lender) return alarm(`anchor ${one.anchor.n} is of another list, that of ${one.anchor.lender}`, one);
      const own = await anchorFault(one.anchor, published);
      const fault = followFault(one.anchor, before, one.proof) ?? (own === 'anchor.key-dates' ? null : own);
      if (fault) return alarm(`the list does not hold: anchor ${one.anchor.n} does not follow the one before (${fault})`, one);
      const stamp = await stampFault(one);
      if (stamp) return alarm(stamp, one);
      suspect.push(one);
      if (own && suspect.length > MOST_SUSPECT)
        return alarm(`anchor ${one.anchor.n} is signed by a key that did not count then (${own})`, one);
      if (own) continue;
      const [oldest] = suspect;
      if (oldest && oldest !== one)
        told.push(
          `anchors ${oldest.anchor.n} to ${one.anchor.n - 1} are by a key that was revoked before; anchor ${one.anchor.n}, which goes on from them, is by one that counts`,
        );
      for (const { anchor } of suspect)
        if (anchor.restored !== undefined) told.push(`anchor ${anchor.n}: records were set back: ${anchor.restored}`);
      appendFileSync(file, suspect.map((each) => `${canonical(each)}\n`).join(''), { flush: true });
      fresh += suspect.length;
      last = one.anchor;
      suspect = [];
    }
    const newest = suspect.at(-1)?.anchor.n ?? last?.n;
    // A list that says to go on, and does not, would be read for ever.
    if (page.next !== null && page.next !== newest)
      throw new Error(`${list} goes on after anchor ${page.next}, which is not the last one that it shows.`);
    if (page.next !== null && page.next <= after) throw new Error(`${list} does not go on after anchor ${after}.`);
    after = page.next;
  }
  const [one] = suspect;
  if (one) return alarm(`anchor ${one.anchor.n} is signed by a key that did not count then, and none after it by one that does`, one);
  const later = await stampsSince(list, folder, kept);
  return typeof later === 'string' ? alarm(later, null) : { alarm: null, fresh, last, told };
}

/** Keeps which list a folder is of. @throws where it is of another one: two lists in one folder would seem to fork */
function ofThisList(list: string, folder: string): void {
  const file = join(folder, 'list.txt');
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (known !== null && known !== list)
    throw new Error(
      `${folder} is a copy of ${known}: choose another folder for ${list}. Where the portal has moved, write its new address into ${file}.`,
    );
  if (known === null) writeFileSync(file, `${list}\n`, { flush: true });
}

/** What is wrong with the time stamp of an anchor; null where there is none, or it holds. */
async function stampFault({ anchor, timestamp }: One): Promise<string | null> {
  const stamp = timestamp === null ? null : await checkTimestamp(Buffer.from(timestamp, 'base64'), anchorDigest(anchor));
  return stamp?.fault ? `the time stamp of anchor ${anchor.n} does not hold (${stamp.fault})` : null;
}

/** Asks for time stamps of anchors that were kept before they had one, and keeps those that there are; or tells what is wrong with one. */
async function stampsSince(list: string, folder: string, kept: readonly One[]): Promise<string | null> {
  const file = join(folder, 'stamps.ndjson');
  const known = new Set(keptIn(file).map((line) => Stamp.parse(JSON.parse(line)).n));
  const waiting = new Map(
    kept.slice(-STAMPS_LATER).flatMap((one) => (one.timestamp === null && !known.has(one.anchor.n) ? [[one.anchor.n, one.anchor]] : [])),
  );
  const newest = Math.max(...waiting.keys());
  for (let after: number | null = Math.min(...waiting.keys()) - 1; after !== null && after < newest; ) {
    const { anchors, next }: z.infer<typeof Page> = read(Page, await fetched(`${list}?after=${after}`), list);
    for (const one of anchors) {
      const anchor = waiting.get(one.anchor.n);
      if (!anchor) continue;
      if (anchorDigest(one.anchor) !== anchorDigest(anchor)) return `the list forks: anchor ${anchor.n} is another one than before`;
      const fault = await stampFault(one);
      if (fault) return fault;
      if (one.timestamp !== null) appendFileSync(file, `${canonical({ n: anchor.n, timestamp: one.timestamp })}\n`, { flush: true });
    }
    if (next !== null && next <= after) throw new Error(`${list} does not go on after anchor ${after}.`);
    after = next;
  }
  return null;
}

/** The lines of the copy. One that was cut off while it was written, when the machine stopped, is taken away: it is asked for again. */
function keptIn(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) {
    writeFileSync(`${file}.new`, whole, { flush: true });
    renameSync(`${file}.new`, file);
  }
  return whole.split('\n').filter(Boolean);
}

/** What the portal says of why it set records back, where it does. */
const reasonOf = (anchors: readonly One[]): string => {
  const said = anchors.find(({ anchor }) => anchor.restored !== undefined)?.anchor.restored;
  return said === undefined ? '' : ` (the portal says: ${said})`;
};

/** @throws in words where a document is not what it is to be */
function read<S extends z.ZodType>(schema: S, document: unknown, from: string): z.output<S> {
  const { data, error } = schema.safeParse(document);
  if (data === undefined) throw new Error(`${from} is no list of anchors: ${error?.issues[0]?.path.join('.')}`);
  return data;
}

/** The keys that the portal publishes, which only ever become more: or what is wrong with them. */
async function keysOf(list: string, folder: string): Promise<readonly PublishedKey[] | string> {
  const file = join(folder, 'keys.json');
  const document = await fetched(new URL('/.well-known/heyi-keys.json', list).href);
  const now = readPublished(document)?.keys;
  if (!now) throw new Error('The portal publishes no keys.');
  const before = existsSync(file) ? (readPublished(JSON.parse(readFileSync(file, 'utf8')))?.keys ?? []) : [];
  for (const key of before) {
    const known = now.find(({ id, publicKey, from }) => id === key.id && publicKey === key.publicKey && from === key.from);
    if (!known) return `the key ${key.id} is not published any more`;
    if (isLater(known.until ?? undefined, key.until ?? undefined)) return `the key ${key.id}, which had ended, counts for longer`;
    if (isLater(known.revoked, key.revoked)) return `the key ${key.id}, which was revoked, is trusted again`;
  }
  writeFileSync(`${file}.new`, `${JSON.stringify(document, null, 1)}\n`, { flush: true });
  renameSync(`${file}.new`, file);
  return now;
}

/** Whether an end is later than it was: one that was said can only come nearer. */
const isLater = (now: string | undefined, before: string | undefined): boolean =>
  before !== undefined && (now === undefined || now > before);

async function fetched(address: string): Promise<unknown> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}.`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    parts.push(part);
    size += part.length;
    if (size > MOST_BYTES) throw new Error(`${address} answers with more than ${MOST_BYTES} bytes.`);
  }
  const value = parseJson(Buffer.concat(parts));
  if (value === undefined || Array.isArray(value))
    throw new Error(`${address} answers with what is no JSON, or is read in more than one way.`);
  return value;
}

if (import.meta.main) {
  const [list, folder] = process.argv.slice(2);
  try {
    if (!list || !folder)
      throw new Error('Say which list and where to keep it: npm run witness -- https://PORTAL/.well-known/heyi-anchors/LENDER DIR');
    const { alarm, fresh, last, told } = await witness(list, folder);
    for (const line of told) console.log(line);
    if (alarm) console.error(`ALARM: ${alarm}. What was shown is kept in ${folder}.`);
    else console.log(last ? `${fresh} new, up to anchor ${last.n} of ${last.at}: the list holds.` : 'The list has no anchors yet.');
    process.exitCode = alarm ? 1 : 0;
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 2;
  }
}
