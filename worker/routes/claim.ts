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
import { formerId, importedId } from '../store/imports.ts';
import { claimOnCase, type Lender, openCaseFile } from '../store/open.ts';
import { isBothSides } from '../store/seats.ts';
import { refusedForm } from './arrival.ts';
import { claimTried } from './attempts.ts';
import { instruments } from './give.ts';
import { type C, formOf, notFound, type Portal, page, person } from './portal.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

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

claimRoutes.get(PATH, async (c) => {
  const lender = await lenderOf(c);
  const form = (c.var.visit ? await returnedForm(c, pathOf(lender)) : null) ?? BLANK;
  return show(c, lender, form, statusOf(form));
});

const pathOf = ({ slug }: Pick<Lender, 'slug'>) => `/lenders/${slug}/join`;

claimRoutes.post(PATH, async (c) => {
  const { account } = person(c);
  const values = await formOf(c);
  const lender = await lenderOf(c);
  const { words } = c.var.view;
  // The end of an identity number does not come back: it is typed again, and stands in no page.
  const kept = new Map([...values].filter(([name]) => name !== 'identity'));
  const again = (said: Said) => refusedAt(c, pathOf(lender), kept, said, (form) => show(c, lender, form, 422));
  const stopped = (error: string, status: 409 | 429) => show(c, lender, refusedForm(kept, { '': error }), status);
  const wrong = () => again(({ claim }) => ({ '': claim.wrong }));
  if ((c.var.visit?.memberships ?? []).some((one) => one.lender.id === lender.id))
    return stopped(words.join.bothSides({ lender: lender.name }), 409);
  if (lender.pausedAt !== null) return stopped(refusalText(words, { code: 'lender.paused' }), 409);
  const read = readForm(Claim, values);
  if (!read.ok) return again((said) => faultsText(said, read.issues));
  const { reference, name, identity } = read.input;
  const now = instant();
  const id = importedId(lender, reference);
  const { keys, tooMany } = claimTried(c, account.id, id, now);
  const { counts } = await c.var.directory.countAttempts(keys, '', contactIn(account), now);
  if (tooMany(counts)) return stopped(words.claim.tooMany, 429);
  const ids = [...new Set([id, formerId(lender, reference)])];
  const each = await Promise.all(ids.map((of) => claimOnCase(c.var.env, lender, of)));
  const found = each.find((one, i) => one?.claim === claimOf(c.var.env, { case: ids[i] ?? id, name, identity }));
  // Sent twice, it leads to the case twice: to who has joined, and nobody else. Who was put out of it does not come back by what they know.
  if (!found || found.out.includes(account.id)) return wrong();
  if (found.borrower === account.id) return c.redirect(`/cases/${found.case}`, 303);
  if (found.borrower !== null) return wrong();
  const joined = found.case;
  const contact = contactIn(account);
  const taken = await c.var.directory.claimCase(joined, account, lender, now).catch((thrown: unknown) => {
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
    requestId: `claim:${joined}:${account.id}`,
    reached: reachedBy(c.var.env, contact, account.confirmedAt ?? account.createdAt),
    ...(await instruments(c)),
  });
  if (!outcome.ok) {
    // Many write at this very moment: sent again, it goes on where it is.
    if (outcome.refusal.code === 'case.busy') return stopped(refusalText(words, outcome.refusal), 409);
    if (isNew) await c.var.directory.dropSeat(account.id, joined);
    return wrong();
  }
  c.executionCtx.waitUntil(announceOf(c.var.env, lender, outcome.case));
  return c.redirect(`/cases/${joined}`, 303);
});
