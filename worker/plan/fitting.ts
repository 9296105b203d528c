import { affordableOn, hold, type MeansOverTime } from './affordability.ts';
import { dueDate } from './calendar.ts';
import { MAX_INSTALMENTS } from './format.ts';
import { meansTotals } from './means.ts';
import { type Schedule, schedule } from './schedule.ts';
import type { Debt, Phase, Terms } from './terms.ts';

/** Finding instalments that a person can bear. */

/**
 * Terms that end in level instalments after the phases `before`: the fewest for which `fits` holds, or `most` where none do. More instalments are
 * smaller ones, so halving finds them; where there are more than the debt takes, fewer will do.
 */
export function fewestLevel(debt: Debt, terms: Terms, before: readonly Phase[], most: number, fits: (worked: Schedule) => boolean): Terms {
  const withCount = (count: number): Terms => ({ ...terms, phases: [...before, { kind: 'level', count }] });
  let [low, high] = [1, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    const worked = schedule(debt, withCount(middle));
    if ('refused' in worked ? worked.refused.code === 'instalments.too-many' : fits(worked)) high = middle;
    else low = middle + 1;
  }
  return withCount(low);
}

/** `as` says how the plan was changed: its last phase, the whole of it, or a pause of `paused` periods first. `count` is that of the level instalments. */
export type Fitting = { as: 'last' | 'whole' | 'pause'; paused: number; count: number; terms: Terms; schedule: Schedule };

/** Periods for which a plan may wait until something can be paid. */
const LONGEST_PAUSE = 24;

/**
 * What would fit: the same terms with the fewest level instalments that the means bear, each of them. First only the last phase is changed; where that is
 * not enough all of them are; and where nothing can be paid to begin with, a pause without interest comes before. Null where nothing fits.
 */
export function fitting(debt: Debt, terms: Terms, means: MeansOverTime): Fitting | null {
  const holds = (worked: Schedule) => hold(worked, terms.every, means).misses.length === 0;
  const after = (as: Fitting['as'], before: readonly Phase[], paused = 0): Fitting | null => {
    const found = fewestLevel(debt, terms, before, MAX_INSTALMENTS, holds);
    const worked = schedule(debt, found);
    const level = found.phases.at(-1);
    return !('refused' in worked) && level?.kind === 'level' && holds(worked)
      ? { as, paused, count: level.count, terms: found, schedule: worked }
      : null;
  };
  const before = beforeLast(terms);
  const found = (before.length > 0 ? after('last', before) : null) ?? after('whole', []);
  if (found) return found;
  const paused = idlePeriods(terms, means);
  return paused > 0 ? after('pause', [{ kind: 'pause', count: paused, interest: 'waived' }], paused) : null;
}

/** The phases before the one that ends the plan; all of them where none does. */
function beforeLast({ phases }: Terms): readonly Phase[] {
  const last = phases.at(-1);
  const ends = last && (!('count' in last) || last.kind === 'level' || last.kind === 'even-principal');
  return ends ? phases.slice(0, -1) : phases;
}

/** How many periods pass before anything can be paid. */
function idlePeriods({ firstDue, every }: Terms, means: MeansOverTime): number {
  const totals = meansTotals(means);
  let periods = 0;
  while (periods < LONGEST_PAUSE && affordableOn(means, dueDate(firstDue, every, periods), totals) === 0) periods++;
  return periods;
}
