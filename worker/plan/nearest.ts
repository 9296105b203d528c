import { hold, type MeansOverTime } from './affordability.ts';
import { MAX_INSTALMENTS } from './format.ts';
import { type Schedule, schedule } from './schedule.ts';
import type { Debt, Phase, Terms } from './terms.ts';

/** The plan nearest to one that was wanted, among those that a lender's bounds allow and the means bear: searched exactly, plan by plan. */

/**
 * What is searched: a pause of 0 to `paused` periods first (never longer than the wanted plan begins with), then 1 to `most` periods less the pause of level
 * instalments, under the dates, the rate, the waivers and the up-front payment of `base`. `inside` tells whether a plan is within the bounds.
 */
export type Search = {
  debt: Debt;
  wanted: Terms;
  base: Terms;
  paused: number;
  /** How interest is treated in a pause. */
  interest: 'runs' | 'waived';
  most: number;
  inside: (plan: { terms: Terms; schedule: Schedule }) => boolean;
};

export type Found = { terms: Terms; schedule: Schedule };

/** How far a plan is from the wanted one: by the highest instalment (分), then by periods, then by pause; less is nearer. */
type Distance = readonly [instalment: number, periods: number, paused: number];

/**
 * The nearest plan: of least change of the highest instalment, then of the number of periods, then of the pause; of two as near the one that is paid sooner.
 * Every one of them is looked at, so that none nearer is missed. Null where none is inside and borne by the means, or the wanted plan has no schedule.
 */
export function nearest(search: Search, means: MeansOverTime): Found | null {
  const { debt, wanted, most, inside } = search;
  const asked = schedule(debt, wanted);
  if ('refused' in asked) return null;
  const leading = pausedFirst(wanted);
  let best: { found: Found; distance: Distance } | null = null;
  for (let pause = 0; pause <= Math.min(search.paused, leading, most - 1); pause++) {
    for (let count = 1; count <= Math.min(most - pause, MAX_INSTALMENTS); count++) {
      const found = planned(search, pause, count);
      if (!found) continue;
      const distance = distanceOf(found.schedule, asked, leading - pause);
      if (best && !isNearer(distance, best.distance)) continue;
      if (hold(found.schedule, found.terms.every, means).misses.length === 0 && inside(found)) best = { found, distance };
    }
  }
  return best?.found ?? null;
}

function planned({ debt, base, interest }: Search, pause: number, count: number): Found | null {
  const first: Phase[] = pause > 0 ? [{ kind: 'pause', count: pause, interest }] : [];
  const terms: Terms = { ...base, phases: [...first, { kind: 'level', count }] };
  const worked = schedule(debt, terms);
  return 'refused' in worked ? null : { terms, schedule: worked };
}

/** The periods without payment with which a plan begins. */
export function pausedFirst({ phases }: Pick<Terms, 'phases'>): number {
  let paused = 0;
  for (const phase of phases) {
    if (phase.kind !== 'pause') break;
    paused += phase.count;
  }
  return paused;
}

const periodsOf = ({ rows }: Schedule) => rows.filter(({ no }) => no !== 0).length;

function distanceOf(found: Schedule, asked: Schedule, paused: number): Distance {
  return [Math.abs(found.totals.highest - asked.totals.highest), Math.abs(periodsOf(found) - periodsOf(asked)), paused];
}

function isNearer(a: Distance, b: Distance): boolean {
  for (const [i, one] of a.entries()) if (one !== b[i]) return one < (b[i] ?? 0);
  return false;
}
