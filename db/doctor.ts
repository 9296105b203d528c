/**
 * `npm run doctor [-- --to ADDRESS]`: looks at an installation (the one of the environment, or of this machine's data folder) and says in words what is wrong and how to mend it: settings,
 * keys, databases, storage, letters (with `--to` one is sent there), answers by mail, the way in, the clock, how far behind the schedule is. Changes nothing and reads no case. Exit 0 where all is well or a warning at most, 1 where something is not.
 */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestOverTls } from 'node:https';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { randomId } from '../worker/chance.ts';
import { DAY, instant } from '../worker/clock.ts';
import { mailBy } from '../worker/deliver/by-mail.ts';
import { LAG, type Lag, lagOf } from '../worker/execute/lag.ts';
import { DocumentKey, hasPlainSerial } from '../worker/record/certificates.ts';
import { keyInForce } from '../worker/record/keys.ts';
import { connect } from '../worker/store/connect.ts';
import { casebookUrl, openCasebookForPortal, openDirectory } from '../worker/store/open.ts';
import { existingDocumentKey } from './certificate.ts';
import { assertCurrent } from './current.ts';
import { assertRestored, dataFolder, type Installation, installation } from './installation.ts';
import { isLocked } from './lock.ts';
import { type StartSettings, startSettings } from './settings.ts';
import { openStorage } from './storage.ts';

type Found = { grade: 'well' | 'warning' | 'wrong'; part: string; said: string };

const MEGABYTE = 1024 * 1024;
const LEAST_FREE = 1024 * MEGABYTE;
const PATIENCE = 5_000;

/** Looks at one thing: what it returns is well, what it throws is wrong, in the words of what was thrown. */
async function look(found: Found[], part: string, at: (warn: (said: string) => void) => Promise<string> | string): Promise<boolean> {
  const warn = (said: string) => void found.push({ grade: 'warning', part, said });
  try {
    found.push({ grade: 'well', part, said: await at(warn) });
    return true;
  } catch (thrown) {
    found.push({ grade: 'wrong', part, said: (thrown as Error).message });
    return false;
  }
}

/** Looks at all of it. What depends on what is wrong is not looked at. `to` is an address to which a letter is sent. */
async function examine(env: NodeJS.ProcessEnv, to: string | undefined): Promise<Found[]> {
  const found: Found[] = [];
  const elsewhere = Boolean(env.DIRECTORY_URL);
  let settings: StartSettings | undefined;
  await look(found, 'settings', (warn) => {
    settings = startSettings(env);
    return elsewhere ? elsewhereSaid(env) : settingsSaid(settings, warn);
  });
  const data = dataFolder();
  if (!elsewhere && !(await look(found, 'data folder', (warn) => folderSaid(data, warn)))) return found;
  await look(found, 'document key', (warn) => documentSaid(elsewhere ? env.DOCUMENT_KEY : undefined, data, elsewhere, warn));
  let opened: Awaited<ReturnType<typeof installation>> | undefined;
  const there = await look(found, 'signing keys', async (warn) => {
    opened = await installation();
    return keysSaid(opened.env, warn);
  });
  try {
    if (opened && there) {
      const { env: here } = opened;
      const answer = await look(found, 'databases', (warn) => databasesSaid(here, !elsewhere, warn));
      if (answer) await look(found, 'clock', (warn) => clockSaid(here, warn));
      if (answer) await look(found, 'schedule', (warn) => scheduleSaid(here, settings, warn));
    }
  } finally {
    await opened?.close();
  }
  if (!elsewhere) await look(found, 'storage', () => storageSaid(data, settings));
  await look(found, 'letters', (warn) => lettersSaid(settings, to, warn));
  await look(found, 'answers', (warn) => answersSaid(settings, elsewhere || isLocked(data), warn));
  if (settings?.production) await look(found, 'the way in', () => entranceSaid(settings?.origin ?? ''));
  return found;
}

function elsewhereSaid(env: NodeJS.ProcessEnv): string {
  const missing = ['SIGNING_KEYS', 'DOCUMENT_KEY', 'ORIGIN'].filter((name) => !env[name]);
  if (missing.length > 0)
    throw new Error(`Set ${missing.join(', ')} as the worker has them: README.md, Running it, says how each is made.`);
  if (env.DEVELOPMENT) throw new Error('DEVELOPMENT is set: it shows codes and letters to whoever asks. Unset it.');
  return `databases at ${new URL(env.DIRECTORY_URL ?? '').host}, known as ${env.ORIGIN}`;
}

function settingsSaid({ origin, production, trusted, port, host, tsa }: StartSettings, warn: (said: string) => void): string {
  if (!production) warn('This is a development machine: set ORIGIN to where others reach it, https://…, and the portal is for them.');
  else if (trusted.none)
    warn(
      'TRUSTED_PROXY is not set, so everybody seems to come from one address and is counted together: set it to the address of the proxy.',
    );
  const stamps = tsa === undefined ? '' : `, with time stamps of ${new URL(tsa).host}`;
  return `${production ? `for others, as ${origin}` : 'for this machine alone'}, at ${host ?? '127.0.0.1'}:${port}${stamps}`;
}

function folderSaid(data: string, warn: (said: string) => void): string {
  if (!existsSync(join(data, 'databases', 'directory.db')))
    throw new Error(
      `There is no installation in ${data}: npm start makes one, npm run restore puts a backup there; or choose the folder with DATA.`,
    );
  assertRestored(data);
  if ((statSync(data).mode & 0o077) !== 0) warn(`Others on this machine can look into ${data}: chmod 700 ${data}`);
  const { bavail, bsize } = statfsSync(data);
  const free = Number(bavail) * Number(bsize);
  if (free < LEAST_FREE)
    warn(`Only ${Math.round(free / MEGABYTE)} MB are free where ${data} lies: make room, as what cannot be written is refused.`);
  return `${data}, ${Math.round(free / MEGABYTE)} MB free, ${isLocked(data) ? 'a portal runs on it' : 'no portal runs on it'}`;
}

function documentSaid(setting: string | undefined, data: string, elsewhere: boolean, warn: (said: string) => void): string {
  const key = elsewhere ? (setting ? DocumentKey.parse(JSON.parse(setting)) : null) : existingDocumentKey(data);
  if (!key)
    throw new Error(
      'There is no key for PDFs: npm start makes one here; elsewhere npm run --silent keys -- document, as the secret DOCUMENT_KEY.',
    );
  const der = Uint8Array.from(Buffer.from(key.certificates[0] ?? '', 'base64'));
  // About one in 256 of those that the portal made itself until November 2026.
  if (!hasPlainSerial(der))
    throw new Error(
      'The serial number of the certificate of the PDFs is not as DER has it, so that readers find no signer: npm run keys -- rotate-document.',
    );
  const leaf = new X509Certificate(der);
  const until = new Date(leaf.validTo).getTime();
  if (until < Date.now())
    throw new Error(`The certificate of the PDFs ended on ${leaf.validTo}: npm run keys -- rotate-document, or a new one of your CA.`);
  if (until < Date.now() + 60 * DAY) warn(`The certificate of the PDFs ends on ${leaf.validTo}: give it a successor before.`);
  return `PDFs are signed by a certificate that holds until ${new Date(until).toISOString().slice(0, 10)}`;
}

function keysSaid({ keys }: Installation, warn: (said: string) => void): string {
  if (keys.length === 0) throw new Error('SIGNING_KEYS is not set: without the ring nothing that the portal wrote is known again.');
  const now = keyInForce(keys, instant());
  if (!now) throw new Error('No key of the ring is in force: npm run keys -- rotate gives it a new one.');
  const revoked = keys.filter((one) => one.revoked !== undefined).length;
  if (revoked > 0) warn(`${revoked} keys are revoked: npm run audit names what they alone vouch for.`);
  return `key ${now.id} signs, ${keys.length - 1} others are published`;
}

async function databasesSaid(env: Installation, whole: boolean, warn: (said: string) => void): Promise<string> {
  await assertCurrent(env);
  const directory = openDirectory(env);
  const begun = performance.now();
  const lenders = await directory.lenders();
  const took = performance.now() - begun;
  if (took > 500) warn(`The directory took ${Math.round(took)} ms to answer: a page asks it once. Put the portal near its databases.`);
  const unheld = await directory.unheld();
  if (unheld.length > 0)
    throw new Error(`${unheld.length} rows of the directory are not as the portal wrote them: npm run audit names each.`);
  for (const url of whole ? [env.directory.url, ...lenders.map((one) => casebookUrl(env, one))] : []) {
    const [check] = await connect(url, url === env.directory.url ? env.directory.token : env.casebookToken).all<{ quick_check: string }>(
      sql`PRAGMA quick_check(1)`,
    );
    if (check?.quick_check !== 'ok')
      throw new Error(`The database at ${new URL(url).pathname} is damaged: restore it from a backup (npm run restore).`);
  }
  for (const lender of lenders)
    if (!(await openCasebookForPortal(env, lender).policy()).proven)
      warn(
        `The policy of ${lender.slug} is not one that the portal sealed, so its cases are read-only: npm run rebuild -- ${lender.slug} --policy shows it.`,
      );
  for (const lender of lenders) {
    const strayed = await openCasebookForPortal(env, lender).anchored.strayed();
    if (strayed.length > 0)
      throw new Error(
        `${strayed.length} records of ${lender.slug} do not have what was anchored, and can only be looked at (npm run anchors names them): bring the newer databases back; or, where an older state was restored on purpose, npm run anchors -- restored ${lender.slug} --reason "…".`,
      );
  }
  return `the directory and ${lenders.length} casebooks answer and are up to date`;
}

const LATE = 5 * 60_000;

/** What the portal wrote last lies in the past, and the system says that it keeps time. */
async function clockSaid(env: Installation, warn: (said: string) => void): Promise<string> {
  for (const lender of await openDirectory(env).lenders()) {
    const [newest] = await openCasebookForPortal(env, lender).newest();
    if (newest && Date.parse(newest.lastAt) > Date.now() + LATE)
      throw new Error(
        `The newest entry of ${lender.slug} is of ${newest.lastAt}, which is still to come: this machine's clock is behind. Set it by NTP.`,
      );
  }
  if (synchronised() === false) warn('The system says that its clock is not kept by NTP (timedatectl): what is signed carries its time.');
  return `it is ${instant()}`;
}

/** What waits for the schedule, as `lagOf` tells it. */
const WAITS: Record<Lag['waits'][number]['what'], (slug: string) => string> = {
  due: (slug) => `cases of ${slug} in which something fell due wait`,
  held: (slug) => `cases of ${slug} in which a message may be sent wait`,
  notices: (slug) => `notices of ${slug} wait`,
  anchors: (slug) => `heads of records of ${slug} wait to be anchored`,
};

/** How far behind the schedule is: what fell due, notices and letters that have waited longer than it takes. */
async function scheduleSaid(env: Installation, settings: StartSettings | undefined, warn: (said: string) => void): Promise<string> {
  const directory = openDirectory(env);
  const late: string[] = [];
  for (const lender of await directory.lenders()) {
    const { waits, failures, failedAt, fault } = await lagOf(env, lender);
    for (const { what, count, since, late: isLate } of waits) if (isLate) late.push(`${count} ${WAITS[what](lender.slug)} since ${since}`);
    if (failures > 0) late.push(`the last ${failures} pieces of ${lender.slug} failed, the last of them at ${failedAt} (${fault})`);
  }
  const letters = settings?.carriers.mail || settings?.carriers.text ? await directory.mailWaiting(instant(Date.now() - LAG)) : null;
  if (letters) late.push(`${letters.count} letters wait since ${letters.since}`);
  for (const one of late)
    warn(
      `${one}: the portal does not run, the schedule does not, or it cannot write to them; its log says which (lines that begin with “sweep”, “case” or “anchors”).`,
    );
  return late.length > 0 ? 'something waits (above)' : `nothing waits longer than ${LAG / 60_000} minutes`;
}

/** Null where the system has nobody to ask. */
function synchronised(): boolean | null {
  try {
    const said = execFileSync('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.trim() === '' ? null : said.trim() === 'yes';
  } catch {
    return null;
  }
}

/** Asked of the portal where one runs, as the files are in its hands; else a file is put there and taken away. */
async function storageSaid(data: string, settings: StartSettings | undefined): Promise<string> {
  if (isLocked(data)) {
    const url = `http://${settings?.host ?? '127.0.0.1'}:${settings?.port ?? 8787}/readyz`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
    if (!answer)
      throw new Error(`A portal runs on the folder and does not answer at ${url}: set PORT and HOST as it has them, or start it again.`);
    const { directory, storage } = (await answer.json()) as { directory: boolean; storage: boolean };
    if (!directory || !storage)
      throw new Error(`The portal says that its ${directory ? 'storage' : 'directory'} does not answer: start it again, and read its log.`);
    return 'the portal is ready: its directory and its storage answer';
  }
  const storage = await openStorage(data);
  try {
    const key = `exports/doctor-${process.pid}`;
    await storage.files.put(key, 'well');
    const read = await (await storage.files.get(key))?.text();
    await storage.files.delete(key);
    if (read !== 'well') throw new Error('What is put into storage does not come out of it: look at the disk of the data folder.');
    return 'a file was put there, read and taken away';
  } finally {
    await storage.close();
  }
}

/** Whether letters leave; one does where an address is named for it. */
async function lettersSaid(settings: StartSettings | undefined, to: string | undefined, warn: (said: string) => void): Promise<string> {
  if (!settings) throw new Error('The settings are wrong (above), so it cannot be seen how letters leave.');
  const { mail, text: texts } = settings.carriers;
  if (!mail && !texts && settings.production)
    throw new Error(
      'Neither MAIL_URL nor SMS_URL is set: no code leaves, so nobody can sign up or recover an account. README.md, Letters, says how.',
    );
  if (!texts && settings.production) warn('SMS_URL is not set: nobody can sign up with a mobile number.');
  if (to === undefined) return mail ? 'mail is set; npm run doctor -- --to ADDRESS sends a letter' : 'none leave by mail';
  if (!mail) throw new Error('--to: no letter can be sent, as MAIL_URL is not set.');
  if (mail.by === 'cloudflare')
    throw new Error(
      '--to: with MAIL_URL=cloudflare: only the worker itself sends. Sign up at the portal with your own address: a code comes.',
    );
  const way = mailBy(mail, settings.origin ?? 'http://localhost');
  const text = 'Letters of this portal arrive.\n\n这个平台的邮件能够送达。';
  const outcome = await way
    .carry({
      id: `<${randomId()}@${mail.from.address.slice(mail.from.address.indexOf('@') + 1)}>`,
      from: mail.from,
      to,
      replyTo: mail.replyTo,
      subject: '合意 Heyi: a test letter 测试邮件',
      text,
      html: text.replace('\n\n', '<br><br>'),
      date: new Date(),
      headers: {},
    })
    .finally(() => way.close());
  if (outcome.is === 'refused')
    throw new Error(`The mail server refuses the letter to ${to} for good: the address, or what MAIL_FROM says it is from.`);
  if (outcome.is === 'later')
    throw new Error(
      outcome.way
        ? 'The mail server is not reached, or does not let the portal in: host, port, user and password in MAIL_URL (or MAIL_TOKEN), and whether this machine may connect to it.'
        : `The mail server does not take the letter to ${to} now: try again in some minutes, and look into its log.`,
    );
  return `the mail server has taken a letter to ${to}`;
}

/** A mail that comes to nothing wherever it is read: what a machine wrote is no answer (RFC 3834). */
const KNOCK = 'From: doctor@heyi.invalid\r\nSubject: npm run doctor\r\nAuto-Submitted: auto-generated\r\n\r\n';

/** Whether answers by mail come back: that somebody takes mail for their address, and that the door for them opens by its secret. */
async function answersSaid(settings: StartSettings | undefined, runs: boolean, warn: (said: string) => void): Promise<string> {
  if (!settings) throw new Error('The settings are wrong (above), so it cannot be seen how answers come in.');
  const { mail } = settings.carriers;
  if (!mail) return 'none come by mail, as none leaves';
  const { answers } = mail;
  if (!answers)
    return `MAIL_IN is not set: what people answer goes to ${mail.replyTo ?? mail.from.address}, and becomes no entry of a case`;
  if (!(await takesMail(answers.domain)))
    warn(
      `No mail server is named for ${answers.domain} (MX), or it cannot be looked up from here: answers to letters come back to nobody until there is one.`,
    );
  const at = `${answers.local}+…@${answers.domain}, found authentic by ${answers.server}`;
  if (answers.token === null) return `${at}; MAIL_IN_TOKEN is not set, so that they come by Cloudflare's mail routing alone`;
  if (!runs) return `${at}; no portal runs, so its door was not tried`;
  const { status, why } = await knocked(settings, answers.token);
  if (status === 404) throw new Error('The portal that runs knows no MAIL_IN_TOKEN: start it again with the settings of this command.');
  if (status === 401)
    throw new Error('The portal that runs has another MAIL_IN_TOKEN than this command: one of the two is not what your mail server has.');
  if (why !== 'automatic')
    throw new Error(`POST /inbound/mail answers ${status}: a proxy in front keeps it from the portal, or the portal does not run.`);
  return `${at}; the door opens by MAIL_IN_TOKEN`;
}

async function takesMail(domain: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: PATIENCE / 2, tries: 1 });
  return resolver.resolveMx(domain).then(
    (all) => all.length > 0,
    () => false,
  );
}

/** Knocks where the portal listens, under the name by which people know it; elsewhere at that name itself. */
function knocked({ origin, host, port }: StartSettings, token: string): Promise<{ status: number; why: string | null }> {
  const known = new URL(origin ?? `http://127.0.0.1:${port}`);
  const isHere = !process.env.DIRECTORY_URL;
  const request = isHere || known.protocol === 'http:' ? requestPlain : requestOverTls;
  const headers = { host: known.host, authorization: `Bearer ${token}`, 'content-type': 'message/rfc822' };
  const to = isHere ? { host: host ?? '127.0.0.1', port } : { host: known.hostname, port: known.port };
  return new Promise((resolve, reject) => {
    const asked = request({ ...to, method: 'POST', path: '/inbound/mail', headers, timeout: PATIENCE }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      resolve({ status: answer.statusCode ?? 0, why: /"why":"(\w+)"/.exec(Buffer.concat(parts).toString('utf8'))?.[1] ?? null });
    });
    asked.once('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.once('error', (error) => reject(new Error(`POST /inbound/mail at ${known.origin}: ${error.message}.`)));
    asked.end(KNOCK);
  });
}

/** Whether people get in where they are told to: by the proxy, with TLS. */
async function entranceSaid(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(PATIENCE) }).catch((thrown: Error) => {
    const why = thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
    throw new Error(`${origin} is not reached from here (${why}): the name, the certificate or the proxy. README.md has one for nginx.`);
  });
  const alive = answer.ok && ((await answer.json().catch(() => null)) as { alive?: boolean } | null)?.alive === true;
  if (!alive)
    throw new Error(
      `${origin}/healthz answers ${answer.status}: the proxy leads elsewhere, does not pass Host on, or the portal does not run.`,
    );
  return `${origin} leads to the portal`;
}

const MARK = { well: 'well   ', warning: 'WARNING', wrong: 'WRONG  ' };

if (import.meta.main) {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  const found = await examine(process.env, values.to);
  for (const { grade, part, said } of found) console.log(`${MARK[grade]}  ${part.padEnd(12)}  ${said}`);
  const [wrong, warnings] = (['wrong', 'warning'] as const).map((grade) => found.filter((one) => one.grade === grade).length);
  console.log(wrong ? `${wrong} wrong, ${warnings} warnings.` : warnings ? `Nothing is wrong; ${warnings} warnings.` : 'All is well.');
  process.exitCode = wrong ? 1 : 0;
}
