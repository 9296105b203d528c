import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor } from './people.ts';

/** A lender's staff find a case by what they have of it, as they type it. */

const LENDER = 'mingheng';
const id = randomId();
let portal: Rig;
let number = '';
const lin = {} as Record<'zh' | 'en', Visitor>;

beforeAll(async () => {
  portal = await rig();
  const stage = await Stage.set(portal, Date.now());
  const today = stage.today();
  await stage.give('lin', LENDER, id, 'case.openForBorrower', {
    borrowerName: '古丽・买买提',
    loan: { reference: 'MH-2026-001' },
    debt: plainOpening(today, '').debt,
    lenderName: '明衡消费金融',
  });
  await stage.give('chen', LENDER, randomId(), 'case.open', plainOpening(today, '明衡消费金融'));
  for (const language of ['zh', 'en'] as const) lin[language] = await signedIn(portal, 'lin', language);
  number = /HY-\w{4}-\w{4}/.exec(await (await lin.en.get(`/cases/${id}`)).text())?.[0] ?? '';
  expect(number).not.toBe('');
});
afterAll(() => portal.remove());

const found = async (text: string, who = lin.en) => {
  const html = await (await who.get(`/desk/${LENDER}?${new URLSearchParams({ text })}`)).text();
  return { html, ids: [...html.matchAll(/href="\/cases\/([0-9a-f]{32})"/g)].map((match) => match[1]) };
};

describe('the desk finds the one case that is meant', () => {
  test.each([
    '古丽',
    '买买提',
    '古丽·买买提',
    '古丽.买买提',
    '古丽 买买提',
    '古丽买买提',
    'MH-2026',
    'mh-2026-001',
    'MH2026001',
    'ＭＨ－2026－001',
    'MH\u200b-2026-001',
    '2026-001',
  ])('by %s', async (text) => expect((await found(text)).ids).toEqual([id]));
  test('by its number, in lower case, without dashes, or its beginning', async () => {
    for (const text of [number.toLowerCase(), number.replaceAll('-', ''), number.slice(0, 7), ` ${number} `]) {
      expect((await found(text)).ids, text).toEqual([id]);
    }
  });
});

test('what is not there is said to be so, with what was sought; signs of patterns are only letters', async () => {
  for (const text of ['没有这个人', '%', '_', "'", '"', '*', 'MH OR 001', 'NEAR(MH)', '001MH', '-', 'x'.repeat(500)]) {
    const { html, ids } = await found(text);
    expect(ids, text).toEqual([]);
    expect(html).toContain('A part of one is enough.');
  }
  expect((await found('没有这个人', lin.zh)).html).toContain('没有找到编号、合同号、姓名或手机尾号中含有“没有这个人”的案件');
});
