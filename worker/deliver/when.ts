import { DAY, instant } from '../clock.ts';
import type { Way } from '../negotiation/news.ts';
import { contactHoursOn, type Policy } from '../negotiation/policy.ts';
import { lawOf } from '../plan/law/index.ts';
import type { Zone } from '../plan/law/place.ts';
import { dayOf, instantOf, localTime } from '../plan/law/zone.ts';

/** When news may leave. */

/** At what time of the day, by the clocks of the parties' place, what has gathered since the day before is sent. */
const DAILY_AT = '09:00';

/**
 * The first instant at which a person may be told of something: at once or with the next daily letter; a borrower within the hours in which a lender may
 * contact people, by the law and by its own policy, as news are what the lender does.
 */
export function tellFrom(at: string, way: Exclude<Way, 'never'>, side: 'borrower' | 'lender', policy: Policy): string {
  const law = lawOf(policy);
  const { zone } = law.place;
  const due = way === 'daily' ? nextDaily(at, zone) : at;
  if (side === 'lender') return due;
  const day = dayOf(due, zone);
  const hours = contactHoursOn(policy, law, day);
  if (!hours || hours.from >= hours.until) return due;
  const time = localTime(due, zone).slice(11);
  if (time < clock(hours.from)) return instantOf(`${day}T${clock(hours.from)}`, zone);
  if (time < clock(hours.until)) return due;
  const next = dayOf(instant(Date.parse(due) + DAY), zone);
  return instantOf(`${next}T${clock(contactHoursOn(policy, law, next)?.from ?? hours.from)}`, zone);
}

function nextDaily(at: string, zone: Zone): string {
  const today = instantOf(`${dayOf(at, zone)}T${DAILY_AT}`, zone);
  return today > at ? today : instantOf(`${dayOf(instant(Date.parse(at) + DAY), zone)}T${DAILY_AT}`, zone);
}

/** Minutes of the day as a clock shows them. */
const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
