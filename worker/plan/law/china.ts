import { HOLIDAYS } from './holidays.ts';
import type { Jurisdiction, LenderKind, Series } from './jurisdiction.ts';
import { MAINLAND } from './place.ts';

/** One-year loan prime rate, ppm a year, as the National Interbank Funding Center publishes it on the 20th of each month: the days on which it changed. */
export const LPR_ONE_YEAR: Series = {
  values: [
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
  ],
  // That of 20 September 2026 is the last that was read: it counts until the day before the next.
  knownUntil: '2026-10-19',
};

/** A line that does not move. */
const always = (from: string, value: number): Series => ({ values: [{ from, value }], knownUntil: '2999-12-31' });

/** Lenders that a licence makes financial institutions, local ones among them (Fa Shi [2020] 27). */
const LICENSED: readonly LenderKind[] = ['bank-card', 'bank-loan', 'consumer-finance', 'microloan', 'other-local'];

/** Mainland China. What each rule must say, and how it measures, is in the design page on the law table; the words are ours. */
export const CHINA: Jurisdiction = {
  code: 'CN',
  name: { zh: '中国大陆', en: 'Mainland China' },
  place: MAINLAND,
  holidays: HOLIDAYS,
  care: { line: '12356', emergency: ['120', '110'] },
  complaintDays: [15, 30, 60],
  asOf: '2026-09-20',
  rules: [
    {
      id: 'private-lending-cap',
      topics: ['plan', 'debt'],
      appliesTo: { lenderKinds: ['private'] },
      source: {
        zh: '最高人民法院关于审理民间借贷案件适用法律若干问题的规定（法释〔2020〕17号）第二十五条、第二十八条、第二十九条、第三十一条；法释〔2020〕27号',
        en: 'Supreme People’s Court, Provisions on Private Lending Cases (Fa Shi [2020] 17), arts. 25, 28, 29 and 31; Fa Shi [2020] 27',
      },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '民间借贷的利率以合同成立时一年期贷款市场报价利率（LPR）的四倍为限，逾期利息、违约金和其他费用一并计算，超过部分法院不予支持。合同在 2020 年 8 月 20 日以前成立的，从那一天起的利息以起诉时 LPR 的四倍为限；此前的利息可以请求按当时的规定计算（年利率 24% 以内支持，超过 36% 的部分无效）。银行、消费金融公司、小额贷款公司等持牌机构不适用此条。',
        en: 'Interest in private lending is capped at four times the one-year LPR at the making of the contract, with overdue interest, penalty and fees counted together; courts do not support what is above. Where the contract was made before 20 August 2020, interest from that day on is capped at four times the LPR at the suit; what ran before may be claimed by the rule of that time (up to 24% a year supported, above 36% void). It is not about banks, consumer finance or microloan companies.',
      },
      effect: 'warning',
      limit: { kind: 'yearly-rate', measures: 'nominal', series: LPR_ONE_YEAR, times: 4, of: 'contract', transition: '2020-08-20' },
    },
    {
      id: 'interest-in-advance',
      topics: ['debt'],
      source: { zh: '民法典第六百七十条；法释〔2020〕17号第二十六条', en: 'Civil Code, art. 670; Fa Shi [2020] 17, art. 26' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '利息不得预先在本金中扣除；已经扣除的，按实际借到的数额计算本金和利息。',
        en: 'Interest may not be taken out of the principal in advance; where it was, principal and interest are counted on what was really lent.',
      },
      effect: 'information',
    },
    {
      id: 'consumer-finance-line',
      topics: ['plan', 'debt'],
      appliesTo: { lenderKinds: LICENSED },
      source: {
        zh: '最高人民法院关于进一步加强金融审判工作的若干意见（法发〔2017〕22号）第二条',
        en: 'Supreme People’s Court, Opinions on Strengthening Financial Adjudication (Fa Fa [2017] 22), part 2',
      },
      from: '2017-08-04',
      until: null,
      text: {
        zh: '金融机构的借款，利息、复利、罚息、违约金和其他费用合计超过年利率 24% 的，借款人可以请求法院调减超过的部分。',
        en: 'In loans of financial institutions, interest, compound and penalty interest, penalty and fees that together exceed 24% a year are reduced by the court where the borrower asks.',
      },
      effect: 'warning',
      limit: { kind: 'yearly-rate', measures: 'total-cost', series: always('2017-08-04', 240_000), times: 1, of: 'day' },
    },
    {
      id: 'microloan-cost',
      topics: ['plan', 'debt'],
      appliesTo: { lenderKinds: ['microloan'], contract: '2025-12-19' },
      source: {
        zh: '小额贷款公司综合融资成本管理工作指引（2025年12月）',
        en: 'Guidance on the overall cost of loans of microloan companies (December 2025)',
      },
      copy: true,
      from: '2025-12-19',
      until: null,
      text: {
        zh: '小额贷款公司不得新发放综合融资成本超过年化 24% 的贷款，并应在 2027 年底前降到一年期 LPR 的四倍以内。',
        en: 'Microloan companies may make no new loans with a total cost above 24% a year, and are to come down to four times the one-year LPR by the end of 2027.',
      },
      effect: 'warning',
      limit: { kind: 'yearly-rate', measures: 'total-cost', series: always('2025-12-19', 240_000), times: 1, of: 'day' },
    },
    {
      id: 'assisted-loan-cost',
      topics: ['plan', 'debt'],
      appliesTo: { lenderKinds: ['bank-card', 'bank-loan', 'consumer-finance'], products: ['assisted'], contract: '2025-10-01' },
      source: {
        zh: '关于加强商业银行互联网助贷业务管理 提升金融服务质效的通知（金规〔2025〕9号）',
        en: 'Notice on loans that banks make over the internet with the help of platforms (Jin Gui [2025] 9)',
      },
      copy: true,
      from: '2025-10-01',
      until: null,
      text: {
        zh: '通过互联网平台助贷发放的贷款，利息、增信服务费等综合融资成本应在年化 24% 以内。',
        en: 'For loans made with the help of an internet platform, the total cost, with interest and fees for credit enhancement, is to stay within 24% a year.',
      },
      effect: 'warning',
      limit: { kind: 'yearly-rate', measures: 'total-cost', series: always('2025-10-01', 240_000), times: 1, of: 'day' },
    },
    {
      id: 'cost-disclosure',
      topics: ['debt'],
      appliesTo: { lenderKinds: LICENSED, contract: '2026-08-01' },
      source: {
        zh: '关于明示个人贷款综合融资成本的规定（金规〔2026〕2号）',
        en: 'Rules on stating the total cost of personal loans (Jin Gui [2026] 2)',
      },
      copy: true,
      from: '2026-08-01',
      until: null,
      text: {
        zh: '贷款机构应当逐项列明利息和各项收费，由借款人签字确认。如果您有这张表，可以作为证据上传。',
        en: 'Lenders must list interest and every charge in a table that the borrower signs. If you have that table, you can add it as evidence.',
      },
      effect: 'information',
    },
    {
      id: 'excessive-penalty',
      topics: ['debt', 'plan'],
      source: {
        zh: '民法典第五百八十五条；最高人民法院关于适用民法典合同编通则若干问题的解释第六十四条、第六十五条',
        en: 'Civil Code, art. 585; Supreme People’s Court, Interpretation of the General Part on Contracts, arts. 64 and 65',
      },
      from: '2023-12-05',
      until: null,
      text: {
        zh: '违约金超过实际损失百分之三十的，一般可以认定为过高，可以请求法院或者仲裁机构适当减少。',
        en: 'A penalty more than 30% above the loss is generally held to be excessive; a court or tribunal may be asked to reduce it.',
      },
      effect: 'information',
    },
    {
      id: 'card-instalments',
      topics: ['plan'],
      appliesTo: { lenderKinds: ['bank-card'] },
      source: {
        zh: '商业银行信用卡业务监督管理办法（银监会令2011年第2号）第七十条',
        en: 'Measures for the Supervision of Credit Card Business (CBRC Order [2011] 2), art. 70',
      },
      from: '2011-01-13',
      until: null,
      text: {
        zh: '发卡银行的信用卡欠款，个性化分期还款协议最长 5 年。协议应写明欠款余额和币种、分期期数和方式、每期金额、是否继续收取费用和利息，以及结清前不再办新卡；履行期间停止催收，录音保存到结清。',
        en: 'For credit cards of the issuing bank, a personalised instalment agreement runs for 5 years at the most. It states balance and currency, period, method and amounts, whether fees and interest run on, and that there is no new card until it is settled; collection stops while it is performed, and recordings are kept until it is settled.',
      },
      effect: 'warning',
      limit: { kind: 'total-months', most: 60 },
    },
    {
      id: 'limitation',
      topics: ['plan', 'debt'],
      source: {
        zh: '民法典第一百八十八条、第一百八十九条、第一百九十二条、第一百九十五条；最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定第十四条、第十七条、第十九条',
        en: 'Civil Code, arts. 188, 189, 192 and 195; Supreme People’s Court, Provisions on Limitation, arts. 14, 17 and 19',
      },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '诉讼时效一般为三年，分期还款的从最后一期到期日起算。提出或者接受还款方案、请求延期、先还一部分，都是同意还款，确认欠款也可能是：时效未过的，从此重新计算；时效已过的，同意还款或者达成新协议以后，就不能再以时效已过为由不还，还了的也不能要回。',
        en: 'The limitation period is three years as a rule; for instalments it runs from the last due day. To propose or accept a repayment plan, to ask for more time or to pay a part is to agree to pay, and to confirm the debt may be: a period that is running begins anew; after it has ended, agreeing to pay or a new agreement ends the defence, and what was paid cannot be asked back.',
      },
      effect: 'warning',
      limit: { kind: 'years', count: 3 },
    },
    {
      id: 'order-of-payments',
      topics: ['plan'],
      source: { zh: '民法典第五百六十一条', en: 'Civil Code, art. 561' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '没有约定时，还款依次抵充实现债权的费用、利息、本金，其中没有违约金的位置。这里的顺序（费用、罚息违约金、利息、本金）是方案约定的，协议里会写明。',
        en: 'Unless agreed otherwise, a payment goes to the costs of collection, then interest, then principal; penalty has no place in that order. The order here (fees, penalty, interest, principal) is what the plan agrees, and the agreement says so.',
      },
      effect: 'information',
    },
    {
      id: 'early-repayment',
      topics: ['plan', 'after'],
      source: { zh: '民法典第六百七十七条', en: 'Civil Code, art. 677' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '提前还款的，除另有约定外，按实际借款的期间计算利息。',
        en: 'Where a loan is repaid early, interest is counted by the time for which it was really lent, unless agreed otherwise.',
      },
      effect: 'information',
    },
    {
      id: 'extension',
      topics: ['plan', 'after'],
      source: { zh: '民法典第六百七十八条', en: 'Civil Code, art. 678' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '借款人可以在到期之前申请展期，贷款人同意的，可以展期。',
        en: 'A borrower may ask for an extension before the due date; it holds where the lender agrees.',
      },
      effect: 'information',
    },
    {
      id: 'assignment',
      topics: ['debt'],
      source: { zh: '民法典第五百四十三条至第五百四十六条', en: 'Civil Code, arts. 543 to 546' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '变更协议须经双方同意；债权转让给别人的，没有通知您就对您不发生效力。',
        en: 'An agreement is changed by both sides together. A debt that is assigned to somebody else binds you only once you were given notice.',
      },
      effect: 'information',
    },
    {
      id: 'private-peace',
      topics: ['contact'],
      source: { zh: '民法典第一千零三十二条、第一千零三十三条', en: 'Civil Code, arts. 1032 and 1033' },
      from: '2021-01-01',
      until: null,
      text: {
        zh: '任何人不得用电话、短信、即时通讯、电子邮件等方式侵扰他人的私人生活安宁，也不得泄露他人的私密信息。',
        en: 'Nobody may disturb the peace of another’s private life by calls, messages or mail, nor disclose what is private.',
      },
      effect: 'information',
    },
    {
      id: 'contact-hours',
      topics: ['contact'],
      source: {
        zh: '中国银行业协会催收工作指引（试行）（2026年1月30日）；GB/T 45251-2025 互联网金融 个人网络消费信贷 贷后催收风控指引',
        en: 'China Banking Association, guidance for collection (trial, 30 January 2026); GB/T 45251-2025, collection in online consumer credit',
      },
      copy: true,
      from: '2025-02-28',
      until: null,
      text: {
        zh: '未经您同意，22:00 至次日 8:00 不得催收。',
        en: 'Without your consent there is no collection from 22:00 to 8:00.',
      },
      effect: 'warning',
      limit: { kind: 'hours', from: 8 * 60, until: 22 * 60 },
    },
    {
      id: 'contact-count',
      topics: ['contact'],
      source: {
        zh: 'GB/T 45251-2025 互联网金融 个人网络消费信贷 贷后催收风控指引；中国银行业协会催收工作指引（试行）（2026年1月30日）',
        en: 'GB/T 45251-2025, collection in online consumer credit; China Banking Association, guidance for collection (trial, 30 January 2026)',
      },
      copy: true,
      from: '2025-02-28',
      until: null,
      text: {
        zh: '对同一债务人每天有效通话不超过三次（含机器外呼），同一号码未接通的拨打每天不超过六次；只能向债务人本人催收。',
        en: 'At most three effective calls a day with one debtor, machine calls counted, and at most six unanswered tries a day of one number; only the debtor may be asked to pay.',
      },
      effect: 'warning',
      limit: { kind: 'calls', effective: 3, tries: 6 },
    },
    {
      id: 'third-persons',
      topics: ['contact'],
      source: {
        zh: '中国银行业协会催收工作指引（试行）（2026年1月30日）；消费金融公司管理办法（2024年4月18日起施行）',
        en: 'China Banking Association, guidance for collection (trial, 30 January 2026); Measures for consumer finance companies (in force 18 April 2024)',
      },
      copy: true,
      from: '2024-04-18',
      until: null,
      text: {
        zh: '不得以暴力、恐吓、侮辱、骚扰等方式催收，不得骚扰无关的第三人；联系第三人只限于本人号码失效或三次联系不上，并且不得透露欠款。',
        en: 'No violence, threats, insults or harassment, and none of unrelated third persons. A third person may be asked only where the debtor’s number is dead or three tries failed, and nothing of the debt may be disclosed.',
      },
      effect: 'warning',
      limit: { kind: 'third-persons', tries: 3 },
    },
    {
      id: 'threatening-messages',
      topics: ['contact'],
      source: { zh: '治安管理处罚法第五十条', en: 'Law on Penalties for the Administration of Public Security, art. 50' },
      from: '2026-01-01',
      until: null,
      text: {
        zh: '多次发送侮辱、恐吓信息干扰他人正常生活的，可以向公安机关报警，依法处以拘留或者罚款。',
        en: 'Repeated insulting or threatening messages can be reported to the police, and are punished by detention or fine.',
      },
      effect: 'information',
    },
    {
      id: 'sensitive-papers',
      topics: ['files'],
      source: {
        zh: '个人信息保护法第二十八条、第二十九条、第四十四条至第四十八条、第五十条',
        en: 'Personal Information Protection Law, arts. 28, 29, 44 to 48 and 50',
      },
      from: '2021-11-01',
      until: null,
      text: {
        zh: '病历、收入、家庭情况等属于敏感个人信息，须取得您的单独同意才能处理；您可以查阅、复制、更正、删除，也可以撤回同意。',
        en: 'Medical papers, income and family matters are sensitive personal information: they are handled only with your separate consent. You may see, copy, correct and erase them, and take your consent back.',
      },
      effect: 'information',
    },
    {
      id: 'electronic-signature',
      topics: ['after'],
      source: { zh: '电子签名法第十三条、第十四条', en: 'Electronic Signature Law, arts. 13 and 14' },
      from: '2019-04-23',
      until: null,
      text: {
        zh: '符合四个条件的可靠电子签名（专有、本人控制、签名和内容的改动都能被发现）与手写签名具有同等效力。',
        en: 'A reliable electronic signature (one’s own, under one’s control, with changes of it and of what was signed to be found) has the same force as one by hand.',
      },
      effect: 'information',
    },
    {
      id: 'credit-record',
      topics: ['after'],
      source: { zh: '征信业管理条例第十六条', en: 'Regulations on the Administration of Credit Reporting, art. 16' },
      from: '2013-03-15',
      until: null,
      text: {
        zh: '不良记录自不良行为终止（结清）之日起保存五年，期满应当删除。',
        en: 'A bad record is kept for five years from the end of the act, which is the settling day, and then erased.',
      },
      effect: 'information',
      limit: { kind: 'years', count: 5 },
    },
    {
      id: 'credit-repair',
      topics: ['after', 'help'],
      source: {
        zh: '中国人民银行关于实施一次性信用修复政策有关安排的通知（2025年12月22日）',
        en: 'People’s Bank of China, one-off credit repair (22 December 2025)',
      },
      copy: true,
      from: '2025-12-22',
      until: null,
      text: {
        zh: '一次性信用修复须在 2026 年 3 月 31 日前足额还款，现已截止。凡称花钱能“征信洗白”的，都不要相信。',
        en: 'The one-off credit repair asked for full repayment by 31 March 2026, and is closed. Believe nobody who offers to clean a credit record for money.',
      },
      effect: 'information',
    },
    {
      id: 'mediation',
      topics: ['help'],
      source: {
        zh: '人民法院在线调解规则第十二条、第十八条；民事诉讼法第二百零五条、第二百零六条',
        en: 'People’s Courts, Rules on Online Mediation, arts. 12 and 18; Civil Procedure Law, arts. 205 and 206',
      },
      from: '2024-01-01',
      until: null,
      text: {
        zh: '为达成调解而作的让步，调解不成时不应在后来的诉讼中用作不利的依据；法院平台以外的调解是否适用，由法院认定。经依法设立的调解组织达成协议的，双方可以自协议生效之日起三十日内共同申请法院确认其效力。',
        en: 'What is conceded for a settlement in mediation should not be used against anybody in later proceedings; beyond the courts’ own platform it is for the court to say. What is settled with an established mediation organisation both may ask the court to confirm, in 30 days from its taking effect.',
      },
      effect: 'information',
    },
    {
      id: 'arbitration',
      topics: ['help'],
      source: { zh: '仲裁法（2026年3月1日起施行）第十一条', en: 'Arbitration Law (in force 1 March 2026), art. 11' },
      from: '2026-03-01',
      until: null,
      text: {
        zh: '合同里有仲裁条款的，可以申请仲裁；仲裁可以在网上进行，与线下具有同等效力。',
        en: 'Where the contract has an arbitration clause, arbitration can be asked for; it may be held online with the same force.',
      },
      effect: 'information',
    },
    {
      id: 'free-advice',
      topics: ['help'],
      source: { zh: '法律援助法第三十一条', en: 'Legal Aid Law, art. 31' },
      from: '2022-01-01',
      until: null,
      text: {
        zh: '拨打 12348 可以免费咨询法律问题。一般的债务协商不在法律援助的范围内，不会因此指派免费律师。',
        en: '12348 gives free legal advice. Ordinary talks about a debt are not among the cases for which a free lawyer is appointed.',
      },
      effect: 'information',
    },
    {
      id: 'complaints',
      topics: ['help', 'contact'],
      appliesTo: { lenderKinds: LICENSED },
      source: {
        zh: '银行业保险业消费投诉处理管理办法（2020年）',
        en: 'Measures for handling consumer complaints in banking and insurance (2020)',
      },
      copy: true,
      from: '2020-03-01',
      until: null,
      text: {
        zh: '金融机构收到投诉后应在 15 日内答复，情况复杂的 30 日，特别复杂的 60 日；代理人投诉须有您签字的授权；机构已经掌握的材料不得要求重复提供。',
        en: 'A complaint is answered within 15 days, 30 where it is complex, 60 where especially so. An agent needs authority signed by you, and nothing may be asked for that the institution already holds.',
      },
      effect: 'information',
    },
    {
      id: 'personal-bankruptcy',
      topics: ['help'],
      source: { zh: '深圳经济特区个人破产条例', en: 'Personal Bankruptcy Regulations of the Shenzhen Special Economic Zone' },
      from: '2021-03-01',
      until: null,
      text: {
        zh: '全国还没有个人破产法，目前只有深圳施行个人破产条例，适用于在深圳居住并参加社保连续满三年的人。',
        en: 'There is no national law on personal bankruptcy; only Shenzhen has one, for people who have lived and paid social insurance there for three years on end.',
      },
      effect: 'information',
    },
  ],
};
