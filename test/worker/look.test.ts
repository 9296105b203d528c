import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { codeFor, type Rig, rig } from '../portal.ts';
import { cookiesIn, signedIn, type Visitor, visitor } from './people.ts';

/** How the portal shows itself: to who searches, to who is sent a link, and to who needs larger letters. */

let portal: Rig;
let stage: Stage;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
});
afterAll(() => portal.remove());

describe.each(['zh', 'en'])('%s', (language) => {
  test.each(['/', '/verify', '/law', '/sign-in', '/sign-up', '/recover', '/open'])(
    '%s says in a sentence what it is about, with the picture of the portal',
    async (path) => {
      const html = await (await visitor(portal, `language=${language}`).get(path)).text();
      expect(/<meta name="description" content="([^"]+)"/.exec(html)?.[1]?.length).toBeGreaterThan(15);
      expect(html).toContain(`<link rel="canonical" href="${portal.url}${path}"/>`);
      const picture = /<meta property="og:image" content="([^"]+)"/.exec(html)?.[1] ?? '';
      const answer = await fetch(picture);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    },
  );
});

test('larger letters are chosen once and kept; a form that is open keeps what is typed', async () => {
  const chosen = await visitor(portal, 'language=zh').get('/size/elder?back=/verify');
  expect([chosen.status, chosen.headers.get('location')]).toEqual([303, '/verify']);
  const cookie =
    chosen.headers
      .getSetCookie()
      .find((one) => one.startsWith('size=elder;'))
      ?.split(';')[0] ?? '';
  const [plain, elder] = await Promise.all(
    ['language=zh', `language=zh; ${cookie}`].map(async (one) => (await visitor(portal, one).get('/verify')).text()),
  );
  expect([plain, elder].map((html) => html?.includes('class="elder"'))).toEqual([false, true]);
  const typed = await visitor(portal, 'language=en').post('/sign-in/typed?language=en&size=elder', { contact: 'xiaoyu@borrower.example' });
  const html = await typed.text();
  expect(html).toContain('class="elder"');
  expect(html).toContain('value="xiaoyu@borrower.example"');
  expect(typed.headers.getSetCookie().some((one) => one.startsWith('size=elder;'))).toBe(true);
  // Anywhere else it leads, it leads home.
  expect((await visitor(portal).get('/size/plain?back=https://elsewhere.example')).headers.get('location')).toBe('/');
});

test('larger letters stay with the account of who is signed in, by the footer, a form or the account page, and are there on another device', async () => {
  const isLarge = async (here: Visitor) => (await (await here.get('/account')).text()).includes('class="elder"');
  const [here, other] = [await signedIn(portal, 'chen'), await signedIn(portal, 'chen')];
  const seen = [await isLarge(other)];
  for (const choose of [
    () => here.get('/size/elder?back=/cases'),
    () => here.post('/account/size', { size: 'plain' }),
    () => here.post('/account/size', { size: 'elder' }),
    () => here.post('/sign-in/typed?language=en&size=plain', { contact: '' }),
  ]) {
    await choose();
    seen.push(await isLarge(other));
  }
  expect(seen).toEqual([false, true, false, true, false]);
  // A page of another site that leads here changes what this device shows, and no account.
  await here.get('/size/elder', { 'sec-fetch-site': 'cross-site' });
  expect(await isLarge(other)).toBe(false);
});

test('who signs up with larger letters has them wherever they sign in', async () => {
  const contact = 'large@letters.example';
  const large = 'language=en; size=elder';
  const asked = await visitor(portal, large).post('/sign-up', { name: '孙悦', contact, password: 'a long pass phrase' });
  const at = visitor(portal, [large, ...cookiesIn(asked)].join('; '));
  const arrived = await at.post('/sign-up/confirm', { code: await codeFor(portal, contact) });
  const elsewhere = visitor(portal, ['language=en', ...cookiesIn(arrived)].join('; '));
  expect(await (await elsewhere.get('/account')).text()).toContain('class="elder"');
});

test('what is older than the newest offer is folded day by day under a line of its own, each entry still there; what waits for the reader, and the newest, stand open', async () => {
  const id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await stage.give('chen', 'mingheng', id, 'contact.wish', { when: 'any' });
  await stage.give('lin', 'mingheng', id, 'talk.message', { words: '材料已收到，正在核对，三个工作日内给您答复，请您放心等候。' });
  const when = `${stage.today()}T00:00`;
  const call = await stage.give('lin', 'mingheng', id, 'talk.logCall', {
    when,
    direction: 'to-borrower',
    minutes: 3,
    words: '说明了情况。',
  });
  const { proposal } = plainOpening(stage.today(), '明衡消费金融');
  const terms = { ...proposal.terms, phases: [{ kind: 'level', count: 20 }] };
  await stage.give('chen', 'mingheng', id, 'proposal.make', { ...proposal, answers: 1, terms });
  const pages = await Promise.all((['chen', 'lin'] as const).map(async (who) => (await signedIn(portal, who, 'zh')).get(`/cases/${id}`)));
  const [chen = '', lin = ''] = await Promise.all(pages.map((page) => page.text()));
  const foldsOf = (html: string) => [
    ...html.matchAll(/<details class="folded old"><summary><span>([\s\S]*?)<\/summary>([\s\S]*?)<\/ol><\/details><\/li>/g),
  ];
  const idsIn = (html: string) => [...html.matchAll(/<li class="entry [^"]*" id="e(\d+)"/g)].map(([, seq]) => Number(seq));
  for (const html of [chen, lin]) {
    // Nothing is left out, and nothing stands twice.
    const all = idsIn(html);
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
    expect(all).toHaveLength(all.at(-1) ?? 0);
    const folded = foldsOf(html).flatMap(([whole]) => idsIn(whole));
    expect(folded).toContain(1);
    expect(folded).not.toContain(all.at(-1));
    expect(foldsOf(html)[0]?.[1]).toContain('陈建国');
    // The newest offer stands in full, though it answers another: its clauses are not folded.
    const card = html.split('id="offer-2"')[1]?.split('class="offer-foot"')[0] ?? '';
    expect(card.replaceAll(/<details[\s\S]*?<\/details>/g, '')).toContain('<ul class="clauses">');
    expect(
      foldsOf(html)
        .map(([, line]) => line)
        .join(),
    ).toContain('“材料已收到，正在核对，三个工作日内给您答复，请您…”');
  }
  expect(foldsOf(chen).flatMap(([whole]) => idsIn(whole))).not.toContain(call.seq);
  expect(foldsOf(lin).flatMap(([whole]) => idsIn(whole))).toContain(call.seq);
});

test('once an agreement is in force, what led to it is folded away in the thread, and what comes after it is not', async () => {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const digest = offerDigest(opening.debt.debt, opening.proposal.terms);
  const words = wordsOf('en');
  const thread = async () => (await (await signedIn(portal, 'chen')).get(`/cases/${id}`)).text();
  await stage.give('chen', 'mingheng', id, 'case.open', opening);
  await stage.give('lin', 'mingheng', id, 'proposal.accept', { version: 1, digest });
  for (const who of ['chen', 'lin'] as const) {
    expect(await thread()).not.toContain('class="folded"');
    await stage.give(who, 'mingheng', id, 'agreement.sign', { digest, name: PEOPLE[who].name });
  }
  const [folded = '', after = ''] = ((await thread()).split('<details class="folded">')[1] ?? '').split(
    '</ol></details><ol class="thread">',
  );
  expect(folded).toContain(words.entry['proposal.accepted'](1));
  expect(after).toContain(words.entry['agreement.in-force']);
});
