import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ErrorPage } from '../../web/pages/error.tsx';
import { ExportPage } from '../../web/pages/export.tsx';
import { type Pack, SharePage } from '../../web/pages/share.tsx';
import { BLANK, type Filled } from '../../web/parts/view.ts';
import { randomId } from '../chance.ts';
import { instant, later, MINUTE } from '../clock.ts';
import { type Outcome, recordExport } from '../execute/execute.ts';
import { proofsFor } from '../execute/proofs.ts';
import { stampsBy } from '../execute/stamp.ts';
import type { Source } from '../export/agreement.ts';
import { bundle } from '../export/bundle.tsx';
import { scheduleCalendar } from '../export/calendar.ts';
import { agreementPdf, type Making, making, recordPdf, settlementPdf } from '../export/documents.ts';
import { recordFile } from '../export/record.ts';
import { scheduleTable } from '../export/table.ts';
import { takenBy } from '../export/taken.ts';
import { known } from '../negotiation/case.ts';
import { available, EXPORTS, type Taken } from '../negotiation/custody.ts';
import { chosenFor, chosenOf } from '../negotiation/evidence-order.ts';
import { instalments } from '../negotiation/instalments.ts';
import type { FaceName } from '../negotiation/letters.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { lawOf } from '../plan/law/index.ts';
import { WAYS, type WayName, waysFor } from '../plan/law/ways.ts';
import { dayOf } from '../plan/law/zone.ts';
import { noted, prove } from '../proof.ts';
import type { Stamping } from '../record/cms-made.ts';
import { canonical, digestOf } from '../record/digest.ts';
import type { RecordFile, SealedEntry } from '../record/format.ts';
import { signingKey } from '../record/keys.ts';
import { alone, withhold } from '../record/withhold.ts';
import { keyed } from '../secret.ts';
import type { Loaded, StoredRecord } from '../store/casebook.ts';
import { type About, type Body, dropExport, exportKept, type Kept, keepExport, type Place, readExport } from '../store/exports.ts';
import type { CaseAdmission, CaseFile } from '../store/open.ts';
import { attachment } from './attachment.ts';
import { showWhy } from './case.ts';
import { fontsOf } from './font.ts';
import { instruments } from './give.ts';
import { assertSeated, assertTheirs, type C, caseId, doors, formOf, notFound, openCase, type Portal, page, tellBy } from './portal.ts';
import { refusedAt, refusedBy, returnedForm, type Said } from './returned.ts';

/**
 * What can be taken away. A document is made first, kept for a day, and its digest written into the record; then it is handed over, from an address that
 * writes nothing however often it is opened. So an entry stands for each document that was really made, and for no other.
 */

export const exportRoutes = new Hono<Portal>();

/** For so long a document is given again that lacks a time stamp, as the service gave none. */
const UNSTAMPED = 10 * MINUTE;

type What = (typeof EXPORTS)[number];

const TYPES: Record<What, string> = {
  'agreement.pdf': 'application/pdf',
  'settlement.pdf': 'application/pdf',
  'record.pdf': 'application/pdf',
  'record.json': 'application/json',
  'schedule.csv': 'text/csv; charset=utf-8',
  'schedule.ics': 'text/calendar; charset=utf-8',
  'bundle.zip': 'application/zip',
  'partial.zip': 'application/zip',
};

/** The whole record of the case of the path, for a person who has a door to it. */
type Whole = { loaded: Loaded; record: StoredRecord; admission: CaseAdmission; casefile: CaseFile; id: string };

/** `made` is the last part of the document's address. */
export type Made =
  | { ok: true; made: string; taken: Taken | null }
  /** `document` is set where it was made and nothing could be written: the lender's cases are paused. */
  | { ok: false; refusal: Refusal; record: StoredRecord; document?: Body };

exportRoutes.post('/cases/:case/exports/:what', async (c) => {
  const what = whatOf(c);
  const form = await formOf(c);
  const shown = (form.get('show') ?? []).map(Number).filter((seq) => Number.isSafeInteger(seq) && seq > 0);
  const way = WAYS.find((one) => one === form.get('way')?.[0]) ?? null;
  if (what === 'partial.zip' && shown.length === 0) {
    const said: Said = ({ share }) => ({ show: share.nothing });
    return refusedAt(c, shareAt(c, way), form, said, ({ errors }) => (way ? showPack(c, way, errors) : showShare(c, errors)));
  }
  const made = await takeAway(c, what, shown, way);
  if (made.ok) return c.redirect(`/cases/${caseId(c)}/exports/${what}/${made.made}`, 303);
  // What is there can be taken away from a case that is paused, too: the record does not say so, as nothing is written to it.
  if (made.document) {
    const { number } = made.record.row;
    return attachment(c, made.document, c.var.view.words.case.fileName[what](number), TYPES[what], nameOf(number, what));
  }
  if (made.refusal.code !== 'case.unproven') return refusedExport(c, made.refusal);
  // The record as it is stored proves by itself what of it holds: it is handed out under a name that says so, and nothing is signed or written.
  if (what === 'record.json') return unproven(c, made.record);
  return page(c, ErrorPage({ view: c.var.view, kind: 'unproven' }), 409);
});

/** Where a document comes from, for as long as it is kept; else the way to make it again. */
exportRoutes.get('/cases/:case/exports/:what/:made', async (c) => {
  const what = whatOf(c);
  const { id, row, admission } = await openCase(c);
  const body = await handedOut(c, { caseId: id, account: admission.seat.account, what }, c.req.param('made'));
  return body
    ? attachment(c, body, c.var.view.words.case.fileName[what](row.number), TYPES[what], nameOf(row.number, what))
    : offer(c, what);
});

/** The document that is kept for a person at an address; null where there is none, or it is not what was made. */
export async function handedOut(c: C, at: Place, address: string): Promise<ReadableStream<Uint8Array> | null> {
  const [made, proof] = address.split('.');
  const { files } = c.var.env;
  const kept = await exportKept(files, at, (about) => about.made === made);
  const same = kept !== null && proof === proofOf(c, at, kept);
  if (kept && !same)
    console.error(`case ${at.caseId}: ${at.what} in storage is not what was made, or its address is not one of the portal's`);
  return same ? await readExport(files, at, kept.sha256) : null;
}

/** Where links to a document led before it was made by a form: an address that is opened makes nothing. */
exportRoutes.get('/cases/:case/exports/:what', async (c) => offer(c, whatOf(c)));

/** What in the address of a document tells that these very bytes were made for this person, as what they are: storage could hold any. */
function proofOf({ var: { env } }: C, { caseId: id, account, what }: Place, { made, variant, sha256 }: Kept): string {
  return keyed(env, 'export', canonical([id, account, what, made, variant, sha256])).slice(0, 32);
}

export const addressOf = (c: C, at: Place, kept: Kept) => `${kept.made}.${proofOf(c, at, kept)}`;

async function offer(c: C, what: What) {
  const { id, row, kase } = await openCase(c);
  if (what === 'partial.zip') return c.redirect(`/cases/${id}/share`, 303);
  if (!available(kase).includes(what)) throw notFound();
  return page(c, ExportPage({ view: c.var.view, id, number: row.number, what }));
}

/** The entries that a person picks to show, in a bundle of which the rest is withheld. */
exportRoutes.get('/cases/:case/share', async (c) => showShare(c, (await returnedForm(c, shareAt(c, null)))?.errors ?? {}));

/** Where entries are picked: to show them to anybody, or for a way elsewhere. */
const shareAt = (c: C, way: WayName | null) => `/cases/${caseId(c)}/${way === null ? 'share' : `ways/${way}`}`;

async function showShare(c: C, errors: Filled['errors'], pack?: (found: Whole) => Pack) {
  const found = await whole(c);
  await assertProved(found);
  const { loaded, record, id } = found;
  const form = { ...BLANK, errors };
  const { kase } = loaded;
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  const { number } = record.row;
  return page(c, SharePage({ view: c.var.view, id, number, kase, entries: record.entries, form, pack: pack?.(found) }), status);
}

/** The same for a way elsewhere, in court order, with what is read there chosen; `?complaint=12` chooses what a complaint is about. */
exportRoutes.get('/cases/:case/ways/:way', async (c) => {
  const way = WAYS.find((one) => one === c.req.param('way'));
  if (!way) throw notFound();
  return showPack(c, way, (await returnedForm(c, shareAt(c, way)))?.errors ?? {});
});

function showPack(c: C, way: WayName, errors: Filled['errors']) {
  return showShare(c, errors, ({ loaded: { kase, policy }, record: { entries } }) => {
    const law = lawOf(policy);
    // Papers for whoever oversees the lender are for the lender, too, to prepare: it is asked for them.
    if (!waysFor(law.code, policy.lender.kind, dayOf(instant(), law.place.zone)).some(({ id }) => id === way)) throw notFound();
    const complaint = kase.complaints.find(({ seq }) => `${seq}` === c.req.query('complaint'))?.seq;
    const isAgain = Object.keys(errors).length > 0;
    const chosen = isAgain ? [] : complaint === undefined ? chosenFor(way, entries) : chosenOf(complaint, entries);
    return { way, jurisdiction: law.code, chosen: new Set(chosen) };
  });
}

function whatOf(c: C): What {
  const what = EXPORTS.find((one) => one === c.req.param('what'));
  if (!what) throw notFound();
  return what;
}

/** The name of a file in ASCII. */
export const nameOf = (number: string, what: string) => `heyi-${number}-${what}`;

/** One round trip: the case with its whole record, or 404 for whoever has no door to it. */
export async function whole(c: C): Promise<Whole> {
  const id = caseId(c);
  for (const { admission, casefile } of doors(c)) {
    const loaded = await casefile.load('', { whole: true });
    if (!loaded.record) continue;
    assertSeated(c, admission, loaded.kase);
    assertTheirs(id, loaded.doubts);
    tellBy(c, loaded.policy);
    return { loaded, record: loaded.record, admission, casefile, id };
  }
  throw notFound();
}

/** Stops with 409 where anything of a record does not hold: nothing is made of it then. */
export async function assertProved({ loaded, record, casefile, id }: Whole): Promise<void> {
  const { doubts } = await prove(record, casefile.published, loaded.doubts);
  if (doubts.length === 0) return;
  noted(id, doubts);
  throw new HTTPException(409);
}

/** The entry that the path names by its number, as a document (`12.pdf`). */
export function entryOfPath(c: C, { record }: Pick<Whole, 'record'>) {
  const sealed = record.entries[Number.parseInt(c.req.param('seq') ?? '', 10) - 1];
  return sealed ? known(sealed) : null;
}

/**
 * Makes a document of the case of the path, keeps it and writes its digest into the record, or refuses. Asked again for what was just taken, with nothing
 * new said since, the one that is kept is given and nothing is written.
 */
export async function takeAway(c: C, what: What, shown: readonly number[], way: WayName | null = null): Promise<Made> {
  const { loaded, record, admission, casefile, id } = await whole(c);
  const { doubts } = await prove(record, casefile.published, loaded.doubts);
  if (doubts.length > 0) return { ok: false, refusal: noted(id, doubts), record };
  if (what !== 'partial.zip' && !available(loaded.kase).includes(what)) throw notFound();
  const { env, view } = c.var;
  const { account } = admission.seat;
  const at = { caseId: id, account, what };
  const variant = digestOf(JSON.stringify([view.language, way, ...shown]));
  // Which entries a part shows is chosen each time: it is made each time, as storage could pass off one that shows more.
  const again = what !== 'partial.zip' && loaded.kase.exports.includes(`${account} ${what}`);
  const now = instant();
  const isSame = (about: About) => about.variant === variant && (about.until === '' || about.until > now);
  const kept = again ? await exportKept(env.files, at, isSame) : null;
  if (kept && kept.sha256 === takenBy(record.entries, account, what).at(-1)) return { ok: true, made: addressOf(c, at, kept), taken: null };
  const stamps = stampsBy(env.tsa);
  const document = await documentOf(c, what, { loaded, record, admission, casefile, id }, { shown, way, stamp: stamps?.stamp ?? null });
  if (admission.lender.pausedAt !== null) return { ok: false, refusal: { code: 'lender.paused' }, record, document };
  const taken = (digest: string): Taken => ({ what, head: record.row.seq, digest });
  const { outcome, made } = await keepRecorded(
    c,
    at,
    { variant, until: stamps?.missed() ? later(now, UNSTAMPED) : '' },
    document,
    async ({ made: one, sha256 }) => {
      const order = { admission, casefile, requestId: `${account}:export:${one}`, ...(await instruments(c)) };
      return recordExport(order, taken(sha256), loaded);
    },
  );
  if (!outcome.ok) return { ok: false, refusal: outcome.refusal, record };
  return { ok: true, made: addressOf(c, at, made), taken: taken(made.sha256) };
}

/** Keeps a document as it was made, and has a record say that it was taken: what no record says is not handed over. */
export async function keepRecorded(c: C, at: Place, about: Omit<About, 'made'>, document: Body, record: (made: Kept) => Promise<Outcome>) {
  const { files } = c.var.env;
  const made = await keepExport(files, at, { made: randomId(), ...about }, document);
  const outcome = await record(made).catch(async (thrown) => {
    await dropExport(files, at);
    throw thrown;
  });
  if (!outcome.ok) await dropExport(files, at);
  return { outcome, made };
}

async function documentOf(
  c: C,
  what: What,
  { loaded, record: stored, casefile, id, admission }: Whole,
  { shown, way, stamp }: { shown: readonly number[]; way: WayName | null; stamp: Stamping | null },
): Promise<Body> {
  const { env, view } = c.var;
  const { words } = view;
  const { kase } = loaded;
  const { number, openedAt } = stored.row;
  if (what === 'schedule.csv') return scheduleTable({ rows: instalments(kase) }, words);
  if (what === 'schedule.ics') {
    const at = kase.agreement?.at ?? openedAt;
    const source = { id, number, lender: kase.lenderName, at, link: `${env.origin}/cases/${id}` };
    return scheduleCalendar({ rows: instalments(kase) }, source, words);
  }
  const record = recordFile(stored, casefile.published);
  if (what === 'record.json') return JSON.stringify(record);
  // Proofs first: an anchor that is made now is older than the index that names it.
  const isBundle = what === 'bundle.zip' || what === 'partial.zip';
  const proofs = isBundle ? await proofsFor(env, admission.lender, { case: id, entries: stored.entries }, instant(), stamp) : [];
  const from = { record: stored, casefile, lender: admission.lender };
  const made = await makingOf(c, from, new Map(), stamp, what === 'partial.zip' ? shown : null);
  const purpose = what === 'partial.zip' && way ? { way, jurisdiction: lawOf(loaded.policy).code } : null;
  if (isBundle) return bundle(made, env.files, await signingKey(env.keys), proofs, purpose);
  if (what === 'settlement.pdf') return settlementPdf(made);
  return what === 'record.pdf' ? recordPdf(made) : agreementPdf(made);
}

type From = Pick<Whole, 'record' | 'casefile'> & Pick<CaseAdmission, 'lender'>;

/** What the documents of a case are made from. `fonts` are those that were read before; `shown` the entries that a partial bundle shows, null for all. */
export function makingOf(
  c: C,
  from: From,
  fonts: Map<FaceName, Promise<Uint8Array>>,
  stamp: Stamping | null,
  shown: readonly number[] | null = null,
): Promise<Making> {
  const all = recordFile(from.record, from.casefile.published);
  const record = shown === null ? all : withhold(all, new Set(shown));
  return makingFrom(c, from, { record, written: record, stamp }, fonts);
}

/**
 * What a document of one entry is made from: it carries itself and what proves it, nothing of the other entries but their digests. `beside` is what it says that
 * others hold.
 */
export function makingAlone(c: C, from: From, entry: SealedEntry, beside: unknown = null): Promise<Making> {
  const record = alone(recordFile(from.record, from.casefile.published), entry.seq);
  return makingFrom(c, from, { record, written: [entry, beside], stamp: stampsBy(c.var.env.tsa)?.stamp ?? null });
}

/** `written` is what of the record is set in letters. */
async function makingFrom(
  c: C,
  { record: stored, lender }: From,
  { record, written, stamp }: { record: RecordFile; written: unknown; stamp: Stamping | null },
  fonts?: Map<FaceName, Promise<Uint8Array>>,
): Promise<Making> {
  const { env, view } = c.var;
  const { number, seq, hash } = stored.row;
  const source: Source = {
    number,
    lender: lender.name,
    head: { seq, hash },
    origin: env.origin,
    fonts: await fontsOf(c, JSON.stringify([written, lender.name]), fonts),
    at: instant(),
  };
  return making(record, { source, words: view.words, signer: env.documents, stamp });
}

/** The case's page with why nothing was taken away on top. */
export function refusedExport(c: C, refusal: Refusal) {
  return refusedAt(c, `/cases/${caseId(c)}`, new Map(), refusedBy(refusal), (form) => showWhy(c, form));
}

function unproven(c: C, record: StoredRecord) {
  return attachment(
    c,
    JSON.stringify(recordFile(record, c.var.env.keys)),
    nameOf(record.row.number, 'unproven-record.json'),
    TYPES['record.json'],
  );
}
