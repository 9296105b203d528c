import { Zip, ZipDeflate } from 'fflate';
import Papa from 'papaparse';
import type { TableFormat } from '../negotiation/lender/custody.ts';
import { plainAmount } from '../plan/amount.ts';
import { daysBetween } from '../plan/calendar.ts';

/**
 * Tables for spreadsheets, written as their rows come, so that a hundred thousand take no more room than one page of them. What people wrote stays text: in CSV (RFC 4180,
 * UTF-8 with a byte order mark) a cell that would be read as a formula begins with an apostrophe, in XLSX (ECMA-376) every text is an inline string, which is none.
 */

/** A text, an amount in 分, a calendar day, or a number; null where there is nothing. */
export type Cell = string | { fen: number } | { day: string } | { count: number } | null;

type Out = (chunk: Uint8Array) => void;
type Writer = { rows(rows: readonly (readonly Cell[])[]): void; end(): void };

/** A table as a file, page by page of its rows. @param name of the sheet */
export function tableStream(
  format: TableFormat,
  name: string,
  head: readonly string[],
  pages: AsyncIterator<readonly Cell[][]>,
): ReadableStream<Uint8Array> {
  let writer: Writer;
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      writer = WRITERS[format](
        (chunk) => {
          if (chunk.length === 0) return;
          sent += 1;
          controller.enqueue(chunk);
        },
        name,
        head,
      );
    },
    async pull(controller) {
      // What is compressed comes out late: pages are read until something does.
      for (const before = sent; sent === before; ) {
        const { done, value } = await pages.next();
        if (done) {
          writer.end();
          controller.close();
          return;
        }
        writer.rows(value);
      }
    },
    async cancel() {
      await pages.return?.();
    },
  });
}

/**
 * How a cell begins that a spreadsheet may read as a formula, whatever follows, also on further lines. Those of Chinese and Japanese keyboards, twice as wide, are read
 * as the others are.
 */
export const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

const text = new TextEncoder();

const WRITERS: Readonly<Record<TableFormat, (out: Out, name: string, head: readonly string[]) => Writer>> = {
  csv(out, _name, head) {
    const write = (rows: readonly (readonly string[])[]) =>
      out(
        text.encode(
          `${Papa.unparse(
            rows.map((row) => [...row]),
            { escapeFormulae: FORMULA, newline: '\r\n' },
          )}\r\n`,
        ),
      );
    out(text.encode('\uFEFF'));
    write([head]);
    return { rows: (rows) => (rows.length > 0 ? write(rows.map((row) => row.map(plain))) : undefined), end: () => undefined };
  },

  xlsx(out, name, head) {
    const zip = new Zip((fault, chunk) => {
      if (fault) throw fault;
      out(chunk);
    });
    const file = (path: string) => {
      const part = new ZipDeflate(path, { level: 6 });
      zip.add(part);
      return part;
    };
    for (const [path, content] of partsOf(name)) file(path).push(text.encode(content), true);
    const sheet = file('xl/worksheets/sheet1.xml');
    let no = 0;
    const line = (cells: readonly Cell[], style = 0) => {
      no += 1;
      return `<row r="${no}">${cells.map((cell, i) => cellXml(cell, `${columnName(i)}${no}`, style)).join('')}</row>`;
    };
    sheet.push(text.encode(`${XML}<worksheet xmlns="${MAIN}">${FROZEN}<sheetData>${line(head, 3)}`));
    return {
      rows: (rows) => sheet.push(text.encode(rows.map((row) => line(row)).join(''))),
      end() {
        sheet.push(text.encode('</sheetData></worksheet>'), true);
        zip.end();
      },
    };
  },
};

function plain(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  return 'fen' in cell ? plainAmount(cell.fen) : 'day' in cell ? cell.day : String(cell.count);
}

/** Day 0 of spreadsheets. */
const DAY_ZERO = '1899-12-30';

/** A column as spreadsheets call it: A to Z, then AA and so on. */
const columnName = (i: number): string => (i < 26 ? '' : columnName(Math.floor(i / 26) - 1)) + String.fromCharCode(65 + (i % 26));

/** @param style of texts */
function cellXml(cell: Cell, at: string, style: number): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`;
  if ('fen' in cell) return `<c r="${at}" s="1"><v>${plainAmount(cell.fen)}</v></c>`;
  return 'day' in cell ? `<c r="${at}" s="2"><v>${daysBetween(DAY_ZERO, cell.day)}</v></c>` : `<c r="${at}"><v>${cell.count}</v></c>`;
}

/** Text as XML 1.0 may hold it. */
const xmlText = (said: string) =>
  said
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** The first row stays in sight, and columns are as wide as what most hold. */
const FROZEN =
  '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetFormatPr baseColWidth="16" defaultColWidth="18" defaultRowHeight="15"/>';

/** All of a workbook but its sheet. Styles: 0 text, 1 amounts, 2 days, 3 titles. */
function partsOf(name: string): [path: string, content: string][] {
  const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (all: string) => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all}</Relationships>`;
  const part = (path: string, type: string) => `<Override PartName="/${path}" ContentType="${TYPE}.${type}+xml"/>`;
  const sheetName = xmlText(name.replace(/[[\]:*?/\\]/g, '').slice(0, 31)).replace(/"/g, '&quot;');
  return [
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('xl/workbook.xml', 'sheet.main')}${part('xl/worksheets/sheet1.xml', 'worksheet')}${part('xl/styles.xml', 'styles')}</Types>`,
    ],
    ['_rels/.rels', relations(relation('r1', 'officeDocument', 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${sheetName}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relations(relation('r1', 'worksheet', 'worksheets/sheet1.xml') + relation('r2', 'styles', 'styles.xml')),
    ],
    [
      'xl/styles.xml',
      `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf numFmtId="4" applyNumberFormat="1" xfId="0"/><xf numFmtId="165" applyNumberFormat="1" xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/></cellXfs></styleSheet>`,
    ],
  ];
}
