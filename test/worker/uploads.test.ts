import { gzipSync } from 'node:zlib';
import { PDF } from '@libpdf/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { zh } from '../../web/words/zh.ts';
import { randomId } from '../../worker/chance.ts';
import { workOfWorkers } from '../attack/processes.ts';
import { evidencePdf } from '../browser/evidence.ts';
import { jpegWithLocation, PLACE } from '../intake/pictures.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor } from './people.ts';

/** Several files at once: each is kept, or told why it is not, and none decides over another. */

let portal: Rig;
const id = randomId();
const people = {} as Record<'chen' | 'chenZh' | 'lin' | 'wang', Visitor>;
let payslip: Uint8Array;
let locked: Uint8Array;

beforeAll(async () => {
  portal = await rig();
  const stage = await Stage.set(portal, Date.now());
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融', 12));
  const [chen, chenZh, lin, wang] = await Promise.all([
    signedIn(portal, 'chen'),
    signedIn(portal, 'chen', 'zh'),
    signedIn(portal, 'lin'),
    signedIn(portal, 'wang'),
  ]);
  Object.assign(people, { chen, chenZh, lin, wang });
  payslip = await evidencePdf('Payslip');
  const pdf = await PDF.load(payslip);
  pdf.setProtection({ userPassword: 'secret' });
  locked = await pdf.save();
});
afterAll(() => portal.remove());

type Sent = [string, Uint8Array | string][];

function form(files: Sent, fields: Record<string, string> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ requestId: randomId(), consent: 'yes', ...fields })) data.append(name, value);
  for (const [name, content] of files) data.append('files', new File([content as Uint8Array<ArrayBuffer>], name));
  return data;
}

const add = (who: Visitor, files: Sent) => who.send(`/cases/${id}/do/evidence.add`, form(files));
const names = (html: string) => [...html.matchAll(/href="\/cases\/[0-9a-f]+\/files\/[^"]*"[^>]*>\s*([^<]+?)\s*</g)].map(([, name]) => name);
/** What stands beside the field, line by line. */
const beside = (html: string) => (/<p class="error" id="[^"]*files-error">([^<]*)</.exec(html)?.[1] ?? '').split('\n');

/** Files of every kind that cannot be kept, and two that can. */
function mixed(): Sent {
  return [
    ['工资.pdf', payslip],
    ['网页.pdf', '<html>'],
    ['断.jpg', jpegWithLocation(6).subarray(0, 400)],
    ['空.pdf', ''],
    ['锁.pdf', locked],
    ['大.pdf', new Uint8Array(20 * 1024 * 1024 + 1)],
    ['工资副本.pdf', payslip],
    ['照片.jpg', jpegWithLocation(6)],
  ];
}

describe('in a case', () => {
  test('none is taken in by whoever says that they do not consent', async () => {
    for (const consent of ['', 'no', 'false', '0', 'off']) {
      const refused = await people.chen.send(`/cases/${id}/do/evidence.add`, form([['工资.pdf', payslip]], { consent }));
      expect([consent, refused.status]).toEqual([consent, 422]);
      expect(await refused.text()).toContain('consent-error');
    }
  });
  test('the good ones are kept, each other one is told its cause by name, in English', async () => {
    const answer = await add(people.chen, mixed());
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(beside(html)).toEqual([
      expect.stringMatching(/^网页\.pdf: this is not a PDF/),
      expect.stringMatching(/^断\.jpg: the file is cut off/),
      expect.stringMatching(/^空\.pdf: the file is empty/),
      expect.stringMatching(/^锁\.pdf: it opens only with a password, so the lender cannot read it/),
      expect.stringMatching(/^大\.pdf: the file is too large; at most 20 MB/),
      expect.stringMatching(/^工资副本\.pdf: it has been uploaded already/),
      'The other 2 files are kept: 工资.pdf, 照片.jpg.',
    ]);
    expect(names(html)).toEqual(expect.arrayContaining(['工资.pdf', '照片.jpg']));
    expect(names(html).filter((name) => /锁|断|空|大|副本|网页/.test(name ?? ''))).toEqual([]);
    // A picture is stored without its place, and can be had.
    const path = /href="(\/cases\/[0-9a-f]+\/files\/[0-9a-f]+)"[^>]*>\s*照片/.exec(html)?.[1] ?? '';
    const bytes = Buffer.from(await (await people.chen.get(path)).arrayBuffer());
    expect(bytes.length).toBeGreaterThan(100);
    expect(bytes.includes(PLACE)).toBe(false);
  });
  test('those that are there already are told so, in Chinese, and do not hold up a new one', async () => {
    const files = mixed();
    const html = await (await add(people.chenZh, [...files, ['新.pdf', await evidencePdf('New')]])).text();
    const { bad, others } = zh.evidence;
    const lines = beside(html);
    expect(lines).toEqual([
      bad.type({ name: '网页.pdf' }),
      bad.cut({ name: '断.jpg' }),
      bad.empty({ name: '空.pdf' }),
      bad.password({ name: '锁.pdf', reader: '机构' }),
      bad.size({ name: '大.pdf', max: 20 }),
      bad.known({ name: '工资副本.pdf' }),
      bad.known({ name: '工资.pdf' }),
      bad.known({ name: '照片.jpg' }),
      others({ count: 1, names: '新.pdf' }),
    ]);
    expect(names(html)).toContain('新.pdf');
  });
  test('nothing but known ones: each is named, and nothing is kept', async () => {
    const known: Sent = [['工资.pdf', payslip]];
    const before = names(await (await people.chen.get(`/cases/${id}/evidence`)).text());
    const answer = await add(people.chen, known);
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(beside(html)).toEqual([expect.stringMatching(/^工资\.pdf: it has been uploaded already/)]);
    expect(names(html)).toEqual(before);
  });
  test('the lender’s own are told who could not read them: the borrower', async () => {
    expect(beside(await (await add(people.lin, [['锁.pdf', locked]])).text())).toEqual([
      expect.stringContaining('so the borrower cannot read it'),
    ]);
  });
  test('ten at a time: the eleventh is surplus, the ten are kept', async () => {
    const files = await Promise.all(
      Array.from({ length: 11 }, async (_, i): Promise<Sent[number]> => [`月${i}.pdf`, await evidencePdf(`Month ${i}`)]),
    );
    const html = await (await add(people.chen, files)).text();
    const lines = beside(html);
    expect(lines[0]).toMatch(/^月10\.pdf: at most 10 files at a time/);
    expect(lines[1]).toMatch(/^The other 10 files are kept: 月0\.pdf, /);
    expect(names(html)).toContain('月9.pdf');
    expect(names(html)).not.toContain('月10.pdf');
  });
  test('those that cannot be kept take their places too: no form has more than ten looked at', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const bad = Array.from({ length: 60 }, (_, i): Sent[number] => [`压缩${i}.pdf`, bomb]);
    const work = workOfWorkers();
    const begun = work();
    const sending = add(people.chen, [...bad, ['四月.pdf', await evidencePdf('April')]]);
    const { slowest } = await meanwhile(sending);
    const html = await (await sending).text();
    const lines = beside(html);
    expect(lines.filter((line) => /: this is not a PDF/.test(line))).toHaveLength(10);
    expect(lines.filter((line) => /: at most 10 files at a time/.test(line))).toHaveLength(51);
    expect(names(html)).not.toContain('四月.pdf');
    expect(slowest).toBeLessThan(2_000);
    expect(work() - begun).toBeLessThan(20_000);
  });
  test('all good: on to the entry', async () => {
    const answer = await add(people.chen, [['三月.pdf', await evidencePdf('March')]]);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(new RegExp(`^/cases/${id}#e\\d+$`));
  });
  test('no file at all is said', async () => expect(beside(await (await add(people.chen, [])).text())).toEqual(['Choose a file first.']));
});

describe('a body that means no good', () => {
  const evidence = () => `/cases/${id}/do/evidence.add`;
  const part = (head: string) => `--x\r\n${head}\r\n\r\n1\r\n`;
  const named = (name: string) => part(`Content-Disposition: form-data; name="${name}"`);
  test.each([
    [
      'a file’s name of 40 MB',
      'multipart/form-data; boundary=x',
      () => part(`Content-Disposition: form-data; name="files"; filename="${'a'.repeat(40_000_000)}"`),
      413,
    ],
    ['a field’s name of 40 MB', 'multipart/form-data; boundary=x', () => named('a'.repeat(40_000_000)), 413],
    ['600,000 parts', 'multipart/form-data; boundary=x', () => named('a').repeat(600_000), 413],
    [
      '600,000 parts whose boundary is read in two ways',
      'multipart/form-data; a="; boundary=zzz"; boundary=x',
      () => named('a').repeat(600_000),
      400,
    ],
    ['600,000 parts whose boundary is escaped', 'multipart/form-data; boundary="\\x"', () => named('a').repeat(600_000), 400],
    [
      '56 MB of what is almost a boundary',
      'multipart/form-data; boundary=XBOUND',
      () => `--XBOUND\r\nA: b\r\n\r\n${'--XBOUN'.repeat(8_000_000)}`,
      400,
    ],
    ['a first part without a head, and 56 MB', 'multipart/form-data; boundary=x', () => `--x\r\n\r\n${'--xxxxx'.repeat(8_000_000)}`, 413],
  ])('of %s is refused, and nobody waits for it', async (_, type, body, status) => {
    const sending = people.chen.send(evidence(), body(), { 'content-type': type });
    const { slowest } = await meanwhile(sending);
    expect((await sending).status).toBe(status);
    expect(slowest).toBeLessThan(2_000);
  });
  test('three files of 20 MB are looked at, and nobody waits for them', async () => {
    const large = (at: number): Sent[number] => [`大${at}.jpg`, Buffer.concat([jpegWithLocation(6), Buffer.alloc(20_000_000, at)])];
    const sending = people.chen.send(evidence(), form([large(1), large(2), large(3)]));
    const { slowest } = await meanwhile(sending);
    // All three are the same picture: what follows its end goes.
    expect(beside(await (await sending).text())).toHaveLength(3);
    expect(slowest).toBeLessThan(2_000);
  });
});

/** The most that is worked while anybody else waits for a page, until something is done; in milliseconds. */
async function meanwhile(done: Promise<unknown>): Promise<{ slowest: number }> {
  const work = workOfWorkers();
  let [slowest, going] = [0, true];
  const end = () => {
    going = false;
  };
  done.then(end, end);
  while (going) {
    const begun = work();
    expect((await people.lin.get('/verify')).status).toBe(200);
    slowest = Math.max(slowest, work() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { slowest };
}

describe('while opening a case', () => {
  const upload = (files: Sent, action = 'upload') =>
    people.wang.send('/open/mingheng/evidence', form(files, { action, 'evidence.consent': 'yes' }));
  test('none is kept before its owner has consented: the page says so, beside the box, and what was chosen for them is still there', async () => {
    for (const said of [{}, { 'evidence.consent': '' }, { 'evidence.consent': 'no' }]) {
      const bare = form([['二月.pdf', payslip]], { action: 'upload', figures: 'incomes.salary', ...said });
      const refused = await people.wang.send('/open/mingheng/evidence', bare);
      expect(refused.status).toBe(422);
      const page = await refused.text();
      expect(page).toContain('id="evidence.consent-error"');
      expect(page).not.toContain('remove:');
    }
  });

  test('the good ones are kept, whichever button was pressed', async () => {
    const files = mixed();
    const html = await (await upload(files, 'continue')).text();
    expect(beside(html)).toHaveLength(7);
    expect(beside(html).at(-1)).toBe('The other 2 files are kept: 工资.pdf, 照片.jpg.');
    const page = await (await people.wang.get('/open/mingheng/evidence')).text();
    for (const name of ['工资.pdf', '照片.jpg']) expect(page).toContain(name);
    expect(page).not.toContain('锁.pdf');
  });
  test('known ones are told so, and a new one is kept beside them', async () => {
    const html = await (
      await upload([
        ['工资.pdf', payslip],
        ['四月.pdf', await evidencePdf('April')],
      ])
    ).text();
    expect(beside(html)).toEqual([expect.stringMatching(/^工资\.pdf: it has been uploaded already/), 'The other file is kept: 四月.pdf.']);
    expect(await (await people.wang.get('/open/mingheng/evidence')).text()).toContain('四月.pdf');
  });
});
