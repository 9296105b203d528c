/**
 * `npm run --silent witness -- URL DIR`: follows a lender's list of anchors (`https://PORTAL/.well-known/heyi-anchors/LENDER`) from outside, for a regulator, an arbitration
 * body, the lender, or anybody. DIR keeps a copy of it: one anchor a line in `anchors.ndjson`, with its proof and time stamp as they were published, and the keys by which they are
 * signed in `keys.json`. Each run holds what is new against the copy; run it by a timer. Where the list forks, goes back or does not hold, it says so, and keeps what it was shown
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
const Page = z.object({ anchors: z.array(One), next: z.int().nullable() });

/** What a run found: why the list is not the one that was kept (null where it is), how many anchors are new, and what is worth telling of them. */
export type Witnessed = { alarm: string | null; fresh: number; last: Anchor | null; told: string[] };

/** Follows a list into a folder. @throws where it cannot be read, or the folder cannot */
export async function witness(list: string, folder: string): Promise<Witnessed> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'anchors.ndjson');
  const kept = keptIn(file);
  const newest = kept.at(-1);
  let last = newest === undefined ? null : One.parse(JSON.parse(newest)).anchor;
  const told: string[] = [];
  const alarm = (why: string, shown: unknown): Witnessed => {
    const evidence = { why, list, kept: last, shown, at: new Date().toISOString() };
    writeFileSync(join(folder, `alarm-${evidence.at.replaceAll(/[:.]/g, '-')}.json`), `${JSON.stringify(evidence, null, 1)}\n`);
    return { alarm: why, fresh, last, told };
  };
  let fresh = 0;
  const published = await keysOf(list, folder);
  if (typeof published === 'string') return alarm(published, null);
  // From the last one that was kept on, so that it is seen whether it still stands there.
  for (let after: number | null = Math.max(0, (last?.n ?? 0) - 1), isFirst = last !== null; after !== null; isFirst = false) {
    const page: z.infer<typeof Page> = read(Page, await fetched(`${list}?after=${after}`), list);
    const [first, ...rest] = page.anchors;
    if (isFirst && !first) return alarm(`the list goes back: anchor ${last?.n} is not there any more`, page);
    if (isFirst && first && last && anchorDigest(first.anchor) !== anchorDigest(last))
      return alarm(`the list forks: anchor ${last.n} is another one than before${reasonOf(page.anchors)}`, page);
    for (const one of isFirst ? rest : page.anchors) {
      const fault = followFault(one.anchor, last, one.proof) ?? (await anchorFault(one.anchor, published));
      if (fault) return alarm(`the list does not hold: anchor ${one.anchor.n} does not follow the one before (${fault})`, one);
      const stamp = one.timestamp === null ? null : await checkTimestamp(Buffer.from(one.timestamp, 'base64'), anchorDigest(one.anchor));
      if (stamp?.fault) return alarm(`the time stamp of anchor ${one.anchor.n} does not hold (${stamp.fault})`, one);
      if (one.anchor.restored !== undefined) told.push(`anchor ${one.anchor.n}: records were set back: ${one.anchor.restored}`);
      appendFileSync(file, `${canonical(one)}\n`, { flush: true });
      last = one.anchor;
      fresh += 1;
    }
    // A list that says to go on, and does not, would be read for ever.
    if (page.next !== null && page.next !== last?.n)
      throw new Error(`${list} goes on after anchor ${page.next}, which is not the last one that it shows.`);
    if (page.next !== null && page.next <= after) throw new Error(`${list} does not go on after anchor ${after}.`);
    after = page.next;
  }
  return { alarm: null, fresh, last, told };
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
