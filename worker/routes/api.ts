import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as z from 'zod';
import { issueText, refusalText } from '../../web/words/index.ts';
import { approvable, MAX_APPROVAL_WORDS } from '../negotiation/approval.ts';
import { COMMANDS } from '../negotiation/case.ts';
import { answerBy } from '../negotiation/complaint.ts';
import { EXPORTS } from '../negotiation/custody.ts';
import { DISPUTABLE, disputeOf } from '../negotiation/dispute.ts';
import { readJson } from '../negotiation/form.ts';
import { standing } from '../negotiation/performance.ts';
import { inParts } from '../negotiation/proposal.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { may } from '../negotiation/seats.ts';
import { Text } from '../negotiation/text.ts';
import { takeAway } from './exports.ts';
import { checkedId, give, giveForApproval } from './give.ts';
import { JSON_BOUNDS, requestJson } from './json.ts';
import { openOwnStream } from './own.ts';
import { type C, caseId, openCase, openShared, type Portal, textOf } from './portal.ts';

/** The same commands as JSON: 201 with the entries, or a problem (RFC 9457) that names code, fields and bounds. */

export const apiRoutes = new Hono<Portal>();

/** An answer that says what is wrong. `rest` are further members, such as the refusal's data. */
export function problem(c: C, status: ContentfulStatusCode, code: string, rest: Record<string, unknown> = {}) {
  return c.body(JSON.stringify({ type: `urn:heyi:problem:${code}`, status, ...rest }), status, {
    'Content-Type': 'application/problem+json',
  });
}

apiRoutes.use('/api/*', async (c, next) => {
  if (c.var.visit) return next();
  const { account, factor } = c.var.view.words;
  return c.var.owing ? problem(c, 401, 'second-factor', { title: factor.title }) : problem(c, 401, 'sign-in', { title: account.signIn });
});

apiRoutes.get('/api/v1/cases/:case', async (c) => {
  const { row, kase, entries, more, doubts, situation } = await openCase(c);
  if (doubts.length > 0) return refusedAs(c, { code: 'case.unproven', doubts });
  return c.json({
    case: row.id,
    number: row.number,
    stage: row.stage,
    seq: row.seq,
    hash: row.hash,
    awaited: row.awaited,
    deadline: row.deadline,
    // As they are accepted: what was offered on a total alone, by its parts.
    offers: kase.offers.map((one) => (one.version === kase.table ? inParts(kase, one) : one)),
    payments: kase.payments,
    // Each figure that a complaint disputes, with the number of that complaint.
    disputed: Object.fromEntries(
      DISPUTABLE.flatMap((figure) => [disputeOf(kase, figure)].flatMap((by) => (by === null ? [] : [[figure, by]]))),
    ),
    complaints: kase.complaints.map((one) => ({ ...one, answerBy: answerBy(one) })),
    referrals: kase.referrals,
    mediations: kase.mediations,
    suggestions: kase.suggestions,
    standing: kase.agreement?.inForceAt ? standing(kase, situation.today) : null,
    entries: entries.map(({ holds: _, ...entry }) => entry),
    more,
  });
});

apiRoutes.post('/api/v1/cases/:case/commands/:command', async (c) => {
  const name = c.req.param('command');
  const command = COMMANDS.get(name);
  // What is sent is read before anything is answered: who is still writing would hear nothing.
  const body = requestJson(await textOf(c));
  if (!command?.doors.includes('api')) return problem(c, 404, 'not-found');
  if (!body.ok) {
    // A case is not known to exist for whoever has no seat in it, whatever they send.
    await openShared(c);
    if (body.fault === 'not-json') return problem(c, 400, 'input.not-json');
    return problem(c, 413, `input.${body.fault}`, { data: JSON_BOUNDS });
  }
  const read = readJson(command.input, body.value);
  const { words } = c.var.view;
  if (!read.ok) {
    // Whoever may not give it is told so before anything about its fields.
    const { seat, at } = (await openShared(c)).situation;
    if (!may(seat, command.needs, at)) return refusedAs(c, { code: 'seat.may-not' });
    const fields = read.issues.map((issue) => ({ path: issue.path, bound: issueText(words, issue) }));
    return problem(c, 422, 'input.invalid', { title: words.errors.title, fields });
  }
  const outcome = await give(c, name, read.input, checkedId(c.req.header('idempotency-key')));
  if (outcome.ok) return c.json(outcome, 201);
  return refusedAs(c, outcome.refusal);
});

/**
 * A command sent for approval: `{"input": …, "words"?: …}`, the input as the command itself takes it. 201 with the request's entry in the own side's stream.
 */
apiRoutes.post('/api/v1/cases/:case/for-approval/:command', async (c) => {
  const body = requestJson(await textOf(c));
  const command = approvable(c.req.param('command'));
  if (!command) return problem(c, 404, 'not-found');
  // A case is not known to exist for whoever has no seat in it, and the borrower's side finds nothing here.
  if ((await openCase(c)).situation.seat.side !== 'lender') return problem(c, 404, 'not-found');
  if (!body.ok) {
    if (body.fault === 'not-json') return problem(c, 400, 'input.not-json');
    return problem(c, 413, `input.${body.fault}`, { data: JSON_BOUNDS });
  }
  const read = readJson(z.object({ input: command.input, words: Text(MAX_APPROVAL_WORDS).optional() }), body.value);
  const { words } = c.var.view;
  if (!read.ok) {
    const fields = read.issues.map((issue) => ({ path: issue.path, bound: issueText(words, issue) }));
    return problem(c, 422, 'input.invalid', { title: words.errors.title, fields });
  }
  const { input, words: said = '' } = read.input;
  const outcome = await giveForApproval(c, command.name, input, said, checkedId(c.req.header('idempotency-key')));
  return outcome.ok ? c.json(outcome, 201) : refusedAs(c, outcome.refusal);
});

/** A page of what the own side keeps to itself in the case, newest last; `before` reads further back. */
apiRoutes.get('/api/v1/cases/:case/own', async (c) => {
  const { row, own, doubts } = await openOwnStream(c);
  const all = [...doubts, ...own.doubts];
  if (all.length > 0) return refusedAs(c, { code: 'case.unproven', doubts: all });
  const { side, more, head } = own;
  const entries = own.entries.map(({ holds: _, ...entry }) => entry);
  return c.json({ case: row.id, side, seq: head?.seq ?? 0, hash: head?.hash ?? null, entries, more });
});

/** A document made and recorded, for a lender's own system: its digest, and where it can be had for a day. */
apiRoutes.post('/api/v1/cases/:case/exports/:what', async (c) => {
  const what = EXPORTS.find((one) => one === c.req.param('what'));
  if (!what || what === 'partial.zip') return problem(c, 404, 'not-found');
  const made = await takeAway(c, what, []);
  if (!made.ok) return refusedAs(c, made.refusal);
  return c.json({ what, ...made.taken, href: `/cases/${caseId(c)}/exports/${what}/${made.made}` }, 201);
});

function refusedAs(c: C, refusal: Refusal) {
  const { code, field, ...data } = refusal;
  const status = code.startsWith('seat.') ? 403 : 409;
  return problem(c, status, code, { title: refusalText(c.var.view.words, refusal), ...(field ? { field } : {}), data });
}
