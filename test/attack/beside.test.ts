import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { replyAddress } from '../../worker/deliver/reply.ts';
import { COMMANDS } from '../../worker/negotiation/case.ts';
import { typed } from '../../worker/negotiation/form.ts';
import { offerDigest, onTable, commands as proposal } from '../../worker/negotiation/proposal.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { readCommand } from '../../worker/routes/commands.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { evidencePdf } from '../browser/evidence.ts';
import { MailServer } from '../mail-server.ts';
import { type Rig, rig } from '../portal.ts';
import { typedTerms } from '../worker/people.ts';
import { routesOf } from '../worker/routes.ts';
import { ACTING, Cast, contactOfNeutral, type Fields, LENDER, type Life, mailOf, OUT, SIGNS, type Somebody } from './beside.ts';

/**
 * Whoever is past their day, revoked in an open tab, of another case, dismissed, or beyond their scope: each step of three cases is tried by all of them, with a form that is
 * right, before somebody who may takes it; and each page, document and door of a case is asked for by all of them, before somebody is let in there.
 */

let portal: Rig;
let stage: Stage;
let cast: Cast;

const ANSWERS = { local: 'reply', domain: 'in.heyi.example', server: 'mx.heyi.example', token: 'a-secret-of-the-mail-server' };
const SETTINGS = { MAIL_IN: `${ANSWERS.local}@${ANSWERS.domain}`, MAIL_IN_SERVER: ANSWERS.server, MAIL_IN_TOKEN: ANSWERS.token };
const server = new MailServer();

beforeAll(async () => {
  await server.start();
  portal = await rig(undefined, 0, undefined, { ...server.settings, ...SETTINGS });
  stage = await Stage.set(portal, Date.now());
  cast = await Cast.gather(portal, stage);
  const other = randomId();
  await stage.give('chen', LENDER, other, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  await cast.appoint(other, 'elsewhere', 'sign', addDays(stage.today(), 30));
});
afterAll(async () => {
  await portal.remove();
  await server.kill();
});

const twenty = () => plainTerms(stage.today(), { phases: [{ kind: 'level', count: 20 }] });

/** A case of 陈建国's that is negotiated, with everybody in it. */
async function opened(): Promise<Life> {
  const id = randomId();
  stage.on(3);
  await stage.give('chen', LENDER, id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  const life = await cast.life(id);
  await stage.give('chen', LENDER, id, 'contact.wish', { when: 'any' });
  return life;
}

const words = '按此办理，谢谢。';
const employed = async (who: 'lin' | 'zhou') => (await openDirectory(portal.env).accountByContact({ email: PEOPLE[who].email }))?.id ?? '';
const offer = (answers: string) => ({
  ...typedTerms(stage.today()),
  answers,
  'terms.phases.0.kind': 'level',
  'terms.phases.0.count': '20',
  words,
});

test('what is said, shown and asked', async () => {
  const { step, seq, own } = await opened();
  const yesterday = addDays(stage.today(), -1);
  const call = { when: `${yesterday}T10:00`, minutes: '5', outcome: 'effective', called: 'party', words };
  await step('speaks', 'talk.message', { words });
  await step('speaks', 'talk.logCall', { ...call, direction: 'to-lender' });
  await step('lin', 'talk.confirmCall', { call: await seq('talk.call-logged') });
  await step('lin', 'talk.logCall', { ...call, when: `${yesterday}T11:00`, direction: 'to-borrower' });
  await step('speaks', 'talk.contestCall', { call: await seq('talk.call-logged'), words });
  await step('speaks', 'talk.issueLetter', { letter: 'hardship', words });
  await step('speaks', 'person.ask', {});
  // Hours that are not now, whenever this runs.
  const isMorning = new Date(Date.now() + 8 * 3_600_000).getUTCHours() < 12;
  await step('speaks', 'contact.wish', { when: 'hours', from: isMorning ? '20' : '8', until: isMorning ? '22' : '10' });
  await step('lin', 'talk.message', { words });
  await step('lin', 'contact.takeBack', { held: await own('contact.held') });
  await step('chen', 'contact.wish', { when: 'any' });
  await step('negotiates', 'debt.state', {
    'debt.asOf': stage.today(),
    'debt.principal': '12000',
    'debt.interest': '300',
    'debt.penalty': '150',
    'debt.fees': '0',
    words,
  });
  await step('lin', 'debt.confirm', { total: '1245000' });
  await step('chen', 'means.submit', {
    'means.cause.kind': 'illness',
    'means.cause.since': addDays(stage.today(), -40),
    'means.cause.words': words,
    'means.incomes.0.kind': 'salary',
    'means.incomes.0.amount': '4500',
    'means.incomes.0.every': 'month',
    'means.expenses.0.kind': 'food',
    'means.expenses.0.amount': '1500',
    'means.expenses.0.every': 'month',
    'means.dependants': '0',
  });
  await step('lin', 'means.verify', { figure: 'incomes.salary' });
  await step('lin', 'means.query', { figure: 'expenses.food', words });
  await step('chen', 'means.answer', { figure: 'expenses.food', words });
});

test('papers, complaints, and what the lender’s people ask of each other', async () => {
  const { id, step, seq, own, kase } = await opened();
  if ((await kase()).papersConsent) await step('chen', 'consent.withdraw', {});
  await step('chen', 'consent.give', { consent: 'yes' });
  const [first, second] = [await evidencePdf('Payslip'), await evidencePdf('Statement')];
  await step('speaks', 'evidence.add', { figures: 'incomes.salary' }, () => new File([new Uint8Array(first)], 'payslip.pdf'));
  await step('speaks', 'evidence.add', { figures: 'incomes.salary' }, () => new File([new Uint8Array(second)], 'statement.pdf'));
  const [one = '', other = ''] = Object.keys((await kase()).evidence);
  await step('speaks', 'evidence.tie', { file: one, figures: ['incomes.salary', 'expenses.food'] });
  await step('lin', 'evidence.accept', { file: one });
  await step('lin', 'evidence.reject', { file: other, reason: 'other', words });
  await step('speaks', 'evidence.withdraw', { file: other, words });
  await step('chen', 'consent.withdraw', { words });
  const complain = () => step('speaks', 'complaint.raise', { kind: 'charges', facts: words, wish: '写明依据。' });
  await complain();
  const complaint = await seq('complaint.raised');
  await step('lin', 'complaint.extend', { complaint, words });
  await step('lin', 'complaint.answer', { complaint, outcome: 'partly', words });
  await step('negotiates', 'complaint.accept', { complaint });
  await complain();
  const next = await seq('complaint.raised');
  await stage.give('lin', LENDER, id, 'complaint.answer', { complaint: next, outcome: 'not-upheld', words });
  await step('speaks', 'complaint.escalate', { complaint: next, to: 'regulator', words });
  await step('negotiates', 'complaint.withdraw', { complaint: next, words });
  await step('chen', 'note.write', { words });
  await step('lin', 'note.write', { words });
  const [lin, zhou] = [await employed('lin'), await employed('zhou')];
  await step('lin', 'note.mention', { what: words, to: zhou });
  await step('zhou', 'note.see', { mention: await own('note.mentioned') });
  await step('lin', 'task.set', { what: words, on: addDays(stage.today(), 2), to: lin });
  const task = await own('task.set');
  await step('lin', 'task.give', { task, to: zhou });
  await step('zhou', 'task.finish', { task });
  await step('zhou', 'task.reopen', { task });
  await step('lin', 'case.assign', { to: lin });
  await step('negotiates', 'referral.make', { way: 'mediation', to: '街道人民调解委员会', on: stage.today(), words });
  await step('negotiates', 'referral.return', { referral: await seq('referral.made'), outcome: 'not-settled', words });
});

test('what is offered, suggested, approved, and who is named', async () => {
  const { id, step, seq, own, kase, mediate } = await opened();
  await step('negotiates', 'proposal.withdraw', { version: '1' });
  for (let version = 2; version <= 4; version++) {
    if (version === 2) await step('negotiates', 'proposal.make', { ...offer(''), expiresInDays: '7' });
    else await stage.give('chen', LENDER, id, 'proposal.make', { answers: null, terms: twenty(), reasons: {}, words });
    await step('lin', 'proposal.decline', { version: String(version), reasons: 'too-low', words });
  }
  await step('negotiates', 'impasse.declare', { words });
  await step('negotiates', 'impasse.resume', { words });
  await step('lin', 'impasse.resume', { words });
  await step('negotiates', 'impasse.say', { words });
  await step('negotiates', 'mediation.propose', { name: '沈和平', contact: contactOfNeutral() });
  await step('lin', 'mediation.decline', { mediation: await seq('mediation.proposed'), words });
  await step('negotiates', 'mediation.propose', { name: '沈和平', contact: contactOfNeutral() });
  await step('lin', 'mediation.admit', { mediation: await seq('mediation.proposed') });
  await step('negotiates', 'mediation.dismiss', { mediation: await seq('mediation.proposed'), words });
  await mediate();

  await step('neutral', 'mediation.say', { words });
  const { answers: _, ...terms } = offer('');
  await step('neutral', 'mediation.suggest', terms);
  const digest = (await kase()).suggestions[0]?.digest ?? '';
  await step('negotiates', 'mediation.adopt', { suggestion: '1', digest, answers: '', words });
  await step('neutral', 'mediation.leave', { words });
  const beyond = { ...twenty(), waive: { principal: 100_000 } };
  const ask = async () => {
    const table = onTable(await kase(), new Date().toISOString())?.version ?? null;
    await stage.ask('lin', LENDER, id, 'proposal.make', { answers: table, terms: beyond, reasons: {}, words }, words);
    return own('approval.asked');
  };
  await step('lin', 'approval.withdraw', { approval: await ask() });
  await step('zhou', 'approval.return', { approval: await ask(), words });
  await step('zhou', 'approval.approve', { approval: await ask(), password: PASSWORD });
  await step('chen', 'representative.appoint', {
    name: '另一位律师',
    relation: 'lawyer',
    contact: 'another@beside.example',
    scope: 'speak',
    until: addDays(stage.today(), 30),
    signed: PEOPLE.chen.name,
    password: PASSWORD,
  });
  await step('chen', 'representative.revoke', { appointment: await seq('representative.appointed') });
  await step('negotiates', 'case.close', { reason: 'withdrawn', words });
  await step('reads', 'representative.resign', {});
});

test('what is agreed, signed and paid', async () => {
  const { id, step, seq, kase } = await opened();
  const terms = plainTerms(stage.today(), { phases: [{ kind: 'level', count: 3 }] });
  await stage.give('lin', LENDER, id, 'debt.confirm', { total: 1_250_000 });
  await stage.give('lin', LENDER, id, 'proposal.make', { answers: 1, terms, reasons: {}, words });
  const digest = (await kase()).offers[1]?.digest ?? '';
  await step('negotiates', 'proposal.accept', { version: '2', digest });
  await step('signs', 'agreement.sign', { digest, name: SIGNS, password: PASSWORD });
  await step('lin', 'agreement.sign', { digest, name: PEOPLE.lin.name, password: PASSWORD });
  const pay = (amount: string, reference: string) => ({ amount, on: stage.today(), method: 'bank-transfer', reference });
  await step('chen', 'payment.report', pay('100', 'A1'));
  await step('chen', 'payment.withdraw', { payment: await seq('payment.reported'), words });
  await step('chen', 'payment.report', pay('150', 'A2'));
  await step('lin', 'payment.dispute', { payment: await seq('payment.reported'), words });
  await step('chen', 'payment.report', pay('200', 'A3'));
  await step('lin', 'payment.confirm', { payment: await seq('payment.reported') });
  await step('lin', 'payment.reverse', { payment: await seq('payment.reported'), words });
  const move = (no: number) => ({ no: String(no), by: 'day', to: addDays(stage.today(), 80 + no), words });
  await step('negotiates', 'move.ask', move(1));
  await step('lin', 'move.grant', { asked: await seq('instalment.move-asked') });
  await step('negotiates', 'move.ask', move(2));
  await step('lin', 'move.decline', { asked: await seq('instalment.move-asked'), words });
  await stage.give('lin', LENDER, id, 'payment.report', { amount: 1_250_000, on: stage.today(), method: 'bank-transfer' });
  await step('lin', 'settlement.issue', { name: PEOPLE.lin.name, password: PASSWORD });
});

test('what is not paid', async () => {
  const id = randomId();
  stage.on(60);
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = plainTerms(stage.today(), { firstDue: addDays(stage.today(), 10), phases: [{ kind: 'level', count: 12 }] });
  await stage.give('chen', LENDER, id, 'case.open', { ...opening, proposal: { ...opening.proposal, terms } });
  const digest = offerDigest(opening.debt.debt, terms);
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version: 1, digest });
  for (const who of ['chen', 'zhou'] as const) await stage.give(who, LENDER, id, 'agreement.sign', { digest, name: PEOPLE[who].name });
  // As the schedule would, in turn: overdue, then in arrears.
  for (const days of [45, 40]) await cast.due(id, days);
  stage.on(3);
  const { step } = await cast.life(id);
  await step('lin', 'arrears.declareBroken', { words, password: PASSWORD });
});

/** What a route of a case is asked for with, and by whom it answers; without any, as whoever it answers asks for a page. */
type Ask = { by?: Somebody; fields?: Fields; json?: unknown; prepare?: () => Promise<unknown> };

/** What is one side's or the mediator's alone, or is the borrower's to do: nobody who acts for them finds it, however far they may go. */
const SHUT =
  /\/(?:own(?:\/.*)?|approvals\/.*|assign|errands|templates\/.*|writing|suggestions\/new)$|^POST .*\/(?:representatives\/check|for-approval\/:command|invitation|vacate)$/;

test('every page, document and door of a case', async () => {
  const { id, seq, own, kase, mediate } = await opened();
  await stage.give('chen', LENDER, id, 'talk.issueLetter', { letter: 'hardship', words });
  await stage.give('chen', LENDER, id, 'consent.give', { consent: true });
  const paper = new FormData();
  paper.set('files', new File([new Uint8Array(await evidencePdf())], 'payslip.pdf'));
  expect((await cast.at.chen.send(`/cases/${id}/do/evidence.add`, paper)).status).toBe(303);
  await mediate();
  const { answers: _, ...suggestion } = offer('');
  await cast.at.neutral.post(`/cases/${id}/do/mediation.suggest`, { ...suggestion, requestId: randomId() });
  const [sha256 = ''] = Object.keys((await kase()).evidence);
  const beyond = { ...offer('1'), 'terms.waive.principal': '1000' };
  const asked = () => own('approval.asked');
  const forApproval = { by: 'lin', prepare: () => withdrawn() } as const;
  async function withdrawn() {
    const approval = await asked();
    if (approval > 0) await cast.at.lin.post(`/cases/${id}/do/approval.withdraw`, { approval, requestId: randomId() });
  }
  /** Whoever writes is looking at the case, which is noted once its page has left. */
  async function looking() {
    await cast.at.lin.get(`/cases/${id}`);
    await expect.poll(async () => (await cast.at.lin.post(`/cases/${id}/writing`, {})).status).toBe(204);
  }
  const read = readCommand(proposal.make, typed(formDataOf(beyond)));
  const document = async (what: string) => (await cast.at.chen.post(`/cases/${id}/${what}`, {})).headers.get('location') ?? '';
  const [letter, appointment] = [await seq('talk.letter-issued'), await seq('representative.appointed')];
  const mandate = { name: '梅律师', relation: 'lawyer', contact: 'mei@beside.example', scope: 'read', until: addDays(stage.today(), 9) };
  const asks: Record<string, Ask> = {
    'POST /cases/:case/representatives/check': { by: 'chen', fields: mandate },
    'POST /cases/:case/proposals/new': { by: 'negotiates', fields: { ...offer('1'), action: 'work-out' } },
    'POST /cases/:case/proposals/check': { by: 'negotiates', fields: offer('1') },
    'POST /cases/:case/suggestions/new': { by: 'neutral', fields: { ...suggestion, action: 'work-out' } },
    'POST /cases/:case/means': { by: 'chen', fields: { action: 'add-row:means.incomes' } },
    'POST /cases/:case/typed/:command': { by: 'speaks', fields: { words } },
    'POST /cases/:case/templates/:command': { by: 'lin', fields: { words } },
    'POST /cases/:case/for-approval/:command': { ...forApproval, fields: beyond },
    'POST /api/v1/cases/:case/for-approval/:command': { ...forApproval, json: { input: read.ok ? read.input : null } },
    'POST /cases/:case/writing': { by: 'lin', prepare: () => looking() },
    'POST /cases/:case/own/private-record.json': { by: 'chen' },
  };
  const addressOf = async (path: string): Promise<string> =>
    path === '/cases/:case/exports/:what/:made'
      ? document('exports/record.json')
      : path === '/cases/:case/own/private-record.json/:made'
        ? document('own/private-record.json')
        : path
            .replace(':case', id)
            .replace(':sha256{[0-9a-f]{64}}', sha256)
            .replace(/letters\/:seq\{.*$/, `letters/${letter}.pdf`)
            .replace(/representatives\/:seq\{.*$/, `representatives/${appointment}.pdf`)
            .replace(/approvals\/:no\{.*$/, `approvals/${await asked()}`)
            .replace(/:(?:version|no)\{.*\}$/, '1')
            .replace(':what', 'record.json')
            .replace(':way', 'mediation')
            .replace(':command', path.includes('for-approval') ? 'proposal.make' : 'talk.message')
            .replace(/compare$/, 'compare?a=1&b=1');
  await stage.give('chen', LENDER, id, 'note.write', { words });
  await cast.at.lin.post(`/cases/${id}/for-approval/proposal.make`, { ...beyond, requestId: randomId() });
  const wrong: string[] = [];
  const walk = async (which: (route: string) => boolean) => {
    for (const { method, path } of routesOf(id)) {
      const route = `${method} ${path}`;
      // Commands are walked above.
      if (!which(route) || (method === 'POST' && /\/(?:do\/|commands\/)/.test(path))) continue;
      const { by, fields = {}, json, prepare } = asks[route] ?? {};
      await prepare?.();
      const at = await addressOf(path);
      const ask = (who: Somebody) => {
        if (method === 'GET') return cast.at[who].get(at);
        if (json === undefined) return cast.at[who].post(at, { ...fields, requestId: randomId() });
        return cast.at[who].send(at, JSON.stringify(json), { 'content-type': 'application/json' });
      };
      const before = await cast.kept(id);
      for (const who of OUT) {
        await cast.seatedStill(id, who);
        const { status } = await ask(who);
        if (status !== 404) wrong.push(`${who}, ${route}: ${status}`);
      }
      // Whoever acts for the borrower may take documents away, and look things over; nothing is written by it.
      const takes = path.includes('/exports/');
      for (const who of Object.keys(ACTING) as (keyof typeof ACTING)[]) {
        if ((method === 'GET' || takes) && !SHUT.test(route)) continue;
        const { status } = await ask(who);
        if (SHUT.test(route) ? status !== 404 : status >= 500) wrong.push(`${who}, ${route}: ${status}`);
      }
      if (JSON.stringify(await cast.kept(id)) !== JSON.stringify(before)) wrong.push(`${route}: left something behind`);
      // Nobody acts for a borrower who has not joined: whoever has is not invited any more; nor is somebody put out who opened the case (`claims.test.ts`).
      if (/^POST \/cases\/:case\/(?:invitation|vacate)$/.test(route)) continue;
      const answers: string[] = [];
      for (const who of by ? [by] : (['reads', 'chen', 'lin', 'neutral'] as const)) {
        if (answers.at(-1)?.endsWith('in')) break;
        const { status } = await ask(who);
        answers.push(`${who} ${status < 400 ? 'in' : status}`);
      }
      if (!answers.at(-1)?.endsWith('in')) wrong.push(`${route} ${at}: ${answers.join()}`);
      // A document is for whom it was made.
      if (path === '/cases/:case/exports/:what/:made') {
        const [own, others] = [await cast.at.chen.get(at), await cast.at.reads.get(at)];
        if (!own.headers.has('content-disposition') || others.headers.has('content-disposition')) wrong.push(`${route}: handed out`);
      }
    }
  };
  await walk((route) => route !== 'GET /cases/:case/agreement');
  expect(wrong).toEqual([]);
  const { version, digest } = onTable(await kase(), new Date().toISOString()) ?? { version: 0, digest: '' };
  await stage.give('zhou', LENDER, id, 'proposal.accept', { version, digest });
  await walk((route) => route === 'GET /cases/:case/agreement');
  expect(wrong).toEqual([]);
});

const formDataOf = (fields: Record<string, string>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};

test('an answer by mail', async () => {
  const { id, seq } = await opened();
  const answers = async (who: Exclude<Somebody, 'chen' | 'lin' | 'zhou'>): Promise<unknown> => {
    const from = mailOf(who);
    const account = await openDirectory(portal.env).accountByContact({ email: from });
    const to = replyAddress(portal.env, ANSWERS, { account: account?.id ?? '', case: id });
    const head = [`Authentication-Results: ${ANSWERS.server}; dmarc=pass header.from=beside.example`, `From: ${from}`, `To: ${to}`];
    const rest = [`Message-ID: <${randomId()}@beside.example>`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', words];
    const answer = await fetch(`${portal.url}/inbound/mail`, {
      method: 'POST',
      body: [...head, ...rest].join('\r\n'),
      headers: { authorization: `Bearer ${ANSWERS.token}`, 'content-type': 'message/rfc822' },
    });
    return answer.json();
  };
  const before = await cast.kept(id);
  for (const who of OUT) {
    await cast.seatedStill(id, who);
    expect(await answers(who), who).toMatchObject({ entered: false });
  }
  expect(await answers('reads')).toEqual({ entered: false, why: 'refused' });
  expect(await cast.kept(id)).toEqual(before);
  // Whoever had a place is told that it was not entered, and nothing of the case.
  const told = (await openDirectory(portal.env).newestMail(200)).filter(({ recipient }) => OUT.some((who) => recipient === mailOf(who)));
  for (const { body } of told) expect(body).not.toMatch(/PLAIN-1|陈建国|按此办理/);
  expect(await answers('speaks')).toMatchObject({ entered: true });
  expect(await seq('talk.mail-received')).toBeGreaterThan(0);
});

test('no command was left out that comes by a form or as JSON', () => {
  // Nobody is put out of a case that they opened (`claims.test.ts`). Joining, opening and being let in come by links and steps of their own, and say who may (`doors.test.ts`, `representatives.test.ts`, `mediators.test.ts`).
  const ways = [...COMMANDS.values()].filter(
    ({ name, doors }) => doors.length > 0 || name === 'representative.appoint' || name === 'mediation.propose',
  );
  expect(ways.map(({ name }) => name).filter((name) => name !== 'case.vacate' && !cast.given.has(name))).toEqual([]);
});
