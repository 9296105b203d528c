import { isReached } from '../carriers.ts';
import { instant } from '../clock.ts';
import { deliver } from '../deliver/deliver.ts';
import { replyAddress } from '../deliver/reply.ts';
import { stopToken } from '../deliver/stop.ts';
import { tellFrom } from '../deliver/when.ts';
import type { Env } from '../env.ts';
import { type Letter, newsLetter, vacatedLetter } from '../letters.ts';
import { toldOf } from '../negotiation/assignment.ts';
import { type Kind, ownKindOf } from '../negotiation/case.ts';
import { readWished } from '../negotiation/conduct.ts';
import { type ContactChosen, isOverseen, newsOf, readChoices, USUAL } from '../negotiation/news.ts';
import { type Employed, may, type Place } from '../negotiation/seats.ts';
import { digestOf } from '../record/digest.ts';
import { caseOfStream } from '../record/format.ts';
import type { SecondContact } from '../store/accounts.ts';
import { type Lender, openCasebookForPortal, openDirectory } from '../store/open.ts';
import { isFarewell } from './notices.ts';

/** Notices leave a casebook's outbox: for each, a letter to every person of the side that it is for. */

const AT_ONCE = 200;
const MOST = 20_000;
const VACATED: Kind = 'case.vacated';

type Notice = { kind: string; person: string | null; assignee: string | null; team: string | null };

/** Who of the lender's staff is told: of what is of one person, that one; of what waits for approval, who may approve; of all else, who sees to the case, and of some of it who oversees. */
function toldAt<Member extends Employed>({ kind, person, assignee, team }: Notice, members: readonly Member[], at: string) {
  if (person !== null) return members.filter(({ account }) => account === person);
  if (ownKindOf(kind)?.told === 'who approves') return members.filter((member) => may(member, 'approve', at));
  const told = toldOf({ to: assignee, team }, members);
  return isOverseen(kind) ? members.filter((member) => told.includes(member) || may(member, 'approve', at)) : told;
}

/** Whether a notice is for somebody with a seat in the case: for all of the borrower's side, or for the one whom it names; to a mediator goes what is for them alone. */
const isFor = ({ account, capacity }: { account: string; capacity: string }, { person, side }: { person: string | null; side: Place }) =>
  (capacity === 'mediator') === (side === 'mediator') && (person === null || person === account);

/** Where somebody is told: by the contact that they chose, or by the other one where letters do not reach that. */
function addressOf(
  { carriers }: Pick<Env, 'carriers'>,
  { email, phone, second }: { email: string | null; phone: string | null; second: SecondContact | null },
  by: ContactChosen = 'first',
): string | null {
  const first = email ?? phone;
  const reached = (contact: string) => isReached(carriers, contact.includes('@') ? 'email' : 'phone');
  const other = second?.refusedAt === null && reached(second.contact) ? second.contact : null;
  const isWanted = by === 'second' || first === null || !reached(first);
  return isWanted ? (other ?? first) : first;
}

/** Where the notices are, and where links in letters lead. */
export type Outbox = Pick<Env, 'directory' | 'casebookToken' | 'keys' | 'origin' | 'carriers'>;

/** After an answer that was of many cases: the notices of all of them become letters, and these leave. */
export async function announceNow(env: Outbox, lender: Lender): Promise<void> {
  await announceAll(env, lender);
  await deliver(env);
}

/**
 * After an answer: sends what waits of its case. Several who write at one moment are announced together, by the one who was first: one by one they took more
 * than all else that their requests did. What is written stands in the outbox already: should the first be ended meanwhile, the schedule sends it.
 */
export async function announceOf(env: Outbox, lender: Lender, caseId: string): Promise<void> {
  const others = gathered.get(lender.id);
  // Also one of whom a clock that was ahead says so: it would be waited for until then.
  if (others && Math.abs(Date.now() - others.since) < GONE) {
    others.cases.add(caseId);
    return;
  }
  const mine = { since: Date.now(), cases: new Set([caseId]) };
  gathered.set(lender.id, mine);
  await new Promise((resolve) => setTimeout(resolve, MOMENT));
  if (gathered.get(lender.id) === mine) gathered.delete(lender.id);
  await announceAll(env, lender, [...mine.cases]);
  await deliver(env);
}

/** Cases that are about to be announced, by their lender. */
const gathered = new Map<string, { since: number; cases: Set<string> }>();
/** How long one waits for others, and from when on one that was not heard of is taken for gone: the platform ends work without a word. In milliseconds. */
const MOMENT = 25;
const GONE = 1_000;

async function announceAll(env: Outbox, lender: Lender, cases?: readonly string[]): Promise<void> {
  for (let sent = 0; sent < MOST; sent += AT_ONCE) if (!(await announceSome(env, lender, cases))) break;
}

/**
 * One page of what waits in a casebook's outbox, of all cases or of some, in four round trips; tells whether there may be more. The schedule does it page by page. A letter's id follows from its entry and its recipient, so that a notice taken twice (two at once, a crash in between) is still one
 * letter.
 */
export async function announceSome(env: Outbox, lender: Lender, cases?: readonly string[]): Promise<boolean> {
  const casebook = openCasebookForPortal(env, lender);
  const { notices, policy } = await casebook.unsent(AT_ONCE, cases);
  if (notices.length === 0) return false;
  const directory = openDirectory(env);
  const at = instant();
  const named = [...new Set(notices.map((notice) => caseOfStream(notice.case).case))];
  const { borrowers, members } = await directory.peopleOf(named, lender.id, at);
  const answers = env.carriers.mail?.answers ?? null;
  const letters = notices.flatMap((notice) => {
    const of = caseOfStream(notice.case);
    const people =
      notice.side === 'lender' ? toldAt(notice, members, at) : borrowers.filter((one) => one.case === of.case && isFor(one, notice));
    const link = `${env.origin}/cases/${of.case}#${of.own ? 'o' : 'e'}${notice.seq}`;
    const { number, seq, hash, anchor } = notice;
    const entry = { link, number, seq, hash, ...(anchor === null ? {} : { anchor }) };
    const news = newsOf(notice.kind);
    return people.flatMap(({ account, email, phone, second, language, choices }): Letter[] => {
      const chosen = readChoices(choices);
      const recipient = addressOf(env, { email, phone, second }, chosen?.by?.[news ?? 'always']);
      const way = news ? (chosen ?? USUAL[notice.side])[news] : 'at-once';
      if (!recipient || way === 'never') return [];
      const isOut = notice.kind === VACATED;
      const to = { recipient, language, account };
      const made = isOut ? vacatedLetter(to, at) : newsLetter(to, { lender: lender.id, about: of.case, daily: way === 'daily' }, entry, at);
      return [
        {
          ...made,
          id: digestOf(`${notice.case} ${notice.seq} ${account}`),
          nextAt: tellFrom(at, way, notice.side, policy, readWished(notice.wished)),
          // What a side keeps to itself is not answered in the record of both.
          // Nor by a mediator, as what they write is no side's message; nor is anybody known to the portal's way in but by the address that they sign in with.
          replyTo:
            answers && recipient === email && !of.own && !isOut && notice.side !== 'mediator'
              ? replyAddress(env, answers, { account, case: of.case })
              : null,
          unsubscribe: news && stopToken(env, { account, news: [news] }),
        },
      ];
    });
  });
  await directory.addMail(letters);
  // Their last letter has left. What the record took back opens nothing already: with the seat goes what is left of it in lists and notices.
  for (const { kind, side, person, case: stream, at: when } of notices) {
    if (kind === VACATED) await directory.dropSeats(caseOfStream(stream).case, when);
    else if (person !== null && isFarewell({ kind, side })) await directory.dropSeat(person, caseOfStream(stream).case, when);
  }
  await casebook.markSent(notices, at);
  return notices.length === AT_ONCE;
}
