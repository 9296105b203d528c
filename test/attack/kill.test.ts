import { expect, test } from 'vitest';
import { attack } from './kill.ts';

test('killed outright under load, each of its processes once: it is there again each time and nothing answered is lost', async () => {
  const { answered, lost, twice, broken } = await attack(4, 5, () => {});
  expect(answered).toBeGreaterThan(20);
  expect({ lost, twice, broken }).toEqual({ lost: [], twice: [], broken: [] });
}, 900_000);
