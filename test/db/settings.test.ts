import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Settings by their names: what the code reads stands in the README, and in `wrangler.toml` where the worker reads it; and nothing stands there that nobody reads. */

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const sources = (folder: string) => globSync(`${folder}/**/*.ts`, { cwd: root.pathname }).map(read).join('\n');

/** Between the portal's own parts, or the platform's: nobody sets them. */
const INSIDE = new Set([
  'FRONT_SECRET',
  'DEVELOPMENT',
  'FILES',
  'ASSETS',
  'JOBS',
  'FLOOD',
  'NETWORK',
  'FORMER',
  'HEYI_WORKERD',
  'MINIFLARE_WORKERD_PATH',
]);

/** Node's own. */
const OF_NODE = 'NODE_EXTRA_CA_CERTS';

/** The names that a text reads from an environment: as properties, taken apart, by name, or declared as the worker's bindings. */
function readIn(text: string): Set<string> {
  const properties = [...text.matchAll(/\b(?:env|given|bindings)\??\.([A-Z][A-Z_]{2,})\b/g)].map(([, name = '']) => name);
  const apart = [...text.matchAll(/\{([^{}]*)\} = (?:process\.env|given|settings\.data)\b/g)].flatMap(
    ([, names = '']) => names.match(/\b[A-Z][A-Z_]{2,}\b/g) ?? [],
  );
  const byName = [...text.matchAll(/\b(?:needed|setting)\('([A-Z_]{3,})'/g)].map(([, name = '']) => name);
  const listed = /CARRIER_SETTINGS = \[([^\]]*)\]/.exec(text)?.[1]?.match(/[A-Z_]{3,}/g) ?? [];
  const bound =
    /export type Bindings = [^{]*\{([^}]*)\}/
      .exec(text)?.[1]
      ?.match(/^ {2}([A-Z_]{3,})\??:/gm)
      ?.map((line) => line.replace(/[ ?:]/g, '')) ?? [];
  return new Set([...properties, ...apart, ...byName, ...listed, ...bound].filter((name) => !INSIDE.has(name)));
}

const worker = readIn(sources('worker'));
const all = new Set([...worker, ...readIn(sources('db'))]);

test('what the code reads is found', () => {
  for (const name of ['DIRECTORY_URL', 'SIGNING_KEYS', 'MAIL_IN_TOKEN', 'SMS_URL', 'TSA_URL']) expect([...worker]).toContain(name);
  for (const name of ['DATA', 'PORT', 'HOST', 'ORIGIN', 'TRUSTED_PROXY', 'BACKUP_PASSPHRASE', 'TURSO_API_TOKEN', 'SQLD_ADMIN_URL'])
    expect([...all]).toContain(name);
});

test('each stands in the README', () => {
  const text = read('README.md');
  expect([...all].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test('what the worker reads stands in wrangler.toml, by name', () => {
  const text = read('wrangler.toml');
  expect([...worker].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test('what they name as a setting is read by somebody', () => {
  const named = [
    ...read('README.md').matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g),
    ...read('wrangler.toml').matchAll(/^# {3}([A-Z_]{3,}) /gm),
  ].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => name !== OF_NODE && !all.has(name))).toEqual([]);
});
