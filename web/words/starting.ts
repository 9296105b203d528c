import type { TemplateUse } from '../../worker/negotiation/lender/templates.ts';
import type { Language } from '../../worker/plan/languages.ts';

/** Texts that a lender may begin with, in both languages: calm, in the words of the field. Nobody has them unasked. */

type Starting = { readonly use: TemplateUse; readonly name: string; readonly text: string };

export const STARTING: Readonly<Record<Language, readonly Starting[]>> = {
  zh: [
    {
      use: 'message',
      name: '收到，正在核对',
      text: `{借款人}，您好：

您发来的内容已经收到，我们正在核对，会在这里答复您。需要您补充什么，也会在这里告诉您。

{机构} {经办人}`,
    },
    {
      use: 'message',
      name: '请补充证明材料',
      text: `{借款人}，您好：

为了核实您的情况，请在“证明材料”里补充收入或支出的证明，例如最近三个月的工资流水、离职证明或医疗票据。证件号码和银行卡号可以遮住。一时拿不到的，请告诉我们大概什么时候能有。

{机构} {经办人}`,
    },
    {
      use: 'message',
      name: '下期还款提前告知',
      text: `{借款人}，您好：

按协议，下一期应还 {下期应还}，还款日是{下期还款日}。如果到时有困难，请提前在这里申请改期，我们一起商量。

{机构} {经办人}`,
    },
    {
      use: 'reason',
      name: '反方案的说明',
      text: `您的方案我们认真看过了。结合您的收支情况和欠款 {欠款总额}，我们提出这个方案，希望每期金额在您能承受的范围内。哪里不合适，您可以直接提出修改。`,
    },
    {
      use: 'decline',
      name: '暂时不能接受',
      text: `谢谢您提出方案。这个方案我们目前不能接受，原因如上。这不代表协商结束：您可以调整期数或每期金额后再提，我们也可以提出我们的方案。`,
    },
    {
      use: 'letter',
      name: '欠款情况说明',
      text: `{借款人}：

关于合同 {合同号}（案件编号 {案件编号}），截至{今天}，欠款共计 {欠款总额}。

您对金额有不同意见的，请在案件中说明，我们会核对并答复。您也可以在案件中提出还款方案。

{机构}
{今天}`,
    },
  ],
  en: [
    {
      use: 'message',
      name: 'Received, being looked at',
      text: `Dear {borrower},

We have received what you sent and are looking at it. We will answer you here, and will say here if we need anything else from you.

{agent}, {lender}`,
    },
    {
      use: 'message',
      name: 'Please add evidence',
      text: `Dear {borrower},

So that we can understand your situation, please add evidence of your income or expenses, such as payslips of the last three months, a notice of dismissal or medical bills. Identity and card numbers can be covered. If something takes time to get, please tell us roughly when you will have it.

{agent}, {lender}`,
    },
    {
      use: 'message',
      name: 'The next instalment',
      text: `Dear {borrower},

Under the agreement, the next instalment of {next instalment} is due on {next due date}. If that will be difficult, please ask for another day here beforehand, and we will look for a way together.

{agent}, {lender}`,
    },
    {
      use: 'reason',
      name: 'What we offer, and why',
      text: `We have read your proposal with care. Given your income and expenses, and {amount owed} owed, we offer this plan and hope that each instalment is one you can bear. If something in it does not suit you, please propose a change.`,
    },
    {
      use: 'decline',
      name: 'Not as it stands',
      text: `Thank you for your proposal. We cannot accept it as it stands, for the reasons above. This is not the end of our talks: you can propose another number or amount of instalments, and we can make an offer of our own.`,
    },
    {
      use: 'letter',
      name: 'Statement of what is owed',
      text: `Dear {borrower},

Of contract {contract number} (case {case number}), {amount owed} is owed as of {today}.

If you disagree with the amount, please say so in the case. We will check it and answer. You can also propose a plan there.

{lender}
{today}`,
    },
  ],
};
