import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FORMER, hasFormer } from '../../db/bucket.ts';
import { plainOpening, Stage, sampleDocument } from '../../db/demo.ts';
import { openStorage } from '../../db/storage.ts';
import { randomId } from '../../worker/chance.ts';
import { rig } from '../portal.ts';
import { signedIn } from '../worker/people.ts';

test('a data folder from before the bucket had a secret name: a start takes every file over, and all of it can be read and holds', async () => {
  const first = await rig();
  const stage = await Stage.set(first, Date.now());
  const chen = await signedIn(first, 'chen');
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const form = new FormData();
  form.append('requestId', randomId());
  form.append('consent', 'yes');
  for (const name of ['工资单', '流水'])
    form.append('files', new File([await sampleDocument(name, ['样例'], new Date().toISOString())], `${name}.pdf`));
  expect((await chen.send(`/cases/${id}/do/evidence.add`, form)).status).toBe(303);
  const links = [...(await (await chen.get(`/cases/${id}/evidence`)).text()).matchAll(/\/cases\/[0-9a-f]{32}\/files\/[0-9a-f]{64}/g)];
  const paths = [...new Set(links.map(([path]) => path))];
  expect(paths).toHaveLength(2);
  const before = await Promise.all(paths.map(async (path) => (await chen.get(path)).bytes()));
  await first.stop();

  // As the folder was: the same files, under the name that everybody knew.
  const now = await openStorage(first.data);
  const { objects } = await now.files.list({ include: ['httpMetadata', 'customMetadata'] });
  const files = await Promise.all(objects.map(async (one) => ({ ...one, bytes: await (await now.files.get(one.key))?.arrayBuffer() })));
  await now.close();
  expect(files.length).toBeGreaterThanOrEqual(2);
  rmSync(join(first.data, 'files'), { recursive: true });
  rmSync(join(first.data, 'files-name'));
  const former = await openStorage(first.data, FORMER);
  for (const { key, bytes, httpMetadata, customMetadata } of files)
    await former.files.put(key, bytes ?? '', { ...(httpMetadata && { httpMetadata }), ...(customMetadata && { customMetadata }) });
  await former.close();
  expect(hasFormer(first.data)).toBe(true);

  const second = await rig(first.data);
  const reader = await signedIn(second, 'chen');
  for (const [i, path] of paths.entries()) expect(await (await reader.get(path)).bytes()).toEqual(before[i]);
  await second.stop();
  expect(hasFormer(first.data)).toBe(false);
  const run = (command: string) =>
    execFileSync(process.execPath, [command], { encoding: 'utf8', env: { ...process.env, DATA: first.data }, stdio: 'pipe' });
  run('db/migrate.ts');
  expect(run('db/audit.ts')).toContain('2 files.\nAll of it holds.');
  await second.remove();
});
