import { Hono } from 'hono';
import { ClaimPage } from '../../web/pages/claim.tsx';
import { BLANK, type Filled } from '../../web/parts/view.ts';
import { faultsText, refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { contactIn, reachedBy } from '../contact.ts';
import { announceOf } from '../execute/announce.ts';
import { claimOf } from '../execute/claims.ts';
import { execute } from '../execute/execute.ts';
import { readForm } from '../negotiation/form.ts';
import { Claim, commands as life } from '../negotiation/life.ts';
import { importedId } from '../store/imports.ts';
import { claimOnCase, type Lender, openCaseFile } from '../store/open.ts';
import { isBothSides } from '../store/seats.ts';
import { refusedForm } from './arrival.ts';
import { claimTried } from './attempts.ts';
import { instruments } from './give.ts';
import { type C, formOf, notFound, type Portal, page, person } from './portal.ts';

/**
 * Joining a case that a lender opened from its books, by the contract's number, the borrower's name and the end of their identity number. Whatever is wrong the answer is the
 * same, after the same work: it tells nobody which contracts there are, nor who has joined. Tries are counted before anything is looked at.
 */

export const claimRoutes = new Hono<Portal>();

const PATH = '/lenders/:lender/join';

async function lenderOf(c: C): Promise<Lender> {
  const lender = await c.var.directory.lenderBySlug((c.req.param('lender') ?? '').slice(0, 32));
  if (!lender) throw notFound();
  return lender;
}

function show(c: C, lender: Lender, form: Filled, status: 200 | 409 | 422 | 429 = 200) {
  const works = (c.var.visit?.memberships ?? []).some((one) => one.lender.id === lender.id);
  return page(c, ClaimPage({ view: c.var.view, lender, works, form }), status);
}

claimRoutes.get(PATH, async (c) => show(c, await lenderOf(c), BLANK));

claimRoutes.post(PATH, async (c) => {
  const { account } = person(c);
  const values = await formOf(c);
  const lender = await lenderOf(c);
  const { words } = c.var.view;
  // The end of an identity number does not come back: it is typed again, and stands in no page.
  const again = (errors: Filled['errors'], status: 409 | 422 | 429 = 422) =>
    show(c, lender, refusedForm(new Map([...values].filter(([name]) => name !== 'identity')), errors), status);
  const wrong = () => again({ '': words.claim.wrong });
  if ((c.var.visit?.memberships ?? []).some((one) => one.lender.id === lender.id))
    return again({ '': words.join.bothSides({ lender: lender.name }) }, 409);
  if (lender.pausedAt !== null) return again({ '': refusalText(words, { code: 'lender.paused' }) }, 409);
  const read = readForm(Claim, values);
  if (!read.ok) return again(faultsText(words, read.issues));
  const { reference, name, identity } = read.input;
  const now = instant();
  const id = importedId(lender, reference);
  const { keys, tooMany } = claimTried(c, account.id, id, now);
  const { counts } = await c.var.directory.countAttempts(keys, '', contactIn(account), now);
  if (tooMany(counts)) return again({ '': words.claim.tooMany }, 429);
  const claim = claimOf(c.var.env, { case: id, name, identity });
  const kept = await claimOnCase(c.var.env, lender, id);
  // Sent twice, it leads to the case twice: to who has joined, and nobody else.
  if (kept?.claim === claim && kept.borrower === account.id) return c.redirect(`/cases/${id}`, 303);
  if (kept?.claim !== claim || kept.borrower !== null) return wrong();
  const contact = contactIn(account);
  const taken = await c.var.directory.claimCase(id, account, lender, now).catch((thrown: unknown) => {
    if (isBothSides(thrown)) return null;
    throw thrown;
  });
  if (!taken) return wrong();
  const { admission, isNew } = taken;
  const outcome = await execute({
    admission,
    casefile: openCaseFile(c.var.env, admission),
    command: life.claim.name,
    input: { name },
    requestId: `claim:${id}:${account.id}`,
    reached: reachedBy(c.var.env, contact, account.confirmedAt ?? account.createdAt),
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    // Many write at this very moment: sent again, it goes on where it is.
    if (outcome.refusal.code === 'case.busy') return again({ '': refusalText(words, outcome.refusal) }, 409);
    if (isNew) await c.var.directory.dropSeat(account.id, id);
    return wrong();
  }
  c.executionCtx.waitUntil(announceOf(c.var.env, lender, outcome.case));
  return c.redirect(`/cases/${id}`, 303);
});
