import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { rebuild } from '../../db/rebuild.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { type Rig, rig } from '../portal.ts';
import { plainText, signedIn, takeAway, type Visitor } from './people.ts';

/** Payments from both sides through the portal, the lender's list of them, and a file of those received. */

const LENDER = 'mingheng';
const en = wordsOf('en');
let portal: Rig;
let stage: Stage;
let chen: Visitor;
let lin: Visitor;
let count = 0;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
});
afterAll(() => portal.remove());

/** An agreement in force under a contract of its own: twelve instalments at 12 % a year on what `plainOpening` owes. */
async function inForce(): Promise<{ id: string; contract: string }> {
  const id = randomId();
  const contract = `MH-IMP ${++count}`;
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = { ...plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }] }), rate: { per: 'year' as const, ppm: 120_000 } };
  await stage.give('chen', LENDER, id, 'case.open', {
    ...opening,
    loan: { ...opening.loan, reference: contract },
    proposal: { ...opening.proposal, terms },
  });
  const { offers } = await caseOf(id);
  const digest = offers[0]?.digest;
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest });
  await stage.give('chen', LENDER, id, 'agreement.sign', { digest, name: PEOPLE.chen.name });
  await stage.give('zhou', LENDER, id, 'agreement.sign', { digest, name: PEOPLE.zhou.name });
  return { id, contract };
}

const caseOf = async (id: string) => (await (await lin.get(`/api/v1/cases/${id}`)).json()) as Case;
const states = async (id: string) => (await caseOf(id)).payments.map(({ side, state, amount }) => `${side} ${state} ${amount}`);

/** Uploads a file as the page does, records it where it can, and brings what the pages said. */
async function upload(bytes: BlobPart): Promise<{ checked: string; done: string }> {
  const form = new FormData();
  form.set('file', new File([bytes], 'received.csv', { type: 'text/csv' }));
  const checked = await (await lin.send(`/desk/${LENDER}/payments/import`, form)).text();
  const again = new FormData();
  for (const [, text = ''] of checked.matchAll(/name="text" value="([^"]*)"/g))
    again.append('text', text.replaceAll('&quot;', '"').replaceAll('&#39;', "'"));
  const done = again.has('text') ? await (await lin.send(`/desk/${LENDER}/payments/import`, again)).text() : '';
  return { checked, done };
}

const run = async (lines: string[], ...more: string[]) => {
  const file = join(portal.data, `received-${randomId()}.csv`);
  writeFileSync(file, lines.join('\r\n'));
  return command('db/payments.ts', [LENDER, file, ...more], { DATA: portal.data });
};

describe('the list of payments to confirm', () => {
  test('has every payment that a borrower reported, from whatever case, and one step each; it says what was confirmed', async () => {
    const [one, two] = [await inForce(), await inForce()];
    for (const [i, { id }] of [one, two].entries())
      await stage.give('chen', LENDER, id, 'payment.report', {
        amount: 50_001 + i,
        on: stage.today(),
        method: 'app',
        reference: `WX-${i}`,
      });
    expect(plainText(await (await lin.get(`/desk/${LENDER}`)).text())).toContain(en.received.link);
    const list = await (await lin.get(`/desk/${LENDER}/payments`)).text();
    for (const text of ['¥500.01', '¥500.02', 'WX-0', 'WX-1', one.contract]) expect(plainText(list)).toContain(text);
    const fields = { case: one.id, payment: (await caseOf(one.id)).payments[0]?.seq ?? 0, requestId: randomId() };
    const done = await (await lin.post(`/desk/${LENDER}/payments`, fields)).text();
    expect(plainText(done)).toContain(en.received.confirmed({ amount: '¥500.01', borrower: PEOPLE.chen.name }));
    expect(plainText(done)).not.toContain('WX-0');
    expect(await states(one.id)).toEqual(['borrower confirmed 50001']);
    // Sent twice it is the first; by another request there is nothing to confirm any more.
    expect((await lin.post(`/desk/${LENDER}/payments`, fields)).status).toBe(200);
    const twice = await lin.post(`/desk/${LENDER}/payments`, { ...fields, requestId: randomId() });
    expect(twice.status).toBe(422);
    expect(plainText(await twice.text())).toContain(en.refusal['payment.none']);
    // Nobody else's desk, and no case that is not there.
    expect((await chen.get(`/desk/${LENDER}/payments`)).status).toBe(404);
    expect((await lin.post(`/desk/${LENDER}/payments`, { ...fields, case: randomId(), requestId: randomId() })).status).toBe(404);
    expect((await lin.post(`/desk/${LENDER}/payments`, { ...fields, case: 'constructor' })).status).toBe(404);
  });

  test('is read by its index, however many cases there are, and so is a contract', async () => {
    const lender = await openDirectory(portal.env).lenderBySlug(LENDER);
    const { connect } = await import('../../worker/store/connect.ts');
    const { casebookUrl } = await import('../../worker/store/open.ts');
    const db = connect(casebookUrl(portal.env, lender ?? { url: '' }), portal.env.casebookToken);
    const plan = async (query: string) => JSON.stringify((await db.run(`EXPLAIN QUERY PLAN ${query}`)).rows);
    expect(await plan('SELECT * FROM cases WHERE to_confirm > 0 ORDER BY last_at, id LIMIT 31')).toContain('cases_to_confirm');
    const name = `upper(replace(replace("cases"."reference", ' ', ''), '-', ''))`;
    expect(await plan(`SELECT id FROM cases WHERE ${name} IN (SELECT value FROM json_each('["A"]'))`)).toContain('cases_loan');
  });
});

describe('a file of payments received', () => {
  test('by the command: recorded once, however often it comes; dry, nothing is; problems by row and column; a borrower can dispute one', async () => {
    const [one, two] = [await inForce(), await inForce()];
    const today = stage.today();
    const lines = [
      'reference,contract,date,amount,remark',
      `BK-1,${one.contract},${today},100.00,a`,
      `BK-2,${one.contract.toLowerCase().replace(' ', '-')},${today.replaceAll('-', '/')},"1,000.5",b`,
      `BK-3,${two.contract},${today},20,c`,
      '',
      `BK-4,NOBODY-9,${today},1,d`,
      `BK-5,${two.contract},2026-02-30,-4,e`,
      `BK-1,${two.contract},${today},7,f`,
      `,${two.contract},${today},7,f`,
      `BK-6,${two.contract},${addDays(today, 9)},7,f`,
    ];
    const refused = [
      { row: 6, column: 'contract', problem: en.received.why.contract },
      { row: 7, column: 'date', problem: en.received.why.date },
      { row: 7, column: 'amount', problem: en.received.why.amount },
      { row: 8, column: 'reference', problem: en.received.twice({ row: 2 }) },
      { row: 9, column: 'reference', problem: en.received.why.missing },
      { row: 10, column: 'date', problem: en.refusal['payment.future'] },
    ];
    const dry = await run(lines, '--dry-run');
    expect(JSON.parse(dry.out)).toEqual({ rows: 8, recorded: 3, unchanged: 0, refused });
    expect(await states(one.id)).toEqual([]);
    const first = await run(lines);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.out)).toEqual({ rows: 8, recorded: 3, unchanged: 0, refused });
    expect(await states(one.id)).toEqual(['lender reported 10000', 'lender reported 100050']);
    expect(JSON.parse((await run(lines)).out)).toMatchObject({ recorded: 0, unchanged: 3 });
    // One reference is one payment in all of the lender's cases.
    const other = await run(['contract,date,amount,reference', `${two.contract},${today},100,BK-1`]);
    expect(JSON.parse(other.out)).toEqual({
      rows: 1,
      recorded: 0,
      unchanged: 0,
      refused: [{ row: 2, column: 'reference', problem: en.received.why.elsewhere }],
    });
    const payment = (await caseOf(one.id)).payments[0]?.seq ?? 0;
    const disputed = await chen.post(`/cases/${one.id}/do/payment.dispute`, { payment, words: '我付的是 120 元。', requestId: randomId() });
    expect(disputed.status).toBe(303);
    expect((await states(one.id))[0]).toBe('lender disputed 10000');
    expect(plainText(await (await lin.get(`/cases/${one.id}/agreement`)).text())).toContain('我付的是 120 元。');
  });

  test('by the command: killed in the middle and run again, each is recorded once', async () => {
    const cases = await Promise.all([inForce(), inForce(), inForce()]);
    const rows = Array.from({ length: 120 }, (_, i) => `${cases[i % 3]?.contract},${stage.today()},${i + 1},KILL-${i}`);
    const lines = ['contract,date,amount,reference', ...rows];
    const file = join(portal.data, 'killed.csv');
    writeFileSync(file, lines.join('\r\n'));
    const child = spawn(process.execPath, ['db/payments.ts', LENDER, file], {
      env: { ...process.env, DATA: portal.data },
      stdio: 'ignore',
    });
    const ended = new Promise<string | null>((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
    const recorded = async () => (await Promise.all(cases.map(({ id }) => states(id)))).flat();
    // Counted in its file, so that it is not through before that is known, however busy the machine is.
    const db = new DatabaseSync(join(portal.data, 'databases', `casebook-${LENDER}.db`), { readOnly: true, timeout: 30_000 });
    const counted = db.prepare(`SELECT count(*) AS n FROM entries WHERE kind = 'payment.reported' AND "case" IN (?, ?, ?)`);
    const [one, two, three] = cases.map(({ id }) => id);
    while (Number(counted.get(one ?? '', two ?? '', three ?? '')?.n) < 5) await new Promise((resolve) => setTimeout(resolve, 2));
    db.close();
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const before = (await recorded()).length;
    expect(before).toBeGreaterThanOrEqual(5);
    expect(before).toBeLessThan(rows.length);
    expect(JSON.parse((await run(lines)).out)).toEqual({ rows: 120, recorded: 120 - before, unchanged: before, refused: [] });
    const amounts = rows.map((_, i) => `lender reported ${(i + 1) * 100}`);
    expect((await recorded()).sort()).toEqual(amounts.sort());
    expect(JSON.parse((await run(lines)).out)).toMatchObject({ recorded: 0, unchanged: 120 });
    for (const { id } of cases) expect((await takeAway(lin, id, 'record.json')).status).toBe(200);
    expect(await rebuild(portal.env, LENDER, false)).toMatchObject({ differences: [], broken: [] });
  });

  test('by the command: a file of ten thousand rows is too long, said at once, and nothing of it is recorded', async () => {
    const { id, contract } = await inForce();
    const rows = Array.from({ length: 10_000 }, (_, i) => `${contract},${stage.today()},1,MANY-${i}`);
    const told = await run(['contract,date,amount,reference', ...rows]);
    expect([told.code, JSON.parse(told.out)]).toEqual([
      1,
      { rows: 10_000, recorded: 0, unchanged: 0, refused: [{ row: 1, column: null, problem: en.received.why.rows }] },
    ]);
    expect(await states(id)).toEqual([]);
  });

  test('by the command: what cannot be read is named, and nothing is done', async () => {
    expect(JSON.parse((await run(['contract,date,amount', 'A,2026-01-01,1'])).out)).toEqual({
      rows: 0,
      recorded: 0,
      unchanged: 0,
      refused: [{ row: 1, column: 'reference', problem: en.received.why.column }],
    });
    const nobody = await command('db/payments.ts', ['nobody', 'x.csv'], { DATA: portal.data });
    expect(nobody).toMatchObject({ code: 2, out: expect.stringContaining('There is no lender nobody.') });
    expect((await command('db/payments.ts', [LENDER, '/nowhere.csv'], { DATA: portal.data })).code).toBe(2);
  });

  test('by the page: checked, then recorded; in Chinese and in the encoding of Chinese spreadsheets; what the borrower reported is confirmed by it', async () => {
    const { id, contract } = await inForce();
    await stage.give('chen', LENDER, id, 'payment.report', { amount: 88_800, on: stage.today(), method: 'app' });
    const today = stage.today();
    const text = `合同号,日期,金额,方式,流水号\r\n${contract},${today},888.00,银行转账,GB-1\r\n${contract},${today},"￥5.00",支付宝,GB-2\r\n${contract},昨天,5,邮寄,GB-3\r\n`;
    const { checked, done } = await upload(text);
    const counts = { rows: 3, fresh: 2, known: 0, bad: 2 };
    expect(plainText(checked)).toContain(en.received.checked(counts));
    for (const why of [en.received.why.date, en.received.why.method]) expect(plainText(checked)).toContain(why);
    expect(plainText(done)).toContain(en.received.done(counts));
    expect(await states(id)).toEqual(['borrower confirmed 88800', 'lender reported 500']);
    const { payments } = await caseOf(id);
    expect(payments[0]?.receipt).toBe('GB-1');
    // The same names in GB 18030: 合同号,日期,金额,流水号
    const head = Uint8Array.from([
      0xba, 0xcf, 0xcd, 0xac, 0xba, 0xc5, 0x2c, 0xc8, 0xd5, 0xc6, 0xda, 0x2c, 0xbd, 0xf0, 0xb6, 0xee, 0x2c, 0xc1, 0xf7, 0xcb, 0xae, 0xba,
      0xc5,
    ]);
    const rows = new TextEncoder().encode(`\r\n${contract},${today},888.00,GB-1\r\n${contract},${today},6.00,GB-4`);
    const second = await upload(new Uint8Array([...head, ...rows]));
    expect(plainText(second.done)).toContain(en.received.done({ rows: 2, fresh: 1, known: 1, bad: 0 }));
  });

  test('by the page: no file, one that is too large or no text is named beside the field', async () => {
    const said = async (bytes: BlobPart | null) => {
      const form = new FormData();
      form.set('file', bytes === null ? '' : new File([bytes], 'x.csv'));
      const answer = await lin.send(`/desk/${LENDER}/payments/import`, form);
      expect(answer.status).toBe(422);
      return plainText(await answer.text());
    };
    expect(await said(null)).toContain(en.received.fileNone);
    expect(await said(new Uint8Array(600_000).fill(65))).toContain(en.received.fileSize({ kib: 512 }));
    expect(await said(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0xff, 0xff]))).toContain(en.received.why.encoding);
  });
});

describe('at the same time', () => {
  const reported = async (id: string) => (await caseOf(id)).payments.at(-1)?.seq ?? 0;

  test('two payments: both are recorded, in one order (50 rounds)', async () => {
    const { id } = await inForce();
    for (let round = 0; round < 50; round++) {
      const report = (who: Visitor, amount: string) =>
        who.post(`/cases/${id}/do/payment.report`, { amount, on: stage.today(), method: 'app', reference: '', requestId: randomId() });
      const answers = await Promise.all(round % 2 === 0 ? [report(chen, '1'), report(lin, '2')] : [report(lin, '2'), report(chen, '1')]);
      expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    }
    const all = await states(id);
    expect(all.filter((one) => one === 'borrower reported 100')).toHaveLength(50);
    expect(all.filter((one) => one === 'lender reported 200')).toHaveLength(50);
  });

  test('a payment that completes and a reversal: one order, and what is owed follows from it (50 rounds)', async () => {
    for (let round = 0; round < 50; round++) {
      const { id } = await inForce();
      await stage.give('chen', LENDER, id, 'payment.report', { amount: 100_000, on: stage.today(), method: 'app' });
      const first = await reported(id);
      await stage.give('lin', LENDER, id, 'payment.confirm', { payment: first });
      await stage.give('chen', LENDER, id, 'payment.report', { amount: 2_000_000, on: stage.today(), method: 'app' });
      const second = await reported(id);
      const confirm = () => lin.post(`/cases/${id}/do/payment.confirm`, { payment: second, requestId: randomId() });
      const reverse = () => lin.post(`/cases/${id}/do/payment.reverse`, { payment: first, words: '退回。', requestId: randomId() });
      const answers = await Promise.all(round % 2 === 0 ? [confirm(), reverse()] : [reverse(), confirm()]);
      expect(answers.map(({ status }) => status)).toEqual([303, 303]);
      expect(await states(id)).toEqual(['borrower reversed 100000', 'borrower confirmed 2000000']);
      expect((await caseOf(id)).stage).toBe('completed');
    }
  });
});

test('what lists say follows from the record: rebuilding finds no difference', async () => {
  const { id } = await inForce();
  const list = async () =>
    plainText(/<a href="\/cases\/ID">[\s\S]*?<\/a>/.exec((await (await chen.get('/cases')).text()).replaceAll(id, 'ID'))?.[0] ?? '');
  const before = await list();
  await stage.give('lin', LENDER, id, 'payment.report', { amount: 10_000, on: stage.today(), method: 'app' });
  expect(await list()).toContain(en.payment.left);
  expect(await list()).not.toBe(before);
  expect((await takeAway(chen, id, 'record.json')).status).toBe(200);
  expect(await rebuild(portal.env, LENDER, false)).toMatchObject({ differences: [], broken: [] });
  const lender = await openDirectory(portal.env).lenderBySlug(LENDER);
  const found = lender && (await openCasebookForPortal(portal.env, lender).toConfirm());
  expect(found?.cases.every(({ payments }) => payments.length > 0)).toBe(true);
});
