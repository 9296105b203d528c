import { Hono } from 'hono';
import { ChooseTemplatePage } from '../../web/pages/templates.tsx';
import { INTO, TEMPLATE, TEMPLATE_FOR, TEXT_OF } from '../../web/parts/template.tsx';
import { own } from '../../web/parts/view.ts';
import { headed, wordsAt, wordsOf } from '../../web/words/index.ts';
import { filledIn } from '../../web/words/places.ts';
import { instant } from '../clock.ts';
import { COMMANDS } from '../negotiation/case.ts';
import { type Command, offered } from '../negotiation/command.ts';
import type { Typed } from '../negotiation/form.ts';
import { offeredTemplates, type TemplateUse } from '../negotiation/lender/templates.ts';
import { factsOf } from '../negotiation/places.ts';
import { debtToOffer } from '../negotiation/proposal.ts';
import { may } from '../negotiation/seats.ts';
import { COMPONENTS } from '../plan/format.ts';
import { asLanguage, LANGUAGES, type Language } from '../plan/languages.ts';
import { admitToDesk } from '../store/admission.ts';
import { shownAgain, stateOf } from './commands.ts';
import { unkept } from './kept.ts';
import { type C, formOf, notFound, type OpenCase, openCase, type Portal, page, person } from './portal.ts';
import { againAt, comeBack, isAgain, returnedAt } from './returned.ts';
import { newestOf, templatesOf } from './templates.ts';

/**
 * Answering by a template: it is chosen for a form of a case, and the form is shown with its text, to be changed and sent as any other. What was typed goes along, and
 * what is sent knows nothing of the template.
 */

export const templateChoiceRoutes = new Hono<Portal>();

const AT = '/cases/:case/templates/:command' as const;

type Choosing = { opened: OpenCase; command: Command; use: TemplateUse };

/** The case and the command of the path, for one of the lender's people who may give it now; else 404. */
async function choosing(c: C): Promise<Choosing> {
  const opened = await openCase(c);
  const command = COMMANDS.get(c.req.param('command') ?? '');
  const use = command && own(TEMPLATE_FOR, command.name);
  if (!command || !use || opened.situation.seat.side !== 'lender' || !offered(opened.kase, command, opened.situation)) throw notFound();
  return { opened, command, use };
}

templateChoiceRoutes.get(AT, async (c) => {
  const one = await choosing(c);
  const typed = isAgain(c) ? await returnedAt(c, againAt(pathOf(c, one))) : null;
  return choose(c, one, typed?.values ?? new Map());
});

const pathOf = (c: C, { opened, command }: Choosing) => {
  const asked = asLanguage(c.req.query('in'));
  return `/cases/${opened.id}/templates/${command.name}${asked ? `?in=${asked}` : ''}`;
};

templateChoiceRoutes.post(AT, async (c) => {
  const typed = unkept(await formOf(c));
  const one = await choosing(c);
  const values = new Map([...typed].filter(([name]) => name !== TEMPLATE && name !== INTO && name !== 'requestId'));
  const chosen = Number(typed.get(TEMPLATE)?.[0] ?? 0);
  const text = chosen > 0 ? (await choicesFor(c, one, null)).find(({ no }) => no === chosen)?.filled : undefined;
  if (!text || !('text' in text)) return comeBack(c, againAt(pathOf(c, one)), { values }, () => choose(c, one, values));
  const field = fieldsOf(one).find((name) => name === typed.get(INTO)?.[0]) ?? 'words';
  // A field of one line has no place for a line's end: what it parts would stand together.
  const said = field === 'words' ? text.text : text.text.replace(/\s*\n\s*/g, ' ');
  const filled = new Map([...values, [field, [said]] as const, [TEXT_OF, [stateOf(one.opened)]] as const]);
  const answer = await shownAgain(c, one.opened, one.command, filled, () => ({}));
  // To the very form in the page: it says that nothing is sent yet.
  const at = answer.headers.get('location');
  return answer.status === 303 && at ? c.redirect(`${at}#errors`, 303) : answer;
});

/** The fields of the form into which a text can go. */
function fieldsOf({ opened, command }: Choosing): string[] {
  const debt = command.name === 'proposal.make' ? debtToOffer(opened.kase, opened.situation.today) : null;
  return ['words', ...(debt ? COMPONENTS.filter((one) => debt[one] > 0).map((one) => `reasons.${one}`) : [])];
}

/** The templates for the form, each filled in by the case in its own language; in one language, or (null) in all. */
async function choicesFor(c: C, { opened, use }: Choosing, language: Language | null) {
  const { kase, row, situation, admission } = opened;
  const desk = admitToDesk(person(c), admission.lender.slug);
  if (!desk) throw notFound();
  const { institution, unproven } = await templatesOf(c, desk);
  if (unproven) return [];
  const facts = factsOf(kase, row.number, situation);
  const all = LANGUAGES.filter((one) => language === null || one === language).flatMap((one) => offeredTemplates(institution, use, one));
  return (await newestOf(c, desk, all)).map(({ no, name, language: of, text }) => ({
    no,
    name,
    filled: filledIn(text, facts, wordsAt(wordsOf(of), c.var.view.words.place)),
  }));
}

/** In the language of the borrower, unless the reader asks for another. */
async function choose(c: C, one: Choosing, values: Typed) {
  const { opened, command } = one;
  const { id, row, admission, situation } = opened;
  const now = instant();
  const { borrowers } = await c.var.directory.peopleOf([id], admission.lender.id, now);
  const theirs = borrowers.find(({ capacity }) => capacity === 'borrower')?.language ?? LANGUAGES[0];
  const language = asLanguage(c.req.query('in')) ?? theirs;
  const { words } = c.var.view;
  return page(
    c,
    ChooseTemplatePage({
      view: c.var.view,
      id,
      number: row.number,
      command: command.name,
      values: new Map([...values].filter(([name]) => name !== 'requestId')),
      into: fieldsOf(one).map((field) => ({ field, name: nameOf(field) })),
      language,
      theirs,
      choices: await choicesFor(c, one, language),
      writeAt: may(situation.seat, 'phrase', now) ? `/desk/${admission.lender.slug}/templates` : null,
    }),
  );

  function nameOf(field: string): string {
    const component = COMPONENTS.find((part) => field === `reasons.${part}`);
    return component ? headed(words.terms.waiveOfferReason(words.component[component])) : words.terms.words;
  }
}
