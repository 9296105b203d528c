import type { Words } from '../../web/words/index.ts';
import type { DocumentSigner } from '../env.ts';
import type { Case } from '../negotiation/case.ts';
import type { RecordFile } from '../record/format.ts';
import { agreementSheet, type Source } from './agreement.ts';
import { told } from './narrative.ts';
import { Sheet } from './sheet.ts';
import { signDocument } from './sign.ts';

/** The documents of a case, finished: with the machine-readable record attached, and signed. */

export type Making = { kase: Case; record: RecordFile; source: Source; words: Words; signer: DocumentSigner };

export const agreementPdf = (making: Making): Promise<Uint8Array<ArrayBuffer>> =>
  finish(agreementSheet(making.kase, making.source, making.words), making, making.words.agreement.title);

export const recordPdf = (making: Making): Promise<Uint8Array<ArrayBuffer>> =>
  finish(recordSheet(making), making, making.words.case.thread);

/** The record as a person reads it: entry after entry, and how it is proved. */
function recordSheet({ kase, record, source, words }: Making): Sheet {
  const title = words.case.download['record.pdf'].replace(/[（(].*$/, '').trim();
  const sheet = Sheet.begin(source.font, { title: `${title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(title);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { soft: true, align: 'center', after: 12 });
  sheet.paragraph(
    `${words.case.lenderName} ${kase.lenderName}${words.comma}${words.case.borrowerName} ${kase.borrowerName ?? kase.invitedName ?? ''}${words.comma}${words.case.reference} ${kase.loan.reference}`,
  );
  sheet.paragraph(words.case.threadHint, { soft: true, size: 9, after: 10 });
  for (const entry of record.entries) {
    const { seq, who, when, what, lines, hash } = told(entry, kase, words);
    sheet.entry(`${seq}`, `${when}  ${who}  ${what}`, lines, hash);
  }
  sheet.heading(words.agreement.proof);
  const last = record.checkpoints.at(-1);
  sheet.qr(`${source.origin}/verify`, [
    words.agreement.head(source.head.seq, source.head.hash),
    ...(last ? [`${last.key} ${last.at}`] : []),
    ...words.verify.howText.slice(0, 2),
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  return sheet;
}

async function finish(sheet: Sheet, { record, source, words, signer }: Making, reason: string): Promise<Uint8Array<ArrayBuffer>> {
  sheet.attach('record.json', new TextEncoder().encode(JSON.stringify(record)), 'application/json', words.case.download['record.json']);
  const bytes = await sheet.finish(words.agreement.page, `${words.brand} ${source.number}`);
  return signDocument(bytes, signer, { reason: `${reason} ${source.number}`, at: source.at });
}
