import { DAY, instant } from '../clock.ts';
import { reachableFrom } from '../negotiation/conduct.ts';
import type { Way } from '../negotiation/news.ts';
import type { Policy, WishedHours } from '../negotiation/policy.ts';
import type { Place } from '../negotiation/seats.ts';
import { lawOf } from '../plan/law/index.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, instantOf } from '../plan/law/zone.ts';

/** When news may leave. */

/** At what time of the day, by the clocks of the parties' place, what has gathered since the day before is sent. */
const DAILY_AT = '09:00';

/**
 * The first instant at which a person may be told of something: at once or with the next daily letter; a borrower within the hours in which a lender may
 * contact people, by the law, its own policy and what the borrower wishes, as news are what the lender does.
 */
export function tellFrom(at: string, way: Exclude<Way, 'never'>, side: Place, policy: Policy, wished: WishedHours = null): string {
  const due = way === 'daily' ? nextDaily(at, lawOf(policy).place.zone) : at;
  return side === 'borrower' ? reachableFrom(due, policy, wished) : due;
}

function nextDaily(at: string, zone: Zone): string {
  const today = instantOf(`${dayOf(at, zone)}T${DAILY_AT}`, zone);
  return today > at ? today : instantOf(`${dayOf(instant(Date.parse(at) + DAY), zone)}T${DAILY_AT}`, zone);
}
