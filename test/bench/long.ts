/**
 * A case of ten thousand entries beside one of a hundred, in one run, by turns: its page and a command are to take no more than twice as long; what is taken away is as long as the
 * record, and is told beside them. `npm run bench -- --long`. Needs `npm run build -- --worker`.
 */
import { plainOpening, Stage } from '../../db/demo.ts';
import type { Portal } from '../../db/portal.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { commit } from '../../worker/execute/commit.ts';
import type { Decided } from '../../worker/negotiation/entry.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { rig } from '../portal.ts';
import { signedIn, takeAway } from '../worker/people.ts';

/** Entries that are appended together. */
const AT_ONCE = 250;

/** A case with 明衡 whose record has so many entries, most of them messages. */
export async function longCase(portal: Portal, stage: Stage, entries: number): Promise<string> {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  await lengthen(portal, id, entries);
  return id;
}

async function lengthen(portal: Portal, id: string, entries: number): Promise<void> {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no lender.');
  const casebook = openCasebookForPortal(portal.env, lender);
  const at = instant();
  const seals = { key: await signingKey(portal.keys, at), random: randomBytes };
  for (;;) {
    const loaded = await casebook.load(id, '', '');
    const left = entries - (loaded.head?.seq ?? 0);
    if (left <= 0) return;
    const decided = Array.from({ length: Math.min(left, AT_ONCE) }, (_, i): Decided => {
      return { kind: 'talk.message', content: { words: `第 ${entries - left + i} 句：请看一下这一期怎么安排。` } };
    });
    const seat = { side: 'borrower', capacity: 'borrower', account: 'long', name: '陈建国' } as const;
    const request = { id: randomId(), digest: '' };
    await commit(casebook, { case: id, lender: lender.slug, seat, loaded, decided, at, request, number: randomNumber }, seals);
  }
}

const SIZES = [100, 10_000] as const;
const ROUNDS = 15;
const MOST = 2;

if (import.meta.main) {
  const portal = await rig();
  try {
    const stage = await Stage.set(portal, Date.now());
    const cases = [];
    for (const size of SIZES) cases.push(await longCase(portal, stage, size));
    const lin = await signedIn(portal, 'lin');
    const kinds: Record<string, (id: string) => Promise<Response>> = {
      page: (id) => lin.get(`/cases/${id}`),
      message: (id) => lin.post(`/cases/${id}/do/talk.message`, { words: '收到。', requestId: randomId() }),
      'record, taken away': (id) => takeAway(lin, id, 'record.json'),
    };
    const table: Record<string, Record<string, number>> = {};
    for (const [kind, ask] of Object.entries(kinds)) {
      const times: number[][] = SIZES.map(() => []);
      const bytes: number[] = [];
      for (let round = 0; round < (kind.startsWith('record') ? 3 : ROUNDS + 2); round++)
        for (const [i, id] of cases.entries()) {
          const begun = performance.now();
          const answer = await ask(id);
          bytes[i] = (await answer.arrayBuffer()).byteLength;
          if (answer.status >= 400) throw new Error(`${kind}: ${answer.status}`);
          times[i]?.push(performance.now() - begun);
        }
      const [short = 0, long = 0] = times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0);
      table[kind] = {
        [`${SIZES[0]} entries, ms`]: Math.round(short),
        [`${SIZES[1]} entries, ms`]: Math.round(long),
        ratio: Number((long / short).toFixed(2)),
        bytes: bytes[1] ?? 0,
        'ratio of bytes': Number(((bytes[1] ?? 0) / (bytes[0] || 1)).toFixed(2)),
      };
      if (!kind.startsWith('record') && long > short * MOST) process.exitCode = 1;
    }
    console.table(table);
  } finally {
    await portal.remove();
  }
}
