import type { Case } from '../../worker/negotiation/case.ts';
import { type Said, workingDebt } from '../../worker/negotiation/debt.ts';
import { leftDebt } from '../../worker/negotiation/owed.ts';
import { isVariation, type Offer, restsOnOldDebt } from '../../worker/negotiation/proposal.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { type DebtChange, debtChanges } from '../../worker/plan/comparison.ts';
import { type Debt, outstanding } from '../../worker/plan/terms.ts';
import { dateText, dayText, money, type Words } from '../words/index.ts';

/** Two offers may rest on two debts: what of the debt has changed between them, from what to what, and in whose words. */

export type Rests = Pick<Offer, 'version' | 'debt' | 'debtSaid'>;
type Ground = Omit<Rests, 'version'>;

/** What one offer rests on: all of the debt, and in whose words. */
export function groundText({ version, debt, debtSaid }: Rests, words: Words): string {
  return words.debt.rests({ version, total: money(outstanding(debt)), said: saidText(debtSaid, words) });
}

/** Whose figures they are, and by which entry. */
function saidText(said: Said | null, words: Words): string {
  if (!said) return '';
  const { seq, at, side, confirmed } = said;
  return words.debt[confirmed ? 'confirmedBy' : 'saidBy']({ side, date: dayText(words, at), seq });
}

/** That two offers rest on different debts, as sentences; none where they do not. */
export function debtChangeText(before: Rests, after: Rests, words: Words): string[] {
  const rows = debtRows(before, after, words);
  if (rows.length === 0) return [];
  const parts = rows.map(([name, left, right]) => `${name} ${left} → ${right}`);
  return [differsText(before, after, words), groundText(before, words), groundText(after, words), parts.join(words.semicolon)];
}

/** Each part in which two debts differ: its name and both values. */
export function debtRows(before: Ground, after: Ground, words: Words): [string, string, string][] {
  return debtChanges(before.debt, after.debt)
    .filter((one) => isSaid(one, before) && isSaid(one, after))
    .map((one) => [partName(one, words), ...valuesOf(one, words)]);
}

/** Who knew a total alone has said no part of it, whatever an offer is worked out by: that the other side states the parts changes nothing. */
const isSaid = ({ part }: Pick<DebtChange, 'part'>, { debtSaid }: Ground) => part === 'total' || part === 'asOf' || !debtSaid?.totalAlone;

/** What two debts that differ mean for who compares two offers. */
export function differsText(before: Ground, after: Ground, words: Words): string {
  return words.debt[sameTotal(before.debt, after.debt) ? 'partsDiffer' : 'differs'];
}

const sameTotal = (one: Debt, other: Debt) => outstanding(one) === outstanding(other);

function partName({ part }: Pick<DebtChange, 'part'>, words: Words): string {
  if (part === 'total') return words.total;
  return part === 'asOf' ? words.opening.asOf : words.component[part];
}

function valuesOf(one: DebtChange, words: Words): [string, string] {
  return one.part === 'asOf' ? [dateText(words, one.before), dateText(words, one.after)] : [money(one.before), money(one.after)];
}

/** That an offer rests on figures that no longer count, and, of one that waits for an answer, that it cannot be accepted; null of every other. */
export function oldDebtText(kase: Case, offer: Offer, words: Words): string | null {
  const debt = debtOf(kase, offer);
  if (!debt || offer.state === 'accepted' || !restsOnOldDebt(kase, offer)) return null;
  const partsOnly = sameTotal(offer.debt, debt);
  if (partsOnly && offer.debtSaid?.totalAlone && offer.state !== 'live') return null;
  const now = { total: money(outstanding(debt)), said: isVariation(kase, offer) ? '' : saidText(kase.debtSaid, words) };
  const say = words.debt[partsOnly ? 'oldParts' : 'old'];
  return say({ ground: groundText(offer, words), ...now, live: offer.state === 'live' });
}

/** The figures that count for an offer: those of the negotiation or, of one that varies the agreement, what is left on the day of its own. */
function debtOf(kase: Case, offer: Offer): Debt | null {
  return binds(kase) && isVariation(kase, offer) ? leftDebt(kase, offer.debt.asOf) : workingDebt(kase);
}
