import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { publishedDocument, readPublished } from '../../worker/record/published.ts';
import { verify } from '../../worker/record/verify.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, takeAway, type Visitor } from './people.ts';

const en = wordsOf('en');
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

type RecordFile = { entries: { seq: number; kind: string; content: { version?: number; words?: string } }[] };

async function recordOf(caseId: string): Promise<RecordFile> {
  return (await (await takeAway(chen, caseId, 'record.json')).json()) as RecordFile;
}

/** What a refused form says on top. */
const said = (html: string) =>
  [...(/<div class="error-summary".*?<\/div>/s.exec(html)?.[0] ?? '').matchAll(/<li>(.*?)<\/li>/gs)].map(([, line = '']) =>
    plainText(line).trim(),
  );

/** A case in which the borrower's offer, version 1, is on the table. */
async function offered(): Promise<{ id: string; digest: string }> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const state = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string }[] };
  return { id, digest: state.offers[0]?.digest ?? '' };
}

test('two people act on one offer at once: exactly one wins, the other sees why, nothing is written twice (50 rounds)', async () => {
  const wins = { accepted: 0, other: 0 };
  for (let round = 0; round < 50; round++) {
    const { id, digest } = await offered();
    const accept = (who: Visitor) => who.post(`/cases/${id}/do/proposal.accept`, { version: 1, digest, requestId: randomId() });
    const rivals: (() => Promise<Response>)[] = [
      () => chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() }),
      () => accept(zhou),
      () => lin.post(`/cases/${id}/do/proposal.decline`, { version: 1, reasons: ['too-low'], words: 'x', requestId: randomId() }),
    ];
    const rival = rivals[round % 3] ?? (() => accept(zhou));
    const [first, second] = await Promise.all(round % 2 === 0 ? [accept(lin), rival()] : [rival(), accept(lin)]);
    expect([first?.status, second?.status].sort()).toEqual([303, 422]);
    const record = await recordOf(id);
    const ended = record.entries.filter(({ kind }) => /^proposal\.(accepted|withdrawn|declined)$/.test(kind));
    expect(ended).toHaveLength(1);
    // Whoever came second reads what has become of the offer, and no other reason.
    const loser = first?.status === 422 ? first : second;
    const code = ended[0]?.kind === 'proposal.accepted' ? 'offer.settled' : 'offer.none';
    const reason = refusalText(en, code === 'offer.settled' ? { code, version: 1 } : { code });
    expect(said((await loser?.text()) ?? '')).toEqual([reason]);
    wins[ended[0]?.kind === 'proposal.accepted' ? 'accepted' : 'other'] += 1;
    expect(await verify(record, { published: readPublished(publishedDocument(portal.keys, []))?.keys ?? null })).toMatchObject({
      holds: true,
    });
  }
  expect(wins.accepted + wins.other).toBe(50);
});

test('many writers on one case never fork its chain (50 rounds)', async () => {
  const { id } = await offered();
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  for (let round = 0; round < 50; round++) {
    const answers = await Promise.all(
      [chen, lin, zhou].map((who, i) =>
        who.post(`/cases/${id}/do/talk.message`, { words: `round ${round}, writer ${i}`, requestId: randomId() }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  }
  const record = await recordOf(id);
  const said = record.entries.filter(({ kind }) => kind === 'talk.message').map(({ content }) => content.words);
  expect(new Set(said).size).toBe(150);
  expect(said).toHaveLength(150);
  expect(await verify(record, { published: readPublished(publishedDocument(portal.keys, []))?.keys ?? null })).toMatchObject({
    holds: true,
    findings: [],
  });
});

test('a crowd at one case: each is served or told to try again, nobody meets an error', async () => {
  const { id } = await offered();
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      [chen, lin, zhou][i % 3]?.post(`/cases/${id}/do/talk.message`, { words: `crowd ${i}`, requestId: randomId() }),
    ),
  );
  const served = answers.filter((answer) => answer?.status === 303).length;
  expect(answers.every((answer) => answer?.status === 303 || answer?.status === 422)).toBe(true);
  expect(served).toBeGreaterThan(10);
  expect((await recordOf(id)).entries.filter(({ content }) => content.words?.startsWith('crowd')).length).toBe(served);
});

test('a request repeated with the same id gives the first outcome, once; with another body it is refused', async () => {
  const { id } = await offered();
  const requestId = randomId();
  const path = `/api/v1/cases/${id}/commands/talk.message`;
  const send = (words: string) =>
    chen.send(path, JSON.stringify({ words }), { 'content-type': 'application/json', 'idempotency-key': requestId });
  const answers = await Promise.all(Array.from({ length: 10 }, () => send('only once')));
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
  expect(new Set(bodies).size).toBe(1);
  expect((await recordOf(id)).entries.filter(({ content }) => content.words === 'only once')).toHaveLength(1);
  const other = await send('another body');
  expect(other.status).toBe(409);
  expect(other.headers.get('content-type')).toBe('application/problem+json');
  expect(await other.json()).toMatchObject({ type: 'urn:heyi:problem:request.reused' });
});

test('a variation is accepted while a payment is confirmed: one order, nothing lost, and no figures are signed that are not so (50 rounds)', async () => {
  const orders = { accepted: 0, confirmed: 0 };
  for (let round = 0; round < 50; round++) {
    const id = randomId();
    const today = stage.today();
    const opening = plainOpening(today, '明衡消费金融');
    const give = (who: 'chen' | 'lin' | 'zhou', command: string, input: unknown) => stage.give(who, 'mingheng', id, command, input);
    await give('chen', 'case.open', opening);
    const agreed = offerDigest(opening.debt.debt, opening.proposal.terms);
    await give('zhou', 'proposal.accept', { version: 1, digest: agreed });
    for (const who of ['chen', 'zhou'] as const) await give(who, 'agreement.sign', { digest: agreed, name: PEOPLE[who].name });
    const reported = await give('chen', 'payment.report', { amount: 100_000, on: today, method: 'app' });
    const terms = { ...opening.proposal.terms, phases: [{ kind: 'level', count: 24 }] };
    await give('chen', 'proposal.make', { answers: null, terms, reasons: {}, words: '改为二十四期。' });
    const state = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string }[] };
    const digest = state.offers[1]?.digest ?? '';
    const accept = () => zhou.post(`/cases/${id}/do/proposal.accept`, { version: 2, digest, requestId: randomId() });
    const confirm = () => lin.post(`/cases/${id}/do/payment.confirm`, { payment: reported.seq, requestId: randomId() });
    const [first, second] = await Promise.all(round % 2 === 0 ? [accept(), confirm()] : [confirm(), accept()]);
    const [accepted, confirmed] = round % 2 === 0 ? [first, second] : [second, first];
    expect(confirmed?.status).toBe(303);
    const { entries } = await recordOf(id);
    expect(entries.filter(({ kind }) => kind === 'payment.confirmed')).toHaveLength(1);
    if (accepted?.status === 303) {
      orders.accepted += 1;
      // Its figures are from before the payment counted: nobody signs them.
      const refused = await chen.post(`/cases/${id}/do/agreement.sign`, {
        digest,
        name: PEOPLE.chen.name,
        password: PASSWORD,
        requestId: randomId(),
      });
      expect(said(await refused.text())).toEqual([refusalText(en, { code: 'agreement.outdated' })]);
    } else {
      orders.confirmed += 1;
      expect(said((await accepted?.text()) ?? '')).toEqual([refusalText(en, { code: 'offer.debt-changed' })]);
    }
  }
  expect(orders.accepted + orders.confirmed).toBe(50);
  expect(await rebuild(portal.env, 'mingheng', false)).toMatchObject({ differences: [], broken: [] });
});
