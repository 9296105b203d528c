/**
 * `npm run bench -- --crowd [SECONDS] [AGENTS] [BORROWERS] [SEED]`: agents and borrowers act at random against one portal on this machine, each at a person's pace, while its worker and its
 * databases are killed outright at random moments. What is lost on the way while one of them comes back is asked again with the same key, and counted by itself. In the end everything that
 * was answered stands in its record once, files and signatures among it, every record verifies, and nobody was answered with a fault.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { plainOpening } from '../../db/demo.ts';
import { startPortal } from '../../db/portal.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { DAY, instant } from '../../worker/clock.ts';
import { type Act, commitEach } from '../../worker/execute/commit.ts';
import { asCommand } from '../../worker/execute/decide.ts';
import { lockedSecret, newSecret } from '../../worker/factor.ts';
import { comesTo } from '../../worker/negotiation/command.ts';
import type { Decided } from '../../worker/negotiation/entry.ts';
import { isRefused } from '../../worker/negotiation/refusal.ts';
import { hashPassword } from '../../worker/password.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { digestOf } from '../../worker/record/digest.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { admitToOpen } from '../../worker/store/admission.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { family, freePort, isDatabase, isWorkerd, type Started, start, until } from '../attack/processes.ts';
import { command } from '../command.ts';
import { pngOf } from '../intake/drawn.ts';

const SLUG = 'crowd';
const PASSWORD = 'a crowd has one password';

export type Crowd = {
  seconds: number;
  agents: number;
  borrowers: number;
  seed: number;
  /** Milliseconds that somebody thinks between two acts, at least and at most. */
  agentThinks: [number, number];
  borrowerThinks: [number, number];
  /** Seconds between two kills, at least and at most. */
  killsEvery: [number, number];
};

export type Came = {
  /** Entries, files and signatures that were answered as there. */
  answered: number;
  uploaded: number;
  signed: number;
  refused: number;
  killed: Record<'worker' | 'database', number>;
  /** What was lost on the way while a process came back, by its status; 0 where the connection was. */
  interrupted: Record<string, number>;
  faults: string[];
  lost: string[];
  twice: string[];
  verifies: boolean;
  kinds: { kind: string; count: number; median: number; p95: number; longest: number }[];
};

/** Chance that is the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const oneOf = <T>(all: readonly [T, ...T[]], chance: () => number): T => all[Math.floor(chance() * all.length)] ?? all[0];
const between = ([least, most]: readonly [number, number], chance: () => number) => least + chance() * (most - least);

type Person = { name: string; cookie: string; chance: () => number };
type Case = { id: string; name: string };

/** A lender with so many agents, and as many cases as there are borrowers, each with its own; all of them signed in. */
async function peopled(data: string, { agents, borrowers, seed }: Crowd) {
  const portal = await startPortal(data);
  try {
    const { env, keys } = portal;
    const directory = openDirectory(env);
    const lender = await createTenant(env, makeLocal(portal.server), SLUG, '众诚消费金融');
    const casebook = openCasebookForPortal(env, lender);
    const at = instant(Date.now() - DAY);
    const chance = chances(seed);
    const password = await hashPassword(PASSWORD);
    const seals = { key: await signingKey(keys, at), random: randomBytes };
    const signsIn = async (id: string, name: string, since: string) => {
      const account = { id, name, email: `${id}@crowd.example`, phone: null, password, language: 'zh' as const, size: null };
      await directory.addAccount({ ...account, createdAt: at, confirmedAt: at });
      const token = randomId();
      const session = { id: digestOf(token), account: id, expiresAt: Date.now() + DAY, createdAt: instant(), device: 'crowd' };
      await directory.addSession({ ...session, factorAt: since });
      return { name, cookie: `heyi=${token}`, chance: chances(Math.floor(chance() * 2 ** 32)) };
    };
    const staff: Person[] = [];
    for (let i = 0; i < agents; i++) {
      const id = randomId();
      staff.push(await signsIn(id, `经办${i}`, instant()));
      await directory.addFactor({ account: id, secret: await lockedSecret(keys, id, newSecret()), since: at, lastStep: 0 });
      await directory.addStaff({ account: id, lender: lender.id, capacity: i % 10 === 0 ? 'supervisor' : 'agent', since: at });
    }
    const people: (Person & { own: Case })[] = [];
    const acts: Act[] = [];
    let opening: readonly Decided[] | null = null;
    for (let i = 0; i < borrowers; i++) {
      const [account, id] = [randomId(), randomId()];
      const name = `借款人${i}`;
      const admission = admitToOpen({ id: account, name }, lender, id);
      const loaded = await casebook.load(id, account, '');
      opening ??= openingOf(loaded, admission, at, lender.name);
      const request = { id: randomId(), digest: '' };
      const seat = { side: 'borrower', capacity: 'borrower', account, name } as const;
      acts.push({ case: id, lender: SLUG, seat, loaded, decided: opening, at, request, number: randomNumber });
      people.push({ ...(await signsIn(account, name, instant())), own: { id, name } });
      const place = { account, case: id, lender: lender.id, capacity: 'borrower' as const, contact: `${account}@crowd.example`, since: at };
      await directory.addSeat(place);
    }
    await commitEach(casebook, acts, seals);
    return { staff, people };
  } finally {
    await portal.stop();
  }
}

function openingOf(
  loaded: Parameters<NonNullable<ReturnType<typeof asCommand>>['decide']>[0],
  admission: ReturnType<typeof admitToOpen>,
  at: string,
  lenderName: string,
): readonly Decided[] {
  const decided = [['case.open', plainOpening(dayOf(at, HOME.zone), lenderName)] as const].map(([name, input]) =>
    asCommand(name, input)?.decide(loaded, { admission, at }),
  );
  return decided.flatMap((one) => {
    if (!one || isRefused(one)) throw new Error('A case can be opened.');
    return comesTo(one).said;
  });
}

/** Lets a crowd act, and tells what came of it. @throws where the portal does not come back */
export async function crowd(settings: Crowd, say: (line: string) => void): Promise<Came> {
  const data = mkdtempSync(join(tmpdir(), 'heyi-crowd-'));
  let portal: Started | null = null;
  try {
    const { staff, people } = await peopled(data, settings);
    const port = await freePort('away');
    const url = `http://127.0.0.1:${port}`;
    portal = start(data, port);
    const { pid, output } = portal;
    const ready = () =>
      fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('the portal is there', ready, 120_000);
    say(`${staff.length} agents and ${people.length} borrowers, for ${settings.seconds} s, seed ${settings.seed}`);

    const end = Date.now() + settings.seconds * 1000;
    const times = new Map<string, number[]>();
    const interrupted: Record<string, number> = {};
    const faults: string[] = [];
    const answered = new Map<string, string>();
    let refused = 0;
    /** From when to when a process was away; of one that is still away the end is not known. */
    const away: { from: number; to: number }[] = [];
    const wasAway = (from: number, to: number) => away.some((one) => one.from <= to && one.to >= from);

    /** Sends a request until it is answered, each time the same. Null where the time is over before. */
    async function asks(
      kind: string,
      path: string,
      cookie: string,
      act?: { key: string; input: unknown } | { form: () => FormData },
    ): Promise<Response | null> {
      for (let tries = 0; ; tries++) {
        const begun = Date.now();
        const status = await fetch(url + path, {
          redirect: 'manual',
          headers: {
            cookie,
            ...(act ? { 'sec-fetch-site': 'same-origin' } : {}),
            ...(act && 'key' in act ? { 'content-type': 'application/json', 'idempotency-key': act.key } : {}),
          },
          ...(act ? { method: 'POST', body: 'key' in act ? JSON.stringify({ ...(act.input as object) }) : act.form() } : {}),
          signal: AbortSignal.timeout(60_000),
        })
          .then(async (answer) => ({ answer, text: await answer.text() }))
          .catch(() => null);
        const took = Date.now() - begun;
        if (status && status.answer.status < 500) {
          times.set(kind, [...(times.get(kind) ?? []), took]);
          const location = status.answer.headers.get('location') ?? '';
          return new Response(status.text || null, {
            status: status.answer.status === 304 ? 200 : status.answer.status,
            headers: { location },
          });
        }
        const code = status?.answer.status ?? 0;
        if (!wasAway(begun, begun + took)) faults.push(`${code} ${kind} ${path}`);
        interrupted[code] = (interrupted[code] ?? 0) + 1;
        if (tries > 300) return null;
        await wait(200);
      }
    }

    /** Gives a command; what was answered is to be in the record. */
    async function gives(who: Person, of: Case, name: string, input: Record<string, unknown>): Promise<void> {
      const key = randomId();
      const answer = await asks(name, `/api/v1/cases/${of.id}/commands/${name}`, who.cookie, { key, input });
      if (!answer) return;
      if (answer.status !== 201) {
        refused++;
        if (answer.status !== 409) faults.push(`${answer.status} ${name} ${(await answer.text()).slice(0, 200)}`);
        return;
      }
      const said = (await answer.json()) as { entries: { hash: string }[]; own?: { hash: string }[] };
      for (const { hash } of [...said.entries, ...(said.own ?? [])]) answered.set(hash, typeof input.words === 'string' ? input.words : '');
    }

    /** Sends a form; `done` is noted where it was answered by where it led. */
    async function sends(
      kind: string,
      who: Person,
      of: Case,
      fields: () => Record<string, string | File>,
      done: Set<string>,
      name: string,
    ) {
      const requestId = randomId();
      const form = () => {
        const data = new FormData();
        for (const [field, value] of Object.entries({ ...fields(), requestId })) data.set(field, value);
        return data;
      };
      const answer = await asks(kind, `/cases/${of.id}/do/${kind}`, who.cookie, { form });
      if (!answer) return;
      // A form that is refused leads to where it is shown again.
      const isDone = answer.status === 303 && !answer.headers.get('location')?.includes('/typed/');
      if (isDone) done.add(name);
      else refused++;
      if (answer.status !== 303 && answer.status !== 422) faults.push(`${answer.status} ${kind}`);
    }
    const uploaded = new Set<string>();
    const signed = new Set<string>();

    /** A file as no other of the crowd is, by its name and what is drawn. */
    function uploads(who: Person, of: Case): Promise<void> {
      const n = files++;
      const name = `材料${n}.png`;
      const bytes = pngOf(2 + (n % 500), 2 + Math.floor(n / 500));
      return sends(
        'evidence.add',
        who,
        of,
        () => ({ files: new File([bytes], name, { type: 'image/png' }), consent: 'yes' }),
        uploaded,
        name,
      );
    }
    let files = 0;

    type Offer = { version: number; side: string; state: string; digest: string };
    async function offersOf(who: Person, of: Case): Promise<Offer[]> {
      const answer = await asks('api', `/api/v1/cases/${of.id}`, who.cookie);
      if (answer?.status !== 200) return [];
      return ((await answer.json()) as { offers: Offer[] }).offers;
    }

    /** Accepts the newest offer of the other side, as somebody who has just read it. */
    async function accepts(who: Person, of: Case, side: 'borrower' | 'lender'): Promise<void> {
      const offer = (await offersOf(who, of)).findLast((one) => one.side !== side);
      if (offer) await gives(who, of, 'proposal.accept', { version: offer.version, digest: offer.digest });
    }

    /** Signs what was agreed, where something was. */
    async function signs(who: Person, of: Case, side: 'borrower' | 'lender'): Promise<void> {
      const offer = (await offersOf(who, of)).findLast(({ state }) => state === 'accepted');
      if (!offer) return;
      const fields = { digest: offer.digest, name: who.name, password: PASSWORD };
      await sends('agreement.sign', who, of, () => fields, signed, `${of.id} ${side}`);
    }

    async function looks(kind: string, path: string, cookie: string): Promise<void> {
      const answer = await asks(kind, path, cookie);
      if (answer && answer.status !== 200) faults.push(`${answer.status} ${kind} ${path}`);
    }

    let said = 0;
    const words = () => `第 ${said++} 句：请看一下。`;
    const today = dayOf(instant(), HOME.zone);
    const terms = (chance: () => number) => plainTerms(today, { phases: [{ kind: 'level', count: 6 + Math.floor(chance() * 18) }] });
    const acting = (name: string, who: Person, of: Case): Promise<void> => {
      if (name === 'list') return looks(name, '/cases', who.cookie);
      if (name === 'case') return looks(name, `/cases/${of.id}`, who.cookie);
      if (name === 'api') return looks(name, `/api/v1/cases/${of.id}`, who.cookie);
      if (name === 'desk') {
        const tab = oneOf(['all', 'us', 'them', 'mine', 'today'], who.chance);
        return looks(name, `/desk/${SLUG}?show=${tab}`, who.cookie);
      }
      if (name === 'search') return looks(name, `/desk/${SLUG}?text=${encodeURIComponent(of.name)}`, who.cookie);
      if (name === 'proposal.make') return gives(who, of, name, { answers: null, terms: terms(who.chance), words: words() });
      if (name === 'proposal.withdraw') return gives(who, of, name, { version: 1 });
      if (name === 'evidence.add') return uploads(who, of);
      const side = people.some(({ cookie }) => cookie === who.cookie) ? 'borrower' : 'lender';
      if (name === 'proposal.accept') return accepts(who, of, side);
      if (name === 'agreement.sign') return signs(who, of, side);
      return gives(who, of, name, { words: words() });
    };
    const BORROWERS = [
      'case',
      'case',
      'case',
      'list',
      'talk.message',
      'talk.message',
      'note.write',
      'proposal.make',
      'proposal.withdraw',
      'evidence.add',
      'agreement.sign',
      'api',
    ] as const;
    const AGENTS = [
      'case',
      'case',
      'desk',
      'desk',
      'search',
      'talk.message',
      'note.write',
      'note.write',
      'proposal.make',
      'proposal.accept',
      'agreement.sign',
      'api',
    ] as const;
    const lives = async (
      who: Person,
      acts: readonly [string, ...string[]],
      cases: readonly [Case, ...Case[]],
      thinks: [number, number],
    ) => {
      const thinking = (span: readonly [number, number]) => wait(Math.max(0, Math.min(between(span, who.chance), end - Date.now())));
      await thinking([0, thinks[1]]);
      while (Date.now() < end) {
        await acting(oneOf(acts, who.chance), who, oneOf(cases, who.chance));
        await thinking(thinks);
      }
    };
    const [first, ...others] = people.map(({ own }) => own);
    if (!first) throw new Error('A crowd has a borrower.');

    const killed = { worker: 0, database: 0 };
    const kills = async () => {
      const chance = chances(settings.seed + 1);
      for (let turn = 0; ; turn++) {
        const pause = between(settings.killsEvery, chance) * 1000;
        if (Date.now() + pause > end) return;
        await wait(pause);
        const what = turn % 2 === 0 ? 'worker' : 'database';
        const one = family(pid).find(what === 'worker' ? isWorkerd : isDatabase);
        if (!one) continue;
        const gap = { from: Date.now(), to: Number.POSITIVE_INFINITY };
        away.push(gap);
        process.kill(one.pid, 'SIGKILL');
        killed[what]++;
        await until(
          `another ${what} is there`,
          () => family(pid).some((other) => other.pid !== one.pid && (what === 'worker' ? isWorkerd : isDatabase)(other)),
          60_000,
        );
        await until(`it answers after the ${what} was killed`, ready, 60_000);
        gap.to = Date.now();
      }
    };
    await Promise.all([
      kills(),
      ...staff.map((who) => lives(who, AGENTS, [first, ...others], settings.agentThinks)),
      ...people.map((who) => lives(who, BORROWERS, [who.own], settings.borrowerThinks)),
    ]);
    portal.child.kill('SIGTERM');
    await portal.ended;
    const { lost, twice } = found(data, answered, uploaded, signed);
    const audited = await command('db/audit.ts', ['--json'], { DATA: data });
    if (faults.length > 0 || audited.code !== 0) say(`${output().slice(-4_000)}\n${audited.out.slice(-4_000)}`);
    return {
      answered: answered.size + uploaded.size + signed.size,
      uploaded: uploaded.size,
      signed: signed.size,
      refused,
      killed,
      interrupted,
      faults,
      lost,
      twice,
      verifies: audited.code === 0,
      kinds: table(times),
    };
  } finally {
    for (const { pid } of portal ? family(portal.pid) : []) process.kill(pid, 'SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
}

/** What was answered and is not in the casebook, or is there more than once: by the hash of its entry, its words, the name of its file, and whose signature under which case it is. */
function found(
  data: string,
  answered: ReadonlyMap<string, string>,
  uploaded: ReadonlySet<string>,
  signed: ReadonlySet<string>,
): Pick<Came, 'lost' | 'twice'> {
  const db = new DatabaseSync(join(data, 'databases', `casebook-${SLUG}.db`), { readOnly: true });
  try {
    const count = (all: readonly unknown[]) => {
      const times = new Map<unknown, number>();
      for (const one of all) times.set(one, (times.get(one) ?? 0) + 1);
      return times;
    };
    const rows = db.prepare("SELECT hash, content ->> '$.words' AS words FROM entries").all();
    const [hashes, words] = [count(rows.map(({ hash }) => hash)), count(rows.map((row) => row.words))];
    const files = count(db.prepare("SELECT content ->> '$.files[0].file.name' AS name FROM entries WHERE kind = 'evidence.added'").all().map(({ name }) => name)); // biome-ignore format: one question
    const signatures = count(db.prepare(`SELECT "case" || ' ' || (author ->> '$.side') AS of FROM entries WHERE kind = 'agreement.signed'`).all().map(({ of }) => of)); // biome-ignore format: one question
    return {
      lost: [
        ...[...answered.keys()].filter((hash) => !hashes.has(hash)),
        ...[...uploaded].filter((name) => !files.has(name)),
        ...[...signed].filter((of) => !signatures.has(of)),
      ],
      twice: [
        ...[...files, ...signatures].flatMap(([of, times]) => (times > 1 ? [String(of)] : [])),
        ...[...answered.keys()].filter((hash) => (hashes.get(hash) ?? 0) > 1),
        ...[...answered.values()].filter((said) => said !== '' && (words.get(said) ?? 0) > 1),
      ],
    };
  } finally {
    db.close();
  }
}

function table(times: ReadonlyMap<string, readonly number[]>): Came['kinds'] {
  return [...times]
    .map(([kind, all]) => {
      const sorted = all.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { kind, count: sorted.length, median: at(0.5), p95: at(0.95), longest: at(1) };
    })
    .sort((a, b) => a.kind.localeCompare(b.kind));
}

if (import.meta.main) {
  const [seconds = 180, agents = 50, borrowers = 500, seed = 1] = process.argv.slice(2).map(Number);
  const came = await crowd(
    { seconds, agents, borrowers, seed, agentThinks: [2_000, 10_000], borrowerThinks: [15_000, 60_000], killsEvery: [8, 20] },
    (line) => console.log(line),
  );
  const { kinds, ...rest } = came;
  console.log('\nMilliseconds until the answer is there, by kind of request');
  console.table(kinds);
  console.log(
    JSON.stringify({ ...rest, faults: rest.faults.slice(0, 20), lost: rest.lost.slice(0, 20), twice: rest.twice.slice(0, 20) }, null, 1),
  );
  if (rest.faults.length + rest.lost.length + rest.twice.length > 0 || !rest.verifies) process.exitCode = 1;
}
