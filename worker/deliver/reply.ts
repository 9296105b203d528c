import type { Answers } from '../carriers.ts';
import type { Env } from '../env.ts';
import { keyed } from '../secret.ts';

/** Addresses to which people answer a letter of a case: each is good for one person and that case alone, and says nothing of the person. */

type Bound = { account: string; case: string };

const CASE = 32;
const SEAL = 20;

export function replyAddress(env: Pick<Env, 'keys'>, { local, domain }: Answers, bound: Bound): string {
  return `${local}+${bound.case}${sealOf(env, bound)}@${domain}`;
}

/** The case and the seal that an address names; null for one that is none of these. */
export function repliedTo({ local, domain }: Answers, address: string): { case: string; seal: string } | null {
  const text = address.trim().toLowerCase();
  const [head, tail] = [`${local}+`, `@${domain}`];
  if (!text.startsWith(head) || !text.endsWith(tail)) return null;
  const token = text.slice(head.length, -tail.length);
  return /^[0-9a-f]{52}$/.test(token) ? { case: token.slice(0, CASE), seal: token.slice(CASE) } : null;
}

/** Whether an address was made for this person. */
export const isFor = (env: Pick<Env, 'keys'>, account: string, named: { case: string; seal: string }): boolean =>
  sealOf(env, { account, case: named.case }) === named.seal;

const sealOf = (env: Pick<Env, 'keys'>, { account, case: id }: Bound): string => keyed(env, 'reply', `${account} ${id}`).slice(0, SEAL);
