/**
 * Lenders. `npm run tenant -- create SLUG "NAME"` makes a lender with a database of its own and prints an invitation for its first
 * administrator; `list` shows all; `pause SLUG` has nothing written in its cases, which can still be read, until `resume SLUG`; `place SLUG URL` says where its casebook is
 * now; `end SLUG --to DIR` ends it (`end.ts`); `wanted` lists lenders that people looked for. Where the database is made follows from the environment: on Turso with TURSO_ORGANIZATION, TURSO_GROUP and
 * TURSO_API_TOKEN, on sqld with SQLD_ADMIN_URL (and SQLD_ADMIN_TOKEN) and SQLD_URL, else on this machine.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { randomId, randomToken } from '../worker/chance.ts';
import { DAY, later } from '../worker/clock.ts';
import { DEFAULT_POLICY } from '../worker/negotiation/policy.ts';
import { PartyName } from '../worker/negotiation/text.ts';
import { digestOf } from '../worker/record/digest.ts';
import { casebookUrl, type Lender, openBeginnings, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { dataFolder, type Installation, installation } from './installation.ts';
import { migrateAll, migrateDatabase, sayUnsealed } from './migrate.ts';
import type { LibsqlServer } from './server.ts';
import { openStorage } from './storage.ts';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** What makes a database by its name and says where it is. */
type Maker = (name: string) => Promise<string>;

/** Makes a lender with its database, migrated. Repeating it after a failure goes on where it stopped. @throws where the slug is taken */
export async function createTenant(env: Installation, make: Maker, slug: string, name: string): Promise<Lender> {
  if (!SLUG.test(slug)) throw new Error('SLUG: 1 to 32 lower-case letters, digits and hyphens, such as minhang-loan.');
  const known = PartyName.safeParse(name);
  if (!known.success)
    throw new Error(`NAME: 1 to 60 characters that documents can show, such as "Minhang Loan" (${known.error.issues[0]?.message}).`);
  const directory = openDirectory(env);
  if ((await directory.namedLenders()).some((one) => one.slug === slug)) throw new Error(`There is a lender ${slug} already.`);
  // Before a database is made: its policy is sealed from the first moment on.
  if (env.keys.length === 0) throw new Error('The signing keys are needed to seal what the portal writes: set SIGNING_KEYS.');
  const createdAt = new Date().toISOString();
  const lender = { id: randomId(), slug, name: known.data, url: await make(`casebook-${slug}`), pausedAt: null, createdAt };
  await migrateDatabase('casebook', casebookUrl(env, lender), env.casebookToken);
  await openCasebookForPortal(env, lender).setPolicy(DEFAULT_POLICY, createdAt);
  await directory.addLender(lender);
  return lender;
}

/** A link for a lender's first administrator: 14 days, to be used once. */
export async function inviteAdministrator(env: Installation, lender: Lender, origin: string): Promise<string> {
  const token = randomToken();
  const now = new Date().toISOString();
  await openDirectory(env).addInvitation({
    id: digestOf(token),
    lender: lender.id,
    case: null,
    capacity: 'administrator',
    via: null,
    createdAt: now,
    expiresAt: later(now, 14 * DAY),
    usedAt: null,
    usedBy: null,
  });
  return `${origin}/join/${token}`;
}

/** On this machine: a file of the embedded server, at an address without a host. */
export function makeLocal(server: LibsqlServer): Maker {
  return async (name) => {
    if (!server.names().includes(name)) await server.create(name);
    return `/${name}/`;
  };
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}.`);
  return value;
}

/** On Turso, by its platform API: a database in a group, whose token opens all of the group. */
const makeOnTurso: Maker = async (name) => {
  const organization = setting('TURSO_ORGANIZATION');
  const base = process.env.TURSO_API_URL ?? 'https://api.turso.tech';
  const answer = await fetch(`${base}/v1/organizations/${encodeURIComponent(organization)}/databases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${setting('TURSO_API_TOKEN')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, group: setting('TURSO_GROUP') }),
  });
  // 409: it was made by an attempt that failed later.
  if (answer.status === 409) return `libsql://${name}-${organization}.turso.io`;
  if (!answer.ok) throw new Error(`Turso answered ${answer.status}: ${await answer.text()}`);
  const { database } = (await answer.json()) as { database: { Hostname: string } };
  return `libsql://${database.Hostname}`;
};

/** On a self-hosted sqld, by its admin API: a namespace, addressed as the first label of the host. */
const makeOnSqld: Maker = async (name) => {
  const token = process.env.SQLD_ADMIN_TOKEN;
  const answer = await fetch(new URL(`/v1/namespaces/${name}/create`, setting('SQLD_ADMIN_URL')), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: '{}',
  });
  if (!answer.ok && answer.status !== 409) throw new Error(`sqld answered ${answer.status}: ${await answer.text()}`);
  const url = new URL(setting('SQLD_URL'));
  url.hostname = `${name}.${url.hostname}`;
  return url.href;
};

function makerOf(server: LibsqlServer | null): Maker {
  if (process.env.TURSO_API_TOKEN) return makeOnTurso;
  if (process.env.SQLD_ADMIN_URL) return makeOnSqld;
  if (server) return makeLocal(server);
  throw new Error(
    'Say where databases are made: set TURSO_API_TOKEN (with TURSO_ORGANIZATION and TURSO_GROUP), or SQLD_ADMIN_URL and SQLD_URL.',
  );
}

const originHere = () => (process.env.ORIGIN ?? `http://127.0.0.1:${process.env.PORT ?? 8787}`).replace(/\/$/, '');

/** Another administrator whom the operator invites: beside one whom they did not, they are two people where something takes two. */
async function invite(env: Installation, slug: string): Promise<void> {
  const lender = await openDirectory(env).lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}: npm run tenant -- list shows them.`);
  console.log(
    `Another administrator of ${lender.name} (${slug}) opens this link once, within 14 days. Give it to a person whom you know:\n${await inviteAdministrator(env, lender, originHere())}`,
  );
}

async function createAndInvite(env: Installation, make: Maker, slug: string, name: string): Promise<void> {
  const lender = await createTenant(env, make, slug, name);
  console.log(
    `${lender.name} (${lender.slug}) has its database.\nIts first administrator opens this link once, within 14 days:\n${await inviteAdministrator(env, lender, originHere())}`,
  );
}

/** What the operator says of a lender that is here. @throws where there is none, or its row is not the portal's own */
async function change(env: Installation, slug: string, to: { pausedAt: string | null } | { url: string }): Promise<Lender> {
  const directory = openDirectory(env);
  if (!(await directory.lenderBySlug(slug))) throw new Error(`There is no lender ${slug}: npm run tenant -- list shows them.`);
  await directory.changeLender(slug, to);
  const lender = await directory.lenderBySlug(slug);
  if (!lender) throw new Error(`There is no lender ${slug}.`);
  return lender;
}

/** From the next request on nothing is written in the lender's cases, and their pages say so. */
async function pause(env: Installation, slug: string): Promise<void> {
  const { name } = await change(env, slug, { pausedAt: new Date().toISOString() });
  console.log(
    `${name} (${slug}) is paused: its cases can be read and taken away, nothing is written in them, and nobody begins one. npm run tenant -- resume ${slug} lets them go on.`,
  );
}

async function resume(env: Installation, slug: string): Promise<void> {
  const { name } = await change(env, slug, { pausedAt: null });
  console.log(`${name} (${slug}) goes on. What became due meanwhile is written with the next run of the schedule.`);
}

/** The casebook is at another address, as after a restore to a point in time. Looked at first: it has to be that lender's. */
async function place(env: Installation, slug: string, url: string): Promise<void> {
  if (!/^(?:libsql|https?):\/\/[^\s]+$/.test(url) && !/^\/[a-z0-9-]+\/$/.test(url))
    throw new Error('URL: the address of the casebook, such as libsql://casebook-acme-2.turso.io.');
  const moved = openCasebookForPortal(env, { slug, url });
  const { proven } = await moved.policy();
  if (!proven) throw new Error(`What is at ${url} is not the casebook of ${slug}, or not as the portal wrote it. Nothing was changed.`);
  const { name } = await change(env, slug, { url });
  console.log(`${name} (${slug}) has its casebook at ${url} from now on. npm run audit -- ${slug} verifies it.`);
}

/** Every lender: how it stands, and since when it is here. No case, and nothing of one. */
async function printLenders(env: Installation): Promise<void> {
  for (const { slug, name, createdAt, pausedAt, endedAt } of await openDirectory(env).allLenders())
    console.log([slug, endedAt ? `ended ${day(endedAt)}` : pausedAt ? `paused ${day(pausedAt)}` : 'open', day(createdAt), name].join('\t'));
}

const day = (at: string): string => at.slice(0, 10);

/** Lenders that people looked for and did not find, the most wanted first. */
async function printWanted(env: Installation): Promise<void> {
  for (const { name, count, lastAt } of await openBeginnings(env).wanted()) console.log(`${count}\t${lastAt.slice(0, 10)}\t${name}`);
}

/** Ends a lender, as far as it goes today. Its files have to be at hand, which those of other installations are not. */
async function endLender(env: Installation, server: LibsqlServer | null, slug: string): Promise<void> {
  if (!server)
    throw new Error('A lender is ended where its files are: on the machine of the data folder. Elsewhere see README.md, Operator.');
  const { values } = parseArgs({
    args: process.argv.slice(4),
    options: Object.fromEntries(['to', 'because', 'despite', 'notice', 'handed-over'].map((name) => [name, { type: 'string' as const }])),
  });
  const { to } = values;
  if (typeof to !== 'string' || to === '') throw new Error('Say into which folder everything goes: --to DIR.');
  const storage = await openStorage(dataFolder());
  try {
    const { end } = await import('./end.ts');
    await end(
      { env, data: dataFolder(), files: storage.files, slug, to: resolve(to), origin: originHere(), say: console.log },
      { ...values, to },
    );
  } finally {
    await storage.close();
  }
}

type Doing = (env: Installation, server: LibsqlServer | null, slug: string, second: string) => Promise<void>;

const VERBS = new Map<string, Doing>([
  ['list', (env) => printLenders(env)],
  ['create', (env, server, slug, name) => createAndInvite(env, makerOf(server), slug, name)],
  ['invite', (env, _, slug) => invite(env, slug)],
  ['pause', (env, _, slug) => pause(env, slug)],
  ['resume', (env, _, slug) => resume(env, slug)],
  ['place', (env, _, slug, url) => place(env, slug, url)],
  ['end', (env, server, slug) => endLender(env, server, slug)],
  ['wanted', (env) => printWanted(env)],
]);

if (import.meta.main) {
  const [verb, slug = '', name = ''] = process.argv.slice(2);
  const { env, server, close } = await installation();
  try {
    const doing = VERBS.get(verb ?? '');
    if (!doing) throw new Error(`Say what to do: ${[...VERBS.keys()].join(', ')}. README.md, Operator, says more.`);
    // Where a casebook is at another address now, it is not to be looked for at the old one.
    if (verb !== 'place') sayUnsealed(await migrateAll(env, server ? dataFolder() : null));
    await doing(env, server, slug, name);
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
