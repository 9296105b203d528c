import { Hono } from 'hono';
import { DiscardPage, LendersPage } from '../../web/pages/opening/begun.tsx';
import { beside, STEPS } from '../../web/pages/opening/steps.ts';
import type { Begun } from '../../web/parts/begun.tsx';
import { randomId } from '../chance.ts';
import { type Typed, zeroed } from '../negotiation/form.ts';
import { admitOwn } from '../store/admission.ts';
import { type Lender, openOwn } from '../store/open.ts';
import { addressOf, begunOf, discard, newestFirst, type Opening, referenceOf, TOKEN } from './drafts.ts';
import { unkept } from './kept.ts';
import { takeFiles } from './opening-files.ts';
import { begin, show, standingOf, stepOf, tryToSave } from './opening-page.ts';
import { send } from './opening-send.ts';
import { type C, formOf, type Portal, page, person } from './portal.ts';

/**
 * Opening a case, step by step: the steps are files of `web/pages/opening`, and this walks their list. What is typed is kept on the server after each;
 * nothing is sent before the last.
 */

export const openingRoutes = new Hono<Portal>();

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
  const standing = standingOf(c, at);
  const asked = c.req.query('template');
  const shown = asked ? step.act?.(`template:${asked}`, standing, step.form(standing)) : null;
  return show(c, at, step, shown ?? { form: step.form(standing) });
});

openingRoutes.on('POST', each('evidence'), takeFiles);

openingRoutes.on('POST', each('check'), send);

openingRoutes.on('POST', each(':step'), async (c) => takeStep(c, await formOf(c)));

/** What was written when the session had ended: kept in the draft like anything else, and shown before anything follows from it. */
openingRoutes.on('POST', each(':step/typed'), async (c) => takeStep(c, new Map([...unkept(await formOf(c)), ['action', ['stay']]])));

async function takeStep(c: C, sent: Typed) {
  const step = stepOf(c);
  const at = await begin(c);
  const asked = c.req.query('language') ? 'stay' : (sent.get('action')?.[0] ?? 'continue');
  const action = asked === 'enter' ? (step.enter ?? 'continue') : asked;
  const goesOn = action === 'continue';
  const values = new Map([...at.draft.values].filter(([name]) => !step.owns.test(name)));
  for (const [name, all] of step.zeroed && goesOn ? zeroed(sent, step.zeroed) : sent) if (step.owns.test(name)) values.set(name, all);
  const typedNow = { ...at, draft: { ...at.draft, values } };
  // Kept first, whatever is wrong with it: nothing that was typed is lost.
  const now = await tryToSave(c, typedNow, step);
  if ('fault' in now) return show(c, typedNow, step, { form: { values, errors: { '': now.fault } } }, now.status);
  if (action === 'back') return c.redirect(before(now, step.name), 303);
  const standing = standingOf(c, now);
  const shown = step.act?.(action, standing, { values: sent, errors: {} });
  if (shown) return show(c, now, step, shown, shown.status);
  if (!goesOn) return show(c, now, step, { form: step.form(standing) });
  const faults = step.faults(standing);
  if (Object.keys(faults).length > 0) return show(c, now, step, { form: { values, errors: faults } }, 422);
  return c.redirect(addressOf(now, (beside(step, 1) ?? step).name), 303);
}

/** Where the button "back" leads. */
function before(at: Opening, name: string): string {
  const previous = STEPS[STEPS.findIndex((step) => step.name === name) - 1];
  return previous ? addressOf(at, previous.name) : '/open';
}
