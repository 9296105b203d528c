import type { Spoken } from '../languages.ts';
import { LENDER_KINDS, type LenderKind } from './jurisdiction.ts';

/**
 * What else there is where two sides do not agree: the ways of a jurisdiction, in the order in which they help. Kept apart from the rules of the table, so that the
 * browser's plan does not carry it.
 */

export const WAYS = ['advice', 'regulator', 'local-office', 'mediation', 'arbitration', 'court'] as const;
export type WayName = (typeof WAYS)[number];

/** Each in a few words: what it is, what it is for, what it costs, how long it takes, what to bring. */
export const ASPECTS = ['purpose', 'cost', 'time', 'bring'] as const;

export type Way = Readonly<Record<(typeof ASPECTS)[number] | 'name', Spoken>> & {
  readonly id: WayName;
  /** About whose loans; all, where it does not say. */
  readonly lenderKinds?: readonly LenderKind[];
  /** A number that can be called. */
  readonly call?: string;
  /** It is the borrower's alone: a lender does not turn to whoever oversees it. */
  readonly borrowers?: true;
  readonly source: Spoken;
  /** The source has been read in a copy only. */
  readonly copy?: true;
  /** Since when the source has been in force. */
  readonly from: string;
};

const OVERSEEN: readonly LenderKind[] = ['bank-card', 'bank-loan', 'consumer-finance'];
const LOCAL: readonly LenderKind[] = ['microloan', 'other-local'];

const CHINA: readonly Way[] = [
  {
    id: 'advice',
    call: '12348',
    borrowers: true,
    name: { zh: '免费法律咨询', en: 'Free legal advice' },
    purpose: {
      zh: '先弄清权利和义务，以及下面哪条路合适。一般的债务协商不在法律援助范围内，不会因此指派免费律师。',
      en: 'To learn what can be asked and what is owed, and which of the ways below fits. It gives advice; ordinary debt talks are not among the cases for which a free lawyer is appointed.',
    },
    cost: { zh: '免费。', en: 'Free.' },
    time: { zh: '电话当时就能咨询。', en: 'By telephone, at once.' },
    bring: {
      zh: '借款合同、还款记录、欠款数字和双方的方案。',
      en: 'The contract, what was paid, what is owed, and the offers of both sides.',
    },
    source: { zh: '法律援助法第二十二条、第三十一条', en: 'Legal Aid Law, arts. 22 and 31' },
    from: '2022-01-01',
  },
  {
    id: 'regulator',
    lenderKinds: OVERSEEN,
    call: '12378',
    borrowers: true,
    name: { zh: '金融消费者投诉热线', en: 'Complaint line for financial consumers' },
    purpose: {
      zh: '机构违反规定、或者不按期答复投诉时，向金融监管部门反映。先向机构投诉。',
      en: 'Where the lender breaks rules or leaves a complaint unanswered: tell those who oversee it. Complain to the lender first.',
    },
    cost: { zh: '免费。', en: 'Free.' },
    time: {
      zh: '机构在 15 日内处理，情况复杂的 30 日，特别复杂的 60 日。',
      en: 'The lender deals with it in 15 days, 30 where it is complex, 60 where especially so.',
    },
    bring: {
      zh: '身份证、合同、向机构的投诉和答复；代理人另需本人签字的授权。',
      en: 'Your identity card, the contract, your complaint to the lender and its answer; an agent also needs authority signed by you.',
    },
    source: {
      zh: '银行业保险业消费投诉处理管理办法（2020年）',
      en: 'Measures for handling consumer complaints in banking and insurance (2020)',
    },
    copy: true,
    from: '2020-03-01',
  },
  {
    id: 'local-office',
    lenderKinds: LOCAL,
    call: '12345',
    borrowers: true,
    name: { zh: '当地地方金融管理部门', en: 'The local financial administration' },
    purpose: {
      zh: '小额贷款公司等地方金融组织违反规定时，向监管它的部门反映。拨打 12345 可以问到是哪个部门。',
      en: 'Where a microloan company or another local institution breaks rules: tell those who oversee it. 12345 says which office that is.',
    },
    cost: { zh: '免费。', en: 'Free.' },
    time: {
      zh: '15 日内告知是否受理，一般自受理之日起 60 日内办结。',
      en: 'It says within 15 days whether it takes the matter up, and as a rule closes it in 60 days from then.',
    },
    bring: {
      zh: '身份证、合同、向机构的投诉和答复。',
      en: 'Your identity card, the contract, your complaint to the lender and its answer.',
    },
    source: { zh: '信访工作条例（2022年）', en: 'Regulations on petitions (2022)' },
    copy: true,
    from: '2022-05-01',
  },
  {
    id: 'mediation',
    name: { zh: '调解', en: 'Mediation' },
    purpose: {
      zh: '请中立的调解员帮双方谈。调解员不作决定；为调解所作的让步，以后不应用作不利的依据。',
      en: 'A neutral person helps both to talk. They decide nothing, and what is conceded for a settlement should not be used against anybody later.',
    },
    cost: {
      zh: '人民调解委员会不收费；其他调解组织先问清楚。',
      en: 'People’s mediation committees charge nothing; ask others beforehand.',
    },
    time: {
      zh: '通常一个月左右，双方同意可以延长。经依法设立的调解组织达成协议的，双方可以在协议生效后 30 日内共同申请法院确认。',
      en: 'About a month as a rule, longer where both agree. What is settled with an established mediation organisation both may ask the court to confirm, within 30 days of its taking effect.',
    },
    bring: {
      zh: '身份证明、合同、欠款数字、收支说明、双方的方案。',
      en: 'Proof of identity, the contract, what is owed, the statement of means, the offers of both sides.',
    },
    source: {
      zh: '人民调解法第四条；人民法院在线调解规则第十二条、第十八条；民事诉讼法第二百零五条、第二百零六条',
      en: 'People’s Mediation Law, art. 4; Rules on Online Mediation, arts. 12 and 18; Civil Procedure Law, arts. 205 and 206',
    },
    copy: true,
    from: '2024-01-01',
  },
  {
    id: 'arbitration',
    name: { zh: '仲裁', en: 'Arbitration' },
    purpose: {
      zh: '合同里有仲裁条款时才能申请，有仲裁条款就不能直接起诉。裁决是终局的，可以在网上进行。',
      en: 'Only where the contract has an arbitration clause, which then stands in place of the court. The award is final; it can be held online.',
    },
    cost: {
      zh: '申请时按仲裁委员会的收费表预交，由裁决决定谁承担。',
      en: 'Paid in advance by the scale of the commission; the award says who bears it.',
    },
    time: { zh: '按该仲裁委员会的规则，申请前先查。', en: 'By the rules of the commission: look them up beforehand.' },
    bring: {
      zh: '有仲裁条款的合同、仲裁申请书、证据目录和证据。',
      en: 'The contract with its clause, the application, the list of evidence and the evidence.',
    },
    source: { zh: '仲裁法第十一条', en: 'Arbitration Law, art. 11' },
    copy: true,
    from: '2026-03-01',
  },
  {
    id: 'court',
    name: { zh: '起诉', en: 'A court' },
    purpose: {
      zh: '其他办法都不行时，由法院判决。合同约定了管辖法院的，看合同。也可以在网上立案。',
      en: 'Where nothing else helped, a court decides. The contract may say which. A case can be filed online.',
    },
    cost: {
      zh: '案件受理费按金额计算：不超过 1 万元的 50 元，超过的部分按比例；适用简易程序减半，一般由败诉方承担。',
      en: 'A fee by the amount: ¥50 up to ¥10,000, a share of what is above; half in summary proceedings. As a rule who loses bears it.',
    },
    time: {
      zh: '小额诉讼 2 个月，简易程序 3 个月，普通程序 6 个月，都可能延长。',
      en: 'Small claims 2 months, summary proceedings 3, ordinary ones 6; each may be extended.',
    },
    bring: {
      zh: '起诉状、身份证明、合同、证据目录和证据，按对方人数提交副本。',
      en: 'The statement of claim, proof of identity, the contract, the list of evidence and the evidence, with a copy for each on the other side.',
    },
    source: {
      zh: '民事诉讼法第一百五十二条、第一百六十四条、第一百六十八条；诉讼费用交纳办法第十三条、第十六条、第二十九条',
      en: 'Civil Procedure Law, arts. 152, 164 and 168; Measures on Litigation Costs, arts. 13, 16 and 29',
    },
    copy: true,
    from: '2024-01-01',
  },
];

const TABLES: Readonly<Record<string, readonly Way[]>> = { CN: CHINA };

/** The ways of a jurisdiction; mainland China's where it has no table. */
const waysOf = (jurisdiction: string): readonly Way[] => (Object.hasOwn(TABLES, jurisdiction) ? TABLES[jurisdiction] : undefined) ?? CHINA;

/** The ways in force on a day that are open about a loan of a kind of lender, in the order in which they help: where the kind is not known, all that may be. */
export function waysFor(jurisdiction: string, kind: LenderKind | null, on: string): Way[] {
  return waysOf(jurisdiction).filter(
    ({ lenderKinds, from }) => from <= on && (kind === null || (lenderKinds ?? LENDER_KINDS).includes(kind)),
  );
}

/** A way by its name; null where the jurisdiction has none of it. */
export const wayOf = (jurisdiction: string, id: WayName): Way | null => waysOf(jurisdiction).find((one) => one.id === id) ?? null;
