import { Hono } from 'hono';
import { isTyped } from '../../web/parts/lost.tsx';
import { TEXT_OF } from '../../web/parts/template.tsx';
import { BLANK, FIGURES_OF, type Filled, LEFT_OF, PAPER, SEEN_AMOUNT, SEEN_DAY } from '../../web/parts/view.ts';
import { authorOf } from '../../web/telling/author.ts';
import { dateText, faultsText, money, readBackText, refusalField, refusalText } from '../../web/words/index.ts';
import type { Outcome } from '../execute/execute.ts';
import { approvable } from '../negotiation/approval.ts';
import { COMMANDS } from '../negotiation/case.ts';
import { barred, type Command, type Page } from '../negotiation/command.ts';
import { commands as evidence } from '../negotiation/evidence.ts';
import { readForm, type Typed, typed, unseenAmounts, zeroed } from '../negotiation/form.ts';
import { commands as payment } from '../negotiation/performance.ts';
import { debtToOffer } from '../negotiation/proposal.ts';
import { isRefused, type Refusal } from '../negotiation/refusal.ts';
import { may } from '../negotiation/seats.ts';
import { parseAmount } from '../plan/amount.ts';
import { isDate } from '../plan/calendar.ts';
import { putFile } from '../store/files.ts';
import { showAgreement } from './agreement.ts';
import { requestIn, showApproval } from './approval-page.ts';
import { showAssignment } from './assignment.ts';
import { showCase } from './case.ts';
import { showComplaints } from './complaints.ts';
import { showErrands } from './errands.ts';
import { showEvidence, showPaper } from './evidence.ts';
import { showDebt, showMeans } from './figures.ts';
import { give, requestIdOf } from './give.ts';
import { unkept } from './kept.ts';
import { isDraft, showLetter } from './letters.ts';
import { canSuggest, showMediation, showSuggesting, showSuggestion } from './mediation-page.ts';
import {
  type C,
  caseId,
  chosenLanguage,
  formData,
  formOf,
  notFound,
  type OpenCase,
  openShared,
  type Portal,
  pageBefore,
} from './portal.ts';
import { SECRETS, unproved } from './proof.ts';
import { showNew, showProposal } from './proposals.ts';
import { showRepresentatives } from './representatives-page.ts';
import { comeBack, doneWith, errorsAt, refusedBy, returnedAt, type Said, saidInAll } from './returned.ts';
import { listOf, rowOf } from './rows.ts';
import { sentWith } from './unsent.ts';
import { received, uploadText } from './uploads.ts';
import { showVacate } from './vacate.ts';
import { showWays } from './ways.ts';
import { markedAt, showMarked, softened } from './wording.ts';

/** Commands as forms: read by the command's own schema, executed, and answered with the new entry or the page again. */

export const commandRoutes = new Hono<Portal>();

/** The address of a form that was sent, asked for by itself: typed again, a tab restored. It leads to the case, for those who have a seat in it. */
for (const path of ['/cases/:case/do/:command', '/cases/:case/invitation']) {
  commandRoutes.get(path, async (c) => c.redirect(`/cases/${(await openShared(c)).id}`, 303));
}

/** A form of a command as it came back; the case, where there is none any more. */
commandRoutes.get('/cases/:case/typed/:command', async (c) => {
  const opened = await openShared(c);
  const command = COMMANDS.get(c.req.param('command'));
  const form = command ? await returnedAt(c, typedAt(opened, command)) : null;
  if (!command || !form) return c.redirect(`/cases/${opened.id}`, 303);
  return drawAgain(c, opened, command, { ...form, errors: form.errors ?? faultsOf(c, opened, command, form.values) });
});

/** What was last marked in the texts of a command and not sent; the case, where there is none any more. */
commandRoutes.get('/cases/:case/marked/:command', async (c) => {
  const opened = await openShared(c);
  const command = COMMANDS.get(c.req.param('command'));
  const form = command ? await returnedAt(c, markedAt(opened, command)) : null;
  const read = command && form ? readCommand(command, form.values) : null;
  if (!command || !form || !read?.ok) return c.redirect(`/cases/${opened.id}`, 303);
  return showMarked(c, opened, command, form.values, read.input);
});

commandRoutes.post('/cases/:case/do/:command', async (c) => {
  const command = COMMANDS.get(c.req.param('command'));
  if (command?.doors.includes('upload')) return addEvidence(c);
  // What is sent is read before anything is answered: who is still writing would hear nothing.
  const values = await formOf(c);
  if (!command?.doors.includes('form')) throw notFound();
  return giveCommand(c, command, values);
});

/**
 * Files come with their command: they are checked and cleaned first, and stored once the command is decided. Those that cannot be kept do
 * not hold up the others: the page then says which were, and why not the rest.
 */
async function addEvidence(c: C) {
  const id = caseId(c);
  const data = await formData(c).catch(async (thrown) => {
    // A case is not known to exist for whoever has no seat in it, whatever they send.
    await openShared(c);
    throw thrown;
  });
  const values = typed(data);
  const sent = await received(data);
  const shown = async (refusal: Refusal | null, kept: ReadonlySet<string>) => {
    const opened = await openShared(c);
    const { kase, admission } = opened;
    const others = sent.files.filter(({ sha256 }) => !kept.has(sha256));
    const rest = others.map(({ sha256, name }) => ({ code: kase.evidence[sha256] ? ('known' as const) : ('full' as const), name }));
    const files = sent.files.filter(({ sha256 }) => kept.has(sha256));
    const isOfFiles = refusal === null || UPLOAD_REFUSALS.has(refusal.code);
    const refused = [...sent.refused, ...(isOfFiles ? rest : [])];
    const said: Said = (words) =>
      isOfFiles ? { files: uploadText(words, admission.seat.side, { files, refused }) } : refusedBy(refusal)(words);
    return shownAgain(c, opened, evidence.add, values, said);
  };
  if (sent.files.length === 0) return shown(null, new Set());
  const input = new Map(values);
  for (const [i, { sha256 }] of sent.files.entries()) {
    input.set(`files.${i}.sha256`, [sha256]);
    input.set(`files.${i}.figures`, values.get('figures') ?? []);
  }
  const read = readForm(evidence.add.input, input);
  if (!read.ok) return shownAgain(c, await openShared(c), evidence.add, values, (words) => faultsText(words, read.issues));
  // Where the same form comes a second time, nothing is stored: what it brought was kept by the first.
  let kept: ReadonlySet<string> = new Set(sent.files.map(({ sha256 }) => sha256));
  const store = async (named: ReadonlySet<string>, lender: string) => {
    kept = named;
    const files = sent.files.filter(({ sha256 }) => named.has(sha256));
    await Promise.all(files.map((file) => putFile(c.var.env.files, { case: id, lender }, file)));
  };
  const outcome = await give(c, evidence.add.name, read.input, requestIdOf(values), false, { attached: { files: sent.files, store } });
  if (!outcome.ok) return shown(outcome.refusal, new Set());
  if (sent.refused.length > 0 || kept.size < sent.files.length) return shown(null, kept);
  return c.redirect(`/cases/${id}#e${outcome.entries.at(-1)?.seq ?? outcome.seq}`, 303);
}

/** Refusals of the command that are about its files: each file is told its own cause. */
const UPLOAD_REFUSALS = new Set(['evidence.already-there', 'evidence.too-many']);

/** Gives the command to the case of the path: 303 to the new entry or the row of its form, or the command's page with what is wrong. */
async function giveCommand(c: C, command: Command, values: Typed) {
  const read = readCommand(command, values);
  if (!read.ok) {
    const opened = await openShared(c);
    // Whoever may not give it is told so before anything about its fields.
    const mayNot = seatMayNot(command, opened);
    return shownAgain(c, opened, command, values, mayNot ?? ((words) => faultsText(words, read.issues)));
  }
  const unseen = unseenAmounts(command.input, values);
  if (Object.keys(unseen).length > 0) return shownAgain(c, await openShared(c), command, values, (words) => readBackText(words, unseen));
  const beyond = command.name === payment.report.name ? beyondLeft(values) : null;
  if (beyond !== null)
    return shownAgain(c, await openShared(c), command, values, ({ payment }) => ({ amount: payment.beyond({ left: money(beyond) }) }));
  const early = command.name === payment.report.name ? earlyDay(values) : null;
  if (early)
    return shownAgain(c, await openShared(c), command, values, (words) => ({
      on: words.payment.early({ asOf: dateText(words, early) }),
    }));
  const wrong = command.proof ? await unproved(c, values) : null;
  if (wrong?.field === 'factor') return shownAgain(c, await openShared(c), command, values, wrong.said);
  const moved = await movedOn(c, values);
  if (moved) return shownAgain(c, moved.opened, command, moved.values, ({ templates }) => ({ '': templates.moved }));
  const { shown, despair } = await softened(c, command, values, read.input);
  if (shown) return shown;
  const outcome = await give(c, command.name, read.input, requestIdOf(values), command.proof && wrong === null, sentWith(command, values));
  if (outcome.ok) doneWith(c);
  if (outcome.ok && despair) return c.redirect(`/cases/${caseId(c)}?care=1`, 303);
  if (outcome.ok) return c.redirect(listOf(command, values) ?? `/cases/${caseId(c)}${placeIn(rowOf(command, values), outcome)}`, 303);
  const opened = await openShared(c);
  const sendable = { beyond: isForApproval(command, outcome.refusal, opened) };
  return shownAgain(c, opened, command, values, refusedBy(outcome.refusal), sendable);
}

/** Whether a command that was refused can be sent for approval by who gave it. */
const isForApproval = ({ name }: Command, { code }: Refusal, { situation: { seat, at } }: OpenCase) =>
  code === 'authority.exceeded' && approvable(name) !== undefined && may(seat, 'ask', at);

/** Where its giver goes on: in the row in which its form stands, or where the thread shows what it came to. */
const placeIn = (row: string | null, outcome: Extract<Outcome, { ok: true }>) => (row === null ? `#${placeOf(outcome)}` : `/${row}`);

/** Where the page shows what a command came to: its entry in the thread or, where all of it was held in the own stream, there. */
function placeOf({ entries, own, seq }: Extract<Outcome, { ok: true }>): string {
  const held = entries.length === 0 ? own?.at(-1) : undefined;
  return held ? `o${held.seq}` : `e${entries.at(-1)?.seq ?? seq}`;
}

/** That the seat has not the power, as what is wrong with the form; null where it has. */
function seatMayNot(command: Command, { situation: { seat, at } }: OpenCase): Said | null {
  return may(seat, command.needs, at) ? null : (words) => ({ '': refusalText(words, { code: 'seat.may-not' }) });
}

/** The day of the agreed figures, where the form knows it and the payment was made before it, and the person has not been asked about that yet. */
function earlyDay(values: Typed): string | null {
  const [on = '', asOf = '', seen] = ['on', FIGURES_OF, SEEN_DAY].map((name) => values.get(name)?.[0]);
  return isDate(asOf) && on < asOf && on !== seen ? asOf : null;
}

/**
 * Where a form has a text that a template filled in, and somebody else has written in the case since, or another day has come: the case, and the form as of now, so that its writer is
 * asked once whether what it tells still holds.
 */
async function movedOn(c: C, values: Typed): Promise<{ opened: OpenCase; values: Typed } | null> {
  const [seq, day] = values.get(TEXT_OF)?.[0]?.split(' ') ?? [];
  if (day === undefined) return null;
  const opened = await openShared(c);
  const { entries, situation } = opened;
  const isNews = entries.some((one) => one.seq > Number(seq) && authorOf(one)?.account !== situation.seat.account);
  return isNews || day !== situation.today ? { opened, values: new Map([...values, [TEXT_OF, [stateOf(opened)]]]) } : null;
}

/** As of when a case fills in a template: as {@link TEXT_OF} has it. */
export const stateOf = ({ kase, situation }: OpenCase): string => `${kase.seq} ${situation.today}`;

/** What is left to pay, where the form knows it and the amount is more than that, and the person has not been asked about it yet: it may be a slip. */
function beyondLeft(values: Typed): number | null {
  const [typed = '', left = '', seen] = ['amount', LEFT_OF, SEEN_AMOUNT].map((name) => values.get(name)?.[0]);
  const amount = parseAmount(typed);
  return /^\d{1,15}$/.test(left) && amount !== null && amount > Number(left) && typed !== seen ? Number(left) : null;
}

/**
 * A form as it was typed, with what is wrong with it now; nothing is sent. For whoever changes the language of a refused form, and for
 * what was written when the session had ended.
 */
commandRoutes.post('/cases/:case/typed/:command', async (c) => {
  const command = COMMANDS.get(c.req.param('command'));
  if (!command?.page) throw notFound();
  const values = unkept(await formOf(c));
  const opened = await openShared(c, pageBefore(c));
  // Where nothing has been written, another language or size is no more than that: a letter's draft is drawn in the other.
  const isBlank =
    [...values].every(([name, all]) => !isTyped(name) || all.every((one) => one.trim() === '')) ||
    (command.page === 'letter' && isDraft(opened, values, c.var.view.words));
  if (isBlank && c.var.view.path.startsWith(`/cases/${opened.id}`) && chosenLanguage(c)) return c.redirect(c.var.view.path, 303);
  // What is wrong with it is said again in the other language, where it has been said.
  const errors = await errorsAt(c, typedAt(opened, command));
  return errors && Object.keys(errors).length > 0
    ? comeBack(c, typedAt(opened, command), { values, errors }, () => shownAgain(c, opened, command, values, null))
    : shownAgain(c, opened, command, values, null);
});

export const readCommand = (command: Command, values: Typed) =>
  readForm(command.input, command.name === 'debt.state' ? zeroed(values, 'debt') : values);

/** What is wrong with a form of a command as it stands, field by field: nothing is given. */
export function faultsOf(c: C, opened: OpenCase, command: Command, values: Typed): Record<string, string> {
  const { words } = c.var.view;
  const { kase } = opened;
  const situation = opened.neutral ?? opened.situation;
  // Files travel with a command only; they are chosen again.
  if (command.doors.includes('upload')) return {};
  const read = readCommand(command, values);
  const mayNot = seatMayNot(command, opened);
  if (mayNot) return mayNot(words);
  if (!read.ok) return faultsText(words, read.issues);
  // The password is typed again, too: that it is missing is no fault yet. What a route of its own brings, such as to whom an invitation goes, is
  // looked at when it is sent.
  // Nor is it known here who works for the lender.
  const whole = command.doors.includes('form') && !command.ofColleagues;
  const decision = barred(command, kase, situation) ?? (whole ? command.decide(kase, read.input, { ...situation, proven: true }) : []);
  return isRefused(decision) ? { [refusalField(decision.refused)]: refusalText(words, decision.refused) } : {};
}

const typedAt = ({ id }: Pick<OpenCase, 'id'>, command: Command) => `/cases/${id}/typed/${command.name}`;

/**
 * The form of a command as it was typed, with what is wrong with it (`said`; null: as it stands when it is shown), at an address of its own.
 */
export function shownAgain(
  c: C,
  opened: OpenCase,
  command: Command,
  values: Typed,
  said: Said | null,
  { beyond = false }: Pick<Filled, 'beyond'> = {},
) {
  const errors = said === null ? {} : saidInAll(c, said);
  return comeBack(c, typedAt(opened, command), { values, errors, beyond }, () => {
    const here = said === null ? faultsOf(c, opened, command, values) : said(c.var.view.words);
    return drawAgain(c, opened, command, { values, errors: here, beyond });
  });
}

/**
 * The page on which a command's form stands, with what was typed and what is wrong beside its field. Where the form does not stand there any
 * more, or has no place for something that was typed, the page shows that by itself: nothing typed is lost.
 */
async function drawAgain(
  c: C,
  opened: OpenCase,
  command: Command,
  { values, errors, beyond }: { values: Typed; errors: Filled['errors']; beyond: boolean },
) {
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  const shown = [...values].filter(([name]) => !SECRETS.has(name));
  const form: Filled = { values: new Map(shown), errors, again: true, beyond };
  const { view } = c.var;
  const again = { command: command.name, form, at: typedAt(opened, command) };
  c.set('view', { ...view, refused: again });
  const answer = await pageOf(c, opened, command.page, values, status);
  const html = await answer.clone().text();
  const whole = !html.includes(' id="errors"');
  const placed = whole ? new Set<string>() : new Set([...html.matchAll(/ name="([^"]*)"/g)].map(([, name]) => name));
  const names = [...form.values.keys()].filter((name) => isTyped(name) && !placed.has(name));
  if (!whole && names.length === 0) return answer;
  c.set('view', { ...view, refused: { ...again, lost: { whole, names } } });
  return pageOf(c, opened, command.page, values, status);
}

type Shown = (c: C, opened: OpenCase, values: Typed, status: 200 | 422) => Response | Promise<Response> | null;

/** The pages of a case on which forms stand. Null where the case is not, or no more, at the point at which there is such a page. */
const PAGES: Readonly<Record<Page, Shown>> = {
  case: (c, opened, _values, status) => showCase(c, opened, { status }),
  vacate: (c, opened, _values, status) => showVacate(c, opened, status),
  debt: (c, opened, _values, status) => showDebt(c, opened, status),
  means: (c, opened, values, status) => showPaper(c, opened, values.get(PAPER)?.[0], status) ?? showMeans(c, opened, {}, status),
  evidence: (c, opened, values, status) => showPaper(c, opened, values.get(PAPER)?.[0], status) ?? showEvidence(c, opened, status),
  letter: (c, opened, values, status) => showLetter(c, opened, values.get('letter')?.[0], status),
  'new proposal': (c, opened, _values, status) =>
    debtToOffer(opened.kase, opened.situation.today) ? showNew(c, opened, { form: c.var.view.refused?.form ?? BLANK }, status) : null,
  proposal(c, opened, values, status) {
    const version = Number(values.get('version')?.[0] ?? 0);
    return opened.kase.table === version && opened.kase.offers[version - 1] ? showProposal(c, opened, version, status) : null;
  },
  complaints: (c, opened, _values, status) => showComplaints(c, opened, status),
  ways: (c, opened, _values, status) => showWays(c, opened, status),
  approval(c, opened, values, status) {
    const no = Number(values.get('approval')?.[0] ?? 0);
    return requestIn(opened, no) ? showApproval(c, opened, no, status) : null;
  },
  assignment: (c, opened, _values, status) => (opened.situation.seat.side === 'lender' ? showAssignment(c, opened, status) : null),
  errands: (c, opened, _values, status) =>
    opened.situation.own && opened.situation.seat.side === 'lender' ? showErrands(c, opened, status) : null,
  representatives: (c, opened, values, status) => showRepresentatives(c, opened, { values }, status),
  mediation: (c, opened, _values, status) => showMediation(c, opened, status),
  suggestion(c, opened, values, status) {
    const no = Number(values.get('suggestion')?.[0] ?? 0);
    return opened.kase.suggestions[no - 1] ? showSuggestion(c, opened, no, status) : null;
  },
  'new suggestion': (c, opened, _values, status) =>
    canSuggest(opened) ? showSuggesting(c, opened, { form: c.var.view.refused?.form ?? BLANK }, status) : null,
  agreement: (c, opened, _values, status) => (opened.kase.agreement ? showAgreement(c, opened, status) : null),
};

/** Pages on which a mediator finds forms; whatever else they send comes back on that of the case. */
const BETWEEN: readonly (Page | null)[] = ['mediation', 'new suggestion'];

function pageOf(c: C, opened: OpenCase, asked: Page | null, values: Typed, status: 200 | 422): Response | Promise<Response> {
  const page = opened.neutral && !BETWEEN.includes(asked) ? 'case' : asked;
  return PAGES[page ?? 'case'](c, opened, values, status) ?? showCase(c, opened, { status });
}
