import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { money, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, plainText, signedIn, typedTerms, type Visitor, visitor } from './people.ts';

/** An offer is looked over before it is sent, and is sent as it was shown or not at all; on figures that changed it is made again in one step. */

const LENDER = 'mingheng';
const LANGUAGES = ['zh', 'en'] as const;
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
});
afterAll(() => portal.remove());

/** A case whose borrower knew the total alone, with an offer at a rate a year. */
async function opened(ppm = 0) {
  const id = randomId();
  const plain = plainOpening(stage.today(), '明衡消费金融');
  plain.proposal.terms.rate.ppm = ppm;
  const { debt } = plain.debt;
  const total = { ...debt, principal: debt.principal + debt.interest + debt.penalty + debt.fees, interest: 0, penalty: 0, fees: 0 };
  const opening = { ...plain, loan: { reference: id.slice(0, 8) }, debt: { debt: total, partsUnknown: true } };
  await stage.give('chen', LENDER, id, 'case.open', opening);
  const parts = { ...total, principal: total.principal - 30_000, interest: 20_000, penalty: 10_000 };
  return { id, opening, parts };
}

/** The hidden fields of the form that sends. */
const hiddenIn = (html: string) =>
  Object.fromEntries([...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));

const counter = () => ({
  ...typedTerms(stage.today()),
  'terms.phases.0.kind': 'fixed',
  'terms.phases.0.amount': '1,234.50',
  words: '最长这么久。',
});

describe.each([
  ['chen', '机构'],
  ['lin', '借款人'],
] as const)('a later offer by %s', (who, other) => {
  test('is shown as it will stand in the record, in capitals too, and nothing is sent before', async () => {
    const { id } = await opened();
    const at = (await inBoth(portal, who)).zh;
    const page = await at.post(`/cases/${id}/proposals/check`, counter());
    const html = await page.text();
    expect(page.status).toBe(200);
    for (const text of ['¥1,234.50', '壹仟贰佰叁拾肆元伍角', '最长这么久。', `发送后，${other}`]) expect(plainText(html)).toContain(text);
    expect(await (await at.get(`/cases/${id}`)).text()).not.toContain('最长这么久。');
    const fields = hiddenIn(html);
    const sent = await at.post(`/cases/${id}/do/proposal.make`, fields);
    expect(sent.status).toBe(303);
    const thread = await (await at.get(`/cases/${id}`)).text();
    expect(thread).toContain('最长这么久。');
    expect(thread).toContain(fields.digest);
  });
});

test('what is wrong with it is said on the form, with what was typed', async () => {
  const { id } = await opened();
  const answer = await lin.post(`/cases/${id}/proposals/check`, { ...counter(), words: '' });
  const html = await answer.text();
  expect(answer.status).toBe(422);
  expect(html).toContain('id="words-error"');
  expect(html).toContain('1,234.50');
});

test('changed from there, or read in the other language, it has all that was typed', async () => {
  const { id } = await opened();
  const fields = hiddenIn(await (await lin.post(`/cases/${id}/proposals/check`, counter())).text());
  const form = await (await lin.post(`/cases/${id}/proposals/new`, { ...fields, action: 'change' })).text();
  for (const text of ['1,234.50', '最长这么久。']) expect(form).toContain(text);
  const other = await (await lin.post(`/cases/${id}/proposals/check?language=zh`, fields)).text();
  expect(other).toContain('<html lang="zh');
  expect(other).toContain(wordsOf('zh').offer.check);
});

test('the session that ended meanwhile comes back to it', async () => {
  const { id } = await opened();
  const nobody = visitor(portal);
  const page = await nobody.post(`/cases/${id}/proposals/check`, counter());
  expect(page.status).toBe(401);
  const kept = { ...hiddenIn(await page.text()), contact: PEOPLE.lin.email, password: PASSWORD };
  const signed = await nobody.post('/sign-in', kept);
  expect([signed.status, signed.headers.get('location')]).toEqual([307, `/cases/${id}/proposals/check`]);
  expect(await (await lin.post(`/cases/${id}/proposals/check`, kept)).text()).toContain('最长这么久。');
});

test.each(LANGUAGES)(
  'on stated parts the borrower’s offer is made again in one step, in full before it is sent, where they change it (%s)',
  async (language) => {
    // Interest runs on the principal: on less of it the instalments are others.
    const { id, opening, parts } = await opened(120_000);
    const at = (await inBoth(portal, 'chen'))[language];
    const words = wordsOf(language);
    const owed = parts.principal + parts.interest + parts.penalty;
    await stage.give('lin', LENDER, id, 'debt.state', { debt: parts });
    const todo = /<section class="next-step"[\s\S]*?<\/section>/.exec(await (await at.get(`/cases/${id}`)).text())?.[0] ?? '';
    expect(plainText(todo)).toContain(words.case.now.oldParts({ version: 1, total: money(owed) }));
    expect(/<a class="button primary" href="([^"]+)"/.exec(todo)?.[1]).toBe(`/cases/${id}/proposals/again`);
    const html = await (await at.get(`/cases/${id}/proposals/again`)).text();
    for (const text of ['¥200.00', '¥100.00', opening.proposal.words]) expect(plainText(html)).toContain(text);
    const fields = hiddenIn(html);
    const sent = await at.post(`/cases/${id}/do/proposal.make`, fields);
    expect(sent.status).toBe(303);
    expect((await at.get(`/cases/${id}/proposals/again`)).headers.get('location')).toBe(`/cases/${id}/proposals/new`);
    await stage.give('lin', LENDER, id, 'proposal.accept', { version: 2, digest: fields.digest });
  },
);

test.each(LANGUAGES)(
  'where stating the parts changes no instalment, whoever stated them accepts at once, and the agreement has them (%s)',
  async (language) => {
    const { id, opening, parts } = await opened();
    const [agent, borrower] = [(await inBoth(portal, 'lin'))[language], (await inBoth(portal, 'chen'))[language]];
    await stage.give('lin', LENDER, id, 'debt.state', { debt: parts });
    expect(await (await agent.get(`/cases/${id}`)).text()).toContain(`href="/cases/${id}/proposals/1"`);
    const html = await (await agent.get(`/cases/${id}/proposals/1`)).text();
    const words = wordsOf(language);
    const said = ['principal', 'interest', 'penalty'] as const;
    const inParts = said.map((part) => `${words.component[part]} ${money(parts[part])}`).join(words.comma);
    expect(plainText(html)).toContain(words.debt.inParts({ parts: inParts }));
    const form = html.split('do/proposal.accept"')[1]?.split('</form>')[0] ?? '';
    expect((await agent.post(`/cases/${id}/do/proposal.accept`, hiddenIn(form))).status).toBe(303);
    const agreement = plainText(await (await borrower.get(`/cases/${id}/agreement`)).text());
    for (const part of said) expect(agreement).toContain(money(parts[part]));
    const digest = offerDigest(parts, opening.proposal.terms);
    for (const who of ['chen', 'lin'] as const) await stage.give(who, LENDER, id, 'agreement.sign', { digest, name: PEOPLE[who].name });
  },
);

test('what was shown on other figures is not sent', async () => {
  const { id, parts } = await opened();
  const fields = hiddenIn(await (await chen.post(`/cases/${id}/proposals/check`, { ...counter(), words: '照旧。' })).text());
  await stage.give('lin', LENDER, id, 'debt.state', { debt: parts });
  const refused = await chen.post(`/cases/${id}/do/proposal.make`, fields);
  const html = await refused.text();
  expect(refused.status).toBe(422);
  expect(plainText(html)).toContain(plainText(wordsOf('en').refusal['offer.not-as-shown'] as string));
  expect(html).toContain('照旧。');
});
