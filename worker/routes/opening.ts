import { Hono } from 'hono';
import * as z from 'zod';
import { LendersPage, STEPS, type Step, StepPage, type StepProps } from '../../web/pages/opening.tsx';
import { withRows } from '../../web/parts/lines.tsx';
import { type Group, LINES } from '../../web/parts/means.tsx';
import { filledFromTerms, type Ground, stagesOf, type Worked } from '../../web/parts/plan.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { faultsText, refusalField, refusalText } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { dayInChina, instant } from '../clock.ts';
import { execute } from '../execute.ts';
import { announce } from '../jobs/mail.ts';
import { EMPTY_CASE } from '../negotiation/case.ts';
import { isDecided } from '../negotiation/command.ts';
import { Figures, stateDebt } from '../negotiation/debt.ts';
import { Loan, commands as life } from '../negotiation/life.ts';
import { causeFault, figureKeys, MeansStatement } from '../negotiation/means.ts';
import { ProposalInput, tryProposal } from '../negotiation/proposal.ts';
import { isRefused, type Refusal } from '../negotiation/refusal.ts';
import { affordableStages } from '../plan/affordability.ts';
import { meansTotals } from '../plan/means.ts';
import { schedule } from '../plan/schedule.ts';
import { TEMPLATES, type Template, template } from '../plan/templates.ts';
import { Terms } from '../plan/terms.ts';
import type { FileRef } from '../record/format.ts';
import { admitBorrower } from '../store/directory.ts';
import { putFile } from '../store/files.ts';
import { openCasebook } from '../store/open.ts';
import { type Read, readForm, type Typed, typed } from './form.ts';
import { instruments, requestIdOf } from './give.ts';
import { type C, formData, formOf, notFound, type Portal, page, person } from './portal.ts';
import { received } from './uploads.ts';

/** Opening a case, step by step. What is typed is kept on the server after each step; nothing is sent before the last. */

export const openingRoutes = new Hono<Portal>();

const Open = life.openByBorrower.input;
export type OpenInput = z.output<typeof Open>;

const means = MeansStatement.shape;

/** What each step asks for, as a part of the command's input. */
const PARTS: Record<Exclude<Step, 'evidence' | 'check'>, z.ZodObject> = {
  loan: z.object({ loan: Loan }),
  debt: z.object({ debt: Figures }),
  cause: z.object({ means: z.object({ cause: means.cause }) }),
  income: z.object({ means: z.object({ incomes: means.incomes, changes: means.changes }) }),
  expenses: z.object({ means: z.object({ expenses: means.expenses, dependants: means.dependants, assets: means.assets }) }),
  debts: z.object({ means: z.object({ otherDebts: means.otherDebts }) }),
  proposal: z.object({ proposal: ProposalInput }),
};

const GROUP: Partial<Record<Step, Group>> = { income: 'incomes', expenses: 'expenses', debts: 'otherDebts' };

/** The names of fields that belong to a step: what it replaces when it is saved. */
const OWN: Record<Step, RegExp> = {
  loan: /^loan\./,
  debt: /^debt\./,
  cause: /^means\.cause\./,
  income: /^means\.(incomes|changes)\./,
  expenses: /^means\.(expenses\.|dependants$|assets$)/,
  debts: /^means\.otherDebts\./,
  evidence: /^evidence\./,
  proposal: /^proposal\./,
  check: /^$/,
};

type Draft = { case: string; values: Typed };

openingRoutes.get('/open', async (c) => {
  person(c);
  return page(c, LendersPage({ view: c.var.view, lenders: await c.var.directory.lenders() }));
});

async function opening(c: C) {
  const { account } = person(c);
  const lender = await c.var.directory.lenderBySlug(c.req.param('lender') ?? '');
  if (!lender) throw notFound();
  const admission = admitBorrower(account, lender);
  const casebook = openCasebook(c.var.env, admission);
  const { draft, policy } = await casebook.draft(account.id, 'open');
  const kept = draft ? (draft.content as { values: [string, string[]][] }).values : [];
  const known: Draft = { case: draft?.case ?? randomId(), values: new Map(kept) };
  return { account, lender, admission, casebook, policy, draft: known, today: dayInChina(instant()) };
}

type Opening = Awaited<ReturnType<typeof opening>>;

function stepOf(c: C): Step {
  const step = STEPS.find((one) => one === c.req.param('step'));
  if (!step) throw notFound();
  return step;
}

openingRoutes.get('/open/:lender/:step', async (c) => {
  const step = stepOf(c);
  const at = await opening(c);
  const kind = TEMPLATES.find((one) => one === c.req.query('template'));
  const ground = groundOf(at);
  const form = kind && step === 'proposal' && ground ? fromTemplate(kind, ground, at) : formOfStep(step, at);
  return show(c, at, step, { form });
});

openingRoutes.post('/open/:lender/discard', async (c) => {
  const at = await opening(c);
  await at.casebook.forgetDraft(at.account.id, 'open');
  return c.redirect('/cases', 303);
});

openingRoutes.post('/open/:lender/evidence', async (c) => {
  const at = await opening(c);
  const data = await formData(c);
  const values = typed(data);
  const action = values.get('action')?.[0] ?? 'continue';
  const own = { ...at, draft: { ...at.draft, values: new Map(at.draft.values) } };
  if (action.startsWith('remove:')) return removeFile(c, own, action.slice(7));
  const { files, errors } = await received(data, c.var.view.words);
  if (errors.length > 0) return show(c, at, 'evidence', { form: { values, errors: { files: errors.join(' ') } } }, 422);
  if (files.length === 0 && action !== 'continue') {
    return show(c, at, 'evidence', { form: { values, errors: { files: c.var.view.words.evidence.bad.none } } }, 422);
  }
  if (files.length > 0) {
    await Promise.all(files.map((file) => putFile(c.var.env.files, at.draft.case, file)));
    const stored = files.map(({ bytes: _, ...file }) => ({ ...file, case: at.draft.case, account: at.account.id, at: instant() }));
    await at.casebook.addFiles(stored);
    const known = filesOfDraft(at.draft.values);
    for (const { sha256 } of files) known.set(sha256, [...(values.get('figures') ?? [])]);
    setFiles(own.draft.values as Map<string, string[]>, known);
    await save(own);
  }
  return c.redirect(`/open/${at.lender.slug}/${action === 'continue' ? 'proposal' : 'evidence'}`, 303);
});

function filesOfDraft(values: Typed): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (let i = 0; values.has(`evidence.files.${i}.sha256`); i++) {
    files.set(values.get(`evidence.files.${i}.sha256`)?.[0] ?? '', [...(values.get(`evidence.files.${i}.figures`) ?? [])]);
  }
  return files;
}

function setFiles(values: Map<string, string[]>, files: Map<string, string[]>): void {
  for (const name of [...values.keys()]) if (OWN.evidence.test(name)) values.delete(name);
  for (const [i, [sha256, figures]] of [...files].entries()) {
    values.set(`evidence.files.${i}.sha256`, [sha256]);
    if (figures.length > 0) values.set(`evidence.files.${i}.figures`, figures);
  }
}

async function removeFile(c: C, at: Opening, sha256: string) {
  const files = filesOfDraft(at.draft.values);
  files.delete(sha256);
  setFiles(at.draft.values as Map<string, string[]>, files);
  await at.casebook.dropFile(at.draft.case, at.account.id, sha256);
  await save(at);
  return c.redirect(`/open/${at.lender.slug}/evidence`, 303);
}

openingRoutes.post('/open/:lender/check', send);

openingRoutes.post('/open/:lender/:step', async (c) => {
  const step = stepOf(c);
  const at = await opening(c);
  const sent = step === 'debt' ? zeroed(await formOf(c)) : await formOf(c);
  const action = sent.get('action')?.[0] ?? 'continue';
  const values = new Map([...at.draft.values].filter(([name]) => !OWN[step].test(name)));
  for (const [name, all] of sent) if (OWN[step].test(name)) values.set(name, all);
  const now = { ...at, draft: { ...at.draft, values } };
  // Kept first, whatever is wrong with it: nothing that was typed is lost.
  await save(now);
  if (action.startsWith('add-row:')) return show(c, now, step, { form: formOfStep(step, now), extra: 1 });
  if (action === 'add-stage') return show(c, now, step, { form: formOfStep(step, now), moreStages: 1 });
  if (action === 'work-out') return workOut(c, now);
  const faults = faultsOf(c, now, step);
  if (Object.keys(faults).length > 0) return show(c, now, step, { form: { values, errors: faults } }, 422);
  return c.redirect(`/open/${at.lender.slug}/${STEPS[STEPS.indexOf(step) + 1]}`, 303);
});

/** A part of the debt that was left blank is none. */
function zeroed(values: Typed): Typed {
  const all = new Map(values);
  for (const part of ['principal', 'interest', 'penalty', 'fees']) {
    const name = `debt.debt.${part}`;
    if ((all.get(name)?.[0] ?? '').trim() === '') all.set(name, ['0']);
  }
  return all;
}

const save = ({ casebook, account, draft }: Opening) =>
  casebook.saveDraft({
    account: account.id,
    about: 'open',
    case: draft.case,
    content: { values: [...draft.values] },
    updatedAt: instant(),
  });

/** What is wrong with a step as it stands, field by field. */
function faultsOf(c: C, at: Opening, step: Step): Record<string, string> {
  if (step === 'evidence' || step === 'check') return {};
  const { words } = c.var.view;
  const read: Read<unknown> = readForm(PARTS[step], at.draft.values);
  if (!read.ok) return faultsText(words, read.issues);
  const refusal = refusalOf(step, at);
  return refusal ? { [fieldOf(step, refusal)]: refusalText(words, refusal) } : {};
}

const fieldOf = (step: Step, refusal: Refusal) => {
  const field = refusalField(refusal);
  if (field === '') return '';
  return step === 'proposal' ? `proposal.${field}` : step === 'debt' ? `debt.${field}` : field;
};

/** Why the rules would refuse this step, so that it is said here and not at the end. */
function refusalOf(step: Step, at: Opening): Refusal | null {
  const context = contextOf(at);
  if (step === 'debt') {
    const read = readForm(Figures, under(at.draft.values, 'debt.'));
    const decision = read.ok ? stateDebt(EMPTY_CASE, { ...read.input, words: undefined }, context) : [];
    return isDecided(decision) ? null : decision.refused;
  }
  if (step === 'cause') {
    const read = readForm(means.cause, under(at.draft.values, 'means.cause.'));
    return read.ok ? (causeFault(read.input, at.today)?.refused ?? null) : null;
  }
  if (step === 'proposal') {
    const read = readForm(ProposalInput, under(at.draft.values, 'proposal.'));
    const ground = groundOf(at);
    if (!read.ok || !ground) return null;
    const tried = tryProposal(ground.debt, read.input, context);
    return isRefused(tried) ? tried.refused : null;
  }
  return null;
}

const contextOf = ({ admission: { seat }, policy, today }: Opening) => ({
  at: instant(),
  today,
  seat,
  policy,
  proven: false,
  files: new Map<string, FileRef>(),
});

/** The fields under a prefix, without it. */
function under(values: Typed, prefix: string): Typed {
  return new Map([...values].flatMap(([name, all]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), all] as const] : [])));
}

function formOfStep(step: Step, at: Opening): Filled {
  const values = new Map<string, readonly string[]>(at.draft.values);
  const offer = (name: string, value: string) => {
    if (!values.has(name)) values.set(name, [value]);
  };
  if (step === 'debt') offer('debt.debt.asOf', at.today);
  if (step === 'expenses') offer('means.dependants', '0');
  if (step === 'proposal' && !values.has('proposal.terms.firstDue')) {
    const ground = groundOf(at);
    if (ground) return fromTemplate('level', ground, at);
  }
  return { values, errors: {} };
}

/** The proposal's fields filled from a template; words that were typed stay. */
function fromTemplate(kind: Template, ground: Ground, at: Opening): Filled {
  const { policy, today } = at;
  const rate = readForm(Figures, under(at.draft.values, 'debt.'));
  const terms = template(kind, {
    debt: ground.debt,
    affordable: ground.affordable,
    minimum: policy.minimumInstalment,
    longestTerm: policy.longestTerm,
    rate: rate.ok ? (rate.input.rate ?? null) : null,
    today,
  });
  const filled = filledFromTerms(terms, 'proposal.', { expiresInDays: policy.offerDays });
  const words = at.draft.values.get('proposal.words');
  return { ...filled, values: new Map([...filled.values, ...(words ? [['proposal.words', words] as const] : [])]) };
}

/** What the plan is drawn up against, once debt and means are known. */
function groundOf({ draft, policy, today }: Pick<Opening, 'draft' | 'policy' | 'today'>): Ground | null {
  const debt = readForm(Figures, under(draft.values, 'debt.'));
  if (!debt.ok) return null;
  const statement = readForm(MeansStatement, under(draft.values, 'means.'));
  const said = statement.ok ? statement.input : null;
  return { debt: debt.input.debt, means: said, affordable: said ? affordableStages(said, today) : [], policy, side: 'borrower' };
}

function workOut(c: C, at: Opening) {
  const ground = groundOf(at);
  const read = readForm(z.object({ proposal: z.object({ terms: Terms }) }), at.draft.values);
  const form = formOfStep('proposal', at);
  if (!ground) return show(c, at, 'proposal', { form });
  if (!read.ok) {
    const errors = faultsText(c.var.view.words, read.issues);
    return show(c, at, 'proposal', { form: { ...form, errors } }, 422);
  }
  const { terms } = read.input.proposal;
  return show(c, at, 'proposal', { form, worked: { ...schedule(ground.debt, terms), terms } });
}

type Shown = { form: Filled; extra?: number; moreStages?: number; worked?: Worked };

async function show(c: C, at: Opening, step: Step, shown: Shown, status: 200 | 422 = 200) {
  const { view } = c.var;
  const values = at.draft.values;
  const group = GROUP[step];
  const form = group ? withRows(shown.form, `means.${group}`, LINES[group], shown.extra ?? 0) : shown.form;
  const files = step === 'evidence' || step === 'check' ? await filesOf(at) : [];
  const ground = groundOf(at);
  const missing = step === 'check' || (step === 'proposal' && !ground) ? missingOf(c, at, step) : [];
  const read = step === 'check' && missing.length === 0 ? inputOf(at) : null;
  const input = read?.ok ? read.input : null;
  const terms = input?.proposal.terms;
  const worked = input && terms ? { ...schedule(input.debt.debt, terms), terms } : (shown.worked ?? null);
  const props: StepProps = {
    view,
    lender: at.lender,
    step,
    form,
    totals: totalsOf(values),
    files,
    figures: figureKeys(linesOf(values)),
    ground,
    worked,
    stages: stagesOf(form, 'proposal.') + (shown.moreStages ?? 0),
    input,
    missing,
  };
  return page(c, StepPage(props), status);
}

async function filesOf({ casebook, draft, account }: Opening): Promise<FileRef[]> {
  const chosen = filesOfDraft(draft.values);
  return (await casebook.filesOf(draft.case)).filter((file) => file.account === account.id && chosen.has(file.sha256));
}

/** The lines that can be read so far: what the running totals are worked out from. */
function linesOf(values: Typed) {
  const part = z.object({ incomes: means.incomes, expenses: means.expenses, otherDebts: means.otherDebts });
  const read = readForm(part, under(values, 'means.'));
  return read.ok ? read.input : { incomes: [], expenses: [], otherDebts: [] };
}

function totalsOf(values: Typed) {
  const lines = linesOf(values);
  const any = lines.incomes.length + lines.expenses.length + lines.otherDebts.length > 0;
  return any ? meansTotals({ ...lines, reserve: means.reserve.parse(undefined) }) : null;
}

function missingOf(c: C, at: Opening, upTo: Step): StepProps['missing'] {
  return STEPS.slice(0, STEPS.indexOf(upTo)).flatMap((step) => {
    const [first] = Object.values(faultsOf(c, at, step));
    return first ? [{ step, text: first }] : [];
  });
}

function inputOf(at: Opening): Read<OpenInput> {
  return readForm(Open, new Map([...at.draft.values, ['lenderName', [at.lender.name]]]));
}

async function send(c: C) {
  const at = await opening(c);
  const requestId = requestIdOf(await formOf(c));
  const read = inputOf(at);
  if (!read.ok || missingOf(c, at, 'check').length > 0) return show(c, at, 'check', { form: { values: at.draft.values, errors: {} } }, 422);
  const { account, admission, casebook, draft, lender } = at;
  // The seat comes first: a seat in a case that does not exist opens nothing, while a case without its seat would be lost to the borrower.
  await c.var.directory.addSeat({ account: account.id, case: draft.case, lender: lender.id, capacity: 'borrower', since: instant() });
  const outcome = await execute({
    admission,
    casebook,
    caseId: draft.case,
    command: life.openByBorrower.name,
    input: read.input,
    requestId: `${account.id}:${requestId}`,
    ...(await instruments(c)),
    forgetDraft: { account: account.id, about: 'open' },
  });
  if (!outcome.ok) {
    // Sent twice: the case is there.
    if (outcome.refusal.code === 'case.exists') return c.redirect(`/cases/${draft.case}`, 303);
    const text = refusalText(c.var.view.words, outcome.refusal);
    return show(c, at, 'check', { form: { values: draft.values, errors: { '': text } } }, 422);
  }
  c.executionCtx.waitUntil(announce(c.var.env, lender, casebook));
  return c.redirect(`/cases/${draft.case}`, 303);
}
