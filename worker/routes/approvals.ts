import { Hono } from 'hono';
import * as z from 'zod';
import { QueuePage } from '../../web/pages/approvals.tsx';
import { FOR_APPROVAL } from '../../web/parts/view.ts';
import { faultsText, readBackText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { approvable, MAX_APPROVAL_WORDS, movedOn, waitingApprovals } from '../negotiation/approval.ts';
import { readForm, unseenAmounts } from '../negotiation/form.ts';
import { Text } from '../negotiation/text.ts';
import { openDesk } from '../store/open.ts';
import { showApproval } from './approval-page.ts';
import { readCommand, shownAgain } from './commands.ts';
import { keyOf } from './desk.ts';
import { giveForApproval, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { type C, caseId, doors, formOf, notFound, openCase, type Portal, page } from './portal.ts';
import { refusedBy } from './returned.ts';

/** What goes beyond somebody's authority: it is sent to who may approve it, waits in a queue, and is looked at. The borrower's side finds none of these. */

export const approvalRoutes = new Hono<Portal>();

approvalRoutes.get('/desk/:lender/approvals', async (c) => {
  const admission = deskWith(c, 'witness');
  const at = instant();
  const key = keyOf(c.req.query('from'));
  const { waiting, more } = await openDesk(c.var.env, admission).queue(key && { since: key.lastAt, id: key.id });
  const last = waiting.at(-1);
  const next = more && last ? `?${new URLSearchParams({ from: `${last.since} ${last.id}` })}` : null;
  const shown = waiting.map(({ id, number, borrower, kase, own }) => ({
    ...{ id, number, borrower },
    requests: kase && own ? waitingApprovals(own).map((asked) => ({ asked, moved: movedOn(kase, asked, at) })) : null,
  }));
  return page(c, QueuePage({ view: c.var.view, lender: admission.lender, waiting: shown, at, next }));
});

approvalRoutes.get('/cases/:case/approvals/:no{[1-9][0-9]{0,8}}', async (c) =>
  showApproval(c, await openCase(c), Number(c.req.param('no'))),
);

/** Asked for by itself, as when a tab is restored, it leads to the case. */
approvalRoutes.get('/cases/:case/for-approval/:command', async (c) => c.redirect(`/cases/${(await openCase(c)).id}`, 303));

/** The form of a command, sent to who may approve it: 303 to the request, or the command's page with what is wrong. */
approvalRoutes.post('/cases/:case/for-approval/:command', async (c) => {
  const values = await formOf(c);
  const command = approvable(c.req.param('command'));
  if (!command || !isOfLender(c)) throw notFound();
  const read = readCommand(command, values);
  const said = readForm(z.object({ [FOR_APPROVAL]: Text(MAX_APPROVAL_WORDS).optional() }), values);
  if (!read.ok || !said.ok) {
    const issues = [...(read.ok ? [] : read.issues), ...(said.ok ? [] : said.issues)];
    return shownAgain(c, await openCase(c), command, values, (words) => faultsText(words, issues));
  }
  const unseen = unseenAmounts(command.input, values);
  if (Object.keys(unseen).length > 0) return shownAgain(c, await openCase(c), command, values, (words) => readBackText(words, unseen));
  const outcome = await giveForApproval(c, command.name, read.input, said.input[FOR_APPROVAL] ?? '', requestIdOf(values));
  if (outcome.ok) return c.redirect(`/cases/${caseId(c)}/approvals/${outcome.own?.at(-1)?.seq ?? ''}`, 303);
  return shownAgain(c, await openCase(c), command, values, refusedBy(outcome.refusal));
});

/** Whether one of the ways of who asks into the case is the lender's: no round trip is needed to tell. */
const isOfLender = (c: C) => doors(c).some(({ admission }) => admission.seat.side === 'lender');
