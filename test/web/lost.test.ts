import { expect, test } from 'vitest';
import { isTyped } from '../../web/parts/lost.tsx';

/** What a form tells by itself is not held out to whoever filled it in as something that they typed. */
test.each(['requestId', 'digest', 'conditions', 'version', 'asked', 'approval', 'payment'])('nobody typed %s', (name) => {
  expect(isTyped(name)).toBe(false);
});

test.each(['words', 'name', 'terms.phases.0.count', 'reasons.fees'])('somebody typed %s', (name) => expect(isTyped(name)).toBe(true));
