import { Hono } from 'hono';
import { OwnRecordPage } from '../../web/pages/own.tsx';
import { recordOwnExport } from '../execute/execute.ts';
import { privateRecordFile } from '../export/record.ts';
import { knownOwn } from '../negotiation/case.ts';
import { notTheirs } from '../negotiation/command.ts';
import { OWN_EXPORTS } from '../negotiation/custody.ts';
import { noted, proveOwn } from '../proof.ts';
import { exportKept } from '../store/exports.ts';
import type { StoredPrivate } from '../store/streams.ts';
import { attachment } from './attachment.ts';
import { addressOf, handedOut, keepRecorded, nameOf, refusedExport } from './exports.ts';
import { instruments } from './give.ts';
import { assertTheirs, type C, doors, notFound, openCase, type Portal, page, pageBefore, tellBy } from './portal.ts';

/** What a side keeps to itself in a case: all of it, page by page, and as a file to take away. Whoever opens no private stream finds nothing here. */

export const ownRoutes = new Hono<Portal>();

const A_PAGE = 30;

const [what] = OWN_EXPORTS;
const FILE = `/cases/:case/own/${what}` as const;
const TYPE = 'application/json';

/** The case of the path with a page of the seat's own stream. */
export async function openOwnStream(c: C) {
  const opened = await openCase(c, undefined, { most: A_PAGE, before: pageBefore(c) });
  if (!opened.own) throw notFound();
  return { ...opened, own: opened.own };
}

ownRoutes.get('/cases/:case/own', async (c) => showOwn(c));

async function showOwn(c: C) {
  const { id, row, own } = await openOwnStream(c);
  return page(c, OwnRecordPage({ view: c.var.view, id, number: row.number, own }));
}

/** Made and kept as every document is; that it was taken away is told in the stream itself. */
ownRoutes.post(FILE, async (c) => {
  for (const { admission, casefile } of doors(c)) {
    const loaded = await casefile.load('', { whole: 'private' });
    if (!loaded.head) continue;
    const { id } = casefile;
    assertTheirs(id, loaded.doubts);
    const { own } = loaded;
    tellBy(c, loaded.policy);
    if (!own?.record || notTheirs(loaded.kase, admission.seat)) break;
    const { published } = casefile;
    const { doubts } = await proveOwn(own.record, published, own.doubts);
    const { number } = own.record.header;
    const file = JSON.stringify(privateRecordFile(own.record, published));
    // As it is stored it proves by itself what of it holds: it is handed out under a name that says so, and nothing is written.
    if (doubts.length + loaded.doubts.length > 0) {
      noted(id, [...loaded.doubts, ...doubts]);
      return attachment(c, file, nameOf(number, `unproven-${what}`), TYPE);
    }
    const { account } = admission.seat;
    const at = { caseId: id, account, what };
    const kept = own.own.exports.includes(`${account} ${what}`) ? await exportKept(c.var.env.files, at, () => true) : null;
    if (kept && kept.sha256 === lastTaken(own.record, account))
      return c.redirect(`/cases/${id}/own/${what}/${addressOf(c, at, kept)}`, 303);
    const { outcome, made } = await keepRecorded(c, at, { variant: '', until: '' }, file, async ({ made: one, sha256 }) => {
      const order = { admission, casefile, requestId: `${account}:export:${one}`, ...(await instruments(c)) };
      return recordOwnExport(order, { what, head: own.own.seq, digest: sha256 }, loaded);
    });
    if (!outcome.ok) return refusedExport(c, outcome.refusal);
    return c.redirect(`/cases/${id}/own/${what}/${addressOf(c, at, made)}`, 303);
  }
  throw notFound();
});

/** The digest of the file that a person took away last. */
function lastTaken({ entries }: StoredPrivate, account: string): string | undefined {
  const taken = entries.flatMap((sealed) => {
    const entry = knownOwn(sealed);
    return entry?.kind === 'custody.exported' && entry.content && entry.author?.account === account ? [entry.content.digest] : [];
  });
  return taken.at(-1);
}

/** Where the file comes from, for as long as it is kept; else the page on which it is asked for. */
ownRoutes.get(`${FILE}/:made`, async (c) => {
  const { id, row, own, admission } = await openCase(c);
  if (!own) throw notFound();
  const body = await handedOut(c, { caseId: id, account: admission.seat.account, what }, c.req.param('made') ?? '');
  return body ? attachment(c, body, nameOf(row.number, what), TYPE) : showOwn(c);
});

/** An address that is opened makes nothing. */
ownRoutes.get(FILE, async (c) => showOwn(c));
