/** The demo world: two lenders with staff, several borrowers, cases in different states. Made by playing commands. */

import { randomId } from '../worker/chance.ts';
import { offerDigest } from '../worker/negotiation/proposal.ts';
import { addDays, addMonths } from '../worker/plan/calendar.ts';
import { plainTerms } from '../worker/plan/plain-terms.ts';
import { debt, type Ground, means, Stage } from './demo.ts';

/** Plays the demo world into an empty installation, as of `now`. */
export async function playDemo(to: Ground, now = Date.now()): Promise<void> {
  const stage = await Stage.set(to, now);
  await countered(stage);
  await waiting(stage);
  await inForce(stage);
  await agreed(stage);
  await withdrawn(stage);
  await invited(stage);
}

/** 王小雨 lost her job; the lender has countered and waits for her. */
async function countered(stage: Stage): Promise<void> {
  const id = randomId();
  const lender = 'mingheng';
  stage.on(9, 21);
  const today = stage.today();
  const notice = await stage.upload('wang', lender, id, '解除劳动合同通知', [
    '王小雨女士：',
    '因公司业务调整，双方劳动合同于上月末解除。',
    '特此通知。',
  ]);
  const flow = await stage.upload('wang', lender, id, '银行流水近三个月', [
    '近三个月工资入账：8,200.00、8,200.00、0.00',
    '房租转出：每月 2,300.00',
  ]);
  await stage.give('wang', lender, id, 'case.open', {
    loan: { reference: 'MH-2025-083317', product: '明衡畅享贷' },
    debt: { debt: debt(today, 4_260_000, 183_500, 96_240, 12_000), rate: { per: 'year', ppm: 180_000 } },
    means: means(addDays(today, -62), {
      cause: { kind: 'job-loss', since: addDays(today, -62), words: '公司裁员，我在九月底失去了工作，目前靠零工维持生活，正在面试。' },
      incomes: [
        { kind: 'gig', amount: 120_000, every: 'week' },
        { kind: 'benefit', amount: 165_000, every: 'month' },
      ],
      expenses: [
        { kind: 'housing', amount: 230_000, every: 'month' },
        { kind: 'food', amount: 150_000, every: 'month' },
        { kind: 'transport', amount: 26_000, every: 'month' },
        { kind: 'communication', amount: 9_900, every: 'month' },
      ],
      otherDebts: [{ kind: 'credit-card', amount: 60_000, every: 'month' }],
      dependants: 1,
      changes: [{ from: addMonths(today, 6), direction: 'more', amount: 150_000 }],
    }),
    evidence: {
      files: [
        { sha256: notice, figures: ['incomes.benefit'] },
        { sha256: flow, figures: ['expenses.housing', 'incomes.gig'] },
      ],
      consent: true,
    },
    proposal: {
      answers: null,
      terms: plainTerms(today, {
        waive: { penalty: 96_240, fees: 12_000 },
        phases: [
          { kind: 'pause', count: 2, interest: 'waived' },
          { kind: 'level', count: 48 },
        ],
      }),
      reasons: { penalty: '失业以后实在没有能力再承担罚息，本金和利息我会还清。', fees: '希望能免去逾期产生的费用。' },
      words: '我愿意还清欠款。现在收入不稳定，希望先缓两个月，之后每月按时还。',
    },
    lenderName: '明衡消费金融',
  });
  stage.on(8, 10);
  await stage.give('lin', lender, id, 'talk.message', {
    words: '王女士您好，我是明衡的经办林静。材料已收到，正在核对，三个工作日内给您答复。',
  });
  await stage.give('lin', lender, id, 'evidence.accept', { file: notice });
  await stage.give('lin', lender, id, 'means.verify', { figure: 'expenses.housing' });
  await stage.give('lin', lender, id, 'means.query', {
    figure: 'incomes.gig',
    words: '零工收入的流水只到上月中旬，方便补充最近两周的吗？',
  });
  stage.on(7, 20);
  await stage.give('wang', lender, id, 'means.answer', {
    figure: 'incomes.gig',
    words: '最近两周分别是 1,150 元和 1,260 元，平台周结，截图随后补上。',
  });
  stage.on(6, 15);
  await stage.give('lin', lender, id, 'talk.logCall', {
    when: `${stage.today()}T14:30`,
    direction: 'to-borrower',
    minutes: 6,
    words: '与王女士核对了收入情况，说明我司可减免罚息，但希望宽限期缩短为一个月。',
  });
  stage.on(2, 11);
  await stage.give('lin', lender, id, 'debt.confirm', { total: 4_260_000 + 183_500 + 96_240 + 12_000 });
  const now = stage.today();
  await stage.give('lin', lender, id, 'proposal.make', {
    answers: 1,
    terms: plainTerms(now, {
      rate: { per: 'year', ppm: 36_000 },
      waive: { penalty: 96_240 },
      phases: [
        { kind: 'pause', count: 1, interest: 'waived' },
        { kind: 'level', count: 36 },
      ],
    }),
    reasons: { penalty: '考虑到失业属实，罚息全部减免。' },
    words: '我们可以免除全部罚息，利率降到年 3.6%。宽限一个月后，分 36 期还清。',
    expiresInDays: 7,
  });
}

/** 陈建国 fell ill; his proposal waits for the lender. */
async function waiting(stage: Stage): Promise<void> {
  const id = randomId();
  stage.on(1, 22);
  const today = stage.today();
  await stage.give('chen', 'mingheng', id, 'case.open', {
    loan: { reference: 'MH-2024-110925' },
    debt: { debt: debt(today, 1_850_000, 74_000, 41_000, 0) },
    means: means(addDays(today, -120), {
      cause: {
        kind: 'illness',
        since: addDays(today, -120),
        until: addMonths(today, 4),
        words: '腰椎手术后在家休养，病假工资只有原来的一半。',
      },
      incomes: [{ kind: 'salary', amount: 420_000, every: 'month' }],
      expenses: [
        { kind: 'food', amount: 140_000, every: 'month' },
        { kind: 'medical', amount: 90_000, every: 'month' },
        { kind: 'utilities', amount: 36_000, every: 'month' },
      ],
      dependants: 2,
    }),
    evidence: { files: [] },
    proposal: {
      answers: null,
      terms: plainTerms(today, {
        waive: { penalty: 41_000 },
        phases: [
          { kind: 'fixed', amount: 60_000, count: 6 },
          { kind: 'level', count: 18 },
        ],
      }),
      reasons: { penalty: '逾期是因为住院，请考虑免除罚息。' },
      words: '前六个月身体还在恢复，先少还一些，之后恢复上班就能多还。',
    },
    lenderName: '明衡消费金融',
  });
  // What goes beyond 林静's authority waits for 周岚, who may allow it.
  await stage.ask(
    'lin',
    'mingheng',
    id,
    'proposal.make',
    {
      answers: 1,
      terms: plainTerms(stage.today(), {
        waive: { penalty: 41_000, principal: 150_000 },
        phases: [
          { kind: 'fixed', amount: 60_000, count: 6 },
          { kind: 'level', count: 18 },
        ],
      }),
      reasons: { principal: '手术后收入减半，材料齐全。' },
      words: '陈先生，考虑到您的身体情况，我们这样安排，您看可以吗？',
    },
    '出院小结和工资单都核对过，收入确实少了一半。本金减一些，他后面能按时还上。',
  );
}

/** 李婷's agreement is in force; she has paid twice. */
async function inForce(stage: Stage): Promise<void> {
  const id = randomId();
  const lender = 'mingheng';
  stage.on(96, 19);
  const today = stage.today();
  const owed = debt(today, 960_000, 31_200, 18_500, 0);
  await stage.give('li', lender, id, 'case.open', {
    loan: { reference: 'MH-2025-020446', product: '明衡畅享贷' },
    debt: { debt: owed },
    means: means(addDays(today, -90), {
      cause: { kind: 'income-drop', since: addDays(today, -90), words: '店里客流减少，提成少了一大半。' },
      incomes: [{ kind: 'salary', amount: 460_000, every: 'month' }],
      expenses: [
        { kind: 'housing', amount: 180_000, every: 'month' },
        { kind: 'food', amount: 120_000, every: 'month' },
      ],
    }),
    evidence: { files: [] },
    proposal: {
      answers: null,
      terms: plainTerms(today, { waive: { penalty: 18_500 }, phases: [{ kind: 'level', count: 12 }] }),
      reasons: { penalty: '收入减少，请免除罚息。' },
      words: '我想分一年还清。',
    },
    lenderName: '明衡消费金融',
  });
  stage.on(94, 10);
  await stage.give('lin', lender, id, 'debt.confirm', { total: 960_000 + 31_200 + 18_500 });
  const counter = plainTerms(stage.today(), { waive: { penalty: 9_250 }, phases: [{ kind: 'level', count: 12 }] });
  await stage.give('lin', lender, id, 'proposal.make', { answers: 1, terms: counter, reasons: {}, words: '罚息可以免一半，期数不变。' });
  stage.on(93, 20);
  const digest = offerDigest(owed, counter);
  await stage.give('li', lender, id, 'proposal.accept', { version: 2, digest });
  await stage.give('li', lender, id, 'agreement.sign', { digest, name: '李婷' });
  stage.on(92, 10);
  await stage.give('lin', lender, id, 'agreement.sign', { digest, name: '林静' });
  for (const [paidOn, confirmedOn, method] of [
    [64, 63, 'bank-transfer'],
    [34, 33, 'alipay'],
  ] as const) {
    stage.on(paidOn, 12);
    const { entries } = await stage.give('li', lender, id, 'payment.report', { amount: 83_371, on: stage.today(), method });
    stage.on(confirmedOn, 9);
    await stage.give('lin', lender, id, 'payment.confirm', { payment: entries[0]?.seq });
  }
  stage.on(1, 12);
  await stage.give('li', lender, id, 'payment.report', { amount: 83_371, on: stage.today(), method: 'alipay', reference: '20261122-7714' });
}

/** 赵强 and the lender have agreed; the lender has not signed yet. */
async function agreed(stage: Stage): Promise<void> {
  const id = randomId();
  const lender = 'pujiang';
  stage.on(5, 9);
  const today = stage.today();
  const owed = debt(today, 620_000, 22_800, 15_000, 3_000);
  const offer = plainTerms(today, {
    waive: { penalty: 15_000, fees: 3_000 },
    upfront: { due: addDays(today, 10), amount: 100_000 },
    phases: [{ kind: 'level', count: 9 }],
  });
  await stage.give('zhao', lender, id, 'case.open', {
    loan: { reference: 'PJ20250611-882' },
    debt: { debt: owed },
    means: means(addDays(today, -45), {
      cause: { kind: 'business', since: addDays(today, -45), words: '摊位搬迁，停业了一个多月，现在已经恢复营业。' },
      incomes: [{ kind: 'self-employment', amount: 150_000, every: 'week' }],
      expenses: [
        { kind: 'housing', amount: 150_000, every: 'month' },
        { kind: 'food', amount: 160_000, every: 'month' },
        { kind: 'children', amount: 120_000, every: 'month' },
      ],
      dependants: 2,
    }),
    evidence: { files: [] },
    proposal: {
      answers: null,
      terms: offer,
      reasons: { penalty: '停业期间没有收入。', fees: '希望一并免去。' },
      words: '我先付一千元，余下九个月还清。',
    },
    lenderName: '浦江网络小贷',
  });
  stage.on(4, 14);
  await stage.give('gu', lender, id, 'talk.message', { words: '赵先生，您的方案符合我司政策，减免部分需要主管复核，请稍候。' });
  await stage.give('gu', lender, id, 'debt.confirm', { total: 660_800 });
  stage.on(3, 10);
  const plain = plainTerms(stage.today(), {
    waive: { penalty: 9_000 },
    upfront: { due: addDays(stage.today(), 8), amount: 100_000 },
    phases: [{ kind: 'level', count: 9 }],
  });
  await stage.give('gu', lender, id, 'proposal.make', {
    answers: 1,
    terms: plain,
    reasons: {},
    words: '罚息可以免去 90 元，费用照付，其余按您的方案。',
  });
  stage.on(2, 20);
  const digest = offerDigest(owed, plain);
  await stage.give('zhao', lender, id, 'proposal.accept', { version: 2, digest });
  await stage.give('zhao', lender, id, 'agreement.sign', { digest, name: '赵强' });
}

/** 王小雨 paid a small loan another way and closed the case. */
async function withdrawn(stage: Stage): Promise<void> {
  const id = randomId();
  stage.on(40, 20);
  const today = stage.today();
  await stage.give('wang', 'pujiang', id, 'case.open', {
    loan: { reference: 'PJ20250903-071' },
    debt: { debt: debt(today, 150_000, 4_100, 1_900, 0) },
    means: means(addDays(today, -30), {
      cause: { kind: 'job-loss', since: addDays(today, -30), words: '刚刚失业。' },
      incomes: [{ kind: 'benefit', amount: 165_000, every: 'month' }],
      expenses: [{ kind: 'food', amount: 120_000, every: 'month' }],
    }),
    evidence: { files: [] },
    proposal: { answers: null, terms: plainTerms(today, { phases: [{ kind: 'level', count: 6 }] }), reasons: {}, words: '分六个月还。' },
    lenderName: '浦江网络小贷',
  });
  stage.on(36, 9);
  await stage.give('wang', 'pujiang', id, 'case.close', { reason: 'paid-otherwise', words: '家人帮忙还清了，谢谢。' });
}

/** A case that the lender opened and to which the borrower is invited. */
async function invited(stage: Stage): Promise<void> {
  stage.on(0, 9);
  const loan = {
    loan: { reference: 'PJ20250718-340', product: '浦江周转金' },
    debt: { debt: debt(stage.today(), 880_000, 36_400, 22_000, 0), rate: { per: 'year', ppm: 150_000 } },
    borrowerName: '孙悦',
    lenderName: '浦江网络小贷',
  };
  await stage.give('gu', 'pujiang', randomId(), 'case.openForBorrower', loan, { email: null, phone: '13900139009' });
}
