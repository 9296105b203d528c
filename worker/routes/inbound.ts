import { Hono, type MiddlewareHandler } from 'hono';
import { timingSafeEqual } from 'hono/utils/buffer';
import { receiveMail } from '../inbound/receive.ts';
import { notFound, type Portal } from './portal.ts';

/**
 * The door for answers by mail where a mail server of one's own takes them: it hands over each as it came (RFC 5322), with the secret that it shares with the
 * portal. What comes of it is said as JSON; any answer but 2xx is to be tried again, or is of the settings.
 */

export const inboundRoutes = new Hono<Portal>();

export const INBOUND = '/inbound/mail';

/** Before any of a mail is read: whoever does not know the secret has nothing read, however much they send. */
export const knowsSecret: MiddlewareHandler<Portal> = async (c, next) => {
  if (c.req.method !== 'POST') return next();
  const token = c.var.env.carriers.mail?.answers?.token;
  if (!token) throw notFound();
  if (await timingSafeEqual(c.req.header('authorization') ?? '', `Bearer ${token}`)) return next();
  return c.json({ entered: false, why: 'token' }, 401, { 'WWW-Authenticate': 'Bearer' });
};

inboundRoutes.post(INBOUND, async (c) => {
  const { env } = c.var;
  const raw = new Uint8Array(await c.req.arrayBuffer());
  return c.json(await receiveMail(env, raw, null, (work) => c.executionCtx.waitUntil(work)));
});
