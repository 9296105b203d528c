import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomBytes } from '../../worker/chance.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { checkTimestamp, timestampRequest, tokenIn } from '../../worker/record/timestamp.ts';
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
      else if (now.fault === null) expect(now.stamped?.root).not.toBe(digestOf(service.root));
    }
    // What frames it, and names the signer a second time, says nothing of the time.
    expect(same / tried).toBeLessThan(0.1);
    for (const bytes of [new Uint8Array(), randomBytes(300), token.subarray(0, 500)])
      expect((await checkTimestamp(bytes, digest)).fault).toBe('timestamp.format');
  });

  test('is not granted for what the service does not understand', async () => {
    const answer = await fetch(service.url, { method: 'POST', body: 'nothing of this' });
    expect(tokenIn(new Uint8Array(await answer.arrayBuffer()))).toBeNull();
    expect(tokenIn(new Uint8Array())).toBeNull();
  });
});
