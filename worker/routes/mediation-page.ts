import { MediationPage } from '../../web/pages/mediation.tsx';
import { SuggestingPage, SuggestionPage } from '../../web/pages/suggestion.tsx';
import type { Worked } from '../../web/parts/plan-drawing.ts';
import { filledFromTerms, stagesOf } from '../../web/parts/terms-form.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { commands as mediation, outOfPlace } from '../negotiation/mediation.ts';
import { debtToOffer, onTable } from '../negotiation/proposal.ts';
import { lawOf } from '../plan/law/index.ts';
import { organisationsIn } from '../plan/law/mediators.ts';
import { TEMPLATES, type Template, template } from '../plan/templates.ts';
import { sendMediatorLink } from './invite.ts';
import { type C, notFound, type OpenCase, page } from './portal.ts';
import { groundOf } from './proposals.ts';

/** The pages of a mediation: who was proposed, what was suggested, and suggesting something. */

/** The list of the installation for the place of a case. */
export const organisationsFor = (c: C, { policy }: Pick<OpenCase, 'policy'>) => organisationsIn(lawOf(policy), c.var.env.mediators);

export async function showMediation(c: C, opened: OpenCase, status: 200 | 422 = 200) {
  const { kase, id, row, admission, situation, neutral } = opened;
  await sendMediatorLink(c, admission, kase);
  return page(
    c,
    MediationPage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      situation: neutral ?? situation,
      policy: opened.policy,
      organisations: organisationsFor(c, opened),
    }),
    status,
  );
}

/** One suggestion, whole, with taking it up; 404 where there is none of that number. */
export function showSuggestion(c: C, opened: OpenCase, no: number, status: 200 | 422 = 200) {
  const { kase, situation, id, row } = opened;
  const suggestion = kase.suggestions[no - 1];
  if (!suggestion) throw notFound();
  const { authority: _, ...standards } = debtToOffer(kase, situation.today) ? groundOf(opened) : { authority: undefined };
  const ground = 'debt' in standards ? { ...standards, debt: suggestion.debt } : null;
  const stale = outOfPlace(kase, suggestion, situation);
  const answers = onTable(kase, situation.at);
  return page(
    c,
    SuggestionPage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      suggestion,
      ground,
      situation,
      answers,
      stale: stale?.refused ?? null,
    }),
    status,
  );
}

/** Whether the reader is the mediator, and something can be suggested. */
export const canSuggest = ({ kase, neutral }: OpenCase): boolean => neutral !== null && mediation.suggest.when(kase, neutral) === null;

type Suggesting = { form: Filled; worked?: Worked; stages?: number };

/** The form of a suggestion, for the mediator alone. */
export function showSuggesting(c: C, opened: OpenCase, { form, worked, stages }: Suggesting, status: 200 | 422 = 200) {
  const { kase, id, row, situation } = opened;
  if (!canSuggest(opened)) throw notFound();
  return page(
    c,
    SuggestingPage({
      view: c.var.view,
      id,
      number: row.number,
      kase,
      form,
      ground: groundOf(opened),
      worked: worked ?? null,
      stages: stages ?? stagesOf(form, ''),
      newest: onTable(kase, situation.at),
    }),
    status,
  );
}

/** A suggestion starts from the newest offer, or from a template. */
export function firstSuggestion(opened: OpenCase, kind?: Template): Filled {
  const { kase, situation } = opened;
  const ground = groundOf(opened);
  const newest = kase.offers.at(-1);
  if (newest && !kind) return filledFromTerms(newest.terms, '');
  const { debt, affordable, minimum, longestTerm } = ground;
  return filledFromTerms(template(kind ?? 'level', { debt, affordable, minimum, longestTerm, rate: null, today: situation.today }), '');
}

export const templateIn = (action: string | undefined): Template | undefined => TEMPLATES.find((one) => action === `template:${one}`);
