/** How a portal on one machine is set up, as the environment says it: read once, with a message that names what is wrong and what to set. */
import { type Carriers, readCarriers, type SendBinding } from '../worker/carriers.ts';
import { isLoopback } from '../worker/env.ts';
import { dataFolder } from './installation.ts';
import { type Trusted, trustedProxies } from './trusted.ts';

export type StartSettings = {
  data: string;
  port: number;
  /** Where people reach it, without a slash at the end; undefined where that is the port itself. */
  origin: string | undefined;
  /** Others come in: no demo world, no page that shows codes, cookies over TLS alone, a log for programs. */
  production: boolean;
  /** The address on which it listens, where one is set. */
  host: string | undefined;
  trusted: Trusted;
  /** By which ways letters leave. */
  carriers: Carriers;
  /** The service of time stamps; undefined where there is none. */
  tsa: string | undefined;
};

/** A portal known by an address of this machine alone is a development machine: its outbox can be read, and it speaks to who sits at it. */
export const isDevelopment = ({ hostname, protocol }: URL): boolean => isLoopback(hostname) && protocol === 'http:';

/** Cloudflare's own mail, where the settings are those of a worker elsewhere: only that has it. */
const OF_THE_WORKER: SendBinding = { send: () => Promise.reject(new Error('Only the worker has Cloudflare’s mail.')) };

/** @throws in words */
export function startSettings(env: NodeJS.ProcessEnv): StartSettings {
  const port = Number(env.PORT || 8787);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT: a whole number from 0 to 65535; 0 takes a free one.');
  const origin = env.ORIGIN?.replace(/\/$/, '') || undefined;
  if (origin !== undefined && !(/^https?:\/\/[^/\s?#]+$/.test(origin) && URL.canParse(origin)))
    throw new Error('ORIGIN: an address such as https://heyi.example, without a path.');
  const production = origin !== undefined && !isDevelopment(new URL(origin));
  if (production && !origin.startsWith('https:'))
    throw new Error(
      'ORIGIN: others reach a portal by https:// alone, by way of a proxy that speaks TLS; http:// is for this machine itself, such as http://127.0.0.1:8787.',
    );
  const host = env.HOST || undefined;
  if (host !== undefined && !production && !isLoopback(host))
    throw new Error('HOST: a development machine is for this machine alone. Set ORIGIN to where others reach the portal, https://….');
  const tsa = env.TSA_URL || undefined;
  if (tsa !== undefined && !/^https?:$/.test(URL.canParse(tsa) ? new URL(tsa).protocol : ''))
    throw new Error('TSA_URL: the address of a service of time stamps (RFC 3161), such as https://tsa.example.');
  const trusted = trustedProxies(env.TRUSTED_PROXY);
  return {
    data: dataFolder(),
    port,
    origin,
    production,
    host,
    trusted,
    carriers: readCarriers(env, env.DIRECTORY_URL ? OF_THE_WORKER : undefined),
    tsa,
  };
}
