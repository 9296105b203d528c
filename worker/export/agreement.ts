import { authorOf, capacityName } from '../../web/telling/author.ts';
import { clauses } from '../../web/telling/clauses.ts';
import { mediatedText } from '../../web/telling/mediation.ts';
import { fromTo } from '../../web/telling/moves.ts';
import { hintsOf } from '../../web/telling/schedule.ts';
import { closedUp, dateText, dayText, type Words, zonedText } from '../../web/words/index.ts';
import { type Agreement, type Signature, scheduleOfAgreed } from '../negotiation/agreement.ts';
import type { Case } from '../negotiation/case.ts';
import { conditionsDigest } from '../negotiation/conditions.ts';
import type { Author, RecordFile } from '../record/format.ts';
import type { Fonts } from './font/faces.ts';
import { planTable } from './plan-table.ts';
import { type Block, Sheet } from './sheet.ts';
import { parties } from './shown.ts';

/** What every document of a case says of where it comes from. `lender` is the lender's name at the portal. */
export type Source = { number: string; lender: string; head: { seq: number; hash: string }; origin: string; fonts: Fonts; at: string };

/**
 * The agreement as a document: parties, what led to it, clauses, schedule, signatures, and the record's head. `kase` is what the shown entries of
 * `record` come to; what they do not show is said not to be shown. `agreed` is the one that holds, or one whose place it took. @throws where nothing is agreed
 */
export function agreementSheet(
  kase: Case,
  record: Pick<RecordFile, 'header' | 'entries'>,
  source: Source,
  words: Words,
  agreed: Agreement | null = kase.agreement,
): Sheet {
  const { agreement: say } = words;
  if (!agreed) throw new Error('The case has no agreement.');
  const before = kase.superseded.find(({ by }) => by === agreed.version);
  const after = kase.superseded.find(({ version }) => version === agreed.version);
  const { lender, borrower } = parties(kase, record, source);
  const isHidden = (kind: string, side: Author['side']) =>
    record.entries.some((entry) => entry.kind === kind && entry.content === null && authorOf(entry)?.side === side);
  const sheet = Sheet.begin(source.fonts, { title: `${say.title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(say.title);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { ink: 'soft', align: 'center', after: 14 });
  sheet.paragraph(say.between({ lender, borrower, reference: kase.loan.reference || words.case.notShown }), { after: 4 });
  if (after) {
    const superseded = { by: after.by, date: zonedText(words, after.supersededAt) };
    sheet.paragraph(closedUp(say.wasSuperseded(superseded)), { bold: true, after: 4 });
  }
  if (before) {
    const varied = { version: before.version, date: zonedText(words, before.inForceAt ?? before.at) };
    sheet.paragraph(closedUp(say.varies(varied)), { after: 4 });
  }
  if (kase.identified)
    sheet.paragraph(closedUp(say.identified({ ...kase.identified, at: zonedText(words, kase.identified.at) })), { after: 4 });
  sheet.heading(say.recitals);
  sheet.paragraph(
    say.recital({
      opened: dayText(words, record.header.openedAt),
      versions: record.entries.filter(({ kind, seq }) => kind === 'proposal.made' && seq < agreed.seq).length,
      version: agreed.version,
      accepted: zonedText(words, agreed.at),
    }),
  );
  const mediated = mediatedText(kase, agreed, words);
  if (mediated) sheet.paragraph(closedUp(mediated));
  if (kase.means) {
    const { kind, since, until } = kase.means.statement.cause;
    const ends = until ? { until: dateText(words, until) } : {};
    sheet.paragraph(say.recitalCause({ cause: words.cause[kind], since: dateText(words, since), ...ends }));
  }
  sheet.heading(say.clauses);
  sheet.clauses(clauses(agreed.debt, agreed.terms, words, agreed.conditions));
  sheet.signatures(
    say.signTitle,
    (['lender', 'borrower'] as const).map((side): Block => {
      const signature = agreed.signatures[side];
      const party = side === 'lender' ? lender : borrower;
      // Whoever signs as the party itself is named once: where the name is signed.
      const title = signature?.name === party ? say.party[side] : `${say.party[side]}${words.colon}${party}`;
      const empty = isHidden('agreement.signed', side) ? words.case.notShown : say.unsigned;
      return { title, ink: side, name: signature?.name ?? null, empty, lines: signature ? signedLines(signature, kase, words) : [] };
    }),
  );
  const standing = isHidden('agreement.in-force', 'portal') ? words.case.withheld : say.notInForce;
  sheet.paragraph(
    agreed.inForceAt ? closedUp(say.inForce(zonedText(words, agreed.inForceAt))) : standing,
    agreed.inForceAt ? { bold: true } : { ink: 'soft' },
  );
  sheet.heading(say.proof, 92);
  sheet.qr(`${source.origin}/verify`, [
    say.head(source.head),
    `${say.digest} ${agreed.digest}`,
    ...(agreed.conditions ? [`${say.conditionsDigest} ${conditionsDigest(agreed.conditions)}`] : []),
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  planTable(sheet, say.annex, scheduleOfAgreed(agreed), words, agreed.conditions ? hintsOf(agreed.conditions) : null);
  movedDays(sheet, kase, agreed, words);
  return sheet;
}

/** The instalments that were moved since, each with both its days. */
function movedDays(sheet: Sheet, { moves }: Pick<Case, 'moves'>, { version }: Agreement, words: Words): void {
  const moved = moves.filter((one) => one.state === 'granted' && one.version === version);
  if (moved.length === 0) return;
  sheet.heading(words.move.list);
  for (const one of moved) sheet.paragraph(`${fromTo(one, words)}${words.comma}${words.case.receipt(one.seq)}`, { after: 3 });
}

/** What is said of who signed: in which capacity, when, how it is known who it was, and where it stands in the record. */
export function signedLines({ capacity, at, seq, authority }: Signature, { identified, borrowerName }: Case, words: Words): string[] {
  const { signer: say } = words.agreement;
  return [
    `${say.capacity}${words.colon}${capacityName(capacity, words)}`,
    ...(authority === undefined ? [] : [words.representation.signedFor({ name: borrowerName ?? '', seq: authority })]),
    `${say.date}${words.colon}${zonedText(words, at)}`,
    `${say.identity}${words.colon}${capacity === 'borrower' && identified ? say.byCode(identified) : say.byAccount}`,
    `${say.entry}${words.colon}${words.case.receipt(seq)}`,
  ];
}
