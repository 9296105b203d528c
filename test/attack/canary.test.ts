import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { plainOpening, Stage, sampleDocument } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { rig } from '../portal.ts';
import { signedIn, takeAway } from '../worker/people.ts';

/** What was erased, discarded or removed is gone: its words are in no byte of any file of the installation. */

const CANARY = 'kanarienvogel';
const word = (where: string) => `${CANARY}-${where}-${randomId()}`;

/** Read by a process of its own: a file that this one opens and closes would lose the locks that the databases here hold on it (POSIX). */
function filesWith(folder: string, text: string): string[] {
  const script = `const { readdirSync, readFileSync } = require('node:fs'), { join } = require('node:path'), [folder, text] = process.argv.slice(1);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    console.log(JSON.stringify(files.filter((path) => readFileSync(path).includes(text))));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script, folder, text], { encoding: 'utf8' })) as string[];
}

test('a message, means, evidence, a draft and its files: erased, discarded or removed, none is found in any byte afterwards', async () => {
  const portal = await rig();
  const stage = await Stage.set(portal, Date.now());
  const chen = await signedIn(portal, 'chen');
  const document = async (name: string) => {
    const bytes = await sampleDocument('样例', ['一'], new Date().toISOString());
    return new File([bytes, `\n%${word('bytes')}\n%%EOF\n`], `${word(name)}.pdf`, { type: 'application/pdf' });
  };

  // A draft with words and two files: one is removed, then all of it is discarded.
  const step = (name: string, fields: Record<string, string>) => chen.post(`/open/pujiang/${name}`, { action: 'continue', ...fields });
  expect(
    (await step('loan', { 'loan.reference': word('loan'), 'loan.product': 'x', 'debt.debt.asOf': stage.today(), 'debt.total': '1200' }))
      .status,
  ).toBe(303);
  expect(
    (await step('cause', { 'means.cause.kind': 'job-loss', 'means.cause.since': stage.today(), 'means.cause.words': word('draft') }))
      .status,
  ).toBe(303);
  for (const name of ['removed', 'discarded']) {
    const form = new FormData();
    form.append('files', await document(name));
    form.append('evidence.consent', 'yes');
    form.append('action', 'add');
    expect((await chen.send('/open/pujiang/evidence', form)).status).toBe(303);
  }
  const listed = await (await chen.get('/open/pujiang/evidence')).text();
  const [first = ''] = /remove:[0-9a-f]{64}/.exec(listed) ?? [];
  expect((await chen.post('/open/pujiang/evidence', { action: first })).status).toBe(303);
  expect((await chen.post('/open/pujiang/discard', {})).status).toBe(303);

  // A case with a message, a cause and evidence, taken away as a bundle before it is erased.
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  opening.means.cause.words = word('means');
  await stage.give('chen', 'mingheng', id, 'case.open', opening);
  expect((await chen.post(`/cases/${id}/do/talk.message`, { words: word('message'), requestId: randomId() })).status).toBe(303);
  const form = new FormData();
  form.append('requestId', randomId());
  form.append('consent', 'yes');
  form.append('files', await document('evidence'));
  expect((await chen.send(`/cases/${id}/do/evidence.add`, form)).status).toBe(303);
  expect((await takeAway(chen, id, 'bundle.zip')).status).toBe(200);
  expect((await takeAway(chen, id, 'record.json')).status).toBe(200);
  expect(filesWith(portal.data, CANARY).length).toBeGreaterThan(0);

  const { entries } = (await (await chen.get(`/api/v1/cases/${id}`)).json()) as {
    entries: { seq: number; kind: string; content: unknown }[];
  };
  const named = entries.filter(({ content }) => JSON.stringify(content).includes(CANARY)).map(({ seq }) => seq);
  expect(named).toHaveLength(3);
  const said = execFileSync(process.execPath, ['db/erase.ts', 'mingheng', id, '--entries', named.join(','), '--reason', '本人请求删除'], {
    encoding: 'utf8',
    env: { ...process.env, DATA: portal.data },
    stdio: 'pipe',
  });
  expect(said).toContain('Erased');
  await portal.sweep();
  // Also while the portal runs.
  expect(filesWith(portal.data, CANARY)).toEqual([]);
  expect((await chen.get(`/cases/${id}`)).status).toBe(200);
  await portal.stop();
  expect(filesWith(portal.data, CANARY)).toEqual([]);
  await portal.remove().catch(() => {});
});
