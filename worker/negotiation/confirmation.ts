import { lawOf } from '../plan/law/index.ts';
import { lastDay, type WorkingDay } from '../plan/law/working-days.ts';
import { dayOf } from '../plan/law/zone.ts';
import type { Case } from './case.ts';
import type { Policy } from './policy.ts';
import { binds } from './stage.ts';

/** A court's confirmation of what was settled in mediation: asked for by both, in so many days from the day on which the agreement came into force (Civil Procedure Law, art. 205). */

const CONFIRMED_WITHIN = 30;

/** The last day on which it can be asked for, by the calendar; null where no agreement is in force. */
export function confirmBy(
  { agreement, stage }: Pick<Case, 'agreement' | 'stage'>,
  policy: Pick<Policy, 'jurisdiction'>,
): WorkingDay | null {
  const { holidays, place } = lawOf(policy);
  return agreement?.inForceAt && binds({ stage }) ? lastDay(holidays, dayOf(agreement.inForceAt, place.zone), CONFIRMED_WITHIN) : null;
}

/** The same while it can be asked for on a day. */
export function confirmable(
  kase: Pick<Case, 'agreement' | 'stage'>,
  policy: Pick<Policy, 'jurisdiction'>,
  today: string,
): WorkingDay | null {
  const by = confirmBy(kase, policy);
  return by && today <= by.latest ? by : null;
}
