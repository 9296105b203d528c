import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { MAX_LINE } from '../../db/lines.ts';

const means = (kind: string) => ({
  means: { incomes: [{ kind, amount: 520_000, every: 'month' }], expenses: [], otherDebts: [], reserve: { sharePpm: 100_000, floor: 0 } },
});
const totals = { income: 520_000, expenses: 0, otherDebts: 0, disposable: 520_000, affordable: 468_000 };
const invalid = (...paths: string[]) => ({
  refused: { code: 'input.invalid', fields: paths.map((path) => expect.objectContaining({ path, bound: expect.any(String) })) },
});

const answers = (input: string) =>
  spawnSync(process.execPath, ['db/plan.ts'], { input, encoding: 'utf8', maxBuffer: 64 * MAX_LINE })
    .stdout.split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

test('every line has one answer, in its place, whatever stands in the others', () => {
  const lines = [
    `\uFEFF${JSON.stringify(means('wages'))}`,
    // U+2028 and a lone carriage return end no line.
    JSON.stringify(means('gig\u2028work')),
    '{"means":',
    '',
    'null',
    '[]',
    '"text"',
    '{}',
    `${JSON.stringify(means('wages'))}\r`,
    `{"means":"${'x'.repeat(MAX_LINE)}"}`,
    JSON.stringify({ means: { ...means('x').means, reserve: { sharePpm: 1_000_001, floor: -1 } } }),
    JSON.stringify(means('last, without a line feed')),
  ];
  expect(answers(lines.join('\n'))).toEqual([
    totals,
    totals,
    invalid(''),
    invalid(''),
    invalid(''),
    invalid(''),
    invalid('debt', 'terms'),
    totals,
    invalid(''),
    invalid('means.reserve.sharePpm', 'means.reserve.floor'),
    totals,
  ]);
});

test('an answer comes as soon as its line has', async () => {
  const command = spawn(process.execPath, ['db/plan.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
  for (let i = 0; i < 3; i++) {
    command.stdin.write(`${JSON.stringify(means('wages'))}\n`);
    const [answer] = (await once(command.stdout, 'data')) as [Buffer];
    expect(JSON.parse(String(answer))).toEqual(totals);
  }
  command.stdin.end();
  expect(await once(command, 'exit')).toEqual([0, null]);
});
