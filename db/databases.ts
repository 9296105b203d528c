/**
 * The database server in a process of its own, watched over: when it dies it is started again at once, on the same port with the same token, and when it
 * no longer answers it is ended first. What it had answered is on the disk.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { sayLines } from './log.ts';
import { type LibsqlServer, newToken } from './server.ts';
import type { Order, Told } from './server-process.ts';

const PROCESS = new URL('./server-process.ts', import.meta.url);
const PING = 5_000;
/** A statement runs in one piece: how long one may take before the process counts as lost. */
const SILENCE = 60_000;
const RESTARTS = 100;
const PAUSE = 50;

export type Databases = LibsqlServer & {
  /** The process as it is now: its id changes when it is started again. */
  readonly pid: number | undefined;
  /** The count of pipelines with all that were answered until now in it: of each the process tells by the way, so `pipelines` may lag behind an answer. */
  counted(): Promise<number>;
};

/** Starts the server on a folder; `inLines` has what it says written as lines of JSON. @throws where it cannot start at all */
export async function keepDatabases(folder: string, inLines = false): Promise<Databases> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const token = newToken();
  let url = '';
  let port = 0;
  let pipelines = 0;
  let before = 0;
  let stopping = false;
  let failures = 0;
  let heard = Date.now();
  let child: ChildProcess;
  const asking: ((count: number) => void)[] = [];

  function start(): Promise<void> {
    // Nothing of this process's environment: secrets that it may hold are none of the databases' business.
    child = fork(PROCESS, [], {
      execArgv: [],
      env: {},
      stdio: ['ignore', inLines ? 'pipe' : 'inherit', inLines ? 'pipe' : 'inherit', 'ipc'],
    });
    sayLines('databases', child.stdout, 'info');
    sayLines('databases', child.stderr, 'error');
    heard = Date.now();
    const order: Order = { serve: { folder, port, token } };
    child.send(order);
    return new Promise((resolve, reject) => {
      child.on('message', (told: Told) => {
        heard = Date.now();
        if ('pipelines' in told) pipelines = before + told.pipelines;
        if ('asked' in told) asking.shift()?.(pipelines);
        if ('failed' in told) {
          reject(new Error(told.failed));
          child.kill('SIGKILL');
        }
        if (!('listening' in told)) return;
        url = told.listening;
        port = Number(new URL(url).port);
        failures = 0;
        resolve();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(`The database server ended (${signal ?? code}).`));
        before = pipelines;
        if (stopping || port === 0) return;
        failures += 1;
        if (failures > RESTARTS) {
          console.error('The database server does not stay up: the portal ends.');
          process.exit(1);
        }
        console.error(`The database server ended (${signal ?? code}) and is started again.`);
        setTimeout(() => !stopping && start().catch(() => undefined), failures > 1 ? PAUSE : 0);
      });
    });
  }

  await start();
  const watch = setInterval(() => {
    if (Date.now() - heard > SILENCE) child.kill('SIGKILL');
    else if (child.connected) child.send({ ping: true } satisfies Order);
  }, PING);
  watch.unref();

  return {
    url,
    token,
    get pid() {
      return child.pid;
    },
    get pipelines() {
      return pipelines;
    },
    counted: () =>
      new Promise((resolve) => {
        asking.push(resolve);
        child.send({ count: true } satisfies Order);
      }),
    async create(name) {
      const answer = await fetch(`${url}admin/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      if (!answer.ok) throw new Error(((await answer.json()) as { message: string }).message);
    },
    names: () => readdirSync(folder).flatMap((file) => (file.endsWith('.db') ? [file.slice(0, -3)] : [])),
    async close() {
      stopping = true;
      clearInterval(watch);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.send({ stop: true } satisfies Order);
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}
