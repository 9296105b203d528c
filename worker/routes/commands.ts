import { Hono } from 'hono';
import type { Filled } from '../../web/parts/view.ts';
import { faultsText, readBackText, refusalField, refusalText } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { COMMANDS } from '../negotiation/case.ts';
import { commands as evidence } from '../negotiation/evidence.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { putFile } from '../store/files.ts';
import { showAgreement } from './agreement.ts';
import { showCase } from './case.ts';
import { showEvidence } from './evidence.ts';
import { showDebt, showMeans } from './figures.ts';
import { readForm, type Typed, typed, unseenAmounts } from './form.ts';
import { give } from './give.ts';
import { showLetter } from './letters.ts';
import { type C, caseId, formData, formOf, notFound, type OpenCase, openCase, type Portal } from './portal.ts';
import { proves } from './proof.ts';
import { showNew, showProposal } from './proposals.ts';
import { received, uploadText } from './uploads.ts';

/** Commands as forms: read by the command's own schema, executed, and answered with the new entry or the page again. */

export const commandRoutes = new Hono<Portal>();

/** Commands that only their own routes give: they need what a form alone does not bring. */
const NOT_BY_FORM = new Set(['case.open', 'case.openForBorrower', 'case.invite', 'case.join']);

commandRoutes.post('/cases/:case/do/:command', async (c) => {
  const name = c.req.param('command');
  return name === 'evidence.add' ? addEvidence(c) : giveCommand(c, name, await formOf(c));
});

/**
 * Files come with their command: they are checked and cleaned first, and stored once the command is decided. Those that cannot be kept do
 * not hold up the others: the page then says which were, and why not the rest.
 */
async function addEvidence(c: C) {
  const id = caseId(c);
  const data = await formData(c);
  const sent = await received(data);
  const values = typed(data);
  const { words } = c.var.view;
  const shown = async (refusal: Refusal | null, kept: ReadonlySet<string>) => {
    const opened = await openCase(c);
    const { kase, admission } = opened;
    const others = sent.files.filter(({ sha256 }) => !kept.has(sha256));
    const rest = others.map(({ sha256, name }) => ({ code: kase.evidence[sha256] ? ('known' as const) : ('full' as const), name }));
    const files = sent.files.filter(({ sha256 }) => kept.has(sha256));
    const isOfFiles = refusal === null || UPLOAD_REFUSALS.has(refusal.code);
    const text = uploadText(words, admission.seat.side, { files, refused: [...sent.refused, ...(isOfFiles ? rest : [])] });
    const errors = isOfFiles ? { files: text } : { [refusalField(refusal)]: refusalText(words, refusal) };
    return refused(c, opened, 'evidence.add', values, errors);
  };
  if (sent.files.length === 0) return shown(null, new Set());
  const input = new Map(values);
  for (const [i, { sha256 }] of sent.files.entries()) {
    input.set(`files.${i}.sha256`, [sha256]);
    input.set(`files.${i}.figures`, values.get('figures') ?? []);
  }
  const read = readForm(evidence.add.input, input);
  if (!read.ok) return refused(c, await openCase(c), 'evidence.add', values, faultsText(words, read.issues));
  // Where the same form comes a second time, nothing is stored: what it brought was kept by the first.
  let kept: ReadonlySet<string> = new Set(sent.files.map(({ sha256 }) => sha256));
  const store = async (named: ReadonlySet<string>) => {
    kept = named;
    await Promise.all(sent.files.filter(({ sha256 }) => named.has(sha256)).map((file) => putFile(c.var.env.files, id, file)));
  };
  const requestId = values.get('requestId')?.[0] ?? randomId();
  const outcome = await give(c, evidence.add.name, read.input, requestId, false, { files: sent.files, store });
  if (!outcome.ok) return shown(outcome.refusal, new Set());
  if (sent.refused.length > 0 || kept.size < sent.files.length) return shown(null, kept);
  return c.redirect(`/cases/${id}#e${outcome.entries.at(-1)?.seq ?? outcome.seq}`, 303);
}

/** Refusals of the command that are about its files: each file is told its own cause. */
const UPLOAD_REFUSALS = new Set(['evidence.already-there', 'evidence.too-many']);

/** Gives the command to the case of the path: 303 to the new entry, or the command's page with what is wrong. */
async function giveCommand(c: C, name: string, values: Typed) {
  const command = COMMANDS.get(name);
  if (!command || NOT_BY_FORM.has(name)) throw notFound();
  const read = readForm(command.input, values);
  const { words } = c.var.view;
  if (!read.ok) {
    const opened = await openCase(c);
    // Whoever may not give it is told so before anything about its fields.
    if (!command.by(opened.admission.seat)) return refused(c, opened, name, values, { '': words.refusal['seat.may-not'] as string });
    return refused(c, opened, name, values, faultsText(words, read.issues));
  }
  const unseen = unseenAmounts(command.input, values);
  if (Object.keys(unseen).length > 0) return refused(c, await openCase(c), name, values, readBackText(words, unseen));
  const proven = name === 'agreement.sign' ? await proves(c, values.get('password')?.[0] ?? '') : false;
  const outcome = await give(c, name, read.input, values.get('requestId')?.[0] ?? randomId(), proven);
  if (outcome.ok) return c.redirect(`/cases/${caseId(c)}#e${outcome.entries.at(-1)?.seq ?? outcome.seq}`, 303);
  return refused(c, await openCase(c), name, values, { [refusalField(outcome.refusal)]: refusalText(words, outcome.refusal) });
}

/** The page on which a command's form stands, with what was typed and what is wrong beside its field. */
function refused(c: C, opened: OpenCase, command: string, values: Typed, errors: Record<string, string>) {
  const form: Filled = { values: new Map([...values].filter(([name]) => name !== 'password')), errors };
  c.set('view', { ...c.var.view, refused: { command, form } });
  const number = (name: string) => Number(values.get(name)?.[0] ?? 0);
  if (command === 'talk.issueLetter') return showLetter(c, opened, values.get('letter')?.[0], 422);
  if (command === 'proposal.make') return showNew(c, opened, { form }, 422);
  if (command.startsWith('proposal.') && opened.kase.offers[number('version') - 1] && stillLive(opened, number('version'))) {
    return showProposal(c, opened, number('version'), 422);
  }
  if (command.startsWith('debt.')) return showDebt(c, opened, 422);
  if (command.startsWith('means.')) return showMeans(c, opened, {}, 422);
  if (command.startsWith('evidence.')) return showEvidence(c, opened, 422);
  if (command.startsWith('agreement.') || command.startsWith('payment.')) return showAgreement(c, opened, 422);
  return showCase(c, opened, { status: 422 });
}

const stillLive = ({ kase }: OpenCase, version: number) => kase.table === version;
