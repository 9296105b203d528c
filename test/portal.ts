import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { plainOpening, Stage } from '../db/demo.ts';
import { type Portal, startPortal } from '../db/portal.ts';
import { createTenant, inviteAdministrator, makeLocal } from '../db/tenant.ts';
import { trustedProxies } from '../db/trusted.ts';
import type { CarrierSettings } from '../worker/carriers.ts';
import { randomId } from '../worker/chance.ts';
import { openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { family, freePort, isDatabase, isWorkerd, isWorking, until } from './attack/processes.ts';

/** A whole portal for a test: worker, databases and files, in a folder of its own. */
export type Rig = Portal & { data: string; restart(): Promise<Rig>; remove(): Promise<void> };

export async function rig(
  data = mkdtempSync(join(tmpdir(), 'heyi-test-')),
  port = 0,
  trusted = '127.0.0.1',
  carriers: CarrierSettings = {},
  origin?: string,
): Promise<Rig> {
  // Tests stand in for a proxy where they come from another place than this machine.
  // On one that it finds free when it comes back, too.
  const portal = await startPortal(data, port || (await freePort('here')), { trusted: trustedProxies(trusted), carriers, origin });
  return {
    ...portal,
    // The counter lives in the server: a spread would freeze it.
    server: portal.server,
    data,
    async restart() {
      await portal.stop();
      return rig(data, Number(new URL(portal.url).port), trusted, carriers, origin);
    },
    async remove() {
      await portal.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/**
 * A case that 陈建国 has opened with 明衡, by its id. At all hours he consents to be written to: else what staff write in a test that runs at night would wait until
 * morning.
 */
export async function openedCase(portal: Portal): Promise<string> {
  const stage = await Stage.set(portal, Date.now());
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  return id;
}

/** Database round trips of some work, with what the worker does after its answer: until it has come to rest. */
export async function trips<T>(portal: Portal, work: () => Promise<T>): Promise<{ count: number; answer: T }> {
  const before = await atRest(portal);
  const answer = await work();
  return { count: (await atRest(portal)) - before, answer };
}

/**
 * Waits until the portal has come to rest, and returns the count of its round trips: what it does after its answers is done then, also what nobody is told of.
 * At rest it is where for a while no trip has come and none of its processes was seen at work: on a machine that is busy, what is worked out between
 * two trips can take longer than any while.
 */
export async function atRest({ server }: Portal): Promise<number> {
  const own = family(process.pid).filter((one) => isWorkerd(one) || isDatabase(one));
  for (let last = await server.counted(), calm = 0; ; ) {
    await wait(15);
    const isAtWork = own.some(isWorking);
    const now = await server.counted();
    calm = isAtWork || now !== last ? 0 : calm + 1;
    if (calm === 10) return now;
    last = now;
  }
}

/** The trips by which the notices of a command leave after its answer. */
export const NOTICES = 4;

/** A lender, and a link for its first administrator, to where people reach the portal. */
export async function lender(portal: Portal, slug: string, name: string, origin = portal.url): Promise<string> {
  const made = await createTenant(portal.env, makeLocal(portal.server), slug, name);
  return inviteAdministrator(portal.env, made, origin);
}

/**
 * Waits until all that was to be told of a case has become letters: of what somebody did that comes after their answer. What a `Stage` wrote leaves with what
 * somebody does in the case after it, or with the schedule.
 */
export async function told(portal: Portal, caseId: string): Promise<void> {
  const casebooks = (await openDirectory(portal.env).lenders()).map((one) => openCasebookForPortal(portal.env, one));
  const waits = async () => (await Promise.all(casebooks.map((one) => one.unsent(1, [caseId])))).some(({ notices }) => notices.length > 0);
  await until(`all of ${caseId} is told`, async () => !(await waits()), 20_000);
}

/** The newest letter to somebody that says something. What is told leaves after the answer: until it is there, older ones are the newest. */
export function letterTo(portal: Portal, recipient: string, saying: string | RegExp): Promise<string> {
  const says = ({ body }: { body: string }) => (typeof saying === 'string' ? body.includes(saying) : saying.test(body));
  return newestTo(portal, recipient, says, `one that says ${saying}`);
}

/** The way in by the newest invitation to somebody, as a path: it is written before the answer to whoever invites. */
export const linkFor = async (portal: Portal, recipient: string): Promise<string> =>
  LINK.exec(await letterTo(portal, recipient, LINK))?.[0] ?? '';
const LINK = /\/join\/[\w-]+/;

/** What is typed for a code and never is one: each has six digits at the least. */
export const NO_CODE = '00000';

/** The newest code to somebody: it is written before the answer to whoever asks for it. */
export async function codeFor(portal: Portal, recipient: string): Promise<string> {
  return /\d{6,}/.exec(await newestTo(portal, recipient, ({ template }) => template === 'code', 'a code'))?.[0] ?? '';
}

async function newestTo(
  portal: Portal,
  recipient: string,
  isWanted: (letter: { body: string; template: string }) => boolean,
  what: string,
): Promise<string> {
  let found: string | undefined;
  await until(
    `a letter to ${recipient}, ${what}`,
    async () => {
      const letters = await openDirectory(portal.env).newestMail(500);
      found = letters.find((letter) => letter.recipient === recipient && isWanted(letter))?.body;
      return found !== undefined;
    },
    20_000,
  );
  return found ?? '';
}
