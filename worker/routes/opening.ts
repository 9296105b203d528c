import { Hono } from 'hono';
import { DiscardPage, FirstPage } from '../../web/pages/opening/begun.tsx';
import { check } from '../../web/pages/opening/check.tsx';
import { evidence } from '../../web/pages/opening/evidence.tsx';
import { loan } from '../../web/pages/opening/loan.tsx';
import { ELSEWHERE } from '../../web/pages/opening/step.ts';
import { before, nextTo } from '../../web/pages/opening/steps.ts';
import type { Begun } from '../../web/parts/begun.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { momentText } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import type { Typed } from '../negotiation/form.ts';
import { toBegin } from '../negotiation/life.ts';
import { PartyName } from '../negotiation/text.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { admitOwn } from '../store/admission.ts';
import { openOwn } from '../store/open.ts';
import { value } from './arrival.ts';
import { answerFound, want } from './beginnings.ts';
import { asBegun, begunHere, begunOf, discard, foundBeside, newestFirst, newOpening, type Opening, TOKEN } from './drafts.ts';
import { unkept } from './kept.ts';
import { showFiles, takeFiles } from './opening-files.ts';
import { begin, goesTo, lendersOf, pathOf, show, standingOf, stepOf, tryToSave } from './opening-page.ts';
import { send, showCheck } from './opening-send.ts';
import { type C, formOf, openCase, type Portal, page, person } from './portal.ts';
import { againAt, comeBack, isAgain, keepable, returnedAt, saidInAll } from './returned.ts';

/**
 * Opening a case, step by step: the steps are files of `web/pages/opening`, and this walks their list. What is typed is kept on the server after each;
 * nothing is sent before the last.
 */

export const openingRoutes = new Hono<Portal>();

/** What was begun before, and the first question. */
openingRoutes.get('/open', async (c) => {
  const typed = isAgain(c) ? await returnedAt(c, FIRST) : null;
  // In another language what is wrong is said again where it was said before, and not where nothing was asked yet.
  if (typed) return firstAgain(c, typed.values, typed.errors !== null);
  return first(c, filled({ 'debt.debt.asOf': dayOf(instant(), HOME.zone), lender: c.req.query('lender') }));
});

/** Where the first question comes back, which makes no draft before a lender is chosen. */
const FIRST = againAt('/open');

/** The first question as it was typed; `asked`: with all that is wrong with it. */
async function firstAgain(c: C, values: Typed, asked: boolean) {
  return asked ? first(c, { values, errors: await firstFaults(c, values) }, 422) : first(c, { values, errors: {} });
}

async function first(c: C, form: Filled, status: 200 | 422 = 200) {
  const [lenders, drafts] = await Promise.all([lendersOf(c), draftsOf(c)]);
  const found = c.var.visit ? await foundBeside(c, c.var.visit.account.id, drafts) : [];
  return page(c, FirstPage({ view: c.var.view, lenders, found, drafts, form }), status);
}

/** What a person has begun with whichever lender, newest first. Of what was begun in this browser, who has signed in has what is for none that is here. */
async function draftsOf(c: C): Promise<Begun[]> {
  const begun = await begunHere(c);
  if (!c.var.visit) return begun;
  const { account } = c.var.visit;
  const here = begun.filter(({ lender }) => lender.slug === ELSEWHERE);
  const { begun: lenders } = await c.var.directory.lendersFor(account.id);
  const lists = await Promise.all(
    lenders.map(async (lender) => begunOf(lender, (await openOwn(c.var.env, admitOwn(account, lender)).list()).drafts)),
  );
  return [...lists.flat(), ...here].sort(newestFirst);
}

/** The first question makes the draft: from then on it has an address of its own. */
openingRoutes.post('/open', async (c) => {
  const sent = await formOf(c);
  const slug = value(sent, 'lender');
  const known = (await lendersOf(c)).some((one) => one.slug === slug);
  if (known) return take(c, await newOpening(c, slug), loan, sent);
  const missed = PartyName.safeParse(value(sent, 'loan.lender'));
  if (slug === '' && missed.success) {
    await want(c, missed.data);
    return take(c, await newOpening(c, ELSEWHERE), loan, sent);
  }
  const asked = !c.req.query('language') || isAgain(c);
  return comeBack(c, FIRST, { values: sent, errors: asked ? saidInAll(c, () => ({})) : {} }, () => firstAgain(c, sent, asked));
});

/** All that is wrong with the first question where no lender was chosen: whoever mends one thing is not told of the next one after it. */
async function firstFaults(c: C, sent: Typed): Promise<Filled['errors']> {
  const blank = await newOpening(c, ELSEWHERE);
  const values = new Map([...sent].filter(([name]) => loan.owns.test(name)));
  const { 'loan.lender': called, ...faults } = loan.faults(standingOf(c, { ...blank, draft: { ...blank.draft, values } }));
  const isCalled = value(sent, 'loan.lender') !== '';
  return { lender: c.var.view.words.issue.missing, ...(called && isCalled ? { 'loan.lender': called } : {}), ...faults };
}

/** Whether a draft that was found in this browser is the person's. Who does not answer leaves it there. */
openingRoutes.post(`/begun/:draft{[0-9a-f]{32}}/:answer{mine|not-mine}`, async (c) => {
  const { account } = person(c);
  await answerFound(c, account.id, c.req.param('draft'), c.req.param('answer') === 'mine');
  return c.redirect('/cases', 303);
});

/** A new draft with a lender that is known. */
openingRoutes.get('/open/:lender/new', (c) => {
  person(c);
  return c.redirect(`/open/${encodeURIComponent(c.req.param('lender'))}/${randomId()}/loan`, 303);
});

/** The pages of a draft: of the one named, or without a name of the newest with that lender. */
const PATHS = [`/open/:lender`, `/open/:lender/:draft{${TOKEN}}`] as const;

const each = (page: string): string[] => PATHS.map((path) => `${path}/${page}`);

/** Asked once, on a page of its own. */
openingRoutes.on('GET', each('discard'), async (c) => {
  const { lender, draft } = await begin(c);
  const { savedAt } = draft;
  if (savedAt === null) return c.redirect('/open', 303);
  return page(c, DiscardPage({ view: c.var.view, draft: asBegun(lender, { ...draft, savedAt }) }));
});

openingRoutes.on('POST', each('discard'), async (c) => {
  await discard(c, await begin(c));
  return c.redirect(c.var.visit ? '/cases' : '/open', 303);
});

openingRoutes.on('GET', each(':step'), async (c) => {
  const at = await begin(c);
  if (at.invited && c.req.param('step') === evidence.name) return c.redirect(`/cases/${at.invited.id}/evidence`, 303);
  const step = stepOf(c, at.invited);
  const standing = standingOf(c, at);
  const asked = c.req.query('template');
  const action = asked ? `template:${asked}` : c.req.query('act');
  const form = step.form(standing);
  // How many stages were shown is no part of the draft.
  const shown = { ...form, values: new Map([...form.values, ['stages', [c.req.query('stages') ?? '']] as const]) };
  const acted = action ? step.act?.(action, standing, shown) : null;
  if (acted) return show(c, at, step, { ...acted, acted: !asked }, acted.status);
  if (!isAgain(c)) return show(c, at, step, { form });
  // A step that came back says what is still wrong with it.
  if (step.name === check.name) return showCheck(c, at);
  if (step.name === evidence.name) return showFiles(c, at);
  const errors = step.faults(standing);
  return show(c, at, step, { form: { ...form, errors } }, Object.keys(errors).length > 0 ? 422 : 200);
});

/** The steps of an invited borrower, where they left off; or the case, for whoever has nothing to begin in it. */
openingRoutes.get('/cases/:case/begin', async (c) => {
  const { id, kase, admission } = await openCase(c);
  if (admission.seat.capacity !== 'borrower' || !toBegin(kase)) return c.redirect(`/cases/${id}`, 303);
  const { drafts } = await openOwn(c.var.env, admitOwn(person(c).account, admission.lender)).list();
  const step = begunOf(admission.lender, drafts).find(({ token }) => token === id)?.step ?? loan.name;
  return c.redirect(`/open/${encodeURIComponent(admission.lender.slug)}/${id}/${step}`, 303);
});

openingRoutes.on('POST', each('evidence'), takeFiles);

openingRoutes.on('POST', each('check'), send);

openingRoutes.on('POST', each(':step'), async (c) => {
  const sent = await formOf(c);
  const at = await begin(c);
  return take(c, at, stepOf(c, at.invited), sent);
});

/** What was written when the session had ended: kept in the draft like anything else, and shown before anything follows from it. */
openingRoutes.on('POST', each(':step/typed'), async (c) => {
  const sent = unkept(await formOf(c));
  const at = await begin(c);
  return take(c, at, stepOf(c, at.invited), new Map([...sent, ['action', ['stay']]]));
});

/** A step as it came: kept first, whatever is wrong with it, so that nothing that was typed is lost. */
async function take(c: C, opening: Opening, step: ReturnType<typeof stepOf>, sent: Typed) {
  const at = step.name === 'loan' && !opening.invited ? await withLender(c, opening, value(sent, 'lender')) : opening;
  const asked = c.req.query('language') ? 'stay' : (sent.get('action')?.[0] ?? 'continue');
  const action = asked === 'enter' ? (step.enter ?? 'continue') : asked;
  const goesOn = action === 'continue';
  const values = new Map([...at.draft.values].filter(([name]) => !step.owns.test(name)));
  for (const [name, all] of sent) if (step.owns.test(name)) values.set(name, all);
  const typed = { ...at, draft: { ...at.draft, values } };
  const faults = goesOn ? step.faults(standingOf(c, typed)) : {};
  const done = goesOn && Object.keys(faults).length === 0;
  const next = nextTo(step, goesTo(c));
  const reached = action === 'keep' ? at.draft.step : step.aside ? 'check' : step.name;
  const now = await tryToSave(c, { ...typed, draft: { ...typed.draft, values: keepable(values) } }, done ? next : reached);
  if ('fault' in now) return show(c, typed, step, { form: { values, errors: { '': now.fault } } }, now.status);
  if (action === 'keep') {
    c.header('Location', pathOf(now, step.name, goesTo(c)));
    return c.text(savedText(c, now));
  }
  if (done) return c.redirect(pathOf(now, next), 303);
  // What of it is kept nowhere can come back in the answer alone.
  const isKept = keepable(values).size === values.size;
  const here = pathOf(now, step.name, goesTo(c));
  if (goesOn && isKept) return c.redirect(againAt(here), 303);
  if (goesOn) return show(c, now, step, { form: { values, errors: faults } }, 422);
  if (action === 'back') {
    const to = before(step, goesTo(c));
    return c.redirect(to ? pathOf(now, to) : now.invited ? `/cases/${now.invited.id}` : '/open', 303);
  }
  const standing = standingOf(c, now);
  const acted = step.act?.(action, standing, { values: sent, errors: {} });
  if (!isKept) return show(c, now, step, acted ? { ...acted, acted: true } : { form: { values, errors: {} } }, acted?.status);
  if (!acted) return c.redirect(isAgain(c) ? againAt(here) : here, 303);
  // What a button filled in is the draft's, as what is typed is.
  const others = [...now.draft.values].filter(([name]) => !step.owns.test(name));
  const drawn = new Map([...others, ...[...acted.form.values].filter(([name]) => step.owns.test(name))]);
  const filledIn = acted.fills ? await tryToSave(c, { ...now, draft: { ...now.draft, values: drawn } }, reached) : now;
  if ('fault' in filledIn) return show(c, now, step, { ...acted, acted: true }, acted.status);
  const stages = value(sent, 'stages');
  const query = new URLSearchParams({ act: acted.fills ?? action, ...(/^\d{1,6}$/.test(stages) ? { stages } : {}) });
  return c.redirect(`${here}${here.includes('?') ? '&' : '?'}${query}`, 303);
}

/** What a page says of when its draft was saved. */
function savedText(c: C, { draft }: Opening): string {
  const { words, person: who } = c.var.view;
  return (who ? words.steps.saved : words.steps.savedHere)({ at: momentText(words, draft.savedAt ?? instant()) });
}

/** The same draft with another lender, where another was chosen: it moves there with what was typed. */
async function withLender(c: C, at: Opening, slug: string): Promise<Opening> {
  if (slug === '' || slug === at.lender.slug || !(await lendersOf(c)).some((one) => one.slug === slug)) return at;
  const { draft, ...there } = await newOpening(c, slug);
  if (at.draft.savedAt !== null) await discard(c, at);
  // Files are with the lender to whom they were given; they do not go along.
  const values = new Map([...at.draft.values].filter(([name]) => !name.startsWith('evidence.')));
  return { ...there, draft: { ...draft, values } };
}
