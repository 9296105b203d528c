/** One whole case, played over HTTP through the worker as two browsers would: opening with evidence, counter-offer, signatures, payment, export. */

import { randomId } from '../worker/chance.ts';
import { instant } from '../worker/clock.ts';
import { lockedSecret, newSecret } from '../worker/factor.ts';
import { addDays } from '../worker/plan/calendar.ts';
import { LANGUAGES, type Language } from '../worker/plan/languages.ts';
import { plainTerms } from '../worker/plan/plain-terms.ts';
import { digestOf } from '../worker/record/digest.ts';
import { openDirectory } from '../worker/store/open.ts';
import { PASSWORD, PEOPLE, Stage, sampleDocument } from './demo.ts';
import type { Portal } from './portal.ts';

export type Hand = (path: string, fields?: Record<string, string | readonly string[] | Blob>) => Promise<Response>;

/** Somebody of the demo world, signed in. A path alone is read; with fields it is sent as a form. */
export async function handOf(
  portal: Portal,
  who: keyof typeof PEOPLE,
  language: Language = LANGUAGES[0],
  more: Readonly<Record<string, string>> = {},
): Promise<Hand> {
  let cookie = `language=${language}`;
  const hand: Hand = async (path, fields) => {
    const request = { redirect: 'manual' as const, headers: { ...more, cookie, origin: portal.url } };
    const answer = await fetch(portal.url + path, fields ? { ...request, method: 'POST', body: bodyOf(fields) } : request);
    if (answer.status >= 400) throw new Error(`${who} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const { email, phone } = PEOPLE[who];
  const answer = await hand('/sign-in', { contact: email ?? phone ?? '', password: PASSWORD });
  cookie = [cookie, ...answer.headers.getSetCookie().map((one) => one.split(';')[0])].join('; ');
  if ('staff' in PEOPLE[who]) await giveFactor(portal, cookie);
  return hand;
}

/**
 * The second factor of who has signed in with their password, as the portal notes it: a code is good once and the next one takes half a minute, which a test
 * that signs in ten people has not. `factor.test.ts` gives codes.
 */
export async function giveFactor(portal: Portal, cookies: string): Promise<void> {
  const directory = openDirectory(portal.env);
  const token = /heyi=([^;]+)/.exec(cookies)?.[1] ?? '';
  const visit = await directory.visit(digestOf(token), '', instant());
  if (!visit) throw new Error('Nobody has signed in.');
  const { account } = visit;
  const secret = await lockedSecret(portal.keys, account.id, newSecret());
  if (!visit.factor) await directory.addFactor({ account: account.id, secret, since: instant(), lastStep: 0 });
  await directory.noteFactor(visit.session, instant());
}

/** A form as a browser sends it: in parts only where there are files. */
function bodyOf(fields: Record<string, string | readonly string[] | Blob>): FormData | URLSearchParams {
  const files = Object.values(fields).some((value) => value instanceof Blob);
  const form = files ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) (form as FormData).append(name, value, (value as File).name);
    else for (const one of [value].flat()) form.append(name, one);
  }
  return form;
}

/** Plays the case; returns its id, its bundle, and both hands for going on. */
export async function playWhole(
  portal: Portal,
): Promise<{ id: string; bundle: Uint8Array<ArrayBuffer>; chen: Hand; lin: Hand; stage: Stage }> {
  const stage = await Stage.set(portal, Date.now());
  const [chen, lin] = [await handOf(portal, 'chen'), await handOf(portal, 'lin')];
  const id = await open(chen, stage.today());
  const give = (hand: Hand, command: string, fields: Record<string, string | Blob>) =>
    hand(`/cases/${id}/do/${command}`, { requestId: randomId(), ...fields });
  const state = async () => (await (await lin(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string }[]; seq: number };
  await give(lin, 'debt.confirm', { total: '1250000' });
  const file = /\/files\/([0-9a-f]{64})/.exec(await (await lin(`/cases/${id}/evidence`)).text())?.[1] ?? '';
  await give(lin, 'evidence.accept', { file });
  await give(lin, 'means.query', { figure: 'incomes.salary', words: '请补充最近一个月的流水。' });
  const statement = new File([Buffer.from(JPEG, 'base64')], '流水截图.jpg');
  await give(chen, 'evidence.add', { files: statement, figures: 'incomes.salary' });
  await give(chen, 'means.answer', { figure: 'incomes.salary', words: '已上传截图。' });
  await give(chen, 'talk.message', { words: '麻烦尽快答复，谢谢。' });
  const { every, firstDue, start } = plainTerms(stage.today(), {});
  await give(lin, 'proposal.make', {
    answers: '1',
    'terms.start': start,
    'terms.firstDue': firstDue,
    'terms.every': every,
    'terms.rate.ppm': '3.6',
    'terms.rate.per': 'year',
    'terms.interestOn': 'principal',
    'terms.dayCount': 'actual/365',
    'terms.waive.penalty': '100',
    'terms.phases.0.kind': 'pause',
    'terms.phases.0.count': '1',
    'terms.phases.0.interest': 'waived',
    'terms.phases.1.kind': 'level',
    'terms.phases.1.count': '18',
    words: '减免一半罚息，宽限一个月。',
  });
  const digest = (await state()).offers[1]?.digest ?? '';
  await give(chen, 'proposal.accept', { version: '2', digest });
  await give(chen, 'agreement.sign', { digest, name: '陈建国', password: PASSWORD });
  await give(lin, 'agreement.sign', { digest, name: '林静', password: PASSWORD });
  await give(chen, 'payment.report', { amount: '100', on: stage.today(), method: 'bank-transfer' });
  await give(lin, 'payment.confirm', { payment: String((await state()).seq) });
  const bundle = await takeAway(chen, id, 'bundle.zip');
  return { id, bundle, chen, lin, stage };
}

/** Takes a document away as a browser does: the form makes it, and its address hands it over. */
export async function takeAway(
  hand: Hand,
  id: string,
  what: string,
  fields: Record<string, readonly string[]> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const made = await hand(`/cases/${id}/exports/${what}`, fields);
  return new Uint8Array(await (await hand(made.headers.get('location') ?? '')).arrayBuffer());
}

/** Opens a case as a borrower does, step by step, with a document; returns its id. */
async function open(hand: Hand, today: string): Promise<string> {
  const step = (name: string, fields: Record<string, string | Blob>) => hand(`/open/mingheng/${name}`, { action: 'continue', ...fields });
  const payslip = new File([await sampleDocument('工资单', ['实发工资 5,000.00 元'], new Date().toISOString())], '工资单.pdf');
  await step('loan', {
    'loan.reference': 'PLAIN-1',
    'debt.debt.asOf': today,
    'debt.debt.principal': '1.2万',
    'debt.debt.interest': '300',
    'debt.debt.penalty': '200',
  });
  await step('cause', { 'means.cause.kind': 'job-loss', 'means.cause.since': addDays(today, -30), 'means.cause.words': '失业。' });
  await step('month', {
    'means.incomes.0.kind': 'salary',
    'means.incomes.0.amount': '5000',
    'means.incomes.0.every': 'month',
    'means.expenses.0.kind': 'food',
    'means.expenses.0.amount': '1500',
    'means.expenses.0.every': 'month',
    'means.dependants': '0',
  });
  await step('evidence', { files: payslip, figures: 'incomes.salary', 'evidence.consent': 'yes' });
  const { start, firstDue, every } = plainTerms(today, {});
  await step('proposal', {
    'proposal.terms.start': start,
    'proposal.terms.firstDue': firstDue,
    'proposal.terms.every': every,
    'proposal.terms.rate.ppm': '0',
    'proposal.terms.rate.per': 'year',
    'proposal.terms.interestOn': 'principal',
    'proposal.terms.dayCount': 'period',
    'proposal.terms.phases.0.kind': 'level',
    'proposal.terms.phases.0.count': '12',
    'proposal.words': '按月还清。',
  });
  const sent = await step('check', { requestId: randomId() });
  return /\/cases\/([0-9a-f]{32})/.exec(sent.headers.get('location') ?? '')?.[1] ?? '';
}

/** One grey pixel. */
const JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z';
