import { Hono } from 'hono';
import { HomePage } from '../../web/pages/home.tsx';
import { EndedPage, LenderPage } from '../../web/pages/lender.tsx';
import { LawPage, OutboxPage, VerifyPage } from '../../web/pages/public.tsx';
import { instant } from '../clock.ts';
import { contactIn, shownContact } from '../contact.ts';
import { isLocal } from '../door.ts';
import type { Env } from '../env.ts';
import { shownCode, unlockedSecret } from '../factor.ts';
import { DEFAULT_POLICY } from '../negotiation/policy.ts';
import { lawOf } from '../plan/law/index.ts';
import { HOME } from '../plan/law/place.ts';
import { dayOf } from '../plan/law/zone.ts';
import { publishedCertificates } from '../record/certificates.ts';
import { publishedDocument } from '../record/published.ts';
import type { Account } from '../store/accounts.ts';
import { endedPath } from '../store/files.ts';
import { publishedBy, takesCases } from '../store/open.ts';
import { attachment } from './attachment.ts';
import { hasBegun } from './beginnings.ts';
import { notFound, type Portal, page } from './portal.ts';

/** What anybody may see: the front page, verification, the published keys. On a development machine from which no letters leave, the outbox. */

export const publicRoutes = new Hono<Portal>();

publicRoutes.get('/', async (c) =>
  page(
    c,
    HomePage({
      view: c.var.view,
      lenders: (await c.var.directory.lenders()).filter(takesCases),
      today: dayOf(instant(), HOME.zone),
      begun: hasBegun(c),
    }),
  ),
);

publicRoutes.get('/verify', (c) => page(c, VerifyPage({ view: c.var.view })));

publicRoutes.get('/law', (c) => page(c, LawPage({ view: c.var.view, law: lawOf(DEFAULT_POLICY), on: dayOf(instant(), HOME.zone) })));

/** What a lender publishes: what a plan is held against, and where to pay. */
publicRoutes.get('/lenders/:lender', async (c) => {
  const lender = await c.var.directory.lenderEver(c.req.param('lender').slice(0, 32));
  if (!lender) throw notFound();
  if (lender.endedAt !== null) {
    const stated = (await c.var.env.files.head(endedPath(lender.slug))) !== null;
    return page(c, EndedPage({ view: c.var.view, lender, at: lender.endedAt, stated }));
  }
  const published = await publishedBy(c.var.env, lender);
  return page(c, LenderPage({ view: c.var.view, lender, policy: published?.policy ?? null, since: published?.since ?? null }));
});

/** What was erased of a lender that has ended, as the portal signed it: numbers and digests. */
publicRoutes.get('/lenders/:lender/ended.json', async (c) => {
  const lender = await c.var.directory.lenderEver(c.req.param('lender').slice(0, 32));
  const stated = lender?.endedAt ? await c.var.env.files.get(endedPath(lender.slug)) : null;
  if (!lender || !stated) throw notFound();
  return attachment(c, await stated.text(), `${lender.slug}-ended.json`, 'application/json');
});

publicRoutes.get('/.well-known/heyi-keys.json', (c) => {
  c.header('Cache-Control', 'public, max-age=300');
  c.header('Access-Control-Allow-Origin', '*');
  return c.json(publishedDocument(c.var.env.keys, publishedCertificates(c.var.env.documents)));
});

/** Anchors of one answer. */
const ANCHORS_A_PAGE = 50;

/**
 * The list of a lender's anchors after one (`?after=N`, 0 unless said otherwise), for whoever follows it, also of a lender that is no more. It tells of no case, nor
 * how many there are.
 */
publicRoutes.get('/.well-known/heyi-anchors/:lender', async (c) => {
  c.header('Access-Control-Allow-Origin', '*');
  const asked = c.req.query('after') ?? '0';
  if (!/^\d{1,15}$/.test(asked)) return c.json({ error: 'after: a whole number, 0 or more, of at most 15 digits' }, 400);
  const { directory } = c.var;
  const lender = (await directory.namedLenders()).find(({ slug }) => slug === c.req.param('lender'));
  if (!lender) return c.json({ error: 'there is no such lender' }, 404);
  const anchors = await directory.anchorsAfter(lender.id, Number(asked), ANCHORS_A_PAGE);
  c.header('Cache-Control', 'public, max-age=30');
  return c.json({ lender: lender.slug, anchors, next: anchors.length < ANCHORS_A_PAGE ? null : (anchors.at(-1)?.anchor.n ?? null) });
});

publicRoutes.get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /cases\nDisallow: /join\n'));

publicRoutes.get('/dev/outbox', async (c) => {
  if (!c.var.env.outbox || !isLocal(c.req.raw)) throw notFound();
  const { env, directory, view } = c.var;
  const [mail, people] = await Promise.all([directory.newestMail(30), directory.peopleWithFactors()]);
  return page(
    c,
    OutboxPage({ view, mail, codes: await Promise.all(people.map((one) => appCode(env.keys, one))).then((all) => all.flat()) }),
  );
});

/** What somebody's app shows now: nobody with a phone is at a development machine's demo world. */
async function appCode(keys: Env['keys'], { account, secret }: { account: Account; secret: string }) {
  const unlocked = await unlockedSecret(keys, account.id, secret);
  if (unlocked === null) return [];
  const { code, milliseconds } = shownCode(unlocked, Date.now());
  return [{ name: account.name, contact: shownContact(contactIn(account)), code, seconds: Math.ceil(milliseconds / 1000) }];
}
