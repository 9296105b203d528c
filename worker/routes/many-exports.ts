import { Hono } from 'hono';
import { type Reported, ReportPage } from '../../web/pages/many.tsx';
import { TakeManyPage } from '../../web/pages/take-many.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { refusalText } from '../../web/words/index.ts';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { recordExport } from '../execute/execute.ts';
import { keep } from '../execute/keep.ts';
import { proofsFor } from '../execute/proofs.ts';
import { stampsBy } from '../execute/stamp.ts';
import { type Asked, manyBundles, type Packed, TooMuch } from '../export/many.ts';
import type { Typed } from '../negotiation/form.ts';
import type { FaceName } from '../negotiation/letters.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { isDate } from '../plan/calendar.ts';
import { HOME } from '../plan/law/place.ts';
import { endOfDay, instantOf } from '../plan/law/zone.ts';
import { noted, prove } from '../proof.ts';
import { lenderStream } from '../record/format.ts';
import { signingKey } from '../record/keys.ts';
import { admitFromDesk } from '../store/admission.ts';
import { dropExport, type Kept, keepExport, type Place } from '../store/exports.ts';
import { type DeskAdmission, openCaseFile, openDesk, openInstitution } from '../store/open.ts';
import { value } from './arrival.ts';
import { attachment } from './attachment.ts';
import { addressOf, handedOut, makingOf } from './exports.ts';
import { instruments, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { assertTheirs, type C, formOf, notFound, type Portal, page } from './portal.ts';
import { unproved } from './proof.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/**
 * Many cases taken away at once, by those who may look into all of their lender's: each as its own bundle, in one ZIP. As with one case, it is made first and kept
 * for a day; then the lender's own stream and the record of each case say so; then what became of each is told, with the way to it.
 */

export const manyExportRoutes = new Hono<Portal>();

/** For so many milliseconds in all whoever takes cases away waits for time stamps. */
const STAMPING = 60_000;
/** How many cases one ZIP holds at most. */
const MOST_CASES = 50;

/** Where a ZIP is kept: each by itself, so that a form that is sent twice does not put one in place of the other. */
const placeOf = ({ lender, seat }: DeskAdmission, made: string): Place => ({
  caseId: lenderStream(lender.slug),
  account: seat.account,
  what: `cases-${made}.zip`,
});

/** The page on which cases are chosen by their days or numbers; or those that the desk's list names (`case`, as often as there are). */
manyExportRoutes.get('/desk/:lender/exports', async (c) => {
  const admission = deskWith(c, 'inspect');
  const form = (await returnedForm(c, pathOf(admission))) ?? {
    ...filled({}),
    values: new Map([['case', idsIn(c.req.queries('case') ?? [])]]),
  };
  return show(c, admission, form, statusOf(form));
});

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/exports`;

async function show(c: C, { lender }: DeskAdmission, form: Filled, status: 200 | 422 = 200) {
  return page(c, TakeManyPage({ view: c.var.view, lender, form, most: MOST_CASES }), status);
}

const idsIn = (typed: readonly string[]) => [...new Set(typed.filter((id) => /^[0-9a-f]{32}$/.test(id)))];

manyExportRoutes.post('/desk/:lender/exports', async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, 'inspect');
  const again = (said: Said) => refusedAt(c, pathOf(admission), values, said, (form) => show(c, admission, form, 422));
  const chosen = await chosenIn(c, admission, values);
  if ('said' in chosen) return again(chosen.said);
  const wrong = await unproved(c, values);
  if (wrong) return again(wrong.said);
  const id = randomId();
  const at = placeOf(admission, id);
  const ids = chosen.cases.map((one) => one.id);
  const made = await packUp(c, admission, { at, made: id }, ids).catch((thrown: unknown) => {
    if (thrown instanceof TooMuch) return null;
    throw thrown;
  });
  if (!made) return again(({ takeMany }) => ({ '': takeMany.tooMuch }));
  const refusal =
    made.packed.length === 0 ? { code: 'case.unproven' as const, doubts: [] } : await told(c, admission, made, requestIdOf(values));
  if (!refusal) {
    const { words } = c.var.view;
    const packed = new Set(made.packed.map((one) => one.case));
    const rows = chosen.cases.map(({ id: one, number, borrower }): Reported => {
      const what = packed.has(one) ? 'taken' : 'unproven';
      return { id: one, number, borrower, what, why: words.manyActs.done[what] };
    });
    const download = `/desk/${admission.lender.slug}/exports/${addressOf(c, at, made.kept)}`;
    return page(c, ReportPage({ view: c.var.view, lender: admission.lender, rows, download }));
  }
  await dropExport(c.var.env.files, at);
  return again((words) => ({ '': refusalText(words, refusal) }));
});

/** Where the ZIP comes from for a day, for who had it made and may still look into all cases. */
manyExportRoutes.get('/desk/:lender/exports/:made', async (c) => {
  const admission = deskWith(c, 'inspect');
  const { lender } = admission;
  const address = c.req.param('made');
  const [made = ''] = address.split('.');
  const body = /^[0-9a-f]{32}$/.test(made) ? await handedOut(c, placeOf(admission, made), address) : null;
  if (!body) return c.redirect(`/desk/${lender.slug}/exports`, 303);
  return attachment(c, body, c.var.view.words.takeMany.fileName(lender.name), 'application/zip', `heyi-${lender.slug}-cases.zip`);
});

/** Which cases a form asks for: by their ids, their numbers, or the days of their newest entries; or what is wrong with it. */
async function chosenIn(c: C, admission: DeskAdmission, values: Typed): Promise<{ cases: Chosen[] } | { said: Said }> {
  const tooMany = (field: string): { said: Said } => ({
    said: ({ takeMany }) => ({ [field]: takeMany.tooMany({ most: MOST_CASES }) }),
  });
  const desk = openDesk(c.var.env, admission);
  const ids = idsIn(values.get('case') ?? []);
  if (ids.length > MOST_CASES) return tooMany('');
  if (ids.length > 0) {
    // One that is none of this lender's is nobody's.
    const there = await desk.chosen({ ids }, MOST_CASES + 1);
    if (there.length < ids.length) throw notFound();
    return { cases: there };
  }
  const numbers = [
    ...new Set(
      value(values, 'numbers')
        .toUpperCase()
        .match(/[^\s,，、;；]+/g) ?? [],
    ),
  ];
  if (numbers.length > MOST_CASES) return tooMany('numbers');
  if (numbers.length > 0) {
    const there = await desk.chosen({ numbers }, MOST_CASES + 1);
    const missing = numbers.filter((number) => !there.some((one) => one.number === number));
    return missing.length > 0
      ? { said: ({ takeMany, comma }) => ({ numbers: takeMany.unknown({ numbers: missing.slice(0, 5).join(comma) }) }) }
      : { cases: there };
  }
  const [from, until] = [value(values, 'from'), value(values, 'until')];
  if (!isDate(from) || !isDate(until))
    return {
      said: ({ takeMany }) => ({
        ...(isDate(from) ? {} : { from: takeMany.day }),
        ...(isDate(until) ? {} : { until: takeMany.day }),
      }),
    };
  if (until < from) return { said: ({ takeMany }) => ({ until: takeMany.order }) };
  const days = { from: instantOf(`${from}T00:00`, HOME.zone), until: endOfDay(until, HOME.zone) };
  const found = await desk.chosen(days, MOST_CASES + 1);
  if (found.length > MOST_CASES) return tooMany('until');
  return found.length === 0 ? { said: ({ takeMany }) => ({ until: takeMany.none }) } : { cases: found };
}

/** A case that is asked for. */
type Chosen = { id: string; number: string; borrower: string | null };

type Made = { kept: Kept; packed: Packed[] };

/** Makes the ZIP and keeps it. Nothing is kept where it fails on the way. @throws TooMuch */
async function packUp(c: C, admission: DeskAdmission, { at, made }: { at: Place; made: string }, ids: readonly string[]): Promise<Made> {
  const { env } = c.var;
  const away = { lender: admission.lender, at: instant() };
  const { body, packed } = manyBundles(proven(c, admission, ids), away, env.files, await signingKey(env.keys));
  const kept = await keepExport(env.files, at, { made, variant: '', until: '' }, body);
  return { kept, packed };
}

/** The cases one after the other, each verified first; of one about which there is any doubt nothing is made. */
async function* proven(c: C, admission: DeskAdmission, ids: readonly string[]): AsyncGenerator<Asked> {
  const fonts = new Map<FaceName, Promise<Uint8Array>>();
  const stamp = stampsBy(c.var.env.tsa, STAMPING)?.stamp ?? null;
  for (const id of ids) {
    const casefile = openCaseFile(c.var.env, admitFromDesk(admission, id));
    const loaded = await casefile.load('', { whole: true });
    if (!loaded.record) throw notFound();
    assertTheirs(id, loaded.doubts);
    const { doubts } = await prove(loaded.record, casefile.published, loaded.doubts);
    const { row, entries } = loaded.record;
    const one = { case: id, number: row.number };
    if (doubts.length > 0) {
      noted(id, doubts);
      yield { ...one, making: null, proofs: [] };
      continue;
    }
    const stored = { record: loaded.record, casefile, lender: admission.lender };
    // Proofs first: an anchor that is made now is older than the index that names it.
    const proofs = await proofsFor(c.var.env, admission.lender, { case: id, entries }, instant(), stamp);
    yield { ...one, making: await makingOf(c, stored, fonts, stamp), proofs };
  }
}

/** Has the lender's own stream say what is taken away, and the record of each case; why not, where one cannot. Of one that is paused nothing is written. */
async function told(c: C, admission: DeskAdmission, { kept, packed }: Made, requestId: string): Promise<Refusal | null> {
  const { lender, seat } = admission;
  if (lender.pausedAt !== null) return null;
  const content = { digest: kept.sha256, cases: packed.map(({ case: id, number, head }) => ({ case: id, number, head: head.seq })) };
  const outcome = await keep({
    book: openInstitution(c.var.env, admission),
    seat,
    requestId: `${seat.account}:${requestId}`,
    asked: { name: 'cases.export', input: content },
    decide: () => [{ kind: 'cases.exported', content }],
    ...(await instruments(c)),
  });
  if (!outcome.ok) return outcome.refusal;
  for (const { case: id, sha256, head } of packed) {
    const into = admitFromDesk(admission, id);
    const order = {
      admission: into,
      casefile: openCaseFile(c.var.env, into),
      requestId: `${seat.account}:export:${kept.made}:${id}`,
      ...(await instruments(c)),
    };
    const said = await recordExport(order, { what: 'bundle.zip', head: head.seq, digest: sha256 });
    if (!said.ok) return said.refusal;
  }
  return null;
}
