import { HOME } from '../plan/law/place.ts';
import { type Account, accountOn } from '../plan/left.ts';
import type { Debt } from '../plan/terms.ts';
import type { Case } from './entry.ts';
import { amountOf, isReceived, type Payment } from './payment.ts';

/** What is owed under the agreement that holds, on a day, after the payments that count under it. */

export type Owing = Pick<Case, 'agreement' | 'payments' | 'broken'>;

/** The payments that count under the agreement: those that its figures hold already, as a varied one's do, are not among them. */
export function received({ agreement, payments }: Pick<Owing, 'agreement' | 'payments'>): Payment[] {
  const within = agreement?.counted ?? [];
  return payments.filter((one) => isReceived(one) && !within.includes(one.seq));
}

/** What was paid under the agreement, in 分. */
export const receivedSum = (kase: Pick<Owing, 'agreement' | 'payments'>): number => amountOf(received(kase));

/**
 * What ends the debt on a day if it is paid then, by actual time (Civil Code 677), as the payments that count left it: the rules of "What is left on a day" of the plan
 * format, with the waivers that lapsed where the agreement was declared broken. @throws where the case has no agreement
 */
export function settleOn(kase: Owing, day: string): Account {
  const known = settled.get(kase);
  if (known?.day === day) return known.account;
  const account = settledOn(kase, day);
  // Each page of a case asks. What is not frozen may be another the next time.
  if (Object.isFrozen(kase)) settled.set(kase, { day, account });
  return account;
}

/** What settled cases when that was asked for last. */
const settled = new WeakMap<Owing, { day: string; account: Account }>();

function settledOn(kase: Owing, day: string): Account {
  if (!kase.agreement) throw new Error('The case has no agreement.');
  const { debt, terms } = kase.agreement;
  const { broken } = kase;
  // Of a day alone it could not be told whether a payment came before the agreement was declared broken on it: the record has their order.
  const made = received(kase).map(({ on, amount, seq }) => ({ on, amount, afterLapse: broken !== null && seq > broken.seq }));
  const account = accountOn(debt, terms, made, day, broken ?? undefined);
  if ('refused' in account) throw new Error(`A recorded agreement has no schedule: ${account.refused.code}`);
  return account;
}

/** What is left on a day, as a debt of that day: what a variation starts from. @throws where the case has no agreement */
export function leftDebt(kase: Owing, on: string): Debt {
  const { principal, interest, penalty, fees } = settleOn(kase, on).left;
  return { asOf: on, currency: kase.agreement?.debt.currency ?? HOME.currency.code, principal, interest, penalty, fees };
}
