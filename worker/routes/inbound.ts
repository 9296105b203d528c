import { Hono } from 'hono';
import { timingSafeEqual } from 'hono/utils/buffer';
import { receiveMail } from '../inbound/receive.ts';
import { notFound, type Portal } from './portal.ts';

/**
 * The door for answers by mail where a mail server of one's own takes them: it hands over each as it came (RFC 5322), with the secret that it shares with the
 * portal. What comes of it is said as JSON; any answer but 2xx is to be tried again, or is of the settings.
 */

export const inboundRoutes = new Hono<Portal>();

export const INBOUND = '/inbound/mail';

inboundRoutes.post(INBOUND, async (c) => {
  const { env } = c.var;
  const token = env.carriers.mail?.answers?.token;
  if (!token) throw notFound();
  const given = c.req.header('authorization') ?? '';
  // What is sent is read before anything is answered: who is still writing would hear nothing.
  const raw = new Uint8Array(await c.req.arrayBuffer());
  if (!(await timingSafeEqual(given, `Bearer ${token}`)))
    return c.json({ entered: false, why: 'token' }, 401, { 'WWW-Authenticate': 'Bearer' });
  return c.json(await receiveMail(env, raw, null, (work) => c.executionCtx.waitUntil(work)));
});
