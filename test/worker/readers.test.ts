import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { type Rig, rig } from '../portal.ts';
import { mediate, represent, signedIn, type Visitor, visitor } from './people.ts';
import { routesOf } from './routes.ts';

/** What is worked out and drawn once for all who read a case: each reads what they would read of a worker that nobody else has asked, and nothing that was erased. */

let portal: Rig;
let stage: Stage;
let id: string;
let by: Reader[];

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  id = await rich();
  by = await readers();
});
afterAll(() => portal.remove());

const READERS = ['chen', 'li', 'wang', 'lin', 'shen', 'gu'] as const;
const SECRET = '我母亲在市二院住院，床号三十七。';

/** A case of 陈建国's in which somebody acts for him, somebody mediates, both sides made offers and wrote, and one of them a note to itself. */
async function rich(): Promise<string> {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  await stage.give('chen', 'mingheng', id, 'case.open', opening);
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  const chen = await signedIn(portal, 'chen');
  const lin = await signedIn(portal, 'lin');
  const until = addDays(stage.today(), 30);
  const [li, wang] = [PEOPLE.li, PEOPLE.wang].map((one) => ({ name: one.name, contact: contactText(contactIn(one)) }));
  if (!li || !wang) throw new Error('There is nobody.');
  await represent(
    portal,
    { id, borrower: chen, by: await signedIn(portal, 'li'), signed: PEOPLE.chen.name },
    { ...li, scope: 'read', until },
  );
  await mediate(portal, { id, proposes: chen, admits: lin, by: await signedIn(portal, 'wang') }, wang);
  await stage.give('chen', 'mingheng', id, 'talk.message', { words: SECRET });
  await stage.give('lin', 'mingheng', id, 'note.write', { words: '内部：先核对收入。' });
  const terms = { ...opening.proposal.terms, phases: [{ kind: 'level', count: 20 }] };
  await stage.give('chen', 'mingheng', id, 'proposal.make', { ...opening.proposal, answers: 1, terms });
  await stage.give('lin', 'mingheng', id, 'talk.message', { words: '材料已收到，正在核对。' });
  return id;
}

type Reader = { name: string; who: Visitor };

/** Each reader in each language, by one session. */
async function readers(): Promise<Reader[]> {
  const all: Reader[] = [];
  for (const one of READERS) {
    const { cookie } = await signedIn(portal, one);
    for (const code of LANGUAGES)
      all.push({ name: `${one} ${code}`, who: visitor(portal, cookie.replace(/language=\w+/, `language=${code}`)) });
  }
  return all;
}

/** What differs by itself each time: the number of a form that was not sent yet, what is new since the last time, and which colleagues looked in so many minutes ago. */
const BY_ITSELF = [
  / name="requestId" value="[^"]*"/g,
  /<section[^>]* aria-labelledby="fresh">[\s\S]*?<\/section>/g,
  /(?<=data-writing="[^"]*">)(?:<p class="soft small">[^<]*<\/p>)+/g,
];

async function pages(id: string, by: readonly Reader[]): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  for (const { name, who } of by)
    for (const page of ['', '?before=6', '/ways', '/proposals/2']) {
      const answer = await who.get(`/cases/${id}${page}`);
      const html = BY_ITSELF.reduce((text, one) => text.replace(one, ''), await answer.text());
      seen.set(`${name} ${page}`, `${answer.status} ${html}`);
    }
  return seen;
}

test('what is erased is served nowhere from then on, by a worker that has just read and drawn it for everybody', async () => {
  const paths = [...routesOf(id).flatMap(({ method, at }) => (method === 'GET' ? [at] : [])), `/cases/${id}?before=9`];
  const told = async () => {
    const found: string[] = [];
    for (const { name, who } of by.filter(({ name }) => name.endsWith('zh')))
      for (const path of paths)
        if ((await (await who.get(path)).text()).includes(SECRET)) found.push(`${name} ${path.replaceAll(id, 'CASE')}`);
    return found;
  };
  expect(await told()).toEqual(expect.arrayContaining(['chen', 'li', 'wang', 'lin', 'shen'].map((who) => `${who} zh /cases/CASE`)));
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('There is no lender.');
  const casebook = openCasebookForPortal(portal.env, lender);
  const record = await casebook.record(id);
  const { seq } = record?.entries.find(({ content }) => JSON.stringify(content).includes(SECRET)) ?? { seq: 0 };
  // By another process than the worker, as the operator does.
  const key = await signingKey(portal.keys, instant());
  const operator = {
    casebook,
    lender: lender.slug,
    caseId: id,
    at: instant(),
    requestId: `operator:${randomId()}`,
    key,
    random: randomBytes,
  };
  const outcome = await eraseContents(operator, { entries: [seq], files: [], reason: '本人要求', whole: false });
  expect(outcome.ok).toBe(true);
  expect(await told()).toEqual([]);
  // Nor does what another process writes wait for anything to be forgotten.
  await stage.give('chen', 'mingheng', id, 'talk.message', { words: '我下周再联系您。' });
  for (const { name, who } of by)
    if (!name.startsWith('gu')) expect(await (await who.get(`/cases/${id}`)).text(), name).toContain('我下周再联系您。');
});

test('each reader reads the same whoever read the case before them, in whichever language', async () => {
  // What is new since the last time is new once.
  await pages(id, by);
  for (let tries = 0; ; tries++) {
    const hour = instant().slice(0, 13);
    const first = await pages(id, by);
    // Each comes first to a worker that has read nothing, in the one language or the other.
    const cold = new Map<string, string>();
    for (const [i, reader] of READERS.entries()) {
      const own = by.filter(({ name }) => name.startsWith(`${reader} `));
      portal = await portal.restart();
      for (const [where, html] of await pages(id, i % 2 === 0 ? own : own.toReversed())) cold.set(where, html);
    }
    const last = await pages(id, by.toReversed());
    // What is said of the day and of the hours in which people are written to is another in the next.
    if (instant().slice(0, 13) !== hour && tries < 2) continue;
    for (const [where, html] of first) expect([cold.get(where) === html, last.get(where) === html], where).toEqual([true, true]);
    expect(new Set(first.values()).size).toBeGreaterThan(5 * LANGUAGES.length);
    for (const [where, html] of first) expect(html.startsWith('200') || / \/ways$|^gu /.test(where), where).toBe(true);
    for (const where of first.keys()) if (!/^lin |^shen /.test(where)) expect(first.get(where)).not.toContain('先核对收入');
    expect(first.get('lin zh ')).toContain('先核对收入');
    return;
  }
});
