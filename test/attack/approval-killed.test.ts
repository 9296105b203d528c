import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor } from '../worker/people.ts';
import { killWorker } from './processes.ts';

/** The worker is killed outright while an approval is posted, and between posting it and telling of it: nothing comes twice, and nothing is lost. */

let portal: Rig;
let stage: Stage;
let lin: Visitor;
let zhou: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [lin, zhou] = await Promise.all([signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

/** The schedule, again where its request still went to the worker that ended. */
async function swept(): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await portal.sweep();
    } catch (thrown) {
      if (tries === 5) throw thrown;
    }
  }
}

/** Sent as a browser would, again with the same id where no answer came. */
async function approved(id: string, requestId: string): Promise<number> {
  for (let tries = 0; tries < 60; tries++) {
    const fields = { approval: 1, password: PASSWORD, requestId };
    const status = await zhou.post(`/cases/${id}/do/approval.approve`, fields).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status !== 0 && status < 500) return status;
    await wait(200);
  }
  throw new Error('No answer came.');
}

/** How long after it is sent the worker is killed, in shares of how long an answer takes: in the middle of it, about its end, and after it, while notices leave. */
const MOMENTS = [0.3, 0.6, 0.8, 0.9, 0.95, 1, 1.02, 1.05, 1.1, 1.2];

test('at any moment of it: one offer, one approval, one letter to each who is told', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' });
  const ids: string[] = [];
  let took = 0;
  for (const moment of [null, ...MOMENTS]) {
    const id = randomId();
    ids.push(id);
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
    const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }], waive: { principal: 100_000 } });
    const body = JSON.stringify({ input: { answers: 1, terms, words: '请考虑。' } });
    const asked = await lin.send(`/api/v1/cases/${id}/for-approval/proposal.make`, body, { 'content-type': 'application/json' });
    expect(asked.status).toBe(201);
    await swept();
    const begun = performance.now();
    const answer = approved(id, randomId());
    if (moment === null) {
      expect(await answer).toBe(303);
      took = performance.now() - begun;
      continue;
    }
    await wait(took * moment);
    const [, status] = await Promise.all([killWorker(portal.url), answer]);
    expect(status, `killed at ${moment}`).toBe(303);
  }
  for (let run = 0; run < 3; run++) await swept();

  const letters = await openDirectory(portal.env).newestMail(2_000);
  for (const [i, id] of ids.entries()) {
    const said = `case ${i}`;
    const record = (await casebook.record(id))?.entries ?? [];
    expect(record.filter(({ kind }) => kind === 'proposal.made').length, said).toBe(2);
    const own = (await casebook.privateRecord(id, 'lender'))?.record?.entries ?? [];
    expect(
      own.map(({ kind }) => kind),
      said,
    ).toEqual(['approval.asked', 'approval.approved']);
    // One letter may bring several entries, each with its receipt: that of the offer comes to the borrower once, that of the approval to the agent once.
    const [offer] = record.filter(({ kind }) => kind === 'proposal.made').slice(-1);
    const of = (recipient: string | null, hash: string) =>
      letters.filter((one) => one.recipient === recipient && one.template === 'news' && one.body.includes(hash));
    expect(of(PEOPLE.chen.email, offer?.hash ?? '-'), said).toHaveLength(1);
    expect(of(PEOPLE.lin.email, own[1]?.hash ?? '-'), said).toHaveLength(1);
  }
  expect((await casebook.unsent(100)).notices).toEqual([]);
});
