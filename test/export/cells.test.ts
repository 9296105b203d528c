import { unzipSync } from 'fflate';
import readXlsxFile from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { type Cell, tableStream } from '../../worker/export/cells.ts';

/** Tables as spreadsheets read them: amounts and days as such, what people wrote as text alone, and as little held at once as a page. */

const HEAD = ['案件', '姓名', '金额', '日期', '期数'];
const ROW: Cell[] = ['HY-1', '孙 <小> & "梅"', { fen: 123_456_789 }, { day: '2026-11-28' }, { count: 36 }];
const EVIL: Cell[] = ['=1+1', '+cmd', { fen: 5 }, null, '@x'];

async function* pagesOf(...pages: Cell[][][]): AsyncGenerator<Cell[][]> {
  yield* pages;
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('CSV', () => {
  const csv = async (...pages: Cell[][][]) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(await bytesOf(tableStream('csv', 'x', HEAD, pagesOf(...pages))));
  test('begins with a byte order mark, ends each line as RFC 4180 does, and has amounts and days that spreadsheets read', async () => {
    const line = 'HY-1,"孙 <小> & ""梅""",1234567.89,2026-11-28,36\r\n';
    expect(await csv([ROW], [], [ROW])).toBe(`\uFEFF案件,姓名,金额,日期,期数\r\n${line}${line}`);
  });
  test('no cell is a formula', async () => {
    expect(await csv([EVIL])).toContain(`"'=1+1","'+cmd",0.05,,"'@x"\r\n`);
    const begins = [...'=+-@\t\r\n＝＋－＠'];
    expect(await csv([begins.map((one) => `${one}1+1\nb`)])).toContain(`${begins.map((one) => `"'${one}1+1\nb"`).join(',')}\r\n`);
  });
});

describe('XLSX', () => {
  const xlsx = (...pages: Cell[][][]) => bytesOf(tableStream('xlsx', '案件: [列表]', HEAD, pagesOf(...pages)));
  test('is read by a spreadsheet: numbers are numbers, days are days, text is text', async () => {
    const [read] = await readXlsxFile(Buffer.from(await xlsx([ROW], [EVIL])));
    expect(read?.sheet).toBe('案件 列表');
    expect(read?.data[0]).toEqual(HEAD);
    expect(read?.data[1]).toEqual(['HY-1', '孙 <小> & "梅"', 1234567.89, new Date('2026-11-28T00:00:00.000Z'), 36]);
    expect(read?.data[2]).toEqual(['=1+1', '+cmd', 0.05, null, '@x']);
  });
  test('holds no formula, and nothing that XML does not allow', async () => {
    const parts = unzipSync(await xlsx([EVIL, ['\u0000\u0008a\ud800b\uffff']]));
    const sheet = new TextDecoder().decode(parts['xl/worksheets/sheet1.xml']);
    expect(sheet).not.toContain('<f');
    expect(sheet).toContain('>a\ufffdb</t>');
  });
});

test.each(['csv', 'xlsx'] as const)('a hundred thousand rows of %s are read as they are asked for, and no sooner', async (format) => {
  let read = 0;
  async function* many(): AsyncGenerator<Cell[][]> {
    for (; read < 200; read++) yield Array.from({ length: 500 }, () => ROW);
  }
  const reader = tableStream(format, 'x', HEAD, many()).getReader();
  let bytes = 0;
  for (let chunks = 0; chunks < 3; chunks++) bytes += (await reader.read()).value?.length ?? 0;
  expect(read).toBeLessThan(60);
  for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
  expect(read).toBe(200);
  expect(bytes).toBeGreaterThan(100_000);
});
