import { instant } from '../clock.ts';
import type { Env } from '../env.ts';
import { joinedNews } from '../letters.ts';
import type { StoredLetter } from '../store/letters.ts';
import type { Directory } from '../store/open.ts';
import { stoppedBy, stopToken } from './stop.ts';

/** News that wait for one person become one letter: of one case, or where they are gathered for a day, of all. */

const AT_ONCE = 500;

export async function joinNews(env: Pick<Env, 'keys'>, directory: Directory): Promise<void> {
  const now = instant();
  const waiting = await directory.newsToGo(now, AT_ONCE);
  const groups = Map.groupBy(waiting, ({ account, about, urgency, recipient, language, unsubscribe }) =>
    // What may be stopped and what may not stand in different letters.
    JSON.stringify([account, recipient, language, urgency === DAILY ? null : about, urgency, unsubscribe === null]),
  );
  for (const [first, ...others] of groups.values()) if (first && others.length > 0) await join(env, directory, first, others, now);
}

const DAILY = 3;

async function join(
  env: Pick<Env, 'keys'>,
  directory: Directory,
  first: StoredLetter,
  others: readonly StoredLetter[],
  now: string,
): Promise<void> {
  const said = joinedNews(
    first.language,
    [first, ...others].map(({ params }) => params),
  );
  if (!said) return;
  const stopped = [first, ...others].flatMap(({ unsubscribe }) => (unsubscribe ? (stoppedBy(env, unsubscribe)?.news ?? []) : []));
  const unsubscribe = first.account && stopped.length > 0 ? stopToken(env, { account: first.account, news: stopped }) : null;
  // An answer to a letter of several cases would be of none of them.
  const replyTo = others.every((one) => one.replyTo === first.replyTo) ? first.replyTo : null;
  await directory.joinNews(first, others, { ...said, unsubscribe, replyTo }, now);
}
