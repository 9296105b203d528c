import { HTTPException } from 'hono/http-exception';
import { randomBytes, randomNumber } from '../chance.ts';
import { instant } from '../clock.ts';
import { execute, type Order, type Outcome } from '../execute.ts';
import { announce } from '../jobs/mail.ts';
import { signingKey } from '../record/keys.ts';
import { type C, caseId, doors, notFound } from './portal.ts';

/** What every order needs beside its own: the instant, the key that signs, randomness. */
export async function instruments(c: C): Promise<Pick<Order, 'at' | 'key' | 'random' | 'number'>> {
  return { at: instant(), key: await signingKey(c.var.env.keys), random: randomBytes, number: randomNumber };
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
  if (requestId.length > 100) throw new HTTPException(400);
  const id = caseId(c);
  for (const { admission, casebook } of doors(c)) {
    const outcome = await execute({
      admission,
      casebook,
      caseId: id,
      command: name,
      input,
      // Ids are the client's choice: one account's cannot meet another's.
      requestId: `${admission.seat.account}:${requestId}`,
      proven,
      ...(await instruments(c)),
      ...(attached ? { attached } : {}),
    });
    if (!outcome.ok && outcome.refusal.code === 'case.unknown') continue;
    if (outcome.ok && outcome.told > 0) c.executionCtx.waitUntil(announce(c.var.env, admission.lender, casebook));
    return outcome;
  }
  throw notFound();
}
