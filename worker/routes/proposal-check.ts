import { Hono } from 'hono';
import { ProposalCheckPage } from '../../web/pages/proposal-check.tsx';
import { isBeyond } from '../../web/parts/approval.tsx';
import { filledFromTerms } from '../../web/parts/terms-form.tsx';
import { counterable, nearestInside } from '../negotiation/automatic.ts';
import { isDecided, offered } from '../negotiation/command.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import { makeProposal, onTable, commands as proposal, toMakeAgain } from '../negotiation/proposal.ts';
import { faultsOf, shownAgain } from './commands.ts';
import { unkept } from './kept.ts';
import { type C, formOf, type OpenCase, openCase, type Portal, page } from './portal.ts';
import { firstForm, groundOf, reasonsOf, showNew } from './proposals.ts';
import { comeBack, returnedAt } from './returned.ts';

/** An offer is looked over before it is sent: exactly what will be sent, or the form again with what is wrong with it. Nothing is sent here. */

export const proposalCheckRoutes = new Hono<Portal>();

const PATH = '/cases/:case/proposals/check';

proposalCheckRoutes.post(PATH, async (c) => {
  const values = unkept(await formOf(c));
  return check(c, await openCase(c), values);
});

/** The offer whose figures no longer count, on those that do: the same terms and words, to be sent as they are or changed. */
proposalCheckRoutes.get('/cases/:case/proposals/again', async (c) => {
  const opened = await openCase(c);
  const { kase, situation, id } = opened;
  const offer = toMakeAgain(kase, situation);
  if (!offer) return c.redirect(`/cases/${id}/proposals/new`, 303);
  const said = { answers: offer.version, words: offer.words, ...reasonsOf(offer.reasons) };
  return check(c, opened, filledFromTerms(offer.terms, '', said).values);
});

/** Whoever answers a borrower's offer for the lender looks over the nearest plan that is inside policy and their authority; where there is none, they are told so. */
proposalCheckRoutes.get('/cases/:case/proposals/nearest', async (c) => {
  const opened = await openCase(c);
  const { kase, situation, id } = opened;
  const offer = counterable(kase, situation.at);
  if (!offer || situation.seat.side !== 'lender' || !offered(kase, proposal.make, situation))
    return c.redirect(`/cases/${id}/proposals/new`, 303);
  const terms = nearestInside(kase, situation);
  if (terms)
    return check(
      c,
      opened,
      filledFromTerms(terms, '', { answers: offer.version, expiresInDays: opened.policy.offerDays, words: c.var.view.words.agent.near })
        .values,
    );
  const errors = { '': c.var.view.words.agent.noneNear };
  return showNew(c, opened, { form: { ...firstForm(opened, undefined), errors } });
});

/** What was last looked over and not sent; asked for by itself, it leads to the form. */
proposalCheckRoutes.get(PATH, async (c) => {
  const opened = await openCase(c);
  const typed = await returnedAt(c, checkAt(opened));
  return typed ? check(c, opened, typed.values) : c.redirect(`/cases/${opened.id}/proposals/new`, 303);
});

const checkAt = ({ id }: Pick<OpenCase, 'id'>) => `/cases/${id}/proposals/check`;

function check(c: C, opened: OpenCase, values: Typed) {
  const { kase, situation, id, row } = opened;
  const found = faultsOf(c, opened, proposal.make, values);
  const read = readForm(proposal.make.input, values);
  const decided = read.ok ? makeProposal(kase, read.input, situation) : null;
  // What goes beyond the authority of who offers is looked over, too: it can be sent for approval.
  const beyond = read.ok && isBeyond(proposal.make.name, kase, read.input, situation);
  const errors = beyond ? {} : found;
  const made = decided && isDecided(decided) ? decided.find(({ kind }) => kind === 'proposal.made') : undefined;
  if (Object.keys(errors).length > 0 || made?.kind !== 'proposal.made') return shownAgain(c, opened, proposal.make, values, null);
  const { view } = c.var;
  const answers = onTable(kase, situation.at);
  return comeBack(c, checkAt(opened), { values }, () =>
    page(
      c,
      ProposalCheckPage({
        view,
        id,
        number: row.number,
        kase,
        made: made.content,
        answers,
        ground: groundOf(opened),
        side: situation.seat.side,
        policy: opened.policy,
        values,
        beyond,
      }),
    ),
  );
}
