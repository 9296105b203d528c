import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { LetterPage } from '../../web/pages/letters.tsx';
import { letterDraft, lettersNow } from '../../web/parts/letter.ts';
import { instant } from '../clock.ts';
import { letterPdf, making } from '../export/documents.ts';
import { recordFile } from '../export/record.ts';
import { known } from '../negotiation/case.ts';
import { LETTERS } from '../negotiation/talk.ts';
import { noted, prove } from '../proof.ts';
import { alone } from '../record/withhold.ts';
import { attachment } from './attachment.ts';
import { nameOf, whole } from './exports.ts';
import { fontsOf } from './font.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** Formal letters: drawn up, and each issued one as a document. */

export const letterRoutes = new Hono<Portal>();

letterRoutes.get('/cases/:case/letters/new', async (c) => showLetter(c, await openCase(c), c.req.query('letter')));

export function showLetter(c: C, { kase, situation, id, row }: OpenCase, wanted: string | undefined, status: 200 | 422 = 200) {
  const { side } = situation.seat;
  const now = lettersNow(side, kase);
  // A letter that was written while it still fitted comes back as it was.
  const written = c.var.view.refused ? LETTERS[side].find((one) => one === wanted && !now.includes(one)) : undefined;
  const letters = written ? [...now, written] : now;
  const letter = letters.find((one) => one === wanted) ?? letters[0] ?? LETTERS[side][0];
  const text = letterDraft(letter, kase, situation, c.var.view.words);
  return page(c, LetterPage({ view: c.var.view, id, number: row.number, kase, situation, letters, letter, text }), status);
}

letterRoutes.get('/cases/:case/letters/:seq{[1-9][0-9]{0,6}\\.pdf}', async (c) => {
  const { record, loaded, casefile, id, admission } = await whole(c);
  const sealed = record.entries[Number.parseInt(c.req.param('seq'), 10) - 1];
  const entry = sealed ? known(sealed) : null;
  if (!entry || entry.content === null || entry.kind !== 'talk.letter-issued') throw notFound();
  const { doubts } = await prove(record, casefile.published, loaded.doubts);
  if (doubts.length > 0) {
    noted(id, doubts);
    throw new HTTPException(409);
  }
  const { env, view } = c.var;
  const { number, seq, hash } = record.row;
  // To whom a letter is addressed belongs to it, though other entries say it.
  const { lenderName, borrowerName, invitedName } = loaded.kase;
  const parties = { lenderName, borrowerName, invitedName };
  const source = {
    number,
    lender: admission.lender.name,
    head: { seq, hash },
    origin: env.origin,
    fonts: await fontsOf(c, JSON.stringify([entry, parties, admission.lender.name])),
    at: instant(),
  };
  // A letter carries itself and what proves it: nothing of the other entries but their digests.
  const made = making(alone(recordFile(record, casefile.published), entry.seq), { source, words: view.words, signer: env.documents });
  const name = view.words.case.letterFile({ number, kind: view.words.letters.kind[entry.content.letter], seq: entry.seq });
  return attachment(c, await letterPdf(made, entry, parties), name, 'application/pdf', nameOf(number, `letter-${entry.seq}.pdf`));
});
