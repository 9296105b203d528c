import { randomShare } from '../chance.ts';
import { instant, later, MINUTE } from '../clock.ts';
import type { Env } from '../env.ts';
import type { StoredLetter } from '../store/letters.ts';
import { type Directory, openDirectory } from '../store/open.ts';
import { mailBy } from './by-mail.ts';
import { joinNews } from './join.ts';
import { messageOf } from './message.ts';
import { type Outcome, WAY_FAILS, type Way } from './outcome.ts';
import { GIVEN_UP_AFTER, nextTry } from './pace.ts';
import { textService } from './services.ts';

/**
 * Letters leave: after the answer that wrote them, and by the schedule. Each is taken for some minutes, handed over, and marked; who comes to nothing in
 * between leaves it to be taken again, so that it is sent at least once, and each time with the same id. No page waits for any of it.
 */

/** What delivering needs of the portal. */
export type Delivery = Pick<Env, 'directory' | 'keys' | 'origin' | 'carriers'>;

/** Codes and what concerns accounts go by themselves, so that none waits while news are handed over. */
const LANES = [
  { name: 'urgent', urgencies: [0, 1] },
  { name: 'news', urgencies: [2, 3] },
] as const;
type Lane = (typeof LANES)[number];

/** How many are taken at once, for how long, and how long before the end of that the last of them is begun: milliseconds. */
const AT_ONCE = 20;
const TAKEN_FOR = 5 * MINUTE;
const LAST_BEGUN = MINUTE;

/** How long one goes on after an answer (the platform ends what takes longer than 30 s), and by the schedule. */
const AFTER_ANSWER = 20_000;
const BY_SCHEDULE = 4 * MINUTE;

/** Sends what waits, as long as there is time. */
export async function deliver(env: Delivery, milliseconds = AFTER_ANSWER): Promise<void> {
  if (!env.carriers.mail && !env.carriers.text) return;
  await Promise.all(LANES.map((lane) => once(env, lane, Date.now() + milliseconds)));
}

/** What the schedule does: gives up what nobody took in two days, then sends. */
export async function deliverBySchedule(env: Delivery, at: string): Promise<void> {
  const { mail, text } = env.carriers;
  if (!mail && !text) return;
  const directory = openDirectory(env);
  await directory.buryMail(later(at, -GIVEN_UP_AFTER), { byMail: mail !== null, byText: text !== null }, at);
  await deliver(env, BY_SCHEDULE);
}

/** Who delivers in this process: one for each lane, so that ten answers open no ten connections. */
const running = new Map<string, { again: boolean; alive: number }>();
/** From when on one that was not heard of is taken for gone: the platform ends work without a word. */
const GONE = MINUTE;

async function once(env: Delivery, lane: Lane, until: number): Promise<void> {
  const other = running.get(lane.name);
  if (other && Math.abs(Date.now() - other.alive) < GONE) {
    // It looks once more before it ends.
    other.again = true;
    return;
  }
  const mine = { again: true, alive: Date.now() };
  running.set(lane.name, mine);
  try {
    while (mine.again && Date.now() < until) {
      mine.again = false;
      await lettersOf(env, lane, until, () => {
        mine.alive = Date.now();
      });
    }
  } finally {
    if (running.get(lane.name) === mine) running.delete(lane.name);
  }
}

async function lettersOf(env: Delivery, lane: Lane, until: number, alive: () => void): Promise<void> {
  const directory = openDirectory(env);
  const ways = waysOf(env);
  if (lane.name === 'news') await joinNews(env, directory);
  try {
    while (Date.now() < until && (ways.mail || ways.text)) {
      const now = instant();
      const wanted = { urgencies: lane.urgencies, byMail: ways.mail !== null, byText: ways.text !== null, most: AT_ONCE };
      const taken = await directory.takeMail(wanted, now, later(now, TAKEN_FOR));
      if (taken.length === 0) return;
      await handedOver(directory, ways, taken, Math.min(until, Date.parse(now) + TAKEN_FOR - LAST_BEGUN), alive);
    }
  } finally {
    await Promise.all([ways.mail?.close(), ways.text?.close()]);
  }
}

/** Each way as long as letters leave by it. */
type Ways = { mail: Way<StoredLetter> | null; text: Way<StoredLetter> | null };

function waysOf({ carriers, origin }: Delivery): Ways {
  const { mail, text } = carriers;
  const by = mail && mailBy(mail, origin);
  return {
    mail: mail && by && { carry: (letter) => by.carry(messageOf(letter, mail, origin)), close: by.close },
    text: text && textService(text),
  };
}

async function handedOver(
  directory: Directory,
  ways: Ways,
  taken: readonly StoredLetter[],
  until: number,
  alive: () => void,
): Promise<void> {
  const untried: StoredLetter[] = [];
  for (const letter of inOrder(taken)) {
    const name = letter.recipient.includes('@') ? 'mail' : 'text';
    const way = ways[name];
    if (!way || Date.now() >= until) {
      untried.push(letter);
      continue;
    }
    alive();
    const outcome = await way.carry(letter).catch((): Outcome => WAY_FAILS);
    await marked(directory, letter, outcome);
    if (outcome.is === 'later' && outcome.way) {
      await way.close();
      ways[name] = null;
    }
  }
  const now = instant();
  // They were not tried: they go as soon as there is a way again, a few at a time.
  const next = Object.values(ways).includes(null) ? nextTry(now, 1, untried[0]?.urgency ?? 0, randomShare()) : now;
  await directory.mailGivenBack(untried, next);
}

/** What a statement brings back is in no order. */
const inOrder = (letters: readonly StoredLetter[]) =>
  [...letters].sort((a, b) => a.urgency - b.urgency || a.createdAt.localeCompare(b.createdAt));

async function marked(directory: Directory, letter: StoredLetter, outcome: Outcome): Promise<void> {
  const now = instant();
  if (outcome.is === 'sent') await directory.mailSent(letter, now);
  else if (outcome.is === 'refused') await directory.mailDead(letter, outcome.what, now);
  else await directory.mailPutOff(letter, nextTry(now, letter.attempts, letter.urgency, randomShare()));
}
