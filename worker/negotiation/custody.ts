import * as z from 'zod';
import type { Case, Entry } from './case.ts';
import { command } from './command.ts';
import { bothSides } from './seats.ts';

/** Who took what away, and what was erased. */

export const EXPORTS = ['agreement.pdf', 'record.json', 'schedule.csv', 'schedule.ics'] as const;

/** What can be taken away of a case now: of the agreement only where there is one. */
export function available(kase: Case): (typeof EXPORTS)[number][] {
  return EXPORTS.filter((what) => kase.agreement !== null || !/^(agreement|schedule)/.test(what));
}

/** `exports` holds who has already taken what since the record last said something new, so that reloading a page adds nothing. */
export type Custody = { exports: string[]; erasures: { seq: number; entries: number[]; files: string[] }[] };

export const EMPTY: Custody = { exports: [], erasures: [] };

export const entries = {
  'custody.exported': z.object({ what: z.enum(EXPORTS), head: z.int(), digest: z.string().optional() }),
  'custody.erased': z.object({ entries: z.array(z.int()), files: z.array(z.string()), reason: z.string() }),
};

const record = command({
  name: 'custody.export',
  input: z.object({ what: z.enum(EXPORTS), digest: z.string().optional() }),
  by: bothSides,
  decide: (kase, { what, digest }, { seat }) =>
    kase.exports.includes(`${seat.account} ${what}`)
      ? []
      : [{ kind: 'custody.exported', content: { what, head: kase.seq, ...(digest ? { digest } : {}) } }],
});

export const commands = { record };

export function evolve(kase: Case, entry: Entry): Case {
  if (entry.kind === 'custody.exported') {
    const { what } = entry.content as { what: string };
    return { ...kase, exports: [...kase.exports, `${entry.author?.account} ${what}`] };
  }
  if (entry.kind === 'custody.erased') {
    const { entries: erased, files } = entry.content as { entries: number[]; files: string[] };
    return { ...kase, erasures: [...kase.erasures, { seq: entry.seq, entries: erased, files }] };
  }
  return kase.exports.length > 0 ? { ...kase, exports: [] } : kase;
}
