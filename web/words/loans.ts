import { LOAN_COLUMNS, type LoanColumn, type LoanWhy } from '../../worker/negotiation/loans.ts';
import { type ColumnNames, columnName } from '../../worker/negotiation/table.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { issueText, refusalText, type Words, wordsOf } from './index.ts';

/** A file of loans: the names that its columns may have, in both languages, and what is wrong with a row. */

/** As books and exports name them, beside our own names. */
const ALSO: Readonly<Record<LoanColumn, readonly string[]>> = {
  contract: [
    ...[
      '合同编号',
      '合同号码',
      '贷款合同号',
      '贷款合同编号',
      '借款合同号',
      '借款合同编号',
      '贷款编号',
      '贷款号',
      '借据号',
      '借据编号',
      '合同号或借据号',
      '合同',
      '账号',
    ],
    ...[
      'contract no',
      'contract number',
      'contract id',
      'contract ref',
      'contract reference',
      'loan',
      'loan no',
      'loan number',
      'loan id',
      'loan reference',
    ],
    ...['reference', 'agreement', 'agreement no', 'agreement number', 'account number', 'account no', 'loan.reference'],
  ],
  name: [
    ...['姓名', '借款人', '借款人姓名', '客户姓名', '客户名称', '客户', '债务人', '债务人姓名'],
    ...['name', 'borrower', 'borrower name', 'borrowerName', 'customer', 'customer name', 'client', 'client name', 'full name', 'debtor'],
  ],
  principal: [
    ...['本金', '剩余本金', '未还本金', '本金余额', '欠款本金', '应还本金', '贷款余额', '本金金额', '待还本金', '逾期本金'],
    ...[
      'principal',
      'outstanding principal',
      'principal outstanding',
      'principal balance',
      'principal amount',
      'remaining principal',
      'debt.principal',
    ],
  ],
  interest: [
    ...['利息', '应还利息', '未还利息', '欠息', '利息余额', '利息金额', '待还利息', '逾期利息'],
    ...['interest', 'interest due', 'outstanding interest', 'accrued interest', 'interest amount', 'debt.interest'],
  ],
  penalty: [
    ...['罚息', '违约金', '罚息及违约金', '罚息和违约金', '罚息/违约金', '滞纳金', '逾期违约金', '罚金'],
    ...[
      'penalty',
      'penalties',
      'penalty interest',
      'default interest',
      'late fee',
      'late fees',
      'late charges',
      'penalty amount',
      'debt.penalty',
    ],
  ],
  fees: [
    ...['费用', '其他费用', '手续费', '服务费', '管理费', '其它费用', '应收费用'],
    ...['fee', 'fees', 'other fees', 'charges', 'other charges', 'costs', 'debt.fees'],
  ],
  asOf: [
    ...['截至日期', '截止日期', '截至哪一天', '截至', '截止日', '截至日', '数据日期', '计算日期', '基准日', '统计日期', '日期'],
    ...['as of', 'as of date', 'date', 'figures date', 'statement date', 'balance date', 'debt.asOf'],
  ],
  product: [
    ...['产品', '产品名称', '贷款产品', '业务品种', '产品类型'],
    ...['product', 'product name', 'loan product', 'loan type', 'loan.product'],
  ],
  identity: [
    ...[
      '身份证后四位',
      '证件后四位',
      '身份证号后四位',
      '身份证号码后四位',
      '证件号码后四位',
      '身份证号',
      '身份证号码',
      '身份证',
      '证件号码',
      '证件号',
      '借款人身份证件号码后四位',
    ],
    ...[
      'identity',
      'identity end',
      'identity number',
      'id number',
      'id no',
      'id last four',
      'id last 4',
      'last four of id',
      'id card',
      'loan.identity',
    ],
  ],
  rate: [
    ...['利率', '年利率', '合同利率', '年化利率', '执行利率'],
    ...['rate', 'annual rate', 'yearly rate', 'interest rate', 'contract rate', 'apr', 'debt.rate'],
  ],
  contractDate: [
    ...['合同日期', '合同签订日', '合同签订日期', '签约日期', '签订日期', '签约日', '借款日期', '放款日期', '放款日'],
    ...['contract date', 'date of contract', 'signed on', 'signing date', 'loan date', 'start date', 'debt.contractDate'],
  ],
  phone: [
    ...['手机', '手机号', '手机号码', '借款人手机', '借款人手机号', '联系电话', '移动电话', '电话'],
    ...['phone', 'mobile', 'mobile number', 'phone number', 'cell phone', 'borrower phone'],
  ],
  mail: [
    ...['邮箱', '电子邮箱', '邮箱地址', '电子邮件', '邮件地址', '借款人邮箱'],
    ...['mail', 'email', 'e-mail', 'email address', 'mail address', 'borrower email'],
  ],
};

export const LOAN_NAMES: ColumnNames<LoanColumn> = new Map(
  LOAN_COLUMNS.flatMap((column) =>
    [column, ...LANGUAGES.map((language) => wordsOf(language).loans.columns[column]), ...ALSO[column]].map(
      (name) => [columnName(name), column] as const,
    ),
  ),
);

export function loanWhyText(words: Words, why: LoanWhy): string {
  const { loans: say } = words;
  switch (why.code) {
    case 'refused':
      return refusalText(words, why.refusal);
    case 'issue':
      return issueText(words, why.issue);
    case 'twice':
      return say.twice({ row: why.row });
    default:
      return say.why[why.code];
  }
}

/** The same in the words of each language: whoever reads it later may read another than who sent the file. */
export const loanWhySaid = (why: LoanWhy): Record<string, string> =>
  Object.fromEntries(LANGUAGES.map((language) => [language, loanWhyText(wordsOf(language), why)]));
