import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundleName } from '../../worker/export/bundle-name.ts';
import { safeName } from '../../worker/intake/receive.ts';
import { INVISIBLE, INVISIBLE_ON_RECORD, withoutInvisible } from '../../worker/plan/unseen.ts';

const root = new URL('../../', import.meta.url);

test('what cannot be seen is said in one place: nobody else names its category', () => {
  const naming = globSync('{worker,web,db}/**/*.{ts,tsx}', { cwd: root.pathname }).filter((path) =>
    /\\p\{(?:Cf|Default_Ignorable_Code_Point)\}/.test(readFileSync(new URL(path, root), 'utf8')),
  );
  // Where letters are counted, and where fonts are cut, it is part of another question.
  expect(naming.toSorted()).toEqual(['db/fonts.ts', 'worker/negotiation/letters.ts', 'worker/plan/unseen.ts']);
});

test('what names on record hold of it is of it', () => {
  for (const char of INVISIBLE_ON_RECORD) expect(INVISIBLE.test(char), char.codePointAt(0)?.toString(16)).toBe(true);
  expect(withoutInvisible(`a${INVISIBLE_ON_RECORD}\u202e\u2066\ufe0f\u{e0041}b`)).toBe('ab');
});

test.each([
  ['工资单\u200b 2026.pdf', '工资单 2026.pdf'],
  ['a\u202efdp.exe', 'afdp.exe'],
  ['ئۇ\u200dيغۇر.pdf', 'ئۇ\u200dيغۇر.pdf'],
  ['👩\u200d👧.jpg', '👩\u200d👧.jpg'],
  ['a\u200db.pdf', 'ab.pdf'],
  ['cafe\u0301.pdf', 'café.pdf'],
])('a file is called alike as it comes in and in a bundle: %j', (given, fit) => {
  expect(safeName(given)).toBe(fit);
  expect(bundleName({ sha256: 'abcdef0123456789', name: given })).toBe(`files/abcdef012345-${fit}`);
  expect(bundleName({ sha256: 'abcdef0123456789', name: safeName(given) })).toBe(`files/abcdef012345-${fit}`);
});
