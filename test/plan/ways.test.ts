import { expect, test } from 'vitest';
import { LENDER_KINDS } from '../../worker/plan/law/jurisdiction.ts';
import { WAYS, wayOf, waysFor } from '../../worker/plan/law/ways.ts';

/** What else there is where no agreement comes, by kind of lender. */

const names = (kind: Parameters<typeof waysFor>[1], on = '2026-11-24') => waysFor('CN', kind, on).map(({ id }) => id);

test('in the order in which they help, with the office that oversees the kind of lender, and both where the kind is not known', () => {
  expect(names('bank-card')).toEqual(['advice', 'regulator', 'mediation', 'arbitration', 'court']);
  expect(names('microloan')).toEqual(['advice', 'local-office', 'mediation', 'arbitration', 'court']);
  expect(names('private')).toEqual(['advice', 'mediation', 'arbitration', 'court']);
  expect(names(null)).toEqual([...WAYS]);
  expect(names('private', '2026-02-28')).not.toContain('arbitration');
  for (const kind of LENDER_KINDS) expect(names(kind)[0]).toBe('advice');
});

test('each says what it is for, its cost, how long, what to bring and its source, in both languages, and never promises a free lawyer', () => {
  for (const id of WAYS) {
    const way = wayOf('CN', id) ?? expect.fail();
    for (const said of [way.name, way.purpose, way.cost, way.time, way.bring, way.source]) {
      expect(said.zh).toMatch(/\p{Script=Han}/u);
      expect(said.en).not.toMatch(/\p{Script=Han}/u);
    }
  }
  expect(wayOf('CN', 'advice')?.call).toBe('12348');
  expect(wayOf('CN', 'advice')?.purpose.zh).toContain('不会因此指派免费律师');
  // A court confirms what was settled with an established organisation, and with no mediator else.
  expect(wayOf('CN', 'mediation')?.time.zh).toContain('依法设立的调解组织');
});
