/**
 * The databases in a process of their own: what they do takes no time of the portal's, and an end of theirs is not its end. One that ends by
 * itself, or answers no more, is started again at once at the same address with the same token; what it had answered is in its files.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Order } from './database-process.ts';
import { databasesIn, type LibsqlServer } from './server.ts';

const HEARTBEAT = 5_000;
const SILENCE = 30_000;
const LONGEST_PAUSE = 5_000;
/** A process that lived this long has its next start without a pause. */
const LIVED = 60_000;

const PROCESS = new URL('database-process.ts', import.meta.url).pathname;

/** A server in a process of its own. `pid` is the one that serves now. */
export type DatabaseProcess = LibsqlServer & { pid(): number | undefined };

/** Serves the databases of a folder from a process of its own. @throws where it cannot start */
export async function serveApart(folder: string): Promise<DatabaseProcess> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('base64url');
  let port = 0;
  let closing = false;
  let failures = 0;
  let heard = Date.now();
  let child: ChildProcess;

  async function start(): Promise<string> {
    const { started, url } = await begin({ folder, port, token });
    const since = Date.now();
    child = started;
    port = Number(new URL(url).port);
    heard = since;
    child.on('message', () => {
      heard = Date.now();
    });
    child.once('exit', (code, signal) => {
      if (closing) return;
      failures = Date.now() - since > LIVED ? 0 : failures + 1;
      console.error(`The process of the databases ended (${signal ?? code}); it is started again.`);
      again();
    });
    return url;
  }

  async function again(): Promise<void> {
    while (!closing) {
      try {
        await wait(Math.min((failures - 1) * 200, LONGEST_PAUSE));
        if (closing) return;
        await start();
        if (closing) child.disconnect();
        return;
      } catch (thrown) {
        failures += 1;
        console.error(`The process of the databases does not start: ${(thrown as Error).message}`);
      }
    }
  }

  const url = await start();
  const ask = (path: string, method = 'GET') => fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const heart = setInterval(() => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (Date.now() - heard > SILENCE) child.kill('SIGKILL');
    else if (child.connected) child.send('ping', () => {});
  }, HEARTBEAT);
  heart.unref();

  return {
    url,
    token,
    pid: () => child.pid,
    pipelines: async () => ((await (await ask('health')).json()) as { pipelines: number }).pipelines,
    create: async (name) => {
      const answer = await ask(`admin/${encodeURIComponent(name)}`, 'POST');
      if (!answer.ok) throw new Error(((await answer.json()) as { message: string }).message);
    },
    names: () => databasesIn(folder),
    close: async () => {
      closing = true;
      clearInterval(heart);
      await end(child);
    },
  };
}

/** Starts the process and waits until it serves. */
function begin(order: Order): Promise<{ started: ChildProcess; url: string }> {
  const started = fork(PROCESS, [], { execArgv: [] });
  return new Promise((resolve, reject) => {
    const failed = (text: string) => reject(new Error(text));
    started.once('error', reject);
    started.once('exit', (code, signal) => failed(`it ended with ${signal ?? code}`));
    started.once('message', (answer: Answer) => {
      if (answer.type !== 'ready') return failed(answer.type === 'failed' ? answer.message : answer.type);
      // A command that has done its work ends, whether or not it closed.
      started.unref();
      started.channel?.unref();
      resolve({ started, url: answer.url });
    });
    started.send(order);
  });
}

/** Lets it close its files, and ends it where it does not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(late);
}
