import { expect, test } from 'vitest';
import { differing } from '../../db/rebuild.ts';
import { RULES } from '../../worker/negotiation/case.ts';
import { project } from '../../worker/projection.ts';
import { inForce, pass, to } from '../negotiation/performed.ts';
import { type Play, ZHOU } from '../negotiation/play.ts';

/** What a row may say otherwise than its record comes to, where other rules worked it out: what is left under an agreement, in each stage in which one binds. */

function missed(): Play {
  const play = to(inForce(), '2026-12-28');
  pass(play);
  return play;
}
function broken(): Play {
  const play = to(missed(), '2027-02-01');
  play.give(ZHOU, 'arrears.declareBroken', { words: '没有回应。' }, true);
  return play;
}

test.each([
  ['in-force', inForce],
  ['in-arrears', missed],
  ['broken', broken],
] as const)('%s', (stage, come) => {
  const { kase, policy } = come();
  expect(kase.stage).toBe(stage);
  const made = project(kase, { seq: kase.seq, hash: 'h' }, policy);
  const stored = (rules: number) => ({ row: { ...made, amount: made.amount + 1, state: JSON.stringify({ rules, ...kase }) } });
  expect(differing(stored(RULES - 1), made)).toEqual([]);
  expect(differing(stored(RULES), made)).toEqual(['amount']);
});
