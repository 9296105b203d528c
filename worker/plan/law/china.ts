import type { Dated, Jurisdiction } from './jurisdiction.ts';
import { MAINLAND } from './place.ts';

/** One-year loan prime rate, ppm a year, as the National Interbank Funding Center publishes it: the days on which it changed. */
export const LPR_ONE_YEAR: readonly Dated[] = [
  { from: '2019-08-20', value: 42_500 },
  { from: '2019-09-20', value: 42_000 },
  { from: '2019-11-20', value: 41_500 },
  { from: '2020-02-20', value: 40_500 },
  { from: '2020-04-20', value: 38_500 },
  { from: '2021-12-20', value: 38_000 },
  { from: '2022-01-20', value: 37_000 },
  { from: '2022-08-22', value: 36_500 },
  { from: '2023-06-20', value: 35_500 },
  { from: '2023-08-21', value: 34_500 },
  { from: '2024-07-22', value: 33_500 },
  { from: '2024-10-21', value: 31_000 },
  { from: '2025-05-20', value: 30_000 },
];

/** Mainland China. */
export const CHINA: Jurisdiction = {
  code: 'CN',
  name: { zh: '中国大陆', en: 'Mainland China' },
  place: MAINLAND,
  asOf: '2025-11-20',
  rules: [
    {
      id: 'private-lending-cap',
      topics: ['plan', 'debt'],
      source: {
        zh: '最高人民法院关于审理民间借贷案件适用法律若干问题的规定（法释〔2020〕17号）第二十五条',
        en: 'Supreme People’s Court, Provisions on Private Lending Cases (Fa Shi [2020] 17), art. 25',
      },
      from: '2020-08-20',
      until: null,
      text: {
        zh: '民间借贷的利率，超过合同成立时一年期贷款市场报价利率（LPR）四倍的部分，法院不予支持。持牌金融机构不适用此条。',
        en: 'In private lending, courts do not support interest above four times the one-year LPR at the time of the contract. It does not apply to licensed lenders.',
      },
      effect: 'information',
      limit: { kind: 'yearly-rate', series: LPR_ONE_YEAR, times: 4 },
    },
    {
      id: 'consumer-finance-line',
      topics: ['plan', 'debt'],
      source: {
        zh: '最高人民法院关于进一步加强金融审判工作的若干意见（法发〔2017〕22号）第二条',
        en: 'Supreme People’s Court, Opinions on Strengthening Financial Adjudication (Fa Fa [2017] 22), part 2',
      },
      from: '2017-08-04',
      until: null,
      text: {
        zh: '金融借款中，利息、复利、罚息、违约金和费用合计过高的，借款人可以请求法院将年利率超过 24% 的部分调减。',
        en: 'In loans by financial institutions, a borrower may ask the court to reduce interest, penalty and fees that together exceed 24% a year.',
      },
      effect: 'warning',
      limit: { kind: 'yearly-rate', series: [{ from: '2017-08-04', value: 240_000 }], times: 1 },
    },
    {
      id: 'card-instalments',
      topics: ['plan'],
      source: {
        zh: '商业银行信用卡业务监督管理办法（银监会令2011年第2号）第七十条',
        en: 'Measures for the Supervision of Credit Card Business (CBRC Order [2011] 2), art. 70',
      },
      from: '2011-01-13',
      until: null,
      text: {
        zh: '信用卡欠款的个性化分期还款协议，最长不超过 5 年（60 期）。',
        en: 'A personalised instalment agreement for credit card debt runs for 5 years (60 instalments) at the most.',
      },
      effect: 'information',
      limit: { kind: 'instalments', most: 60 },
    },
    {
      id: 'limitation',
      topics: ['plan', 'debt'],
      source: { zh: '民法典第一百八十八条、第一百九十五条', en: 'Civil Code, arts. 188 and 195' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '一般诉讼时效为三年；借款人同意履行、出借方提出要求的，时效重新起算。在这里提出还款方案，可能使时效重新起算。',
        en: 'The general limitation period is three years; it begins anew where the debtor agrees to pay or the creditor demands it. Proposing to pay here may begin it anew.',
      },
      effect: 'information',
      limit: { kind: 'years', count: 3 },
    },
    {
      id: 'contact-hours',
      topics: ['contact'],
      source: {
        zh: 'GB/T 45251-2025 互联网金融 个人网络消费信贷 贷后催收风控指引',
        en: 'GB/T 45251-2025, guidance for collection in online consumer credit',
      },
      from: '2025-02-28',
      until: null,
      text: {
        zh: '未经约定，22:00 至次日 8:00 不得催收；同一债务人每天有效通话不超过三次。',
        en: 'Unless agreed, no collection from 22:00 to 8:00, and at most three effective calls a day with one debtor.',
      },
      effect: 'warning',
      limit: { kind: 'hours', from: 8 * 60, until: 22 * 60 },
    },
    {
      id: 'order-of-payments',
      topics: ['plan'],
      source: { zh: '民法典第五百六十一条', en: 'Civil Code, art. 561' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '没有约定时，还款依次抵充实现债权的费用、利息、本金。',
        en: 'Unless agreed otherwise, a payment goes to the costs of collection, then interest, then principal.',
      },
      effect: 'information',
    },
  ],
};
