import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { PEOPLE, Stage } from '../../db/demo.ts';
import { en } from '../../web/words/en.ts';
import { loanWhySaid } from '../../web/words/loans.ts';
import { zh } from '../../web/words/zh.ts';
import { randomBytes, randomNumber } from '../../worker/chance.ts';
import { instant, later, SECOND } from '../../worker/clock.ts';
import { continueImport } from '../../worker/execute/imports.ts';
import { LOAN_COLUMNS } from '../../worker/negotiation/loans.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { admitColleague } from '../../worker/store/admission.ts';
import { listed } from '../../worker/store/files.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { newcomer, plainText, signedIn, type Visitor } from './people.ts';

/** A file of loans at the desk, without a script: its columns are named, all of it is checked, then opened, piece by piece; and nothing of it stays but what came of it. */

const PATH = '/desk/mingheng/import';
let portal: Rig;
let lin: Visitor;
beforeAll(async () => {
  portal = await rig();
  await Stage.set(portal, Date.now());
  lin = await signedIn(portal, 'lin');
});
afterAll(() => portal.remove());

const { loans: say } = en;

function upload(content: BlobPart, name = 'loans.csv', who = lin) {
  const form = new FormData();
  form.set('file', new File([content], name));
  return who.send(PATH, form);
}

/** Uploads a file: the address of its import. */
async function uploaded(content: BlobPart, name?: string): Promise<string> {
  const answer = await upload(content, name);
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
}

/** The columns that the page has chosen by itself, as its form would send them. */
async function chosen(at: string): Promise<Record<string, string>> {
  const html = await (await lin.get(at)).text();
  return Object.fromEntries(
    LOAN_COLUMNS.map((column) => {
      const [, options = ''] = new RegExp(`<select[^>]* name="${column}"[^>]*>([\\s\\S]*?)</select>`).exec(html) ?? [];
      return [column, /<option value="(\d*)" selected/.exec(options)?.[1] ?? ''];
    }),
  );
}

/** Looks at the page, as it does by itself, until it says something. */
async function waited(at: string, until: RegExp): Promise<string> {
  for (let looks = 0; looks < 600; looks++) {
    const answer = await lin.get(at);
    const html = await answer.text();
    if (until.test(plainText(html))) return html;
    expect(answer.headers.get('refresh')).toBe('2');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${at} did not come to ${until}`);
}

/** As the page says it once a file is through. */
const OPENED = /Cases opened: /;

async function checked(at: string): Promise<string> {
  expect((await lin.post(at, { do: 'check', ...(await chosen(at)) })).headers.get('location')).toBe(at);
  return waited(at, /Name the columns again/);
}
async function run(at: string): Promise<string> {
  await lin.post(at, { do: 'run' });
  return waited(at, OPENED);
}

function inFile<T>(sql: string): T[] {
  const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { timeout: 30_000 });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

/** The rows leave storage with the last piece, after the page that shows it. */
async function emptied(): Promise<void> {
  for (let looks = 0; looks < 200 && (await listed(portal.files, 'imports/')).length > 0; looks++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await listed(portal.files, 'imports/')).toEqual([]);
}

test('columns are named by their names and remembered; what is wrong is said by row and column; the rest is opened, each once', async () => {
  const text = `合同号,客户,剩余本金,网点\nW-1,"王小雨","1,000",a\n\nW-2,李四,110101199003078888,b\nW-3,"A ""B"" & C",5,c\n`;
  const at = await uploaded(text);
  expect(await chosen(at)).toMatchObject({ contract: '0', name: '1', principal: '2', fees: '', identity: '' });
  const html = await checked(at);
  expect(plainText(html)).toContain(say.checked({ rows: 3, created: 2, unchanged: 0, bad: 1 }));
  expect(plainText(html)).toMatch(/4 Principal This is not an amount/);
  expect(plainText(html)).toContain(say.open({ count: 2 }));
  const csv = await lin.get(`${at}/problems.csv`);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect(await csv.text()).toMatch(/^\uFEFF?Row,Column,Problem\r\n4,Principal,"This is not an amount/);
  // Of a column that was named wrongly nothing stays with what is wrong: it may be anybody's number.
  expect(JSON.stringify(inFile('SELECT * FROM import_problems'))).not.toContain('110101199003078888');
  expect(plainText(await run(at))).toContain(say.done({ rows: 3, created: 2, unchanged: 0, bad: 1 }));
  expect(plainText(await (await lin.get('/desk/mingheng?text=W-3')).text())).toContain('A "B" & C');

  // Nothing of the file is left, and what came of it stays, in both languages.
  await emptied();
  const chinese = await (await signedIn(portal, 'lin', 'zh')).get(at);
  expect(plainText(await chinese.text())).toContain(zh.loans.done({ rows: 3, created: 2, unchanged: 0, bad: 1 }));
  expect(plainText(await (await lin.get(PATH)).text())).toContain('loans.csv');

  const again = await uploaded(text);
  const second = await checked(again);
  expect(plainText(second)).toContain(say.checked({ rows: 3, created: 0, unchanged: 2, bad: 1 }));
  expect(plainText(second)).toContain(say.nothing);
  await lin.post(again, { do: 'drop' });
  expect(plainText(await (await lin.get(again)).text())).toContain(say.states.dropped);
});

test('a mapping that was given once is there the next time; what is lacking or twice is said beside its field', async () => {
  const at = await uploaded('A,B,C\nQ-1,王小雨,100\n');
  const lacking = await lin.post(at, { do: 'check', contract: '0', name: '0', principal: '' });
  expect([lacking.status, plainText(await lacking.text())]).toEqual([
    422,
    expect.stringMatching(new RegExp(`${say.mapping.twice}.*${say.mapping.missing}`)),
  ]);
  expect(plainText(await (await lin.get(at)).text())).toContain(say.states.mapping);
  await lin.post(at, { do: 'check', contract: '0', name: '1', principal: '2' });
  await waited(at, /Name the columns again/);
  await lin.post(at, { do: 'map' });
  expect(await chosen(at)).toMatchObject({ contract: '0', name: '1', principal: '2' });
  await lin.post(at, { do: 'drop' });
  const next = await uploaded('a,b,c\nQ-1,王小雨,100\n');
  expect(await chosen(next)).toMatchObject({ contract: '0', name: '1', principal: '2', interest: '' });
  await lin.post(next, { do: 'drop' });
});

test('digits that a spreadsheet has lost are asked for, and no zeros stand for them', async () => {
  const rows = [
    ...[
      '6.22202E+18,王小雨,1,,',
      '6.22203E+18,王小雨,1,,',
      'D-1,王小雨,1,123,',
      'D-2,王小雨,1,1.10101E+17,',
      'D-3,王小雨,1,0123,8.61381E+12',
    ],
  ];
  const html = plainText(await checked(await uploaded(`合同号,姓名,本金,身份证号,手机号\n${rows.join('\n')}\n`)));
  expect(html).toContain(say.checked({ rows: 5, created: 0, unchanged: 0, bad: 5 }));
  const [contract, identity, phone] = (['contract', 'identity', 'phone'] as const).map((column) => say.columns[column]);
  for (const at of [`2 ${contract}`, `3 ${contract}`, `4 ${identity}`, `5 ${identity}`, `6 ${phone}`])
    expect(html).toContain(`${at} ${say.why.digits}`);
});

test('a column without a name, to the right of those that have one, can be chosen', async () => {
  const at = await uploaded('A,B\nZ-1,王小雨,100\n');
  await lin.post(at, { do: 'check', contract: '0', name: '1', principal: '2' });
  expect(plainText(await waited(at, /Name the columns again/))).toContain(say.checked({ rows: 1, created: 1, unchanged: 0, bad: 0 }));
  await lin.post(at, { do: 'drop' });
});

/** The number, its end or the day of birth, by itself: within what chance made anything may stand. */
const STANDS = /(?<![\w+/=-])(?:(?:\d{6}19900307)?887x|19900307)(?![\w+/=-])/i;

test('XLSX with days, per cent and a title is opened; the whole identity number and its end are nowhere', async () => {
  const rows = [
    [{ value: '逾期借款明细' }],
    [{ value: '合同号' }, { value: '姓名' }, { value: '本金' }, { value: '身份证号' }, { value: '利率' }, { value: '截至日期' }],
    [
      { value: 'XL-1' },
      { value: '王小雨' },
      { value: 1_234.56 },
      { value: '11010119900307887X' },
      { value: 0.18, format: '0.00%' },
      { value: new Date('2026-01-31T00:00:00Z'), type: Date, format: 'yyyy/m/d' },
    ],
  ];
  const bytes = await writeXlsxFile(rows).toBuffer();
  const at = await uploaded(new Uint8Array(bytes), '明细.xlsx');
  await checked(at);
  expect(plainText(await run(at))).toContain(say.done({ rows: 1, created: 1, unchanged: 0, bad: 0 }));
  const [kept] = inFile<{ said: string }>(
    'SELECT json_group_array(content) AS said FROM entries WHERE "case" = (SELECT id FROM cases WHERE reference = \'XL-1\')',
  );
  const said = kept?.said ?? '';
  expect(said).toContain('180000');
  expect(said).toContain('2026-01-31');
  for (const table of ['entries', 'cases', 'requests', 'imports', 'import_problems', 'imported'])
    expect(JSON.stringify(inFile(`SELECT * FROM ${table}`))).not.toMatch(STANDS);
});

describe('many rows', () => {
  const count = 1_200;
  const text = `contract,name,principal\n${Array.from({ length: count }, (_, i) => `M-${i},王小雨,${i + 1}`).join('\n')}\nM-5,王小雨,6\nM-6,王小雨,1\nM-1100,王小雨,x\n`;

  test('are opened in pieces; one that is done again counts once, and rows that stand twice come to one case', async () => {
    const at = await uploaded(text);
    const [, id = ''] = /import\/(\w+)/.exec(at) ?? [];
    expect(plainText(await checked(at))).toContain(say.checked({ rows: count + 3, created: count, unchanged: 1, bad: 2 }));
    await lin.post(at, { do: 'run' });
    // A crash between the cases of a piece and the note that it is done: what it opened counts as opened by it.
    const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
    if (!lender) throw new Error('no lender');
    const casebook = openCasebookForPortal(portal.env, lender);
    const { keys } = portal.env;
    const by = {
      files: portal.files,
      origin: portal.url,
      reachesPhones: true,
      directory: openDirectory(portal.env),
      keys,
      at: instant(),
      number: randomNumber,
      key: await signingKey(keys),
      random: randomBytes,
      say: loanWhySaid,
    };
    const admission = admitColleague(lender, { account: 'x', name: '林静', capacity: 'agent' });
    const crashed = { ...casebook, pieceDone: () => Promise.reject(new Error('killed')) };
    await expect(continueImport({ ...by, casebook: crashed, admission }, id, 0)).rejects.toThrow('killed');
    expect(inFile("SELECT count(*) AS n FROM cases WHERE reference LIKE 'M-%'")).toEqual([{ n: 500 }]);
    // Somebody else is at it: it is left to them.
    inFile(`UPDATE imports SET held_until = '${later(instant(), 30 * SECOND)}' WHERE id = '${id}'`);
    await continueImport({ ...by, casebook, admission }, id, 0);
    expect(inFile(`SELECT done FROM imports WHERE id = '${id}'`)).toEqual([{ done: 0 }]);
    // But not until the day that a clock had which was ahead.
    inFile(`UPDATE imports SET held_until = '2099-01-01T00:00:00.000Z' WHERE id = '${id}'`);
    expect(plainText(await waited(at, OPENED))).toContain(say.done({ rows: count + 3, created: count, unchanged: 1, bad: 2 }));
    expect(inFile("SELECT count(*) AS n FROM cases WHERE reference LIKE 'M-%'")).toEqual([{ n: count }]);
  });

  test('given up in the middle, it says what was opened before', async () => {
    const at = await uploaded(text.replaceAll('M-', 'G-'));
    await checked(at);
    await lin.post(at, { do: 'run' });
    // A case of the piece that was at work just then.
    inFile(`INSERT INTO imported ("case", import) VALUES ('${'0'.repeat(32)}', '${at.split('/').at(-1)}')`);
    await lin.post(at, { do: 'drop' });
    const html = await (await lin.get(at)).text();
    expect(plainText(html)).toContain(say.states.dropped);
    expect(plainText(html)).toContain(say.stays({ count: 1 }));
    expect(html).toContain(`${at}/waiting`);
  });

  test('left until their rows are gone, they say so', async () => {
    const at = await uploaded(text.replaceAll('M-', 'L-'));
    await checked(at);
    for (const { key } of await listed(portal.files, 'imports/')) await portal.files.delete(key);
    await lin.post(at, { do: 'run' });
    expect(plainText(await waited(at, /kept for as long/))).toContain(say.states.lapsed);
    expect(inFile("SELECT count(*) AS n FROM cases WHERE reference LIKE 'L-%'")).toEqual([{ n: 0 }]);
  });

  test('go on by the schedule when nobody looks, and two imports of one file at once open each once', async () => {
    const other = text.replaceAll('M-', 'N-');
    const both = [await uploaded(other), await uploaded(other)];
    for (const at of both) await checked(at);
    for (const at of both) await lin.post(at, { do: 'run' });
    const lookedAt = Promise.all(both.map((at) => waited(at, OPENED)));
    await portal.sweep();
    const said = (await lookedAt).map(plainText);
    const created = said.map((one) => Number(/Cases opened: (\d+)/.exec(one)?.[1]));
    expect(created[0] !== undefined && created[1] !== undefined && created[0] + created[1]).toBe(count);
    expect(inFile("SELECT count(*) AS n FROM cases WHERE reference LIKE 'N-%'")).toEqual([{ n: count }]);
  });
});

test('borrowers are invited by what stands in their rows where that is asked for, each once and within the hours; who has not joined is listed with the link', async () => {
  const text =
    `合同号,姓名,本金,手机号,邮箱\nI-1,周默,100,138 0013 7001,\nI-2,周末,100,,zhoumo@example.com\nI-3,周摩,100,,\nI-4,周磨,100,,lin@mingheng.example\nI-5,周墨,100,12345,\n`.replace(
      'lin@mingheng.example',
      PEOPLE.lin.email,
    );
  const at = await uploaded(text);
  const html = plainText(await checked(at));
  expect(html).toContain(say.checked({ rows: 5, created: 3, unchanged: 0, bad: 2 }));
  expect(html).toContain(plainText(say.why.staff));
  expect(html).toContain(say.why.contact);
  expect(html).toContain(say.invite({ texts: 1, mails: 1 }));
  await lin.post(at, { do: 'run', invites: 'yes' });
  expect(plainText(await waited(at, OPENED))).toContain(say.invited({ texts: 1, mails: 1 }));
  const letters = () =>
    openDirectory(portal.env)
      .newestMail(1_000)
      .then((all) => all.filter(({ recipient }) => ['13800137001', 'zhoumo@example.com'].includes(recipient)));
  const [one, ...others] = await letters();
  expect(others).toHaveLength(1);
  const hour = Number(
    new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: 'Asia/Shanghai' }).format(
      new Date(one?.nextAt || one?.createdAt || ''),
    ),
  );
  expect(hour >= 8 && hour < 22).toBe(true);

  // The same file again brings no second letter; and the links are there to be copied.
  const again = await uploaded(text.replace('I-3', 'I-6'));
  // Nobody is said to be invited who has a case already.
  const offered = plainText(await checked(again));
  expect(offered).toContain(say.open({ count: 1 }));
  expect(offered).not.toContain(say.inviteText);
  await lin.post(again, { do: 'run', invites: 'yes' });
  expect(plainText(await waited(again, OPENED))).toContain(say.done({ rows: 5, created: 1, unchanged: 2, bad: 2 }));
  expect(await letters()).toHaveLength(2);
  const waiting = await (await lin.get(`${at}/waiting`)).text();
  const links = [...waiting.matchAll(/data-copy="[^"]*(\/join\/[\w-]+)"/g)].map(([, link = '']) => link);
  expect(links).toHaveLength(2);
  expect(waiting).toContain('/lenders/mingheng/join');
  expect(waiting).toContain('z***@example.com');
  expect(waiting).not.toContain('zhoumo@example.com');
  // Without a script a code to be photographed stands there for who asks, and on the page of the case.
  const [, drawn = '', of = ''] = /href="(\?from=&amp;qr=([0-9a-f]{32}))#/.exec(waiting) ?? [];
  expect(waiting).not.toContain('<svg class="qr"');
  expect((await (await lin.get(`${at}/waiting${drawn.replace('&amp;', '&')}`)).text()).match(/<svg class="qr"/g)).toHaveLength(1);
  const unjoined = await (await lin.get(`/cases/${of}`)).text();
  expect(unjoined).toContain('<svg class="qr"');
  expect(links.some((link) => unjoined.includes(`data-copy="${portal.url}${link}"`))).toBe(true);
  const zhou = await newcomer(portal, 'zhoumo@example.com', undefined, '周末');
  const joined = await Promise.all(links.map((link) => zhou.post(link, { name: '周末' })));
  expect(joined.filter(({ status }) => status === 303)).toHaveLength(1);
  const left = await (await lin.get(`${at}/waiting`)).text();
  expect([...left.matchAll(/data-copy="[^"]*\/join\/[\w-]+"/g)]).toHaveLength(1);
  // The record of the case has no more of a contact than its digest and what is hidden of it.
  expect(JSON.stringify(inFile('SELECT content FROM entries'))).not.toMatch(/13800137001|zhoumo@/);
  for (const who of ['gu', 'chen'] as const) expect((await (await signedIn(portal, who)).get(`${at}/waiting`)).status).toBe(404);
});

test('what is read is bounded, and what cannot be read is said beside the field', async () => {
  const refused = async (answer: Promise<Response>) => {
    const { status } = await answer;
    return [status, plainText(await (await answer).text())];
  };
  expect(await refused(lin.send(PATH, new FormData()))).toEqual([422, expect.stringContaining(say.fileNone)]);
  expect(await refused(upload('PK\u0003\u0004\0 packed', 'x.xlsx'))).toEqual([422, expect.stringContaining(say.unread.broken)]);
  expect(await refused(upload(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0]), 'x.xls'))).toEqual([422, expect.stringContaining(say.unread.old)]);
  expect(await refused(upload(`a\n${'b\n'.repeat(20_020)}`))).toEqual([422, expect.stringContaining(say.tooMany({ rows: 20_000 }))]);
  expect(await refused(upload('a,b\n'))).toEqual([422, expect.stringContaining(say.why.empty)]);
  expect(await refused(upload('x'.repeat(8 * 1024 * 1024 + 1)))).toEqual([422, expect.stringContaining(say.fileSize({ mib: 8 }))]);
});

test('another lender’s people, borrowers and whoever may not invite find none of it', async () => {
  const at = await uploaded('合同号,姓名,本金\nO-1,王小雨,1\n');
  for (const who of ['gu', 'chen', 'shen'] as const) {
    const other = await signedIn(portal, who);
    for (const path of [at, `${at}/problems.csv`, at.replace('mingheng', 'pujiang')])
      expect([who, path, (await other.get(path)).status]).toEqual([who, path, 404]);
    expect((await other.post(at, { do: 'drop' })).status).toBe(404);
    expect((await upload('x', 'x.csv', other)).status).toBe(404);
  }
  for (const id of ['constructor', 'x', '0'.repeat(32)]) expect((await lin.get(`${PATH}/${id}`)).status).toBe(404);
  expect((await lin.post(at, { do: 'constructor' })).status).toBe(303);
});
