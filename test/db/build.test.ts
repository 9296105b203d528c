import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inWorker } from '../../db/build.ts';
import { makeDocumentKey } from '../../db/certificate.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import * as exported from '../../worker/export/sheet.ts';
import * as signing from '../../worker/export/sign.ts';
import * as intake from '../../worker/intake/receive.ts';
import { checkDocument } from '../../worker/record/document.ts';
import { allFonts } from '../export/fonts.ts';

/** What libraries bring along and the worker leaves out is missed by nothing: built for the worker, our code makes of the same what it makes with the libraries whole. */

type Ours = Pick<typeof exported, 'Sheet'> & Pick<typeof signing, 'signDocument'> & Pick<typeof intake, 'receive'>;

const root = new URL('../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'heyi-build-'));
let built: Ours;
let fonts: Fonts;

beforeAll(async () => {
  const contents = ['worker/export/sheet.ts', 'worker/export/sign.ts', 'worker/intake/receive.ts']
    .map((file) => `export * from './${file}';`)
    .join('\n');
  const outfile = join(folder, 'ours.mjs');
  await build({ ...inWorker, absWorkingDir: root, stdin: { contents, resolveDir: root }, outfile });
  [built, fonts] = await Promise.all([import(outfile) as Promise<Ours>, allFonts()]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** All that a document can have on it. */
async function everything({ Sheet }: Pick<Ours, 'Sheet'>): Promise<Uint8Array<ArrayBuffer>> {
  const sheet = Sheet.begin(fonts, { title: '还款协议 <1>', language: 'zh-CN', at: '2026-11-25T00:00:00.000Z' });
  sheet.title('还款协议');
  sheet.lead('第一条', '1', { ink: 'lender' });
  sheet.heading('双方');
  sheet.facts([
    { name: '本金', value: '¥1,000.00' },
    { name: '期数', value: '3' },
  ]);
  sheet.clauses(['分三期归还。', 'ئۇيغۇرچە བོད་ཡིག']);
  sheet.table(
    [
      { name: '期', width: 1 },
      { name: '金额', width: 2, end: true },
    ],
    [
      ['1', '333.34'],
      ['2', '333.33'],
    ],
    ['共', '666.67'],
  );
  sheet.rule('lender');
  sheet.anew();
  sheet.day('2026 年 11 月 25 日');
  sheet.entry({ number: '1', what: '提出方案', who: '陈', when: '10:00', lines: ['一行'], hash: 'ab'.repeat(32), ink: 'borrower' });
  sheet.signatures('签署', [{ title: '借款人', ink: 'borrower', name: '陈', empty: '', lines: ['2026-11-25'] }]);
  sheet.qr('https://example.test/verify', ['核对']);
  sheet.attach('record.json', new TextEncoder().encode('{"a":1}'), 'application/json', '记录');
  return sheet.finish((page, pages) => `${page}/${pages}`, '合意');
}

/** A document with its streams unpacked, without what only their lengths and chance make of it. */
function unpacked(bytes: Uint8Array): string {
  const packed = /\/Length \d+([^>]*>>\nstream\n)([\s\S]*?)(?=\nendstream)/g;
  return text(bytes)
    .replace(
      packed,
      (_, head: string, data: string) => head + (data.startsWith('x') ? text(inflateSync(Buffer.from(data, 'latin1'))) : data),
    )
    .replace(/^\d{10} \d{5} n/gm, '')
    .replace(/\/ID \[.*?\]|startxref\n\d+/g, '');
}

describe('built for the worker', () => {
  test('a document says and shows the same', async () => {
    const [whole, left] = await Promise.all([everything(exported), everything(built)]);
    expect(unpacked(whole)).toContain('/FontFile2');
    expect(unpacked(left) === unpacked(whole)).toBe(true);
    // It is of its own moment in all its parts, whenever it is drawn.
    const dates = [...unpacked(whole).matchAll(/\/(?:Creation|Mod)Date \(D:(\d+)/g)].map(([, date]) => date);
    expect(dates).toEqual(Array(4).fill('20261125000000'));
  });
  test('and it is signed, with nothing beside its signature that differs', async () => {
    const document = await everything(exported);
    const key = await makeDocumentKey();
    const about = { reason: '还款协议 (1)', at: new Date().toISOString() };
    const [whole, left] = await Promise.all([signing, built].map(({ signDocument }) => signDocument(document, key, about)));
    for (const bytes of [whole, left]) expect(await checkDocument(bytes ?? document, null)).toMatchObject({ faults: [], record: { a: 1 } });
    await expect(signing.signDocument(whole ?? document, key, about)).rejects.toThrow('signed once');
    const unsigned = (bytes: Uint8Array | undefined) => text(bytes ?? document).replace(/\/Contents <[0-9a-f]+>/, '');
    expect(unsigned(left)).toBe(unsigned(whole));
  });
  test.each(readdirSync(`${root}test/intake/locked`))('what opens without a password is told from what does not: %s', async (name) => {
    const file = () => new File([new Uint8Array(readFileSync(`${root}test/intake/locked/${name}`))], name);
    expect(await built.receive(file())).toEqual(await intake.receive(file()));
  });
});
