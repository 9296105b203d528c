import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import { ErrorPage } from '../web/pages/error.tsx';
import { RecordGonePage } from '../web/pages/gone-record.tsx';
import { isOurs } from './door.ts';
import { readEnv } from './env.ts';
import { MAIL_BYTES } from './inbound/receive.ts';
import { COMMANDS } from './negotiation/case.ts';
import type { Command } from './negotiation/command.ts';
import { FORM_BOUNDS, FormTooLarge } from './negotiation/form.ts';
import { accountRoutes } from './routes/account.ts';
import { addressOf } from './routes/address.ts';
import { agreementRoutes } from './routes/agreement.ts';
import { apiRoutes, problem } from './routes/api.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { assetRoutes } from './routes/assets.ts';
import { assignmentRoutes } from './routes/assignment.ts';
import { SANDBOX } from './routes/attachment.ts';
import { besideRoutes } from './routes/beside.ts';
import { bounded } from './routes/body.ts';
import { caseRoutes } from './routes/case.ts';
import { claimRoutes } from './routes/claim.ts';
import { commandRoutes } from './routes/commands.ts';
import { complaintRoutes } from './routes/complaints.ts';
import { deskRoutes } from './routes/desk.ts';
import { deskComplaintRoutes } from './routes/desk-complaints.ts';
import { errandRoutes } from './routes/errands.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { exportRoutes } from './routes/exports.ts';
import { factorRoutes } from './routes/factor.ts';
import { figureRoutes } from './routes/figures.ts';
import { handOverRoutes } from './routes/hand-over.ts';
import { healthRoutes } from './routes/health.ts';
import { INBOUND, inboundRoutes, knowsSecret } from './routes/inbound.ts';
import { institutionRoutes } from './routes/institution.ts';
import { joinRoutes } from './routes/join.ts';
import { keepMessageRoutes } from './routes/keep-message.ts';
import { keepAndSignIn, keeps } from './routes/kept.ts';
import { letterRoutes } from './routes/letters.ts';
import { loanRoutes } from './routes/loans.ts';
import { logoRoutes } from './routes/logo.ts';
import { manyActRoutes } from './routes/many-acts.ts';
import { manyExportRoutes } from './routes/many-exports.ts';
import { mediationRoutes } from './routes/mediation.ts';
import { openingRoutes } from './routes/opening.ts';
import { ownRoutes } from './routes/own.ts';
import { passkeyRoutes } from './routes/passkeys.ts';
import { policyRoutes } from './routes/policy.ts';
import {
  type C,
  chosenLanguage,
  chosenSize,
  keepLanguage,
  keepSize,
  notFound,
  type Portal,
  page,
  RecordGone,
  toSignIn,
  viewOf,
} from './routes/portal.ts';
import { proposalCheckRoutes } from './routes/proposal-check.ts';
import { proposalRoutes } from './routes/proposals.ts';
import { publicRoutes } from './routes/public.ts';
import { receivedRoutes } from './routes/received.ts';
import { recoverRoutes } from './routes/recover.ts';
import { reportRoutes } from './routes/reports.ts';
import { representativeRoutes } from './routes/representatives.ts';
import { scheduleRoutes } from './routes/schedule.ts';
import { secondContactRoutes } from './routes/second-contact.ts';
import { sentRoutes } from './routes/sent.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { signUpRoutes } from './routes/sign-up.ts';
import { staffRoutes } from './routes/staff.ts';
import { tableRoutes } from './routes/tables.ts';
import { templateChoiceRoutes } from './routes/template-choice.ts';
import { templateRoutes } from './routes/templates.ts';
import { toldRoutes } from './routes/told.ts';
import { undeliveredRoutes } from './routes/undelivered.ts';
import { vacateRoutes } from './routes/vacate.ts';
import { wayRoutes } from './routes/ways.ts';
import { wordingRoutes } from './routes/wording.ts';
import { sessions } from './session.ts';
import { admissions, owesFactor } from './store/admission.ts';
import { FileDiffers } from './store/files.ts';
import { openDirectory } from './store/open.ts';
import { isUnreachable } from './store/reach.ts';

const MEGABYTE = 1024 * 1024;
const UPLOAD_LIMIT = 64 * MEGABYTE;
const UPLOADS = new RegExp(
  `^/(?:cases/[^/]+/do/(?:${given(({ doors }) => doors.includes('upload'))})|open/[^/]+/(?:[^/]+/)?evidence|desk/[^/]+/import)$`,
);

/** Requests that bring a proof of who sends them, a password once more: the try is counted with the round trip that says who is there. */
const PROVING = new RegExp(
  `^/(?:cases/[^/]+/do/(?:${given(({ proof }) => proof)})|account/(?:password|contact)|second-factor/(?:set-up|codes|off|passkeys/(?:new|remove))|desk/[^/]+/(?:policy/confirm|exports|tables)|desk/[^/]+/staff(?:/(?!invitations/).+)?)$`,
);

/** The names of some commands, as a pattern. */
function given(which: (command: Command) => boolean): string {
  return [...COMMANDS.values()].flatMap((one) => (which(one) ? [one.name.replace('.', '\\.')] : [])).join('|');
}

export const app = new Hono<Portal>();

/** Outermost, so that its word is the last: on downloads, and on keeping copies. Only what says that it is everybody's may be kept. */
app.use(async (c, next) => {
  await next();
  // In place: `c.header` would make the answer anew for each.
  const { headers } = c.res;
  if (!headers.get('cache-control')?.startsWith('public')) headers.set('Cache-Control', 'private, no-store');
  if (headers.get('content-disposition')?.startsWith('attachment')) headers.set('Content-Security-Policy', SANDBOX);
  const sandbox = c.get('sandbox');
  if (sandbox) headers.append('Content-Security-Policy', sandbox);
});

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    xFrameOptions: 'DENY',
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    referrerPolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
    strictTransportSecurity: 'max-age=63072000; includeSubDomains',
  }),
);

app.use(async (c, next) => {
  const env = readEnv(c.env);
  c.set('env', env);
  c.set('visit', null);
  c.set('owing', null);
  await next();
});

/** Asked for by another name (DNS rebinding), or past the door of this machine: misdirected (RFC 9110, 15.5.20), before anything is looked at. */
app.use(async (c, next) => (isOurs(c.req.raw, c.get('env')) ? next() : c.text('', 421)));

app.route('/', assetRoutes);

app.route('/', healthRoutes);

/** A line of the log for each request, where others come in. The route is named as it is written: an address may hold a secret, or say whose case it is. */
app.use(async (c, next) => {
  const begun = performance.now();
  await next();
  if (!c.get('env').development)
    console.log(
      JSON.stringify({
        method: c.req.method,
        route: routePath(c, -1),
        status: c.res.status,
        ms: Math.round(performance.now() - begun),
      }),
    );
});

/** What mail programs and servers send themselves: what they bring says what they may do, and no cookie of anybody's does anything there. */
const FROM_ELSEWHERE = /^\/(?:unsubscribe\/[^/]+|inbound\/mail)$/;

/** Unsafe requests come from pages of this site alone (OWASP: origin check), and not in floods. */
app.use(async (c, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next();
  const origin = c.req.header('origin');
  const own = origin
    ? origin === c.get('env').origin || origin === new URL(c.req.url).origin
    : c.req.header('sec-fetch-site') === 'same-origin';
  if (!own && !FROM_ELSEWHERE.test(c.req.path)) throw new HTTPException(403);
  const flood = await c.get('env').flood?.limit({ key: addressOf(c) });
  if (flood && !flood.success) throw new HTTPException(429);
  await next();
});

/** The case that a request is about, or ''. */
const caseOfPath = (path: string) => /^\/(?:cases|api\/v1\/cases)\/([0-9a-f]{32})(?:\/|$)/.exec(path)?.[1] ?? '';

/** The case in which a seat is asked for: the one that a request is about, or that a draft of an invited borrower is called by. */
const seatIn = (path: string) => caseOfPath(path) || (/^\/open\/[^/]+\/([0-9a-f]{32})\//.exec(path)?.[1] ?? '');

/** Who is there: one round trip to the directory, and none where no cookie came. */
app.use(async (c, next) => {
  const env = c.get('env');
  const directory = openDirectory(env);
  const about = seatIn(c.req.path);
  const cookies = c.req.header('cookie') ?? '';
  const ours = sessions(directory, env.origin.startsWith('https:'), about, c.req.method === 'POST' && PROVING.test(c.req.path));
  c.set('directory', directory);
  c.set('sessions', ours);
  const known = await ours.identify(cookies);
  const arrived = known?.visit.account.confirmedAt ? known.visit : null;
  const owing = arrived !== null && owesFactor(arrived);
  // What a second factor is owed for is nobody's: no route can forget to ask.
  c.set('visit', owing ? null : arrived);
  c.set('owing', owing ? arrived : null);
  const view = viewOf(c, arrived, env);
  c.set('view', owing ? { ...view, person: null } : view);
  await next();
  if (known?.cookie && !c.res.headers.has('set-cookie')) c.header('Set-Cookie', known.cookie, { append: true });
});

/** Nobody's files are read before it is known that they are somebody's who may send them here. */
app.use(async (c, next) => {
  if (c.req.method === 'POST' && UPLOADS.test(c.req.path)) {
    const visit = c.get('visit');
    if (!visit) return toSignIn(c, afterSignIn(c.req.path));
    const about = caseOfPath(c.req.path);
    if (about && admissions(visit, about).length === 0) throw notFound();
  }
  await next();
});

const afterSignIn = (path: string) => path.replace('/do/evidence.add', '/evidence');

app.use(INBOUND, knowsSecret);

app.use(
  bounded((path) => {
    if (path === INBOUND) return { bytes: MAIL_BYTES, otherwise: () => new HTTPException(413) };
    return UPLOADS.test(path)
      ? { bytes: UPLOAD_LIMIT, otherwise: () => new HTTPException(413) }
      : { bytes: FORM_BOUNDS.body, otherwise: () => new FormTooLarge() };
  }),
);

/** What was written when the session had ended is not lost. */
app.use(async (c, next) => (keeps(c) ? keepAndSignIn(c) : next()));

/** The language and the size of a page that answers a form stay with the device, the size with the account. */
app.use(async (c, next) => {
  await next();
  const [language, size] = [chosenLanguage(c), chosenSize(c)];
  if (language) keepLanguage(c, language);
  if (size) await keepSize(c, size);
});

/** An address that is there, asked for by another method than it takes. */
app.use(
  methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      c.header('Allow', methods.join(', '));
      return c.req.path.startsWith('/api/') ? problem(c, 405, 'method') : page(c, ErrorPage({ view: c.var.view, kind: 'method' }), 405);
    },
  }),
);

for (const routes of [
  publicRoutes,
  signUpRoutes,
  signInRoutes,
  recoverRoutes,
  accountRoutes,
  secondContactRoutes,
  toldRoutes,
  undeliveredRoutes,
  scheduleRoutes,
  inboundRoutes,
  factorRoutes,
  passkeyRoutes,
  openingRoutes,
  deskRoutes,
  besideRoutes,
  receivedRoutes,
  complaintRoutes,
  wayRoutes,
  deskComplaintRoutes,
  loanRoutes,
  institutionRoutes,
  manyActRoutes,
  manyExportRoutes,
  tableRoutes,
  reportRoutes,
  templateRoutes,
  staffRoutes,
  handOverRoutes,
  policyRoutes,
  logoRoutes,
  joinRoutes,
  claimRoutes,
  vacateRoutes,
  proposalCheckRoutes,
  proposalRoutes,
  figureRoutes,
  agreementRoutes,
  evidenceRoutes,
  exportRoutes,
  letterRoutes,
  ownRoutes,
  sentRoutes,
  approvalRoutes,
  assignmentRoutes,
  errandRoutes,
  representativeRoutes,
  mediationRoutes,
  templateChoiceRoutes,
  keepMessageRoutes,
  commandRoutes,
  wordingRoutes,
  caseRoutes,
  apiRoutes,
]) {
  app.route('/', routes);
}

const SAID = [
  { status: 400, kind: 'bad' },
  { status: 403, kind: 'forged' },
  { status: 404, kind: 'notFound' },
  { status: 409, kind: 'unproven' },
  { status: 413, kind: 'tooLarge' },
  { status: 429, kind: 'busy' },
] as const;
/** A process of ours is there again after a moment. */
const AWAY_SECONDS = 5;
const FAILED = { status: 500, kind: 'failed' } as const;

/** Whose view it is that something went wrong in: nobody's, where it went wrong before it was known who is there. */
function seen(c: C): void {
  if (!c.var.view) c.set('view', viewOf(c, null, c.var.env));
}

app.notFound((c) => {
  seen(c);
  return c.req.path.startsWith('/api/') ? problem(c, 404, 'not-found') : page(c, ErrorPage({ view: c.var.view, kind: 'notFound' }), 404);
});

app.onError((thrown, c) => {
  // Settings that are missing or wrong: nothing else can work, and the message says what to set.
  if (!c.var.env) {
    console.error(thrown.message);
    return c.text('The portal is not set up yet: its log says what to set.', 500);
  }
  seen(c);
  if (thrown instanceof FormTooLarge) {
    if (c.req.path.startsWith('/api/')) return problem(c, 413, 'form.too-large', { data: FORM_BOUNDS });
    return page(c, ErrorPage({ view: c.var.view, kind: 'form' }), 413);
  }
  const status = thrown instanceof HTTPException ? thrown.status : 500;
  if (thrown instanceof HTTPException && thrown.res) return thrown.res;
  if (thrown instanceof RecordGone) {
    if (c.req.path.startsWith('/api/')) return problem(c, 410, 'case.gone');
    return page(c, RecordGonePage({ view: c.var.view, ...thrown.said }), 410);
  }
  if (thrown instanceof FileDiffers) {
    console.error(`${c.req.method} ${c.req.routePath}: a file in storage is not what was put there`);
    return page(c, ErrorPage({ view: c.var.view, kind: 'fileDiffers' }), 409);
  }
  if (isUnreachable(thrown)) {
    console.error(`${c.req.method} ${c.req.routePath}: a database was not reached`);
    c.header('Retry-After', String(AWAY_SECONDS));
    if (c.req.path.startsWith('/api/')) return problem(c, 503, 'away');
    return page(c, ErrorPage({ view: c.var.view, kind: 'away' }), 503);
  }
  // Only what failed and where: messages of databases may hold what people wrote.
  if (status === 500)
    console.error(
      `${c.req.method} ${c.req.routePath}: ${thrown.name} ${'code' in thrown ? thrown.code : ''}`,
      c.env.DEVELOPMENT ? thrown : '',
    );
  const { status: shown, kind } = SAID.find((one) => one.status === status) ?? FAILED;
  if (c.req.path.startsWith('/api/')) return problem(c, shown, kind === 'unproven' ? 'case.unproven' : kind);
  return page(c, ErrorPage({ view: c.var.view, kind }), shown);
});
