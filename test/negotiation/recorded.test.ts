import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ENTRY_KINDS, fold, foldOwn, kindOf, known, knownOwn, OWN_ENTRY_KINDS, ownKindOf, RULES } from '../../worker/negotiation/case.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { ACT_KINDS, actOf, knownAct } from '../../worker/negotiation/lender/institution.ts';
import { canonical, digestOf } from '../../worker/record/digest.ts';
import { PORTAL } from './play.ts';
import rules from './rules.json' with { type: 'json' };

/**
 * What releases have sealed is read by every release after them. In `recorded/`, a folder a release: `contents.json` has contents of each kind, one of every shape
 * that the release wrote; the other files are records of whole cases, with what they came to. What begins with `own-` is of private streams, with `lender-` of lenders' own. Nothing in there is ever changed: a release adds its own.
 */

const folder = new URL('recorded/', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as unknown;
const releases = readdirSync(folder);
const contentsOf = (release: string) => read(`${release}/contents.json`) as Record<string, unknown[]>;

const ownContentsOf = (release: string) => {
  const path = `${release}/own-contents.json`;
  return (existsSync(new URL(path, folder)) ? read(path) : {}) as Record<string, unknown[]>;
};

const lenderContentsOf = (release: string) => {
  const path = `${release}/lender-contents.json`;
  return (existsSync(new URL(path, folder)) ? read(path) : {}) as Record<string, unknown[]>;
};

test.each(ACT_KINDS)('%s of a lender’s own stream: there is a recorded one, and its schema takes it as it is', (kind) => {
  const all = releases.flatMap((release) => lenderContentsOf(release)[kind] ?? []);
  expect(all.length).toBeGreaterThan(0);
  for (const [i, content] of all.entries()) {
    const now = knownAct({ seq: i + 1, at: '2026-11-24T02:00:00.000Z', kind, author: PORTAL, content })?.content;
    expect(canonical(actOf(kind).content.parse(now))).toBe(canonical(now));
  }
});

/** The whole records of a release, and what one comes to. */
const wholeOf = (release: string) => readdirSync(new URL(`${release}/`, folder)).filter((name) => !name.endsWith('contents.json'));
function comesTo(release: string, name: string): { now: unknown; before: object | undefined } {
  const { entries, kase, own } = read(`${release}/${name}`) as { entries: Recorded[]; kase?: object; own?: object };
  return { now: JSON.parse(JSON.stringify(own ? foldOwn(entries) : fold(entries))), before: own ?? kase };
}

test.each(OWN_ENTRY_KINDS)('%s of a private stream: there is a recorded one', (kind) => {
  expect(releases.flatMap((release) => ownContentsOf(release)[kind] ?? []).length).toBeGreaterThan(0);
});

test.each(ENTRY_KINDS)('%s: there is a recorded one', (kind) => {
  expect(releases.flatMap((release) => contentsOf(release)[kind] ?? []).length).toBeGreaterThan(0);
});

const sealedBy = (release: string) => [
  ...Object.entries(contentsOf(release)).map(([kind, all]) => ({
    kind,
    all,
    of: 'the shared record',
    declared: kindOf(kind),
    read: known,
  })),
  ...Object.entries(ownContentsOf(release)).map(([kind, all]) => ({
    kind,
    all,
    of: 'private streams',
    declared: ownKindOf(kind),
    read: knownOwn,
  })),
];

describe.each(releases)('what release %s sealed', (release) => {
  test.each(sealedBy(release))(
    '$kind of $of is still a kind, and its schema takes it as it is',
    ({ kind, all, declared, read: readBy }) => {
      for (const [i, content] of all.entries()) {
        const one: Recorded = { seq: i + 1, at: '2026-11-24T02:00:00.000Z', kind, author: PORTAL, content };
        const now = readBy(one)?.content;
        expect(canonical(declared?.content.parse(now))).toBe(canonical(now));
        // One of today's shape is read as it stands, not as a copy that says something else.
        if (!declared?.upcast) expect(now).toBe(content);
      }
    },
  );
  test.each(wholeOf(release))('%s comes to the same', (name) => {
    const { now, before } = comesTo(release, name);
    // A part of a case that the fold did not know of then is no contradiction.
    expect(now).toMatchObject(before ?? expect.fail());
  });
});

/**
 * Snapshots that are kept beside records are read while they are of today's rules. So where recorded cases come to anything else than they did, the
 * rules have a new version: raise `RULES`, and write to `rules.json` what this test found.
 */
test('recorded cases come to what the rules of this version came to', () => {
  const whole = releases.flatMap((release) =>
    wholeOf(release).map((name) => [`${release}/${name}`, digestOf(canonical(comesTo(release, name).now))] as const),
  );
  const cases = Object.fromEntries(whole);
  expect({ rules: RULES, cases }).toEqual(rules);
});
