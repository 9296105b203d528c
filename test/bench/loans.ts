/**
 * `npm run bench -- --loans [ROWS]`: a file of loans comes through the page of the desk, once as CSV and once as XLSX, as somebody brings it who looks at the page while it loads itself again; in
 * the middle the worker is killed outright. Says how long each took from its upload to its end; exit 1 where it took longer than three minutes or there is not one case of each row.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import writeXlsxFile from 'write-excel-file/node';
import { Stage } from '../../db/demo.ts';
import { killWorker } from '../attack/processes.ts';
import { rig } from '../portal.ts';
import { signedIn } from '../worker/people.ts';

const PATH = '/desk/mingheng/import';
const MOST_SECONDS = 180;
const NAMES = ['合同号', '借款人姓名', '本金', '利息', '身份证后四位'];

/** So many loans whose contracts begin with a letter. */
const loans = (letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => [`${letter}-${i}`, `借款人${i}`, 1_000 + i, i % 90, '402X'] as const);

async function imported(format: 'csv' | 'xlsx', rows: number): Promise<boolean> {
  const portal = await rig();
  try {
    await Stage.set(portal, Date.now());
    const lin = await signedIn(portal, 'lin');
    const all = loans(format.toUpperCase(), rows);
    const content: BlobPart =
      format === 'csv'
        ? [NAMES, ...all].map((row) => row.join(',')).join('\r\n')
        : new Uint8Array(await writeXlsxFile([NAMES, ...all].map((row) => row.map((value) => ({ value })))).toBuffer());
    /** Again where the worker was away. */
    const asks = async (ask: () => Promise<Response>): Promise<Response> => {
      for (;;) {
        const answer = await ask().catch(() => null);
        if (answer && answer.status < 500) return answer;
        await wait(200);
      }
    };
    const form = () => {
      const one = new FormData();
      one.set('file', new File([content], `loans.${format}`));
      return one;
    };
    const begun = Date.now();
    const at = (await asks(() => lin.send(PATH, form()))).headers.get('location') ?? '';
    /** Looks at the page as often as it loads itself. @param until at which share of the pieces it is enough */
    const looked = async (until = 1) => {
      for (;;) {
        const answer = await asks(() => lin.get(at));
        const html = await answer.text();
        const share =
          Number(/<progress[^>]* value="(\d+)"/.exec(html)?.[1] ?? 0) / Number(/<progress[^>]* max="(\d+)"/.exec(html)?.[1] ?? 1);
        if (!answer.headers.has('refresh') || share >= until) return;
        await wait(Number(answer.headers.get('refresh')) * 1000);
      }
    };
    const mapping = Object.fromEntries(['contract', 'name', 'principal', 'interest', 'identity'].map((column, i) => [column, String(i)]));
    await asks(() => lin.post(at, { do: 'check', ...mapping }));
    await looked();
    const checked = Date.now();
    await asks(() => lin.post(at, { do: 'run' }));
    await looked(0.4);
    await killWorker(portal.url);
    await looked();
    const seconds = (Date.now() - begun) / 1000;
    const db = new DatabaseSync(join(portal.data, 'databases', 'casebook-mingheng.db'), { readOnly: true });
    const count = (of: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${of}`).get()?.n);
    const [cases, opened] = [count("cases WHERE reference LIKE '%-%'"), count("entries WHERE kind = 'case.opened'")];
    db.close();
    const size = (new Blob([content]).size / 1024).toFixed(0);
    console.log(
      `${format}: ${rows} rows (${size} KiB) in ${seconds.toFixed(1)} s, ${((checked - begun) / 1000).toFixed(1)} s of it until checked; the worker was killed once; ${cases} cases`,
    );
    return cases === rows && opened === rows && seconds < MOST_SECONDS;
  } finally {
    await portal.remove();
  }
}

const [rows = 10_000] = process.argv.slice(2).map(Number);
const came = [await imported('csv', rows), await imported('xlsx', rows)];
if (came.includes(false)) process.exitCode = 1;
