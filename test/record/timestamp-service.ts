import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A time stamping service of a test's own, on loopback: openssl's `ts`, with a root and a certificate for time stamps of this service alone. */

export type TimestampService = {
  url: string;
  root: Uint8Array;
  /** The same as openssl takes it. */
  rootFile: string;
  asked: () => number;
  /** `slow` answers nothing for as long as it is asked to wait, `endless` without an end. */
  state: 'well' | 'refusing' | 'away' | 'slow' | 'endless';
  close(): Promise<void>;
};

const CONFIG = `
[tsa]
default_tsa = one
[one]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./root.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
clock_precision_digits = 3
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[issuing]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = dn
[dn]
`;

/** @param key what openssl makes a key of: `rsa:2048`, or a curve (`P-256`, `P-384`) */
export async function timestampService(key = 'rsa:2048'): Promise<TimestampService> {
  const folder = mkdtempSync(join(tmpdir(), 'heyi-tsa-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(join(folder, 'tsa.cnf'), CONFIG);
  writeFileSync(join(folder, 'serial'), '01\n');
  const made = key.startsWith('rsa:') ? ['-newkey', key] : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${key}`];
  openssl(
    'req',
    '-x509',
    ...made,
    '-nodes',
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '30',
    '-subj',
    '/CN=Test Root',
    '-config',
    'tsa.cnf',
    '-extensions',
    'issuing',
  );
  openssl(
    'req',
    '-new',
    ...made,
    '-nodes',
    '-keyout',
    'tsa.key',
    '-out',
    'tsa.csr',
    '-subj',
    '/O=Test/CN=可信时间戳 Test',
    '-utf8',
    '-config',
    'tsa.cnf',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'tsa.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-out',
    'tsa.pem',
    '-days',
    '20',
    '-extfile',
    'tsa.cnf',
    '-extensions',
    'stamping',
  );
  let count = 0;
  const service: TimestampService = {
    url: '',
    root: openssl('x509', '-in', 'root.pem', '-outform', 'DER'),
    rootFile: join(folder, 'root.pem'),
    asked: () => count,
    state: 'well',
    close,
  };
  const server: Server = createServer(async (request, answer) => {
    count += 1;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (service.state === 'away') return void answer.writeHead(503).end();
    if (service.state === 'slow') return;
    if (service.state === 'endless') {
      answer.writeHead(200, { 'content-type': 'application/timestamp-reply' });
      const more = () => {
        while (!answer.destroyed && answer.write(Buffer.alloc(16 * 1024)));
      };
      answer.on('drain', more).on('error', () => {});
      return more();
    }
    const body = service.state === 'refusing' ? Buffer.from('00') : Buffer.concat(parts);
    writeFileSync(join(folder, 'request.tsq'), body);
    try {
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-section', 'one', '-queryfile', 'request.tsq', '-out', 'answer.tsr');
    } catch {
      return void answer.writeHead(400).end();
    }
    answer.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(readFileSync(join(folder, 'answer.tsr')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  service.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  return service;

  async function close() {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}
