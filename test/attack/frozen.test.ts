import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE, plainOpening, Stage } from '../../db/demo.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { replyAddress } from '../../worker/deliver/reply.ts';
import { anchorHeads } from '../../worker/execute/anchor.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Lender, openDirectory } from '../../worker/store/open.ts';
import { MailServer } from '../mail-server.ts';
import { type Rig, rig } from '../portal.ts';
import { signedIn, type Visitor } from '../worker/people.ts';
import { inFile } from './in-file.ts';

/** A case whose record is not what was anchored can be looked at, and by no door is anything written to it: not in its shared record, and in nobody's own. */

const ANSWERS = { local: 'reply', domain: 'in.heyi.example', server: 'mx.heyi.example', token: 'a-secret-of-the-mail-server' };
const server = new MailServer();
let portal: Rig;
let stage: Stage;
let lender: Lender;
let chen: Visitor;
let lin: Visitor;

beforeAll(async () => {
  await server.start();
  const settings = { MAIL_IN: 'reply@in.heyi.example', MAIL_IN_SERVER: ANSWERS.server, MAIL_IN_TOKEN: ANSWERS.token };
  portal = await rig(undefined, 0, undefined, { ...server.settings, ...settings });
  stage = await Stage.set(portal, Date.now());
  lender = (await openDirectory(portal.env).lenderBySlug('mingheng')) as Lender;
  [chen, lin] = await Promise.all([signedIn(portal, 'chen'), signedIn(portal, 'lin')]);
});
afterAll(async () => {
  await portal.remove();
  await server.kill();
});

const contract = 'MH-FROZEN 1';

/** An agreement in force, with a message held until the hours of contact in the lender's own stream, where it is night. */
async function inForce(): Promise<string> {
  const id = randomId();
  const opening = plainOpening(stage.today(), '明衡消费金融');
  const terms = { ...plainTerms(stage.today(), { phases: [{ kind: 'level', count: 12 }] }), rate: { per: 'year' as const, ppm: 120_000 } };
  const loan = { ...opening.loan, reference: contract };
  await stage.give('chen', 'mingheng', id, 'case.open', { ...opening, loan, proposal: { ...opening.proposal, terms } });
  const { offers } = (await (await lin.get(`/api/v1/cases/${id}`)).json()) as { offers: { digest: string }[] };
  const digest = offers[0]?.digest;
  await stage.give('zhou', 'mingheng', id, 'proposal.accept', { version: 1, digest });
  await stage.give('chen', 'mingheng', id, 'agreement.sign', { digest, name: PEOPLE.chen.name });
  await stage.give('zhou', 'mingheng', id, 'agreement.sign', { digest, name: PEOPLE.zhou.name });
  return id;
}

const entries = (id: string) =>
  inFile(portal.data, 'casebook-mingheng', (db) =>
    db.prepare('SELECT "case", max(seq) AS seq FROM entries WHERE "case" = ? OR "case" LIKE ? GROUP BY "case"').all(id, `${id}/%`),
  );

/** The newest entry of a case is cut off after it was anchored, with a row that was true once. */
async function cut(id: string): Promise<void> {
  const row = inFile(portal.data, 'casebook-mingheng', (db) => db.prepare('SELECT * FROM cases WHERE id = ?').get(id)) as Record<
    string,
    string
  >;
  await stage.give('chen', 'mingheng', id, 'talk.message', { words: 'said, anchored, and cut off' });
  await anchorHeads({ ...portal.env, files: portal.files }, lender, instant());
  inFile(portal.data, 'casebook-mingheng', (db) => {
    for (const table of ['entries', 'checkpoints', 'heads', 'outbox'])
      db.prepare(`DELETE FROM ${table} WHERE "case" = ? AND seq > ?`).run(id, Number(row.seq));
    const names = Object.keys(row);
    db.prepare(`UPDATE cases SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`).run(...Object.values(row), id);
  });
}

async function byMail(id: string): Promise<Record<string, unknown>> {
  const email = PEOPLE.chen.email ?? '';
  const account = await openDirectory(portal.env).accountByContact({ email });
  const to = replyAddress(portal.env, ANSWERS, { account: account?.id ?? '', case: id });
  const head = [
    `Authentication-Results: ${ANSWERS.server}; dmarc=pass header.from=${email.slice(email.lastIndexOf('@') + 1)}`,
    `From: ${email}`,
    `To: ${to}`,
  ];
  const raw = [...head, `Message-ID: <${randomUUID()}@mail.example>`, 'Content-Type: text/plain; charset=utf-8', '', '收到。'].join('\r\n');
  const headers = { authorization: `Bearer ${ANSWERS.token}`, 'content-type': 'message/rfc822' };
  const answer = await fetch(`${portal.url}/inbound/mail`, { method: 'POST', body: raw, headers });
  return (await answer.json()) as Record<string, unknown>;
}

async function byFile(reference: string): Promise<void> {
  const form = new FormData();
  form.set(
    'file',
    new File([`reference,contract,date,amount\r\n${reference},${contract},${stage.today()},100.00`], 'received.csv', { type: 'text/csv' }),
  );
  const checked = await (await lin.send('/desk/mingheng/payments/import', form)).text();
  const again = new FormData();
  for (const [, text = ''] of checked.matchAll(/name="text" value="([^"]*)"/g)) again.append('text', text.replaceAll('&quot;', '"'));
  await lin.send('/desk/mingheng/payments/import', again);
}

test('by form, program, mail, file or schedule, from either side: nothing is written, in whatever stream', async () => {
  const id = await inForce();
  const say = (who: Visitor, name: string, fields: Record<string, string>) =>
    who.post(`/cases/${id}/do/${name}`, { requestId: randomId(), ...fields });
  // What is written before shows that each of these doors would be open.
  expect((await say(chen, 'talk.message', { words: 'one' })).status).toBe(303);
  expect((await say(lin, 'note.write', { words: 'to ourselves' })).status).toBe(303);
  expect(await byMail(id)).toMatchObject({ entered: true });
  const account = (await openDirectory(portal.env).accountByContact({ email: PEOPLE.lin.email }))?.id ?? '';
  expect((await say(lin, 'case.assign', { to: account })).status).toBe(303);
  // Where it is night, it is held, and would be sent with the schedule of the morning.
  expect((await say(lin, 'talk.message', { words: '您好。' })).status).toBe(303);
  const paid = entries(id);
  await byFile('R-1');
  expect(entries(id)).not.toEqual(paid);
  await cut(id);
  const before = entries(id);

  expect((await say(chen, 'talk.message', { words: 'two' })).status).toBe(422);
  expect((await say(lin, 'talk.message', { words: '您好。' })).status).toBe(422);
  expect((await say(lin, 'note.write', { words: 'to ourselves' })).status).toBe(422);
  const post = (who: Visitor, path: string, body: unknown) =>
    who.send(path, JSON.stringify(body), { 'content-type': 'application/json', 'idempotency-key': randomId() });
  expect((await post(chen, `/api/v1/cases/${id}/commands/talk.message`, { words: 'two' })).status).toBe(409);
  expect((await post(lin, `/api/v1/cases/${id}/commands/note.write`, { words: 'two' })).status).toBe(409);
  expect((await chen.post(`/cases/${id}/exports/bundle.zip`, { requestId: randomId() })).status).toBeGreaterThanOrEqual(400);
  expect((await say(lin, 'case.assign', { to: account })).status).toBe(422);
  expect(await byMail(id)).not.toMatchObject({ entered: true });
  await byFile('R-2');
  await portal.sweep();
  await portal.sweep();
  expect(entries(id)).toEqual(before);
  // Of another case nothing is missed.
  const other = randomId();
  await stage.give('chen', 'mingheng', other, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
  expect((await chen.post(`/cases/${other}/do/talk.message`, { words: 'two', requestId: randomId() })).status).toBe(303);
});
