import type { Env } from '../env.ts';
import { NEWS, type News } from '../negotiation/news.ts';
import { keyed } from '../secret.ts';

/** Tokens by which letters of some kinds are stopped (RFC 8058): whoever has one can do that and nothing else. */

type Stopped = { account: string; news: readonly News[] };

const SHAPE = /^([0-9a-f]{32})-([a-z]+(?:\.[a-z]+)*)-([0-9a-f]{32})$/;

export function stopToken(env: Pick<Env, 'keys'>, { account, news }: Stopped): string {
  const kinds = NEWS.filter((one) => news.includes(one)).join('.');
  return `${account}-${kinds}-${keyed(env, 'unsubscribe', `${account} ${kinds}`).slice(0, 32)}`;
}

/** Whose letters of which kinds a token stops; null for what is none of the portal's. */
export function stoppedBy(env: Pick<Env, 'keys'>, token: string): Stopped | null {
  const [, account = '', kinds = ''] = SHAPE.exec(token) ?? [];
  const named = kinds.split('.');
  const news = NEWS.filter((one) => named.includes(one));
  return news.length > 0 && stopToken(env, { account, news }) === token ? { account, news } : null;
}
