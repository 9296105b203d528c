import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeDocumentKey } from '../../db/certificate.ts';
import { randomBytes } from '../../worker/chance.ts';
import { hasPlainSerial } from '../../worker/record/certificates.ts';
import { checkCms } from '../../worker/record/cms.ts';
import { type CmsSigner, makeCms, type Stamping } from '../../worker/record/cms-made.ts';
import { element, elementAt, inside, integer, setOf, timeElement, timeOf } from '../../worker/record/der.ts';
import { digestOf, toHex } from '../../worker/record/digest.ts';
import { checkTimestamp, timestampRequest, tokenIn } from '../../worker/record/timestamp.ts';
import { type TimestampService, timestampService } from './timestamp-service.ts';

let signer: CmsSigner;
const content = new TextEncoder().encode('还款协议');
const at = new Date(Date.now() - (Date.now() % 1000));

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

beforeAll(async () => {
  const [one, other] = await Promise.all([makeDocumentKey('一'), makeDocumentKey('二')]);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('pkcs8', bytesOf(one.privateKey), algorithm, false, ['sign']);
  const [own = '', more = ''] = [...one.certificates, ...other.certificates];
  signer = { key, certificates: [bytesOf(own), bytesOf(more)] };
});

test('a certificate is found by readers of PDFs, whatever number chance gives it', async () => {
  for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
    const chance = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      if (array instanceof Uint8Array) array.fill(byte);
      return array;
    });
    const { certificates } = await makeDocumentKey().finally(() => chance.mockRestore());
    const der = bytesOf(certificates[0] ?? '');
    expect(hasPlainSerial(der), `${byte}`).toBe(true);
    // As one in 256 was: 00, and then a byte that needs none before it.
    const at = Buffer.from(der).indexOf(Buffer.from([0x02, 0x10])) + 2;
    der.set([0x00, 0x10], at);
    expect(hasPlainSerial(der)).toBe(false);
    der.set([0x80], at);
    expect(hasPlainSerial(der)).toBe(false);
  }
});

describe('a signature that is made', () => {
  test('is read as it was meant, however many bytes its numbers have', async () => {
    const made = await Promise.all(Array.from({ length: 600 }, () => makeCms(signer, sha256(content), at)));
    for (const cms of made) {
      const { fault, fingerprint, at: said } = await checkCms(cms, sha256(content));
      expect(fault).toBeNull();
      expect(said).toBe(at.toISOString());
      expect(fingerprint).toBe(toHex(sha256(signer.certificates[0])));
    }
    expect(new Set(made.map(({ length }) => length)).size).toBeGreaterThan(2);
  });
  test('holds for no other content', async () => {
    expect((await checkCms(await makeCms(signer, sha256(content), at), sha256(content.subarray(1)))).fault).toBe('content');
  });
  test('holds for OpenSSL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heyi-cms-'));
    try {
      writeFileSync(join(folder, 'cms'), await makeCms(signer, sha256(content), at));
      const verified = (of: Uint8Array) => {
        writeFileSync(join(folder, 'content'), of);
        const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'cms', '-content', 'content', '-noverify'];
        return execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).equals(of);
      };
      expect(verified(content)).toBe(true);
      expect(() => verified(content.subarray(1))).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a signature with a time stamp beside it', () => {
  let service: TimestampService;
  beforeAll(async () => {
    service = await timestampService();
  });
  afterAll(() => service.close());
  const token = async (digest: string) => {
    const answer = await fetch(service.url, { method: 'POST', body: timestampRequest(digest, randomBytes(8)) });
    return tokenIn(new Uint8Array(await answer.arrayBuffer()));
  };
  const made = (stamp: Stamping, room = 100_000) => makeCms(signer, sha256(content), at, { stamp, room });

  test('is read with it; the stamp is of the value of the signature, by openssl too', async () => {
    const cms = await made(token);
    const { fault, stamp } = await checkCms(cms, sha256(content));
    expect(fault).toBeNull();
    const { stamped, fault: wrong } = await checkTimestamp(stamp?.token ?? cms, stamp?.digest ?? '');
    expect([wrong, stamped?.name, stamped?.root]).toEqual([null, '可信时间戳 Test', digestOf(service.root)]);
    const folder = mkdtempSync(join(tmpdir(), 'heyi-cms-'));
    try {
      const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
      writeFileSync(join(folder, 'cms'), cms);
      writeFileSync(join(folder, 'content'), content);
      openssl('cms', '-verify', '-binary', '-inform', 'DER', '-in', 'cms', '-content', 'content', '-noverify', '-out', 'out');
      const printed = openssl('cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', 'cms');
      expect(printed).toMatch(/unsignedAttrs:\s+object: id-smime-aa-timeStampToken \(1\.2\.840\.113549\.1\.9\.16\.2\.14\)/);
      // The value as openssl finds it: the last OCTET STRING of the signer before the attribute.
      const lines = openssl('asn1parse', '-inform', 'DER', '-in', 'cms').split('\n');
      const before = lines.findIndex((line) => line.includes('timeStampToken'));
      const [, start, header, length] =
        /^\s*(\d+):d=\d+\s+hl=(\d+)\s+l=\s*(\d+)/.exec(lines.slice(0, before).findLast((line) => line.includes('OCTET STRING')) ?? '') ??
        [];
      const from = Number(start) + Number(header);
      writeFileSync(join(folder, 'value'), cms.subarray(from, from + Number(length)));
      writeFileSync(join(folder, 'token'), stamp?.token ?? cms);
      expect(openssl('ts', '-verify', '-data', 'value', '-in', 'token', '-token_in', '-CAfile', service.rootFile)).toContain(
        'Verification: OK',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test('of something else is found; one that finds no room, or that is not had, is left out', async () => {
    const other = await checkCms(await made(() => token(digestOf('another'))), sha256(content));
    expect((await checkTimestamp(other.stamp?.token ?? content, other.stamp?.digest ?? '')).fault).toBe('timestamp.other');
    for (const cms of [await made(token, 1_500), await made(async () => null)])
      expect(await checkCms(cms, sha256(content))).toMatchObject({ fault: null, stamp: null });
  });
  test('another attribute that no signature covers is not passed over', async () => {
    const cms = await made(token);
    const name = Buffer.from('060b2a864886f70d010910020e', 'hex');
    const place = Buffer.from(cms).indexOf(name);
    cms[place + name.length - 1] = 0x0f;
    expect((await checkCms(cms, sha256(content))).fault).toBe('unreadable');
  });
});

describe('DER', () => {
  test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('an element of %i bytes is read again', (length) => {
    const made = element(0x04, new Uint8Array(length));
    expect(elementAt(made, 0)).toMatchObject({ tag: 0x04, start: 0, body: made.length - length, end: made.length });
  });
  test.each([
    [[0], '020100'],
    [[0x7f], '02017f'],
    [[0x80], '02020080'],
    [[0, 0, 0xff], '020200ff'],
    [[1, 0], '02020100'],
  ])('the number of the bytes %j', (bytes, hex) => expect(toHex(integer(Uint8Array.from(bytes)))).toBe(hex));
  test('a set stands in the order of its bytes', () => {
    const [a, b, c] = [[2], [1, 9], [1]].map((bytes) => element(0x04, Uint8Array.from(bytes)));
    if (!(a && b && c)) throw new Error('three');
    const set = setOf(0x31, [b, a, c]);
    expect(inside(set, elementAt(set, 0)).map(({ start, end }) => toHex(set.subarray(start, end)))).toEqual([c, a, b].map(toHex));
  });
  test.each(['1999-12-31T23:59:59.000Z', '2049-12-31T23:59:59.000Z', '2050-01-01T00:00:00.000Z'])('the time %s', (time) => {
    const made = timeElement(new Date(time));
    expect(made[0]).toBe(time < '2050' ? 0x17 : 0x18);
    expect(timeOf(made, elementAt(made, 0))).toBe(time);
  });
});
