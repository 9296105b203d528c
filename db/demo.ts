/** A demo world: two lenders with staff, several borrowers, cases in different states. Made by playing commands, as people would. */

import { readFileSync } from 'node:fs';
import type { R2Bucket } from '@cloudflare/workers-types';
import assets from '../.heyi/assets.json' with { type: 'json' };
import { randomBytes, randomId, randomNumber } from '../worker/chance.ts';
import { DAY, instant } from '../worker/clock.ts';
import { contactIn, contactText, reachedBy } from '../worker/contact.ts';
import { execute, type Outcome } from '../worker/execute/execute.ts';
import type { Fonts } from '../worker/export/font/faces.ts';
import { Sheet } from '../worker/export/sheet.ts';
import { receive } from '../worker/intake/receive.ts';
import { DEFAULT_POLICY, type Policy } from '../worker/negotiation/policy.ts';
import { offerDigest } from '../worker/negotiation/proposal.ts';
import { hashPassword } from '../worker/password.ts';
import { addDays, addMonths } from '../worker/plan/calendar.ts';
import { LANGUAGES, TAGS } from '../worker/plan/languages.ts';
import { HOME } from '../worker/plan/law/place.ts';
import { dayOf } from '../worker/plan/law/zone.ts';
import { plainTerms } from '../worker/plan/plain-terms.ts';
import { type SigningKey, type StoredKey, signingKey } from '../worker/record/keys.ts';
import type { Account } from '../worker/store/accounts.ts';
import { admissions } from '../worker/store/admission.ts';
import { putFile } from '../worker/store/files.ts';
import {
  type CaseAdmission,
  type CaseFile,
  type Lender,
  openCasebookForPortal,
  openCaseFile,
  openDirectory,
} from '../worker/store/open.ts';
import type { Installation } from './installation.ts';
import type { LibsqlServer } from './server.ts';
import { createTenant, makeLocal } from './tenant.ts';

export const PASSWORD = 'heyi-demo-2026';

export const PEOPLE = {
  wang: { name: '王小雨', phone: '13800138001', email: null },
  chen: { name: '陈建国', phone: null, email: 'chen@borrower.example' },
  li: { name: '李婷', phone: '13800138003', email: null },
  zhao: { name: '赵强', phone: null, email: 'zhao@borrower.example' },
  lin: { name: '林静', phone: null, email: 'lin@mingheng.example', staff: ['mingheng', 'agent'] },
  zhou: { name: '周岚', phone: null, email: 'zhou@mingheng.example', staff: ['mingheng', 'supervisor'] },
  gu: { name: '顾晨', phone: null, email: 'gu@pujiang.example', staff: ['pujiang', 'agent'] },
} as const;

const LENDERS = [
  ['mingheng', '明衡消费金融'],
  ['pujiang', '浦江网络小贷'],
] as const;

/** What the demo's lenders let their agents grant alone: 林静 may forgo most of the interest of the coming years, where somebody lost their work. */
const POLICY: Policy = {
  ...DEFAULT_POLICY,
  agentAuthority: { ...DEFAULT_POLICY.agentAuthority, longestTerm: 48, forgonePpm: 900_000 },
};

type Person = keyof typeof PEOPLE;

/** Plays the demo world into an empty installation, as of `now`. */
export async function playDemo(
  to: { env: Installation; server: LibsqlServer; keys: StoredKey[]; files: R2Bucket },
  now = Date.now(),
): Promise<void> {
  const stage = await Stage.set(to, now);
  await countered(stage);
  await waiting(stage);
  await inForce(stage);
  await agreed(stage);
  await withdrawn(stage);
  await invited(stage);
}

/** Accounts and lenders of the demo world, and a hand that gives commands in their names. */
export class Stage {
  private readonly env: Installation;
  private readonly keys: StoredKey[];
  private readonly key: SigningKey;
  private readonly files: R2Bucket;
  private readonly accounts: Map<Person, Account>;
  private readonly lenders: Map<string, Lender>;
  private readonly now: number;
  private time: number;

  private constructor(
    env: Installation,
    keys: StoredKey[],
    key: SigningKey,
    files: R2Bucket,
    accounts: Map<Person, Account>,
    lenders: Map<string, Lender>,
    now: number,
  ) {
    this.env = env;
    this.keys = keys;
    this.key = key;
    this.files = files;
    this.accounts = accounts;
    this.lenders = lenders;
    this.now = now;
    this.time = now;
  }

  static async set({ env, server, keys, files }: Parameters<typeof playDemo>[0], now: number): Promise<Stage> {
    const directory = openDirectory(env);
    const lenders = new Map<string, Lender>();
    for (const [slug, name] of LENDERS) {
      const lender = await createTenant(env, makeLocal(server), slug, name);
      await openCasebookForPortal(env, lender).setPolicy(POLICY, instant(now - 200 * DAY));
      lenders.set(slug, lender);
    }
    const accounts = new Map<Person, Account>();
    // One hash for all: it takes a third of a second to make, on purpose, and this is no secret.
    const password = await hashPassword(PASSWORD);
    const since = instant(now - 200 * DAY);
    for (const [key, person] of Object.entries(PEOPLE)) {
      const { name, email, phone } = person;
      const account: Account = {
        id: randomId(),
        name,
        email,
        phone,
        password,
        language: LANGUAGES[0],
        createdAt: since,
        confirmedAt: since,
      };
      await directory.addAccount(account);
      accounts.set(key as Person, account);
      if ('staff' in person) {
        const [slug, capacity] = person.staff;
        await directory.addStaff({ account: account.id, lender: lenders.get(slug)?.id ?? '', capacity, since });
      }
    }
    return new Stage(env, keys, await signingKey(keys), files, accounts, lenders, now);
  }

  /** Moves the clock to so many days before now, at an hour of the day in China. */
  on(daysAgo: number, hour = 10): void {
    this.time = Math.max(Date.parse(`${dayOf(instant(this.now - daysAgo * DAY), HOME.zone)}T02:00:00.000Z`) + (hour - 10) * 3_600_000, 0);
    if (this.time > this.now) this.time = this.now;
  }

  today(): string {
    return dayOf(instant(this.time), HOME.zone);
  }

  /** `to` is whom a command reaches where it invites; else it is who gives it. */
  async give(
    who: Person,
    lender: string,
    caseId: string,
    command: string,
    input: unknown,
    to: { email: string | null; phone: string | null } = PEOPLE[who],
  ): Promise<Outcome & { ok: true }> {
    this.time = Math.min(this.time + 60_000, this.now);
    const { admission, casefile } = this.door(who, lender, caseId);
    const at = instant(this.time);
    const outcome = await execute({
      admission,
      casefile,
      command,
      input,
      requestId: randomId(),
      at,
      proven: true,
      reached: reachedBy({ keys: this.keys }, contactIn(to), at),
      key: this.key,
      random: randomBytes,
      number: randomNumber,
    });
    if (!outcome.ok) throw new Error(`${command}: ${JSON.stringify(outcome.refusal)}`);
    if (command === 'case.open') {
      await openDirectory(this.env).addSeat({
        account: admission.seat.account,
        case: caseId,
        lender: admission.lender.id,
        capacity: 'borrower',
        contact: contactText(contactIn(to)),
        since: at,
      });
    }
    return outcome;
  }

  /** Into a case as its borrower, or as one of the lender's staff. */
  private door(who: Person, slug: string, caseId: string): { admission: CaseAdmission; casefile: CaseFile } {
    const account = this.accounts.get(who);
    const lender = this.lenders.get(slug);
    if (!account || !lender) throw new Error(`Nobody is called ${who} at ${slug}.`);
    const person = PEOPLE[who];
    const session = { id: '', account: account.id, expiresAt: 0, createdAt: '', device: '' };
    const seat = { lender, case: caseId, capacity: 'borrower' as const, scope: null, until: null };
    const sits = 'staff' in person ? { seat: null, memberships: [{ lender, capacity: person.staff[1] }] } : { seat, memberships: [] };
    const [admission] = admissions({ session, account, ...sits }, caseId);
    if (!admission) throw new Error(`${who} has no way into the case.`);
    return { admission, casefile: openCaseFile(this.env, admission) };
  }

  /** Stores a document for a case as an upload would; returns its digest. */
  async upload(who: Person, lender: string, caseId: string, name: string, lines: readonly string[]): Promise<string> {
    const bytes = await sampleDocument(name, lines, instant(this.time));
    const file = await receive(new File([bytes], `${name}.pdf`));
    if ('rejected' in file) throw new Error(`The demo's own file was not taken: ${file.rejected.code}`);
    await putFile(this.files, caseId, file);
    const { bytes: _, ...stored } = file;
    const casebook = openCasebookForPortal(this.env, this.lenders.get(lender) ?? { url: '', slug: '' });
    await casebook.addFiles([{ ...stored, case: caseId, account: this.accounts.get(who)?.id ?? '', at: instant(this.time) }]);
    return file.sha256;
  }
}

/** A document such as people bring as evidence. */
export async function sampleDocument(name: string, lines: readonly string[], at: string): Promise<Uint8Array<ArrayBuffer>> {
  const sheet = Sheet.begin(FONTS, { title: name, language: TAGS.zh, at });
  sheet.title(name);
  for (const line of lines) sheet.paragraph(line);
  return sheet.finish((page, all) => `${page} / ${all}`, '样例');
}

const FONTS: Fonts = {
  files: new Map([['noto-sans-sc', readFileSync(new URL(`../.heyi/assets${assets.fonts['noto-sans-sc']}`, import.meta.url))]]),
  shaper: null,
};

/** What a borrower states, for cases that are only a background. */
export function plainOpening(today: string, lenderName: string, count = 12) {
  return {
    loan: { reference: 'PLAIN-1' },
    debt: { debt: debt(today, 1_200_000, 30_000, 20_000, 0) },
    means: means(addDays(today, -30), {
      cause: { kind: 'job-loss', since: addDays(today, -30), words: '失业。' },
      incomes: [{ kind: 'salary', amount: 500_000, every: 'month' }],
      expenses: [{ kind: 'food', amount: 150_000, every: 'month' }],
    }),
    evidence: { files: [] as { sha256: string; figures: string[] }[] },
    proposal: { answers: null, terms: plainTerms(today, { phases: [{ kind: 'level', count }] }), reasons: {}, words: '按月还清。' },
    lenderName,
  };
}

const debt = (asOf: string, principal: number, interest: number, penalty: number, fees: number) => ({
  asOf,
  currency: HOME.currency.code,
  principal,
  interest,
  penalty,
  fees,
});

const RESERVE = { sharePpm: 100_000, floor: 20_000 };

function means(since: string, rest: Record<string, unknown>) {
  return {
    otherDebts: [],
    dependants: 0,
    changes: [],
    reserve: RESERVE,
    ...rest,
    cause: { kind: 'other', since, words: '', ...(rest.cause as object) },
  };
}

/** 王小雨 lost her job; the lender has countered and waits for her. */
async function countered(stage: Stage): Promise<void> {
  const id = randomId();
  const lender = 'mingheng';
  stage.on(9, 21);
  const today = stage.today();
  const notice = await stage.upload('wang', lender, id, '解除劳动合同通知', [
    '王小雨女士：',
    '因公司业务调整，双方劳动合同于上月末解除。',
    '特此通知。',
  ]);
  const flow = await stage.upload('wang', lender, id, '银行流水近三个月', [
    '近三个月工资入账：8,200.00、8,200.00、0.00',
    '房租转出：每月 2,300.00',
  ]);
  await stage.give('wang', lender, id, 'case.open', {
    loan: { reference: 'MH-2025-083317', product: '明衡畅享贷' },
    debt: { debt: debt(today, 4_260_000, 183_500, 96_240, 12_000), rate: { per: 'year', ppm: 180_000 } },
    means: means(addDays(today, -62), {
      cause: { kind: 'job-loss', since: addDays(today, -62), words: '公司裁员，我在九月底失去了工作，目前靠零工维持生活，正在面试。' },
      incomes: [
        { kind: 'gig', amount: 120_000, every: 'week' },
        { kind: 'benefit', amount: 165_000, every: 'month' },
      ],
      expenses: [
        { kind: 'housing', amount: 230_000, every: 'month' },
        { kind: 'food', amount: 150_000, every: 'month' },
        { kind: 'transport', amount: 26_000, every: 'month' },
        { kind: 'communication', amount: 9_900, every: 'month' },
      ],
      otherDebts: [{ kind: 'credit-card', amount: 60_000, every: 'month' }],
      dependants: 1,
      changes: [{ from: addMonths(today, 6), direction: 'more', amount: 150_000 }],
    }),
    evidence: {
      files: [
        { sha256: notice, figures: ['incomes.benefit'] },
        { sha256: flow, figures: ['expenses.housing', 'incomes.gig'] },
      ],
    },
    proposal: {
      answers: null,
      terms: plainTerms(today, {
        waive: { penalty: 96_240, fees: 12_000 },
        phases: [
          { kind: 'pause', count: 2, interest: 'waived' },
          { kind: 'level', count: 48 },
        ],
      }),
      reasons: { penalty: '失业以后实在没有能力再承担罚息，本金和利息我会还清。', fees: '希望能免去逾期产生的费用。' },
      words: '我愿意还清欠款。现在收入不稳定，希望先缓两个月，之后每月按时还。',
    },
    lenderName: '明衡消费金融',
  });
  stage.on(8, 10);
  await stage.give('lin', lender, id, 'talk.message', {
    words: '王女士您好，我是明衡的经办林静。材料已收到，正在核对，三个工作日内给您答复。',
  });
  await stage.give('lin', lender, id, 'evidence.accept', { file: notice });
  await stage.give('lin', lender, id, 'means.verify', { figure: 'expenses.housing' });
  await stage.give('lin', lender, id, 'means.query', {
    figure: 'incomes.gig',
    words: '零工收入的流水只到上月中旬，方便补充最近两周的吗？',
  });
  stage.on(7, 20);
  await stage.give('wang', lender, id, 'means.answer', {
    figure: 'incomes.gig',
    words: '最近两周分别是 1,150 元和 1,260 元，平台周结，截图随后补上。',
  });
  stage.on(6, 15);
  await stage.give('lin', lender, id, 'talk.logCall', {
    when: `${stage.today()}T14:30`,
    direction: 'to-borrower',
    minutes: 6,
    words: '与王女士核对了收入情况，说明我司可减免罚息，但希望宽限期缩短为一个月。',
  });
  stage.on(2, 11);
  await stage.give('lin', lender, id, 'debt.confirm', { total: 4_260_000 + 183_500 + 96_240 + 12_000 });
  const now = stage.today();
  await stage.give('lin', lender, id, 'proposal.make', {
    answers: 1,
    terms: plainTerms(now, {
      rate: { per: 'year', ppm: 36_000 },
      waive: { penalty: 96_240 },
      phases: [
        { kind: 'pause', count: 1, interest: 'waived' },
        { kind: 'level', count: 36 },
      ],
    }),
    reasons: { penalty: '考虑到失业属实，罚息全部减免。' },
    words: '我们可以免除全部罚息，利率降到年 3.6%。宽限一个月后，分 36 期还清。',
    expiresInDays: 7,
  });
}

/** 陈建国 fell ill; his proposal waits for the lender. */
async function waiting(stage: Stage): Promise<void> {
  const id = randomId();
  stage.on(1, 22);
  const today = stage.today();
  await stage.give('chen', 'mingheng', id, 'case.open', {
    loan: { reference: 'MH-2024-110925' },
    debt: { debt: debt(today, 1_850_000, 74_000, 41_000, 0) },
    means: means(addDays(today, -120), {
      cause: {
        kind: 'illness',
        since: addDays(today, -120),
        until: addMonths(today, 4),
        words: '腰椎手术后在家休养，病假工资只有原来的一半。',
      },
      incomes: [{ kind: 'salary', amount: 420_000, every: 'month' }],
      expenses: [
        { kind: 'food', amount: 140_000, every: 'month' },
        { kind: 'medical', amount: 90_000, every: 'month' },
        { kind: 'utilities', amount: 36_000, every: 'month' },
      ],
      dependants: 2,
    }),
    evidence: { files: [] },
    proposal: {
      answers: null,
      terms: plainTerms(today, {
        waive: { penalty: 41_000 },
        phases: [
          { kind: 'fixed', amount: 60_000, count: 6 },
          { kind: 'level', count: 18 },
        ],
      }),
      reasons: { penalty: '逾期是因为住院，请考虑免除罚息。' },
      words: '前六个月身体还在恢复，先少还一些，之后恢复上班就能多还。',
    },
    lenderName: '明衡消费金融',
  });
}

/** 李婷's agreement is in force; she has paid twice. */
async function inForce(stage: Stage): Promise<void> {
  const id = randomId();
  const lender = 'mingheng';
  stage.on(96, 19);
  const today = stage.today();
  const owed = debt(today, 960_000, 31_200, 18_500, 0);
  await stage.give('li', lender, id, 'case.open', {
    loan: { reference: 'MH-2025-020446', product: '明衡畅享贷' },
    debt: { debt: owed },
    means: means(addDays(today, -90), {
      cause: { kind: 'income-drop', since: addDays(today, -90), words: '店里客流减少，提成少了一大半。' },
      incomes: [{ kind: 'salary', amount: 460_000, every: 'month' }],
      expenses: [
        { kind: 'housing', amount: 180_000, every: 'month' },
        { kind: 'food', amount: 120_000, every: 'month' },
      ],
    }),
    evidence: { files: [] },
    proposal: {
      answers: null,
      terms: plainTerms(today, { waive: { penalty: 18_500 }, phases: [{ kind: 'level', count: 12 }] }),
      reasons: { penalty: '收入减少，请免除罚息。' },
      words: '我想分一年还清。',
    },
    lenderName: '明衡消费金融',
  });
  stage.on(94, 10);
  await stage.give('lin', lender, id, 'debt.confirm', { total: 960_000 + 31_200 + 18_500 });
  const counter = plainTerms(stage.today(), { waive: { penalty: 9_250 }, phases: [{ kind: 'level', count: 12 }] });
  await stage.give('lin', lender, id, 'proposal.make', { answers: 1, terms: counter, reasons: {}, words: '罚息可以免一半，期数不变。' });
  stage.on(93, 20);
  const digest = offerDigest(owed, counter);
  await stage.give('li', lender, id, 'proposal.accept', { version: 2, digest });
  await stage.give('li', lender, id, 'agreement.sign', { digest, name: '李婷' });
  stage.on(92, 10);
  await stage.give('lin', lender, id, 'agreement.sign', { digest, name: '林静' });
  for (const [paidOn, confirmedOn, method] of [
    [64, 63, 'bank-transfer'],
    [34, 33, 'alipay'],
  ] as const) {
    stage.on(paidOn, 12);
    const { entries } = await stage.give('li', lender, id, 'payment.report', { amount: 83_371, on: stage.today(), method });
    stage.on(confirmedOn, 9);
    await stage.give('lin', lender, id, 'payment.confirm', { payment: entries[0]?.seq });
  }
  stage.on(1, 12);
  await stage.give('li', lender, id, 'payment.report', { amount: 83_371, on: stage.today(), method: 'alipay', reference: '20261122-7714' });
}

/** 赵强 and the lender have agreed; the lender has not signed yet. */
async function agreed(stage: Stage): Promise<void> {
  const id = randomId();
  const lender = 'pujiang';
  stage.on(5, 9);
  const today = stage.today();
  const owed = debt(today, 620_000, 22_800, 15_000, 3_000);
  const offer = plainTerms(today, {
    waive: { penalty: 15_000, fees: 3_000 },
    upfront: { due: addDays(today, 10), amount: 100_000 },
    phases: [{ kind: 'level', count: 9 }],
  });
  await stage.give('zhao', lender, id, 'case.open', {
    loan: { reference: 'PJ20250611-882' },
    debt: { debt: owed },
    means: means(addDays(today, -45), {
      cause: { kind: 'business', since: addDays(today, -45), words: '摊位搬迁，停业了一个多月，现在已经恢复营业。' },
      incomes: [{ kind: 'self-employment', amount: 150_000, every: 'week' }],
      expenses: [
        { kind: 'housing', amount: 150_000, every: 'month' },
        { kind: 'food', amount: 160_000, every: 'month' },
        { kind: 'children', amount: 120_000, every: 'month' },
      ],
      dependants: 2,
    }),
    evidence: { files: [] },
    proposal: {
      answers: null,
      terms: offer,
      reasons: { penalty: '停业期间没有收入。', fees: '希望一并免去。' },
      words: '我先付一千元，余下九个月还清。',
    },
    lenderName: '浦江网络小贷',
  });
  stage.on(4, 14);
  await stage.give('gu', lender, id, 'talk.message', { words: '赵先生，您的方案符合我司政策，减免部分需要主管复核，请稍候。' });
  await stage.give('gu', lender, id, 'debt.confirm', { total: 660_800 });
  stage.on(3, 10);
  const plain = plainTerms(stage.today(), {
    waive: { penalty: 9_000 },
    upfront: { due: addDays(stage.today(), 8), amount: 100_000 },
    phases: [{ kind: 'level', count: 9 }],
  });
  await stage.give('gu', lender, id, 'proposal.make', {
    answers: 1,
    terms: plain,
    reasons: {},
    words: '罚息可以免去 90 元，费用照付，其余按您的方案。',
  });
  stage.on(2, 20);
  const digest = offerDigest(owed, plain);
  await stage.give('zhao', lender, id, 'proposal.accept', { version: 2, digest });
  await stage.give('zhao', lender, id, 'agreement.sign', { digest, name: '赵强' });
}

/** 王小雨 paid a small loan another way and closed the case. */
async function withdrawn(stage: Stage): Promise<void> {
  const id = randomId();
  stage.on(40, 20);
  const today = stage.today();
  await stage.give('wang', 'pujiang', id, 'case.open', {
    loan: { reference: 'PJ20250903-071' },
    debt: { debt: debt(today, 150_000, 4_100, 1_900, 0) },
    means: means(addDays(today, -30), {
      cause: { kind: 'job-loss', since: addDays(today, -30), words: '刚刚失业。' },
      incomes: [{ kind: 'benefit', amount: 165_000, every: 'month' }],
      expenses: [{ kind: 'food', amount: 120_000, every: 'month' }],
    }),
    evidence: { files: [] },
    proposal: { answers: null, terms: plainTerms(today, { phases: [{ kind: 'level', count: 6 }] }), reasons: {}, words: '分六个月还。' },
    lenderName: '浦江网络小贷',
  });
  stage.on(36, 9);
  await stage.give('wang', 'pujiang', id, 'case.close', { reason: 'paid-otherwise', words: '家人帮忙还清了，谢谢。' });
}

/** A case that the lender opened and to which the borrower is invited. */
async function invited(stage: Stage): Promise<void> {
  stage.on(0, 9);
  const loan = {
    loan: { reference: 'PJ20250718-340', product: '浦江周转金' },
    debt: { debt: debt(stage.today(), 880_000, 36_400, 22_000, 0), rate: { per: 'year', ppm: 150_000 } },
    borrowerName: '孙悦',
    lenderName: '浦江网络小贷',
  };
  await stage.give('gu', 'pujiang', randomId(), 'case.openForBorrower', loan, { email: null, phone: '13900139009' });
}
