/**
 * `npm start`: builds, brings the databases up, fills an empty installation with the demo world, serves, and stops cleanly: on Ctrl-C, on SIGTERM or
 * SIGHUP, and when the npm that started it is gone. ORIGIN is where people reach it, behind a proxy that speaks TLS.
 */
import { readFileSync } from 'node:fs';
import { openDirectory } from '../worker/store/open.ts';
import { buildAssets, buildWorker } from './build.ts';
import { dataFolder } from './installation.ts';

const EVERY = 60_000;
const PARENT = 500;
const data = dataFolder();
const port = Number(process.env.PORT ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT: a whole number from 0 to 65535; 0 takes a free one.');

const origin = process.env.ORIGIN?.replace(/\/$/, '');
if (origin !== undefined && !/^https?:\/\/[^/\s?#]+$/.test(origin))
  throw new Error('ORIGIN: an address such as https://heyi.example, without a path.');

// `--built` takes what an earlier build left.
if (!process.argv.includes('--built')) {
  await buildAssets();
  await buildWorker();
}
// After the build: these read what it made.
const { startPortal } = await import('./portal.ts');
const { PASSWORD, PEOPLE, playDemo } = await import('./demo.ts');

const portal = await startPortal(data, port, {
  origin,
  lost: () => {
    console.error('The worker process is gone and does not come back: the portal ends.');
    void end(1);
  },
}).catch((thrown) => {
  console.error((thrown as Error).message);
  process.exit(1);
});
const timer = setInterval(() => portal.sweep().catch((thrown) => console.error(`sweep: ${(thrown as Error).message}`)), EVERY);

let stopping = false;
async function end(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(timer);
  // Whatever does not stop by itself is ended with this process: each of its parts watches for that.
  setTimeout(() => process.exit(1), 10_000).unref();
  await portal.stop();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Miniflare would end the process at once, in the middle of what is being answered.
  process.removeAllListeners(signal);
  process.on(signal, () => void end(0));
}

// npm killed outright tells nobody: its child is then another's, or its shell's parent is.
if (process.env.npm_lifecycle_event === 'start') {
  const ancestors = ancestorsOf();
  setInterval(() => {
    if (ancestorsOf() !== ancestors) void end(0);
  }, PARENT).unref();
}

/** The processes above this one as far as npm: its parent, and where that is npm's shell, the shell's. */
function ancestorsOf(): string {
  try {
    // The fields of stat after the name in brackets: state, then the parent's id (proc(5)).
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return /^\d+ \(sh\)|^\d+ \(bash\)/.test(stat)
      ? `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`
      : `${process.ppid}`;
  } catch {
    return `${process.ppid}`;
  }
}

// Its people have a password that everybody knows: not where others come in.
if (origin === undefined && (await openDirectory(portal.env).lenders()).length === 0) {
  console.log('The installation is empty: playing the demo world …');
  await playDemo(portal);
}
const demo = await openDirectory(portal.env).accountByContact({ email: PEOPLE.lin.email });
console.log(
  `\n合意 Heyi  ${portal.url}\nData      ${data}\n${
    origin?.startsWith('https:') ? `Known as  ${origin}` : `Outbox    ${portal.url}/dev/outbox (codes and notices, on this machine only)`
  }`,
);
if (demo) {
  console.log(`\nDemo sign-ins, password ${PASSWORD}`);
  for (const person of Object.values(PEOPLE)) {
    console.log(
      `  ${(person.email ?? person.phone ?? '').padEnd(24)} ${person.name}${'staff' in person ? `  ${person.staff.join(' ')}` : '  borrower'}`,
    );
  }
}
console.log('\nCtrl-C stops it.');
