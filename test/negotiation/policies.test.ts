import { describe, expect, test } from 'vitest';
import type { ActDecided, Institution } from '../../worker/negotiation/lender/institution.ts';
import { foldInstitution, policyVersions } from '../../worker/negotiation/lender/institution.ts';
import { changedParts, changePolicy, confirmPolicy, needsSecond, withdrawPolicy } from '../../worker/negotiation/lender/policies.ts';
import { DEFAULT_POLICY, type HeldPolicy, type Policy } from '../../worker/negotiation/policy.ts';
import { isRefused, type Refused } from '../../worker/negotiation/refusal.ts';
import { rowsOf } from '../../worker/store/policies.ts';

/** A policy in versions: who may change what, from when it holds, and that money takes two people. */

const AT = '2026-11-24T02:00:00.000Z';
const FANG = { account: 'f', capacity: 'administrator' } as const;
const ZHOU = { account: 'z', capacity: 'supervisor' } as const;
/** Both came by invitations of the operator's. */
const BOTH = new Map(
  [FANG, ZHOU].map(({ account, capacity }) => [
    account as string,
    { account, capacity, name: account, team: null, origin: account as string },
  ]),
);
const ACCOUNT = { name: '明衡消费金融', bank: '工商银行', number: '6222020012345678' };

const { version: _, ...FIRST } = DEFAULT_POLICY;

/** A lender's stream, as acts are added to it. */
class House {
  entries: { seq: number; at: string; kind: string; author: unknown; content: unknown }[] = [];
  at = AT;
  get institution(): Institution {
    return foldInstitution(this.entries);
  }
  get newest(): HeldPolicy {
    const last = policyVersions(this.entries).at(-1);
    return last ? { ...last.policy, version: last.version } : { ...FIRST, version: 1 };
  }
  add(decided: ActDecided[] | Refused, by: { account: string }): string[] | string {
    if (isRefused(decided)) return decided.refused.code;
    for (const { kind, content } of decided)
      this.entries.push({ seq: this.entries.length + 1, at: this.at, kind, content, author: { ...AUTHOR, account: by.account } });
    return decided.map(({ kind }) => kind);
  }
  change(rest: Partial<Policy>, from = '2026-11-24', base = this.newest.version) {
    const { version: __, ...standing } = this.newest;
    const policy = { ...standing, ...rest };
    return this.add(changePolicy(this.institution, { base, from, policy }, { at: this.at, seat: FANG, newest: this.newest }), FANG);
  }
  confirm(by: typeof FANG | typeof ZHOU, proven = true, colleagues: Parameters<typeof confirmPolicy>[2]['colleagues'] = BOTH) {
    const seq = this.institution.proposed?.seq ?? 0;
    return this.add(confirmPolicy(this.institution, seq, { at: this.at, seat: by, newest: this.newest, proven, colleagues }), by);
  }
}
const AUTHOR = { side: 'lender', capacity: 'administrator', name: '方洁' };

describe('a change', () => {
  test('that touches no money is a version at once; what stood before is written first', () => {
    const house = new House();
    expect(house.change({ answerWithin: 5 })).toEqual(['policy.began', 'policy.set']);
    expect(house.change({ answerWithin: 6 })).toEqual(['policy.set']);
    expect(policyVersions(house.entries).map(({ version, from, policy }) => [version, from, policy.answerWithin])).toEqual([
      [1, null, 3],
      [2, AT, 5],
      [3, AT, 6],
    ]);
  });
  test.each<Partial<Policy>>([
    { minimumInstalment: 1 },
    { account: ACCOUNT },
    { agentAuthority: { ...FIRST.agentAuthority, principalPpm: 1 } },
    { automatic: { accept: true, counter: false } },
    { answerWithin: 5, waivers: [{ fromDaysOverdue: 0, principalPpm: 0, interestPpm: 1, penaltyPpm: 0, feesPpm: 0 }] },
  ])('%o waits for a second person, who is never the first, and proves anew who they are', (rest) => {
    const house = new House();
    expect(house.change(rest)).toEqual(['policy.began', 'policy.proposed']);
    expect(house.newest.version).toBe(1);
    expect(house.change({ answerWithin: 9 })).toBe('policy.proposal-open');
    expect(house.confirm(FANG)).toBe('policy.second-person');
    expect(house.confirm(ZHOU, false)).toBe('proof.needed');
    expect(house.confirm(ZHOU)).toEqual(['policy.set']);
    expect(house.newest).toMatchObject({ version: 2, ...rest });
    expect(house.confirm(ZHOU)).toBe('policy.proposal-gone');
  });
  test('that would bring what two people set for a later day into force sooner takes two as well, whatever it touches', () => {
    const house = new House();
    house.change({ account: ACCOUNT }, '2026-12-31');
    expect(house.confirm(ZHOU)).toEqual(['policy.set']);
    expect(house.change({ answerWithin: 5 }, '2026-12-30')).toEqual(['policy.proposed']);
    house.add(withdrawPolicy(house.institution, house.institution.proposed?.seq ?? 0), FANG);
    expect(house.change({ answerWithin: 5 }, '2026-12-31')).toEqual(['policy.set']);
  });
  test('that was withdrawn is confirmed by nobody', () => {
    const house = new House();
    house.change({ account: ACCOUNT });
    expect(house.add(withdrawPolicy(house.institution, 2), FANG)).toEqual(['policy.withdrawn']);
    expect(house.confirm(ZHOU)).toBe('policy.proposal-gone');
    expect(house.newest.account).toBeNull();
  });
  test('rests on the newest version, changes something, and holds from a day that is not past nor far', () => {
    const house = new House();
    house.change({ answerWithin: 5 });
    expect(house.change({ answerWithin: 6 }, '2026-11-24', 1)).toBe('policy.changed');
    expect(house.change({})).toBe('policy.unchanged');
    expect(house.change({ answerWithin: 6 }, '2026-11-23')).toBe('policy.from-past');
    expect(house.change({ answerWithin: 6 }, '2027-11-26')).toBe('policy.from-far');
  });
  test('is confirmed by nobody who came by the same invitations, whoever invited whom, until somebody else vouched; nor of somebody who has left', () => {
    const house = new House();
    house.change({ account: ACCOUNT });
    const of = (origins: Record<string, string>) =>
      new Map([...BOTH].map(([account, one]) => [account, { ...one, origin: origins[account] ?? account }]));
    expect(house.confirm(ZHOU, true, of({ z: 'f' }))).toBe('policy.not-two');
    expect(house.confirm(ZHOU, true, of({ f: 'z' }))).toBe('policy.not-two');
    expect(house.confirm(ZHOU, true, of({ f: 'w', z: 'w' }))).toBe('policy.not-two');
    expect(house.confirm(ZHOU, true, new Map([...BOTH].filter(([account]) => account !== 'f')))).toBe('policy.proposer-gone');
    expect(house.confirm(ZHOU, true, new Map([...BOTH].filter(([account]) => account !== 'z')))).toBe('policy.not-two');
    expect(house.confirm(ZHOU, true, of({ f: 'w', z: 'v' }))).toEqual(['policy.set']);
  });
  test('says which parts it touches; nothing of the account, or of what may be given away, is among those that one changes alone', () => {
    expect(changedParts(FIRST, { ...FIRST, offerDays: 8, account: ACCOUNT })).toEqual(['offerDays', 'account']);
    const alone = Object.keys(FIRST).filter((part) => !needsSecond([part as keyof Policy]));
    expect(alone).toEqual(['answerWithin', 'offerDays', 'longestOffer', 'settlementLetterWithin', 'contactHours']);
  });
});

describe('from when a version holds', () => {
  test('the first instant of its day by the clocks of the jurisdiction', () => {
    const house = new House();
    house.change({ answerWithin: 5 }, '2026-12-01');
    expect(policyVersions(house.entries).at(-1)?.from).toBe('2026-11-30T16:00:00.000Z');
  });
  test('one whose day came before it was confirmed holds from then', () => {
    const house = new House();
    house.change({ account: ACCOUNT }, '2026-11-25');
    house.at = '2026-11-26T03:00:00.000Z';
    expect(house.confirm(ZHOU)).toEqual(['policy.set']);
    expect(policyVersions(house.entries).at(-1)?.from).toBe(house.at);
  });
  test('at every instant one row holds: a later version takes the place of all that would hold then', () => {
    const of = (version: number, from: string | null) => ({ version, from, at: AT, policy: FIRST });
    const rows = rowsOf([of(1, null), of(2, '2026-12-10'), of(3, '2026-12-05'), of(4, '2026-12-20')]);
    const holding = (at: string) =>
      rows.flatMap(({ id, holdsFrom, holdsUntil }) =>
        (holdsFrom === null || holdsFrom <= at) && (holdsUntil === null || holdsUntil > at) ? [id] : [],
      );
    expect(['2026-12-01', '2026-12-05', '2026-12-10', '2026-12-19', '2026-12-20'].map(holding)).toEqual([[1], [3], [3], [3], [4]]);
  });
});
