import type { Env } from '../env.ts';
import { comparable } from '../negotiation/text.ts';
import { keyed } from '../secret.ts';

/**
 * By what a borrower may join a case that was opened of a lender's file: a keyed digest (HMAC) of the case, their name and the end of their identity number. Of that
 * number nothing else is kept; the digest is of one case, so that it opens no other, wherever somebody may copy it.
 * @param identity four characters, in capitals
 */
export const claimOf = (env: Pick<Env, 'keys'>, { case: id, name, identity }: { case: string; name: string; identity: string }): string =>
  keyed(env, 'claim', `${id}:${identity}:${comparable(name)}`);
