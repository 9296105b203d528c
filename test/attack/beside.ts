import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { PASSWORD, PEOPLE, type Stage } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomBytes, randomId, randomNumber } from '../../worker/chance.ts';
import { contactIn, contactText, reachedBy } from '../../worker/contact.ts';
import { writeDue } from '../../worker/execute/due.ts';
import { execute } from '../../worker/execute/execute.ts';
import { type Case, COMMANDS } from '../../worker/negotiation/case.ts';
import { typed } from '../../worker/negotiation/form.ts';
import { may, type Scope } from '../../worker/negotiation/seats.ts';
import { addDays } from '../../worker/plan/calendar.ts';
import { signingKey } from '../../worker/record/keys.ts';
import { readCommand } from '../../worker/routes/commands.ts';
import { admitBeside, admitBetween } from '../../worker/store/admission.ts';
import { FILES } from '../../worker/store/files.ts';
import { type Lender, openCasebookForPortal, openCaseFile, openDirectory } from '../../worker/store/open.ts';
import type { Rig } from '../portal.ts';
import { cookiesIn, signedIn, type Visitor, visitor } from '../worker/people.ts';

/**
 * Cases in which everybody sits who can sit beside a party, with those who did and do no more: what anybody does there is tried first by each who may not, with the
 * very form and JSON by which it is done then by one who may. So a refusal is never for a field.
 */

export const LENDER = 'mingheng';

/** Who acts for 陈建国, each as far as a scope goes; and, of those who are out, why. */
export const ACTING = { reads: 'read', speaks: 'speak', negotiates: 'negotiate', signs: 'sign' } as const satisfies Record<string, Scope>;
export const OUT = ['revoked', 'over', 'elsewhere', 'dismissed'] as const;
type Acting = keyof typeof ACTING;
export type Out = (typeof OUT)[number];
type Staff = 'lin' | 'zhou';
export type Somebody = 'chen' | Staff | Acting | Out | 'neutral';

export type Fields = Record<string, string | number | string[]>;
export type Life = Awaited<ReturnType<Cast['life']>>;

export class Cast {
  private readonly tried = new Set<string>();

  readonly at: Record<Somebody, Visitor>;
  private readonly portal: Rig;
  private readonly stage: Stage;
  private readonly lender: Lender;

  private constructor(portal: Rig, stage: Stage, lender: Lender, at: Record<Somebody, Visitor>) {
    this.portal = portal;
    this.stage = stage;
    this.lender = lender;
    this.at = at;
  }

  static async gather(portal: Rig, stage: Stage): Promise<Cast> {
    const directory = openDirectory(portal.env);
    const lender = await directory.lenderBySlug(LENDER);
    const chen = await directory.accountByContact(contactIn(PEOPLE.chen));
    if (!lender || !chen) throw new Error('Nobody is there.');
    const at = {} as Record<Somebody, Visitor>;
    for (const who of ['chen', 'lin', 'zhou'] as const) at[who] = await signedIn(portal, who);
    for (const who of [...Object.keys(ACTING), ...OUT, 'neutral'] as (Acting | Out | 'neutral')[]) {
      await directory.addAccount({ ...chen, id: randomId(), name: nameOf(who), email: mailOf(who) });
      const answer = await visitor(portal).post('/sign-in', { contact: mailOf(who), password: PASSWORD });
      at[who] = visitor(portal, ['language=en', ...cookiesIn(answer)].join('; '));
    }
    return new Cast(portal, stage, lender, at);
  }

  /** The commands that were given by somebody who may, after all who may not had tried. */
  get given(): ReadonlySet<string> {
    return this.tried;
  }

  /** Has everybody sit in a case, which was opened three days ago or earlier. */
  async life(id: string) {
    const { stage } = this;
    await this.appoint(id, 'over', 'sign', stage.today());
    stage.on(0);
    const until = addDays(stage.today(), 30);
    await this.appoint(id, 'revoked', 'sign', until);
    await stage.give('chen', LENDER, id, 'representative.revoke', { appointment: await this.seqOf(id, 'representative.appointed') });
    await this.mediate(id, 'dismissed');
    await stage.give('chen', LENDER, id, 'mediation.dismiss', { mediation: await this.seqOf(id, 'mediation.proposed') });
    for (const who of Object.keys(ACTING) as Acting[]) {
      await this.appoint(id, who, ACTING[who], until);
      await this.seat(id, who, 'representative', ACTING[who]);
    }
    return {
      id,
      kase: () => this.kase(id),
      seq: (kind: string) => this.seqOf(id, kind),
      mediate: async () => {
        await this.mediate(id, 'neutral');
        await this.seat(id, 'neutral', 'mediator', null);
      },
      own: (kind: string) => this.ownSeqOf(id, kind),
      step: (by: Somebody, command: string, fields: Fields, file?: () => File) => this.step(id, by, command, fields, file),
    };
  }

  /** All who are in the case but may not do something, and all who are out. */
  private async step(id: string, by: Somebody, name: string, fields: Fields, file?: () => File): Promise<void> {
    const command = COMMANDS.get(name);
    if (!command) throw new Error(`No command ${name}.`);
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(field, String(one));
    // A file is known by its digest where it is no form that brings it.
    const read = file ? null : readCommand(command, typed(form));
    if (read && !read.ok) throw new Error(`${name}: ${JSON.stringify(read.issues.map(({ path }) => path))}`);
    const byForm = (who: Somebody, requestId: string) => {
      if (!file) return this.at[who].post(`/cases/${id}/do/${name}`, { ...fields, requestId });
      const sent = new FormData();
      for (const [field, value] of form) sent.append(field, value);
      sent.set('files', file());
      sent.set('requestId', requestId);
      return this.at[who].send(`/cases/${id}/do/${name}`, sent);
    };
    const byApi = (who: Somebody, requestId: string) =>
      this.at[who].send(`/api/v1/cases/${id}/commands/${name}`, JSON.stringify(read?.input ?? {}), {
        'content-type': 'application/json',
        'idempotency-key': requestId,
      });
    const isApi = command.doors.includes('api');
    const before = await this.kept(id);
    const wrong: string[] = [];
    for (const who of OUT) {
      for (const [way, ask] of [
        ['form', byForm],
        ['json', byApi],
      ] as const) {
        await this.seatedStill(id, who);
        const { status } = await ask(who, randomId());
        if (status !== 404) wrong.push(`${who}, ${name} by ${way}: ${status}`);
      }
    }
    const { mediations } = await this.kase(id);
    const inside: Somebody[] = ['chen', 'lin', ...(Object.keys(ACTING) as Acting[])];
    if (mediations.at(-1)?.state === 'acting') inside.push('neutral');
    for (const who of inside) {
      if (mayGive(who, name)) continue;
      const answer = await byForm(who, randomId());
      // What has a route of its own has it for the parties.
      const isShut = who === 'neutral' && command.doors.length === 0;
      const says = answer.status === 422 && (await answer.text()).includes(MAY_NOT);
      if (isShut ? answer.status !== 404 : !says) wrong.push(`${who}, ${name} by form: ${answer.status}`);
      const json = await byApi(who, randomId());
      const { type = '' } = (await json.json()) as { type?: string };
      if (isApi ? json.status !== 403 || !type.endsWith(':seat.may-not') : json.status !== 404)
        wrong.push(`${who}, ${name} by json: ${json.status} ${type}`);
    }
    expect(wrong).toEqual([]);
    expect(await this.kept(id), `${name} was refused and left something behind`).toEqual(before);
    expect(mayGive(by, name), `${by}, ${name}`).toBe(true);
    const requestId = randomId();
    // Whoever lays it down is out: there is no second time.
    if (isApi && command.needs !== 'attend') {
      const json = await byApi(by, requestId);
      expect(json.status, `${by}, ${name}: ${await json.clone().text()}`).toBe(201);
    }
    const answer = await byForm(by, requestId);
    expect(answer.status, `${by}, ${name}: ${summaryIn(await answer.clone().text())}`).toBe(303);
    expect(await this.kept(id), `${name} came to nothing`).not.toEqual(before);
    this.tried.add(name);
  }

  /** What the databases and the storage hold that a command could change, but for notices, which leave after their answer. */
  async kept(id: string): Promise<unknown> {
    const count = (file: string, tables: readonly string[]) => {
      const db = new DatabaseSync(join(this.portal.data, 'databases', `${file}.db`), { readOnly: true, timeout: 30_000 });
      try {
        return tables.map((table) => [table, db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count]);
      } finally {
        db.close();
      }
    };
    const { objects } = await this.portal.files.list({ prefix: `${FILES}${id}/` });
    return [
      ...count(`casebook-${LENDER}`, ['entries', 'requests', 'files', 'drafts', 'policy', 'errands']),
      ...count('directory', ['accounts', 'staff', 'invitations', 'second_contacts', 'lenders']),
      objects.map(({ key }) => key),
    ];
  }

  /** Whoever is out as the directory would have them, if it had not heard of it yet. Who acts elsewhere never had a seat here. */
  async seatedStill(id: string, who: Out): Promise<void> {
    if (who === 'elsewhere') return;
    await (who === 'dismissed' ? this.seat(id, who, 'mediator', null) : this.seat(id, who, 'representative', 'sign'));
  }

  private async seat(id: string, who: Acting | Out | 'neutral', capacity: 'representative' | 'mediator', scope: Scope | null) {
    const account = await this.account(who);
    const since = new Date().toISOString();
    const seat = { account: account.id, case: id, lender: this.lender.id, contact: mailOf(who), since, until: null };
    await openDirectory(this.portal.env).addSeat({ ...seat, capacity, scope });
  }

  private async account(who: Acting | Out | 'neutral') {
    const account = await openDirectory(this.portal.env).accountByContact({ email: mailOf(who) });
    if (!account) throw new Error(`${who} has no account.`);
    return account;
  }

  /** Has 陈建国 appoint somebody, who accepts, as of the stage's day. */
  async appoint(id: string, who: Acting | Out, scope: Scope, until: string): Promise<void> {
    const mandate = { name: nameOf(who), relation: 'lawyer', contact: mailOf(who), scope, until, signed: PEOPLE.chen.name };
    await this.stage.give('chen', LENDER, id, 'representative.appoint', mandate, { email: mailOf(who), phone: null });
    await this.accept(id, who, 'representative.accept');
  }

  /** Has both sides let somebody in between them. */
  private async mediate(id: string, who: 'dismissed' | 'neutral'): Promise<void> {
    await this.stage.give('chen', LENDER, id, 'mediation.propose', { name: nameOf(who) }, { email: mailOf(who), phone: null });
    await this.stage.give('lin', LENDER, id, 'mediation.admit', { mediation: await this.seqOf(id, 'mediation.proposed') });
    await this.accept(id, who, 'mediation.accept');
  }

  private async accept(id: string, who: Acting | Out | 'neutral', command: 'representative.accept' | 'mediation.accept'): Promise<void> {
    const { env, keys } = this.portal;
    const admission = (command === 'mediation.accept' ? admitBetween : admitBeside)(id, await this.account(who), this.lender);
    const at = (await this.record(id)).at(-1)?.at ?? '';
    const outcome = await execute({
      admission,
      casefile: openCaseFile(env, admission),
      command,
      input: {},
      requestId: randomId(),
      at,
      reached: reachedBy({ keys }, { email: mailOf(who) }, at),
      key: await signingKey(keys),
      random: randomBytes,
      number: randomNumber,
    });
    if (!outcome.ok) throw new Error(`${who} did not come in: ${outcome.refusal.code}`);
  }

  /** What time had brought in a case by a day, so many days ago. */
  async due(id: string, daysAgo: number): Promise<void> {
    const { env, keys } = this.portal;
    const casebook = openCasebookForPortal(env, this.lender);
    const day = new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
    // At noon in Beijing, when people may be told of it.
    const at = `${day}T04:00:00.000Z`;
    await writeDue({ casebook, lender: LENDER, at, key: await signingKey(keys), random: randomBytes }, [id]);
  }

  private async record(id: string) {
    return (await openCasebookForPortal(this.portal.env, this.lender).record(id))?.entries ?? [];
  }

  private async seqOf(id: string, kind: string): Promise<number> {
    return (await this.record(id)).findLast((one) => one.kind === kind)?.seq ?? 0;
  }

  private async ownSeqOf(id: string, kind: string): Promise<number> {
    const stream = await openCasebookForPortal(this.portal.env, this.lender).privateRecord(id, 'lender');
    return stream?.record?.entries.findLast((one) => one.kind === kind)?.seq ?? 0;
  }

  private async kase(id: string): Promise<Case> {
    return (await openCasebookForPortal(this.portal.env, this.lender).load(id, '', '')).kase;
  }
}

const MAY_NOT = String(wordsOf('en').refusal['seat.may-not']);
const nameOf = (who: string) => (who === 'signs' ? '签字的律师' : `代理人${who}`);
export const SIGNS = nameOf('signs');
export const mailOf = (who: string) => `${who}@beside.example`;
export const contactOfNeutral = () => contactText({ email: mailOf('neutral') });

/** Whether the matrix says that somebody may: between the sides what is a mediator's own, and nothing else. */
function mayGive(who: Somebody, name: string): boolean {
  const command = COMMANDS.get(name);
  if (!command || OUT.some((one) => one === who)) return false;
  const isNeutral = /^mediation\.(?:accept|say|suggest|leave)$/.test(name);
  if ((who === 'neutral') !== isNeutral) return false;
  const capacity =
    who === 'chen'
      ? 'borrower'
      : who === 'lin'
        ? 'agent'
        : who === 'zhou'
          ? 'supervisor'
          : who === 'neutral'
            ? 'mediator'
            : 'representative';
  const scope = Object.entries(ACTING).find(([acting]) => acting === who)?.[1] ?? null;
  return may({ capacity, scope }, command.needs, new Date().toISOString());
}

const summaryIn = (html: string) => /<div class="error-summary"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '';
