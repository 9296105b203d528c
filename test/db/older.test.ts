import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveFiles } from '../../db/bucket.ts';
import { plainOpening, Stage } from '../../db/demo.ts';
import { openStorage } from '../../db/storage.ts';
import { randomId } from '../../worker/chance.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { command } from '../command.ts';
import { withoutSince } from '../older-directory.ts';
import { type Rig, rig } from '../portal.ts';

/** A data folder of the release before: brought up to date whole, and told apart from one that is damaged. */

const run = (script: string, DATA: string) => command(script, [], { DATA });

describe('a data folder of the release before', () => {
  let portal: Rig;
  beforeAll(async () => {
    portal = await rig();
    const stage = await Stage.set(portal, Date.now());
    const id = randomId();
    const sha256 = await stage.upload('chen', 'mingheng', id, '工资单', ['实发 5,000.00']);
    await stage.give('chen', 'mingheng', id, 'case.open', {
      ...plainOpening(stage.today(), '明衡消费金融'),
      evidence: { files: [{ sha256, figures: [] }], consent: true },
    });
    await portal.stop();
    await under(portal.data, 'files');
    const directory = new DatabaseSync(join(portal.data, 'databases', 'directory.db'), { timeout: 30_000 });
    directory.exec(`INSERT INTO mail (id, recipient, subject, body, created_at, sent_at) VALUES
      ('1', 'chen@example.com', '合意验证码', '您的验证码是 616955，10 分钟内有效。', '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:05.000Z'),
      ('2', 'lin@example.com', 'Your Heyi code', 'Your code is 616955. It is good for 10 minutes.', '2026-11-01T00:00:00.000Z', NULL),
      ('3', 'lin@example.com', 'Heyi: news', 'https://heyi.example/cases/1', '2026-11-01T00:00:00.000Z', NULL);
      ${WITHOUT_SEALS}
      ${withoutSince('0004_letters')}`);
    directory.close();
    rmSync(join(portal.data, 'directory-sealed'));
  });
  afterAll(() => portal.remove());

  test('is named by the commands that read it, which change nothing of it', async () => {
    const before = readdirSync(portal.data);
    for (const script of ['db/audit.ts', 'db/rebuild.ts', 'db/erase.ts'])
      expect(await run(script, portal.data), script).toMatchObject({
        code: expect.any(Number),
        out: expect.stringMatching(/older than this code.*npm run migrate/),
      });
    expect(readdirSync(portal.data)).toEqual(before);
  });

  test('has its files where the portal looks for them once it was migrated, and all of it holds', async () => {
    expect(await run('db/migrate.ts', portal.data)).toMatchObject({ code: 0 });
    expect(await run('db/audit.ts', portal.data)).toMatchObject({ code: 0, out: expect.stringMatching(/1 files\.\nAll of it holds/) });
  });

  test('keeps no letter with a code, which had no end then; others stay', async () => {
    portal = await rig(portal.data);
    const letters = await openDirectory(portal.env).newestMail(50);
    expect(letters.filter(({ id }) => ['1', '2', '3'].includes(id)).map(({ id }) => id)).toEqual(['3']);
    await portal.stop();
  });

  test('that never was: an audit makes none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'heyi-none-'));
    expect(await run('db/audit.ts', empty)).toMatchObject({ code: 2, out: expect.stringContaining('no installation') });
    expect(readdirSync(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
  });
});

/** As the directory was before its rows had seals. */
const WITHOUT_SEALS = ['accounts', 'codes', 'invitations', 'lenders', 'seats', 'sessions', 'staff']
  .map((table) => `ALTER TABLE ${table} DROP COLUMN seal;`)
  .join('\n');

/** Takes all files to the bucket of another name, as the release before had them. */
async function under(data: string, name: string): Promise<void> {
  const [from, to] = [await openStorage(data), await openStorage(data, name)];
  await moveFiles(from.files, to.files);
  await from.close();
  await to.close();
  rmSync(join(data, 'files-name'));
}
