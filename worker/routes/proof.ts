import type { Filled } from '../../web/parts/view.ts';
import { refusalText, type Words } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { contactIn } from '../contact.ts';
import { spareCodeId, stepOf, unlockedSecret } from '../factor.ts';
import type { Typed } from '../negotiation/form.ts';
import { usedId, usedPasskey } from '../passkey.ts';
import { checkPassword } from '../password.ts';
import { proofKey } from '../session.ts';
import type { Visit } from '../store/admission.ts';
import { aboutOf, factorAttempt, PROOFS } from './attempts.ts';
import { type C, isFresh, passkeySite, person } from './portal.ts';

/** Fields that no form brings back. */
export const SECRETS: ReadonlySet<string> = new Set(['password', 'newPassword', 'code', 'factor', 'passkey']);

/** What is wrong with a proof: with which of its fields, and as it is said. */
export type Unproved = { field: 'password' | 'factor'; said: (words: Words) => Filled['errors'] };

/**
 * What is wrong with what the person has just typed to prove again who they are, field by field; null where it proves it: their password (`password`) and,
 * where they have a second factor and gave it longer ago, that (`factor`).
 */
export async function unproved(c: C, values: Typed): Promise<Unproved | null> {
  const visit = person(c);
  const typed = (name: string) => values.get(name)?.[0] ?? '';
  if (!(await proves(c, visit, typed('password'))))
    return { field: 'password', said: (words) => ({ password: refusalText(words, { code: 'proof.needed' }) }) };
  if (visit.factor === null || isFresh(visit.session, instant())) return null;
  const tried = await givenFactor(c, visit, values);
  if ('wrong' in tried) return { field: 'factor', said: (words) => ({ factor: tried.wrong(words) }) };
  const { session } = visit;
  await Promise.all([c.var.directory.noteFactor(session, instant()), c.var.directory.clearAttempts(tried.pace)]);
  return null;
}

/**
 * Whether a password is the person's. The try was counted with the round trip that said who is there, before anything was looked at, so that no number of
 * tries at once gets past the limit. Too many end the session: an open phone is no place to guess at.
 */
export async function proves(c: C, { account, session, proofs }: Visit, password: string): Promise<boolean> {
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

/** The key under which tries at a second factor are counted, where it was right; else what is wrong with it, as it is said. */
type Tried = { pace: string } | { wrong: (words: Words) => string };

/** A second factor as it was given: by a passkey, where the browser handed over what it signed, else as it was typed. */
export async function givenFactor(c: C, visit: Visit, values: Typed): Promise<Tried> {
  const signed = values.get('passkey')?.[0] ?? '';
  return signed === '' ? typedFactor(c, visit, values.get('factor')?.[0] ?? '') : signedFactor(c, visit, signed);
}

/**
 * A second factor by a passkey of the person: what it signed is what this session was given to sign, which is used up whether or not that holds. No try is
 * counted, as nobody guesses a signature.
 */
async function signedFactor(c: C, { account, session, factor }: Visit, signed: string): Promise<Tried> {
  const { env, directory } = c.var;
  const wrong = { wrong: ({ factor }: Words) => factor.passkeyWrong };
  const [site, id, now] = [passkeySite(c, env), usedId(signed), instant()];
  if (factor === null || site === null || id === null) return wrong;
  const { challenge, passkey } = await directory.useChallenge({ session: session.id, purpose: 'use' }, account.id, id, now);
  if (challenge === null || passkey === null) return wrong;
  const counter = await usedPasskey(signed, passkey, site, challenge);
  if (counter === null || !(await directory.usePasskey(account.id, id, counter, now))) return wrong;
  return { pace: factorAttempt(c, account.id, aboutOf(c, contactIn(account)), now).key };
}

/** A second factor as it was typed, of who has one: used up where it is right; what is wrong with it where it is not. The try is counted first. */
async function typedFactor(c: C, { account, factor }: Visit, typed: string): Promise<Tried> {
  const { env, directory } = c.var;
  const isWrong: Tried = { wrong: ({ factor }) => factor.wrong };
  const now = instant();
  const pace = factorAttempt(c, account.id, aboutOf(c, contactIn(account)), now);
  const wait = await directory.takeFactorAttempt(pace, now);
  if (wait) {
    const seconds = Math.max(1, Math.ceil((Date.parse(wait) - Date.parse(now)) / 1000));
    return { wrong: ({ account }) => account.wait({ seconds }) };
  }
  const spare = spareCodeId(env, account.id, typed);
  if (spare !== null) return (await directory.useSpareCode(account.id, spare)) ? { pace: pace.key } : isWrong;
  const secret = factor?.secret ? await unlockedSecret(env.keys, account.id, factor.secret) : null;
  if (secret === null) return { wrong: ({ factor }) => factor.unproven };
  const step = stepOf(secret, typed, Date.parse(now));
  if (step === null) return isWrong;
  return (await directory.useStep(account.id, step)) ? { pace: pace.key } : { wrong: ({ factor }) => factor.used };
}
