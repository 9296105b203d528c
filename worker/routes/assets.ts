import { Hono } from 'hono';
import type { Portal } from './portal.ts';

/** Styles, scripts, icons, the picture of the portal and fonts: named by their digest, kept for a year. On Cloudflare they are answered before the worker. */

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ttf: 'font/ttf',
};

export const assetRoutes = new Hono<Portal>();

assetRoutes.get('/assets/:name{[a-z0-9-]+-[A-Za-z0-9]{8}\\.(?:css|js|svg|png|ttf)}', async (c) => {
  const { name } = c.req.param();
  const found = await c.var.env.assets.fetch(`https://assets.local/assets/${name}`);
  if (!found.ok || !found.body) return c.notFound();
  return c.body(found.body, 200, {
    'Content-Type': TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'Cache-Control': 'public, max-age=31536000, immutable',
  });
});

/** Browsers ask for it whether or not a page names an icon. */
assetRoutes.get('/favicon.ico', (c) => c.body(null, 204));
