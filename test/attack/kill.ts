/**
 * `npm run attack:kill -- [ROUNDS]`: kills the portal's processes outright while messages and private notes are being written, again and again. Each time it comes up again
 * with nothing left over, and in the end everything that was answered is in its record, once, and the record holds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@libsql/client/web';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { openLocal } from '../../db/installation.ts';
import { randomId } from '../../worker/chance.ts';
import { answers, family, freePort, isDatabase, isWorkerd, processes, type Started, start, until } from './processes.ts';

const WRITERS = 4;
const TARGETS = ['node', 'workerd', 'both', 'database'] as const;

export type Killed = { rounds: number; answered: number; lost: string[]; twice: string[]; broken: string[] };

/** Kills for so many rounds, each once so many messages more have been answered. @throws where a portal does not come back */
export async function attack(rounds: number, writes: number, say: (line: string) => void): Promise<Killed> {
  const data = mkdtempSync(join(tmpdir(), 'heyi-kill-'));
  const port = await freePort('away');
  const url = `http://127.0.0.1:${port}`;
  let portal: Started = start(data, port);
  try {
    await until('the portal is there', () => answers(`${url}/robots.txt`), 240_000);
    await until('the demo world is played', () => portal.output().includes('Ctrl-C stops it.'), 240_000);
    const load = await writeAlways(url);
    for (let round = 0; round < rounds; round++) {
      const target = TARGETS[round % TARGETS.length] ?? 'node';
      const before = load.answered.length;
      await until('something is written', () => load.answered.length >= before + writes);
      const all = family(portal.pid);
      const [worker, database] = [all.find(isWorkerd), all.find(isDatabase)];
      const killed = { node: [portal.pid], workerd: [worker?.pid], both: [portal.pid, worker?.pid], database: [database?.pid] }[target];
      for (const pid of killed) if (pid) process.kill(pid, 'SIGKILL');
      if (target === 'node' || target === 'both') {
        await portal.ended;
        portal = start(data, port);
        const old = new Set(all.map(({ pid }) => pid));
        await until('what was below it has ended', () => !processes().some(({ pid }) => old.has(pid)), 60_000);
      }
      const then = load.answered.length;
      await until(`writing goes on after ${target} was killed`, () => load.answered.length > then, 60_000);
      say(`round ${round + 1}: ${target} killed, ${load.answered.length} answered so far`);
    }
    await load.stop();
    portal.child.kill('SIGTERM');
    await portal.ended;
    return { rounds, answered: load.answered.length, ...(await inspect(data, load.answered)) };
  } catch (thrown) {
    say(portal.output());
    throw thrown;
  } finally {
    for (const { pid } of family(portal.pid)) process.kill(pid, 'SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}

type Load = { answered: string[]; stop(): Promise<void> };

/** Several people's tabs at once, each writing one message or note after the other; one that was not answered is sent again, as a browser would, with its id. */
async function writeAlways(url: string): Promise<Load> {
  const cookie = await signIn(url);
  const home = await (await fetch(`${url}/cases`, { headers: { cookie } })).text();
  const cases = [...new Set([...home.matchAll(/\/cases\/([0-9a-f]{32})/g)].map(([, id]) => id ?? ''))];
  const answered: string[] = [];
  let going = true;
  // Every other one is a note, which goes to a stream of its own.
  const send = (id: string, requestId: string, words: string) =>
    fetch(`${url}/cases/${id}/do/${/[13579]$/.test(words) ? 'note.write' : 'talk.message'}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: url },
      body: new URLSearchParams({ requestId, words }),
      signal: AbortSignal.timeout(15_000),
    }).then((answer) => answer.status);
  const open: string[] = [];
  for (const id of cases) if ((await send(id, randomId(), 'first')) === 303) open.push(id);
  if (open.length === 0) throw new Error('No case of the demo world takes a message.');
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let n = 0; going; n++) {
      const [requestId, words] = [randomId(), `message ${writer}-${n}`];
      for (;;) {
        const status = await send(open[n % open.length] ?? '', requestId, words).catch(() => 0);
        if (status === 303) answered.push(words);
        if (status === 303 || !going) break;
        await wait(100);
      }
    }
  });
  return {
    answered,
    async stop() {
      going = false;
      await Promise.all(writers);
    },
  };
}

async function signIn(url: string): Promise<string> {
  const send = async (path: string, cookie: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields);
    const answer = await fetch(url + path, { method: 'POST', redirect: 'manual', headers: { cookie, origin: url }, body });
    return answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  };
  const cookie = await send('/sign-in', '', { contact: PEOPLE.lin.email, password: PASSWORD });
  // Whoever signs in at the demo world reads there what an app would show.
  const outbox = await (await fetch(`${url}/dev/outbox`)).text();
  const factor = new RegExp(`${PEOPLE.lin.email}.*?<code>(\\d{6})`, 's').exec(outbox)?.[1] ?? '';
  return send('/second-factor', cookie, { factor });
}

/** What somebody wrote: a message, one that waits for the hours as at night, or a note. */
function wordsOf(kind: string, content: string): string {
  if (!['talk.message', 'contact.held', 'note.written'].includes(kind)) return '';
  const said = JSON.parse(content) as { words?: string; input?: { words?: string } };
  return said.words ?? said.input?.words ?? '';
}

/** Reads the casebooks as they lie on the disk: what was answered and is not there, what is there twice, and chains with a link missing. */
async function inspect(data: string, answered: readonly string[]): Promise<Pick<Killed, 'lost' | 'twice' | 'broken'>> {
  const { server } = await openLocal(data);
  const times = new Map<string, number>();
  const broken: string[] = [];
  for (const name of server.names().filter((one) => one.startsWith('casebook-'))) {
    const db = createClient({ url: `${server.url}${name}/`, authToken: server.token });
    const { rows } = await db.execute('SELECT "case", seq, prev, hash, kind, content FROM entries ORDER BY "case", seq');
    rows.forEach((row, i) => {
      const last = rows[i - 1];
      if (last?.case === row.case && (row.prev !== last?.hash || row.seq !== Number(last?.seq) + 1)) broken.push(`${row.case} ${row.seq}`);
      const words = wordsOf(String(row.kind), String(row.content));
      times.set(words, (times.get(words) ?? 0) + 1);
    });
    const { rows: checks } = await db.execute('PRAGMA integrity_check');
    if (checks[0]?.integrity_check !== 'ok') broken.push(`${name}: ${JSON.stringify(checks)}`);
  }
  await server.close();
  return {
    lost: answered.filter((words) => !times.has(words)),
    twice: answered.filter((words) => (times.get(words) ?? 0) > 1),
    broken,
  };
}

if (import.meta.main) {
  const outcome = await attack(Number(process.argv[2] ?? 20), 50, (line) => console.log(line));
  console.log(JSON.stringify(outcome));
  process.exitCode = outcome.lost.length + outcome.twice.length + outcome.broken.length > 0 ? 1 : 0;
}
