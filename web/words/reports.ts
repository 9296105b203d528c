import type { FigureName, Section } from '../../worker/negotiation/report.ts';

/** A lender's reports: what each figure is called, and in one line what it counts. */

type Named = { name: string; what: string };

type Say = {
  title: string;
  lead: string;
  link: string;
  take: string;
  by: string;
  ways: Record<'month' | 'agent' | 'product' | 'policy', string>;
  from: string;
  until: string;
  show: string;
  badMonth: string;
  badRange: (of: { most: number }) => string;
  only: Record<'agent' | 'product' | 'policy', (of: { name: string }) => string>;
  everything: string;
  sections: Record<Section, Named>;
  figures: Record<FigureName, Named>;
  figure: string;
  all: string;
  meaning: string;
  byPolicy: string;
  nobody: Record<'agent' | 'product' | 'policy', string>;
  former: (of: { account: string }) => string;
  version: (of: { version: string }) => string;
  days: (of: { days: number }) => string;
  nothing: string;
  more: (of: { shown: number }) => string;
  erased: string;
  behind: (of: { figure: string }) => string;
  period: (of: { from: string; until: string }) => string;
  counted: string;
  amount: string;
  beyond: string;
  took: string;
  none: string;
  chart: (of: { section: string }) => string;
};

export const zhReports: Say = {
  title: '报表',
  lead: '数字来自每个案件的书面记录，写入记录时一并计入；点开数字可以看到是哪些案件。',
  link: '报表',
  take: '导出这份报表…',
  by: '分组',
  ways: { month: '按月', agent: '按人员', product: '按产品', policy: '按政策版本' },
  from: '从（月）',
  until: '到（月）',
  show: '查看',
  badMonth: '请填写年月，例如 2026-03。',
  badRange: ({ most }) => `起始月份不能晚于结束月份，最多 ${most} 个月。`,
  only: {
    agent: ({ name }) => `只看：${name}`,
    product: ({ name }) => `只看产品：${name}`,
    policy: ({ name }) => `只看：${name}`,
  },
  everything: '看全部',
  sections: {
    talks: { name: '开案与答复', what: '按开案日、方案提出日计入当月。人员是代机构开案或答复的人。' },
    agreements: {
      name: '协议',
      what: '按生效日计入当月；状态是现在的状态，守约、逾期、违约、结清之和等于达成数。人员是同意这份条款的人。',
    },
    waivers: { name: '减免', what: '按协议生效日计入当月；超出政策，指超过协议拟定当日政策对该部分的减免上限。人员是同意减免的人。' },
    recovery: { name: '回款', what: '应还按当时有效的协议计入到期当月；实还按付款日计入当月。人员是同意该协议的人。' },
    automatic: { name: '自动答复', what: '机构政策让平台自动作出的答复，及其后来的结果；按作出当日计入当月。' },
    contacts: { name: '联系', what: '按通话日、发出日计入当月。双方都记录的同一通电话只算一次；有异议的不算。' },
    conduct: { name: '联系是否合规', what: '机构打出的电话中，超出规定或借款人意愿的次数；一通电话可能超出几项。' },
  },
  figures: {
    opened: { name: '开案', what: '当期开立的案件，由借款人或机构开立。' },
    asked: { name: '待答复的方案', what: '借款人提出、等机构答复的方案；等于后面五项之和。' },
    inTime: { name: '按时答复', what: '在承诺的工作日内接受、拒绝或提出反方案。' },
    late: { name: '逾时答复', what: '答复了，但晚于承诺的最后一天。' },
    lapsed: { name: '没有答复', what: '方案到期失效，机构没有答复。' },
    waiting: { name: '仍在等待', what: '方案还有效，机构还没有答复。' },
    takenBack: { name: '不必再答', what: '借款人撤回、改提了新方案，或案件已结束。' },
    answerMedian: { name: '答复用时（中位数）', what: '从提出到答复的工作日：至少一半的答复在这个天数以内（取最小的天数）。' },
    answerMost: { name: '答复用时（九成）', what: '从提出到答复的工作日：至少九成的答复在这个天数以内（取最小的天数）。' },
    agreed: { name: '达成', what: '双方签字生效的协议，每个案件只算第一份。' },
    kept: { name: '守约', what: '正在履行，没有过了宽限期仍未付的款项。' },
    arrears: { name: '逾期', what: '过了宽限期仍有欠缺，还可以补足。' },
    broken: { name: '违约', what: '机构已宣布协议违约。' },
    completed: { name: '结清', what: '协议下的款项已经全部还清。' },
    varied: { name: '变更', what: '变更协议并签字生效的次数。' },
    agreedMedian: { name: '达成用时（中位数）', what: '从开案到协议生效的日历天：至少一半的案件在这个天数以内（取最小的天数）。' },
    agreedMost: { name: '达成用时（九成）', what: '从开案到协议生效的日历天：至少九成的案件在这个天数以内（取最小的天数）。' },
    waivedPrincipal: { name: '减免本金', what: '生效协议中减免的本金。' },
    beyondPrincipal: { name: '本金超出政策', what: '减免的本金中超过政策上限的部分。' },
    waivedInterest: { name: '减免利息', what: '生效协议中减免的利息。' },
    beyondInterest: { name: '利息超出政策', what: '减免的利息中超过政策上限的部分。' },
    waivedPenalty: { name: '减免罚息', what: '生效协议中减免的罚息及违约金。' },
    beyondPenalty: { name: '罚息超出政策', what: '减免的罚息及违约金中超过政策上限的部分。' },
    waivedFees: { name: '减免费用', what: '生效协议中减免的费用。' },
    beyondFees: { name: '费用超出政策', what: '减免的费用中超过政策上限的部分。' },
    waived: { name: '减免合计', what: '以上四部分减免之和。' },
    due: { name: '应还', what: '按有效协议的还款计划到期的金额，改期的按改后的日期；宣布违约后仍按计划计，结清后不再计。' },
    paid: { name: '实还', what: '机构登记或确认收到的还款；撤回、冲销的不算。' },
    recovered: { name: '回款率', what: '实还除以应还。提前还款会使它超过 100%。' },
    acceptances: { name: '自动接受', what: '平台按政策接受的方案。' },
    acceptancesSigned: { name: '其中已签', what: '自动接受后双方已签字生效。' },
    counters: { name: '自动反方案', what: '平台按政策提出的反方案；等于后面五项之和。' },
    countersAccepted: { name: '被接受', what: '借款人接受了自动反方案。' },
    countersAnswered: { name: '又提方案', what: '借款人另提方案作答。' },
    countersDeclined: { name: '被拒绝', what: '借款人拒绝了自动反方案。' },
    countersOpen: { name: '仍有效', what: '自动反方案还有效，借款人还没有回应。' },
    countersEnded: { name: '没有结果', what: '到期、撤回、由人改提，或案件已结束。' },
    calls: { name: '电话', what: '机构为联系借款人打出的电话，打给第三人的也算；等于后面三项之和。' },
    effective: { name: '已通话', what: '有人接听并通了话。' },
    unanswered: { name: '没有接听', what: '无人接听。' },
    unreachable: { name: '无法接通', what: '空号、关机或号码属于他人。' },
    contested: { name: '有异议', what: '对方对这通电话的记录有异议，不计入以上各项。' },
    written: { name: '书面联系', what: '机构人员发出的消息、信函和邮件答复。' },
    hours: { name: '时间不当', what: '在规定的时间以外打的电话。' },
    tooMany: { name: '通话过多', what: '一天内的通话超过规定次数。' },
    tooOften: { name: '拨打过多', what: '同一号码一天内未接通的拨打超过规定次数。' },
    thirdPerson: { name: '打给第三人', what: '还没有到联系不上借款人的程度，就打给了他人。' },
    wishes: { name: '违背意愿', what: '违背借款人关于方式、地点或时间的意愿。' },
    beyond: { name: '合计', what: '以上各项之和。' },
  },
  figure: '指标',
  all: '本期合计',
  meaning: '怎么算',
  byPolicy: '政策自动',
  nobody: { agent: '不属于机构人员', product: '案件里没有产品', policy: '没有版本' },
  former: ({ account }) => `已不在本机构（${account}）`,
  version: ({ version }) => `政策第 ${version} 版`,
  days: ({ days }) => `${days} 天`,
  nothing: '—',
  more: ({ shown }) => `这里只列出 ${shown} 组；全部可以导出。`,
  erased: '内容已被清除的案件不再计入。',
  behind: ({ figure }) => `${figure}：案件`,
  period: ({ from, until }) => (from === until ? from : `${from}至${until}`),
  counted: '计入日期',
  amount: '金额',
  beyond: '超出政策',
  took: '用时',
  none: '没有案件。',
  chart: ({ section }) => `${section}，各组对比`,
};

export const enReports: Say = {
  title: 'Reports',
  lead: 'Each figure comes from the written records of cases and is counted as they are written; open it to see which cases it is made of.',
  link: 'Reports',
  take: 'Take this report away…',
  by: 'Group by',
  ways: { month: 'Month', agent: 'Person', product: 'Product', policy: 'Policy version' },
  from: 'From (month)',
  until: 'Until (month)',
  show: 'Show',
  badMonth: 'Give a year and a month, such as 2026-03.',
  badRange: ({ most }) => `The first month is not to be after the last, and at most ${most} months are shown.`,
  only: {
    agent: ({ name }) => `Only: ${name}`,
    product: ({ name }) => `Only the product ${name}`,
    policy: ({ name }) => `Only: ${name}`,
  },
  everything: 'Show all',
  sections: {
    talks: {
      name: 'Cases and answers',
      what: 'By the day a case was opened or an offer made. The person is who opened it for the lender, or answered.',
    },
    agreements: {
      name: 'Agreements',
      what: 'By the day they came into force; as they stand now: kept, in arrears, broken and completed add up to agreed. The person is who granted the terms.',
    },
    waivers: {
      name: 'Waivers',
      what: 'By the day the agreement came into force; beyond policy is what exceeds the most that policy had for that part when it was drawn up. The person is who granted it.',
    },
    recovery: {
      name: 'Recovery',
      what: 'What was due, by the month in which it fell due under the agreement that held; what was paid, by the day of payment. The person is who granted that agreement.',
    },
    automatic: {
      name: 'Automatic answers',
      what: 'What the portal answered by the lender’s policy, by the day it did, and what came of it.',
    },
    contacts: {
      name: 'Contacts',
      what: 'By the day of the call or of sending. A call that both sides logged counts once; one that is contested does not.',
    },
    conduct: {
      name: 'Contacts against the rules',
      what: 'How often calls of the lender went beyond the rules or the borrower’s wishes; one call may go beyond several.',
    },
  },
  figures: {
    opened: { name: 'Opened', what: 'Cases opened, by the borrower or by the lender.' },
    asked: { name: 'Offers to answer', what: 'Offers of borrowers that wait for the lender; the sum of the next five.' },
    inTime: { name: 'Answered in time', what: 'Accepted, declined or countered within the working days promised.' },
    late: { name: 'Answered late', what: 'Answered, but after the last day promised.' },
    lapsed: { name: 'Not answered', what: 'The offer lapsed without an answer.' },
    waiting: { name: 'Still waiting', what: 'The offer stands and has not been answered yet.' },
    takenBack: { name: 'Needing no answer', what: 'Withdrawn or replaced by the borrower, or the case has ended.' },
    answerMedian: {
      name: 'Days to answer (median)',
      what: 'Working days from offer to answer: the least number within which at least half the answers came.',
    },
    answerMost: {
      name: 'Days to answer (90%)',
      what: 'Working days from offer to answer: the least number within which at least nine of ten came.',
    },
    agreed: { name: 'Agreed', what: 'Agreements signed by both and in force; the first of each case alone.' },
    kept: { name: 'Kept', what: 'Being performed, with nothing missing past its days of grace.' },
    arrears: { name: 'In arrears', what: 'Something is missing past its days of grace and can be made good.' },
    broken: { name: 'Broken', what: 'The lender has declared the agreement broken.' },
    completed: { name: 'Completed', what: 'All that was owed under the agreement has been paid.' },
    varied: { name: 'Varied', what: 'How often an agreement was varied and signed anew.' },
    agreedMedian: {
      name: 'Days to agreement (median)',
      what: 'Calendar days from opening until in force: the least number within which at least half were.',
    },
    agreedMost: {
      name: 'Days to agreement (90%)',
      what: 'Calendar days from opening until in force: the least number within which at least nine of ten were.',
    },
    waivedPrincipal: { name: 'Principal waived', what: 'Principal given up in agreements in force.' },
    beyondPrincipal: { name: 'Principal beyond policy', what: 'What of the principal waived exceeds the policy.' },
    waivedInterest: { name: 'Interest waived', what: 'Interest given up in agreements in force.' },
    beyondInterest: { name: 'Interest beyond policy', what: 'What of the interest waived exceeds the policy.' },
    waivedPenalty: { name: 'Penalty waived', what: 'Penalty interest given up in agreements in force.' },
    beyondPenalty: { name: 'Penalty beyond policy', what: 'What of the penalty waived exceeds the policy.' },
    waivedFees: { name: 'Fees waived', what: 'Fees given up in agreements in force.' },
    beyondFees: { name: 'Fees beyond policy', what: 'What of the fees waived exceeds the policy.' },
    waived: { name: 'Waived in all', what: 'The four parts together.' },
    due: {
      name: 'Due',
      what: 'What fell due by the plan in force, moved instalments on their new day; also once it was declared broken, nothing after completion.',
    },
    paid: { name: 'Paid', what: 'Payments that the lender recorded or confirmed; none that was taken back or reversed.' },
    recovered: { name: 'Recovered', what: 'Paid as a share of due; early payments take it beyond 100%.' },
    acceptances: { name: 'Accepted automatically', what: 'Offers that the portal accepted by policy.' },
    acceptancesSigned: { name: 'Of these, signed', what: 'Signed by both since, and in force.' },
    counters: { name: 'Countered automatically', what: 'Counter-offers that the portal made by policy; the sum of the next five.' },
    countersAccepted: { name: 'Accepted', what: 'The borrower accepted the counter-offer.' },
    countersAnswered: { name: 'Countered', what: 'The borrower answered with another offer.' },
    countersDeclined: { name: 'Declined', what: 'The borrower declined the counter-offer.' },
    countersOpen: { name: 'Still standing', what: 'It stands, and the borrower has not answered yet.' },
    countersEnded: { name: 'Came to nothing', what: 'Lapsed, withdrawn, replaced by a person, or the case has ended.' },
    calls: { name: 'Calls', what: 'Calls of the lender to reach borrowers, those to third persons too; the sum of the next three.' },
    effective: { name: 'Spoke', what: 'Somebody answered, and they spoke.' },
    unanswered: { name: 'Not picked up', what: 'Nobody answered.' },
    unreachable: { name: 'Not reachable', what: 'The number is dead, switched off or somebody else’s.' },
    contested: { name: 'Contested', what: 'The other side contests what was logged; counted nowhere above.' },
    written: { name: 'In writing', what: 'Messages, letters and mails of the lender’s people.' },
    hours: { name: 'Outside the hours', what: 'Calls outside the hours that the rules allow.' },
    tooMany: { name: 'Too many calls', what: 'More calls in a day than the rules allow.' },
    tooOften: { name: 'Too many tries', what: 'One number tried more often in a day than the rules allow.' },
    thirdPerson: { name: 'To third persons', what: 'Somebody else was called while the borrower could still be reached.' },
    wishes: { name: 'Against wishes', what: 'Against the borrower’s wishes on way, place or hours.' },
    beyond: { name: 'In all', what: 'All of these together.' },
  },
  figure: 'Figure',
  all: 'Whole period',
  meaning: 'What it counts',
  byPolicy: 'By policy, automatically',
  nobody: { agent: 'None of the lender’s people', product: 'No product in the case', policy: 'No version' },
  former: ({ account }) => `No longer here (${account})`,
  version: ({ version }) => `Policy version ${version}`,
  days: ({ days }) => (days === 1 ? '1 day' : `${days} days`),
  nothing: '—',
  more: ({ shown }) => `Only ${shown} groups are shown here; all of them can be taken away.`,
  erased: 'Cases whose contents were erased are counted no more.',
  behind: ({ figure }) => `${figure}: cases`,
  period: ({ from, until }) => (from === until ? from : `${from} to ${until}`),
  counted: 'Counted on',
  amount: 'Amount',
  beyond: 'Beyond policy',
  took: 'Took',
  none: 'There are no cases.',
  chart: ({ section }) => `${section}, group by group`,
};
