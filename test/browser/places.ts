import type { Page } from 'playwright-core';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import type { Portal } from '../../db/portal.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { instant } from '../../worker/clock.ts';
import { contactIn, contactText } from '../../worker/contact.ts';
import { stopToken } from '../../worker/deliver/stop.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { endedPath } from '../../worker/store/files.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { pngOf } from '../intake/drawn.ts';
import { cookiesIn, invited, mediate, planIn, signedIn, typedTerms, visitor } from '../worker/people.ts';

/** Every page of the portal as the demo's people come to it: for the pictures, and for tests that look at all of them. */

/** `half` is 林静 with her password alone. */
export type Who = keyof typeof PEOPLE | 'stranger' | 'half';
/** A page, by a name that tells it from all others; with a form, the page that answers it, and the page that the form stands on. */
export type Place = { who: Who; name: string; path: string; form?: Record<string, string>; on?: string };

/** Cases of the demo world, by the contract that they are about. */
const CONTRACTS = {
  countered: 'MH-2025-083317',
  waiting: 'MH-2024-110925',
  inForce: 'MH-2025-020446',
  agreed: 'PJ20250611-882',
  closed: 'PJ20250903-071',
} as const;

const STEPS = ['loan', 'cause', 'month', 'proposal', 'check', 'evidence'];
const OPEN = [
  '',
  '/representatives',
  '/mediation',
  '/debt',
  '/means',
  '/evidence',
  '/letters/new',
  '/proposals/1',
  '/proposals/2',
  '/proposals/new',
  '/compare?a=1&b=2',
];

/** Goes to a place in a browser. */
export async function goTo(page: Page, url: string, { path, form, on = path }: Place): Promise<void> {
  if (!form) {
    await page.goto(url + path);
    return;
  }
  await page.goto(url + on);
  const answered = page.waitForNavigation();
  await page.evaluate(
    ([action, fields]) => {
      const sent = document.createElement('form');
      Object.assign(sent, { method: 'post', action });
      for (const [name, value] of Object.entries(fields))
        sent.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      document.body.append(sent);
      sent.submit();
    },
    [path, form] as const,
  );
  await answered;
}

/** A draft of 赵 for 明衡, filled in up to its last page: where it is. */
async function drafted(portal: Portal, today: string): Promise<string> {
  const zhao = await signedIn(portal, 'zhao');
  const send = async (path: string, fields: Record<string, string>) => {
    const answer = await zhao.post(path, { ...fields, action: 'continue' });
    if (answer.status !== 303) throw new Error(`${path} answered ${answer.status}`);
    return answer.headers.get('location') ?? '';
  };
  const loan = { lender: 'mingheng', 'loan.reference': 'MH-2026-7', 'debt.total': '18000', 'debt.debt.asOf': today };
  const cause = { 'means.cause.kind': 'job-loss', 'means.cause.since': '2026-09-01', 'means.cause.words': '公司裁员，正在找工作。' };
  const incomes = { 'means.incomes.0.kind': 'salary', 'means.incomes.0.amount': '3200', 'means.incomes.0.every': 'month' };
  const expenses = { 'means.expenses.0.kind': 'housing', 'means.expenses.0.amount': '1200', 'means.expenses.0.every': 'month' };
  const food = { 'means.expenses.1.kind': 'food', 'means.expenses.1.amount': '800', 'means.expenses.1.every': 'month' };
  const month = await send(await send(await send('/open', loan), cause), { 'means.dependants': '0', ...incomes, ...expenses, ...food });
  return (await send(month, planIn(await (await zhao.get(month)).text()))).replace(/\/check.*$/, '');
}

/** Files of loans of 明衡, one of which the columns are to be named, and one that is checked. */
async function loans(portal: Portal): Promise<{ naming: string; checked: string }> {
  const lin = await signedIn(portal, 'lin');
  const upload = async (name: string) => {
    const form = new FormData();
    const rows = [
      '合同号,借款人姓名,本金（元）,利息,截至日期,网点',
      'D-1,王小雨,"12,345.60",120,2026/3/1,城东',
      'D-2,李四,一万,,2026年3月1日,城西',
      'D-3,,800,,,城东',
    ];
    form.set('file', new File([rows.join('\r\n')], name));
    return (await lin.send('/desk/mingheng/import', form)).headers.get('location') ?? '';
  };
  const [naming, checked] = [await upload('十一月逾期明细.csv'), await upload('十月逾期明细.csv')];
  await lin.post(checked, { do: 'check', contract: '0', name: '1', principal: '2', interest: '3', asOf: '4' });
  for (let looks = 0; looks < 100 && (await lin.get(checked)).headers.has('refresh'); looks++)
    await new Promise((go) => setTimeout(go, 50));
  return { naming, checked };
}

/** A logo of 明衡, which 方 proposes and 周 confirms. */
async function marked(portal: Portal): Promise<void> {
  const form = new FormData();
  form.set('file', new File([pngOf(320, 96)], 'logo.png'));
  form.set('requestId', 'logo');
  const at = '/desk/mingheng/policy';
  const [fang, zhou] = [await signedIn(portal, 'fang'), await signedIn(portal, 'zhou')];
  await fang.send(`${at}/logo`, form);
  const proposal = /name="proposal" value="(\d+)"/.exec(await (await zhou.get(at)).text())?.[1] ?? '';
  const answer = await zhou.post(`${at}/confirm`, { proposal, password: PASSWORD, requestId: 'confirm' });
  if (answer.status !== 303) throw new Error(`The logo answered ${answer.status}`);
}

/** 赵 mediates between 陈 and 明衡, and has suggested something. */
async function suggested(portal: Portal, id: string, today: string): Promise<void> {
  const [lin, chen, zhao] = [await signedIn(portal, 'lin'), await signedIn(portal, 'chen'), await signedIn(portal, 'zhao')];
  await mediate(portal, { id, proposes: lin, admits: chen, by: zhao }, { name: '沈和平', contact: contactText(contactIn(PEOPLE.zhao)) });
  const { answers: _, ...terms } = typedTerms(today);
  const fields = { ...terms, 'terms.phases.0.kind': 'level', 'terms.phases.0.count': '15', words: '双方各让一步：分十五期，不计息。' };
  const answer = await zhao.post(`/cases/${id}/do/mediation.suggest`, { ...fields, requestId: 'suggestion' });
  if (answer.status !== 303) throw new Error(`The suggestion answered ${answer.status}`);
}

/** A case that 林静 sees to. */
async function assigned(portal: Portal, path: string): Promise<void> {
  const zhou = await signedIn(portal, 'zhou');
  const to =
    new RegExp(`<option value="([0-9a-f]{32})"[^>]*>${PEOPLE.lin.name}`).exec(await (await zhou.get(`${path}/assign`)).text())?.[1] ?? '';
  const answer = await zhou.post(`${path}/do/case.assign`, { to, requestId: 'assigned' });
  if (answer.status !== 303) throw new Error(`The assignment answered ${answer.status}`);
}

/** The templates that 明衡 begins with. */
async function phrased(portal: Portal): Promise<void> {
  const zhou = await signedIn(portal, 'zhou');
  const answer = await zhou.post('/desk/mingheng/templates/begin', { requestId: 'templates' });
  if (answer.status !== 303) throw new Error(`The templates answered ${answer.status}`);
}

/** A note that 周岚 is to read, and tasks of 林静 by today and later. */
async function asked(portal: Portal, path: string, today: string): Promise<void> {
  const lin = await signedIn(portal, 'lin');
  const html = await (await lin.get(`${path}/errands`)).text();
  const accountOf = (name: string) => new RegExp(`value="([0-9a-f]{32})"[^>]*>(?:<span>)?${name}`).exec(html)?.[1] ?? '';
  const task = { to: accountOf(PEOPLE.lin.name), requestId: 'task' };
  const mention = { what: '收入证明请您看一眼，金额和流水对不上。', to: accountOf(PEOPLE.zhou.name), requestId: 'mention' };
  const answers = [
    await lin.post(`${path}/do/task.set`, { ...task, what: '回电话，问清楚换工作的时间。', on: today }),
    await lin.post(`${path}/do/task.set`, { ...task, what: '核对新工资单', on: addDays(today, 9), requestId: 'later' }),
    await lin.post(`${path}/do/note.mention`, mention),
  ];
  for (const { status } of answers) if (status !== 303) throw new Error(`What was asked answered ${status}`);
}

/** A case of a file that 赵 has joined by the contract, by its id. */
async function claimed(portal: Portal): Promise<string> {
  const [lin, zhao] = [await signedIn(portal, 'lin'), await signedIn(portal, 'zhao')];
  const form = new FormData();
  form.set('file', new File([`合同号,借款人姓名,本金,身份证后四位\r\nE-1,${PEOPLE.zhao.name},9000,402X`], '九月逾期明细.csv'));
  const at = (await lin.send('/desk/mingheng/import', form)).headers.get('location') ?? '';
  const settled = async () => {
    for (let looks = 0; looks < 100 && (await lin.get(at)).headers.has('refresh'); looks++) await new Promise((go) => setTimeout(go, 50));
  };
  await lin.post(at, { do: 'check', contract: '0', name: '1', principal: '2', identity: '3' });
  await settled();
  await lin.post(at, { do: 'run' });
  await settled();
  const joined = await zhao.post('/lenders/mingheng/join', { reference: 'E-1', name: PEOPLE.zhao.name, identity: '402X' });
  const id = /[0-9a-f]{32}/.exec(joined.headers.get('location') ?? '')?.[0];
  if (!id) throw new Error(`赵 could not join: ${joined.status}`);
  return id;
}

/** A lender that is here no more: its page says so. */
async function ended(portal: Portal): Promise<void> {
  await createTenant(portal.env, makeLocal(portal.server), 'yuanfang', '远方小额贷款');
  await portal.files.put(endedPath('yuanfang'), '{}');
  await openDirectory(portal.env).changeLender('yuanfang', { endedAt: instant() });
}

/** A complaint of 王 in a case, about fees and the answer to her offer. */
async function complained(portal: Portal, path: string): Promise<void> {
  const wang = await signedIn(portal, 'wang');
  const facts = '账单里有一笔 200 元的“服务费”，合同里没有约定。打电话问了两次，都说不清楚是什么费用。';
  const fields = { kind: 'charges', facts, wish: '写明这笔费用的依据；没有依据的，从欠款里去掉。', figures: 'debt.fees', entries: '8' };
  const answer = await wang.post(`${path}/do/complaint.raise`, { ...fields, requestId: 'complaint' });
  if (answer.status !== 303) throw new Error(`The complaint answered ${answer.status}`);
}

/** A message of somebody in a case that is not sent yet. */
async function unsent(portal: Portal, who: 'wang' | 'lin', path: string, words: string): Promise<void> {
  const answer = await (await signedIn(portal, who)).post(`${path}/drafts/talk.message`, { unsent: '0', words, requestId: 'unsent' });
  if (answer.status !== 303) throw new Error(`What is not sent answered ${answer.status}`);
}

/** The places of a portal that plays the demo world, with the cookies of each person. */
export async function places(portal: Portal): Promise<{ places: Place[]; cookies: Map<Who, string> }> {
  const cookies = new Map<Who, string>([['stranger', 'language=zh']]);
  const cases = new Map<string, string>();
  for (const who of ['wang', 'li', 'zhao', 'lin', 'zhou', 'fang', 'shen', 'gu'] as const) {
    const visitor = await signedIn(portal, who);
    cookies.set(who, visitor.cookie.replace(/^language=\w+; /, ''));
    const person = PEOPLE[who];
    const list = await (await visitor.get('staff' in person ? `/desk/${person.staff[0]}?show=all` : '/cases')).text();
    for (const [, id = '', item = ''] of list.matchAll(/<a href="\/cases\/([0-9a-f]{32})(?:\?[^"]*)?">([\s\S]*?)<\/a>/g))
      for (const [name, contract] of Object.entries(CONTRACTS)) if (item.includes(contract)) cases.set(name, id);
  }
  const staff = await (await visitor(portal, `language=zh; ${cookies.get('fang')}`).get('/desk/mingheng/staff')).text();
  const member = /\/desk\/mingheng\/staff\/[0-9a-f]{32}/.exec(staff)?.[0] ?? '/missing';
  const begun = await visitor(portal).post('/sign-in', { contact: PEOPLE.lin.email, password: PASSWORD });
  cookies.set('half', cookiesIn(begun).join('; '));
  const evidence = await (await (await signedIn(portal, 'wang')).get(`/cases/${cases.get('countered')}/evidence`)).text();
  const [, looked = ''] = /\/(files\/[0-9a-f]{64}\/view)/.exec(evidence) ?? [];
  // In China, where the day begins eight hours before it does at Greenwich.
  const today = dayOf(instant(), HOME.zone);
  const draft = await drafted(portal, today);
  const { id: invitation } = await invited(portal, today);
  const joined = { who: 'chen' as const, path: `/open/mingheng/${invitation}` };
  cookies.set('chen', (await signedIn(portal, 'chen')).cookie.replace(/^language=\w+; /, ''));
  const at = (name: keyof typeof CONTRACTS) => `/cases/${cases.get(name) ?? name}`;
  await suggested(portal, invitation, today);
  await complained(portal, at('countered'));
  await marked(portal);
  await phrased(portal);
  const files = await loans(portal);
  const taken = await claimed(portal);
  await ended(portal);
  await assigned(portal, at('waiting'));
  await asked(portal, at('waiting'), today);
  await unsent(portal, 'wang', at('countered'), '方案收到了。每月能不能再少两百？下个月起我可以按时还。');
  await unsent(portal, 'lin', at('waiting'), '您好，材料已经收到，正在核对。');
  const counter = {
    ...typedTerms(today),
    answers: '2',
    words: '希望每月少一些。',
    'terms.phases.0.kind': 'level',
    'terms.phases.0.count': '40',
  };
  const said = (who: Who, words: string): Place[] => {
    const path = `${at('countered')}/do/talk.message`;
    return [{ who, name: 'wording', path, form: { words }, on: at('countered') }];
  };
  const named = (who: Who, paths: Record<string, string>): Place[] => Object.entries(paths).map(([name, path]) => ({ who, name, path }));
  const within = (who: Who, name: keyof typeof CONTRACTS, paths: string[]): Place[] =>
    paths.map((path) => ({ who, name: `${name}${path.replace(/[/?&=]+/g, '-')}`, path: `${at(name)}${path}` }));
  /** A text beside another that was kept since its page was drawn. */
  const parted = (who: Who, name: keyof typeof CONTRACTS): Place => {
    const form = { unsent: '1', words: '我再想想，明天给您答复。' };
    return { who, name: 'draft-parted', path: `${at(name)}/drafts/talk.message`, form, on: at(name) };
  };
  return {
    cookies,
    places: [
      ...named('stranger', {
        home: '/',
        'sign-in': '/sign-in',
        'sign-up': '/sign-up',
        recover: '/recover',
        verify: '/verify',
        lender: '/lenders/mingheng',
        claim: '/lenders/mingheng/join',
        'lender-ended': '/lenders/yuanfang',
        law: '/law',
        unsubscribe: `/unsubscribe/${stopToken(portal.env, { account: '0'.repeat(32), news: ['talk'] })}`,
      }),
      ...named('stranger', { open: '/open', missing: '/nowhere', gone: `/join/${'a'.repeat(43)}` }),
      ...named('half', { 'second-factor': '/second-factor' }),
      ...named('wang', {
        cases: '/cases',
        account: '/account',
        open: '/open',
        claim: '/lenders/mingheng/join',
        'set-up': '/second-factor/set-up',
      }),
      ...named('wang', Object.fromEntries(STEPS.map((step) => [`open-${step}`, `/open/pujiang/${step}`]))),
      ...within('wang', 'countered', [...OPEN, '/means?edit=1', '/share', '/sent', '/complaints', '/ways', '/ways/mediation']),
      ...named('wang', { 'countered-file': `${at('countered')}/${looked}` }),
      parted('wang', 'countered'),
      ...within('wang', 'closed', ['', '/own']),
      ...within('li', 'inForce', ['', '/agreement', '/letters/new']),
      ...within('zhao', 'agreed', ['', '/agreement', '/means']),
      ...named('zhao', { 'open-check-whole': `${draft}/check` }),
      ...['loan', 'month', 'evidence', 'proposal'].map((step) => ({
        who: joined.who,
        name: `invited-${step}`,
        path: `${joined.path}/${step}`,
      })),
      ...named('chen', { invited: `/cases/${invitation}`, suggestion: `/cases/${invitation}/suggestions/1` }),
      ...named('zhao', {
        mediated: `/cases/${invitation}`,
        'mediated-suggesting': `/cases/${invitation}/suggestions/new`,
        'mediated-cases': '/cases',
      }),
      ...named('lin', { suggestion: `/cases/${invitation}/suggestions/1`, mediation: `/cases/${invitation}/mediation` }),
      {
        who: 'wang',
        name: 'proposal-check',
        path: `${at('countered')}/proposals/check`,
        form: counter,
        on: `${at('countered')}/proposals/new`,
      },
      {
        who: 'wang',
        name: 'representative-letter',
        path: `${at('countered')}/representatives/check`,
        form: {
          ...{ name: '李婷', relation: 'lawyer', of: '春晖律师事务所', contact: 'li@law.example' },
          ...{ scope: 'negotiate', until: addDays(today, 60) },
        },
        on: `${at('countered')}/representatives`,
      },
      {
        who: 'wang',
        name: 'account-second-contact',
        path: '/account/contact',
        // The right password: ten wrong ones end a session, and some walk all of this more often.
        form: { about: 'contact', contact: '138 0013', password: PASSWORD },
        on: '/account',
      },
      ...said('wang', '你们就是一群吸血鬼，每月我还五千。'),
      ...said('lin', '再不还我就联系你单位领导。'),
      ...named('lin', {
        desk: '/desk/mingheng',
        'desk-chosen': '/desk/mingheng?show=all&order=amount&least=100&opened=2026-01-01',
        'desk-refused': '/desk/mingheng?show=all&least=many',
        'desk-new': '/desk/mingheng/new',
        'desk-import': '/desk/mingheng/import',
        'desk-import-columns': files.naming,
        'desk-import-checked': files.checked,
        'desk-import-waiting': `${files.checked}/waiting`,
        'desk-payments': '/desk/mingheng/payments',
        'desk-complaints': '/desk/mingheng/complaints',
        'desk-many-assign': `/desk/mingheng/many?do=assign&case=${cases.get('countered')}&case=${cases.get('waiting')}`,
        'desk-many-remind': `/desk/mingheng/many?do=remind&case=${cases.get('countered')}`,
        account: '/account',
      }),
      ...named('zhou', {
        vacate: `/cases/${taken}/vacate`,
        'desk-record': '/desk/mingheng/record',
        'desk-approvals': '/desk/mingheng/approvals',
        'hand-over': '/desk/mingheng/hand-over',
        'desk-exports': '/desk/mingheng/exports',
        'desk-tables': '/desk/mingheng/tables?choice=show%3Dall%26stage%3Dnegotiating',
        'desk-reports': '/desk/mingheng/reports',
        'desk-recovery': '/desk/mingheng/reports?by=agent&section=recovery',
        'desk-behind': '/desk/mingheng/reports/cases?figure=opened',
        'desk-policy': '/desk/mingheng/policy',
        'desk-templates': '/desk/mingheng/templates',
        'desk-template-new': '/desk/mingheng/templates/new',
        'desk-template': '/desk/mingheng/templates/1',
      }),
      {
        who: 'zhou',
        name: 'desk-template-refused',
        path: '/desk/mingheng/templates',
        form: { name: '催收', use: 'message', language: 'zh', text: '再不还我就联系{借款者}的单位领导。' },
        on: '/desk/mingheng/templates/new',
      },
      ...named('gu', { 'desk-templates': '/desk/pujiang/templates' }),
      ...within('zhou', 'waiting', ['', '/approvals/1']),
      ...within('lin', 'waiting', ['', '/approvals/1', '/errands']),
      ...named('lin', { 'desk-errands': '/desk/mingheng/errands' }),
      ...named('zhou', { 'desk-errands': '/desk/mingheng/errands' }),
      ...named('fang', {
        staff: '/desk/mingheng/staff',
        member,
        letters: '/desk/mingheng/letters',
        schedule: '/desk/mingheng/schedule',
        logo: '/desk/mingheng/policy/logo',
        'policy-edit': '/desk/mingheng/policy/edit',
      }),
      ...named('shen', { desk: '/desk/mingheng?show=all', record: '/desk/mingheng/record', staff: '/desk/mingheng/staff' }),
      ...within('shen', 'inForce', ['', '/agreement']),
      ...within('lin', 'countered', ['/templates/talk.message', '/templates/proposal.make']),
      ...within('lin', 'countered', [...OPEN, '/complaints', '/ways', '/ways/court']),
      ...named('lin', { 'countered-file': `${at('countered')}/${looked}` }),
      ...within('lin', 'inForce', ['', '/agreement']),
      ...within('zhou', 'inForce', ['/assign']),
      ...within('gu', 'agreed', ['', '/agreement']),
    ],
  };
}
