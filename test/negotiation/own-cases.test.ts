import { expect, test } from 'vitest';
import { bySoonest, dated } from '../../worker/negotiation/own-cases.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';

/** The list of a borrower's cases: what is theirs to do first, then by the day that comes next, the lender's promise among them. */

const NOW = '2026-11-26T02:00:00.000Z';
const row = (id: string, rest: object = {}) => ({
  ...{
    id,
    stage: 'negotiating',
    awaited: null,
    deadline: null,
    offerUntil: null,
    nextDue: null,
    offeredAt: null,
    pending: [],
    lastAt: NOW,
  },
  ...rest,
});
const listOf = (...rows: ReturnType<typeof row>[]) => dated(rows, DEFAULT_POLICY, NOW).toSorted(bySoonest);
const ids = (...rows: ReturnType<typeof row>[]) => listOf(...rows).map(({ id }) => id);

test('the lender’s answer is promised for a working day of its place: a Friday’s offer is answered by Wednesday', () => {
  // 23:30 in China on Friday, 27 November.
  const offered = { awaited: 'lender', offeredAt: '2026-11-27T15:30:00.000Z', offerUntil: '2026-12-04T15:59:59.999Z' };
  expect(listOf(row('sent', offered))[0]).toMatchObject({
    promised: { date: '2026-12-02', earliest: false },
    day: '2026-12-02',
    waits: false,
  });
  // An offer of the lender's own promises nothing: the day is that on which it lapses.
  expect(listOf(row('theirs', { ...offered, awaited: 'borrower' }))[0]).toMatchObject({ promised: null, day: '2026-12-04', waits: true });
});

test('what waits for the borrower comes before what does not, each by its day; what is over comes last', () => {
  const pays = (day: string) => ({ nextDue: day });
  expect(
    ids(
      row('over'),
      row('pays', pays('2026-12-24')),
      row('answered soon', { awaited: 'lender', offeredAt: NOW }),
      row('asked', { awaited: 'lender', offeredAt: NOW, pending: [{ what: 'queries', count: 1 }] }),
      row('late', pays('2026-11-20')),
      row('theirs', { awaited: 'borrower', offerUntil: '2026-11-28T15:59:59.999Z' }),
    ),
  ).toEqual(['late', 'theirs', 'asked', 'answered soon', 'pays', 'over']);
});

test('of two without a day the newer one is first', () =>
  expect(ids(row('older', { lastAt: '2026-11-20T02:00:00.000Z' }), row('newer'))).toEqual(['newer', 'older']));

test('that a mandate or the proposal of a mediator ends is no day of the offer, nor one by which anything is to be done', () => {
  const deadline = '2026-12-12T02:00:00.000Z';
  for (const stage of ['negotiating', 'agreed']) expect(listOf(row('waits', { stage, deadline }))[0]?.day, stage).toBeNull();
  expect(listOf(row('offered', { deadline: '2026-11-27T02:00:00.000Z', offerUntil: '2026-12-04T15:59:59.999Z' }))[0]?.day).toBe(
    '2026-12-04',
  );
  expect(listOf(row('paid', { stage: 'completed', deadline }))[0]?.day).toBe('2026-12-12');
});
