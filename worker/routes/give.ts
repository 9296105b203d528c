import { HTTPException } from 'hono/http-exception';
import { randomBytes, randomId, randomNumber } from '../chance.ts';
import { instant } from '../clock.ts';
import { execute, type Order, type Outcome, sendForApproval } from '../execute/execute.ts';
import { follow } from '../execute/follow.ts';
import { openAnew } from '../execute/vacate.ts';
import { COMMANDS } from '../negotiation/case.ts';
import type { Typed } from '../negotiation/form.ts';
import { commands as life } from '../negotiation/life.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import { may } from '../negotiation/seats.ts';
import { signingKey } from '../record/keys.ts';
import { admitToDesk } from '../store/admission.ts';
import type { AnyAdmission } from '../store/open.ts';
import { sendMediatorLink } from './invite.ts';
import { anyDoors, assertNeverThere, type C, notFound, openShared, person } from './portal.ts';

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
  return { at, key: await signingKey(c.get('env').keys, at), random: randomBytes, number: randomNumber };
}

/** Executes a command for the person of the request in the case of the path; 404 where they have no door to it. */
export function give(
  c: C,
  name: string,
  input: unknown,
  requestId: string,
  proven = false,
  rest: Pick<Order, 'attached' | 'reached' | 'sent'> = {},
): Promise<Outcome> {
  return carriedOut(c, requestId, async (order) => {
    const colleagues = COMMANDS.get(name)?.ofColleagues ? await c.var.directory.colleagues(order.admission.lender.id) : null;
    return execute({ ...order, command: name, input, proven, ...(colleagues ? { colleagues } : {}), ...rest });
  });
}

/** Sends a command for approval; 404 where the person has no door to the case, or is not of the side whose authority has limits. */
export function giveForApproval(c: C, name: string, input: unknown, words: string, requestId: string): Promise<Outcome> {
  return carriedOut(c, requestId, (order) => {
    if (order.admission.seat.side !== 'lender') throw notFound();
    return sendForApproval({ ...order, command: name, input, words });
  });
}

async function carriedOut(c: C, requestId: string, carryOut: (order: Order) => Promise<Outcome>): Promise<Outcome> {
  for (const { admission, casefile } of anyDoors(c)) {
    // One account's ids cannot meet another's.
    let policy: HeldPolicy | null = null;
    const carriedOutBy: Order['carriedOutBy'] = (held) => {
      policy = held;
    };
    const own = { admission, casefile, requestId: `${admission.seat.account}:${requestId}`, carriedOutBy };
    const outcome = await carryOut({ ...own, ...(await instruments(c)) });
    if (!outcome.ok && outcome.refusal.code === 'case.unknown') {
      await assertNeverThere(c, admission, casefile);
      continue;
    }
    // Whose seat has ended, by the record, is told what everybody without one is.
    if (!outcome.ok && outcome.refusal.code === 'seat.may-not') await openShared(c);
    // Who lays their place down hears no more of the case.
    if (outcome.ok && outcome.entries.some(({ kind }) => kind === 'representative.ended' || kind === 'mediation.left'))
      await c.var.directory.dropSeat(admission.seat.account, admission.case, instant());
    if (outcome.ok && outcome.entries.some(({ kind }) => kind === 'mediation.admitted'))
      await sendMediatorLink(c, admission, (await casefile.load('')).kase);
    // A page leads there where this does not come about.
    if (outcome.ok && outcome.entries.some(({ kind }) => kind === 'case.vacated')) await goOn(c, admission);
    if (outcome.ok && outcome.told > 0) c.executionCtx.waitUntil(follow(c.get('env'), admission.lender, outcome, policy));
    return outcome;
  }
  throw notFound();
}

/** The case that goes on, opened where it is not there yet; what is wrong where it cannot be. Null for whoever may open none, and of a case of which nobody was put out. */
export async function goOn(c: C, { case: id, lender, seat }: AnyAdmission) {
  const desk = admitToDesk(person(c), lender.slug);
  const given = await instruments(c);
  return desk && seat.side === 'lender' && may(seat, life.vacate.needs, given.at)
    ? openAnew({ ...given, env: c.var.env, admission: desk }, id)
    : null;
}
