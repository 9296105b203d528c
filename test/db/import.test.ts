import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { command } from '../command.ts';

/** A lender's loans become cases from the file that its books give, each once, and what cannot is named by row and column. */

const data = mkdtempSync(join(tmpdir(), 'heyi-import-'));
beforeAll(async () => {
  const { env, server } = await openLocal(data);
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  await createTenant(env, makeLocal(server), 'acme', '安科消费金融');
  await server.close();
});
afterAll(() => rmSync(data, { recursive: true }));

const file = (bytes: string | Uint8Array, name = 'loans.csv') => {
  writeFileSync(join(data, name), bytes);
  return join(data, name);
};
async function imported(path: string, ...more: string[]) {
  const { code, out } = await command('db/import.ts', ['acme', path, ...more], { DATA: data });
  return { code, said: JSON.parse(out) as { rows: number; created: number; unchanged: number; refused: unknown[] } };
}
const nothingRefused = (rows: number, created: number) => ({ code: 0, said: { rows, created, unchanged: rows - created, refused: [] } });

function inFile<T>(query: string, ...values: string[]): T[] {
  const db = new DatabaseSync(join(data, 'databases', 'casebook-acme.db'), { timeout: 30_000 });
  try {
    return db.prepare(query).all(...values) as T[];
  } finally {
    db.close();
  }
}
const amountOf = (contract: string) => inFile<{ amount: number }>('SELECT amount FROM cases WHERE reference = ?', contract)[0]?.amount;

test('a dry run writes nothing; a run opens each, and again changes nothing', async () => {
  const path = file(
    '\uFEFF合同号,借款人姓名,本金,利息,罚息及违约金,其他费用\r\n"Z-1","王小雨","12,345.60",,-,0\r\nZ-2,古丽·买买提,1.2万,3,4,5\r\n\r\n,,,\r\n',
  );
  expect(await imported(path, '--dry-run')).toEqual(nothingRefused(2, 2));
  expect(amountOf('Z-1')).toBeUndefined();
  expect(await imported(path)).toEqual(nothingRefused(2, 2));
  expect([amountOf('Z-1'), amountOf('Z-2')]).toEqual([1_234_560, 1_201_200]);
  expect(await imported(path)).toEqual(nothingRefused(2, 0));
  // The same contract by other marks, and with other figures: its case stands as it is.
  expect(await imported(file('contract,name,principal\nz1,王小雨,1\n'))).toEqual(nothingRefused(1, 0));
  expect(amountOf('Z-1')).toBe(1_234_560);
});

test('GB 18030, UTF-16, other names of columns, other separators, a title above', async () => {
  const gb = Buffer.from('bacfcdacb1e0bac52cd0d5c3fb2cb1bebdf00a47422d312ccdf5d0a1d3ea2c3130300a', 'hex');
  expect(await imported(file(gb))).toEqual(nothingRefused(1, 1));
  const wide = Buffer.from('\uFEFF合同编号\t姓名\t剩余本金\r\nU-1\t王小雨\t￥100元\r\n', 'utf16le');
  expect(await imported(file(wide))).toEqual(nothingRefused(1, 1));
  const titled = '逾期借款明细（2026 年 11 月）;;\nContract No.;Borrower Name;Principal (CNY);Late Fees;Rate\nS-1;Wang;1000.5;2;18%\n';
  expect(await imported(file(titled))).toEqual(nothingRefused(1, 1));
  expect([amountOf('GB-1'), amountOf('U-1'), amountOf('S-1')]).toEqual([10_000, 10_000, 100_250]);
});

test('XLSX: numbers, days and texts of cells as they are meant', async () => {
  const cell = (value: string | number | Date | null) =>
    value instanceof Date ? ({ value, type: Date, format: 'yyyy-mm-dd' } as const) : value === null ? null : { value };
  const rows = [
    ['合同号', '姓名', '本金', '利息', '截至日期', '身份证号'],
    [20_260_001, '王小雨', 1_234.56, 0.1 + 0.2, new Date('2026-01-31T00:00:00Z'), '11010119900101123X'],
    [null, null, null, null, null, null],
    ['X-2', '李四', '1,000', null, '2026年2月1日', null],
    ['X-3', '', 1, null, null, null],
  ].map((row) => row.map(cell));
  const bytes = await writeXlsxFile(rows).toBuffer();
  const { code, said } = await imported(file(bytes, 'loans.xlsx'));
  expect([code, said]).toEqual([
    1,
    { rows: 3, created: 2, unchanged: 0, refused: [{ row: 5, column: 'name', problem: 'Nothing is entered.' }] },
  ]);
  expect([amountOf('20260001'), amountOf('X-2')]).toEqual([123_486, 100_000]);
  // By the end of an identity number borrowers join: a digest of it is kept, and it stands in nothing.
  expect(inFile(`SELECT claim FROM imported WHERE claim IS NOT NULL AND length(claim) = 64`)).toHaveLength(1);
  for (const table of ['entries', 'cases', 'requests', 'imported'])
    expect(JSON.stringify(inFile(`SELECT * FROM ${table}`))).not.toMatch(/123X|19900101/);
});

test('what is wrong is named by the row of the sheet and by the column, and holds up no other', async () => {
  const { code, said } = await imported(
    file(
      [
        'contract,name,principal,interest,as of,rate,identity number',
        'P-1,王小雨,100,,2026-11-01,,',
        ',李四,100,,,,',
        'P-3,李四,many,-1,2026-02-30,0.18,12',
        'P-4,李四,0,,,,',
        'P-5,李四,1,,2999-01-01,,',
        'P-1,王小雨,100,,2026-11-01,,',
        'P-1,王小雨,101,,2026-11-01,,',
        `P-7,${'长'.repeat(70)},100,,,,`,
        'P-8,"换',
        '行",100,,,,',
        'P-4,李四,0,,,,',
        'P-9,李四,1,,,,',
      ].join('\n'),
    ),
  );
  expect(code).toBe(1);
  expect({
    ...said,
    refused: said.refused.map((one) => {
      const { row, column } = one as { row: number; column: string };
      return `${row} ${column}`;
    }),
  }).toEqual({
    rows: 11,
    created: 2,
    unchanged: 1,
    refused: [
      '3 contract',
      '4 principal',
      '4 interest',
      '4 asOf',
      '4 rate',
      '4 identity',
      '5 principal',
      '6 asOf',
      '8 contract',
      '9 name',
      '10 name',
      '11 principal',
    ],
  });
  for (const one of said.refused)
    expect(one).toEqual({ row: expect.any(Number), column: expect.any(String), problem: expect.stringMatching(/\w{3} /) });
});

describe('what is no table of loans is said, and nothing is written', () => {
  test.each([
    ['no such column', '姓名,本金\n王,1\n', 1, 'contract'],
    ['nothing', '', 1, 'contract'],
  ])('%s', async (_, text, row, column) => {
    const { code, said } = await imported(file(text));
    expect(code).toBe(1);
    expect(said.refused[0]).toEqual({ row, column, problem: 'The file has no such column.' });
  });
  test.each([
    ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex')],
    ['a damaged XLSX', Buffer.from('504b0304ffffffff', 'hex')],
  ])('%s', async (_, bytes) => {
    const { code, out } = await command('db/import.ts', ['acme', file(bytes)], { DATA: data });
    expect([code, out]).toEqual([2, expect.stringContaining('CSV')]);
  });
});

test('ended in the middle and begun again, there is one case of each', async () => {
  const count = 3_000;
  const path = file(`contract,name,principal\n${Array.from({ length: count }, (_, i) => `K-${i},王小雨,${i + 1}`).join('\n')}\n`);
  const running = spawn(process.execPath, ['db/import.ts', 'acme', path], { env: { ...process.env, DATA: data }, stdio: 'ignore' });
  const here = () => Number(inFile<{ n: number }>(`SELECT count(*) AS n FROM cases WHERE reference LIKE 'K-%'`)[0]?.n);
  while (here() === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  running.kill('SIGKILL');
  await once(running, 'exit');
  const before = here();
  expect(before).toBeLessThan(count);
  expect(await imported(path)).toEqual(nothingRefused(count, count - before));
  expect(here()).toBe(count);
});
