/**
 * `npm start`: builds, brings the databases up, fills an empty installation with the demo world, serves, and stops cleanly. ORIGIN is where people reach
 * it, behind a proxy that speaks TLS.
 */
import { watchLife } from './life.ts';

const life = watchLife();
// Loaded only now, as that takes a moment in which it may be told to end already.
const { openDirectory } = await import('../worker/store/open.ts');
const { buildAssets, buildWorker } = await import('./build.ts');
const { dataFolder } = await import('./installation.ts');

const EVERY = 60_000;
const data = dataFolder();
const port = Number(process.env.PORT ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT: a whole number from 0 to 65535; 0 takes a free one.');

const origin = process.env.ORIGIN?.replace(/\/$/, '');
if (origin !== undefined && !/^https?:\/\/[^/\s?#]+$/.test(origin))
  throw new Error('ORIGIN: an address such as https://heyi.example, without a path.');
const proxies = process.env.PROXIES === undefined ? undefined : Number(process.env.PROXIES);
if (proxies !== undefined && !(Number.isInteger(proxies) && proxies >= 0 && proxies <= 9))
  throw new Error('PROXIES: how many proxies stand in front, from 0 to 9.');

// `--built` takes what an earlier build left.
if (!process.argv.includes('--built')) {
  await buildAssets();
  await buildWorker();
}
// After the build: these read what it made.
const { startPortal } = await import('./portal.ts');
const { PASSWORD, PEOPLE } = await import('./demo.ts');
const { playDemo } = await import('./demo-cases.ts');

const portal = await startPortal(data, port, {
  origin,
  proxies,
  lost: () => {
    console.error('The worker process is gone and does not come back: the portal ends.');
    life.end(1);
  },
}).catch((thrown) => {
  console.error((thrown as Error).message);
  process.exit(1);
});
const timer = setInterval(() => portal.sweep().catch((thrown) => console.error(`sweep: ${(thrown as Error).message}`)), EVERY);
life.endWith(async () => {
  clearInterval(timer);
  await portal.stop();
});

// Its people have a password that everybody knows: not where others come in.
if (origin === undefined && (await openDirectory(portal.env).namedLenders()).length === 0) {
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
