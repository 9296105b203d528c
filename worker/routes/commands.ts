import { Hono } from 'hono';
import type { Filled } from '../../web/parts/view.ts';
import { faultsText, refusalField, refusalText } from '../../web/words/index.ts';
import type { Order } from '../execute.ts';
import { COMMANDS } from '../negotiation/case.ts';
import { putFile } from '../store/files.ts';
import { showAgreement } from './agreement.ts';
import { showCase } from './case.ts';
import { showEvidence } from './evidence.ts';
import { showDebt, showMeans } from './figures.ts';
import { readForm, type Typed, typed } from './form.ts';
import { give, requestIdOf } from './give.ts';
import { showLetter } from './letters.ts';
import { proves } from './people.ts';
import { type C, caseId, formData, formOf, notFound, type OpenCase, openCase, type Portal } from './portal.ts';
import { showNew, showProposal } from './proposals.ts';
import { received } from './uploads.ts';

/** Commands as forms: read by the command's own schema, executed, and answered with the new entry or the page again. */

export const commandRoutes = new Hono<Portal>();

/** Commands that only their own routes give: they need what a form alone does not bring. */
const NOT_BY_FORM = new Set(['case.open', 'case.openForBorrower', 'case.join', 'custody.export']);

commandRoutes.post('/cases/:case/do/:command', async (c) => {
  const name = c.req.param('command');
  return name === 'evidence.add' ? addEvidence(c) : giveCommand(c, name, await formOf(c));
});

/** Files come with their command: they are checked and cleaned first, and stored once the command is decided. */
async function addEvidence(c: C) {
  const id = caseId(c);
  const data = await formData(c);
  const { files, errors } = await received(data, c.var.view.words);
  const values = new Map(typed(data));
  if (errors.length > 0 || files.length === 0) {
    const text = errors.length > 0 ? errors.join(' ') : c.var.view.words.evidence.bad.none;
    return refused(c, await openCase(c), 'evidence.add', values, { files: text });
  }
  const figures = values.get('figures') ?? [];
  for (const [i, { sha256 }] of files.entries()) {
    values.set(`files.${i}.sha256`, [sha256]);
    values.set(`files.${i}.figures`, figures);
  }
  const store = async () => void (await Promise.all(files.map((file) => putFile(c.var.env.files, id, file))));
  return giveCommand(c, 'evidence.add', values, { files, store });
}

/** Gives the command to the case of the path: 303 to the new entry, or the command's page with what is wrong. */
async function giveCommand(c: C, name: string, values: Typed, attached?: Order['attached']) {
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
  const proven = name === 'agreement.sign' ? await proves(c, values.get('password')?.[0] ?? '') : false;
  const outcome = await give(c, name, read.input, requestIdOf(values), proven, attached);
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
