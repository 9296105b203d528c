import { authorName, authorOf } from '../../web/telling/author.ts';
import { wayName } from '../../web/telling/referral.ts';
import { tell } from '../../web/telling/tell.ts';
import { dateText, dayText, type Words, wordsAt, wordsOf } from '../../web/words/index.ts';
import type { Case } from '../negotiation/case.ts';
import { isErased } from '../negotiation/custody.ts';
import { inOrder } from '../negotiation/evidence-order.ts';
import type { Language } from '../plan/languages.ts';
import type { WayName } from '../plan/law/ways.ts';
import { dayOf } from '../plan/law/zone.ts';
import { filesIn, type RecordFile, type SealedEntry } from '../record/format.ts';
import type { Source } from './agreement.ts';
import { bundleName } from './bundle-name.ts';
import { Sheet } from './sheet.ts';
import { parties } from './shown.ts';

/** For whom a bundle is: a way of a jurisdiction. */
export type Purpose = { jurisdiction: string; way: WayName };

/** What of the making of a bundle the list is drawn from: what `record` shows, and no more. */
type Read = { kase: Case; record: RecordFile; source: Source; words: Words };

/**
 * The list of evidence (证据目录) of a bundle, in court order: group by group what is shown and what it proves, with the numbers of the entries and the pages of
 * record.pdf; the files; and what happened day by day. In a language of its own, so that a bundle has one in each.
 * @param pageOf the page of record.pdf on which an entry begins
 */
export function evidenceList(
  making: Read,
  purpose: Purpose,
  language: Language,
  pageOf: (seq: number) => number,
): { sheet: Sheet; words: Words } {
  const { kase, record, source } = making;
  const words = wordsAt(wordsOf(language), making.words.place);
  const { list: say } = words.ways;
  const sheet = Sheet.begin(source.fonts, { title: `${say.title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(say.title);
  const who = parties(kase, record, source);
  sheet.paragraph(`${say.for}${words.colon}${wayName(purpose, words)}`, { align: 'center', after: 10 });
  sheet.paragraph(say.parties({ ...who, reference: kase.loan.reference || words.case.notShown }));
  const date = dateText(words, dayOf(source.at, words.place.zone));
  sheet.paragraph(say.made({ number: source.number, date }), { ink: 'soft', size: 9, after: 10 });
  const shown = record.entries.filter(({ content }) => content !== null);
  let no = 0;
  for (const [i, { group, entries }] of inOrder(shown).entries()) {
    const { title, proves } = say.groups[group];
    sheet.heading(say.group({ no: i + 1, title }), 92);
    sheet.paragraph(`${say.proves}${words.colon}${proves}`, { after: 6 });
    const { columns } = say;
    sheet.table(
      [
        { name: columns.no, width: 6 },
        { name: columns.what, width: 44 },
        { name: columns.who, width: 16 },
        { name: columns.date, width: 16 },
        { name: columns.entry, width: 9, end: true },
        { name: columns.page, width: 9, end: true },
      ],
      entries.map((entry) => {
        no += 1;
        const { what, who: by, on } = brief(entry, making, words);
        return [`${no}`, what, by, on, `${entry.seq}`, `${pageOf(entry.seq)}`];
      }),
    );
  }
  files(sheet, making, shown, words);
  sheet.heading(say.chronology, 92);
  for (const entry of shown) {
    const { what, who: by, on } = brief(entry, making, words);
    sheet.paragraph(`${on}  ${by}${words.comma}${what}${words.aside(words.case.receipt(entry.seq))}`, { size: 9.5, after: 2 });
  }
  sheet.heading(say.proof, 92);
  sheet.qr(`${source.origin}/verify`, [words.agreement.head(source.head), say.proofText, `${words.nav.verify} ${source.origin}/verify`]);
  return { sheet, words };
}

function brief(entry: SealedEntry, { kase }: Read, words: Words): { what: string; who: string; on: string } {
  return { what: tell(entry, kase, words).what, who: authorName(authorOf(entry), words), on: dayText(words, entry.at) };
}

/** The files that lie in the bundle, each with the entry that brought it. */
function files(sheet: Sheet, { kase, record }: Read, shown: readonly SealedEntry[], words: Words): void {
  const { list: say } = words.ways;
  const there = record.files.filter(({ sha256 }) => !isErased(kase, sha256));
  if (there.length === 0) return;
  sheet.heading(say.files, 92);
  const { fileColumns: columns } = say;
  sheet.table(
    [
      { name: columns.no, width: 6 },
      { name: columns.name, width: 52 },
      { name: columns.entry, width: 9, end: true },
      { name: columns.digest, width: 33, end: true },
    ],
    there.map((file, i) => {
      const by = shown.find(({ content }) => filesIn(content).some(({ sha256 }) => sha256 === file.sha256));
      return [`${i + 1}`, bundleName(file), by ? `${by.seq}` : '', file.sha256.slice(0, 16)];
    }),
  );
}
