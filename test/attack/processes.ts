/** The processes of a portal as Linux shows them, and a portal started as its operator does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { workedBy } from '../cpu.ts';

export type Process = { pid: number; parent: number; command: string };

export function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // State and parent follow the name in brackets (proc(5)); a zombie has ended already.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') return [];
      return [{ pid: Number(name), parent: Number(parent), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      return [];
    }
  });
}

/** A process and all below it. */
export function family(pid: number, all = processes()): Process[] {
  if (pid <= 1) return [];
  return all.flatMap((one) => (one.pid === pid ? [one] : one.parent === pid ? family(one.pid, all) : []));
}

export const isWorkerd = ({ command }: Process): boolean => /workerd\S* serve/.test(command);
export const isDatabase = ({ command }: Process): boolean => command.includes('server-process');

/** Whether it works at this moment, or waits for a processor or the disk: any of its threads. */
export function isWorking({ pid }: Process): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return /^[RD]/.test(stat.slice(stat.lastIndexOf(')') + 2));
    });
  } catch {
    // It or one of its threads has just ended.
    return false;
  }
}

/**
 * What the workers of this process's portals have worked so far, in milliseconds, each time it is asked. A worker does one thing after another: what it works
 * while somebody waits is how long they wait where the machine does nothing else, and says the same on one that does.
 */
export function workOfWorkers(): () => number {
  const pids = family(process.pid)
    .filter(isWorkerd)
    .map(({ pid }) => pid);
  return () => pids.reduce((sum, pid) => sum + workedBy(pid), 0);
}

/** Waits until it holds. @throws with `what` when it does not in time */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not in ${limit / 1000} s: ${what}.`);
    await wait(100);
  }
}

/** The workerd of the portal at `url`, a child of this process, ends at once; another is started, and answers. */
export async function killWorker(url: string): Promise<void> {
  const worker = family(process.pid).find(isWorkerd);
  if (!worker) throw new Error('There is no worker.');
  process.kill(worker.pid, 'SIGKILL');
  await until('another worker is there', () => family(process.pid).some((one) => isWorkerd(one) && one.pid !== worker.pid), 30_000);
  // The portal answers in its place for a moment.
  const isBack = () =>
    fetch(`${url}/healthz`).then(
      ({ status }) => status < 500,
      () => false,
    );
  await until('it answers', isBack, 30_000);
}

export type Started = { child: ChildProcess; pid: number; output: () => string; ended: Promise<number | null> };

/** `npm start` on what is built, or its command alone. */
export function start(data: string, port: number, by: 'node' | 'npm' = 'node', environment: Record<string, string> = {}): Started {
  const [command, ...args] = by === 'npm' ? ['npm', 'start', '--', '--built'] : [process.execPath, 'db/start.ts', '--built'];
  const { npm_lifecycle_event: _, ...inherited } = process.env;
  const child = spawn(command ?? '', args, {
    env: { ...inherited, DATA: data, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  // Never 0: to a signal that is one's own whole group.
  if (child.pid === undefined) throw new Error(`${command} did not start.`);
  return { child, pid: child.pid, output: () => text, ended };
}

export const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
};

/** Where ports are looked for: for what the whole of a file goes away from and comes back to, and for all that is away for a moment at the most. */
const PORTS = { away: 20_000, here: 26_000 };
const OF_EACH = 6_000;

/** A port that is free, for what is to come back on the same one: below those that a system gives to connections as they are made. */
export async function freePort(use: keyof typeof PORTS): Promise<number> {
  for (;;) {
    const port = PORTS[use] + Math.floor(Math.random() * OF_EACH);
    if (await isFree(port)) return port;
  }
}

/** Whether somebody else could listen there. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
