import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { ErrorPage } from '../web/pages/error.tsx';
import { isOurs } from './door.ts';
import { readEnv } from './env.ts';
import { addressOf } from './routes/address.ts';
import { agreementRoutes } from './routes/agreement.ts';
import { apiRoutes, problem } from './routes/api.ts';
import { assetRoutes } from './routes/assets.ts';
import { SANDBOX } from './routes/attachment.ts';
import { caseRoutes } from './routes/case.ts';
import { commandRoutes } from './routes/commands.ts';
import { deskRoutes } from './routes/desk.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { exportRoutes } from './routes/exports.ts';
import { figureRoutes } from './routes/figures.ts';
import { letterRoutes } from './routes/letters.ts';
import { openingRoutes } from './routes/opening.ts';
import { peopleRoutes } from './routes/people.ts';
import { type Portal, page, viewOf } from './routes/portal.ts';
import { proposalRoutes } from './routes/proposals.ts';
import { publicRoutes } from './routes/public.ts';
import { sessions } from './session.ts';
import { openDirectory } from './store/open.ts';

const MEGABYTE = 1024 * 1024;
const UPLOAD_LIMIT = 64 * MEGABYTE;
const UPLOADS = /^\/(?:cases\/[^/]+\/do\/evidence\.add|open\/[^/]+\/evidence)$/;

export const app = new Hono<Portal>();

/** Outermost, so that its word on downloads is the last. */
app.use(async (c, next) => {
  await next();
  if (c.res.headers.get('content-disposition')?.startsWith('attachment')) c.header('Content-Security-Policy', SANDBOX);
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
  c.set('view', viewOf(c, null, env));
  await next();
});

/** Asked for by another name (DNS rebinding), or past the door of this machine: misdirected (RFC 9110, 15.5.20), before anything is looked at. */
app.use(async (c, next) => (isOurs(c.req.raw, c.var.env) ? next() : c.text('', 421)));

app.route('/', assetRoutes);

/** Unsafe requests come from pages of this site alone (OWASP: origin check), and not in floods. */
app.use(async (c, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next();
  const origin = c.req.header('origin');
  const own = origin
    ? origin === c.var.env.origin || origin === new URL(c.req.url).origin
    : c.req.header('sec-fetch-site') === 'same-origin';
  if (!own) throw new HTTPException(403);
  const flood = await c.var.env.flood?.limit({ key: addressOf(c) });
  if (flood && !flood.success) throw new HTTPException(429);
  await next();
});

app.use(async (c, next) => (UPLOADS.test(c.req.path) ? limit(UPLOAD_LIMIT) : limit(MEGABYTE))(c, next));

function limit(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new HTTPException(413);
    },
  });
}

/** Who is there: one round trip to the directory, and none where no cookie came. */
app.use(async (c, next) => {
  const { env } = c.var;
  const directory = openDirectory(env);
  const about = /^\/(?:cases|api\/v1\/cases)\/([0-9a-f]{32})(?:\/|$)/.exec(c.req.path)?.[1] ?? '';
  const cookies = c.req.header('cookie') ?? '';
  const ours = sessions(directory, env.origin.startsWith('https:'), about);
  c.set('directory', directory);
  c.set('sessions', ours);
  const known = await ours.identify(cookies);
  const visit = known?.visit.account.confirmedAt ? known.visit : null;
  c.set('visit', visit);
  c.set('view', viewOf(c, visit, env));
  await next();
  if (known?.cookie && !c.res.headers.has('set-cookie')) c.header('Set-Cookie', known.cookie, { append: true });
});

for (const routes of [
  publicRoutes,
  peopleRoutes,
  openingRoutes,
  deskRoutes,
  proposalRoutes,
  figureRoutes,
  agreementRoutes,
  evidenceRoutes,
  exportRoutes,
  letterRoutes,
  commandRoutes,
  caseRoutes,
  apiRoutes,
]) {
  app.route('/', routes);
}

const SAID = { 400: 'bad', 403: 'forged', 404: 'notFound', 413: 'tooLarge', 429: 'busy' } as const;

app.notFound((c) =>
  c.req.path.startsWith('/api/') ? problem(c, 404, 'not-found') : page(c, ErrorPage({ view: c.var.view, kind: 'notFound' }), 404),
);

app.onError((thrown, c) => {
  // Settings that are missing or wrong: nothing else can work, and the message says what to set.
  if (!c.var.view) {
    console.error(thrown.message);
    return c.text('The portal is not set up yet: its log says what to set.', 500);
  }
  const status = thrown instanceof HTTPException ? thrown.status : 500;
  if (thrown instanceof HTTPException && thrown.res) return thrown.res;
  // Only what failed and where: messages of databases may hold what people wrote.
  if (status === 500)
    console.error(
      `${c.req.method} ${c.req.routePath}: ${thrown.name} ${(thrown as { code?: string }).code ?? ''}`,
      c.env.DEVELOPMENT ? thrown : '',
    );
  const kind = status in SAID ? SAID[status as keyof typeof SAID] : 'failed';
  const shown = status in SAID ? (status as keyof typeof SAID) : 500;
  if (c.req.path.startsWith('/api/')) return problem(c, shown, kind);
  return page(c, ErrorPage({ view: c.var.view, kind }), shown);
});
