import { type Approvable, approvable, type approval as topic } from '../../worker/negotiation/approval.ts';
import type { Excess } from '../../worker/negotiation/authority.ts';
import type { OwnKind, OwnKinds, OwnWhole } from '../../worker/negotiation/entry.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { Debt, Terms } from '../../worker/plan/terms.ts';
import { dateText, money, type Words } from '../words/index.ts';
import { planClauses } from './clauses.ts';
import { owedLines } from './debt.ts';
import { type Line, named, said, type Told } from './telling.ts';

/** What was sent for approval and what became of it, told to the lender's side alone. */

type OwnTeller<K extends OwnKind> = (entry: Pick<OwnWhole<K>, 'content'>, words: Words) => Told;
type Own = NonNullable<(typeof topic)['own']>;

export const approval: { readonly [K in keyof Own['entries'] & OwnKind]: OwnTeller<K> } = {
  'approval.asked': ({ content }, words) => ({
    what: words.approval.asked({ act: words.approval.of[content.command] }),
    lines: [
      named(words.approval.beyond, excessLine(content.excess, words), { as: 'figure' }),
      ...inputLines(content, words),
      ...said(content.words),
    ],
  }),
  'approval.approved': ({ content: { approval: no, words: text } }, words) => ({ what: words.approval.approved(no), lines: said(text) }),
  'approval.returned': ({ content: { approval: no, words: text } }, words) => ({ what: words.approval.returned(no), lines: said(text) }),
  'approval.withdrawn': ({ content: { approval: no } }, words) => ({ what: words.approval.withdrawn(no), lines: [] }),
  'approval.lapsed': ({ content: { approval: no } }, words) => ({ what: words.approval.lapsed(no), lines: [] }),
};

/** What goes beyond which limit, to whoever looks at it: amounts as money, a term in months. */
export function excessLine({ what, given, limit }: Excess, words: Words): string {
  const figure = what === 'term' ? String : money;
  return words.approval.excess[what]({ given: figure(given), limit: figure(limit) });
}

type Sent = { command: Approvable; input: OwnKinds['approval.asked']['input']; debt?: Debt | undefined };

/** What would be done, from the input of the command that was sent for approval: its own schema reads it. */
export function inputLines({ command, input, debt }: Sent, words: Words): Line[] {
  const read = approvable(command)?.input.safeParse(input);
  if (!read?.success) return [];
  const terms = Terms.safeParse(input.terms);
  if (command === 'proposal.make' && terms.success)
    return [
      ...(debt ? planClauses(terms.data, words, debt).map((value): Line => ({ value, as: 'clause' })) : []),
      ...COMPONENTS.flatMap((one) => reasonLine(input, one, words)),
      ...text(input.words),
    ];
  if (command === 'proposal.accept')
    return [{ value: words.offer.proposal(Number(input.version)), about: { offer: Number(input.version) } }];
  if (command === 'mediation.adopt') {
    const suggestion = Number(input.suggestion);
    return [{ value: words.mediation.suggestion(suggestion), about: { suggestion } }, ...text(input.words)];
  }
  const stated = Debt.safeParse(input.debt);
  if (command === 'debt.state' && stated.success) return [...owedLines({ debt: stated.data }, words), ...text(input.words)];
  if (command === 'debt.confirm') return [named(words.total, money(Number(input.total)))];
  if (command === 'case.close') return [named(words.case.closeReason, closeReason(input.reason, words)), ...text(input.words)];
  if (command === 'payment.report') return [named(dateText(words, String(input.on)), money(Number(input.amount)))];
  return [{ value: words.case.receipt(Number(input.payment)), about: { entry: Number(input.payment) } }];
}

const text = (value: unknown): Line[] => said(typeof value === 'string' ? value : undefined);

function reasonLine(input: Sent['input'], part: (typeof COMPONENTS)[number], words: Words): Line[] {
  const { reasons } = input;
  const reason = typeof reasons === 'object' && reasons !== null && !Array.isArray(reasons) ? reasons[part] : undefined;
  return typeof reason === 'string' ? [named(words.terms.waiveReason(words.component[part]), reason)] : [];
}

function closeReason(reason: unknown, { case: say }: Words): string {
  const known = Object.entries(say.closeReasons).find(([name]) => name === reason);
  return known?.[1] ?? '';
}
