import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, typedTerms, type Visitor } from './people.ts';

/** What an agent sees of their own authority: beforehand, in the preview, and when an act goes beyond it; the borrower sees none of it. */

let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let id: string;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await signedIn(portal, 'chen'), await signedIn(portal, 'lin')];
});
afterAll(() => portal.remove());

/** Owed are 12,000.00 of principal, 300.00 of interest, 200.00 of penalty; the agents of the demo may grant half of the latter two, and 48 months. */
async function open(rest = {}) {
  id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }], ...rest });
  await stage.give('chen', 'mingheng', id, 'case.open', {
    ...opening,
    proposal: { ...opening.proposal, terms, reasons: { principal: '失业。' } },
  });
}

const fields = (rest: Record<string, string>) => {
  return {
    ...typedTerms(stage.today()),
    'terms.phases.0.kind': 'level',
    'terms.phases.0.count': '24',
    words: '请您考虑这个方案。',
    requestId: randomId(),
    ...rest,
  };
};

const ALONE =
  'What you may grant alone, against the lender’s own books: ¥0.00 of the principal, ¥250.00 of interest, penalty and fees together';
const TOO_MUCH = 'this gives up ¥251.00 of interest, penalty and fees; you may grant ¥250.00 alone. Change it, or ask a supervisor.';

describe('a proposal', () => {
  beforeAll(() => open());
  test('its form says what may be granted alone, to staff whom it binds and to nobody else', async () => {
    expect(await (await lin.get(`/cases/${id}/proposals/new`)).text()).toContain(ALONE);
    const borrowers = await (await chen.get(`/cases/${id}/proposals/new`)).text();
    expect(borrowers).not.toContain('What you may grant alone');
    expect(borrowers).not.toContain('authority');
    const zhou = await signedIn(portal, 'zhou');
    expect(await (await zhou.get(`/cases/${id}/proposals/new`)).text()).not.toContain('What you may grant alone');
  });
  test('worked out, it says what goes beyond; sent, it is refused with that beside the waiver and all that was typed', async () => {
    const typed = fields({ 'terms.waive.interest': '251', 'reasons.interest': '失业属实。' });
    expect(await (await lin.post(`/cases/${id}/proposals/new`, { ...typed, action: 'work-out' })).text()).toContain(TOO_MUCH);
    const refused = await lin.post(`/cases/${id}/do/proposal.make`, typed);
    expect(refused.status).toBe(422);
    const html = await refused.text();
    expect(html).toContain(TOO_MUCH);
    expect(html).toMatch(/<a href="#terms\.waive\.interest">[^<]*¥251\.00/);
    for (const kept of ['value="251"', 'value="失业属实。"', 'value="24"', '请您考虑这个方案。']) expect(html).toContain(kept);
  });
  test('within the limit it is sent', async () => {
    expect((await lin.post(`/cases/${id}/do/proposal.make`, fields({ 'terms.waive.interest': '250' }))).status).toBe(303);
  });
});

describe('figures of the debt', () => {
  beforeAll(() => open());
  test('far below what is on the books are refused beside the principal, with all that was typed', async () => {
    const typed = { 'debt.asOf': stage.today(), 'debt.principal': '1000', 'debt.interest': '300', 'debt.penalty': '200', 'debt.fees': '0' };
    const refused = await lin.post(`/cases/${id}/do/debt.state`, { ...typed, words: '账面就是这些。', requestId: randomId() });
    expect(refused.status).toBe(422);
    const html = await refused.text();
    expect(html).toContain('this gives up ¥11,000.00 of the principal; you may grant ¥0.00 alone');
    for (const kept of ['value="1000"', '账面就是这些。']) expect(html).toContain(kept);
  });
});

describe('a borrower’s offer beyond the authority', () => {
  beforeAll(() => open({ waive: { principal: 100_000 } }));
  test('says so on its page, and accepting it is refused with the figures', async () => {
    const page = await (await lin.get(`/cases/${id}/proposals/1`)).text();
    const said = 'this gives up ¥1,000.00 of the principal; you may grant ¥0.00 alone';
    expect(page).toContain(said);
    expect(await (await chen.get(`/cases/${id}/proposals/1`)).text()).not.toContain('you may grant');
    const digest = /name="digest" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? '';
    const refused = await lin.post(`/cases/${id}/do/proposal.accept`, { version: 1, digest, requestId: randomId() });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(said);
  });
});

describe('a second case about the same loan', () => {
  const opening = (principal: number, reference: string) => ({
    loan: { reference },
    debt: { debt: { asOf: stage.today(), currency: 'CNY', principal, interest: 0, penalty: 0, fees: 0 } },
    borrowerName: '孙悦',
    lenderName: '明衡消费金融',
  });
  const to = { email: null, phone: '13900139123' };
  const begin = (who: 'lin' | 'zhou', principal: number, reference: string) =>
    stage.give(who, 'mingheng', randomId(), 'case.openForBorrower', opening(principal, reference), to);
  test('does not begin with less than the first one, whoever closed that and however the loan is written', async () => {
    const first = await begin('lin', 1_250_000, 'MH-2025-77');
    await stage.give('lin', 'mingheng', first.case, 'case.close', { reason: 'error' });
    for (const same of ['mh 2025 77', 'ＭＨ－２０２５－７７', 'MH–2025\u200b—77'])
      await expect(begin('lin', 10_000, same)).rejects.toThrow('authority.exceeded');
    await begin('lin', 1_250_000, 'MH-2025-77');
    await begin('zhou', 10_000, 'MH-2025-77');
    await begin('lin', 10_000, 'MH-2025-78');
  });

  test('that the borrower opens with less is held against the first one, whatever is done with it', async () => {
    await begin('lin', 1_250_000, 'MH-2025-79');
    const less = plainOpening(stage.today(), '明衡消费金融');
    const debt = { asOf: stage.today(), currency: 'CNY' as const, principal: 10_000, interest: 0, penalty: 0, fees: 0 };
    for (const reference of ['mh 2025 79', 'ＭＨ２０２５—７９']) {
      const id = randomId();
      await stage.give('chen', 'mingheng', id, 'case.open', { ...less, loan: { reference }, debt: { debt } });
      await expect(stage.give('lin', 'mingheng', id, 'debt.confirm', { total: 10_000 })).rejects.toThrow('authority.exceeded');
      await stage.give('zhou', 'mingheng', id, 'debt.confirm', { total: 10_000 });
    }
  });

  test('however many others the borrower opens after it, what the lender stated in the first one counts', async () => {
    // A minute lies between any two of them.
    stage.on(1);
    await begin('lin', 1_250_000, 'MH-2025-80');
    const less = plainOpening(stage.today(), '明衡消费金融');
    const debt = { asOf: stage.today(), currency: 'CNY' as const, principal: 10_000, interest: 0, penalty: 0, fees: 0 };
    let last = '';
    for (let i = 0; i < 21; i++) {
      last = randomId();
      await stage.give('chen', 'mingheng', last, 'case.open', { ...less, loan: { reference: 'mh 2025 80' }, debt: { debt } });
    }
    await expect(stage.give('lin', 'mingheng', last, 'debt.confirm', { total: 10_000 })).rejects.toThrow('authority.exceeded');
    await expect(begin('lin', 10_000, 'MH-2025-80')).rejects.toThrow('authority.exceeded');
  });
});
