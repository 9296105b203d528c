import { Hono } from 'hono';
import { TemplatePage, TemplatesPage } from '../../web/pages/templates.tsx';
import { AS_IT_IS, type Filled, filled, own } from '../../web/parts/view.ts';
import { faultsText, refusalField, refusalText, wordsOf } from '../../web/words/index.ts';
import { keptPlaces, shownPlaces } from '../../web/words/places.ts';
import { STARTING } from '../../web/words/starting.ts';
import { instant } from '../clock.ts';
import type { Outcome } from '../execute/execute.ts';
import { keep } from '../execute/keep.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import type { ActDecided, Institution } from '../negotiation/lender/institution.ts';
import {
  beginTemplates,
  retireTemplate,
  saidBy,
  type Template,
  TemplateInput,
  versionOf,
  writeTemplate,
} from '../negotiation/lender/templates.ts';
import { misplaced } from '../negotiation/places.ts';
import type { Refused } from '../negotiation/refusal.ts';
import { heard, isForbidden } from '../negotiation/said.ts';
import { may } from '../negotiation/seats.ts';
import { LANGUAGES } from '../plan/languages.ts';
import { noted } from '../proof.ts';
import { lenderStream } from '../record/format.ts';
import { type DeskAdmission, openInstitution } from '../store/open.ts';
import { instruments, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { type C, formOf, notFound, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/** A lender's templates: all that there are, writing one or the next version of one, retiring it, and a set to begin with. */

export const templateRoutes = new Hono<Portal>();

const AT = '/desk/:lender/templates' as const;
const NO = ':no{[1-9][0-9]{0,2}}';
const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/templates`;

/** The lender's stream as far as templates ask for it. Where there is doubt of it, nothing of it is used. */
export async function templatesOf(c: C, admission: DeskAdmission): Promise<{ institution: Institution; unproven: boolean }> {
  const { institution, doubts } = await openInstitution(c.var.env, admission).load('');
  if (doubts.length > 0) noted(lenderStream(admission.lender.slug), doubts);
  return { institution, unproven: doubts.length > 0 };
}

/** The newest version of some templates, with what it says. One that is not as it was written is left out. */
export async function newestOf(c: C, admission: DeskAdmission, all: readonly Template[]) {
  const last = all.flatMap((one) => one.versions.slice(-1));
  const stored = await openInstitution(c.var.env, admission).stored(last.map(({ seq }) => seq));
  return all.flatMap((one) => {
    const newest = one.versions.at(-1);
    const read = newest && versionOf(newest, stored.get(newest.seq));
    return read ? [{ ...one, text: read.said.text }] : [];
  });
}

templateRoutes.get(AT, async (c) => show(c, deskWith(c, 'witness'), filled({})));

async function show(c: C, admission: DeskAdmission, form: Filled) {
  const { institution, unproven } = await templatesOf(c, admission);
  const { templates: say } = c.var.view.words;
  const done = own(say.done, c.req.query('done') ?? '');
  const writes = may(admission.seat, 'phrase', instant());
  const shown = { view: c.var.view, lender: admission.lender, templates: institution.templates, unproven, writes, form };
  return page(c, TemplatesPage({ ...shown, ...(done ? { done } : {}) }), statusOf(form));
}

templateRoutes.get(`${AT}/new`, async (c) => {
  const admission = deskWith(c, 'phrase');
  return showForm(c, admission, (await returnedForm(c, `${pathOf(admission)}/new`)) ?? filled({ language: c.var.view.language }));
});

function showForm(c: C, admission: DeskAdmission, form: Filled) {
  return page(c, TemplatePage({ view: c.var.view, lender: admission.lender, form, writes: true }), statusOf(form));
}

/** One template: its newest version, to be changed by those who may, and each before it. */
templateRoutes.get(`${AT}/${NO}`, async (c) => {
  const admission = deskWith(c, 'witness');
  const no = Number(c.req.param('no'));
  return showOne(c, admission, no, await returnedForm(c, `${pathOf(admission)}/${no}`));
});

async function showOne(c: C, admission: DeskAdmission, no: number, form: Filled | null) {
  const { institution } = await templatesOf(c, admission);
  const found = institution.templates[no - 1];
  if (!found) throw notFound();
  const stored = await openInstitution(c.var.env, admission).stored(found.versions.map(({ seq }) => seq));
  const versions = found.versions.map((one, i) => ({ version: i + 1, read: versionOf(one, stored.get(one.seq)) }));
  const newest = versions.length;
  const asked = Number(c.req.query('version') ?? newest);
  const shown = versions.find(({ version }) => version === asked) ?? versions.at(-1);
  const text = shown?.read ? shownPlaces(shown.read.said.text, wordsOf(shown.read.said.language)) : null;
  const said = shown?.read ? { ...shown.read.said, text: text ?? '' } : found;
  const values = filled({ no, base: newest, use: said.use, language: said.language, name: said.name, text });
  return page(
    c,
    TemplatePage({
      view: c.var.view,
      lender: admission.lender,
      form: form ?? values,
      writes: may(admission.seat, 'phrase', instant()) && shown?.version === newest,
      one: { no, retired: found.retired, shown: shown?.version ?? newest, text, versions },
    }),
    form ? statusOf(form) : 200,
  );
}

/** A new template, or the next version of one. What merely reads badly is shown once before it is kept; what staff may not send is not kept. */
templateRoutes.post(AT, async (c) => {
  const admission = deskWith(c, 'phrase');
  const values = await formOf(c);
  const read = readForm(TemplateInput, new Map([...values, ['text', [keptPlaces(values.get('text')?.[0] ?? '')]]]));
  const no = read.ok ? read.input.no : undefined;
  const again = (said: Said) =>
    refusedAt(c, `${pathOf(admission)}/${no ?? 'new'}`, values, said, (form) =>
      no === undefined ? showForm(c, admission, form) : showOne(c, admission, no, form),
    );
  if (!read.ok) return again((words) => faultsText(words, read.issues));
  const { input } = read;
  const marks = heard(saidBy(input), 'lender', null).marked.flatMap((one) => one.marks);
  const isTheirs = !marks.some((mark) => isForbidden('lender', mark));
  // What is wrong with it otherwise is said first.
  if (marks.length > 0 && isTheirs && !misplaced(input.text) && !values.has(AS_IT_IS))
    return again((words) => ({ text: words.templates.marked }));
  const outcome = await written(c, admission, values, 'template.write', input, (institution) => writeTemplate(institution, input));
  if (!outcome.ok) return again((words) => ({ [refusalField(outcome.refusal)]: refusalText(words, outcome.refusal) }));
  return c.redirect(`${pathOf(admission)}?done=written`, 303);
});

templateRoutes.post(`${AT}/${NO}/retire`, async (c) => {
  const admission = deskWith(c, 'phrase');
  const values = await formOf(c);
  const no = Number(c.req.param('no'));
  return afterAct(
    c,
    admission,
    'retired',
    await written(c, admission, values, 'template.retire', { no }, (one) => retireTemplate(one, no)),
  );
});

/** A set to begin with, in both languages, where there is none yet: by a press of a person. */
templateRoutes.post(`${AT}/begin`, async (c) => {
  const admission = deskWith(c, 'phrase');
  const values = await formOf(c);
  const begun = LANGUAGES.flatMap((language) => STARTING[language].map((one) => ({ ...one, language, text: keptPlaces(one.text) })));
  return afterAct(c, admission, 'begun', await written(c, admission, values, 'template.begin', {}, (one) => beginTemplates(one, begun)));
});

/** Addresses of forms that are opened. */
templateRoutes.get(`${AT}/${NO}/retire`, (c) => c.redirect(pathOf(deskWith(c, 'phrase')), 303));
templateRoutes.get(`${AT}/begin`, (c) => c.redirect(pathOf(deskWith(c, 'phrase')), 303));

function afterAct(c: C, admission: DeskAdmission, done: 'retired' | 'begun', outcome: Outcome) {
  if (outcome.ok) return c.redirect(`${pathOf(admission)}?done=${done}`, 303);
  return show(c, admission, { ...filled({}), errors: { '': refusalText(c.var.view.words, outcome.refusal) } });
}

/** Writes what is decided of the templates. */
async function written(
  c: C,
  admission: DeskAdmission,
  values: Typed,
  name: string,
  input: unknown,
  decide: (institution: Institution) => ActDecided[] | Refused,
): Promise<Outcome> {
  const { seat } = admission;
  return keep({
    book: openInstitution(c.var.env, admission),
    seat,
    requestId: `${seat.account}:${requestIdOf(values)}`,
    asked: { name, input },
    decide,
    ...(await instruments(c)),
  });
}
