import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../db/audit.ts';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { rebuildPolicy } from '../../db/rebuild.ts';
import { refusalText, wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId } from '../../worker/chance.ts';
import { DAY, instant, later } from '../../worker/clock.ts';
import { contactIn } from '../../worker/contact.ts';
import { keep } from '../../worker/execute/keep.ts';
import { changePolicy } from '../../worker/negotiation/lender/policies.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { openCasebookForPortal, openDirectory, publishedBy } from '../../worker/store/open.ts';
import { inFile } from '../attack/in-file.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor } from './people.ts';

/** A lender changes its policy in the portal: with a look at what that changes, by two people where it touches money. */

const AT = '/desk/mingheng/policy';
const ACCOUNT = { 'account.name': '明衡消费金融有限公司', 'account.bank': '工商银行', 'account.number': '6222 0200 1234 5678' };
const { policy: say, refusal } = wordsOf('zh');

let portal: Rig;
let gu: Visitor;
let zhou: Visitor;
let caseId: string;

beforeAll(async () => {
  portal = await rig();
  caseId = await openedCase(portal);
  // 顾晨 is 明衡’s administrator, too.
  const directory = openDirectory(portal.env);
  const account = await directory.accountByContact(contactIn(PEOPLE.gu));
  const lender = await directory.lenderBySlug('mingheng');
  if (!account || !lender) throw new Error('nobody');
  await directory.addStaff({ account: account.id, lender: lender.id, capacity: 'administrator', since: instant() });
  [gu, zhou] = [await signedIn(portal, 'gu', 'zh'), await signedIn(portal, 'zhou', 'zh')];
});
afterAll(() => portal.remove());

const casebook = async () => {
  const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
  if (!lender) throw new Error('no lender');
  return { lender, book: openCasebookForPortal(portal.env, lender) };
};

/** The fields of the form as its page has them. */
async function fields(who: Visitor, path: string): Promise<Record<string, string>> {
  const html = await (await who.get(path)).text();
  const form = /<form method="post" action="[^"]*policy\/edit".*?<\/form>/s.exec(html)?.[0] ?? '';
  const values: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1] ?? '';
    const isOff = /type="checkbox"/.test(tag) && !/ checked/.test(tag);
    if (name && name !== 'shown[]' && !isOff) values[name] = /value="([^"]*)"/.exec(tag)?.[1] ?? '';
  }
  for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>(.*?)<\/textarea>/gs)) values[name] = text;
  return values;
}

const pageOf = async (answer: Response) => plainText(await answer.text());

describe('the form', () => {
  test('is the administrator’s alone; a refused one comes back filled in, and names what is wrong', async () => {
    expect((await zhou.get(`${AT}/edit`)).status).toBe(404);
    expect((await (await signedIn(portal, 'lin', 'zh')).get(AT)).status).toBe(404);
    const typed = { ...(await fields(gu, `${AT}/edit`)), longestTerm: '601', 'contactHours.from': '9点', 'lender.about': '欢迎来谈。' };
    const answer = await gu.post(`${AT}/edit`, typed);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain('value="601"');
    expect(html).toContain('欢迎来谈。');
    // What is set is said beside each group; those in which something is wrong are open.
    expect(html.match(/<details class="card group"( open)?/g)?.map((tag) => tag.endsWith('open'))).toEqual([
      ...[true, true],
      ...[false, false, false, false],
    ]);
    expect(await pageOf(await gu.get(`${AT}/edit`))).toContain(`${say.part.longestTerm}：${say.months(60)}`);
    const text = plainText(html);
    expect(text).toContain(wordsOf('zh').issue.atMost('600'));
    expect(text).toContain(wordsOf('zh').issue.clock);
    const hours = await gu.post(`${AT}/edit`, { ...typed, longestTerm: '60', 'contactHours.from': '20:00', 'contactHours.until': '09:00' });
    expect(await pageOf(hours)).toContain(wordsOf('zh').issue.ascending);
  });

  test('shows what a change would come to, and which open offers it would put outside, before anything is written', async () => {
    const typed = { ...(await fields(gu, `${AT}/edit`)), longestTerm: '3' };
    const text = await pageOf(await gu.post(`${AT}/edit`, typed));
    expect(text).toContain(say.outside(1));
    expect(text).toContain(PEOPLE.chen.name);
    expect(text).toContain(say.beyond.term);
    expect(text).toContain(say.second);
    const { book } = await casebook();
    expect((await book.institution.load('')).institution.policies).toEqual([]);
    const same = await gu.post(`${AT}/edit`, await fields(gu, `${AT}/edit`));
    expect(await pageOf(same)).toContain(refusal['policy.unchanged']);
  });
});

describe('two people', () => {
  test('the account to pay into is proposed by one and confirmed by another with a fresh proof; borrowers see it then, and not before', async () => {
    const typed = { ...(await fields(gu, `${AT}/edit`)), ...ACCOUNT };
    const sent = await gu.post(AT, { ...typed, requestId: randomId() });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `${AT}?done=proposed`]);
    const { book, lender } = await casebook();
    const proposal = String((await book.institution.load('')).institution.proposed?.seq);
    expect((await publishedBy(portal.env, lender))?.policy.account).toBeNull();

    const own = await gu.post(`${AT}/confirm`, { proposal, password: PASSWORD, requestId: randomId() });
    expect(await pageOf(own)).toContain(refusal['policy.second-person']);
    const unproven = await zhou.post(`${AT}/confirm`, { proposal, password: 'wrong', requestId: randomId() });
    expect([unproven.status, await pageOf(unproven)]).toEqual([
      422,
      expect.stringContaining(refusalText(wordsOf('zh'), { code: 'proof.needed' })),
    ]);

    // Two windows at once: one confirms, the other is told what happened.
    const both = await Promise.all([1, 2].map(() => zhou.post(`${AT}/confirm`, { proposal, password: PASSWORD, requestId: randomId() })));
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    const { institution } = await book.institution.load('');
    expect(institution.policies.map(({ version }) => version)).toEqual([1, 2]);
    expect((await book.policy()).value).toMatchObject({ version: 2, account: { number: '6222 0200 1234 5678' } });
    const seen = await pageOf(await (await signedIn(portal, 'chen', 'zh')).get('/lenders/mingheng'));
    expect(seen).toContain('6222 0200 1234 5678');
    expect(seen).not.toContain(say.part.agentAuthority);
    const log = await pageOf(await zhou.get('/desk/mingheng/record'));
    expect(log).toContain(say.act.confirmed({ version: 2 }));
    expect(log).toContain(PEOPLE.gu.name);
  });

  test('an offer made from then on says by which version, and is of no longer term than it allows', async () => {
    const typed = { ...(await fields(gu, `${AT}/edit`)), longestOffer: '30', 'lender.languages': 'zh' };
    expect((await gu.post(AT, { ...typed, requestId: randomId() })).headers.get('location')).toBe(`${AT}?done=set`);
    expect((await (await casebook()).book.policy()).value).toMatchObject({ version: 3, longestOffer: 30 });
    const html = await (await (await signedIn(portal, 'chen', 'zh')).get(`/cases/${caseId}/proposals/new`)).text();
    expect(plainText(html)).toContain(wordsOf('zh').terms.longest(60));
  });
});

describe('a version that is set for a later day', () => {
  test('takes effect at that instant, and the one before holds until then', async () => {
    const { book } = await casebook();
    const now = instant();
    const from = dayOf(later(now, 3 * DAY), HOME.zone);
    const outcome = await keep({
      book: book.institution,
      seat: { side: 'lender', capacity: 'administrator', account: 'x', name: '方洁' },
      at: now,
      requestId: randomId(),
      asked: { name: 'policy.change', input: {} },
      decide(institution, at, newest) {
        if (!newest) throw new Error('unproven');
        const { version, ...standing } = newest;
        const seat = { account: 'x', capacity: 'administrator' } as const;
        return changePolicy(institution, { base: version, from, policy: { ...standing, offerDays: 9 } }, { at, seat, newest });
      },
      key: await signingKey(portal.keys),
      random: randomBytes,
    });
    expect(outcome.ok).toBe(true);
    const first = new Date(`${from}T00:00:00.000${HOME.zone}`).toISOString();
    const before = new Date(Date.parse(first) - 1).toISOString();
    expect([(await book.policy()).value.version, (await book.policy(before)).value.version]).toEqual([3, 3]);
    expect(await book.policy(first)).toMatchObject({ proven: true, value: { version: 4, offerDays: 9 } });
    expect(await pageOf(await zhou.get(AT))).toContain(say.planned);
  });
});

describe('a row that was changed from outside', () => {
  const change = (sql: string) => inFile(portal.data, 'casebook-mingheng', (db) => db.exec(sql));
  const faults = async () => (await audit(portal.env, portal.files, 'mingheng')).faults.filter(({ code }) => code === 'policy');

  test.each([
    ['another account', `UPDATE policy SET value = json_set(value, '$.account.number', '1') WHERE id = 3`],
    ['an older version that holds again', 'UPDATE policy SET holds_until = NULL WHERE id = 1'],
    ['the version taken away', 'DELETE FROM policy WHERE id = 3'],
    ['the later version taken away', 'DELETE FROM policy WHERE id = 4'],
  ])('%s: it is not relied upon, the audit names it, and it is put right from the lender’s own stream', async (_, sql) => {
    const { book, lender } = await casebook();
    expect(await faults()).toEqual([]);
    change(sql);
    expect((await faults()).length).toBeGreaterThan(0);
    const current = !sql.includes('id = 4');
    if (current) {
      expect(await publishedBy(portal.env, lender)).toBeNull();
      const answer = await (await signedIn(portal, 'lin', 'zh')).post(`/cases/${caseId}/do/talk.message`, {
        words: '您好',
        requestId: randomId(),
      });
      expect(answer.status).toBe(422);
      expect(await pageOf(await zhou.get(AT))).toContain(say.unproven);
    }
    expect((await rebuildPolicy(portal.env, 'mingheng', true)).proven).toBe(false);
    expect(await faults()).toEqual([]);
    expect((await book.policy()).value).toMatchObject({ version: 3, account: { number: '6222 0200 1234 5678' } });
  });
});

describe('what single people may grant', () => {
  test('has a row for each in the form, is confirmed by a second person, and says by name whose it is', async () => {
    const account = (await openDirectory(portal.env).accountByContact({ email: PEOPLE.lin.email }))?.id ?? '';
    const html = await (await gu.get(`${AT}/edit`)).text();
    expect(html).toContain(`<option value="${account}">${PEOPLE.lin.name}</option>`);
    expect(html).not.toContain(`>${PEOPLE.shen.name}</option>`);
    const row = (i: number) => ({
      [`personalAuthority.${i}.account`]: account,
      [`personalAuthority.${i}.principalPpm`]: '7',
      [`personalAuthority.${i}.chargesPpm`]: '80',
      [`personalAuthority.${i}.longestTerm`]: '48',
    });
    const typed = { ...(await fields(gu, `${AT}/edit`)), 'lender.languages': 'zh', ...row(0) };
    const doubled = await gu.post(`${AT}/edit`, { ...typed, ...row(1) });
    expect([doubled.status, await pageOf(doubled)]).toEqual([422, expect.stringContaining(wordsOf('zh').issue.doubled)]);
    const stranger = await gu.post(`${AT}/edit`, { ...typed, 'personalAuthority.0.account': '0'.repeat(32) });
    expect([stranger.status, await pageOf(stranger)]).toEqual([422, expect.stringContaining(wordsOf('zh').issue.choice)]);
    const preview = await pageOf(await gu.post(`${AT}/edit`, typed));
    expect(preview).toContain(`${PEOPLE.lin.name}：`);
    expect(preview).toContain(say.second);
    expect((await gu.post(AT, { ...typed, requestId: randomId() })).headers.get('location')).toBe(`${AT}?done=proposed`);
    const proposal = /name="proposal" value="(\d+)"/.exec(await (await zhou.get(AT)).text())?.[1] ?? '';
    expect((await zhou.post(`${AT}/confirm`, { proposal, password: PASSWORD, requestId: randomId() })).status).toBe(303);
    const { value } = await (await casebook()).book.policy();
    expect(value.personalAuthority).toMatchObject([{ account, name: PEOPLE.lin.name, principalPpm: 70_000, longestTerm: 48 }]);
    // It comes back in the form as it stands, and as long as nothing is changed it is the same.
    const again = { ...(await fields(gu, `${AT}/edit`)), 'lender.languages': 'zh', 'personalAuthority.0.account': account };
    expect(await pageOf(await gu.post(`${AT}/edit`, again))).toContain(refusal['policy.unchanged']);
  });
});
