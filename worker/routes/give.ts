import { HTTPException } from 'hono/http-exception';
import { randomBytes, randomId, randomNumber } from '../chance.ts';
import { instant } from '../clock.ts';
import { announce } from '../execute/announce.ts';
import { execute, type Order, type Outcome } from '../execute/execute.ts';
import type { Typed } from '../negotiation/form.ts';
import { signingKey } from '../record/keys.ts';
import { type C, doors, notFound } from './portal.ts';

/** The id by which a form is known that is sent twice; the client's choice, within the bounds of `checkedId`. */
export const requestIdOf = (values: Typed) => checkedId(values.get('requestId')?.[0]);

/** A request's id, or a new one where none came. Printable ASCII of at most 100 characters, as the header `Idempotency-Key` may carry it; else 400. */
export function checkedId(id: string | undefined): string {
  if (!id) return randomId();
  if (!/^[\x20-\x7e]{1,100}$/.test(id)) throw new HTTPException(400);
  return id;
}

/** What every order needs beside its own: the instant, the key that signs, randomness. */
export async function instruments(c: C): Promise<Pick<Order, 'at' | 'key' | 'random' | 'number'>> {
  const at = instant();
  return { at, key: await signingKey(c.var.env.keys, at), random: randomBytes, number: randomNumber };
}

/** Executes a command for the person of the request in the case of the path; 404 where they have no door to it. */
export async function give(
  c: C,
  name: string,
  input: unknown,
  requestId: string,
  proven = false,
  attached?: Order['attached'],
): Promise<Outcome> {
  for (const { admission, casefile } of doors(c)) {
    const outcome = await execute({
      admission,
      casefile,
      command: name,
      input,
      // One account's ids cannot meet another's.
      requestId: `${admission.seat.account}:${requestId}`,
      proven,
      ...(await instruments(c)),
      ...(attached ? { attached } : {}),
    });
    if (!outcome.ok && outcome.refusal.code === 'case.unknown') continue;
    if (outcome.ok && outcome.told > 0) c.executionCtx.waitUntil(announce(c.var.env, admission.lender, outcome.case));
    return outcome;
  }
  throw notFound();
}
