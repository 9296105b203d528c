import { expect, test } from 'vitest';
import { stoppedBy, stopToken } from '../../worker/deliver/stop.ts';
import { tellFrom } from '../../worker/deliver/when.ts';
import type { Kind } from '../../worker/negotiation/entry.ts';
import { newsOf, readChoices } from '../../worker/negotiation/news.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { makeKey } from '../../worker/record/keys.ts';

/** When people are told, by the clocks of mainland China (UTC+8), whose law allows contact from 8:00 to 22:00. */

const OWN = { ...DEFAULT_POLICY, contactHours: { from: 9 * 60, until: 18 * 60 } };

test.each([
  ['a borrower by day, at once', 'at-once', 'borrower', DEFAULT_POLICY, '2026-11-24T02:30:00.000Z', '2026-11-24T02:30:00.000Z'],
  ['a borrower before eight, at eight', 'at-once', 'borrower', DEFAULT_POLICY, '2026-11-23T23:59:00.000Z', '2026-11-24T00:00:00.000Z'],
  [
    'a borrower at ten at night, the next morning',
    'at-once',
    'borrower',
    DEFAULT_POLICY,
    '2026-11-24T14:00:00.000Z',
    '2026-11-25T00:00:00.000Z',
  ],
  ['a borrower of a lender with hours of its own', 'at-once', 'borrower', OWN, '2026-11-24T10:00:00.000Z', '2026-11-25T01:00:00.000Z'],
  ['staff at night, at once', 'at-once', 'lender', DEFAULT_POLICY, '2026-11-24T18:00:00.000Z', '2026-11-24T18:00:00.000Z'],
  ['once a day, at nine', 'daily', 'lender', DEFAULT_POLICY, '2026-11-24T00:30:00.000Z', '2026-11-24T01:00:00.000Z'],
  ['once a day, at nine of the next day', 'daily', 'borrower', DEFAULT_POLICY, '2026-11-24T01:00:00.000Z', '2026-11-25T01:00:00.000Z'],
] as const)('%s', (_, way, side, policy, at, due) => {
  expect(tellFrom(at, way, side, policy)).toBe(due);
});

test('agreements, arrears, formal letters and what is stated as owed always reach people; so does what nobody has sorted', () => {
  for (const kind of [
    'agreement.signed',
    'instalment.overdue',
    'talk.letter-issued',
    'debt.stated',
    'debt.corrected',
    'debt.disputed',
    'payment.reversed',
    'case.closed',
    'new.kind',
    'constructor',
  ])
    expect(newsOf(kind)).toBeNull();
  for (const kind of ['proposal.made', 'proposal.accepted', 'proposal.declined'] satisfies Kind[]) expect(newsOf(kind)).toBe('offers');
  for (const text of ['', '{', 'null', '{"offers":"never"}', '{"offers":"x","talk":"never","papers":"never","payments":"never"}'])
    expect(readChoices(text)).toBeNull();
});

test('a token stops what it names, of whom it names, and nothing else', async () => {
  const env = { keys: [await makeKey('2026-01-01T00:00:00.000Z')] };
  const [account, other] = ['a'.repeat(32), 'b'.repeat(32)];
  const token = stopToken(env, { account, news: ['talk', 'offers', 'talk'] });
  expect(stoppedBy(env, token)).toEqual({ account, news: ['offers', 'talk'] });
  for (const forged of [
    token.replace(account, other),
    token.replace('offers.talk', 'talk'),
    token.replace('offers.talk', 'talk.offers'),
    token.replace('offers.talk', 'offers.talk.papers'),
    `${token}0`,
    token.slice(0, -1),
    '',
    'constructor',
  ])
    expect(stoppedBy(env, forged)).toBeNull();
});
