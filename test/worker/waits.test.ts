import { PDF } from '@libpdf/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { dateText, type Language, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { CHINA } from '../../worker/plan/law/china.ts';
import { addWorkingDays } from '../../worker/plan/law/working-days.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, takeAway, type Visitor } from './people.ts';

/** What waits for a person is said where they look first, and what a page counts is what stands. */

const LENDER = 'mingheng';
const FILE = { lines: ['实发工资：5,000.00'], figures: ['incomes.salary'] };
const LANGUAGES = ['zh', 'en'] as const;

let portal: Rig;
let stage: Stage;
let id: string;
const at = {} as Record<'chen' | 'lin', Record<(typeof LANGUAGES)[number], Visitor>>;
const give = (who: 'chen' | 'lin', command: string, input: unknown) => stage.give(who, LENDER, id, command, input);
const read = async (who: Visitor, path: string) => plainText(await (await who.get(path)).text());
const item = async (who: Visitor, path: string) =>
  (await (await who.get(path)).text()).split('<li>').find((one) => one.includes(`/cases/${id}"`)) ?? '';

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  stage.on(3);
  id = randomId();
  const slip = await stage.upload('chen', LENDER, id, '工资单', FILE.lines);
  const opening = plainOpening(stage.today(), '明衡消费金融');
  opening.evidence.files = [{ sha256: slip, figures: FILE.figures }];
  await give('chen', 'case.open', opening);
  for (const who of ['chen', 'lin'] as const) {
    at[who] = { zh: await signedIn(portal, who, 'zh'), en: await signedIn(portal, who, 'en') };
  }
  const before = await read(at.lin.zh, `/cases/${id}/means`);
  expect(before).toContain('其中 76.9% 有材料支持');
  await give('lin', 'evidence.reject', { file: slip, reason: 'illegible' });
  await give('lin', 'means.query', { figure: 'incomes.salary', words: '哪个月的工资？' });
  await give('lin', 'talk.logCall', { when: `${stage.today()}T09:00`, direction: 'to-borrower', minutes: 3, words: '核对。' });
});
afterAll(() => portal.remove());

test.each([
  ['zh', '其中 0% 有材料支持', '工资单.pdf 未认可', '已认可'],
  ['en', '0%', '工资单.pdf Not accepted', 'Accepted'],
] as const)('evidence that was not accepted supports nothing, for either side (%s)', async (language, share, refused, supported) => {
  for (const who of [at.chen, at.lin]) {
    const page = await read(who[language], `/cases/${id}/means`);
    expect(page).toContain(share);
    expect(page).not.toContain('76.9%');
    expect(page).toContain(refused);
    expect(page).not.toContain(supported);
  }
});

describe('what waits for the borrower', () => {
  test.each([
    ['zh', ['有 1 项收支疑问等您答复', '有 1 份材料未被认可，请补充或说明', '有 1 次通话记录等您确认']],
    [
      'en',
      [
        '1 question about your means waits for your answer',
        '1 document not accepted: please add to it or explain',
        '1 logged call for you to confirm',
      ],
    ],
  ] as const)('is said in the next step and in the list (%s)', async (language, said) => {
    const html = await (await at.chen[language].get(`/cases/${id}`)).text();
    const step = /<section class="next-step"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
    const row = await item(at.chen[language], '/cases');
    for (const one of said) for (const place of [step, row]) expect(place).toContain(one);
    // Each leads to the very figure, file and call.
    const places = [...step.matchAll(/href="([^"]+)#((?:figure|file|e)[^"]*)"/g)].map(([, path = '', anchor = '']) => ({ path, anchor }));
    expect(places.map(({ path, anchor }) => `${path}#${anchor.replace(/[0-9a-f]{12}$|[0-9]+$/, '')}`).toSorted()).toEqual([
      `/cases/${id}#e`,
      `/cases/${id}/evidence#file-`,
      `/cases/${id}/means#figure-incomes.salary`,
    ]);
    for (const { path, anchor } of places) expect(await (await at.chen[language].get(path)).text(), anchor).toContain(`id="${anchor}"`);
  });
});

test.each([
  ['zh', '这一项已有疑问在等借款人答复'],
  ['en', 'A question about this figure already waits for the borrower'],
] as const)('a second question does not take the place of one that is not answered (%s)', async (language, refusal) => {
  const fields = { figure: 'incomes.salary', words: '另一个问题', requestId: randomId() };
  const answer = await at.lin[language].post(`/cases/${id}/do/means.query`, fields);
  expect(answer.status).toBe(422);
  const html = await answer.text();
  expect(html).toContain(refusal);
  expect(html).toContain('另一个问题');
  expect(await read(at.chen[language], `/cases/${id}/means`)).toContain('哪个月的工资？');
});

test.each(LANGUAGES)(
  'who only reads is told what the two sides have to do, and not that anything waits for them (%s)',
  async (language) => {
    const shen = await signedIn(portal, 'shen', language);
    const { watch, todo } = wordsOf(language).case;
    const html = await (await shen.get(`/cases/${id}`)).text();
    const step = /<section class="next-step"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
    const said = plainText(step);
    expect(said).toContain(watch.title);
    expect(said).toContain(watch.answer({ version: 1 }));
    expect(said).toContain(wordsOf(language).case.theirs.pending.calls(1));
    expect(said).not.toContain(todo);
    expect(step).not.toContain('class="button primary"');
    const row = plainText((await (await shen.get(`/desk/${LENDER}?show=all`)).text()).split('<tr>').find((one) => one.includes(id)) ?? '');
    expect(row).toContain(watch.waits({ side: 'lender' }));
    expect(row).not.toContain(wordsOf(language).cases.waitingYou);
  },
);

test.each([
  ['zh', (date: string) => `机构承诺 ${date}前后答复`],
  ['en', (date: string) => `the lender promised an answer by about ${date}`],
] as const)(
  'the list says by when the lender promised to answer, in working days, and since when that is past (%s)',
  async (language, said) => {
    const other = await rig();
    try {
      const stage = await Stage.set(other, Date.now());
      const [late, newer] = [randomId(), randomId()];
      const opening = (reference: string) => ({ ...plainOpening(stage.today(), '明衡消费金融'), loan: { reference } });
      stage.on(20);
      await stage.give('chen', LENDER, late, 'case.open', {
        ...opening('LATE-1'),
        proposal: { ...opening('').proposal, expiresInDays: 60 },
      });
      const promisedLate = addWorkingDays(CHINA.holidays, stage.today(), DEFAULT_POLICY.answerWithin).date;
      stage.on(0);
      await stage.give('chen', LENDER, newer, 'case.open', opening('NEW-2'));
      const promised = addWorkingDays(CHINA.holidays, stage.today(), DEFAULT_POLICY.answerWithin).date;
      const html = await (await (await signedIn(other, 'chen', language)).get('/cases')).text();
      const rowOf = (id: string) => plainText(html.split('<li>').find((one) => one.includes(`/cases/${id}"`)) ?? '');
      const words = wordsOf(language);
      expect(rowOf(newer)).toContain(said(dateText(words, promised)));
      expect(rowOf(late)).toContain(words.cases.answerLate({ date: dateText(words, promisedLate) }));
      expect(html.indexOf(late)).toBeLessThan(html.indexOf(newer));
    } finally {
      await other.remove();
    }
  },
);

test.each([
  ['zh', '请选择', '请从列表中选择一项'],
  ['en', 'Please choose', 'Choose one from the list'],
] as const)(
  'no reason, way or direction is chosen for anybody, and none goes into the record unchosen (%s)',
  async (language, blank, refusal) => {
    const other = randomId();
    await stage.give('chen', LENDER, other, 'case.open', {
      ...plainOpening(stage.today(), '明衡消费金融'),
      loan: { reference: other.slice(0, 8) },
    });
    const sha256 = await stage.upload('chen', LENDER, other, '流水', ['x']);
    await stage.give('chen', LENDER, other, 'evidence.add', { files: [{ sha256, figures: [] }], consent: true });
    const lin = at.lin[language];
    const chen = at.chen[language];
    const select = (html: string, name: string) => new RegExp(`<select[^>]*name="${name}"[\\s\\S]*?</select>`).exec(html)?.[0] ?? '';
    expect(select(await (await lin.get(`/cases/${other}/evidence`)).text(), 'reason')).toContain(`<option value="" selected="">${blank}`);
    const page = await (await chen.get(`/cases/${other}`)).text();
    for (const name of ['reason', 'direction']) expect(select(page, name), name).toContain(`<option value="" selected="">${blank}`);
    for (const [who, command, fields] of [
      [lin, 'evidence.reject', { file: sha256, reason: '' }],
      [chen, 'case.close', { reason: '' }],
      [chen, 'talk.logCall', { when: `${stage.today()}T00:00`, minutes: '3', direction: '', words: '谈了。' }],
    ] as const) {
      const answer = await who.post(`/cases/${other}/do/${command}`, { ...fields, requestId: randomId() });
      expect(answer.status, command).toBe(422);
      expect(await answer.text(), command).toContain(refusal);
    }
  },
);

test('an offer that rests on figures which were changed since says so, and asks for a new one', async () => {
  const debt = { ...plainOpening(stage.today(), '').debt.debt, penalty: 60_000 };
  await give('lin', 'debt.state', { debt, words: '罚息又有增加。' });
  for (const [language, said] of [
    ['zh', '双方说的欠款数字不同，请核对'],
    ['en', 'The two sides state different debts: please check'],
  ] as const) {
    for (const who of [at.chen, at.lin]) expect(await read(who[language], `/cases/${id}`)).toContain(said);
    expect(await item(at.chen[language], '/cases')).toContain(said);
  }
  await give('chen', 'debt.confirm', { total: 1_290_000 });
  const date = (language: Language) => dateText(wordsOf(language), stage.today());
  const next = {
    zh: '方案 1 按欠款 ¥12,500.00 计算，现在按 ¥12,900.00 协商，所以这个方案不能再接受',
    en: 'Proposal 1 rests on a debt of ¥12,500.00. The negotiation now runs on ¥12,900.00, so it can no longer be accepted',
  };
  // On its card it is said too in whose words each figure is, and by which entry.
  const [first, now] = [
    {
      zh: `方案 1 按欠款 ¥12,500.00 计算（借款人于 ${date('zh')}所述，第 2 条）。`,
      en: `Proposal 1 rests on a debt of ¥12,500.00 (as the borrower said on ${date('en')}, entry 2).`,
    },
    { zh: `机构所述，借款人于 ${date('zh')}确认，第 `, en: `as the lender said and the borrower confirmed on ${date('en')}, entry ` },
  ];
  const on = { zh: `${first.zh}现在按 ¥12,900.00 协商（${now.zh}`, en: `${first.en} The negotiation now runs on ¥12,900.00 (${now.en}` };
  const ended = { zh: '），所以这个方案不能再接受。', en: '), so it can no longer be accepted.' };
  for (const language of ['zh', 'en'] as const) {
    for (const who of [at.chen, at.lin]) {
      expect(await read(who[language], `/cases/${id}`)).toContain(next[language]);
      for (const path of ['', '/proposals/1', '/proposals/new']) {
        expect(await read(who[language], `/cases/${id}${path}`), path).toContain(on[language]);
        expect(await read(who[language], `/cases/${id}${path}`), path).toContain(ended[language]);
      }
    }
    expect(await (await at.lin[language].get(`/cases/${id}/proposals/1`)).text()).not.toContain('do/proposal.accept');
  }

  await give('lin', 'proposal.make', {
    answers: 1,
    terms: plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }] }),
    words: '按确认后的数额，十二期。',
  });
  const differs = {
    zh: ['两个方案依据的欠款不同，不能只比还款金额。', first.zh, `方案 2 按欠款 ¥12,900.00 计算（${now.zh}`],
    en: [
      'The two proposals rest on different debts, so comparing the payments alone is not enough.',
      first.en,
      `Proposal 2 rests on a debt of ¥12,900.00 (${now.en}`,
    ],
  };
  const changed = { zh: '罚息及违约金： ¥200.00 → ¥600.00', en: 'penalty: ¥200.00 → ¥600.00' };
  const row = { zh: '欠款 · 罚息及违约金 ¥200.00 ¥600.00', en: 'Debt: penalty ¥200.00 ¥600.00' };
  for (const language of ['zh', 'en'] as const) {
    for (const who of [at.chen, at.lin]) {
      for (const path of ['', '/proposals/2', '/compare?a=1&b=2']) {
        const text = plainText(await (await who[language].get(`/cases/${id}${path}`)).text());
        for (const sentence of differs[language]) expect(text, path).toContain(sentence);
        expect(text, path).toContain(changed[language]);
        if (path.startsWith('/compare')) expect(text).toContain(row[language]);
      }
    }
    // The older offer is off the table; that its figures do not count any more is still said on its card.
    expect(await read(at.chen[language], `/cases/${id}`)).toContain(on[language]);
    const page = await (await at.chen[language].get(`/cases/${id}/proposals/2`)).text();
    const answer = plainText(page.slice(page.indexOf('id="answer"')));
    for (const sentence of [...differs[language], changed[language]]) expect(answer).toContain(sentence);
    const told = await textOfRecord(language);
    for (const sentence of differs[language]) expect(told).toContain(sentence.replace(/\s/g, ''));
  }
});

/** The record as a document, without spaces. */
async function textOfRecord(language: Language): Promise<string> {
  const pdf = await PDF.load(new Uint8Array(await (await takeAway(at.chen[language], id, 'record.pdf')).arrayBuffer()));
  return (await pdf.extractText())
    .map((one) => one.text)
    .join('')
    .replace(/\s/g, '');
}
