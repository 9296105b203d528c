/**
 * Keys. `npm run --silent keys -- document` prints the key and self-issued certificate of the PDFs, for the secret DOCUMENT_KEY.
 * Signing keys of the record: `npm run --silent keys -- make` prints a new ring, for the secret SIGNING_KEYS; `npm run keys -- rotate` gives the ring of
 * this machine's data folder a new key; with a file (`rotate FILE`) it reads a ring from there and prints it with a new key.
 * Old keys end where the new one begins, and stay published.
 */
import { readFileSync } from 'node:fs';
import { makeKey, rotate, type StoredKey } from '../worker/record/keys.ts';
import { makeDocumentKey } from './certificate.ts';
import { dataFolder, localKeys, writeLocalKeys } from './installation.ts';

const [verb, file] = process.argv.slice(2);
const now = new Date().toISOString();
if (verb === 'document') console.log(JSON.stringify(await makeDocumentKey()));
else if (verb === 'make') console.log(JSON.stringify([await makeKey(now)]));
else if (verb === 'rotate' && file) console.log(JSON.stringify(await rotate(JSON.parse(readFileSync(file, 'utf8')) as StoredKey[], now)));
else if (verb === 'rotate') {
  const ring = await rotate(await localKeys(dataFolder()), now);
  writeLocalKeys(dataFolder(), ring);
  console.log(`Key ${ring.at(-1)?.id} signs from ${now} on; ${ring.length - 1} before it stay published. Restart the portal to use it.`);
} else {
  console.error('Say what to do: make, rotate [FILE], or document.');
  process.exitCode = 2;
}
