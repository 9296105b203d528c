/**
 * `npm start`: builds, brings the databases up, serves, and stops cleanly. ORIGIN is where people reach it, behind a proxy that speaks TLS; where nothing is
 * said it is a development machine, and an empty installation is filled with the demo world.
 */
import { watchLife } from './life.ts';
import type { StartSettings } from './settings.ts';

const life = watchLife();
// Loaded only now, as that takes a moment in which it may be told to end already.
const { openDirectory } = await import('../worker/store/open.ts');
const { buildAssets, buildWorker } = await import('./build.ts');
const { speakInLines } = await import('./log.ts');
const { startSettings } = await import('./settings.ts');

const EVERY = 60_000;
const { data, port, origin, production, host, trusted, carriers, tsa } = settings();
if (production) speakInLines();

function settings(): StartSettings {
  try {
    return startSettings(process.env);
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exit(2);
  }
}

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
  host,
  trusted,
  carriers: process.env,
  tsa,
  mediators: process.env.MEDIATORS,
  lost: () => {
    console.error('The worker process is gone and does not come back: the portal ends.');
    life.end(1);
  },
}).catch((thrown) => {
  console.error((thrown as Error).message);
  process.exit(1);
});
let sweeping = false;
/** One run at a time: what is not done by the end of one is done by the next. */
async function sweepOnce(): Promise<void> {
  if (sweeping) return;
  sweeping = true;
  await portal.sweep().catch((thrown) => console.error(`sweep: ${(thrown as Error).message}`));
  sweeping = false;
}
const timer = setInterval(sweepOnce, EVERY);
life.endWith(async () => {
  clearInterval(timer);
  await portal.stop();
});

// Its people have a password that everybody knows: not where others come in.
if (origin === undefined && (await openDirectory(portal.env).namedLenders()).length === 0) {
  console.log('The installation is empty: playing the demo world …');
  await playDemo(portal);
}
const letters = carriers.mail ? `Letters   from ${carriers.mail.from.address}` : carriers.text ? 'Letters   as short messages alone' : null;
if (production) {
  console.log(`Serving ${origin} at ${portal.url}, process ${process.pid}.`);
  if (!letters) console.warn('MAIL_URL is not set: no code leaves, so nobody can sign up, and nobody is told of anything.');
  if (trusted.none)
    console.warn(
      'TRUSTED_PROXY is not set, so everybody seems to come from one address, and what is counted by address is counted for all of them together. Set it to the address of the proxy, such as 127.0.0.1.',
    );
} else {
  const demo = await openDirectory(portal.env).accountByContact({ email: PEOPLE.lin.email });
  console.log(
    `\n合意 Heyi  ${portal.url}\nData      ${data}\n${letters ?? `Outbox    ${portal.url}/dev/outbox (codes and notices, on this machine only)`}`,
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
}
