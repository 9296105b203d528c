import { checkPassword } from '../password.ts';
import { proofKey } from '../session.ts';
import { PROOFS } from './attempts.ts';
import { type C, person } from './portal.ts';

/**
 * Whether the person has just proved again who they are. The try was counted with the round trip that said who is there, before anything was
 * looked at, so that no number of tries at once gets past the limit. Too many end the session: an open phone is no place to guess at.
 */
export async function proves(c: C, password: string): Promise<boolean> {
  const { account, session, proofs } = person(c);
  const { directory } = c.var;
  if (proofs === 0) throw new Error('A route that asks for a proof is named in app.ts, so that the try is counted.');
  if (proofs > PROOFS) {
    await directory.endSession(session.id);
    return false;
  }
  const holds = await checkPassword(password.slice(0, 1000), account.password);
  // Staff sign many agreements in an hour: right ones do not add up. Only now and then, to spare the round trip.
  if (holds && proofs > PROOFS / 2) await directory.clearAttempts(proofKey(session.id));
  return holds;
}
