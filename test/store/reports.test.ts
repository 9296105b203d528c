import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Installation, openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { miscounted, rebuild } from '../../db/rebuild.ts';
import type { LibsqlServer } from '../../db/server.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { DAY, instant } from '../../worker/clock.ts';
import { answerAutomatically } from '../../worker/execute/automatic.ts';
import { writeDue } from '../../worker/execute/due.ts';
import { eraseContents } from '../../worker/execute/erase.ts';
import { execute } from '../../worker/execute/execute.ts';
import { type Case, fold, known } from '../../worker/negotiation/case.ts';
import type { Entry } from '../../worker/negotiation/entry.ts';
import { BY_POLICY, milestonesOf } from '../../worker/negotiation/milestones.ts';
import { DEFAULT_POLICY } from '../../worker/negotiation/policy.ts';
import { onTable } from '../../worker/negotiation/proposal.ts';
import { DIMENSIONS, type FigureName, figureNames, figureOf, figuresOf } from '../../worker/negotiation/report.ts';
import { addDays, daysBetween } from '../../worker/plan/calendar.ts';
import { CHINA } from '../../worker/plan/law/china.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import { addWorkingDays } from '../../worker/plan/law/working-days.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { type SigningKey, signingKey } from '../../worker/record/keys.ts';
import { admissions, admitSeated } from '../../worker/store/admission.ts';
import { connect } from '../../worker/store/connect.ts';
import { type Casebook, casebookUrl, type Lender, openCasebookForPortal, openCaseFile } from '../../worker/store/open.ts';
import { type Behind, type BehindKey, behindOf, byKey, byMonth } from '../../worker/store/reports.ts';
import { level, MEANS } from '../negotiation/play.ts';
import { planOf } from './piled.ts';

/** Reports add up to the record: cases that take their course as chance has it, through the very commands, each figure counted again from their entries alone. */

/** So many cases at least; more, until each of `EVERY` has come about. */
const CASES = 16;
const MOST_CASES = 80;
const STEPS = 24;

/** The same course each time. */
let seed = 20261124;
function chance(most: number): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * most);
}

let data: string;
let env: Installation;
let server: LibsqlServer;
let lender: Lender;
let casebook: Casebook;
let key: SigningKey;
let db: ReturnType<typeof connect>;

const account = (id: string, name: string) => ({
  ...{ id, name, email: null, phone: null, password: '', language: 'zh' as const, size: null, createdAt: '', confirmedAt: '' },
});
const today = () => dayOf(instant(), HOME.zone);
const by = () => ({ casebook, lender: lender.slug, at: instant(), key, random: randomBytes });

type Who = 'borrower' | 'lin' | 'zhou';

async function give(id: string, who: Who, command: string, input: unknown) {
  const person = who === 'borrower' ? account(`b${id.slice(0, 8)}`, '王小雨') : account(who, who);
  const [seated] =
    who === 'borrower'
      ? [admitSeated(id, person, lender)]
      : admissions({ account: person, seat: null, memberships: [{ lender, capacity: who === 'lin' ? 'agent' : 'supervisor' }] }, id);
  if (seated?.to !== 'case') throw new Error(who);
  const casefile = openCaseFile(env, seated);
  const instruments = { at: instant(), key, random: randomBytes, number: randomNumber };
  return execute({ admission: seated, casefile, command, input, requestId: randomId(), proven: true, ...instruments });
}

const PRODUCTS = [undefined, '消费贷', '现金分期'];

async function open(i: number): Promise<string> {
  const id = i.toString(16).padStart(32, '0');
  const product = PRODUCTS[chance(3)];
  const loan = { reference: `R-${i}`, ...(product ? { product } : {}) };
  const debt = {
    asOf: today(),
    currency: 'CNY' as const,
    principal: 300_000 + chance(900_000),
    interest: 30_000,
    penalty: 20_000,
    fees: 5_000,
  };
  const opened =
    i % 3 === 0
      ? await give(id, 'lin', 'case.openForBorrower', {
          loan,
          debt: { debt, overdueSince: addDays(today(), -chance(200)) },
          borrowerName: '王小雨',
          lenderName: '安科',
        })
      : await give(id, 'borrower', 'case.open', {
          ...{
            loan,
            means: { ...MEANS, cause: { ...MEANS.cause, since: '2025-10-01' } },
            evidence: { files: [], consent: true },
            lenderName: '安科',
          },
          ...{ debt: { debt, overdueSince: addDays(today(), -chance(200)) }, proposal: proposal(null) },
        });
  if (!opened.ok) throw new Error(JSON.stringify(opened.refusal));
  if (i % 3 === 0) await give(id, 'borrower', 'case.join', { name: '王小雨' });
  return id;
}

function proposal(answers: number | null) {
  const waive = { ...(chance(2) ? { penalty: 5_000 + chance(15_000) } : {}), ...(chance(3) ? {} : { interest: 10_000 }) };
  const dates = { start: today(), firstDue: addDays(today(), 20 + chance(20)) };
  const reasons = { penalty: '失业。', interest: '失业。' };
  return { answers, terms: level(2 + chance(8), { ...dates, waive }), reasons, words: '按月还清。' };
}

type Move = readonly [Who, string];
const EVERYWHERE: readonly Move[] = [
  ...([
    ['lin', 'call'],
    ['lin', 'call'],
    ['borrower', 'same-call'],
    ['borrower', 'contest'],
    ['lin', 'write'],
    ['borrower', 'wish'],
  ] as const),
];
/** What is likely as a case stands; anything may be tried at any time, and be refused. */
const COURSE: Partial<Record<Case['stage'], readonly Move[]>> = {
  negotiating: [
    ...([
      ['borrower', 'offer'],
      ['borrower', 'offer'],
      ['lin', 'offer'],
      ['zhou', 'offer'],
      ['borrower', 'accept'],
      ['zhou', 'accept'],
      ['zhou', 'accept'],
    ] as const),
    ...([
      ['zhou', 'decline'],
      ['borrower', 'withdraw'],
      ['lin', 'confirm'],
      ['lin', 'confirm'],
      ['borrower', 'decline'],
      ['borrower', 'close'],
    ] as const),
    ...EVERYWHERE,
  ],
  agreed: [
    ['borrower', 'sign'],
    ['zhou', 'sign'],
    ['lin', 'write'],
  ],
  'in-force': [
    ...([
      ['zhou', 'pay'],
      ['borrower', 'pay'],
      ['zhou', 'receive'],
      ['zhou', 'pay-all'],
      ['borrower', 'move'],
      ['zhou', 'wait'],
      ['zhou', 'wait'],
    ] as const),
    ...([
      ['zhou', 'reverse'],
      ['zhou', 'take-back'],
      ['borrower', 'offer'],
      ['zhou', 'accept'],
      ['borrower', 'sign'],
      ['zhou', 'sign'],
    ] as const),
    ...EVERYWHERE,
  ],
  'in-arrears': [
    ['zhou', 'pay'],
    ['zhou', 'break'],
    ['zhou', 'wait'],
    ['borrower', 'offer'],
    ['zhou', 'accept'],
    ['borrower', 'sign'],
    ['zhou', 'sign'],
  ],
  broken: [
    ['zhou', 'pay'],
    ['zhou', 'pay-all'],
    ['borrower', 'offer'],
    ['zhou', 'accept'],
    ['borrower', 'sign'],
    ['zhou', 'sign'],
  ],
  completed: [
    ['zhou', 'reverse'],
    ['zhou', 'take-back'],
    ['zhou', 'wait'],
  ],
};

async function step(id: string): Promise<void> {
  const { kase } = await casebook.load(id, '', '');
  const moves = COURSE[kase.stage] ?? EVERYWHERE;
  const [who, what] = moves[chance(moves.length)] ?? ['lin', 'write'];
  const table = onTable(kase, instant());
  const paid = kase.payments.at(-1)?.seq;
  const unsigned = kase.variation ?? kase.agreement;
  const pay = (amount: number) => give(id, who, 'payment.report', { amount, on: addDays(today(), -chance(3)), method: 'app' });
  const call = Object.values(kase.calls).find((one) => one.state === 'logged' && one.side === 'lender');
  if (what === 'offer') await give(id, who, 'proposal.make', proposal(table?.version ?? null));
  if (what === 'accept' && table) await give(id, who, 'proposal.accept', { version: table.version, digest: table.digest });
  if (what === 'decline' && table)
    await give(id, who, 'proposal.decline', { version: table.version, reasons: ['too-low'], words: '太低。' });
  if (what === 'withdraw' && table) await give(id, who, 'proposal.withdraw', { version: table.version });
  if (what === 'confirm' && kase.debts.borrower) await give(id, who, 'debt.confirm', { total: outstanding(kase.debts.borrower) });
  if (what === 'sign' && unsigned)
    await give(id, who, 'agreement.sign', { digest: unsigned.digest, name: who === 'borrower' ? '王小雨' : who });
  if (what === 'pay') await pay(1 + chance(200_000));
  if (what === 'pay-all') await pay(3_000_000);
  if (what === 'receive' && paid) await give(id, who, 'payment.confirm', { payment: paid });
  if (what === 'reverse' && paid) await give(id, who, 'payment.reverse', { payment: paid, words: '退回。' });
  if (what === 'take-back' && paid) await give(id, who, 'payment.withdraw', { payment: paid, words: '误记。' });
  if (what === 'break') await give(id, who, 'arrears.declareBroken', { words: '没有回应。' });
  if (what === 'call') {
    const log = { when: `${today()}T0${1 + chance(3)}:30`, direction: 'to-borrower', minutes: 3, words: '谈了还款。' };
    await give(id, who, 'talk.logCall', {
      ...log,
      outcome: (['effective', 'unanswered'] as const)[chance(2)],
      called: chance(5) ? 'party' : 'work',
    });
  }
  const [same] = Object.values(kase.calls).filter((one) => one.side === 'lender' && one.when);
  if (what === 'same-call' && same?.when)
    await give(id, who, 'talk.logCall', {
      when: same.when,
      direction: 'to-borrower',
      minutes: 2,
      outcome: same.outcome,
      called: same.called,
      words: '接到来电。',
    });
  if (what === 'wait') vi.setSystemTime(Date.now() + 30 * DAY);
  if (what === 'contest' && call) await give(id, who, 'talk.contestCall', { call: call.seq, words: '没有这通电话。' });
  if (what === 'write') await give(id, who, 'talk.message', { words: '请查看方案。' });
  if (what === 'wish') await give(id, who, 'contact.wish', { asks: ['writing', 'not-at-work'], when: 'usual' });
  if (what === 'move') await give(id, who, 'move.ask', { no: 1 + chance(3), by: 'day', to: addDays(today(), 40), words: '推迟。' });
  if (what === 'close') await give(id, who, 'case.close', { reason: 'withdrawn' });
  vi.setSystemTime(Date.now() + Math.floor((chance(12) * DAY) / 8));
  if (chance(3) === 0) vi.setSystemTime(Date.now() + chance(20) * DAY);
  await writeDue(by(), [id]);
  if (chance(2)) await answerAutomatically(by(), id);
}

const ids: string[] = [];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-06T04:00:00.000Z') });
  data = mkdtempSync(join(tmpdir(), 'heyi-reports-'));
  ({ env, server } = await openLocal(data));
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  lender = await createTenant(env, makeLocal(server), 'acme', '安科消费金融');
  casebook = openCasebookForPortal(env, lender);
  db = connect(casebookUrl(env, lender), env.casebookToken);
  key = await signingKey(env.keys);
  const band = { fromDaysOverdue: 0, principalPpm: 0, interestPpm: 200_000, penaltyPpm: 600_000, feesPpm: 0 };
  await casebook.setPolicy({ ...DEFAULT_POLICY, waivers: [band], automatic: { accept: true, counter: true } }, instant());
  const kinds = new Set<string>();
  for (let i = 0; i < MOST_CASES && (i < CASES || EVERY.some((one) => !kinds.has(one))); i++) {
    vi.setSystemTime(Date.parse('2026-01-06T04:00:00.000Z') + i * 3 * DAY);
    const id = await open(i);
    ids.push(id);
    for (let n = 0; n < STEPS; n++) await step(id);
    for (const { kind, outcome } of (await casebook.milestones(id)).counted) kinds.add(`${kind} ${outcome}`);
  }
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

const recordOf = async (id: string) => (await casebook.record(id))?.entries ?? [];
const entriesOf = async (id: string) => (await recordOf(id)).flatMap((one) => known(one) ?? []);

const YEAR = { from: '2026-01', until: '2029-12' };

/** What chance has come to, so that nothing below is counted of nothing. */
const EVERY = [
  ...[
    'agreement kept',
    'agreement arrears',
    'agreement broken',
    'agreement completed',
    'varied signed',
    'acceptance signed',
    'counter accepted',
  ],
  ...[
    'answer answered',
    'answer lapsed',
    'answer replaced',
    'answer withdrawn',
    'waived.penalty signed',
    'waived.interest signed',
    'due ',
    'paid ',
  ],
  ...[
    'call effective',
    'call contested',
    'call same',
    'beyond.hours counted',
    'beyond.wish-work counted',
    'written talk.message',
    'opened ',
  ],
];

test('what is counted in the course of a case is what its whole record comes to, and rebuilding finds no difference', async () => {
  const policyAt = await casebook.policiesAt();
  const kinds = new Set<string>();
  for (const id of ids) {
    const { counted: kept } = await casebook.milestones(id);
    expect(kept).toEqual(milestonesOf(await recordOf(id), policyAt));
    for (const { kind, outcome } of kept) kinds.add(`${kind} ${outcome}`);
  }
  expect([...kinds]).toEqual(expect.arrayContaining(EVERY));
  expect(await rebuild(env, 'acme', false)).toMatchObject({ differences: [], broken: [] });
});

/** Something that a figure counts, found in the entries by hand. */
type Found = { figures: FigureName[]; month: string; agent: string | null; value: number };

const dayIn = ({ at }: Pick<Entry, 'at'>) => dayOf(at, HOME.zone);

/** A case counted from its entries, by nothing that the portal counts by. */
function counted(entries: readonly Entry[]): Found[] {
  const found: Found[] = [];
  const add = (figures: FigureName[], day: string, agent: string | null, value = 1) =>
    found.push({ figures, month: day.slice(0, 7), agent, value });
  const whole = entries.flatMap((one) => (one.content === null || one.author === null ? [] : [one]));
  const offers = whole.flatMap((one) => (one.kind === 'proposal.made' ? [one] : []));
  const staff = (one: Entry) => (one.author?.side === 'lender' ? one.author.account : one.author?.side === 'portal' ? BY_POLICY : null);
  const granted = (version: number) => {
    const accepted = whole.find((one) => one.kind === 'proposal.accepted' && one.content.version === version);
    const offer = offers.find(({ content }) => content.version === version);
    const by = offer && staff(offer) !== null ? offer : accepted;
    return by ? staff(by) : null;
  };

  for (const one of whole) if (one.kind === 'case.opened') add(['opened'], dayIn(one), staff(one));

  for (const offer of offers) {
    const { version, automatic } = offer.content;
    const end = whole.find(
      (one) =>
        one.seq > offer.seq &&
        (one.kind === 'proposal.made' ||
          one.kind === 'case.closed' ||
          one.kind === 'performance.completed' ||
          ((one.kind === 'proposal.accepted' ||
            one.kind === 'proposal.declined' ||
            one.kind === 'proposal.withdrawn' ||
            one.kind === 'proposal.expired') &&
            one.content.version === version)),
    );
    const isOther = end !== undefined && (staff(end) === null) !== (staff(offer) === null);
    if (automatic !== undefined) {
      const became: Partial<Record<Entry['kind'], FigureName>> = {
        'proposal.accepted': 'countersAccepted',
        'proposal.declined': 'countersDeclined',
        'proposal.made': isOther ? 'countersAnswered' : 'countersEnded',
      };
      add(['counters', end ? (became[end.kind] ?? 'countersEnded') : 'countersOpen'], dayIn(offer), '@policy');
    }
    if (offer.author.side !== 'borrower') continue;
    const isAnswer = end?.kind === 'proposal.accepted' || end?.kind === 'proposal.declined' || (end?.kind === 'proposal.made' && isOther);
    const promised = addWorkingDays(CHINA.holidays, dayIn(offer), DEFAULT_POLICY.answerWithin).date;
    if (end && isAnswer) {
      let days = 0;
      while (addWorkingDays(CHINA.holidays, dayIn(offer), days + 1).date <= dayIn(end)) days += 1;
      add(['asked', dayIn(end) <= promised ? 'inTime' : 'late'], dayIn(offer), staff(end));
      add(['answerMedian', 'answerMost'], dayIn(offer), staff(end), days);
    } else add(['asked', !end ? 'waiting' : end.kind === 'proposal.expired' ? 'lapsed' : 'takenBack'], dayIn(offer), null);
  }

  let holds: { version: number; from: string; rows: { no: number | null; due: string; payment: number }[] } | null = null;
  const signed = whole.flatMap((one) => (one.kind === 'agreement.in-force' ? [one] : []));
  const plans: { due: string; payment: number; agent: string | null }[] = [];
  const last = fold(entries);
  for (const one of whole) {
    if (one.kind === 'agreement.in-force') {
      const { version } = one.content;
      // Of several that were drawn up of one version there are none: a version is accepted once.
      const drawn = whole.find((each) => each.kind === 'agreement.drawn-up' && each.content.version === version);
      if (drawn?.kind !== 'agreement.drawn-up') throw new Error('It was drawn up.');
      const { debt, terms } = drawn.content;
      const worked = schedule(debt, terms);
      if ('refused' in worked) throw new Error('It has a plan.');
      if (holds) {
        const before = granted(holds.version);
        plans.push(...holds.rows.filter(({ due }) => due < dayIn(one)).map((row) => ({ ...row, agent: before })));
      }
      holds = { version, from: dayIn(one), rows: worked.rows };
      const agent = granted(version);
      if (one === signed[0]) {
        const stands = ({ 'in-force': 'kept', 'in-arrears': 'arrears', broken: 'broken', completed: 'completed' } as const)[
          String(last.stage)
        ];
        if (!stands) throw new Error(last.stage);
        add(['agreed', stands], dayIn(one), agent);
        add(['agreedMedian', 'agreedMost'], dayIn(one), agent, daysBetween(dayIn(entries[0] ?? one), dayIn(one)));
        const offer = offers.find(({ content }) => content.version === version);
        if (offer?.author.side === 'borrower' && agent === '@policy') add(['acceptancesSigned'], dayIn(drawn), agent);
      } else add(['varied'], dayIn(one), agent);
      const waived = [
        ['principal', 'waivedPrincipal', 'beyondPrincipal', 0],
        ['interest', 'waivedInterest', 'beyondInterest', 200_000],
        ['penalty', 'waivedPenalty', 'beyondPenalty', 600_000],
        ['fees', 'waivedFees', 'beyondFees', 0],
      ] as const;
      for (const [part, figure, beyond, ppm] of waived) {
        const amount = terms.waive[part] ?? 0;
        add([figure, 'waived'], dayIn(one), agent, amount);
        add([beyond], dayIn(one), agent, Math.max(0, amount - Math.floor((debt[part] * ppm) / 1_000_000)));
      }
    }
    if (one.kind === 'instalment.moved' && holds)
      holds.rows = holds.rows.map((row) => (row.no === one.content.no ? { ...row, due: one.content.to } : row));
    if (one.kind === 'proposal.accepted' && one.content.automatic !== undefined) add(['acceptances'], dayIn(one), '@policy');
  }
  const done = whole.findLast((one) => one.kind === 'performance.completed');
  const until = last.stage === 'completed' && done?.kind === 'performance.completed' ? (done.content.on ?? dayIn(done)) : '9999';
  const agent = holds && granted(holds.version);
  const plan = [...plans, ...(holds?.rows ?? []).map((row) => ({ ...row, agent }))].filter(({ due }) => due <= until);
  for (const { due, payment, agent: theirs } of plan) add(['due'], due, theirs, payment);

  for (const one of whole) {
    if (one.kind !== 'payment.reported') continue;
    const after = whole.filter((each) => 'payment' in each.content && each.content.payment === one.seq).map(({ kind }) => kind);
    const counts = after.includes('payment.confirmed') || one.author.side === 'lender';
    if (!counts || after.includes('payment.withdrawn') || after.includes('payment.reversed')) continue;
    // By whose agreement it was paid: the one that held when it was received.
    const received = whole.find((each) => each.kind === 'payment.confirmed' && each.content.payment === one.seq) ?? one;
    const at = one.author.side === 'lender' ? one : received;
    add(['paid'], one.content.on, granted(signed.findLast(({ seq }) => seq < at.seq)?.content.version ?? 0), one.content.amount);
  }

  const seen = new Set<string>();
  const contested = whole.flatMap((one) => (one.kind === 'talk.call-contested' ? [one.content.call] : []));
  for (const one of whole) {
    if (one.author.side === 'lender' && one.kind === 'talk.message') add(['written'], dayIn(one), staff(one));
    if (one.kind !== 'talk.call-logged') continue;
    const { when, outcome, called, beyond = [] } = one.content;
    if (contested.includes(one.seq)) {
      add(['contested'], when, staff(one));
      continue;
    }
    if (seen.has(`${when} ${outcome} ${called}`)) continue;
    seen.add(`${when} ${outcome} ${called}`);
    add(['calls', outcome === 'effective' ? 'effective' : 'unanswered'], when, staff(one));
    for (const { what } of beyond)
      add(
        ['beyond', what === 'hours' ? 'hours' : what === 'effective' ? 'tooMany' : what === 'tries' ? 'tooOften' : 'wishes'],
        when,
        staff(one),
      );
  }
  return found;
}

/** The figures of what was found: sums, and of days the least within which so many of a hundred are. */
function figuresByHand(found: readonly Found[]): Partial<Record<FigureName, number | null>> {
  const sum = (name: FigureName) => found.filter(({ figures }) => figures.includes(name)).reduce((all, { value }) => all + value, 0);
  const within = (name: FigureName, percent: number) => {
    const days = found.filter(({ figures }) => figures.includes(name)).map(({ value }) => value);
    return days.sort((a, b) => a - b)[Math.ceil((days.length * percent) / 100) - 1] ?? null;
  };
  return {
    ...Object.fromEntries(figureNames.map((name) => [name, sum(name)])),
    ...{ answerMedian: within('answerMedian', 50), answerMost: within('answerMost', 90) },
    ...{ agreedMedian: within('agreedMedian', 50), agreedMost: within('agreedMost', 90) },
    recovered: sum('due') === 0 ? null : Math.round((sum('paid') / sum('due')) * 1_000_000),
  };
}

describe('every figure is what the entries say', () => {
  const all: Found[] = [];
  beforeAll(async () => {
    for (const id of ids) all.push(...counted(await entriesOf(id)));
  });

  test('by month, and all together', async () => {
    const tallies = await casebook.tallies(YEAR, 'month');
    expect(figuresOf(tallies)).toEqual(figuresByHand(all));
    const months = new Set([...tallies.map(({ group }) => group), ...all.filter(({ value }) => value > 0).map(({ month }) => month)]);
    expect(months.size).toBeGreaterThan(5);
    for (const month of months)
      expect([month, figuresOf(tallies.filter(({ group }) => group === month))]).toEqual([
        month,
        figuresByHand(all.filter((one) => one.month === month)),
      ]);
  });

  test('by whoever acted', async () => {
    const tallies = await casebook.tallies(YEAR, 'agent');
    const agents = new Set(tallies.map(({ group }) => group));
    expect([...agents].sort()).toEqual(['', '@policy', 'lin', 'zhou']);
    for (const agent of agents) {
      const theirs = all.filter((one) => (one.agent ?? '') === agent);
      expect([agent, figuresOf(tallies.filter(({ group }) => group === agent))]).toEqual([agent, figuresByHand(theirs)]);
      const only = await casebook.tallies({ ...YEAR, only: { by: 'agent', key: agent } }, 'month');
      expect(figuresOf(only)).toEqual(figuresByHand(theirs));
    }
  });

  test('of some months alone, and by product and version all add up to the same', async () => {
    const some = { from: '2026-02', until: '2026-04' };
    const theirs = figuresByHand(all.filter(({ month }) => month >= some.from && month <= some.until));
    expect(figuresOf(await casebook.tallies(some, 'month'))).toEqual(theirs);
    for (const by of DIMENSIONS) expect(figuresOf(await casebook.tallies(some, by))).toEqual(theirs);
    expect(new Set((await casebook.tallies(YEAR, 'product')).map(({ group }) => group))).toEqual(new Set(['', '消费贷', '现金分期']));
  });

  test('and opens to the cases behind it: as many rows, and what they sum up to', async () => {
    const tallies = await casebook.tallies(YEAR, 'month');
    for (const period of [YEAR, { ...YEAR, only: { by: 'agent', key: 'zhou' } as const }, { from: '2026-02', until: '2026-03' }]) {
      const figures = figuresOf(await casebook.tallies(period, 'month'));
      for (const name of figureNames) {
        const { measure } = figureOf(name);
        const rows = await behind(name, period);
        if (measure === 'count') expect([name, rows.length]).toEqual([name, figures[name]]);
        if (measure === 'amount' || measure === 'beyond')
          expect([name, rows.reduce((sum, { counted }) => sum + (counted[measure] ?? 0), 0)]).toEqual([name, figures[name]]);
        if (measure === 'beyond') expect(rows.every(({ counted }) => (counted.beyond ?? 0) > 0)).toBe(true);
      }
    }
    expect(tallies.length).toBeGreaterThan(20);
  });
});

async function behind(name: FigureName, period: Parameters<typeof casebook.behind>[1]): Promise<Behind[]> {
  const rows: Behind[] = [];
  let from: BehindKey | undefined;
  do {
    const page = await casebook.behind(figureOf(name), period, from);
    rows.push(...page.rows);
    from = page.next ?? undefined;
  } while (from);
  expect(new Set(rows.map(({ id, kind, no }) => `${id} ${kind} ${no}`)).size).toBe(rows.length);
  return rows;
}

describe('however many cases there are', () => {
  test('figures are read in one round trip, and along an index', async () => {
    const before = server.pipelines;
    await casebook.tallies(YEAR, 'month');
    await casebook.tallies(YEAR, 'agent');
    await casebook.behind(figureOf('asked'), YEAR);
    expect(server.pipelines - before).toBe(3);
    expect(await planOf(db, byMonth(YEAR))).toMatch(
      /SEARCH tallies USING PRIMARY KEY \(dimension=\? AND key=\? AND month>\? AND month<\?\)/,
    );
    for (const by of DIMENSIONS)
      expect(await planOf(db, byKey(YEAR, by))).toMatch(
        /SEARCH tallies USING COVERING INDEX tallies_kind \(dimension=\? AND kind=\? AND month>\? AND month<\?\)/,
      );
  });

  test.each(figureNames.filter((name) => figureOf(name).kinds.length > 0))('what is behind %s is found along one', async (name) => {
    const after = { kind: figureOf(name).kinds[0] ?? '', day: '2026-02-01', case: 'a', no: 1 };
    for (const only of [undefined, { by: 'agent', key: 'zhou' }, { by: 'policy', key: '1' }] as const)
      for (const key of [undefined, after]) {
        const plan = await planOf(db, behindOf(figureOf(name), { ...YEAR, only }, key));
        expect(plan).toMatch(
          only?.by === 'agent'
            ? /SEARCH milestones USING INDEX milestones_agent \(agent=\? AND kind=\? AND told=\? AND /
            : /SEARCH milestones USING INDEX milestones_(told|beyond) \(kind=\? AND told=\? AND /,
        );
        expect(plan).not.toMatch(/SCAN (milestones|tallies)/);
      }
  });
});

describe('what is put right', () => {
  const tally = async () => ({ all: await casebook.tallies(YEAR, 'month'), agents: await casebook.tallies(YEAR, 'agent') });

  test('rows that were changed or lost are found and made anew from the record', async () => {
    const before = await tally();
    await db.run(sql`UPDATE milestones SET outcome = 'kept' WHERE kind = 'agreement'`);
    await db.run(sql`DELETE FROM milestones WHERE "case" = ${ids[1]}`);
    expect((await rebuild(env, 'acme', false)).differences).toContainEqual({ case: ids[1], columns: ['milestones'] });
    await rebuild(env, 'acme', true);
    expect(await rebuild(env, 'acme', false)).toMatchObject({ differences: [], broken: [] });
    expect(await tally()).toEqual(before);
  });

  test('tallies that somebody wrote past the triggers are found and counted anew, and milestones of no case are no more', async () => {
    const before = await tally();
    for (const wrong of [
      sql`UPDATE tallies SET "count" = "count" + 1 WHERE dimension = 'agent' AND kind = 'opened'`,
      sql`DELETE FROM tallies WHERE dimension = 'policy' AND kind = 'paid'`,
      sql`INSERT INTO tallies SELECT dimension, 'nobody', month, kind, told, days, "count", amount, beyond, "over" FROM tallies WHERE dimension = 'product' LIMIT 1`,
      sql`INSERT INTO milestones ("case", kind, "no", day, outcome, policy) VALUES ('f00', 'opened', 1, '2026-02-02', '', 1)`,
    ]) {
      await db.run(wrong);
      expect((await rebuild(env, 'acme', false)).differences).toEqual([{ case: '@acme', columns: ['tallies'] }]);
      await rebuild(env, 'acme', true);
      expect(await rebuild(env, 'acme', false)).toMatchObject({ differences: [], broken: [] });
      expect(await tally()).toEqual(before);
    }
  });

  test('of a case that is written to while it is rebuilt nothing is said, and nothing is put back', async () => {
    const id = ids[0] ?? '';
    const { seq, counted: kept } = await casebook.milestones(id);
    await casebook.recount(id, seq - 1, []);
    expect(await casebook.milestones(id)).toEqual({ seq, counted: kept });
    expect(miscounted(seq - 1, { seq, counted: [] }, milestonesOf(await recordOf(id), await casebook.policiesAt()))).toEqual([]);
  });

  test('what is erased counts no more', async () => {
    const isCall = sql`SELECT "case" FROM milestones WHERE kind = 'call' AND outcome = 'effective' AND agent IS NOT NULL LIMIT 1`;
    const id = (await db.get<{ case: string }>(isCall))?.case ?? '';
    const messages = (await entriesOf(id)).flatMap(({ kind, seq, author }) =>
      kind === 'talk.call-logged' && author?.side === 'lender' ? [seq] : [],
    );
    expect(messages.length).toBeGreaterThan(0);
    const erasing = { ...by(), caseId: id, requestId: randomId() };
    expect(await eraseContents(erasing, { entries: messages, files: [], reason: '应借款人要求。', whole: false })).toMatchObject({
      ok: true,
    });
    expect((await casebook.milestones(id)).counted.filter(({ kind }) => kind === 'call')).toEqual([]);
    expect(await rebuild(env, 'acme', false)).toMatchObject({ differences: [], broken: [] });
  });

  test('tallies are the milestones', async () => {
    const counted = await db.all(sql`SELECT substr(day, 1, 7) AS month, kind, told, coalesce(days, -1) AS days, count(*) AS "count",
      sum(coalesce(amount, 0)) AS amount, sum(coalesce(beyond, 0)) AS beyond, sum(coalesce(beyond, 0) > 0) AS "over" FROM milestones GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`);
    const kept = sql`SELECT month, kind, told, days, "count", amount, beyond, "over" FROM tallies WHERE dimension = 'all' ORDER BY 1, 2, 3, 4`;
    expect(await db.all(kept)).toEqual(counted);
  });
});
