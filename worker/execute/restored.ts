import { randomId } from '../chance.ts';
import { later, MINUTE } from '../clock.ts';
import { ownRestored, type Restored, restored } from '../negotiation/custody.ts';
import { actRestored } from '../negotiation/lender/custody.ts';
import { refuse } from '../negotiation/refusal.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { caseOfStream, lenderStream, privateStream } from '../record/format.ts';
import { anchorList } from '../store/anchor-list.ts';
import { type Casebook, type Lender, openCasebookForPortal, openDirectory, openInstitutionForPortal } from '../store/open.ts';
import { type Anchoring, anchorRestored } from './anchor.ts';
import { anew } from './anew.ts';
import { commit, type Seals } from './commit.ts';
import { keep } from './keep.ts';
import { type Chore, carryOutEach } from './many.ts';
import { withOwn } from './with-own.ts';

/**
 * What was set back on purpose says so from then on: an entry in each record that it concerns, once for each anchor that took it as it stood, whoever is killed in between. What is
 * still to be said follows from the list of anchors and from the records, and from nothing else.
 */

/** Records that are written together. */
const AT_ONCE = 100;
/** For how long an order waits for the schedule: one that was left behind for longer, or is put back later, says nothing. */
const ORDER_HOLDS = 60 * MINUTE;

type Saying = Seals & { casebook: Casebook; lender: string; at: string };
type Restoration = { stream: string; content: Restored };

/** Carries out what the operator ordered for a lender, where something is. @throws AnchorsDiffer */
export async function carryOutRestoration(env: Anchoring, lender: Lender, at: string): Promise<void> {
  const directory = openDirectory(env);
  const order = await directory.orderedRestoration(lender.id);
  if (!order) return;
  const since = await directory.anchorsAfter(lender.id, order.after, 1_000);
  // Whoever was killed before the order was let go of has carried it out.
  const isDone = since.some(({ anchor }) => anchor.restored === order.reason && anchor.at >= order.at);
  if (!isDone && order.at > later(at, -ORDER_HOLDS)) {
    // What strayed since it was ordered is taken, too: the operator reads of which it was.
    for (const name of await anchorRestored(env, lender, order.reason, at))
      console.error(`anchors of ${lender.slug}: ${name} is taken as it stands, as was ordered at ${order.at}`);
  } else if (!isDone)
    console.error(`anchors of ${lender.slug}: what was ordered at ${order.at} was not carried out within an hour: order it again`);
  await directory.dropRestoration(lender.id, order.at);
}

/**
 * Has every record that was taken as it stands say so, or so many (`most`) from a leaf on. One that cannot be written to holds up no other. Of a lender that is paused nothing is
 * written: it is said when it goes on.
 * @returns from where on there may be more; null where there is none
 */
export async function sayRestored(
  env: Anchoring,
  lender: Lender,
  by: Seals & { at: string },
  { from: first = -1, most = Number.POSITIVE_INFINITY }: { from?: number; most?: number } = {},
): Promise<number | null> {
  if (lender.pausedAt !== null) return null;
  const casebook = openCasebookForPortal(env, lender);
  const list = anchorList(env.files, lender.slug);
  const reasons = new Map<number, string | undefined>();
  let from = first;
  for (let run = 0; run < most; run += AT_ONCE) {
    const untold = await casebook.anchored.untold(from, AT_ONCE);
    for (const { anchor: n } of untold) if (!reasons.has(n)) reasons.set(n, (await list.read(n))?.anchor.restored);
    const all = untold.flatMap(({ case: stream, anchor, first, last }): Restoration[] => {
      const reason = reasons.get(anchor);
      const entries = first === null || last === null ? null : { first, last };
      return reason === undefined ? [] : [{ stream, content: { anchor, entries, reason } }];
    });
    await sayEach(env, lender, all, { ...by, casebook, lender: lender.slug });
    if (untold.length < AT_ONCE) return null;
    from = untold.at(-1)?.position ?? from;
  }
  return from;
}

async function sayEach(env: Anchoring, lender: Lender, all: readonly Restoration[], by: Saying): Promise<void> {
  const own = lenderStream(lender.slug);
  const ofLender = all.filter(({ stream }) => stream === own);
  const ofCases = all.filter(({ stream }) => stream !== own);
  const shared = ofCases.filter(({ stream }) => !caseOfStream(stream).own);
  await carryOutEach(
    by.casebook,
    shared.map((one) => choreOf(one, by)),
    by,
  );
  for (const one of ofCases) if (!shared.includes(one)) await alone(one, () => sayOwn(one, by));
  for (const one of ofLender) await alone(one, () => sayOfLender(env, lender, one.content, by));
}

/** What cannot be written to is named in the log, and keeps none of the others. */
async function alone({ stream }: Restoration, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    console.error(`${stream} does not say that it was set back: ${thrown instanceof Error ? thrown.name : ''}`);
  }
}

const requestOf = (stream: string, content: Restored) => ({
  id: `portal:${randomId()}`,
  digest: digestOf(canonical({ case: stream, content })),
});

/** What is said in the shared record of a case. */
function choreOf({ stream: id, content }: Restoration, { lender, at }: Saying): Chore {
  const request = requestOf(id, content);
  return {
    case: id,
    request,
    decide(loaded) {
      const { number } = loaded;
      if (!loaded.head || number === null) return refuse('case.unknown');
      return { case: id, lender, seat: null, loaded, decided: restored(loaded.kase, content), at, request, number: () => number };
    },
  };
}

/** The same in a private stream of a case. */
async function sayOwn({ stream, content }: Restoration, by: Saying): Promise<void> {
  const { case: id } = caseOfStream(stream);
  const side = stream === privateStream(id, 'lender') ? 'lender' : 'borrower';
  await anew(async () => {
    const request = requestOf(stream, content);
    const found = await withOwn(by.casebook, id, side, request.id);
    if (!found) return;
    const { loaded, own, number } = found;
    const decided = ownRestored(own.own, content);
    if (decided.length === 0) return;
    const act = { case: id, lender: by.lender, seat: null, loaded, decided: [], held: [{ stream: own, decided }], at: by.at, request };
    await commit(by.casebook, { ...act, number: () => number }, by);
  });
}

/** The same in the lender's own record. */
async function sayOfLender(env: Anchoring, lender: Lender, content: Restored, by: Seals & { at: string }): Promise<void> {
  const { at, key, random } = by;
  await keep({
    ...{ at, key, random },
    book: openInstitutionForPortal(env, lender),
    seat: null,
    requestId: `portal:${randomId()}`,
    asked: { name: 'custody.restored', input: content },
    decide: (institution) => actRestored(institution, content),
  });
}
