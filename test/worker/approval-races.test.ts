import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { publishedDocument, readPublished } from '../../worker/record/published.ts';
import { verify } from '../../worker/record/verify.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, takeAway, type Visitor } from './people.ts';

/** A supervisor approves while the agent takes it back or the borrower moves the table: one of the two, and nothing twice. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let zhou: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, zhou] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin'), signedIn(portal, 'zhou')]);
});
afterAll(() => portal.remove());

test('approved, taken back and overtaken at once: exactly one wins, and the record says so once (50 rounds)', async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  const casebook = openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' });
  const wins = { approved: 0, other: 0 };
  let took = 400;
  for (let round = 0; round < 50; round++) {
    const id = randomId();
    await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
    const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }], waive: { principal: 100_000 } });
    const body = JSON.stringify({ input: { answers: 1, terms, words: '请考虑。' } });
    const asked = await lin.send(`/api/v1/cases/${id}/for-approval/proposal.make`, body, { 'content-type': 'application/json' });
    expect(asked.status).toBe(201);
    const rivals = [
      () => lin.post(`/cases/${id}/do/approval.withdraw`, { approval: 1, requestId: randomId() }),
      () => chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() }),
      () => zhou.post(`/cases/${id}/do/approval.return`, { approval: 1, words: 'x', requestId: randomId() }),
    ];
    const begun = performance.now();
    // A password takes its time: the other comes at about the moment at which it is found right.
    const other = new Promise((resolve) => setTimeout(resolve, took * (0.7 + (round % 10) * 0.06))).then(() => rivals[round % 3]?.());
    const approve = async () => {
      const answer = await zhou.post(`/cases/${id}/do/approval.approve`, { approval: 1, password: PASSWORD, requestId: randomId() });
      took = performance.now() - begun;
      return answer.status;
    };
    const statuses = [await approve(), (await other)?.status];
    expect(statuses.sort()).toEqual([303, 422]);
    const record = (await (await takeAway(chen, id, 'record.json')).json()) as { entries: { kind: string }[] };
    const made = record.entries.filter(({ kind }) => kind === 'proposal.made').length;
    const own = await casebook.privateRecord(id, 'lender');
    const answers = (own?.record?.entries ?? [])
      .filter(({ kind }) => /^approval\.(approved|returned|withdrawn)$/.test(kind))
      .map(({ kind }) => kind);
    // What was approved stands in both streams, or in neither.
    expect(made).toBe(answers.includes('approval.approved') ? 2 : 1);
    expect(answers.length).toBeLessThanOrEqual(1);
    wins[made === 2 ? 'approved' : 'other'] += 1;
    expect(await verify(record, { published: readPublished(publishedDocument(portal.keys, []))?.keys ?? null })).toMatchObject({
      holds: true,
    });
  }
  expect(wins.approved + wins.other).toBe(50);
});
