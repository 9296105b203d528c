import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainOpening, Stage } from '../db/demo.ts';
import { type Portal, startPortal } from '../db/portal.ts';
import { createTenant, inviteAdministrator, makeLocal } from '../db/tenant.ts';
import { trustedProxies } from '../db/trusted.ts';
import type { CarrierSettings } from '../worker/carriers.ts';
import { randomId } from '../worker/chance.ts';
import { openDirectory } from '../worker/store/open.ts';

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
  const portal = await startPortal(data, port, { trusted: trustedProxies(trusted), carriers, origin });
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

/** Database round trips of some work, with what the worker does after its answer: until none has come for a while. */
export async function trips<T>(portal: Portal, work: () => Promise<T>): Promise<{ count: number; answer: T }> {
  const before = await quiet(portal);
  const answer = await work();
  return { count: (await quiet(portal)) - before, answer };
}

/** The count of round trips once it stands still. */
async function quiet({ server }: Portal): Promise<number> {
  for (let last = await server.counted(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    const now = await server.counted();
    if (now === last) return now;
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

/** The newest letter to somebody. */
export async function letterTo(portal: Portal, recipient: string): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const found = (await openDirectory(portal.env).newestMail(50)).find((letter) => letter.recipient === recipient);
    if (found) return found.body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No letter to ${recipient}.`);
}

export async function codeFor(portal: Portal, recipient: string): Promise<string> {
  return /\d{6,}/.exec(await letterTo(portal, recipient))?.[0] ?? '';
}
