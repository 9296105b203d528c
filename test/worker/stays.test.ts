import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, planIn, signedIn, visitor } from './people.ts';

/** Whoever changes the language of a page stays on it, with what was typed, but for passwords and codes. */

const SECRET = 'a long pass phrase';

let portal: Rig;
let today: string;
beforeAll(async () => {
  portal = await rig();
  today = (await Stage.set(portal, Date.now())).today();
});
afterAll(() => portal.remove());

/** Where the way to the other language is: a button that takes the form along, or a link. */
const wayOf = (html: string) =>
  /formaction="([^"]*language=en[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? /href="(\/language\/en[^"]*)"/.exec(html)?.[1] ?? '';

test('the last page of a draft keeps who sends it, and the password nowhere', async () => {
  let cookie = 'language=zh';
  const send = async (path: string, fields: Record<string, string>) => {
    const answer = await visitor(portal, cookie).post(path, fields);
    for (const one of answer.headers.getSetCookie()) cookie += `; ${one.split(';')[0]}`;
    return answer;
  };
  const onward = async (path: string, fields: Record<string, string>) => {
    const to = (await send(path, { ...fields, action: 'continue' })).headers.get('location');
    return to ?? expect.fail(path);
  };
  const cause = await onward('/open', {
    lender: 'mingheng',
    'loan.reference': 'MH-2026-7',
    'debt.total': '18000',
    'debt.debt.asOf': today,
  });
  const month = await onward(cause, {
    'means.cause.kind': 'job-loss',
    'means.cause.since': '2026-09-01',
    'means.cause.words': '公司裁员。',
  });
  const line = (group: string, kind: string, amount: string) => ({
    [`means.${group}.0.kind`]: kind,
    [`means.${group}.0.amount`]: amount,
    [`means.${group}.0.every`]: 'month',
  });
  const plan = await onward(month, { 'means.dependants': '0', ...line('incomes', 'salary', '3200'), ...line('expenses', 'food', '2000') });
  const check = await onward(plan, planIn(await (await visitor(portal, cookie).get(plan)).text()));
  const typed = { name: '王小雨', contact: 'not a contact', password: SECRET, requestId: randomId() };
  const refused = await (await send(check, typed)).text();
  expect(refused).toContain('error-summary');
  const english = await send(wayOf(refused), typed);
  expect(english.status).toBe(200);
  const html = await english.text();
  expect(html).toContain('<html lang="en');
  for (const text of ['value="王小雨"', 'value="not a contact"']) expect(html).toContain(text);
  expect(html).not.toContain(SECRET);
});

test('an invitation keeps the name that was typed, and is not taken up', async () => {
  const lin = await signedIn(portal, 'lin', 'zh');
  const debt = {
    'debt.debt.asOf': today,
    'debt.debt.principal': '5000',
    'debt.debt.interest': '',
    'debt.debt.penalty': '',
    'debt.debt.fees': '',
  };
  const fields = {
    borrowerName: PEOPLE.chen.name,
    contact: PEOPLE.chen.email ?? '',
    'loan.reference': 'STAYS-1',
    ...debt,
    requestId: randomId(),
  };
  const [, path = ''] = /(\/join\/[\w-]+)/.exec(await (await lin.post('/desk/mingheng/new', fields)).text()) ?? [];
  const chen = await signedIn(portal, 'chen', 'zh');
  const refused = await (await chen.post(path, { name: '\u0007' })).text();
  expect(wayOf(refused)).toBe(`${path}/typed?language=en`);
  const html = await (await chen.post(wayOf(refused), { name: '陈建國' })).text();
  expect(html).toContain('<html lang="en');
  expect(html).toContain('value="陈建國"');
  expect((await chen.get(path)).status).toBe(200);
  expect((await chen.get(`${path}/typed`)).headers.get('location')).toBe(path);
});

test('the account comes back to itself, wherever its form was sent', async () => {
  const chen = await signedIn(portal, 'chen', 'zh');
  const refused = await (await chen.post('/account/password', { password: 'wrong', newPassword: SECRET })).text();
  expect(refused).toContain('error-summary');
  expect(wayOf(refused)).toBe('/language/en?back=%2Faccount%3Fagain%3D1');
});

test('the first question names all that is missing, not the lender alone', async () => {
  const answer = await visitor(portal, 'language=zh').post('/open', {
    lender: '',
    'loan.reference': '',
    'debt.total': '',
    action: 'continue',
  });
  const summary = /<div class="error-summary".*?<\/div>/s.exec(await answer.text())?.[0] ?? '';
  expect(answer.status).toBe(422);
  for (const field of ['lender', 'loan.reference', 'debt.total']) expect(summary).toContain(`href="#${field}"`);
  expect(summary).not.toContain('href="#loan.lender"');
  expect(plainText(summary).match(/请填写这一项/g)).toHaveLength(3);
});
