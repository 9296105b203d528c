import * as z from 'zod';
import { IsoDate, PositiveAmount } from '../plan/terms.ts';
import type { Side } from './seats.ts';
import { Line } from './text.ts';

/** A payment as it stands in a case. */

export const METHODS = ['bank-transfer', 'app', 'alipay', 'wechat', 'cash', 'other'] as const;

/** Letters of a reference, such as the number that a bank gives to a transfer. */
const MAX_REFERENCE = 80;

/** A payment as it is recorded: its amount in 分, the day on which it was made, how, and by what number it is found again. */
export const PaymentMade = z.object({
  amount: PositiveAmount,
  on: IsoDate,
  method: z.enum(METHODS),
  reference: Line(MAX_REFERENCE).optional(),
});
export type PaymentMade = z.infer<typeof PaymentMade>;

/**
 * `side` recorded it. `receipt` is the lender's own reference, where it confirmed one that the borrower had reported under another or none; `words` are why it was
 * disputed, withdrawn or reversed.
 */
export type Payment = PaymentMade & {
  seq: number;
  side: Side;
  state: 'reported' | 'confirmed' | 'disputed' | 'withdrawn' | 'reversed';
  receipt?: string;
  words?: string;
};

/**
 * Whether a payment counts: the lender has said that it received it. So one that the lender records counts at once, and goes on counting while the borrower disputes it
 * (who may say that it was more), until it is taken back; one that the borrower reports counts when the lender confirms it.
 */
export const isReceived = ({ side, state }: Pick<Payment, 'side' | 'state'>): boolean =>
  state === 'confirmed' || (side === 'lender' && (state === 'reported' || state === 'disputed'));

/** What payments come to, in 分. */
export const amountOf = (payments: readonly Pick<Payment, 'amount'>[]): number => payments.reduce((total, { amount }) => total + amount, 0);

/** What the borrower has reported and the lender has not answered yet, in 分: it does not count, and nobody is told that it is missing. */
export const reportedSum = ({ payments }: { payments: readonly Payment[] }): number =>
  amountOf(payments.filter(({ side, state }) => side === 'borrower' && state === 'reported'));
