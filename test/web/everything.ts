import { ENTRY_KINDS, type Kind } from '../../worker/negotiation/case.ts';
import type { Kinds, Recorded } from '../../worker/negotiation/entry.ts';
import type { Author } from '../../worker/record/format.ts';

/**
 * An entry of every kind, with every member that it can hold, and no value twice where that can be: what a reader leaves out is missed by its value. A kind that
 * is missing here does not compile.
 */

const hex = (start: string) => start.padEnd(64, '0');
const reached = (hint: string, at: string) => ({ channel: 'phone', contact: hex('c0'), hint, at }) as const;
const debtOf = (principal: number, asOf: string) =>
  ({ asOf, currency: 'CNY', principal, interest: 31_415, penalty: 27_182, fees: 16_180 }) as const;
const file = (start: string, name: string) => ({ sha256: hex(start), size: 123_457, type: 'image/webp', name });

export const CONTENTS: { readonly [K in Kind]: readonly [Kinds[K], ...Kinds[K][]] } = {
  'case.opened': [
    {
      loan: { reference: 'REF-7788', product: '随心贷', identity: '402X' },
      borrowerName: '王小雨',
      lenderName: '明衡消费金融',
      identified: reached('138****8081', '2026-11-01T02:03:00.000Z'),
    },
  ],
  'case.invited': [{ name: '王小雨', to: reached('139****9092', '2026-11-02T03:04:00.000Z') }],
  'case.joined': [
    { name: '王小雨', identified: reached('137****7073', '2026-11-03T04:05:00.000Z') },
    { name: '王小雨', identified: reached('137****7073', '2026-11-03T04:05:00.000Z'), by: 'contract' },
  ],
  'case.vacated': [{ words: '身份核对不符，对方承认输错了合同。' }],
  'case.closed': [{ reason: 'duplicate', words: '与另一案重复了。' }],
  'debt.stated': [
    {
      debt: debtOf(1_111_100, '2026-10-11'),
      rate: { per: 'year', ppm: 181_300 },
      contractDate: '2023-02-16',
      overdueSince: '2026-05-16',
      words: '按 App 里看到的。',
      mediation: 4301,
    },
    { debt: { ...debtOf(0, '2026-10-15'), principal: 1_777_700, interest: 0, penalty: 0, fees: 0 }, partsUnknown: true },
  ],
  'debt.corrected': [
    {
      debt: debtOf(1_222_200, '2026-10-12'),
      rate: { per: 'month', ppm: 15_100 },
      contractDate: '2023-02-17',
      overdueSince: '2026-05-17',
      words: '漏了一笔。',
      mediation: 4302,
    },
  ],
  'debt.disputed': [
    {
      debt: debtOf(1_333_300, '2026-10-13'),
      rate: { per: 'day', ppm: 510 },
      contractDate: '2023-02-18',
      overdueSince: '2026-05-18',
      words: '账面不是这样。',
      mediation: 4303,
    },
  ],
  'debt.confirmed': [{ debt: debtOf(1_444_400, '2026-10-14'), overdueSince: '2026-05-19', mediation: 4304 }],
  'means.submitted': [
    {
      version: 3,
      statement: {
        cause: { kind: 'job-loss', since: '2026-09-05', until: '2027-03-06', words: '公司裁员，正在找工作。' },
        incomes: [
          { kind: 'salary', amount: 501_100, every: 'month' },
          { kind: 'other', amount: 70_300, every: 'quarter' },
        ],
        expenses: [{ kind: 'food', amount: 150_700, every: 'week' }],
        otherDebts: [{ kind: 'credit-card', amount: 33_900, every: 'fortnight' }],
        dependants: 4,
        assets: '有一辆代步车',
        changes: [
          { from: '2027-03-07', direction: 'more', amount: 61_700, words: '复工' },
          { from: '2027-05-08', direction: 'less', amount: 42_300 },
        ],
        reserve: { sharePpm: 125_000, floor: 20_900 },
      },
      totals: { income: 571_400, expenses: 150_800, otherDebts: 67_900, disposable: 352_600, affordable: 308_500 },
    },
  ],
  'means.verified': [{ figure: 'incomes.salary' }],
  'means.queried': [{ figure: 'expenses.medical', words: '请补充票据。' }],
  'means.answered': [{ figure: 'expenses.medical', words: '票据已上传。' }],
  'evidence.added': [
    {
      files: [
        { file: file('aa01', '工资单.webp'), figures: ['incomes.salary', 'expenses.medical'] },
        { file: file('aa02', '流水.webp'), figures: [] },
      ],
    },
  ],
  'evidence.tied': [{ file: hex('aa02'), figures: ['debt.fees', 'incomes.gig', 'expenses.transport'] }],
  'evidence.withdrawn': [{ file: hex('aa01'), words: '传错了。' }],
  'evidence.accepted': [{ file: hex('aa02') }],
  'evidence.rejected': [{ file: hex('aa02'), reason: 'illegible', words: '第二页看不清。' }],
  'talk.letter-issued': [{ letter: 'hardship', words: '本人近期确有困难。', mediation: 4211 }],
  'talk.message': [{ words: '麻烦尽快答复。', mediation: 4212 }],
  'talk.mail-received': [{ words: '我用邮件回复。', mail: file('aa09', 'mail.eml'), left: ['说明.docx'], mediation: 4213 }],
  'talk.call-logged': [
    { when: '2026-11-05T10:17', direction: 'to-borrower', minutes: 23, words: '谈了宽限。', mediation: 4305 },
    {
      when: '2026-11-06T22:41',
      direction: 'to-borrower',
      minutes: 0,
      outcome: 'unanswered',
      called: 'work',
      number: '5831',
      words: '没有人接。',
      beyond: [{ what: 'hours' }, { what: 'tries', count: 77, limit: 61 }, { what: 'wish-work' }],
    },
  ],
  'talk.call-confirmed': [{ call: 4019 }],
  'talk.call-contested': [{ call: 4021, words: '没有说过这些。', mediation: 4306 }],
  'proposal.made': [
    {
      version: 1,
      answers: null,
      debt: debtOf(1_555_500, '2026-10-15'),
      terms: {
        start: '2026-10-16',
        firstDue: '2026-12-17',
        every: 'month',
        rate: { per: 'year', ppm: 36_500 },
        interestOn: 'principal',
        dayCount: 'actual/365',
        waive: { principal: 100, interest: 211, penalty: 322, fees: 433 },
        upfront: { due: '2026-11-18', amount: 54_300 },
        phases: [
          { kind: 'pause', count: 2, interest: 'waived' },
          { kind: 'interest-only', count: 3 },
          { kind: 'fixed', count: 4, amount: 65_100 },
          { kind: 'level', count: 15 },
        ],
      },
      digest: hex('dd01'),
      totals: {
        owed: 1_629_211,
        waived: 1_066,
        paid: 1_700_311,
        interest: 71_133,
        instalments: 22,
        highest: 99_177,
        lastDue: '2028-11-19',
        annualRatePpm: 37_100,
      },
      reasons: { principal: '本金理由', interest: '利息理由', penalty: '罚息理由', fees: '费用理由' },
      words: '这是我能做到的。',
      expiresAt: '2026-12-09T15:59:59.999Z',
      policy: 7309,
      mediation: 4216,
      suggestion: 4217,
    },
    {
      version: 2,
      answers: 1,
      debt: debtOf(1_666_600, '2026-10-15'),
      terms: {
        start: '2026-10-20',
        firstDue: '2026-12-21',
        every: 'fortnight',
        rate: { per: 'month', ppm: 3_100 },
        interestOn: 'balance',
        dayCount: 'actual/360',
        waive: {},
        upfront: null,
        phases: [
          { kind: 'pause', count: 3, interest: 'runs' },
          { kind: 'fixed', amount: 77_300, count: 2 },
          { kind: 'even-principal', count: 14 },
        ],
      },
      digest: hex('dd02'),
      totals: {
        owed: 1_741_377,
        waived: 0,
        paid: 1_800_411,
        interest: 59_034,
        instalments: 16,
        highest: 98_711,
        lastDue: '2027-11-22',
        annualRatePpm: 38_200,
      },
      reasons: {},
      words: '我们可以这样。',
      expiresAt: '2026-12-10T15:59:59.999Z',
      automatic: 41,
    },
  ],
  'proposal.withdrawn': [{ version: 2 }],
  'proposal.declined': [{ version: 2, reasons: ['too-low', 'evidence-missing'], words: '还差一点。', mediation: 4214 }],
  'proposal.expired': [{ version: 2 }],
  'proposal.accepted': [{ version: 1, digest: hex('dd03'), automatic: 43, mediation: 4307 }],
  'agreement.drawn-up': [
    {
      version: 1,
      debt: debtOf(1_777_700, '2026-10-17'),
      terms: {
        start: '2026-10-16',
        firstDue: '2026-12-17',
        every: 'month',
        rate: { per: 'year', ppm: 39_300 },
        interestOn: 'principal',
        dayCount: 'period',
        waive: { principal: 511, interest: 522, penalty: 533, fees: 544 },
        upfront: { due: '2026-11-18', amount: 54_700 },
        phases: [{ kind: 'level', count: 18 }],
      },
      digest: hex('dd04'),
      mediation: 4215,
    },
    {
      version: 49,
      debt: debtOf(1_888_800, '2026-10-18'),
      terms: {
        start: '2026-10-19',
        firstDue: '2026-12-20',
        every: 'month',
        rate: { per: 'year', ppm: 41_700 },
        interestOn: 'principal',
        dayCount: 'actual/365',
        waive: { principal: 611, interest: 622, penalty: 633, fees: 644 },
        upfront: { due: '2026-11-22', amount: 54_800 },
        phases: [{ kind: 'level', count: 19 }],
      },
      digest: hex('dd08'),
      conditions: {
        wording: 1,
        parties: {
          lender: {
            name: '明衡消费金融',
            registration: '91310000MA1FL',
            address: '上海市浦东新区',
            phone: '400-800-1',
            email: 'a@b.example',
          },
          borrower: { name: '王小雨', identity: '118X' },
          reference: 'REF-7799',
        },
        account: { name: '明衡还款专户', bank: '中国银行浦东支行', number: '4467-8890-1' },
        graceDays: 61,
        cureDays: 62,
        moves: { most: 63, days: 64, toEnd: true },
        afterBreach: { waiversLapse: true, restDue: true },
        settlementLetterWithin: 65,
        holidayHint: true,
        jurisdiction: 'CN',
      },
      supersedes: 47,
    },
  ],
  'agreement.signed': [
    { version: 1, digest: hex('dd05'), name: '王小雨' },
    { version: 1, digest: hex('dd09'), conditions: hex('dd10'), name: '王小雨' },
  ],
  'agreement.in-force': [{ version: 1, digest: hex('dd06') }],
  'agreement.superseded': [{ version: 1, by: 48 }],
  'agreement.broken': [
    {
      on: '2027-03-19',
      since: '2027-02-18',
      missing: 66_654,
      lapsed: { fees: 101, penalty: 202, interest: 303, principal: 404 },
      left: { fees: 1_101, penalty: 1_202, interest: 1_303, principal: 71_404 },
      restDue: true,
      words: '多次联系没有回应。',
    },
  ],
  'arrears.began': [{ since: '2027-02-18', missing: 66_543, until: '2027-03-17' }],
  'arrears.cured': [{ since: '2027-02-18' }],
  'impasse.said': [{ words: '来回几次都没有进展。' }],
  'impasse.declared': [{ rule: 'declined', words: '三次都没有谈成。' }],
  'impasse.resumed': [{ words: '愿意再谈一次。' }],
  'consent.given': [{ to: 'papers', years: 6 }],
  'consent.withdrawn': [{ to: 'papers', words: '不想再提供病历。' }],
  'referral.made': [{ way: 'mediation', jurisdiction: 'CN', to: '浦东金融纠纷调解中心', on: '2026-12-02', words: '先请调解员看看。' }],
  'referral.returned': [{ referral: 4111, outcome: 'in-part', words: '利息部分谈成了，期数还没有。' }],
  'complaint.raised': [
    {
      kind: 'charges',
      entries: [4101],
      figures: ['debt.fees', 'incomes.salary'],
      facts: '十月被收了两次提前还款手续费。',
      wish: '退还多收的一次。',
      days: 17,
      answerBy: '2026-12-09',
      earliest: true,
      jurisdiction: 'CN',
    },
  ],
  'complaint.extended': [{ complaint: 4102, days: 31, answerBy: '2026-12-25', earliest: true, words: '需要向合作机构核对流水。' }],
  'complaint.answered': [{ complaint: 4103, outcome: 'partly', words: '已退还一次手续费，另一次按合同收取。' }],
  'complaint.accepted': [{ complaint: 4104 }],
  'complaint.escalated': [{ complaint: 4105, to: 'local-office', words: '对方始终没有出示收费依据。' }],
  'complaint.withdrawn': [{ complaint: 4106, words: '已经电话里说清楚了。' }],
  'complaint.due': [{ complaint: 4107, answerBy: '2026-12-11' }],
  'complaint.unanswered': [{ complaint: 4108, answerBy: '2026-12-14' }],
  'instalment.move-asked': [{ no: 8, due: '2027-01-17', to: '2027-01-29', words: '工资推迟发放。' }],
  'instalment.moved': [{ asked: 4039, no: 8, due: '2027-01-17', to: '2027-01-29', atOnce: true }],
  'instalment.move-declined': [{ asked: 4040, words: '已经推迟过多次。' }],
  'payment.reported': [{ amount: 88_123, on: '2026-11-20', method: 'wechat', reference: 'WX-2026-778' }],
  'payment.confirmed': [{ payment: 4033 }, { payment: 4035, reference: 'BK-7781-2026' }],
  'payment.disputed': [{ payment: 4034, words: '没有到账。' }],
  'payment.withdrawn': [{ payment: 4037, words: '重复报告了。' }],
  'payment.reversed': [{ payment: 4038, words: '记到了别人名下。' }],
  'instalment.overdue': [{ no: 7, due: '2026-11-21', missing: 66_321 }],
  'performance.completed': [{ paid: 1_812_345, on: '2026-11-22', overpaid: 4_567 }],
  'performance.reopened': [{ left: 66_432 }],
  'instalment.reminded': [{ no: 9, due: '2027-02-13', missing: 66_876, when: 'before' }],
  'settlement.awaited': [{ on: '2027-05-11', until: '2027-05-18' }],
  'settlement.issued': [
    {
      version: 51,
      agreed: '2026-12-11',
      lender: '明衡消费金融二部',
      borrower: '王小雨',
      reference: 'REF-7701',
      paid: 1_912_345,
      on: '2027-05-11',
      keptUntil: '2032-05-11',
      name: '王小雨',
    },
  ],
  'representative.appointed': [
    {
      name: '梅律师',
      relation: 'lawyer',
      of: '春晖律师事务所',
      scope: 'negotiate',
      until: '2027-06-11',
      expiresAt: '2027-06-11T16:00:00.000Z',
      to: reached('136****6064', '2026-11-06T05:06:00.000Z'),
      lender: '海棠小额贷款',
      borrower: '王晓雨',
      reference: 'REF-5566',
      signed: '王小宇',
      wording: 2,
    },
  ],
  'representative.accepted': [{ appointment: 4071, identified: reached('135****5055', '2026-11-07T06:07:00.000Z') }],
  'representative.revoked': [{ appointment: 4073 }],
  'representative.ended': [{ appointment: 4077, why: 'resigned' }],
  'mediation.proposed': [
    {
      name: '沈和平',
      organisation: { name: '浦江金融纠纷调解中心', place: '上海市' },
      to: reached('131****1011', '2026-11-08T07:08:00.000Z'),
      words: '他调解过类似的纠纷。',
    },
  ],
  'mediation.admitted': [{ mediation: 4221 }],
  'mediation.declined': [{ mediation: 4222, words: '想换一位。' }],
  'mediation.accepted': [{ mediation: 4223, identified: reached('132****1012', '2026-11-09T08:09:00.000Z'), neutrality: 1 }],
  'mediation.said': [{ mediation: 4224, words: '两边都听我说一句。' }],
  'mediation.suggested': [
    {
      mediation: 4225,
      no: 67,
      debt: debtOf(1_999_900, '2026-10-21'),
      terms: {
        start: '2026-10-22',
        firstDue: '2026-12-23',
        every: 'month',
        rate: { per: 'year', ppm: 41_700 },
        interestOn: 'principal',
        dayCount: 'actual/360',
        waive: { principal: 611, interest: 622, penalty: 633, fees: 644 },
        upfront: { due: '2026-11-24', amount: 56_700 },
        phases: [{ kind: 'level', count: 21 }],
      },
      digest: hex('dd67'),
      totals: {
        owed: 2_074_677,
        waived: 2_510,
        paid: 2_181_818,
        interest: 109_651,
        instalments: 22,
        highest: 101_212,
        lastDue: '2028-08-23',
        annualRatePpm: 42_900,
      },
      reasons: { principal: '本金让一点。', interest: '利息让一点。', penalty: '罚息让一点。', fees: '费用让一点。' },
      words: '各让一步就成了。',
      expiresAt: '2026-12-08T15:59:59.999Z',
    },
  ],
  'mediation.left': [{ mediation: 4226, words: '另有安排。' }],
  'mediation.dismissed': [{ mediation: 4227, words: '先自己谈。' }],
  'mediation.ended': [{ mediation: 4228, why: 'not-accepted' }],
  'person.asked': [{ offer: 47 }],
  'contact.wished': [{ asks: ['writing', 'not-at-work'], hours: { from: 547, until: 1093 }, words: '请先发短信。' }],
  'custody.exported': [{ what: 'record.pdf', head: 4036, digest: hex('dd07') }],
  'custody.erased': [{ entries: [4041, 4042], files: [hex('aa03')], reason: '本人请求删除。', whole: true }],
  'custody.restored': [{ anchor: 7207, entries: { first: 4051, last: 4052 }, reason: '磁盘损坏，由前一日的备份恢复。' }],
};

const AUTHORS: Record<Author['side'], Author> = {
  borrower: { side: 'borrower', capacity: 'borrower', name: '王小雨', account: 'b' },
  lender: { side: 'lender', capacity: 'agent', name: '林静', account: 'l' },
  mediator: { side: 'mediator', capacity: 'mediator', name: '顾宁', account: 'n' },
  portal: { side: 'portal', capacity: 'portal', name: 'Heyi', account: null },
};

/** Two of the borrower's and one of the lender's, so that an offer answers one of the other side's; what time alone does is the portal's. */
const authorOf = (kind: Kind, i: number): Author =>
  AUTHORS[
    ['custody.erased', 'custody.restored'].includes(kind)
      ? 'portal'
      : NEUTRAL.includes(kind)
        ? 'mediator'
        : i % 2 === 1
          ? 'lender'
          : 'borrower'
  ];
const NEUTRAL: readonly Kind[] = ['mediation.accepted', 'mediation.said', 'mediation.suggested', 'mediation.left'];

/** All of them as one record, in the order of the topics. */
export const EVERYTHING: (Recorded & { kind: Kind; hash: string })[] = ENTRY_KINDS.flatMap((kind) =>
  CONTENTS[kind].map((content, i) => ({ kind, content, author: authorOf(kind, i) })),
).map((entry, i) => ({ ...entry, seq: i + 1, at: '2026-11-24T02:00:00.000Z', hash: `${(i + 1).toString(16).padStart(63, 'e')}f` }));
