import { Hono } from 'hono';
import { faultsText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { reachedBy } from '../contact.ts';
import { authorityPdf } from '../export/documents.ts';
import { readForm } from '../negotiation/form.ts';
import { commands as representation } from '../negotiation/representation.ts';
import { may } from '../negotiation/seats.ts';
import { attachment } from './attachment.ts';
import { shownAgain } from './commands.ts';
import { assertProved, entryOfPath, makingAlone, nameOf, whole } from './exports.ts';
import { give, requestIdOf } from './give.ts';
import { addressee, sendInvitation } from './invite.ts';
import { type C, formOf, notFound, type OpenCase, openCase, type Portal } from './portal.ts';
import { unproved } from './proof.ts';
import { Drawn, showRepresentatives } from './representatives-page.ts';
import { comeBack, doneWith, isAgain, refusedBy, returnedAt, type Said } from './returned.ts';

/** Who acts for the borrower: the list, the letter of authority before it is signed and as a document, and appointing. */

export const representativeRoutes = new Hono<Portal>();

/** Asked for once more (`againAt`), the form has what a letter was last drawn from: for whoever goes back from it to change something. */
representativeRoutes.get('/cases/:case/representatives', async (c) => {
  const opened = await openCase(c);
  const drawn = isAgain(c) ? await drawnIn(c, opened) : null;
  return showRepresentatives(c, opened, { ...(drawn ? { values: drawn.values } : {}), draws: false });
});

const CHECK = '/cases/:case/representatives/check';
const checkAt = ({ id }: Pick<OpenCase, 'id'>) => `/cases/${id}/representatives/check`;

/** The form, or the letter of authority that it comes to where all of it is well, to be signed, at an address of its own. */
representativeRoutes.post(CHECK, async (c) => {
  const values = await formOf(c);
  const opened = await openCase(c);
  const { seat, at } = opened.situation;
  if (!may(seat, representation.appoint.needs, at)) throw notFound();
  const read = readForm(Drawn, values);
  const to = read.ok ? await addressee(c, opened.admission.lender, values) : null;
  if (!read.ok) return shownAgain(c, opened, representation.appoint, values, (words) => faultsText(words, read.issues));
  if (to && 'fault' in to) return shownAgain(c, opened, representation.appoint, values, (words) => ({ contact: to.fault(words) }));
  return comeBack(c, checkAt(opened), { values }, () => showRepresentatives(c, opened, { values }));
});

/** The letter that was last drawn up and not signed; asked for by itself, it leads to the form. */
representativeRoutes.get(CHECK, async (c) => {
  const opened = await openCase(c);
  const drawn = await drawnIn(c, opened);
  return drawn ? showRepresentatives(c, opened, drawn) : c.redirect(`/cases/${opened.id}/representatives`, 303);
});

/** From what a letter was last drawn up and not signed; null where none was. */
async function drawnIn(c: C, opened: OpenCase) {
  const { seat, at } = opened.situation;
  return may(seat, representation.appoint.needs, at) ? returnedAt(c, checkAt(opened)) : null;
}

/** Appoints somebody and sends them the link. The contact is the portal's to bring: the record holds its digest. */
representativeRoutes.post('/cases/:case/do/representative.appoint', async (c) => {
  const values = await formOf(c);
  const opened = await openCase(c);
  const { env } = c.var;
  const { seat, at } = opened.situation;
  const again = (said: Said) => shownAgain(c, opened, representation.appoint, values, said);
  if (!may(seat, representation.appoint.needs, at)) return again(refusedBy({ code: 'seat.may-not' }));
  const read = readForm(representation.appoint.input, values);
  if (!read.ok) return again((words) => faultsText(words, read.issues));
  const to = await addressee(c, opened.admission.lender, values);
  if ('fault' in to) return again((words) => ({ contact: to.fault(words) }));
  const wrong = await unproved(c, values);
  if (wrong) return again(wrong.said);
  const requestId = requestIdOf(values);
  const reached = reachedBy(env, to.contact, instant());
  // Sent again to another contact, it is another request.
  const outcome = await give(
    c,
    representation.appoint.name,
    read.input,
    `${requestId.slice(0, 80)}:${reached.contact.slice(0, 16)}`,
    true,
    { reached },
  );
  if (!outcome.ok) return again(refusedBy(outcome.refusal));
  doneWith(c);
  await sendInvitation(c, opened.admission, { contact: to.contact, capacity: 'representative', requestId, seenTo: null });
  return c.redirect(`/cases/${opened.id}/representatives`, 303);
});

/** The letter of authority as it was signed. */
representativeRoutes.get('/cases/:case/representatives/:seq{[1-9][0-9]{0,6}\\.pdf}', async (c) => {
  const found = await whole(c);
  const entry = entryOfPath(c, found);
  if (!entry || entry.content === null || entry.kind !== 'representative.appointed') throw notFound();
  await assertProved(found);
  const { record, casefile, admission } = found;
  const { number } = record.row;
  const made = await makingAlone(c, { record, casefile, lender: admission.lender }, entry);
  const name = made.words.representation.file({ number, seq: entry.seq });
  return attachment(c, await authorityPdf(made, entry), name, 'application/pdf', nameOf(number, `authority-${entry.seq}.pdf`));
});
