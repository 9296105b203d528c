import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { checkFile } from '../../worker/record/check.ts';
import { makeKey, rotate, signingKey } from '../../worker/record/keys.ts';
import { readPublished } from '../../worker/record/published.ts';
import { command } from '../command.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { signedIn, takeAway } from '../worker/people.ts';

/** Keys are given a successor while the portal runs, which goes on signing with what it has until it is started again. */

let portal: Rig;
let id: string;
beforeAll(async () => {
  portal = await rig();
  id = await openedCase(portal);
});
afterAll(() => portal.remove());

const keys = (...args: string[]) => command('db/keys.ts', args, { DATA: portal.data });

test('what it answered in between is no less true afterwards: the case goes on, its documents verify, the audit finds nothing', async () => {
  expect((await keys('rotate')).code).toBe(0);
  expect((await keys('rotate-document')).code).toBe(0);
  const before = await signedIn(portal, 'chen');
  expect((await before.post(`/cases/${id}/do/talk.message`, { words: '换钥匙以后、重启以前', requestId: randomId() })).status).toBe(303);
  const pdf = new Uint8Array(await (await takeAway(before, id, 'record.pdf')).arrayBuffer());

  portal = await portal.restart();
  const chen = await signedIn(portal, 'chen');
  expect(await (await chen.get(`/cases/${id}`)).text()).not.toContain(en.unproven.title);
  expect((await chen.post(`/cases/${id}/do/talk.message`, { words: '重启以后', requestId: randomId() })).status).toBe(303);
  expect(await audit(portal.env, portal.files, 'mingheng')).toMatchObject({ holds: true, faults: [] });
  const published = readPublished(await (await chen.get('/.well-known/heyi-keys.json')).json());
  expect((await checkFile(pdf, { published })).report).toMatchObject({ findings: [], verdict: 'holds' });
  const { report, record } = await checkFile(new Uint8Array(await (await takeAway(chen, id, 'record.json')).arrayBuffer()), { published });
  expect(report).toMatchObject({ verdict: 'holds' });
  // From its start on it signs with the new key.
  expect(record?.checkpoints.at(-1)?.key).toBe(portal.keys[1]?.id);
});

test('a key is not taken out of trust while a portal signs with it', async () => {
  const refused = await keys('revoke', portal.keys[1]?.id ?? '');
  expect(refused).toMatchObject({ code: 2, out: expect.stringContaining('stop it first') });
});

test('of two keys in force the one that began last signs; none signs before it begins', async () => {
  const first = [await makeKey('2026-01-01T00:00:00.000Z')];
  const [old, made] = await rotate(first, '2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z');
  const ring = [old, made].flatMap((key) => (key ? [key] : []));
  expect((await signingKey(ring, '2026-05-31T23:59:59.999Z')).published.id).toBe(old?.id);
  expect((await signingKey(ring, '2026-06-01T00:00:00.000Z')).published.id).toBe(made?.id);
  await expect(signingKey(first, '2025-12-31T00:00:00.000Z')).rejects.toThrow('no key in force');
});
