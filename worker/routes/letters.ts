import { Hono } from 'hono';
import { LetterPage } from '../../web/pages/letters.tsx';
import { letterDraft, lettersNow } from '../../web/parts/letter.ts';
import { petitionsNow } from '../../web/parts/petition.ts';
import { type Words, wordsAt, wordsOf } from '../../web/words/index.ts';
import { letterPdf } from '../export/documents.ts';
import type { Typed } from '../negotiation/form.ts';
import type { Side } from '../negotiation/seats.ts';
import { LETTERS, type Letter, PETITIONS } from '../negotiation/talk.ts';
import { LANGUAGES } from '../plan/languages.ts';
import { attachment } from './attachment.ts';
import { assertProved, entryOfPath, makingAlone, nameOf, whole } from './exports.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** Formal letters: drawn up, and each issued one as a document. */

export const letterRoutes = new Hono<Portal>();

letterRoutes.get('/cases/:case/letters/new', async (c) => showLetter(c, await openCase(c), c.req.query('letter')));

/** Whether what is in the form of a letter is no more than its draft, in whichever language it was drawn. */
export function isDraft({ kase, situation }: OpenCase, values: Typed, { place }: Words): boolean {
  const wanted = values.get('letter')?.[0];
  const text = values.get('words')?.[0]?.replaceAll('\r\n', '\n').trim();
  const letter = letterOf(situation.seat.side, wanted);
  return (
    letter !== undefined && LANGUAGES.some((one) => letterDraft(letter, kase, situation, wordsAt(wordsOf(one), place)).trim() === text)
  );
}

/** The letter of a side's that a form or an address names. */
const letterOf = (side: Side, named: string | undefined): Letter | undefined =>
  [...LETTERS[side], ...PETITIONS[side]].find((one) => one === named);

export function showLetter(c: C, { kase, situation, id, row }: OpenCase, wanted: string | undefined, status: 200 | 422 = 200) {
  const { side } = situation.seat;
  const now: Letter[] = [...lettersNow(side, kase), ...petitionsNow(side, kase, situation)];
  // A letter that was written while it still fitted comes back as it was.
  const written = c.var.view.refused ? letterOf(side, wanted) : undefined;
  const letters = written && !now.includes(written) ? [...now, written] : now;
  const letter = letters.find((one) => one === wanted) ?? letters[0] ?? LETTERS[side][0];
  const text = letterDraft(letter, kase, situation, c.var.view.words);
  return page(c, LetterPage({ view: c.var.view, id, number: row.number, kase, situation, letters, letter, text }), status);
}

letterRoutes.get('/cases/:case/letters/:seq{[1-9][0-9]{0,6}\\.pdf}', async (c) => {
  const found = await whole(c);
  const entry = entryOfPath(c, found);
  if (!entry || entry.content === null || entry.kind !== 'talk.letter-issued') throw notFound();
  await assertProved(found);
  const { record, loaded, casefile, admission } = found;
  const { number } = record.row;
  // To whom a letter is addressed belongs to it, though other entries say it.
  const { lenderName, borrowerName, invitedName } = loaded.kase;
  const parties = { lenderName, borrowerName, invitedName };
  const made = await makingAlone(c, { record, casefile, lender: admission.lender }, entry, parties);
  const { words } = made;
  const name = words.case.letterFile({ number, kind: words.letters.kind[entry.content.letter], seq: entry.seq });
  return attachment(c, await letterPdf(made, entry, parties), name, 'application/pdf', nameOf(number, `letter-${entry.seq}.pdf`));
});
