import { Hono } from 'hono';
import { LogoPage } from '../../web/pages/logo.tsx';
import { BLANK, type Filled } from '../../web/parts/view.ts';
import { instant } from '../clock.ts';
import { receiveLogo } from '../intake/logo.ts';
import { typeOf } from '../intake/types.ts';
import { changePolicy, type PolicyChange } from '../negotiation/lender/policies.ts';
import { type HeldPolicy, LOGO, type Logo } from '../negotiation/policy.ts';
import { isRefused, refuse } from '../negotiation/refusal.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { type DeskAdmission, openDesk, openInstitution, publishedLogo } from '../store/open.ts';
import { SANDBOX } from './attachment.ts';
import { deskWith } from './institution.ts';
import { writePolicy } from './policy.ts';
import { type C, formData, notFound, type Portal, page } from './portal.ts';
import { refusedAt, refusedBy, returnedForm, type Said, statusOf } from './returned.ts';

/** A lender's logo: proposed by one of its administrators, confirmed by another person with the policy that it is part of, shown to whoever reads the lender's pages. */

export const logoRoutes = new Hono<Portal>();

const AT = '/desk/:lender/policy/logo' as const;
const DIGEST = ':sha256{[0-9a-f]{64}}';

/** A picture that is drawn and nothing else, wherever it is opened. Its address is its digest, so it never changes. */
function picture(c: C, bytes: Uint8Array<ArrayBuffer> | null, caching?: string) {
  const type = LOGO.types.find((one) => bytes && one === typeOf(bytes));
  if (!bytes || !type) throw notFound();
  if (caching) c.header('Cache-Control', caching);
  c.header('Content-Type', type);
  c.set('sandbox', SANDBOX);
  return c.body(bytes);
}

logoRoutes.get(`/lenders/:lender/logo/${DIGEST}`, async (c) => {
  const lender = await c.var.directory.lenderBySlug(c.req.param('lender').slice(0, 32));
  if (!lender) throw notFound();
  return picture(c, await publishedLogo(c.var.env, lender, c.req.param('sha256')), 'public, max-age=31536000, immutable');
});

/** The same for the lender's own people, of what is proposed or was once. */
logoRoutes.get(`${AT}/${DIGEST}`, async (c) => {
  return picture(c, await openDesk(c.var.env, deskWith(c, 'inspect')).logo(c.req.param('sha256')));
});

logoRoutes.get(AT, async (c) => {
  const admission = deskWith(c, 'administer');
  const form = await returnedForm(c, pathOf(admission));
  return show(c, admission, form ? { ...form, again: true } : BLANK);
});

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/policy/logo`;

async function show(c: C, admission: DeskAdmission, form: Filled) {
  const { newest } = await openInstitution(c.var.env, admission).load('');
  const { lender } = admission;
  return page(c, LogoPage({ view: c.var.view, lender, logo: newest?.lender.logo, form }), statusOf(form));
}

/** From today on, or from the day on which what is the newest begins to hold: that is not to come sooner by it. */
function changed(newest: HeldPolicy, begins: string | null, at: string, logo: Logo | undefined): PolicyChange {
  const { version: base, ...policy } = newest;
  const { logo: _, ...lender } = policy.lender;
  const { zone } = lawOf(newest).place;
  const from = dayOf(begins !== null && begins > at ? begins : at, zone);
  return { base, from, policy: { ...policy, lender: logo ? { ...lender, logo } : lender } };
}

logoRoutes.post(AT, async (c) => {
  const admission = deskWith(c, 'administer');
  const data = await formData(c);
  const wrong = (said: Said) => refusedAt(c, pathOf(admission), BLANK.values, said, (form) => show(c, admission, { ...form, again: true }));
  const file = data.get('file');
  const isRemoved = data.get('remove') === 'yes';
  const got = isRemoved ? null : file instanceof File ? await receiveLogo(file) : { fault: 'empty' as const };
  if (got && 'fault' in got)
    return wrong(({ logo }) => ({
      file: logo.bad[got.fault]({ kib: LOGO.bytes / 1024, width: LOGO.width, height: LOGO.height, least: LOGO.least }),
    }));
  const book = openInstitution(c.var.env, admission);
  const { newest, institution } = await book.load('');
  if (newest === null) return wrong(refusedBy(refuse('lender.unproven').refused));
  const now = instant();
  const change = changed(newest, institution.policies.at(-1)?.from ?? null, now, got?.logo);
  const tried = changePolicy(institution, change, { at: now, seat: admission.seat, newest });
  if (isRefused(tried)) return wrong(refusedBy(tried.refused));
  // Before what names it: a picture that nothing names is shown to nobody.
  if (got && book.paused !== true) await openDesk(c.var.env, admission).keepLogo(got.logo, got.bytes, now);
  const requestId = data.get('requestId');
  const values = new Map([['requestId', [typeof requestId === 'string' ? requestId : '']]]);
  const outcome = await writePolicy(c, admission, values, 'policy.change', change, (stands, context) =>
    changePolicy(stands, change, context),
  );
  if (!outcome.ok) return wrong(refusedBy(outcome.refusal));
  return c.redirect(`/desk/${admission.lender.slug}/policy?done=proposed`, 303);
});
