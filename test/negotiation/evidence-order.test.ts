import { expect, test } from 'vitest';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { chosenFor } from '../../worker/negotiation/evidence-order.ts';
import { WAYS } from '../../worker/plan/law/ways.ts';

/** What lies in the papers for a way elsewhere unless somebody chooses otherwise. */

const recorded = (seq: number, kind: string, content: unknown): Recorded => ({
  ...{ seq, kind, content, at: '2026-11-24T02:00:00.000Z' },
  author: { portal: true },
});

test('what was said and offered in mediation goes nowhere else by itself; that there was one, and what was agreed by it, does', () => {
  const entries = [
    recorded(1, 'case.opened', {}),
    recorded(2, 'proposal.made', { version: 1 }),
    recorded(3, 'mediation.accepted', { mediation: 2 }),
    recorded(4, 'mediation.suggested', { mediation: 2 }),
    recorded(5, 'mediation.said', { mediation: 2 }),
    recorded(6, 'proposal.made', { version: 2, mediation: 2 }),
    recorded(7, 'talk.message', { words: '', mediation: 2 }),
    recorded(8, 'agreement.drawn-up', { mediation: 2 }),
    recorded(9, 'means.submitted', {}),
    recorded(10, 'debt.stated', { mediation: 2 }),
    recorded(11, 'debt.corrected', { mediation: 2 }),
    recorded(12, 'debt.confirmed', { mediation: 2 }),
    recorded(13, 'proposal.accepted', { mediation: 2 }),
    recorded(14, 'debt.confirmed', {}),
  ];
  for (const way of WAYS) expect([way, chosenFor(way, entries)]).toEqual([way, [1, 2, 3, 8, 10, 14]]);
});
