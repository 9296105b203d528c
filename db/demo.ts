/** The people of a demo world, and a stage on which they give commands as people would. What is played is told in `demo-cases.ts`; tests play their own. */

import { readFileSync } from 'node:fs';
import type { R2Bucket } from '@cloudflare/workers-types';
import assets from '../.heyi/assets.json' with { type: 'json' };
import { randomBytes, randomId, randomNumber } from '../worker/chance.ts';
import { DAY, instant } from '../worker/clock.ts';
import { contactIn, contactText, reachedBy } from '../worker/contact.ts';
import { execute, type Outcome, sendForApproval } from '../worker/execute/execute.ts';
import type { Fonts } from '../worker/export/font/faces.ts';
import { Sheet } from '../worker/export/sheet.ts';
import { lockedSecret, newSecret } from '../worker/factor.ts';
import { receive } from '../worker/intake/receive.ts';
import { BOLD_FONT, type FaceName, FIRST_FONT } from '../worker/negotiation/letters.ts';
import { DEFAULT_POLICY, type Policy } from '../worker/negotiation/policy.ts';
import { hashPassword } from '../worker/password.ts';
import { addDays } from '../worker/plan/calendar.ts';
import { LANGUAGES, TAGS } from '../worker/plan/languages.ts';
import { HOME } from '../worker/plan/law/place.ts';
import { dayOf } from '../worker/plan/law/zone.ts';
import { plainTerms } from '../worker/plan/plain-terms.ts';
import { type SigningKey, type StoredKey, signingKey } from '../worker/record/keys.ts';
import type { Account } from '../worker/store/accounts.ts';
import { admissions } from '../worker/store/admission.ts';
import { putFile } from '../worker/store/files.ts';
import { type AnyAdmission, type CaseFile, type Lender, openCasebookForPortal, openCaseFile, openDirectory } from '../worker/store/open.ts';
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
  fang: { name: '方洁', phone: null, email: 'fang@mingheng.example', staff: ['mingheng', 'administrator'] },
  shen: { name: '沈言', phone: null, email: 'shen@mingheng.example', staff: ['mingheng', 'auditor'] },
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

/** An installation that a stage is set in. */
export type Ground = { env: Installation; server: LibsqlServer; keys: StoredKey[]; files: R2Bucket };

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

  static async set({ env, server, keys, files }: Ground, now: number): Promise<Stage> {
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
        size: null,
        confirmedAt: since,
      };
      await directory.addAccount(account);
      accounts.set(key as Person, account);
      if ('staff' in person) {
        const [slug, capacity] = person.staff;
        // Its codes can be read at /dev/outbox, which no other than a development machine has.
        await directory.addFactor({ account: account.id, secret: await lockedSecret(keys, account.id, newSecret()), since, lastStep: 0 });
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

  /** Sends a command for approval, with words to who approves it. */
  async ask(who: Person, lender: string, caseId: string, command: string, input: unknown, words: string): Promise<void> {
    this.time = Math.min(this.time + 60_000, this.now);
    const at = instant(this.time);
    const { key } = this;
    const order = { ...this.door(who, lender, caseId), requestId: randomId(), at, key, random: randomBytes, number: randomNumber };
    const outcome = await sendForApproval({ ...order, command, input, words });
    if (!outcome.ok) throw new Error(`${command}: ${JSON.stringify(outcome.refusal)}`);
  }

  /** Into a case as its borrower, or as one of the lender's staff. */
  private door(who: Person, slug: string, caseId: string): { admission: AnyAdmission; casefile: CaseFile } {
    const account = this.accounts.get(who);
    const lender = this.lenders.get(slug);
    if (!account || !lender) throw new Error(`Nobody is called ${who} at ${slug}.`);
    const person = PEOPLE[who];
    const seat = { lender, case: caseId, capacity: 'borrower' as const, scope: null, until: null };
    const sits = 'staff' in person ? { seat: null, memberships: [{ lender, capacity: person.staff[1] }] } : { seat, memberships: [] };
    const [admission] = admissions({ account, ...sits }, caseId);
    if (!admission) throw new Error(`${who} has no way into the case.`);
    return { admission, casefile: openCaseFile(this.env, admission) };
  }

  /** Stores a document for a case as an upload would; returns its digest. */
  async upload(who: Person, lender: string, caseId: string, name: string, lines: readonly string[]): Promise<string> {
    const bytes = await sampleDocument(name, lines, instant(this.time));
    const file = await receive(new File([bytes], `${name}.pdf`));
    if ('rejected' in file) throw new Error(`The demo's own file was not taken: ${file.rejected.code}`);
    await putFile(this.files, { case: caseId, lender }, file);
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

const fontFile = (name: FaceName) => readFileSync(new URL(`../.heyi/assets${assets.fonts[name]}`, import.meta.url));

const FONTS: Fonts = {
  files: new Map([FIRST_FONT, BOLD_FONT].map((name: FaceName) => [name, fontFile(name)])),
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
    evidence: { files: [] as { sha256: string; figures: string[] }[], consent: true },
    proposal: { answers: null, terms: plainTerms(today, { phases: [{ kind: 'level', count }] }), reasons: {}, words: '按月还清。' },
    lenderName,
  };
}

/** A debt as of a day, by its parts. */
export const debt = (asOf: string, principal: number, interest: number, penalty: number, fees: number) => ({
  asOf,
  currency: HOME.currency.code,
  principal,
  interest,
  penalty,
  fees,
});

const RESERVE = { sharePpm: 100_000, floor: 20_000 };

/** A statement of means, with what is said of it. */
export function means(since: string, rest: Record<string, unknown>) {
  return {
    otherDebts: [],
    dependants: 0,
    changes: [],
    reserve: RESERVE,
    ...rest,
    cause: { kind: 'other', since, words: '', ...(rest.cause as object) },
  };
}
