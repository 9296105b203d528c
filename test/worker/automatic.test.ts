import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { answerAutomatically } from '../../worker/execute/automatic.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { type Casebook, openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig, told } from '../portal.ts';
import { plainText, signedIn, typedTerms, type Visitor } from './people.ts';

/** A lender whose policy answers: after the borrower's request, once, marked in the thread, and by a person where one is asked for. */

const en = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let casebook: Casebook;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  casebook = openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' });
  await casebook.setPolicy({ ...DEFAULT_POLICY, automatic: { accept: true, counter: true } }, instant());
});
afterAll(() => portal.remove());

const TOTAL = 1_250_000;

/** A case with the borrower's offer of so many months; the lender's confirming of the figures brings the answer. */
async function offered(count: number): Promise<string> {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count }] });
  await stage.give('chen', 'mingheng', id, 'case.open', { ...opening, proposal: { ...opening.proposal, terms } });
  return id;
}

const confirm = (id: string) => lin.post(`/cases/${id}/do/debt.confirm`, { total: TOTAL, requestId: randomId() });
const kindsOf = async (id: string) => ((await casebook.record(id))?.entries ?? []).map(({ kind }) => kind);

/** What stands in a case once the answer of the policy does, which comes before the case is told of. */
async function answered(id: string): Promise<string[]> {
  await told(portal, id);
  return kindsOf(id);
}

const by = async () => {
  const at = instant();
  return { casebook, lender: 'mingheng', at, key: await signingKey(portal.keys, at), random: randomBytes };
};

test('an offer inside policy is accepted after the request that brought it, marked in the thread; nobody has signed', async () => {
  const id = await offered(12);
  expect((await confirm(id)).status).toBe(303);
  const kinds = await answered(id);
  expect(kinds.filter((kind) => /^(proposal.accepted|agreement)/.test(kind))).toEqual(['proposal.accepted', 'agreement.drawn-up']);
  expect(plainText(await (await chen.get(`/cases/${id}`)).text())).toContain(en.person.automatic({ version: 1 }));
});

test('one outside it is countered; the borrower sees by which policy, and asks for a person in one press: then none is answered any more', async () => {
  const id = await offered(50);
  await confirm(id);
  expect((await answered(id)).filter((kind) => kind === 'proposal.made')).toHaveLength(2);
  const html = await (await chen.get(`/cases/${id}`)).text();
  expect(plainText(html)).toContain(en.person.automatic({ version: 1 }));
  expect(html).toContain(`/cases/${id}/do/person.ask`);
  expect((await chen.post(`/cases/${id}/do/person.ask`, { requestId: randomId() })).status).toBe(303);
  const after = (await kindsOf(id)).length;
  const fields = { ...typedTerms(stage.today()), answers: '2', 'terms.phases.0.kind': 'level', 'terms.phases.0.count': '12' };
  expect((await chen.post(`/cases/${id}/do/proposal.make`, { ...fields, words: '请人看看。', requestId: randomId() })).status).toBe(303);
  await portal.sweep();
  expect((await kindsOf(id)).slice(after)).toEqual(['proposal.made']);
});

test('answered by many at once, again and again, or only by the schedule: once (20 rounds)', async () => {
  for (let round = 0; round < 20; round++) {
    const id = await offered(round % 2 ? 12 : 50);
    // As if the request that confirmed them had been stopped before it answered: only the schedule comes by.
    await stage.give('lin', 'mingheng', id, 'debt.confirm', { total: TOTAL });
    const own = await by();
    const rivals = [() => answerAutomatically(own, id), () => answerAutomatically(own, id), () => answerAutomatically(own, id)];
    const withdraw = () => chen.post(`/cases/${id}/do/proposal.withdraw`, { version: 1, requestId: randomId() });
    await Promise.all(round % 3 === 0 ? [withdraw(), ...rivals.map((one) => one())] : rivals.map((one) => one()));
    await answerAutomatically(own, id);
    const kinds = (await kindsOf(id)).filter((kind) => /^proposal\.(made|accepted|withdrawn)$/.test(kind));
    // The borrower's own, and exactly one thing that came of it.
    expect(kinds).toHaveLength(2);
  }
});

test('a case that a person answers is read again with its next entry, another version of the policy or another day, and not with every run', async () => {
  const id = await offered(12);
  await confirm(id);
  await answered(id);
  await chen.post(`/cases/${id}/do/person.ask`, { requestId: randomId() });
  const { version } = (await casebook.policy()).value;
  const day = dayOf(instant(), HOME.zone);
  const toRead = async (of = { version, day }) => (await casebook.unanswered(of, 100)).map((one) => one.id).includes(id);
  const other = await offered(12);
  const waits = async () => (await casebook.unanswered({ version, day }, 100)).map((one) => one.id).includes(other);
  expect(await waits()).toBe(true);
  // Its figures are not confirmed.
  await answerAutomatically(await by(), other);
  expect(await waits()).toBe(false);
  expect((await casebook.unanswered({ version: version + 1, day }, 100)).map((one) => one.id)).toContain(other);
  expect((await casebook.unanswered({ version, day: '2030-01-01' }, 100)).map((one) => one.id)).toContain(other);
  expect((await chen.post(`/cases/${other}/do/talk.message`, { words: '在吗', requestId: randomId() })).status).toBe(303);
  expect(await waits()).toBe(true);
  await portal.sweep();
  expect([await waits(), await toRead()]).toEqual([false, false]);
});
