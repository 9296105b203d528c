import { authorOf } from '../../web/telling/author.ts';
import { letterText } from '../../web/telling/completion.ts';
import { authorityText } from '../../web/telling/representation.ts';
import { issuedBy, otherVoice } from '../../web/telling/talk.ts';
import { dayText, type Words, zonedText, zoneHint } from '../../web/words/index.ts';
import type { DocumentSigner } from '../env.ts';
import type { Agreement } from '../negotiation/agreement.ts';
import { type Case, known, type Whole } from '../negotiation/case.ts';
import type { Language } from '../plan/languages.ts';
import type { Stamping } from '../record/cms-made.ts';
import type { RecordFile, SealedEntry } from '../record/format.ts';
import { agreementSheet, type Source, signedLines } from './agreement.ts';
import { evidenceList, type Purpose } from './evidence-list.ts';
import { letterForm } from './letter-form.ts';
import { narrated } from './narrative.ts';
import { daysOf, inkOf, recordFront } from './record-front.ts';
import { Sheet } from './sheet.ts';
import { parties, shownCase } from './shown.ts';
import { signDocument } from './sign.ts';

/** The documents of a case, finished: with the machine-readable record attached, and signed. */

/**
 * What documents are made from. `kase` is what the shown entries of `record` come to, so that nothing withheld can be printed; `stamp` gets the time stamps of its
 * signatures, null where none are had.
 */
export type Making = { kase: Case; record: RecordFile; source: Source; words: Words; signer: DocumentSigner; stamp: Stamping | null };

export function making(record: RecordFile, of: Pick<Making, 'source' | 'words' | 'signer'> & Partial<Pick<Making, 'stamp'>>): Making {
  return { stamp: null, ...of, record, kase: shownCase(record) };
}

export const agreementPdf = (making: Making, agreed: Agreement | null = making.kase.agreement): Promise<Uint8Array<ArrayBuffer>> =>
  finish(agreementSheet(making.kase, making.record, making.source, making.words, agreed), making, making.words.agreement.title);

export const recordPdf = (making: Making, sheet: Sheet = recordSheet(making)): Promise<Uint8Array<ArrayBuffer>> =>
  finish(sheet, making, making.words.case.thread);

/** The list of evidence of a bundle, in a language. `record` is the record as it lies beside it, to whose pages it leads. */
export function evidenceListPdf(making: Making, purpose: Purpose, language: Language, record: Sheet): Promise<Uint8Array<ArrayBuffer>> {
  const { sheet, words } = evidenceList(making, purpose, language, (seq) => record.pageOf(`${seq}`));
  return finish(sheet, { ...making, words }, words.ways.list.title);
}

/** The record as a person reads it: what was agreed and how it came to it, how it is proved, and then entry after entry. */
export function recordSheet({ kase, record, source, words }: Making): Sheet {
  const title = words.case.recordTitle;
  const { lender, borrower } = parties(kase, record, source);
  const sheet = Sheet.begin(source.fonts, { title: `${title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(title);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { ink: 'soft', align: 'center', after: 12 });
  sheet.paragraph(
    `${words.case.lenderName} ${lender}${words.comma}${words.case.borrowerName} ${borrower}${words.comma}${words.case.reference} ${kase.loan.reference || words.case.notShown}`,
  );
  sheet.paragraph(`${words.case.threadHint} ${zoneHint(words)}`, { ink: 'soft', size: 9, after: 10 });
  const days = daysOf(record.entries, words);
  recordFront(sheet, kase, days, words);
  sheet.heading(words.agreement.proof, 92);
  const last = record.checkpoints.at(-1);
  sheet.qr(`${source.origin}/verify`, [
    words.agreement.head(source.head),
    ...(last ? [`${last.key} ${last.at}`] : []),
    ...words.verify.howText.slice(0, 2),
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  sheet.anew();
  for (const { date, entries } of days) {
    sheet.day(date);
    for (const entry of entries) {
      const { seq, ...told } = narrated(entry, kase, words);
      sheet.entry({ number: `${seq}`, ...told, ink: inkOf(authorOf(entry)) });
    }
  }
  return sheet;
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
  const { from, to } = issuedBy(entry.author, parties, words, letter);
  const note = otherVoice(letter, entry.author, words);
  sheet.rule(inkOf(entry.author));
  sheet.space(8);
  if (note) sheet.paragraph(note, { size: 9, bold: true, after: 12 });
  letterForm(sheet, text, 112);
  sheet.space(18);
  sheet.rule();
  // By the entry, whatever the words above claim.
  sheet.qr(`${source.origin}/verify`, [
    `${words.letters.from}${words.colon}${from}`,
    `${words.letters.addressee}${words.colon}${to}`,
    zonedText(words, entry.at),
    words.agreement.head(entry),
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  return finish(sheet, making, title);
}

/** A letter of authority as a document: as it was signed, by whom, and where it stands in the record. */
export function authorityPdf(
  making: Making,
  { seq, at, hash, content }: Whole<'representative.appointed'> & Pick<SealedEntry, 'hash'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { source, words } = making;
  const { representation: say } = words;
  const sheet = Sheet.begin(source.fonts, { title: `${say.letter} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(say.letter);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { ink: 'soft', align: 'center', after: 14 });
  letterForm(
    sheet,
    [...authorityText(content, null, words), '', say.signedBy({ name: content.signed }), dayText(words, at)].join('\n'),
    112,
  );
  sheet.space(18);
  sheet.rule();
  sheet.qr(`${source.origin}/verify`, [
    say.signedHere({ name: content.signed, moment: zonedText(words, at) }),
    words.agreement.head({ seq, hash }),
    `${words.nav.verify} ${source.origin}/verify`,
  ]);
  return finish(sheet, making, say.letter);
}

/** The settlement letter as a document, as it was signed. @throws where none was issued, or it is not shown */
export function settlementPdf(making: Making): Promise<Uint8Array<ArrayBuffer>> {
  const { record, source, words } = making;
  const { settlement: say } = words;
  const sealed = record.entries.findLast(({ kind }) => kind === 'settlement.issued');
  const entry = sealed ? known(sealed) : null;
  if (entry?.kind !== 'settlement.issued' || entry.content === null) throw new Error('The case has no settlement letter.');
  const { content, author, at } = entry;
  const sheet = Sheet.begin(source.fonts, { title: `${say.title} ${source.number}`, language: words.language.code, at: source.at });
  sheet.title(say.title);
  sheet.paragraph(`${words.cases.number} ${source.number}`, { ink: 'soft', align: 'center', after: 14 });
  for (const paragraph of letterText(content, words)) sheet.paragraph(paragraph, { after: 8 });
  sheet.signatures(words.agreement.signTitle, [
    {
      title: `${words.agreement.party.lender}${words.colon}${content.lender}`,
      ink: 'lender',
      name: content.name,
      empty: '',
      lines: signedLines({ capacity: author?.capacity ?? '', at, seq: entry.seq, name: content.name }, making.kase, words),
    },
  ]);
  sheet.heading(words.agreement.proof, 92);
  sheet.qr(`${source.origin}/verify`, [words.agreement.head(entry), `${words.nav.verify} ${source.origin}/verify`]);
  return finish(sheet, making, say.title);
}

async function finish(sheet: Sheet, { record, source, words, signer, stamp }: Making, reason: string): Promise<Uint8Array<ArrayBuffer>> {
  sheet.attach('record.json', new TextEncoder().encode(JSON.stringify(record)), 'application/json', words.case.download['record.json']);
  const bytes = await sheet.finish((page, pages) => words.agreement.page({ page, pages }), `${words.brand} ${source.number}`);
  return signDocument(bytes, signer, { reason: `${reason} ${source.number}`, at: source.at }, stamp);
}
