import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { CHINA } from '../../worker/plan/law/china.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, invited, mediate, plainText, type Visitor } from './people.ts';

/** To agree to pay renews a claim that has run out: a borrower reads it before the first act that is taken for it, whichever that is. */

const LANGUAGES = ['zh', 'en'] as const;
const SAID = {
  zh: '提出或者接受方案、答应还款、确认欠款之前，请先了解：',
  en: 'Before you propose or accept a plan, promise to pay or confirm the debt, please know:',
};
const rule = CHINA.rules.find(({ id }) => id === 'limitation') ?? expect.fail();

let portal: Rig;
let stage: Stage;
let id: string;
const at = {} as Record<'chen' | 'lin' | 'li', Record<(typeof LANGUAGES)[number], Visitor>>;
const give = (who: 'chen' | 'lin', command: string, input: unknown) => stage.give(who, 'mingheng', id, command, input);

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  for (const who of ['chen', 'lin', 'li'] as const) at[who] = await inBoth(portal, who);
  ({ id } = await invited(portal, stage.today()));
  await give('chen', 'contact.wish', { when: 'any' });
  await mediate(
    portal,
    { id, proposes: at.chen.en, admits: at.lin.en, by: at.li.en },
    { name: '沈和平', contact: contactText(contactIn(PEOPLE.li)) },
  );
  const terms = { ...plainTerms(stage.today(), {}), phases: [{ kind: 'level', count: 10 }] };
  for (const answers of [null, 1]) await give('lin', 'proposal.make', { answers, terms, reasons: {}, words: '可以分十期。' });
  const { start, firstDue } = terms;
  const typed = {
    ...{ 'terms.start': start, 'terms.firstDue': firstDue, 'terms.every': 'month', 'terms.rate.ppm': '0', 'terms.rate.per': 'year' },
    ...{ 'terms.interestOn': 'principal', 'terms.dayCount': 'period', 'terms.phases.0.kind': 'level', 'terms.phases.0.count': '12' },
  };
  const suggested = await at.li.en.post(`/cases/${id}/do/mediation.suggest`, { ...typed, words: '各让一步。', requestId: randomId() });
  expect(suggested.status).toBe(303);
});
afterAll(() => portal.remove());

const read = async (who: Visitor, path: string) => plainText(await (await who.get(`/cases/${id}${path}`)).text());

/** Where a borrower acts for the first time: a message, figures, a letter, a plan of their own, the lender's, by itself or beside another, a mediator's. */
const ACTS = ['', '/debt', '/letters/new', '/proposals/new', '/proposals/2', '/compare?a=1&b=2', '/suggestions/1'];

test.each(LANGUAGES)(
  'before the first act it stands on the page of every one, with its rule, and once; never for the lender (%s)',
  async (language) => {
    for (const path of ACTS) {
      const page = await read(at.chen[language], path);
      expect([path, page.split(SAID[language]).length - 1]).toEqual([path, 1]);
      expect(page).toContain(rule.text[language]);
      expect(await read(at.lin[language], path)).not.toContain(SAID[language]);
    }
    expect(await read(at.chen[language], '/means')).not.toContain(SAID[language]);
  },
);

test('once the lender’s offer is taken up it has had its say', async () => {
  const page = await (await at.chen.en.get(`/cases/${id}/proposals/2`)).text();
  const [digest, conditions] = ['digest', 'conditions'].map((name) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '');
  const accepted = await at.chen.en.post(`/cases/${id}/do/proposal.accept`, {
    ...{ version: 2, digest: digest ?? '', conditions: conditions ?? '' },
    requestId: randomId(),
  });
  expect(accepted.status).toBe(303);
  for (const path of ['', '/debt', '/letters/new', '/agreement']) expect(await read(at.chen.en, path)).not.toContain(SAID.en);
});
