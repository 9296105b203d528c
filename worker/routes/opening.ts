import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import * as z from 'zod';
import { DiscardPage, type DraftFile, LendersPage, STEPS, type Step, StepPage, type StepProps } from '../../web/pages/opening.tsx';
import type { Begun } from '../../web/parts/begun.tsx';
import { withRows } from '../../web/parts/lines.tsx';
import { type Group, LINES } from '../../web/parts/means.tsx';
import { filledFromTerms, type Ground, stagesOf, stagesWithOneMore, type Worked } from '../../web/parts/plan.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { faultsText, refusalField, refusalText } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { contactIn, contactText, reachedBy } from '../contact.ts';
import { announce } from '../execute/announce.ts';
import { execute } from '../execute/execute.ts';
import { EMPTY_CASE } from '../negotiation/case.ts';
import { isDecided } from '../negotiation/command.ts';
import { Figures, stateDebt } from '../negotiation/debt.ts';
import { FILES_AT_ONCE } from '../negotiation/evidence.ts';
import { type Read, readForm, type Typed, typed, zeroed } from '../negotiation/form.ts';
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
import { admitOwn } from '../store/directory.ts';
import { putFile } from '../store/files.ts';
import { type Lender, openCaseFile, openOwn } from '../store/open.ts';
import { isBothSides } from '../store/seats.ts';
import {
  addressOf,
  begunOf,
  discard,
  dropFile,
  fits,
  MAX_DRAFT,
  MAX_DRAFT_FILES,
  MAX_DRAFTS,
  newestFirst,
  type Opening,
  onBothSides,
  opening,
  referenceOf,
  save,
  TOKEN,
} from './drafts.ts';
import { instruments, requestIdOf } from './give.ts';
import { unkept } from './kept.ts';
import { type C, formData, formOf, notFound, type Portal, page, person } from './portal.ts';
import { received, type Sent, uploadText } from './uploads.ts';

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

openingRoutes.get('/open', async (c) => {
  const { account, memberships } = person(c);
  const { lenders: all, begun } = await c.var.directory.lendersFor(account.id);
  const lenders = all.filter(({ id }) => !memberships.some(({ lender }) => lender.id === id));
  const drafts = await draftsOf(c, begun);
  return page(c, LendersPage({ view: c.var.view, lenders, drafts }));
});

/** What a person has begun with some lenders, newest first. */
async function draftsOf(c: C, lenders: readonly Lender[]): Promise<Begun[]> {
  const { account } = person(c);
  const lists = await Promise.all(
    lenders.map(async (lender) => begunOf(lender, (await openOwn(c.var.env, admitOwn(account, lender)).list()).drafts)),
  );
  return lists.flat().sort(newestFirst);
}

function stepOf(c: C): Step {
  const step = STEPS.find((one) => one === c.req.param('step'));
  if (!step) throw notFound();
  return step;
}

/** The draft of the request, or its case where that was opened. */
async function begin(c: C): Promise<Opening> {
  const at = await opening(c);
  if (at.opened) throw new HTTPException(303, { res: c.redirect(`/cases/${at.draft.case}`, 303) });
  return at;
}

/** A new draft has an address of its own from the start, so that going back finds it. It is kept with the first that is typed. */
openingRoutes.get('/open/:lender/new', (c) => {
  person(c);
  return c.redirect(`/open/${encodeURIComponent(c.req.param('lender'))}/${randomId()}/loan`, 303);
});

/** The pages of a draft: of the one named, or without a name of the newest with that lender. */
const PATHS = [`/open/:lender`, `/open/:lender/:draft{${TOKEN}}`] as const;

const each = (page: string): string[] => PATHS.map((path) => `${path}/${page}`);

/** Asked once, on a page of its own. */
openingRoutes.on('GET', each('discard'), async (c) => {
  const at = await begin(c);
  if (at.draft.savedAt === null) return c.redirect('/cases', 303);
  const { token, values, step, savedAt } = at.draft;
  return page(c, DiscardPage({ view: c.var.view, draft: { lender: at.lender, token, reference: referenceOf(values), step, savedAt } }));
});

openingRoutes.on('POST', each('discard'), async (c) => {
  await discard(c, await begin(c));
  return c.redirect('/cases', 303);
});

openingRoutes.on('GET', each(':step'), async (c) => {
  const step = stepOf(c);
  const at = await begin(c);
  const kind = TEMPLATES.find((one) => one === c.req.query('template'));
  const ground = groundOf(at);
  const form = kind && step === 'proposal' && ground ? fromTemplate(kind, ground, at) : formOfStep(step, at);
  return show(c, at, step, { form });
});

openingRoutes.on('POST', each('evidence'), async (c) => {
  const at = await begin(c);
  const data = await formData(c);
  const values = typed(data);
  const action = values.get('action')?.[0] ?? 'continue';
  const own = { ...at, draft: { ...at.draft, values: new Map(at.draft.values) } };
  if (action.startsWith('remove:')) return removeFile(c, own, action.slice(7));
  const sent = await received(data);
  const known = filesOfDraft(at.draft.values);
  const { files, refused } = withRoom(sent, known);
  if (files.length > 0 && !(await fits(at, files))) {
    const text = c.var.view.words.opening.filesTooMany({ count: FILES_AT_ONCE, mb: MAX_DRAFT_FILES / (1024 * 1024) });
    return show(c, at, 'evidence', { form: { values, errors: { files: text } } }, 422);
  }
  let kept = own;
  if (files.length > 0) {
    const stored = files.map(({ bytes: _, ...file }) => ({ ...file, case: at.draft.case, at: instant() }));
    // Known before they are stored, so that whatever happens they can be found and taken away again.
    await at.own.addFiles(stored);
    await Promise.all(files.map((file) => putFile(c.var.env.files, at.draft.case, file)));
    for (const { sha256 } of files) known.set(sha256, [...(values.get('figures') ?? [])]);
    setFiles(own.draft.values as Map<string, string[]>, known);
    const saved = await tryToSave(c, own, 'evidence');
    if ('fault' in saved) return show(c, at, 'evidence', { form: { values, errors: { '': saved.fault } } }, saved.status);
    kept = { ...own, draft: { ...own.draft, savedAt: saved.draft.savedAt } };
  }
  const again = c.req.query('language') !== undefined;
  if (refused.length > 0 || (files.length === 0 && action === 'upload' && !again)) {
    const text = uploadText(c.var.view.words, 'borrower', { files, refused }, FILES_AT_ONCE);
    return show(c, kept, 'evidence', { form: { values, errors: { files: text } } }, 422);
  }
  if (again) return show(c, kept, 'evidence', { form: { values, errors: {} } });
  return c.redirect(addressOf(at, { continue: 'proposal', back: 'debts' }[action] ?? 'evidence'), 303);
});

/** Of what was sent, the files that are not chosen yet and for which there is room. */
function withRoom({ files, refused }: Sent, chosen: ReadonlyMap<string, unknown>): Sent {
  const fresh = files.filter(({ sha256 }) => !chosen.has(sha256));
  const room = Math.max(0, FILES_AT_ONCE - chosen.size);
  const known = files.filter(({ sha256 }) => chosen.has(sha256));
  return {
    files: fresh.slice(0, room),
    refused: [
      ...refused,
      ...known.map(({ name }) => ({ code: 'known' as const, name })),
      ...fresh.slice(room).map(({ name }) => ({ code: 'full' as const, name })),
    ],
  };
}

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
  await dropFile(c, at, sha256);
  const kept = await tryToSave(c, at, 'evidence');
  if ('fault' in kept) return show(c, at, 'evidence', { form: { values: at.draft.values, errors: { '': kept.fault } } }, kept.status);
  return c.redirect(addressOf(at, 'evidence'), 303);
}

openingRoutes.on('POST', each('check'), send);

openingRoutes.on('POST', each(':step'), async (c) => takeStep(c, await formOf(c)));

/** What was written when the session had ended: kept in the draft like anything else, and shown before anything follows from it. */
openingRoutes.on('POST', each(':step/typed'), async (c) => takeStep(c, new Map([...unkept(await formOf(c)), ['action', ['stay']]])));

async function takeStep(c: C, sent: Typed) {
  const step = stepOf(c);
  const at = await begin(c);
  const action = c.req.query('language') ? 'stay' : (sent.get('action')?.[0] ?? 'continue');
  const goesOn = action === 'continue' || (action === 'enter' && step !== 'proposal');
  const values = new Map([...at.draft.values].filter(([name]) => !OWN[step].test(name)));
  for (const [name, all] of step === 'debt' && goesOn ? zeroed(sent, 'debt.debt') : sent) if (OWN[step].test(name)) values.set(name, all);
  const typedNow = { ...at, draft: { ...at.draft, values } };
  // Kept first, whatever is wrong with it: nothing that was typed is lost.
  const now = await tryToSave(c, typedNow, step);
  if ('fault' in now) return show(c, typedNow, step, { form: { values, errors: { '': now.fault } } }, now.status);
  if (action === 'back') return c.redirect(before(now, step), 303);
  if (action === 'stay') return show(c, now, step, { form: formOfStep(step, now) });
  if (action.startsWith('add-row:')) return show(c, now, step, { form: formOfStep(step, now), extra: 1 });
  if (action === 'add-stage')
    return show(c, now, step, { form: formOfStep(step, now), stages: stagesWithOneMore({ values: sent, errors: {} }, 'proposal.') });
  const kind = TEMPLATES.find((one) => action === `template:${one}`);
  const ground = kind ? groundOf(now) : null;
  if (kind && ground) return show(c, now, step, { form: fromTemplate(kind, ground, now) });
  if (action === 'work-out' || !goesOn) return workOut(c, now);
  const faults = faultsOf(c, now, step);
  if (Object.keys(faults).length > 0) return show(c, now, step, { form: { values, errors: faults } }, 422);
  return c.redirect(addressOf(now, STEPS[STEPS.indexOf(step) + 1] ?? step), 303);
}

/** Where the button "back" leads. */
function before(at: Opening, step: Step): string {
  const previous = STEPS[STEPS.indexOf(step) - 1];
  return previous ? addressOf(at, previous) : '/open';
}

/** Saves a draft; where that cannot be, says why, so that the page never claims what is not so. */
async function tryToSave(c: C, at: Opening, step: Step): Promise<Opening | { fault: string; status: 422 | 503 }> {
  const { opening: say } = c.var.view.words;
  try {
    const saved = await save(c, at, step);
    if (!('refused' in saved)) return saved;
    return {
      fault: saved.refused === 'many' ? say.draftsTooMany({ max: MAX_DRAFTS }) : say.draftTooLarge({ max: MAX_DRAFT }),
      status: 422,
    };
  } catch (thrown) {
    console.error(`A draft was not saved: ${thrown instanceof Error ? thrown.name : ''}`);
    return { fault: say.notSaved, status: 503 };
  }
}

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

/** What of a proposal a person says in their own words: no template takes its place. */
const SAID = /^proposal\.(?:words|expiresInDays|reasons\..*)$/;

/** The proposal's fields filled from a template; what was said stays. */
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
  const own = [...at.draft.values].filter(([name, all]) => SAID.test(name) && all.some((value) => value !== ''));
  return { ...filled, values: new Map([...filled.values, ...own]) };
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

type Shown = { form: Filled; extra?: number; stages?: number; worked?: Worked };

async function show(c: C, at: Opening, step: Step, shown: Shown, status: 200 | 422 | 503 = 200) {
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
    draft: at.draft.token,
    savedAt: at.draft.savedAt,
    step,
    form,
    totals: totalsOf(values),
    files,
    figures: figureKeys(linesOf(values)),
    ground,
    worked,
    stages: shown.stages ?? stagesOf(form, 'proposal.'),
    input,
    missing,
  };
  return page(c, StepPage(props), status);
}

/** The files of a draft in the order in which they were added, each with the figures that it supports. */
async function filesOf({ own, draft }: Opening): Promise<DraftFile[]> {
  const stored = await own.files(draft.case);
  return [...filesOfDraft(draft.values)].flatMap(([sha256, supports]) => {
    const file = stored.find((one) => one.sha256 === sha256);
    return file ? [{ ...file, supports }] : [];
  });
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
  const at = await begin(c);
  const requestId = requestIdOf(await formOf(c));
  const read = inputOf(at);
  if (!read.ok || missingOf(c, at, 'check').length > 0) return show(c, at, 'check', { form: { values: at.draft.values, errors: {} } }, 422);
  const { account, admission, draft, lender } = at;
  // The seat comes first: a seat in a case that does not exist opens nothing, while a case without its seat would be lost to the borrower.
  const contact = contactIn(account);
  const seat = { account: account.id, case: draft.case, lender: lender.id, capacity: 'borrower' as const, contact: contactText(contact) };
  try {
    await c.var.directory.addSeat({ ...seat, since: instant() });
  } catch (thrown) {
    throw isBothSides(thrown) ? onBothSides(c) : thrown;
  }
  const outcome = await execute({
    admission,
    casefile: openCaseFile(c.var.env, admission),
    command: life.openByBorrower.name,
    input: read.input,
    requestId: `${account.id}:${requestId}`,
    reached: reachedBy(c.var.env, contact, account.confirmedAt ?? account.createdAt),
    ...(await instruments(c)),
    forgetDraft: { account: account.id, about: draft.token },
  });
  if (!outcome.ok) {
    // Sent twice: the case is there.
    if (outcome.refusal.code === 'case.exists') return c.redirect(`/cases/${draft.case}`, 303);
    const text = refusalText(c.var.view.words, outcome.refusal);
    return show(c, at, 'check', { form: { values: draft.values, errors: { '': text } } }, 422);
  }
  if (at.others === 0) await c.var.directory.dropBegun(account.id, lender.id);
  c.executionCtx.waitUntil(announce(c.var.env, lender));
  return c.redirect(`/cases/${draft.case}`, 303);
}
