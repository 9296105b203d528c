import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** What `npm run deploy` would upload, as wrangler itself says it, without uploading: the very bytes that the tests run, with all that the worker is given. */

const root = new URL('../../', import.meta.url).pathname;
const settings = readFileSync(join(root, 'wrangler.toml'), 'utf8');

test('wrangler deploys the build as it is, with its bindings', async () => {
  const out = mkdtempSync(join(tmpdir(), 'heyi-deploy-'));
  // Without building anew under the feet of other tests.
  const config = join(root, '.heyi', 'wrangler-dry-run.toml');
  writeFileSync(config, settings.replace(/^\[build\]\ncommand = .*\n/m, '').replaceAll('".heyi/', '"'));
  try {
    const said = await new Promise<string>((resolve) => {
      const args = ['wrangler', 'deploy', '--dry-run', '--config', config, '--outdir', out];
      // With its banner it asks the registry for newer versions, and warns of them.
      const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' };
      execFile(join(root, 'node_modules/.bin', args[0] ?? ''), args.slice(1), { cwd: root, env }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
    expect(said).toContain('--dry-run: exiting now');
    expect(said).not.toMatch(/WARNING|ERROR/);
    for (const binding of ['env.JOBS (heyi-jobs)', 'env.FILES (heyi-files)', 'env.FLOOD', 'env.SEND_EMAIL', 'env.ASSETS', 'env.ORIGIN'])
      expect(said).toContain(binding);
    for (const name of readdirSync(join(root, '.heyi/build')))
      expect(readFileSync(join(out, name)).equals(readFileSync(join(root, '.heyi/build', name))), name).toBe(true);
  } finally {
    rmSync(config);
    rmSync(out, { recursive: true });
  }
});

test('the schedule, the queue with its consumer, placement and observability are there', () => {
  expect(settings).toMatch(/^crons = \["\*\/5 \* \* \* \*"\]$/m);
  const queues = [...settings.matchAll(/^\[\[queues\.(producers|consumers)\]\]\n(?:binding = "JOBS"\n)?queue = "([\w-]+)"/gm)].map(
    ([, kind, name]) => [kind, name],
  );
  expect(queues).toEqual([
    ['producers', 'heyi-jobs'],
    ['consumers', 'heyi-jobs'],
  ]);
  expect(settings).toMatch(/^\[placement\]\nmode = "smart"$/m);
  expect(settings).toMatch(/^\[observability\.logs\]\nenabled = true\ninvocation_logs = false$/m);
});
