import { clauses } from '../../web/parts/clauses.ts';
import { rowName } from '../../web/parts/schedule.tsx';
import { dateText, momentText, money, type Words } from '../../web/words/index.ts';
import { agreedSchedule } from '../negotiation/agreement.ts';
import type { Case } from '../negotiation/case.ts';
import { Sheet } from './sheet.ts';

/** What every document of a case says of where it comes from. */
export type Source = { number: string; head: { seq: number; hash: string }; origin: string; font: Uint8Array; at: string };

/** The agreement as a document: parties, what led to it, clauses, schedule, signatures, and the record's head. @throws where nothing is agreed */
export function agreementSheet(kase: Case, source: Source, words: Words): Sheet {
  const { agreement: say, schedule } = words;
  const agreed = kase.agreement;
  if (!agreed) throw new Error('The case has no agreement.');
  const sheet = Sheet.begin(source.font, { title: `${say.title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(say.title);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { soft: true, align: 'center', after: 14 });
  sheet.paragraph(say.between(kase.lenderName, kase.borrowerName ?? '', kase.loan.reference), { after: 4 });
  if (kase.identified) sheet.paragraph(say.identified({ ...kase.identified, at: momentText(words, kase.identified.at) }), { after: 4 });
  sheet.heading(say.recitals);
  sheet.paragraph(
    say.recital(dateText(words, kase.openedAt.slice(0, 10)), kase.offers.length, agreed.version, momentText(words, agreed.at)),
  );
  if (kase.means) {
    const { cause } = kase.means.statement;
    sheet.paragraph(say.recitalCause(words.cause[cause.kind], dateText(words, cause.since)));
  }
  sheet.heading(say.clauses);
  sheet.clauses(clauses(agreed.debt, agreed.terms, words));
  sheet.heading(say.signTitle);
  sheet.blocks(
    (['lender', 'borrower'] as const).map((side) => {
      const signature = agreed.signatures[side];
      const name = side === 'lender' ? kase.lenderName : words.of('borrower');
      return {
        title: name,
        lines: signature
          ? [
              signature.name,
              words.capacity[signature.capacity as keyof Words['capacity']],
              momentText(words, signature.at),
              words.case.receipt(signature.seq),
            ]
          : [say.unsigned],
      };
    }),
  );
  sheet.paragraph(agreed.inForceAt ? say.inForce(momentText(words, agreed.inForceAt)) : say.notInForce, {
    soft: agreed.inForceAt === null,
  });
  sheet.heading(say.annex);
  const { rows, totals } = agreedSchedule(kase);
  sheet.table(
    [
      { name: schedule.no, width: 6 },
      { name: schedule.due, width: 14 },
      { name: schedule.payment, width: 13, end: true },
      { name: schedule.fees, width: 10, end: true },
      { name: schedule.penalty, width: 10, end: true },
      { name: schedule.interest, width: 11, end: true },
      { name: schedule.principal, width: 13, end: true },
      { name: schedule.balance, width: 14, end: true },
    ],
    [
      ...rows.map((row) => [
        rowName(row, words),
        dateText(words, row.due),
        money(row.payment),
        money(row.fees),
        money(row.penalty),
        money(row.interest),
        money(row.principal),
        money(row.balance),
      ]),
      [words.total, '', money(totals.paid), '', '', '', '', ''],
    ],
  );
  sheet.heading(say.proof);
  sheet.qr(`${source.origin}/verify`, [
    say.head(source.head.seq, source.head.hash),
    `${say.digest} ${agreed.digest}`,
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  return sheet;
}
