import { HTTPException } from 'hono/http-exception';
import * as z from 'zod';
import { ErrorPage } from '../../web/pages/error.tsx';
import { ELSEWHERE, type Invited, type StepName } from '../../web/pages/opening/step.ts';
import { STEPS } from '../../web/pages/opening/steps.ts';
import type { Begun, Found } from '../../web/parts/begun.tsx';
import { randomId } from '../chance.ts';
import { instant } from '../clock.ts';
import { FILES_AT_ONCE } from '../negotiation/evidence.ts';
import type { Typed } from '../negotiation/form.ts';
import { toBegin } from '../negotiation/life.ts';
import { DEFAULT_POLICY, type HeldPolicy } from '../negotiation/policy.ts';
import type { Seat } from '../negotiation/seats.ts';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import type { Account } from '../store/accounts.ts';
import { admitOwn, admitToOpen, caseOf } from '../store/admission.ts';
import type { Draft as Stored } from '../store/drafts.ts';
import { type CaseAdmission, emptyStorageOf, type Lender, type OwnBook, openOwn, publishedPolicy } from '../store/open.ts';
import { beginnings, dropBeginning, foundHere, keepBeginning, MAX_DRAFTS } from './beginnings.ts';
import { keepAndSignIn } from './kept.ts';
import { type C, notFound, openCaseOf, page, person } from './portal.ts';

/**
 * What a person has begun and not sent: one draft for each case that they mean to open. A draft is called by a random token; the id of its
 * case follows from that and its owner, so that nobody can have a draft under the id of somebody's case.
 */

/** What one draft may hold, in characters: more than the largest case that can be sent. */
export const MAX_DRAFT = 200_000;
/** What the files of a draft may come to, in bytes. */
export const MAX_DRAFT_FILES = 200 * 1024 * 1024;

export type Draft = {
  token: string;
  case: string;
  values: Typed;
  /** The step at which it was last saved. */
  step: StepName;
  /** When it was last saved; null where it never was. */
  savedAt: string | null;
};

/** A draft with all that its pages are drawn from, whoever has it. */
type Drafted = {
  lender: Lender;
  /** The seat that the case is opened from. */
  seat: Seat;
  policy: HeldPolicy;
  today: string;
  draft: Draft;
  /** How many others the person has with this lender. */
  others: number;
  /** The case that it is about, where the lender opened that. */
  invited: Invited | null;
  /** It was sent: its case is there, or what it was to say in it. */
  opened: boolean;
};

/** A draft of a person with an account: what they have with the lender, and leave to open the draft's case. */
export type Owned = Drafted & { account: Account; own: OwnBook; admission: CaseAdmission };

/** A draft of somebody who has no account yet. */
export type Opening = Owned | (Drafted & { account: null });

/** What a draft is called, as the path of its pages has it. */
export const TOKEN = 'open|[0-9a-f]{32}';

/** The draft that the request names; without a name the newest with this lender. Who has no account has those of their cookie; any other is for its owner. */
export async function opening(c: C): Promise<Opening> {
  const [slug, named] = [c.req.param('lender') ?? '', c.req.param('draft')];
  if (c.var.visit && slug !== ELSEWHERE) return openingWith(c, slug, named);
  const begun = (await beginnings(c)).filter(({ lender }) => (lender?.slug ?? ELSEWHERE) === slug);
  const found = named === undefined ? begun[0] : begun.find(({ about }) => about === named);
  if (!found) throw slug === ELSEWHERE ? notFound() : await ofSomebody(c);
  return visitors(c, found.lender, read({ ...found, case: '' }), begun.length - 1);
}

/** A lender that is not here, as the borrower calls it: nothing goes to it from here, and nothing that it publishes is known. */
const elsewhere = (values: Typed): Lender => ({
  id: '',
  slug: ELSEWHERE,
  name: values.get('loan.lender')?.[0]?.trim() ?? '',
  url: '',
  pausedAt: null,
});
const UNKNOWN: HeldPolicy = { ...DEFAULT_POLICY, minimumInstalment: 0, longestTerm: 600 };

/** Whose draft it is cannot be told without signing in; what was written to it goes along. */
async function ofSomebody(c: C): Promise<HTTPException> {
  if (c.req.method !== 'POST') person(c);
  return new HTTPException(401, { res: await keepAndSignIn(c) });
}

/** A new draft with a lender (its slug). */
export async function newOpening(c: C, slug: string): Promise<Opening> {
  if (c.var.visit && slug !== ELSEWHERE) return openingWith(c, slug, randomId());
  const lender = slug === ELSEWHERE ? null : await c.var.directory.lenderBySlug(slug);
  if (lender === null && slug !== ELSEWHERE) throw notFound();
  return visitors(c, lender, { token: randomId(), case: '', values: new Map(), step: 'loan', savedAt: null }, 0);
}

async function visitors(c: C, lender: Lender | null, draft: Draft, others: number): Promise<Opening> {
  const seat: Seat = { side: 'borrower', capacity: 'borrower', account: '', name: '' };
  const policy = lender ? await publishedPolicy(c.var.env, lender) : UNKNOWN;
  return {
    account: null,
    lender: lender ?? elsewhere(draft.values),
    seat,
    policy,
    draft,
    others,
    invited: null,
    opened: false,
    today: todayOf(policy),
  };
}

/** The draft of a person with an account, by its lender (the slug) and its name; without a name the newest, or a new one. */
async function openingWith(c: C, slug: string, named: string | undefined): Promise<Owned> {
  const { account, memberships } = person(c);
  const lender = await c.var.directory.lenderBySlug(slug);
  if (!lender) throw notFound();
  if (memberships.some((one) => one.lender.id === lender.id)) throw onBothSides(c);
  const own = openOwn(c.var.env, admitOwn(account, lender));
  const { drafts, policy, opened } = await own.begun(named === undefined ? '' : caseOf(account, lender, named));
  const found = named === undefined ? drafts[0] : drafts.find(({ about }) => about === named);
  const token = named ?? randomId();
  const invited = await invitedTo(c, lender, token);
  const reference = invited?.kase.loan.reference;
  const values: Typed = new Map(reference === undefined ? [] : [['loan.reference', [reference]]]);
  const draft: Draft = found ? read(found) : { token, case: caseOf(account, lender, token), values, step: 'loan', savedAt: null };
  const others = drafts.filter(({ about }) => about !== draft.token).length;
  const admission = invited?.admission ?? admitToOpen(account, lender, draft.token);
  const rest = { invited, opened: invited ? !toBegin(invited.kase) : opened, today: todayOf(policy) };
  return { account, lender, own, admission, seat: admission.seat, policy, draft, others, ...rest };
}

/** The case of this lender in which the person took the borrower's seat, where a draft is called by its id. The draft is kept as any other. */
async function invitedTo(c: C, lender: Lender, token: string): Promise<(Invited & { admission: CaseAdmission }) | null> {
  const { visit } = c.var;
  if (visit?.seat?.case !== token || visit.seat.lender.id !== lender.id || visit.seat.capacity !== 'borrower') return null;
  const { kase, admission } = await openCaseOf(c, token);
  return { id: token, kase, admission };
}

/** The day on which it is looked at, where the lender is. */
const todayOf = (policy: HeldPolicy) => dayOf(instant(), lawOf(policy).place.zone);

/** Staff hold no seat of a borrower with their own lender. */
export const onBothSides = (c: C) => new HTTPException(403, { res: page(c, ErrorPage({ view: c.var.view, kind: 'bothSides' }), 403) });

/** What is kept of a draft. */
const Kept = z.object({ values: z.array(z.tuple([z.string(), z.array(z.string())])), step: z.string().default('loan') });

/** A draft as it is stored; an empty one where that cannot be read, to be begun again or given up. */
function read({ about, case: id, content, updatedAt }: Pick<Stored, 'about' | 'case' | 'content' | 'updatedAt'>): Draft {
  const { values, step } = Kept.safeParse(content).data ?? Kept.parse({ values: [] });
  return { token: about, case: id, values: new Map(values), step: stepNamed(step), savedAt: updatedAt };
}

/** Steps that were pages of their own in drafts from before, and the page that asks for the same now. */
const FORMER: Record<string, StepName> = { debt: 'loan', income: 'month', expenses: 'month', debts: 'month' };

const stepNamed = (name: string): StepName => STEPS.find((step) => step.name === name)?.name ?? FORMER[name] ?? 'loan';

/** The reference of the loan as it was typed. */
const referenceOf = (values: Typed) => values.get('loan.reference')?.[0] ?? '';

/** What the visitor has begun, as a list shows it. */
export const begunHere = async (c: C): Promise<Begun[]> =>
  (await beginnings(c)).map(({ lender, ...stored }) => {
    const draft = read({ ...stored, case: '' });
    return asBegun(lender ?? elsewhere(draft.values), { ...draft, savedAt: stored.updatedAt });
  });

/**
 * What was begun in this browser and may be the person's, beside the drafts that they have: with whom and when, and nothing else of it before they say that
 * it is theirs. `full`: they have as many with that lender as one keeps.
 */
export async function foundBeside(c: C, account: string, drafts: readonly Begun[]): Promise<Found[]> {
  return (await foundHere(c, account)).map(({ about, lender, updatedAt }) => {
    const beside = drafts.filter((one) => one.lender.slug === lender.slug);
    const full = beside.length >= MAX_DRAFTS && !beside.some(({ token }) => token === about);
    return { token: about, lender, savedAt: updatedAt, full: full ? MAX_DRAFTS : null };
  });
}

/** Drafts as a list shows them. */
export function begunOf(lender: Lender, drafts: readonly Stored[]): Begun[] {
  return drafts.map(read).map(({ savedAt, ...draft }) => asBegun(lender, { ...draft, savedAt: savedAt ?? '' }));
}

/** A draft as a list shows it. */
export function asBegun(lender: Lender, { token, values, step, savedAt }: Draft & { savedAt: string }): Begun {
  const no = STEPS.findIndex(({ name }) => name === step) + 1;
  return { lender, token, reference: referenceOf(values), step, no, steps: STEPS.length, savedAt };
}

export const newestFirst = (a: Begun, b: Begun) => b.savedAt.localeCompare(a.savedAt);

/** Why a draft is not saved, or its state once it was. `sending`: it was looked over and sent, and waits for the account that this code (its id) makes. @throws where the database does not answer */
export async function save(
  c: C,
  at: Opening,
  step: StepName,
  sending: string | null = null,
): Promise<Opening | { refused: 'many' | 'large' }> {
  const { draft, lender, others } = at;
  const content = { values: [...draft.values], step, ...(sending ? { sending } : {}) };
  if (JSON.stringify(content).length > MAX_DRAFT) return { refused: 'large' };
  const savedAt = instant();
  if (at.account === null) {
    const kept = await keepBeginning(c, { about: draft.token, lender: lender.id || null, content, updatedAt: savedAt });
    return kept ? { ...at, draft: { ...draft, step, savedAt } } : { refused: 'many' };
  }
  const { own, account } = at;
  if (draft.savedAt === null && others >= MAX_DRAFTS) return { refused: 'many' };
  // First where it can be found, then what is found.
  if (draft.savedAt === null) await c.var.directory.noteBegun(account.id, lender.id);
  await own.saveDraft({ about: draft.token, case: draft.case, content, updatedAt: savedAt });
  return { ...at, draft: { ...draft, step, savedAt } };
}

/** Gives a draft up: its files leave storage with it; what a crash leaves there goes with the next run of the schedule, which finds it noted. */
export async function discard(c: C, at: Opening): Promise<void> {
  if (at.account === null) return dropBeginning(c, at.draft.token);
  const { account, lender, own, draft, others } = at;
  await own.discardDraft(draft.token, draft.case, instant());
  await emptyStorageOf(c.var.env, lender, instant());
  if (others === 0) await c.var.directory.dropBegun(account.id, lender.id);
}

/** Takes one file out of a draft and out of storage. */
export async function dropFile(c: C, { lender, own, draft }: Owned, sha256: string): Promise<void> {
  await own.dropFile(draft.case, sha256, instant());
  await emptyStorageOf(c.var.env, lender, instant());
}

/** Whether so many more files, of so many bytes, fit into a draft. */
export async function fits({ own, draft }: Owned, more: readonly { sha256: string; size: number }[]): Promise<boolean> {
  const stored = await own.files(draft.case);
  const all = new Map([...stored, ...more].map(({ sha256, size }) => [sha256, size]));
  return all.size <= FILES_AT_ONCE && [...all.values()].reduce((sum, size) => sum + size, 0) <= MAX_DRAFT_FILES;
}
