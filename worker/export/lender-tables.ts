import { rateText, type Words } from '../../web/words/index.ts';
import type { Case } from '../negotiation/case.ts';
import type { TableName } from '../negotiation/lender/custody.ts';
import { marksIn } from '../negotiation/marks.ts';
import { standing } from '../negotiation/performance.ts';
import { scheduleOf } from '../negotiation/proposal.ts';
import { type FigureName, figureNames, figureOf, type Value } from '../negotiation/report.ts';
import { firstInstalment } from '../plan/first-instalment.ts';
import { COMPONENTS } from '../plan/format.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { outstanding } from '../plan/terms.ts';
import type { Listed } from '../store/lists.ts';
import type { Cell } from './cells.ts';

/** What a lender's tables hold, column by column: its cases, what was agreed in them, and what was paid. */

/** A word by the key that a row has; null where it has none, or one of another release. */
const said = (all: Readonly<Record<string, string>>, key: string | null): string | null =>
  key !== null && Object.hasOwn(all, key) ? (all[key] ?? null) : null;

const day = (at: string | null): Cell => (at === null ? null : { day: dayOf(at, HOME.zone) });

export function titlesOf(table: TableName, words: Words): string[] {
  if (table === 'report') return reportTitles(words);
  const { tables: say, inbox, component, schedule, payment, cases, desk, assignment } = words;
  const first = [say.number, say.reference, inbox.borrower];
  if (table === 'cases')
    return [
      ...first,
      say.product,
      inbox.amount,
      desk.stage,
      say.marks,
      inbox.next,
      inbox.due,
      assignment.title,
      inbox.cause,
      say.opened,
      cases.updated,
    ];
  if (table === 'agreements')
    return [
      ...first,
      desk.stage,
      say.signed,
      say.owed,
      ...COMPONENTS.map((part) => schedule.waivedPart(component[part])),
      say.rate,
      say.instalments,
      say.highest,
      say.firstDue,
      say.lastDue,
      say.total,
      payment.left,
      payment.late,
    ];
  return [...first, say.entry, say.paidOn, say.paid, payment.method, say.bankReference, say.by, say.state];
}

/** All figures of a report, after what the group is called. */
const reportTitles = ({ reports: say, colon }: Words): string[] => [
  say.by,
  ...figureNames.map((name) => `${say.sections[figureOf(name).section].name}${colon}${say.figures[name].name}`),
];

/** A group of a report: shares in per cent. */
export const reportCells = ({ name, figures }: { name: string; figures: Record<FigureName, Value> }): Cell[] => [
  name,
  ...figureNames.map((one): Cell => {
    const [value, { measure }] = [figures[one], figureOf(one)];
    if (value === null) return null;
    if (measure === 'amount' || measure === 'beyond') return { fen: value };
    return { count: typeof measure === 'object' && 'share' in measure ? value / 10_000 : value };
  }),
];

/** A case as its row tells: of one that is not as the portal wrote it, its number alone. */
export function caseCells(one: Listed, names: ReadonlyMap<string, string>, words: Words): Cell[] {
  const { inbox } = words;
  if (!one.proven) return [one.number, words.unproven.title];
  return [
    one.number,
    one.reference,
    one.borrower,
    one.product,
    { fen: one.amount },
    words.stage[one.stage],
    marksIn(one)
      .map((mark) => inbox.marks[mark])
      .join(words.comma),
    said(inbox.needs, one.need),
    one.dueOn === null ? null : { day: one.dueOn },
    names.get(one.assignee ?? '') ?? null,
    said(words.cause, one.cause),
    day(one.openedAt),
    day(one.lastAt),
  ];
}

/** A case with all that is known of it; null where its row is not the portal's own. */
export type WholeRow = { id: string; number: string; reference: string; borrower: string | null; kase: Case | null };

/** What was agreed in a case; nothing where nothing was. */
export function agreementCells({ number, reference, borrower, kase }: WholeRow, today: string, words: Words): Cell[][] {
  if (!kase) return [[number, words.unproven.title]];
  const { agreement } = kase;
  if (!agreement) return [];
  const { debt, terms, inForceAt } = agreement;
  const { totals } = scheduleOf(agreement);
  const now = inForceAt === null ? null : standing(kase, today);
  return [
    [
      ...[number, reference, borrower, words.stage[kase.stage]],
      day(inForceAt),
      { fen: outstanding(debt) },
      ...COMPONENTS.map((part): Cell => ({ fen: terms.waive[part] ?? 0 })),
      rateText(words, terms.rate),
      { count: totals.instalments },
      { fen: totals.highest },
      { day: firstInstalment(terms) },
      { day: totals.lastDue },
      { fen: totals.paid },
      now ? { fen: now.left } : null,
      now ? { fen: now.late } : null,
    ],
  ];
}

/** What was paid in a case, one a row. */
export function paymentCells({ number, reference, borrower, kase }: WholeRow, words: Words): Cell[][] {
  if (!kase) return [[number, words.unproven.title]];
  const { payment, tables: say } = words;
  return kase.payments.map(({ seq, on, amount, method, reference: bank, receipt, side, state }) => [
    ...[number, reference, borrower],
    { count: seq },
    { day: on },
    { fen: amount },
    payment.methods[method],
    receipt ?? bank ?? null,
    words.of(side),
    say.states[state],
  ]);
}
