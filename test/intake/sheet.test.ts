import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { tableIn } from '../../worker/intake/sheet.ts';
import { numberText } from '../../worker/intake/xlsx.ts';

/** Tables as people send them: what their cells are meant to say, by the number of the row, within bounds whatever a file claims. */

const BOUNDS = { unpacked: 8 * 1024 * 1024, rows: 1_000 };
const utf8 = (text: string) => new TextEncoder().encode(text);

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
/** A workbook of one sheet, by the XML of its rows. */
function book(rows: string, { strings = '', styles = '', workbook = '', target = 'worksheets/sheet1.xml' } = {}): Uint8Array {
  const parts: Record<string, string> = {
    'xl/workbook.xml':
      workbook ||
      `<?xml version="1.0"?><workbook ${MAIN} xmlns:r="r"><sheets><sheet name="a" sheetId="1" state="hidden" r:id="x"/><sheet name="b" sheetId="2" r:id="y"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="x" Target="worksheets/hidden.xml"/><Relationship Id="y" Target="${target}"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet ${MAIN}><!-- > <row --><sheetData>${rows}</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>`,
    ...(strings ? { 'xl/sharedStrings.xml': `<sst ${MAIN}>${strings}</sst>` } : {}),
    ...(styles ? { 'xl/styles.xml': `<styleSheet ${MAIN}>${styles}</styleSheet>` } : {}),
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, utf8(text)])));
}
const cellsOf = (bytes: Uint8Array) => {
  const lines = tableIn(bytes, BOUNDS);
  return Array.isArray(lines) ? lines.map(({ row, cells }) => `${row}: ${cells.join('|')}`) : lines;
};

test('cells of every kind: texts in runs, what formulas came to, errors, days, per cent, gaps, merged cells', () => {
  const styles =
    '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="171" formatCode="#,##0.00_ ;[Red]\\-#,##0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="10"/><xf numFmtId="171"/><xf numFmtId="14"/></cellXfs>';
  const strings =
    '<si><t>合同号</t></si><si><r><t>王</t></r><r><rPr><b/></rPr><t xml:space="preserve">小雨</t></r><rPh sb="0" eb="1"><t>wang</t></rPh></si><si><t>a&amp;b&#x4e2d;_x000D_</t></si>';
  const rows = [
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>',
    '<row r="2"/><row r="3"><c r="A3" s="3"/></row>',
    '<row r="5"><c r="A5" s="1"><v>45717</v></c><c r="B5" s="2"><v>0.18</v></c><c r="C5" s="3"><v>1234.5600000000001</v></c><c r="D5" s="4"><v>45717.75</v></c></row>',
    '<row><c t="str"><f>A1&amp;"x"</f><v>合x</v></c><c><f>1+1</f><v>2</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c t="inlineStr"><is><t>行&#10;行</t></is></c><c t="s"><v>2</v></c></row>',
  ].join('');
  expect(cellsOf(book(rows, { strings, styles }))).toEqual([
    '1: 合同号||王小雨',
    '5: 2025-03-01|18%|1234.56|2025-03-01',
    '6: 合x|2|#N/A|1|行\n行|a&b中\r',
  ]);
});

test('workbooks that count from 1904, name their sheet from the top, or put prefixes before all names', () => {
  const workbook =
    '<x:workbook xmlns:x="m" xmlns:r="r"><x:workbookPr date1904="1"/><x:sheets><x:sheet r:id=\'y\'/></x:sheets></x:workbook>';
  const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>';
  const rows = '<x:row r="1"><x:c r="A1"><x:v>44255</x:v></x:c></x:row>';
  expect(cellsOf(book(rows, { workbook, styles, target: '/xl/worksheets/sheet1.xml' }))).toEqual(['1: 2025-03-01']);
});

test('a number whose format gives it zeros in front keeps them', () => {
  const styles =
    '<numFmts><numFmt numFmtId="170" formatCode="0000"/><numFmt numFmtId="171" formatCode="000000;-0"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>';
  const rows =
    '<row r="1"><c r="A1" s="1"><v>123</v></c><c r="B1" s="2"><v>42</v></c><c r="C1"><v>123</v></c><c r="D1" s="1"><v>1.5</v></c></row>';
  expect(cellsOf(book(rows, { styles }))).toEqual(['1: 0123|000042|123|1.5']);
});

test('what another program wrote is read as it was meant', async () => {
  const bytes = await writeXlsxFile([
    [{ value: '合同号' }, { value: '截至日期' }],
    [{ value: 12_345_678_901 }, { value: new Date('2026-01-31T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' }],
  ]).toBuffer();
  expect(cellsOf(bytes)).toEqual(['1: 合同号|截至日期', '2: 12345678901|2026-01-31']);
});

test('two million empty rows are none; a bomb, too many rows, document types and broken parts are refused within the bounds', () => {
  const empty = (count: number) => book('<row/>'.repeat(count));
  const wide = { ...BOUNDS, unpacked: 16 * 1024 * 1024 };
  expect(tableIn(empty(1_048_576), wide)).toEqual([]);
  expect(tableIn(empty(2_000_000), wide)).toBe('broken');
  expect(tableIn(empty(2_000_000), BOUNDS)).toBe('broken');
  expect(tableIn(book(' '.repeat(9 * 1024 * 1024)), BOUNDS)).toBe('broken');
  expect(tableIn(book(`<row ${'a'.repeat(5 * 1024 * 1024)}`), BOUNDS)).toBe('broken');
  expect(tableIn(book('<row><c t="inlineStr"><is><t>1</t></is></c></row>'.repeat(1_001)), BOUNDS)).toBe('rows');
  expect(tableIn(book('<!DOCTYPE x [<!ENTITY a "b">]><row/>'), BOUNDS)).toBe('broken');
  expect(tableIn(book('<row><c t="s"><v>7</v></c></row>'), BOUNDS)).toBe('broken');
  expect(tableIn(book('<row r="9999999"/>'), BOUNDS)).toBe('broken');
  expect(tableIn(zipSync({ 'word/document.xml': utf8('<a/>') }), BOUNDS)).toBe('broken');
  expect(tableIn(new Uint8Array([0x50, 0x4b, 3, 4, 255, 255]), BOUNDS)).toBe('broken');
  expect(tableIn(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), BOUNDS)).toBe('old');
  expect(tableIn(new Uint8Array(readFileSync(new URL('../../web/styles/touch.png', import.meta.url))), BOUNDS)).toBe('encoding');
});

test('a column far to the right makes no row of millions of cells', () => {
  expect(cellsOf(book('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'))).toEqual(['1: 1']);
});

test('CSV: marks, line ends in quotes, semicolons, GB 18030; rows keep their numbers', () => {
  expect(cellsOf(utf8('\uFEFFa;b\r\n\r\n"x\ny";"1;2"\r\n'))).toEqual(['1: a|b', '3: x\ny|1;2']);
  expect(cellsOf(Uint8Array.from(Buffer.from('bacfcdacbac52c310a8139ef302c320a', 'hex')))).toEqual(['1: 合同号|1', '2: 㐁|2']);
  expect(tableIn(utf8('a\n'.repeat(1_001)), BOUNDS)).toBe('rows');
  // Empty lines by the million, and a row of millions of cells, are as bounded as those of a workbook.
  expect(tableIn(utf8(`a\n${'\n'.repeat(1_048_577)}`), BOUNDS)).toBe('rows');
  expect(cellsOf(utf8(`a,${','.repeat(1_000_000)}b\n`))).toEqual([`1: a${'|'.repeat(199)}`]);
});

test.each([
  ['1234.5600000000001', '1234.56'],
  ['0.30000000000000004', '0.3'],
  ['1E3', '1000'],
  // Fifteen digits are what a sheet keeps: the last ones of a longer number are lost, and no zeros stand for them.
  ['6.2220202001122330E+18', '6.222020200112233E+18'],
  ['1234567890123450', '1.23456789012345E+15'],
  ['999999999999999', '999999999999999'],
  ['1E+999', '1E+999'],
  ['100', '100'],
])('a number %s of a sheet is %s', (stored, text) => expect(numberText(stored)).toBe(text));
