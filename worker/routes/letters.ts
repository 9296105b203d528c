import { Hono } from 'hono';
import { LetterPage } from '../../web/pages/letters.tsx';
import { letterDraft } from '../../web/parts/letter.ts';
import { instant } from '../clock.ts';
import { letterPdf, making } from '../export/documents.ts';
import { recordFile } from '../export/record.ts';
import { LETTERS } from '../negotiation/talk.ts';
import { alone } from '../record/withhold.ts';
import { attachment } from './attachment.ts';
import { fontsOf } from './font.ts';
import { type C, notFound, type OpenCase, openCase, type Portal, page } from './portal.ts';

/** Formal letters: drawn up, and each issued one as a document. */

export const letterRoutes = new Hono<Portal>();

letterRoutes.get('/cases/:case/letters/new', async (c) => showLetter(c, await openCase(c), c.req.query('letter')));

export function showLetter(c: C, { kase, situation, id, row }: OpenCase, wanted: string | undefined, status: 200 | 422 = 200) {
  const { side } = situation.seat;
  const letter = LETTERS[side].find((one) => one === wanted) ?? LETTERS[side][0];
  const text = letterDraft(letter, kase, situation, c.var.view.words);
  return page(c, LetterPage({ view: c.var.view, id, number: row.number, side, letter, text }), status);
}

letterRoutes.get('/cases/:case/letters/:seq{[1-9][0-9]{0,6}\\.pdf}', async (c) => {
  const { id, casebook, row, admission } = await openCase(c);
  const stored = await casebook.record(id);
  const entry = stored?.entries[Number.parseInt(c.req.param('seq'), 10) - 1];
  if (!stored || entry?.kind !== 'talk.letter-issued' || entry.content === null) throw notFound();
  const { env, view } = c.var;
  const head = { seq: stored.row.seq, hash: stored.row.hash };
  const source = {
    number: row.number,
    lender: admission.lender.name,
    head,
    origin: env.origin,
    fonts: await fontsOf(c, JSON.stringify([entry, admission.lender.name])),
    at: instant(),
  };
  // A letter carries itself and what proves it: nothing of the other entries but their digests.
  const made = making(alone(recordFile(stored, env.keys), entry.seq), { source, words: view.words, signer: env.documents });
  return attachment(c, await letterPdf(made, entry), `heyi-${row.number}-letter-${entry.seq}.pdf`, 'application/pdf');
});
