import { authorOf } from '../../web/telling/author.ts';
import { issuedBy, otherVoice } from '../../web/telling/talk.ts';
import { type Words, zonedText } from '../../web/words/index.ts';
import type { DocumentSigner } from '../env.ts';
import type { Case, Whole } from '../negotiation/case.ts';
import type { RecordFile, SealedEntry } from '../record/format.ts';
import { agreementSheet, type Source } from './agreement.ts';
import { narrated } from './narrative.ts';
import { type Ink, Sheet } from './sheet.ts';
import { parties, shownCase } from './shown.ts';
import { signDocument } from './sign.ts';

/** The documents of a case, finished: with the machine-readable record attached, and signed. */

/** What documents are made from. `kase` is what the shown entries of `record` come to, so that nothing withheld can be printed. */
export type Making = { kase: Case; record: RecordFile; source: Source; words: Words; signer: DocumentSigner };

export function making(record: RecordFile, of: Pick<Making, 'source' | 'words' | 'signer'>): Making {
  return { ...of, record, kase: shownCase(record) };
}

export const agreementPdf = (making: Making): Promise<Uint8Array<ArrayBuffer>> =>
  finish(agreementSheet(making.kase, making.record, making.source, making.words), making, making.words.agreement.title);

export const recordPdf = (making: Making): Promise<Uint8Array<ArrayBuffer>> =>
  finish(recordSheet(making), making, making.words.case.thread);

/** The record as a person reads it: entry after entry, and how it is proved. */
export function recordSheet({ kase, record, source, words }: Making): Sheet {
  const title = words.case.recordTitle;
  const { lender, borrower } = parties(kase, record, source);
  const sheet = Sheet.begin(source.fonts, { title: `${title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(title);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { ink: 'soft', align: 'center', after: 12 });
  sheet.paragraph(
    `${words.case.lenderName} ${lender}${words.comma}${words.case.borrowerName} ${borrower}${words.comma}${words.case.reference} ${kase.loan.reference || words.case.notShown}`,
  );
  sheet.paragraph(`${words.case.threadHint} ${words.case.zoneHint}`, { ink: 'soft', size: 9, after: 10 });
  for (const entry of record.entries) {
    const { seq, ...told } = narrated(entry, kase, words);
    sheet.entry({ number: `${seq}`, ...told, ink: inkOf(entry) });
  }
  sheet.heading(words.agreement.proof);
  const last = record.checkpoints.at(-1);
  sheet.qr(`${source.origin}/verify`, [
    words.agreement.head(source.head),
    ...(last ? [`${last.key} ${last.at}`] : []),
    ...words.verify.howText.slice(0, 2),
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  return sheet;
}

/** The colour of whose entry it is, as on the pages; of one whose author is not named any more, nobody's. */
function inkOf(entry: SealedEntry): Ink {
  const side = authorOf(entry)?.side;
  return side === 'borrower' || side === 'lender' ? side : 'soft';
}

/** An issued letter as a document: its words as they were issued, who issued it, and where it stands in the record. */
export function letterPdf(
  making: Making,
  entry: Whole<'talk.letter-issued'> & Pick<SealedEntry, 'hash'>,
  parties: Pick<Case, 'lenderName' | 'borrowerName' | 'invitedName'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { source, words } = making;
  const { letter, words: text } = entry.content;
  const title = words.letters.kind[letter];
  const sheet = Sheet.begin(source.fonts, { title: `${title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(title);
  const { from, to } = issuedBy(entry.author, parties, words);
  const note = otherVoice(letter, entry.author, words);
  sheet.paragraph(`${words.letters.from}${words.colon}${from}`, { ink: 'soft', size: 9, after: 2 });
  sheet.paragraph(`${words.letters.addressee}${words.colon}${to}`, { ink: 'soft', size: 9, after: note ? 2 : 12 });
  if (note) sheet.paragraph(note, { size: 9, after: 12 });
  sheet.paragraph(text, { after: 16 });
  sheet.rule();
  sheet.paragraph(`${from}${words.comma}${zonedText(words, entry.at)}`, { ink: 'soft', size: 9 });
  sheet.qr(`${source.origin}/verify`, [words.agreement.head(entry), `${words.nav.verify} ${source.origin}/verify`]);
  return finish(sheet, making, title);
}

async function finish(sheet: Sheet, { record, source, words, signer }: Making, reason: string): Promise<Uint8Array<ArrayBuffer>> {
  sheet.attach('record.json', new TextEncoder().encode(JSON.stringify(record)), 'application/json', words.case.download['record.json']);
  const bytes = await sheet.finish((page, pages) => words.agreement.page({ page, pages }), `${words.brand} ${source.number}`);
  return signDocument(bytes, signer, { reason: `${reason} ${source.number}`, at: source.at });
}
