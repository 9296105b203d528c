/**
 * Keys. Signing keys of the record, for the secret SIGNING_KEYS: `npm run --silent keys -- make` prints a new ring; `rotate` gives the ring of this
 * machine's data folder a new key, `rotate FILE` reads a ring from a file and prints it with one; `revoke [FILE] ID [--at INSTANT]` takes a key out of
 * trust since an instant (now unless said otherwise). Old keys stay published. The key before a new one ends at once where no portal can be signing with
 * it, and else in 30 days: within that time the portal is to have the new ring, and signs with the new key as soon as it has.
 * Key and self-issued certificate of the PDFs, for the secret DOCUMENT_KEY: `document` prints new ones; `document FILE` prints new ones that follow
 * those in the file, whose fingerprints stay published; `rotate-document` does so in this machine's data folder. With `--revoked INSTANT` the old ones are
 * not trusted from then on.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DAY, later } from '../worker/clock.ts';
import { DocumentKey, succeed } from '../worker/record/certificates.ts';
import { makeKey, revoke, rotate, type StoredKey } from '../worker/record/keys.ts';
import { existingDocumentKey, localDocumentKey, makeDocumentKey, writeLocalDocumentKey } from './certificate.ts';
import { dataFolder, localKeys, writeLocalKeys } from './installation.ts';
import { isLocked } from './lock.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { at: { type: 'string' }, revoked: { type: 'string' } } });
const [verb, ...named] = positionals;
const now = new Date().toISOString();
const ringIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as StoredKey[];

/** An instant as keys hold it. A date alone is its beginning in UTC. */
function instantOf(text: string | undefined, option: string): string {
  if (text === undefined) return now;
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.toISOString() > now)
    fail(`${option}: an instant that is not to come, such as 2026-11-25T10:00:00.000Z.`);
  return time.toISOString();
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

/** A new document key that follows `old`, which ends at `until` unless it was lost. */
async function successor(old: DocumentKey, until: string): Promise<DocumentKey> {
  const revoked = values.revoked === undefined ? undefined : instantOf(values.revoked, '--revoked');
  return succeed(old, await makeDocumentKey(), now, revoked, revoked === undefined ? until : now);
}

/** What a portal that runs signs with the key before counts, until it has the new one: so long it has for that. */
const handover = later(now, 30 * DAY);

/** When the key before a new one ends, in the data folder: at once where no portal runs on it, which would go on signing with it. */
const endHere = () => (isLocked(dataFolder()) ? handover : now);

/** What a portal signs with a key that is not trusted is lost for good: it is not to run. */
function assertStopped(): void {
  if (isLocked(dataFolder()))
    fail('A portal runs on this data folder, and what it signs with that key from now on would count for nothing: stop it first.');
}

if (verb === 'document' && named[0]) {
  console.log(JSON.stringify(await successor(DocumentKey.parse(JSON.parse(readFileSync(named[0], 'utf8'))), handover)));
} else if (verb === 'rotate-document') {
  if (values.revoked !== undefined) assertStopped();
  await localDocumentKey(dataFolder());
  const old = existingDocumentKey(dataFolder());
  if (old) writeLocalDocumentKey(dataFolder(), await successor(old, endHere()));
  console.log(`Documents are signed with a new certificate from ${now} on. Restart the portal to use it.`);
} else if (verb === 'document') console.log(JSON.stringify(await makeDocumentKey()));
else if (verb === 'make') console.log(JSON.stringify([await makeKey(now)]));
else if (verb === 'rotate' && named[0]) console.log(JSON.stringify(await rotate(ringIn(named[0]), now, handover)));
else if (verb === 'rotate') {
  const ring = await rotate(await localKeys(dataFolder()), now, endHere());
  writeLocalKeys(dataFolder(), ring);
  console.log(`Key ${ring.at(-1)?.id} signs from ${now} on; ${ring.length - 1} before it stay published. Restart the portal to use it.`);
} else if (verb === 'revoke' && named.length > 0) {
  const file = named.length > 1 ? named[0] : undefined;
  const id = named.at(-1) ?? '';
  const since = instantOf(values.at, '--at');
  if (!file) assertStopped();
  const ring = await revoke(file ? ringIn(file) : await localKeys(dataFolder()), id, since, now);
  if (!ring) fail(`The ring has no key ${id} that could be revoked from ${since} on.`);
  if (file) console.log(JSON.stringify(ring));
  else writeLocalKeys(dataFolder(), ring);
  // What it prints of a file is the ring, for a secret: words go beside it.
  const say = file ? console.error : console.log;
  say(`Key ${id} is revoked from ${since} on. ${file ? 'Whatever a portal signs with it until it has this ring counts for nothing: stop it before, or let it sign with another key first (rotate).' : 'Start the portal, so that it is published.'}
What the key alone vouches for counts for nothing from then on: who people are and what they may do (nobody signs in), each policy, and every case that was not written to
since another key signs (read-only). npm run audit names all of it. Look at it, against a backup or receipts where you have any: who has the key can have made it. Then
npm run migrate -- --people takes people as they stand, who sign in anew, and npm run rebuild -- LENDER --write --policy seals what verifies and the policy as it stands.`);
} else
  fail('Say what to do: make, rotate [FILE], revoke [FILE] ID [--at INSTANT], document [FILE] or rotate-document [--revoked INSTANT].');
