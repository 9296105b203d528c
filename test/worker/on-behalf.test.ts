import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { contactIn, contactText, reachedBy } from '../../worker/contact.ts';
import { execute } from '../../worker/execute/execute.ts';
import { offerDigest } from '../../worker/negotiation/proposal.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { LANGUAGES, type Language } from '../../worker/plan/languages.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { admitSeated } from '../../worker/store/admission.ts';
import { type Lender, openCaseFile, openDirectory } from '../../worker/store/open.ts';
import { pagesOf } from '../export/extract.ts';
import { lender, type Rig, rig, told } from '../portal.ts';
import { inBoth, plainText, represent, signedIn, takeAway, type Visitor } from './people.ts';

/** Who did something for whom, word for word, wherever it can be read; and the list of somebody who acts for people with several lenders. */

const LENDER = 'mingheng';
let portal: Rig;
let stage: Stage;
let chen: Record<Language, Visitor>;
let lin: Record<Language, Visitor>;
let li: Visitor;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin, li] = [await inBoth(portal, 'chen'), await inBoth(portal, 'lin'), await signedIn(portal, 'li')];
});
afterAll(() => portal.remove());

const LI = contactText(contactIn(PEOPLE.li));
const squeezed = (text: string) => text.replace(/\s+/g, '');
const pdfText = async (answer: Response) => squeezed((await pagesOf(new Uint8Array(await answer.arrayBuffer()))).join(''));
const mandate = (scope: string) => ({ name: PEOPLE.li.name, contact: LI, scope, until: addDays(stage.today(), 30) });

describe.each(LANGUAGES)('in %s', (language) => {
  const words = wordsOf(language);
  const who = words.representation.onBehalf({ name: PEOPLE.li.name, of: PEOPLE.chen.name });
  const signed = `${PEOPLE.li.name}`;
  let id: string;
  let authority: number;
  let letter: number;

  beforeAll(async () => {
    id = randomId();
    const opening = plainOpening(stage.today(), '明衡消费金融');
    const digest = offerDigest(opening.debt.debt, opening.proposal.terms);
    await stage.give('chen', LENDER, id, 'case.open', opening);
    await stage.give('chen', LENDER, id, 'contact.wish', { when: 'any' });
    await represent(portal, { id, borrower: chen.en, by: li, signed: PEOPLE.chen.name }, mandate('sign'));
    const give = async (by: Visitor, command: string, fields: Record<string, string>) =>
      expect((await by.post(`/cases/${id}/do/${command}`, { ...fields, requestId: randomId() })).status, command).toBe(303);
    await give(li, 'talk.message', { words: '我代他答复。' });
    await give(li, 'talk.issueLetter', { letter: 'hardship', words: '因疾病收入减少，请予以延期。' });
    const entries = (await (await lin.en.get(`/api/v1/cases/${id}`)).json()) as { entries: { seq: number; kind: string }[] };
    letter = entries.entries.find(({ kind }) => kind === 'talk.letter-issued')?.seq ?? 0;
    authority = entries.entries.find(({ kind }) => kind === 'representative.appointed')?.seq ?? 0;
    await give(lin.en, 'proposal.accept', { version: '1', digest });
    await give(li, 'agreement.sign', { digest, name: PEOPLE.li.name, password: PASSWORD });
    await give(lin.en, 'agreement.sign', { digest, name: PEOPLE.lin.name, password: PASSWORD });
  });

  test('the thread, the page on which entries are picked, and what a lender’s system reads', async () => {
    for (const by of [chen[language], lin[language]])
      for (const path of ['', '/share']) expect(plainText(await (await by.get(`/cases/${id}${path}`)).text()), path).toContain(who);
    const { entries } = (await (await lin.en.get(`/api/v1/cases/${id}`)).json()) as { entries: { kind: string; author: unknown }[] };
    const author = { name: PEOPLE.li.name, capacity: 'representative', for: { name: PEOPLE.chen.name, authority } };
    for (const kind of ['talk.message', 'agreement.signed']) expect(entries.find((one) => one.kind === kind)?.author).toMatchObject(author);
  });

  test('the signature, on the page and on paper, with the letter of authority by which it was given', async () => {
    const signedFor = words.representation.signedFor({ name: PEOPLE.chen.name, seq: authority });
    const page = plainText(await (await chen[language].get(`/cases/${id}/agreement`)).text());
    for (const part of [signed, signedFor]) expect(page).toContain(part);
    const paper = await pdfText(await takeAway(chen[language], id, 'agreement.pdf'));
    for (const part of [signed, signedFor, `${words.agreement.signer.capacity}${words.colon}${words.capacity.representative}`])
      expect(paper).toContain(squeezed(part));
  });

  test('the record on paper, a letter, the page that is read without the portal, and the list of evidence for a court', async () => {
    expect(await pdfText(await takeAway(lin[language], id, 'record.pdf'))).toContain(squeezed(who));
    const from = words.letters.signer({ name: who, capacity: words.capacity.representative });
    expect(await pdfText(await lin[language].get(`/cases/${id}/letters/${letter}.pdf`))).toContain(
      squeezed(`${words.letters.from}${words.colon}${from}`),
    );
    const unpacked = async (answer: Response) => unzipSync(new Uint8Array(await answer.arrayBuffer()));
    const bundle = await unpacked(await takeAway(chen[language], id, 'bundle.zip'));
    const [offline = ''] = Object.keys(bundle).filter((name) => name.endsWith('.html'));
    expect(plainText(new TextDecoder().decode(bundle[offline]))).toContain(who);
    const show = Array.from({ length: 12 }, (_, i) => String(i + 1));
    const made = await chen[language].post(`/cases/${id}/exports/partial.zip`, { show, way: 'court' });
    const pack = await unpacked(await chen[language].get(made.headers.get('location') ?? ''));
    const list = pack[`evidence-list.${language}.pdf`] ?? new Uint8Array();
    expect(squeezed((await pagesOf(list)).join(''))).toContain(squeezed(who));
  });

  test('lists and tables are of the borrower: whoever acts for them is nobody’s party; and notices name nobody', async () => {
    const desk = (await (await lin[language].get('/desk/mingheng?show=all')).text()).split('<tr').find((row) => row.includes(id)) ?? '';
    expect(desk).toContain(PEOPLE.chen.name);
    expect(desk).not.toContain(PEOPLE.li.name);
    await told(portal, id);
    const letters = (await openDirectory(portal.env).newestMail(500)).filter(({ body }) => body.includes(id));
    expect(letters.length).toBeGreaterThan(3);
    for (const { body } of letters) expect(body).not.toMatch(/李婷|陈建国/);
  });
});

describe('the list of a lawyer who acts with three lenders', () => {
  let third: Lender;
  const cases = { mingheng: randomId(), pujiang: randomId(), dongfang: randomId() };

  beforeAll(async () => {
    const directory = openDirectory(portal.env);
    await lender(portal, 'dongfang', '东方网络小贷');
    third = (await directory.lenderBySlug('dongfang')) ?? third;
    // Both answered what he offered, and wait for him: the one that comes second by name for three days, the other for five.
    for (const [slug, staff, expiresInDays] of [
      ['mingheng', 'lin', 5],
      ['pujiang', 'gu', 3],
    ] as const) {
      const opening = plainOpening(stage.today(), slug);
      await stage.give('chen', slug, cases[slug], 'case.open', opening);
      await stage.give(staff, slug, cases[slug], 'proposal.make', { ...opening.proposal, answers: 1, expiresInDays });
    }
    const account = await directory.accountByContact(contactIn(PEOPLE.chen));
    if (!account) throw new Error('陈建国 is not there.');
    const admission = admitSeated(cases.dongfang, account, third);
    const at = new Date().toISOString();
    const opened = await execute({
      admission,
      casefile: openCaseFile(portal.env, admission),
      command: 'case.open',
      input: plainOpening(stage.today(), '东方网络小贷'),
      requestId: randomId(),
      at,
      proven: true,
      reached: reachedBy({ keys: portal.keys }, contactIn(PEOPLE.chen), at),
      key: await signingKey(portal.keys),
      random: randomBytes,
      number: randomNumber,
    });
    expect(opened.ok).toBe(true);
    const seat = { account: account.id, case: cases.dongfang, lender: third.id, contact: PEOPLE.chen.email, since: at };
    await directory.addSeat({ ...seat, capacity: 'borrower' });
    for (const [slug, scope] of [
      ['mingheng', 'negotiate'],
      ['pujiang', 'read'],
      ['dongfang', 'sign'],
    ] as const)
      await represent(portal, { id: cases[slug], borrower: chen.en, by: li, signed: PEOPLE.chen.name }, mandate(scope));
  });

  const listed = async () =>
    [...(await (await li.get('/cases')).text()).matchAll(/<a href="\/cases\/([0-9a-f]{32})">([\s\S]*?)<\/a>/g)].flatMap(
      ([, id = '', html = '']) => (Object.values(cases).includes(id) ? [{ id, text: plainText(html) }] : []),
    );

  test('has each with its lender, for whom and how far, by the day that comes next', async () => {
    const say = wordsOf('en').representation;
    const all = await listed();
    expect(all.map(({ id }) => id)).toEqual([cases.pujiang, cases.mingheng, cases.dongfang]);
    for (const [i, lenderName, scope] of [
      [0, '浦江网络小贷', 'read'],
      [1, '明衡消费金融', 'negotiate'],
      [2, '东方网络小贷', 'sign'],
    ] as const)
      for (const part of [lenderName, PEOPLE.chen.name, say.scopeOf[scope]]) expect(all[i]?.text).toContain(part);
  });

  test('once one is revoked it has the two others, and of the third lender nothing is even asked', async () => {
    const page = await (await chen.en.get(`/cases/${cases.dongfang}/representatives`)).text();
    const appointment = /name="appointment" value="(\d+)"/.exec(page)?.[1] ?? '';
    await chen.en.post(`/cases/${cases.dongfang}/do/representative.revoke`, { appointment, requestId: randomId() });
    await told(portal, cases.dongfang);
    expect((await listed()).map(({ id }) => id)).toEqual([cases.pujiang, cases.mingheng]);
    // A casebook that cannot be reached: a list that asked there would fail, as that of who has a seat there does.
    await openDirectory(portal.env).changeLender('dongfang', { url: 'http://127.0.0.1:9' });
    expect((await chen.en.get('/cases')).status).toBe(503);
    expect((await listed()).map(({ id }) => id)).toEqual([cases.pujiang, cases.mingheng]);
    await openDirectory(portal.env).changeLender('dongfang', { url: third.url });
    expect((await chen.en.get('/cases')).status).toBe(200);
  });
});
