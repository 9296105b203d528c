import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const file = new URL('../../../shared/vectors/plans.ndjson', import.meta.url);

describe.runIf(existsSync(file))('the worked cases of the plan format, through the command', () => {
  const cases = (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { input: unknown; expected: unknown });
  const run = spawnSync(process.execPath, ['db/plan.ts'], {
    input: cases.map((one) => JSON.stringify(one.input)).join('\n'),
    encoding: 'utf8',
  });
  const answers = run.stdout.trim().split('\n');

  test('every line is answered', () => expect(answers).toHaveLength(cases.length));
  test.each(cases.map((one, i) => [i + 1, one.expected] as const))('case %i', (no, expected) => {
    expect(JSON.parse(answers[no - 1] ?? 'null')).toEqual(expected);
  });
});
