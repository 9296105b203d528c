import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ENTRY_KINDS, fold, kindOf, known, RULES } from '../../worker/negotiation/case.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import { PORTAL } from './play.ts';
import rules from './rules.json' with { type: 'json' };

/**
 * What releases have sealed is read by every release after them. In `recorded/`, a folder a release: `contents.json` has contents of each kind, one of every shape
 * that the release wrote; the other files are records of whole cases, with what they came to. Nothing in there is ever changed: a release adds its own.
 */

const folder = new URL('recorded/', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as unknown;
const releases = readdirSync(folder);
const contentsOf = (release: string) => read(`${release}/contents.json`) as Record<string, unknown[]>;

test.each(ENTRY_KINDS)('%s: there is a recorded one', (kind) => {
  expect(releases.flatMap((release) => contentsOf(release)[kind] ?? []).length).toBeGreaterThan(0);
});

describe.each(releases)('what release %s sealed', (release) => {
  test.each(Object.entries(contentsOf(release)))('%s is still a kind, and its schema takes it as it is', (kind, contents) => {
    const declared = kindOf(kind);
    for (const [i, content] of contents.entries()) {
      const recorded: Recorded = { seq: i + 1, at: '2026-11-24T02:00:00.000Z', kind, author: PORTAL, content };
      const now = known(recorded)?.content;
      expect(canonical(declared?.content.parse(now))).toBe(canonical(now));
      // One of today's shape is read as it stands, not as a copy that says something else.
      if (!declared?.upcast) expect(now).toBe(content);
    }
  });
  const whole = readdirSync(new URL(`${release}/`, folder)).filter((name) => name !== 'contents.json');
  test.each(whole)('%s comes to the same case', (name) => {
    const { entries, kase } = read(`${release}/${name}`) as { entries: Recorded[]; kase: unknown };
    // A part of a case that the fold did not know of then is no contradiction.
    expect(JSON.parse(JSON.stringify(fold(entries)))).toMatchObject(kase as object);
  });
});

/**
 * Snapshots that are kept beside records are read while they are of today's rules. So where recorded cases come to anything else than they did, the
 * rules have a new version: raise `RULES`, and write to `rules.json` what this test found.
 */
test('recorded cases come to what the rules of this version came to', () => {
  const whole = releases.flatMap((release) =>
    readdirSync(new URL(`${release}/`, folder)).flatMap((name) => (name === 'contents.json' ? [] : [`${release}/${name}`])),
  );
  const cases = Object.fromEntries(
    whole.map((path) => {
      const { entries } = read(path) as { entries: Recorded[] };
      return [path, digestOf(canonical(JSON.parse(JSON.stringify(fold(entries)))))];
    }),
  );
  expect({ rules: RULES, cases }).toEqual(rules);
});
