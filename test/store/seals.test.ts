import { expect, test } from 'vitest';
import { randomBytes } from '../../worker/chance.ts';
import { makeKey, type StoredKey, signingKey } from '../../worker/record/keys.ts';
import { emptyHead, seal } from '../../worker/record/seal.ts';
import { sealsOf } from '../../worker/store/seals.ts';

/** What was signed here a moment ago is known again when it is read, and nothing else is. */

const at = '2026-11-27T00:00:00.000Z';
const header = { case: 'c', lender: 'l', openedAt: at, number: 'n' };
const author = { side: 'portal' as const, capacity: 'portal', name: 'Heyi', account: null };

async function signed(ring: readonly StoredKey[], instant: string) {
  const { checkpoints } = await seal(
    'c',
    emptyHead(header),
    [{ kind: 'x', content: {}, author }],
    instant,
    randomBytes,
    await signingKey(ring, at),
  );
  const [one] = checkpoints;
  if (!one) throw new Error('none was signed');
  return one;
}

test('a checkpoint of one’s own holds as it was signed, and no other is taken for it', async () => {
  const ring = [await makeKey('2026-01-01T00:00:00.000Z')];
  const seals = sealsOf(ring);
  const one = await signed(ring, at);
  expect(await seals.checkpointHolds(one, 'c', one, true)).toBe(true);
  expect(await seals.checkpointHolds(one, 'c', one)).toBe(true);
  const other = await signed([await makeKey('2026-01-01T00:00:00.000Z')], at);
  for (const forged of [
    { ...one, signature: other.signature },
    { ...one, hash: other.hash },
    { ...other, key: one.key },
  ])
    expect(await seals.checkpointHolds(forged, 'c', forged)).toBe(false);
  expect(await seals.checkpointHolds(one, 'd', one)).toBe(false);
  expect(await seals.checkpointHolds(one, 'c', { ...one, hash: 'a'.repeat(64) })).toBe(false);
});

test('one’s own does not hold where it would not for anybody else: the key had ended by then', async () => {
  const ring = [{ ...(await makeKey('2026-01-01T00:00:00.000Z')), until: '2026-11-28T00:00:00.000Z' }];
  const seals = sealsOf(ring);
  const late = await signed(ring, '2026-11-29T00:00:00.000Z');
  expect(await seals.checkpointHolds(late, 'c', late, true)).toBe(false);
  expect(await seals.checkpointHolds(late, 'c', late)).toBe(false);
});
