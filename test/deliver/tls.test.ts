import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instant } from '../../worker/clock.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { MailServer, type Tls } from '../mail-server.ts';
import type { Rig } from '../portal.ts';

/**
 * Letters leave over TLS to real mail servers on loopback whose certificates are of a CA of their own, from the first byte and by STARTTLS; and nothing leaves to a server
 * whose certificate is nobody's, is for another name, or that takes letters in clear. This machine's own name stands for a server elsewhere: only loopback by its own names may be
 * spoken to without TLS.
 */

const folder = mkdtempSync(join(tmpdir(), 'heyi-tls-'));
const at = (name: string) => join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
const name = hostname();

/** A CA, in PEM under its name. */
function authority(of: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${of}`,
    '-keyout',
    at(`${of}.key`),
    '-out',
    at(`${of}.pem`),
  );
}

/** A certificate of a CA for a host. */
function certified(by: string, host: string): Pick<Tls, 'key' | 'certificate'> {
  const own = `${by}-${host}`;
  writeFileSync(at(`${own}.ext`), `subjectAltName=DNS:${host}\nextendedKeyUsage=serverAuth\n`);
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${host}`,
    '-keyout',
    at(`${own}.key`),
    '-out',
    at(`${own}.csr`),
  );
  openssl(
    'x509',
    '-req',
    '-in',
    at(`${own}.csr`),
    '-CA',
    at(`${by}.pem`),
    '-CAkey',
    at(`${by}.key`),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at(`${own}.ext`),
    '-out',
    at(`${own}.pem`),
  );
  return { key: readFileSync(at(`${own}.key`), 'utf8'), certificate: readFileSync(at(`${own}.pem`), 'utf8') };
}

let rig: typeof import('../portal.ts').rig;
beforeAll(async () => {
  authority('known');
  authority('unknown');
  // Read as the runtime is loaded.
  process.env.NODE_EXTRA_CA_CERTS = at('known.pem');
  ({ rig } = await import('../portal.ts'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A letter that a portal with this mail server was to send: what became of it. */
async function sent({ settings }: Pick<MailServer, 'settings'>, times = 1) {
  const portal: Rig = await rig(undefined, 0, undefined, settings);
  try {
    const directory = openDirectory(portal.env);
    const letters = Array.from({ length: times }, (_, i) => ({
      id: `tls-${i}`,
      recipient: `wang-${i}@reader.example`,
      subject: '合意：您有一封新的回复',
      body: '有新的进展',
      createdAt: instant(),
    }));
    await directory.addMail(letters);
    await portal.sweep();
    return (await directory.newestMail(10)).map(({ sentAt, fault, deadAt }) => ({ left: sentAt !== null, fault, deadAt }));
  } finally {
    await portal.remove();
  }
}

describe.each(['first-byte', 'starttls'] as const)('TLS from %s', (from) => {
  const server = (by: string, host: string) => new MailServer({ from, name, ...certified(by, host) }).start();

  test('brings letters to a server that a known CA certifies, over one connection', async () => {
    const known = await server('known', name);
    try {
      expect(await sent(known, 3)).toEqual(Array(3).fill({ left: true, fault: null, deadAt: null }));
      expect(known.got.map(({ mail }) => mail.subject)).toEqual(Array(3).fill('合意：您有一封新的回复'));
      expect(known.connections).toBe(1);
    } finally {
      await known.kill();
    }
  });

  test.each([
    ['whose CA nobody knows', 'unknown', name],
    ['whose certificate is for another name', 'known', 'another.example'],
  ])('brings nothing to a server %s: it waits', async (_, by, host) => {
    const other = await server(by, host);
    try {
      expect(await sent(other)).toEqual([{ left: false, fault: null, deadAt: null }]);
      expect(other.got).toEqual([]);
    } finally {
      await other.kill();
    }
  });
});

test('a server elsewhere that has no TLS is told neither password nor letter', async () => {
  const plain = await new MailServer().start();
  try {
    const settings = { ...plain.settings, MAIL_URL: plain.url.replace('127.0.0.1', name) };
    expect(await sent({ settings })).toEqual([{ left: false, fault: null, deadAt: null }]);
    expect([plain.got, plain.connections]).toEqual([[], 1]);
  } finally {
    await plain.kill();
  }
});
