import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tellReport } from '../../web/parts/verified.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes } from '../../worker/chance.ts';
import { stampsBy } from '../../worker/execute/stamp.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { emptyReport } from '../../worker/record/report.ts';
import { checkTimestamp, type Stamped, timestampRequest, tokenIn } from '../../worker/record/timestamp.ts';
import { type TimestampService, timestampService } from './timestamp-service.ts';

/** Time stamps of a service of our own, by openssl: what it made holds, and what was changed of it anywhere does not. */

describe.each(['rsa:2048', 'P-256', 'P-384'])('a service whose keys are %s', (key) => {
  const digest = digestOf('an anchor');
  let service: TimestampService;
  let token: Uint8Array;
  const ask = async (of: string) => {
    const answer = await fetch(service.url, { method: 'POST', body: timestampRequest(of, randomBytes(8)) });
    return tokenIn(new Uint8Array(await answer.arrayBuffer()));
  };
  beforeAll(async () => {
    service = await timestampService(key);
    token = (await ask(digest)) as Uint8Array;
  });
  afterAll(() => service.close());

  test('says when, by whom, and by which chain of certificates', async () => {
    const { stamped, fault, unchecked } = await checkTimestamp(token, digest);
    expect({ fault, unchecked }).toEqual({ fault: null, unchecked: false });
    expect(stamped).toMatchObject({ name: '可信时间戳 Test', root: digestOf(service.root) });
    expect(Math.abs(Date.parse(stamped?.at ?? '') - Date.now())).toBeLessThan(60_000);
  });

  test('is of nothing else', async () => {
    expect(await checkTimestamp(token, digestOf('another'))).toEqual({ stamped: null, fault: 'timestamp.other', unchecked: false });
  });

  test('answers the request that it was made for: an older one of the same, given once more, is refused', async () => {
    const [first, second] = [randomBytes(8), randomBytes(8)];
    const answer = await fetch(service.url, { method: 'POST', body: timestampRequest(digest, first) });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const made = tokenIn(bytes) ?? new Uint8Array();
    expect((await checkTimestamp(made, digest, first)).fault).toBeNull();
    expect((await checkTimestamp(made, digest, second)).fault).toBe('timestamp.other');
    const replaying = createServer((_, response) => response.end(bytes));
    await new Promise<void>((listening) => replaying.listen(0, '127.0.0.1', listening));
    const stamps = stampsBy(`http://127.0.0.1:${(replaying.address() as AddressInfo).port}`);
    expect([await stamps?.stamp(digest), stamps?.missed()]).toEqual([null, true]);
    await new Promise((closed) => replaying.close(closed));
    const well = stampsBy(service.url);
    expect((await checkTimestamp((await well?.stamp(digest)) ?? new Uint8Array(), digest)).fault).toBeNull();
  });

  test('says another thing, or none, where a byte of it is another', async () => {
    const said = JSON.stringify(await checkTimestamp(token, digest));
    let [same, tried] = [0, 0];
    for (let at = 0; at < token.length; at += 7) {
      const changed = new Uint8Array(token);
      changed[at] = (changed[at] ?? 0) ^ 0x11;
      const now = await checkTimestamp(changed, digest);
      tried += 1;
      if (JSON.stringify(now) === said) same += 1;
      // A root is told by its fingerprint alone.
      else if (now.fault === null && !now.unchecked) expect(now.stamped?.root).not.toBe(digestOf(service.root));
    }
    // What frames it, and names the signer a second time, says nothing of the time.
    expect(same / tried).toBeLessThan(0.1);
    for (const bytes of [new Uint8Array(), randomBytes(300), token.subarray(0, 500), new Uint8Array([...token, 0])])
      expect((await checkTimestamp(bytes, digest)).fault).toBe('timestamp.format');
  });

  test('is not granted for what the service does not understand', async () => {
    const answer = await fetch(service.url, { method: 'POST', body: 'nothing of this' });
    expect(tokenIn(new Uint8Array(await answer.arrayBuffer()))).toBeNull();
    expect(tokenIn(new Uint8Array())).toBeNull();
  });
});

describe('a token that openssl signs by itself, with another certificate', () => {
  const digest = digestOf('an anchor');
  const folder = mkdtempSync(join(tmpdir(), 'heyi-token-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stamp: Buffer;
  let last: Stamped | null = null;
  beforeAll(async () => {
    const service = await timestampService();
    try {
      const answer = await fetch(service.url, { method: 'POST', body: timestampRequest(digest, randomBytes(8)) });
      writeFileSync(join(folder, 'token.der'), tokenIn(new Uint8Array(await answer.arrayBuffer())) ?? new Uint8Array());
    } finally {
      await service.close();
    }
    openssl('cms', '-verify', '-noverify', '-inform', 'DER', '-in', 'token.der', '-out', 'stamp.der');
    stamp = readFileSync(join(folder, 'stamp.der'));
    writeFileSync(
      join(folder, 'own.cnf'),
      '[req]\ndistinguished_name=dn\n[dn]\n[time]\nextendedKeyUsage=critical,timeStamping\n[mail]\nextendedKeyUsage=emailProtection\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** `years` moves its time, so that it lies within the certificate's ten years from now on, or not. */
  const signed = async (usage: string, years: number, ...options: string[]) => {
    const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'one.pem', '-days', '3650', '-subj', '/CN=Own'];
    openssl('req', ...made, '-config', 'own.cnf', '-extensions', usage);
    const moved = stamp.toString('latin1').replace(/20\d\d(?=\d{10}[.Z])/, (year) => String(Number(year) + years));
    writeFileSync(join(folder, 'moved.der'), Buffer.from(moved, 'latin1'));
    const cms = [
      '-sign',
      '-binary',
      '-nodetach',
      '-cades',
      '-md',
      'sha256',
      '-econtent_type',
      '1.2.840.113549.1.9.16.1.4',
      '-in',
      'moved.der',
    ];
    openssl('cms', ...cms, '-signer', 'one.pem', '-inkey', 'key.pem', ...options, '-outform', 'DER', '-out', 'own.der');
    const { stamped, fault, unchecked } = await checkTimestamp(readFileSync(join(folder, 'own.der')), digest);
    last = stamped;
    return { name: stamped?.name, fault, unchecked };
  };

  test('by a certificate that anybody can make: whose name it bears is told, and that this is not proved by it', async () => {
    await signed('time', 1);
    const at = '2026-11-28T00:00:00.000Z';
    const anchors = [{ seq: 1, n: 1, at, digest, ...(last ? { timestamp: last } : {}) }];
    const said = (['zh', 'en'] as const).map((language) => {
      const { sections } = tellReport({ ...emptyReport(), anchors }, null, wordsOf(language), 'UTC');
      return sections.flatMap(({ lines }) => lines).find((line) => line.includes(last?.root ?? 'none')) ?? '';
    });
    expect(said[0]).toMatch(/以“Own”名义签发.*是否确由其签发/);
    expect(said[1]).toMatch(/in the name of “Own”.*Whether it is theirs/);
    // A name makes no line of its own, turns no sentence round, and is no sentence.
    const forged = anchors.map((one) => ({
      ...one,
      timestamp: { at, certificate: '', root: '', name: 'Own\n\u001b[2K\u202eAll of it holds' },
    }));
    const { sections } = tellReport({ ...emptyReport(), anchors: forged }, null, wordsOf('en'), 'UTC');
    expect(sections.flatMap(({ lines }) => lines).join()).toContain('in the name of “Own [2K All of it holds”');
  });

  test('holds where it is for time stamps and in force; else it is the certificate that is named', async () => {
    expect(await signed('time', 1)).toEqual({ name: 'Own', fault: null, unchecked: false });
    expect(await signed('mail', 1)).toEqual({ fault: 'timestamp.certificate', unchecked: false });
    expect(await signed('time', -1)).toEqual({ fault: 'timestamp.certificate', unchecked: false });
    expect(await signed('time', 11)).toEqual({ fault: 'timestamp.certificate', unchecked: false });
  });

  test('several certificates have the name of the issuer: the one that signed is found, wherever it stands; one that only has the name leads nowhere', async () => {
    const config = '[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n';
    writeFileSync(join(folder, 'own.cnf'), readFileSync(join(folder, 'own.cnf'), 'utf8').replace('[req]', `${config}[req]`));
    const root = (name: string) => {
      const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '3650'];
      openssl('req', ...made, '-subj', '/CN=Root', '-config', 'own.cnf', '-extensions', 'ca');
      return digestOf(openssl('x509', '-in', `${name}.pem`, '-outform', 'DER'));
    };
    const roots = ['a', 'b', 'c'].map(root);
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'leaf.key',
      '-out',
      'leaf.csr',
      '-subj',
      '/CN=Leaf',
      '-config',
      'own.cnf',
    );
    const issue = ['-CA', 'b.pem', '-CAkey', 'b.key', '-CAcreateserial', '-days', '3650', '-extfile', 'own.cnf', '-extensions', 'time'];
    openssl('x509', '-req', '-in', 'leaf.csr', '-out', 'leaf.pem', ...issue);
    writeFileSync(
      join(folder, 'now.der'),
      Buffer.from(
        stamp.toString('latin1').replace(/20\d\d(?=\d{10}[.Z])/, (year) => String(Number(year) + 1)),
        'latin1',
      ),
    );
    const token = async (...with_: string[]) => {
      writeFileSync(join(folder, 'more.pem'), with_.map((name) => readFileSync(join(folder, `${name}.pem`), 'utf8')).join(''));
      const as = [
        '-sign',
        '-binary',
        '-nodetach',
        '-cades',
        '-md',
        'sha256',
        '-econtent_type',
        '1.2.840.113549.1.9.16.1.4',
        '-in',
        'now.der',
      ];
      openssl('cms', ...as, '-signer', 'leaf.pem', '-inkey', 'leaf.key', '-certfile', 'more.pem', '-outform', 'DER', '-out', 'own.der');
      return checkTimestamp(readFileSync(join(folder, 'own.der')), digest);
    };
    for (const order of [['a', 'b', 'c'], ['c', 'b'], ['b']])
      expect(await token(...order)).toMatchObject({ fault: null, unchecked: false, stamped: { name: 'Leaf', root: roots[1] } });
    const alone = await token('a', 'c');
    expect(alone).toMatchObject({ fault: null, unchecked: false });
    expect(alone.stamped?.root).toBe(alone.stamped?.certificate);
  });

  test('signed in a way that is not checked here (RSA-PSS), it is not called false', async () => {
    expect(await signed('time', 1, '-keyopt', 'rsa_padding_mode:pss')).toEqual({ name: 'Own', fault: null, unchecked: true });
  });
});

test('no space stands beside a full-width mark where the time of a signature is the portal’s own word', () => {
  const documents = [{ name: 'record.pdf', fingerprint: 'f', at: '2026-11-28T11:07:00.000Z', published: true }];
  const said = tellReport({ ...emptyReport(), documents }, null, wordsOf('zh'), 'UTC').sections.flatMap(({ lines }) => lines);
  expect(said.find((line) => line.startsWith('record.pdf：'))).toContain('UTC 11:07（平台自己的记载）签名，');
});
