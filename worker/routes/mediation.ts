import { Hono } from 'hono';
import * as z from 'zod';
import { filledFromTerms, stagesWithOneMore } from '../../web/parts/terms-form.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { faultsText, languageOf } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { reachedBy } from '../contact.ts';
import { barred } from '../negotiation/command.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import { commands as mediation } from '../negotiation/mediation.ts';
import { isRefused } from '../negotiation/refusal.ts';
import { may } from '../negotiation/seats.ts';
import { fitting } from '../plan/fitting.ts';
import { schedule } from '../plan/schedule.ts';
import { Terms } from '../plan/terms.ts';
import { shownAgain } from './commands.ts';
import { give, requestIdOf } from './give.ts';
import { addressee, keepMediatorContact } from './invite.ts';
import { unkept } from './kept.ts';
import { firstSuggestion, organisationsFor, showMediation, showSuggesting, showSuggestion, templateIn } from './mediation-page.ts';
import { type C, formOf, notFound, type OpenCase, openCase, openShared, type Portal } from './portal.ts';
import { groundOf, withSaid } from './proposals.ts';
import { againAt, comeBack, isAgain, refusedBy, returnedAt, type Said } from './returned.ts';
import { softened } from './wording.ts';

/** A mediator between the sides: proposing one, what was suggested, and suggesting. Whatever else is done comes as a command. */

export const mediationRoutes = new Hono<Portal>();

mediationRoutes.get('/cases/:case/mediation', async (c) => showMediation(c, await openShared(c)));

/** Proposes somebody. The contact is the portal's to bring: the record holds its digest, and the link goes there once the other side has agreed. */
mediationRoutes.post('/cases/:case/do/mediation.propose', async (c) => {
  const sent = await formOf(c);
  const opened = await openCase(c);
  const { view, env } = c.var;
  const { seat, at } = opened.situation;
  const again = (said: Said) => shownAgain(c, opened, mediation.propose, sent, said);
  if (!may(seat, mediation.propose.needs, at)) return again(refusedBy({ code: 'seat.may-not' }));
  const asked = sent.get('organisation')?.[0] ?? '';
  const chosen = organisationsFor(c, opened).find(({ id }) => id === asked);
  if (asked !== '' && !chosen) return again(({ issue }) => ({ organisation: issue.choice }));
  const language = languageOf(view.words);
  const values = new Map(sent);
  values.delete('organisation');
  if (chosen) {
    values.set('organisation.name', [chosen.name[language]]);
    values.set('organisation.place', [chosen.place[language]]);
    if (!values.get('name')?.[0]?.trim()) values.set('name', [chosen.name[language]]);
    if (chosen.contact && !values.get('contact')?.[0]?.trim()) values.set('contact', [chosen.contact]);
  }
  const read = readForm(mediation.propose.input, values);
  const to = await addressee(c, opened.admission.lender, values);
  if (!read.ok || 'fault' in to)
    return again((words) => ({
      ...(read.ok ? {} : faultsText(words, read.issues)),
      ...('fault' in to ? { contact: to.fault(words) } : {}),
    }));
  const { shown } = await softened(c, mediation.propose, sent, read.input);
  if (shown) return shown;
  const reached = reachedBy(env, to.contact, instant());
  // Kept first: what the record names must be there when the other side agrees. Of what is refused, or sent a second time, nothing is kept.
  const context = { ...opened.situation, reached };
  const decision = barred(mediation.propose, opened.kase, context) ?? mediation.propose.decide(opened.kase, read.input, context);
  if (!isRefused(decision)) await keepMediatorContact(c, opened.admission, to.contact);
  const requestId = `${requestIdOf(sent).slice(0, 80)}:${reached.contact.slice(0, 16)}`;
  const outcome = await give(c, mediation.propose.name, read.input, requestId, false, { reached });
  if (!outcome.ok) return again(refusedBy(outcome.refusal));
  return c.redirect(`/cases/${opened.id}/mediation`, 303);
});

mediationRoutes.get('/cases/:case/suggestions/new', async (c) => {
  const opened = await suggesting(c);
  const typed = isAgain(c) ? await returnedAt(c, typedAt(opened)) : null;
  if (typed) return showDrawn(c, opened, typed.values);
  return showSuggesting(c, opened, { form: firstSuggestion(opened, templateIn(`template:${c.req.query('template') ?? ''}`)) });
});

/** A template, "take what would fit", "work it out" and "add a stage", as in the form of an offer. Nothing is sent. */
mediationRoutes.post('/cases/:case/suggestions/new', async (c) => {
  const values = unkept(await formOf(c));
  const opened = await suggesting(c);
  return comeBack(c, typedAt(opened), { values }, () => showDrawn(c, opened, values));
});

const typedAt = ({ id }: Pick<OpenCase, 'id'>) => againAt(`/cases/${id}/suggestions/new`);

function showDrawn(c: C, opened: OpenCase, values: Typed) {
  const form: Filled = { values, errors: {} };
  const action = values.get('action')?.[0];
  if (action === 'add-stage') return showSuggesting(c, opened, { form, stages: stagesWithOneMore(form, '') });
  const kind = templateIn(action);
  if (kind) return showSuggesting(c, opened, { form: withSaid(firstSuggestion(opened, kind), values) });
  const read = readForm(z.object({ terms: Terms }), values);
  if (!read.ok) return showSuggesting(c, opened, { form: { values, errors: faultsText(c.var.view.words, read.issues) } }, 422);
  const { terms } = read.input;
  const { debt, means } = groundOf(opened);
  const fit = action === 'fit' && means ? fitting(debt, terms, means) : null;
  if (fit)
    return showSuggesting(c, opened, {
      form: withSaid(filledFromTerms(fit.terms, ''), values),
      worked: { ...fit.schedule, terms: fit.terms },
    });
  return showSuggesting(c, opened, { form, worked: { ...schedule(debt, terms), terms } });
}

/** The case for its mediator; 404 for everybody else, as there is no such page for them. */
async function suggesting(c: C): Promise<OpenCase> {
  const opened = await openShared(c);
  if (!opened.neutral) throw notFound();
  return opened;
}

mediationRoutes.get('/cases/:case/suggestions/:no{[1-9][0-9]{0,2}}', async (c) =>
  showSuggestion(c, await openShared(c), Number(c.req.param('no'))),
);
