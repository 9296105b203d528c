/** `npm start`: builds, brings the databases up, fills an empty installation with the demo world, serves, and stops cleanly. */
import { openDirectory } from '../worker/store/open.ts';
import { buildAssets, buildWorker } from './build.ts';
import { dataFolder } from './installation.ts';

const EVERY = 60_000;
const data = dataFolder();
const port = Number(process.env.PORT ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT: a whole number from 0 to 65535; 0 takes a free one.');

await buildAssets();
await buildWorker();
// After the build: these read what it made.
const { startPortal } = await import('./portal.ts');
const { PASSWORD, PEOPLE, playDemo } = await import('./demo.ts');

const portal = await startPortal(data, port);
if ((await openDirectory(portal.env).lenders()).length === 0) {
  console.log('The installation is empty: playing the demo world …');
  await playDemo(portal);
}
const demo = await openDirectory(portal.env).accountByContact({ email: PEOPLE.lin.email });
console.log(`\n合意 Heyi  ${portal.url}\nData      ${data}\nOutbox    ${portal.url}/dev/outbox (codes and notices, on this machine only)`);
if (demo) {
  console.log(`\nDemo sign-ins, password ${PASSWORD}`);
  for (const person of Object.values(PEOPLE)) {
    console.log(
      `  ${(person.email ?? person.phone ?? '').padEnd(24)} ${person.name}${'staff' in person ? `  ${person.staff.join(' ')}` : '  borrower'}`,
    );
  }
}
console.log('\nCtrl-C stops it.');

const timer = setInterval(() => portal.sweep().catch((thrown) => console.error(`sweep: ${(thrown as Error).message}`)), EVERY);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    clearInterval(timer);
    await portal.stop();
    process.exit(0);
  });
}
