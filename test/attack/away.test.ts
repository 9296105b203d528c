import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { randomId } from '../../worker/chance.ts';
import { connect } from '../../worker/store/connect.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { isUnreachable } from '../../worker/store/reach.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor } from '../worker/people.ts';

/** The process of the databases ends while people read and write: what can be asked again is, and nobody is told more than to wait a moment. */

let portal: Rig;
let chen: Visitor;
let lin: Visitor;
let id: string;
beforeAll(async () => {
  portal = await rig();
  id = await openedCase(portal);
  [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
});
afterAll(() => portal.remove());

/** Ends the databases' process outright; answers once another has taken its place. */
async function kill(): Promise<void> {
  const before = portal.server.pid;
  if (before === undefined) throw new Error('no process');
  process.kill(before, 'SIGKILL');
  while (portal.server.pid === before) await wait(10);
}

test('killed three times under load: every page is shown, every message is written once, and no answer is a failure', async () => {
  let stopped = false;
  const seen: number[] = [];
  const written: { words: string; status: number }[] = [];
  const read = async (who: Visitor, path: string) => {
    while (!stopped) seen.push((await who.get(path)).status);
  };
  const write = async (who: Visitor, name: string) => {
    for (let i = 0; !stopped; i++) {
      const words = `${name} ${i}`;
      const answer = await who.post(`/cases/${id}/do/talk.message`, { words, requestId: randomId() });
      await answer.arrayBuffer();
      written.push({ words, status: answer.status });
    }
  };
  const load = [
    read(chen, `/cases/${id}`),
    read(lin, '/desk/mingheng'),
    read(chen, `/cases/${id}/proposals/1`),
    write(chen, 'chen'),
    write(lin, 'lin'),
  ];
  for (let round = 0; round < 3; round++) {
    await wait(400);
    await kill();
  }
  const then = written.length;
  while (written.length < then + 4) await wait(20);
  stopped = true;
  await Promise.all(load);
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.filter((status) => status !== 200)).toEqual([]);
  expect(written.filter(({ status }) => status !== 303)).toEqual([]);
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const record = await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).record(id);
  const newest = (record?.entries ?? []).flatMap(({ kind, content }) => (kind === 'talk.message' ? [JSON.stringify(content)] : []));
  expect(newest.toSorted()).toEqual(written.map(({ words }) => JSON.stringify({ words })).toSorted());
});

describe('a database that does not come back', () => {
  /** Where nobody listens: on a port that no system gives to anybody by itself. */
  const NOWHERE = 'http://127.0.0.1:2/x/';

  test('what only reads is asked again for a while, what writes is not', async () => {
    const db = connect(NOWHERE, undefined);
    const took = async (ask: () => PromiseLike<unknown>) => {
      const since = Date.now();
      const thrown = await Promise.resolve(ask()).catch((fault: unknown) => fault);
      expect(isUnreachable(thrown)).toBe(true);
      return Date.now() - since;
    };
    expect(await took(() => db.run('UPDATE cases SET amount = 1'))).toBeLessThan(4_000);
    expect(await took(() => db.send([{ sql: 'DELETE FROM cases', args: [] }]))).toBeLessThan(4_000);
    expect(await took(() => db.run('SELECT 1'))).toBeGreaterThan(4_000);
  });

  test('is told calmly, with when to try again: a page and an answer of the API', async () => {
    // A lender whose casebook is nowhere to be found, with a case of hers.
    const directory = openDirectory(portal.env);
    const [made, since] = [randomId(), '2026-01-01T00:00:00.000Z'];
    await directory.addLender({ id: made, slug: 'far', name: '远', url: NOWHERE, createdAt: since });
    const account = await directory.accountByContact({ email: PEOPLE.chen.email ?? '' });
    await directory.addSeat({ account: account?.id ?? '', case: made, lender: made, capacity: 'borrower', since });
    const [page, answer] = await Promise.all([chen.get(`/cases/${made}`), chen.get(`/api/v1/cases/${made}`)]);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await page.text()).toContain(en.errors.away);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({ type: 'urn:heyi:problem:away' });
  });
});
