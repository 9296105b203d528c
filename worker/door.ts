import { timingSafeEqual } from 'node:crypto';
import { type Env, isLoopback } from './env.ts';

/**
 * Whether a request is for this portal: its Host is that of ORIGIN (or, in development, of this machine), and where the portal has a door of its own it
 * came through it.
 */
export function isOurs(request: Request, env: Pick<Env, 'origin' | 'development' | 'frontSecret'>): boolean {
  if (env.frontSecret !== undefined && !isSame(request.headers.get('x-heyi-front') ?? '', env.frontSecret)) return false;
  const { host, hostname } = siteOf(request.url);
  const said = request.headers.get('host');
  if (said !== null && said.toLowerCase() !== host) return false;
  return host === siteOf(env.origin).host || (env.development && isLoopback(hostname));
}

/** An installation has one origin, and requests ask for few. */
const sites = new Map<string, Pick<URL, 'host' | 'hostname'>>();
const MOST_SITES = 20;

/** Of whom an address asks: what it begins with, up to its path. */
function siteOf(address: string): Pick<URL, 'host' | 'hostname'> {
  const path = address.indexOf('/', address.indexOf('//') + 2);
  const site = path < 0 ? address : address.slice(0, path);
  const known = sites.get(site);
  if (known) return known;
  const { host, hostname } = new URL(site);
  if (sites.size >= MOST_SITES) sites.clear();
  sites.set(site, { host, hostname });
  return { host, hostname };
}

/** Whether a request was sent from this machine to this machine, by address and by name. */
export function isLocal(request: Request): boolean {
  return isLoopback(new URL(request.url).hostname) && isLoopback(request.headers.get('cf-connecting-ip') ?? '');
}

const encoder = new TextEncoder();

/** The secret that was asked for last: an installation has one. */
let door = { secret: '', bytes: encoder.encode('') };

function isSame(given: string, wanted: string): boolean {
  if (door.secret !== wanted) door = { secret: wanted, bytes: encoder.encode(wanted) };
  const bytes = encoder.encode(given);
  return bytes.length === door.bytes.length && timingSafeEqual(bytes, door.bytes);
}
