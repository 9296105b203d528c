import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localDocumentKey } from '../../db/certificate.ts';
import { localKeys, writeLocalKeys } from '../../db/installation.ts';
import { publishedCertificates } from '../../worker/record/certificates.ts';
import type { StoredKey } from '../../worker/record/keys.ts';

/** Files with keys: whole or not at all, for their owner alone, and never made anew over what was lost. */

let data: string;
const mode = (path: string) => statSync(path).mode & 0o777;
const of = (name: string) => join(data, name);

beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'heyi-keys-')), 'data');
});
afterEach(() => rmSync(join(data, '..'), { recursive: true, force: true }));

const files: [string, () => Promise<unknown>][] = [
  ['signing-keys.json', () => localKeys(data)],
  ['document-key.json', () => localDocumentKey(data)],
];

describe.each(files)('%s', (name, read) => {
  test('is made once, for its owner alone, and leaves nothing half written behind', async () => {
    const made = await read();
    expect(await read()).toEqual(made);
    expect([mode(data), mode(of(name))]).toEqual([0o700, 0o600]);
    expect(readdirSync(data)).toEqual([name]);
  });
  test('made by several at once, all use the same', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => read()));
    for (const one of all) expect(one).toEqual(all[0]);
    expect(readdirSync(data)).toEqual([name]);
  });
  test('one that others could read is closed to them, and that is said', async () => {
    await read();
    chmodSync(of(name), 0o644);
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    await read();
    expect(mode(of(name))).toBe(0o600);
    expect(said.mock.calls.join()).toContain('could read it');
    said.mockRestore();
  });
  test.each(['', '  \n', '[', '[]', 'null', '{"privateKey":""}'])(
    '“%s” in it is named, with what to do, and nothing is made in its place',
    async (text) => {
      mkdirSync(data);
      writeFileSync(of(name), text, { mode: 0o600 });
      await expect(read()).rejects.toThrow(new RegExp(`${name} .*backup`));
      expect(readFileSync(of(name), 'utf8')).toBe(text);
    },
  );
});

test('a ring is replaced whole', async () => {
  const ring = await localKeys(data);
  writeLocalKeys(data, [...ring, ...ring]);
  expect(await localKeys(data)).toHaveLength(2);
  expect(readdirSync(data)).toEqual(['signing-keys.json']);
});

test('npm run keys -- rotate-document keeps the fingerprint of the certificate before', async () => {
  const old = publishedCertificates(JSON.parse(await localDocumentKey(data)));
  execFileSync(process.execPath, ['db/keys.ts', 'rotate-document'], { env: { ...process.env, DATA: data }, stdio: 'pipe' });
  const now = publishedCertificates(JSON.parse(await localDocumentKey(data)));
  expect(now).toHaveLength(2);
  expect(now[0]).toEqual({ ...old[0], until: now[1]?.from });
});

test('npm run keys -- revoke: of a data folder, and of a file', async () => {
  const [key] = await localKeys(data);
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ['db/keys.ts', ...args], { encoding: 'utf8', env: { ...process.env, DATA: data }, stdio: 'pipe' });
  const since = '2026-01-02T03:04:05.000Z';
  const printed = JSON.parse(run('revoke', of('signing-keys.json'), key?.id ?? '', '--at', since)) as StoredKey[];
  expect(printed).toMatchObject([{ id: key?.id, revoked: since, until: expect.any(String) }, { until: null }]);
  expect(await localKeys(data)).toHaveLength(1);
  run('revoke', key?.id ?? '');
  expect(await localKeys(data)).toMatchObject([{ revoked: expect.any(String) }, { until: null }]);
  expect(() => run('revoke', 'hk-none')).toThrow('no key hk-none');
});
