import { HTTPException } from 'hono/http-exception';
import * as z from 'zod';
import { ErrorPage } from '../../web/pages/error.tsx';
import type { Begun } from '../../web/parts/begun.tsx';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { FILES_AT_ONCE } from '../negotiation/evidence.ts';
import type { Typed } from '../negotiation/form.ts';
import type { Policy } from '../negotiation/policy.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import type { Account } from '../store/accounts.ts';
import { admitOwn, admitToOpen, caseOf } from '../store/admission.ts';
import type { Draft as Stored } from '../store/casebook.ts';
import { emptyStorage } from '../store/files.ts';
import { type CaseAdmission, type Lender, type OwnBook, openCasebookForPortal, openOwn } from '../store/open.ts';
import { type C, notFound, page, person } from './portal.ts';

/**
 * What a person has begun and not sent: one draft for each case that they mean to open. A draft is called by a random token; the id of its
 * case follows from that and its owner, so that nobody can have a draft under the id of somebody's case.
 */

/** Drafts that one person keeps with one lender. */
export const MAX_DRAFTS = 10;
/** What one draft may hold, in characters: more than the largest case that can be sent. */
export const MAX_DRAFT = 200_000;
/** What the files of a draft may come to, in bytes. */
export const MAX_DRAFT_FILES = 200 * 1024 * 1024;

export type Draft = {
  token: string;
  case: string;
  values: Typed;
  /** The step at which it was last saved. */
  step: string;
  /** When it was last saved; null where it never was. */
  savedAt: string | null;
};

export type Opening = {
  account: Account;
  lender: Lender;
  /** What the person has with the lender, and leave to open the draft's case. */
  own: OwnBook;
  admission: CaseAdmission;
  policy: Policy;
  today: string;
  draft: Draft;
  /** How many others the person has with this lender. */
  others: number;
};

/** What a draft is called, as the path of its pages has it. */
export const TOKEN = 'open|[0-9a-f]{32}';

/** The draft that the request names; without a name the newest with this lender, or a new one. `opened` is set where its case was opened. */
export async function opening(c: C): Promise<Opening & { opened: boolean }> {
  const { account, memberships } = person(c);
  const lender = await c.var.directory.lenderBySlug(c.req.param('lender') ?? '');
  if (!lender) throw notFound();
  if (memberships.some((one) => one.lender.id === lender.id)) throw onBothSides(c);
  const own = openOwn(c.var.env, admitOwn(account, lender));
  const named = c.req.param('draft');
  const { drafts, policy, opened } = await own.begun(named === undefined ? '' : caseOf(account, lender, named));
  const found = named === undefined ? drafts[0] : drafts.find(({ about }) => about === named);
  const token = named ?? randomId();
  const draft = found ? read(found) : { token, case: caseOf(account, lender, token), values: new Map(), step: 'loan', savedAt: null };
  const others = drafts.filter(({ about }) => about !== draft.token).length;
  const admission = admitToOpen(account, lender, draft.token);
  return { account, lender, own, admission, policy, draft, others, opened, today: dayOf(instant(), lawOf(policy).place.zone) };
}

/** Staff hold no seat of a borrower with their own lender. */
export const onBothSides = (c: C) => new HTTPException(403, { res: page(c, ErrorPage({ view: c.var.view, kind: 'bothSides' }), 403) });

/** What is kept of a draft. */
const Kept = z.object({ values: z.array(z.tuple([z.string(), z.array(z.string())])), step: z.string().default('loan') });

/** A draft as it is stored. */
function read({ about, case: id, content, updatedAt }: Stored): Draft {
  const { values, step } = Kept.parse(content);
  return { token: about, case: id, values: new Map(values), step, savedAt: updatedAt };
}

/** The reference of the loan as it was typed. */
export const referenceOf = (values: Typed) => values.get('loan.reference')?.[0] ?? '';

/** Drafts as a list shows them. */
export function begunOf(lender: Lender, drafts: readonly Stored[]): Begun[] {
  return drafts
    .map(read)
    .map(({ token, values, step, savedAt }) => ({ lender, token, reference: referenceOf(values), step, savedAt: savedAt ?? '' }));
}

export const newestFirst = (a: Begun, b: Begun) => b.savedAt.localeCompare(a.savedAt);

/** The address of a step of a draft. */
export function addressOf({ lender, draft }: Pick<Opening, 'lender' | 'draft'>, step: string): string {
  return `/open/${lender.slug}/${draft.token}/${step}`;
}

/** Why a draft is not saved, or its state once it was. @throws where the database does not answer */
export async function save(c: C, at: Opening, step: string): Promise<Opening | { refused: 'many' | 'large' }> {
  const { draft, own, account, lender, others } = at;
  const content = { values: [...draft.values], step };
  if (draft.savedAt === null && others >= MAX_DRAFTS) return { refused: 'many' };
  if (JSON.stringify(content).length > MAX_DRAFT) return { refused: 'large' };
  const savedAt = instant();
  // First where it can be found, then what is found.
  if (draft.savedAt === null) await c.var.directory.noteBegun(account.id, lender.id);
  await own.saveDraft({ about: draft.token, case: draft.case, content, updatedAt: savedAt });
  return { ...at, draft: { ...draft, step, savedAt } };
}

/** Gives a draft up: its files leave storage with it; what a crash leaves there goes with the next run of the schedule, which finds it noted. */
export async function discard(c: C, { account, lender, own, draft, others }: Opening): Promise<void> {
  await own.discardDraft(draft.token, draft.case, instant());
  await emptyStorage(c.var.env.files, openCasebookForPortal(c.var.env, lender), instant());
  if (others === 0) await c.var.directory.dropBegun(account.id, lender.id);
}

/** Takes one file out of a draft and out of storage. */
export async function dropFile(c: C, { lender, own, draft }: Opening, sha256: string): Promise<void> {
  await own.dropFile(draft.case, sha256, instant());
  await emptyStorage(c.var.env.files, openCasebookForPortal(c.var.env, lender), instant());
}

/** Whether so many more files, of so many bytes, fit into a draft. */
export async function fits({ own, draft }: Opening, more: readonly { sha256: string; size: number }[]): Promise<boolean> {
  const stored = await own.files(draft.case);
  const all = new Map([...stored, ...more].map(({ sha256, size }) => [sha256, size]));
  return all.size <= FILES_AT_ONCE && [...all.values()].reduce((sum, size) => sum + size, 0) <= MAX_DRAFT_FILES;
}
