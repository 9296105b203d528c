import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { hintsOf, holidayNotes } from '../../web/telling/schedule.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { addMonths } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { invited, plainText, planIn, signedIn, typedTerms, type Visitor } from './people.ts';

/** Where the lender wants it, due dates on days off are hinted at wherever a plan is looked over before it goes anywhere: by the borrower, and by who approves. */

const words = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
});
afterAll(() => portal.remove());

async function wants(holidayHint: boolean) {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  await openCasebookForPortal(portal.env, lender ?? { url: '', slug: '' }).setPolicy({ ...DEFAULT_POLICY, holidayHint }, instant());
}

const MONTHS = 36;
/** In three years from any day there are some whose holidays are not published, of which a hint says so. */
function hint(): string {
  const { firstDue } = plainTerms(stage.today(), {});
  const rows = Array.from({ length: MONTHS }, (_, i) => ({ due: addMonths(firstDue, i) }));
  const hints = hintsOf({ ...DEFAULT_POLICY, holidayHint: true });
  const last = hints ? holidayNotes(rows, hints, words).at(-1) : undefined;
  return last ?? expect.fail('Every year is published.');
}
const level = (under: string) => ({ [`${under}terms.phases.0.kind`]: 'level', [`${under}terms.phases.0.count`]: String(MONTHS) });

async function checked(): Promise<string> {
  const { id } = await invited(portal, stage.today());
  const at = `/open/mingheng/${id}`;
  await chen.post(`${at}/loan`, { 'owed.as': 'agree', 'owed.total': '530000' });
  await chen.post(`${at}/cause`, { 'means.cause.kind': 'job-loss', 'means.cause.since': '2026-01-01', 'means.cause.words': '失业。' });
  const salary = { 'means.incomes.0.kind': 'salary', 'means.incomes.0.amount': '3000', 'means.incomes.0.every': 'month' };
  await chen.post(`${at}/month`, { ...salary, 'means.dependants': '0' });
  const plan = planIn(await (await chen.get(`${at}/proposal`)).text());
  const only = Object.entries(plan).filter(([name]) => !name.startsWith('proposal.terms.phases.'));
  const { firstDue, start } = plainTerms(stage.today(), {});
  const typed = { ...Object.fromEntries(only), ...level('proposal.'), 'proposal.terms.start': start, 'proposal.terms.firstDue': firstDue };
  const sent = await chen.post(`${at}/proposal`, { ...typed, action: 'continue' });
  expect(sent.headers.get('location')).toBe(`${at}/check`);
  return plainText(await (await chen.get(`${at}/check`)).text());
}

async function approving(): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const sent = await lin.post(`/cases/${id}/for-approval/proposal.make`, {
    ...{ ...typedTerms(stage.today()), ...level(''), 'terms.waive.principal': '1000' },
    ...{ words: '请您考虑这个方案。', forApproval: '请审批。', requestId: randomId() },
  });
  expect(sent.status).toBe(303);
  return plainText(await (await lin.get(sent.headers.get('location') ?? '')).text());
}

test.each([
  ['the check of a borrower’s first plan', checked],
  ['a plan that waits for approval', approving],
] as const)('%s hints at days off where the lender wants it, and not else', async (_, page) => {
  await wants(true);
  expect(await page()).toContain(hint());
  await wants(false);
  expect(await page()).not.toContain(hint());
});
