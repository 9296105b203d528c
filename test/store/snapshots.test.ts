import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fold } from '../../worker/negotiation/case.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { noteSnapshot, readSnapshot, snapshotText } from '../../worker/store/snapshots.ts';

/** A snapshot that was written here is not parsed when it is read: what it is remembered as must be what it would be read as. */

const folder = new URL('../negotiation/recorded/', import.meta.url);
const records = readdirSync(folder).flatMap((release) =>
  readdirSync(new URL(`${release}/`, folder))
    .filter((name) => !name.endsWith('contents.json') && !/^(?:own|lender)-/.test(name))
    .map((name) => ({ name: `${release}/${name}` })),
);

test.each(records)('what $name comes to is what its snapshot is read as, member by member', ({ name }) => {
  const { entries } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { entries: Recorded[] };
  for (let i = 1; i <= entries.length; i++) {
    const kase = fold(entries.slice(0, i));
    const read = readSnapshot(snapshotText(kase));
    expect(read).toStrictEqual(kase);
  }
});

test('one that was noted is that very case, which nobody can change; of another text nothing is known', () => {
  const kase = { ...fold([]), messages: 17 };
  const text = snapshotText(kase);
  noteSnapshot(text, kase);
  expect(readSnapshot(text)).toBe(kase);
  expect(Object.isFrozen(kase) && Object.isFrozen(kase.offers)).toBe(true);
  expect(readSnapshot(text.replace('"messages":17', '"messages":18'))).toMatchObject({ messages: 18 });
  expect(readSnapshot(text.replace(/"rules":\d+/, '"rules":0'))).toBe(null);
});
