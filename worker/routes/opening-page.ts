import { HTTPException } from 'hono/http-exception';
import { StepPage } from '../../web/pages/opening/page.tsx';
import {
  addressOf,
  type DraftFile,
  type Invited,
  type Reading,
  type Shown,
  type Standing,
  type Step,
  type StepName,
} from '../../web/pages/opening/step.ts';
import { countedOf, pagesOf, STEPS } from '../../web/pages/opening/steps.ts';
import { faultsText, type Words } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import { lawOf } from '../plan/law/index.ts';
import type { FileRef } from '../record/format.ts';
import { type Lender, takesCases } from '../store/open.ts';
import { MAX_DRAFTS } from './beginnings.ts';
import { MAX_DRAFT, type Opening, type Owned, opening, save } from './drafts.ts';
import { type C, notFound, page, person } from './portal.ts';
import { isAgain } from './returned.ts';

/** What the routes of opening a case share: the step and the draft that are asked for, how that stands, its page, and keeping it. */

export function stepOf(c: C, invited: Invited | null): Step {
  const step = pagesOf(invited).find(({ name }) => name === c.req.param('step'));
  if (!step) throw notFound();
  return step;
}

/** The draft of the request, or its case where that was opened. */
export async function begin(c: C): Promise<Opening> {
  const at = await opening(c);
  if (at.opened) throw new HTTPException(303, { res: c.redirect(`/cases/${at.invited?.id ?? at.draft.case}`, 303) });
  return at;
}

/** The same, of a person with an account; others sign in first. */
export async function beginOwned(c: C): Promise<Owned> {
  person(c);
  const at = await begin(c);
  if (at.account === null) throw notFound();
  return at;
}

/** An opening as its steps see it. */
export function standingOf(c: C, at: Opening, files: readonly DraftFile[] = []): Standing {
  const { lender, draft, seat, policy, today, invited } = at;
  const { view } = c.var;
  return {
    view,
    lender,
    invited,
    draft: draft.token,
    savedAt: draft.savedAt,
    context: {
      at: instant(),
      today,
      zone: lawOf(policy).place.zone,
      seat,
      own: null,
      policy,
      proven: false,
      files: new Map<string, FileRef>(),
    },
    values: draft.values,
    read: readingOf(countedOf(draft.values, invited), view.words),
    files,
    goesTo: goesTo(c),
    again: isAgain(c),
  };
}

/** The step from which one came to change something, to go back to. */
export const goesTo = (c: C): StepName | undefined => STEPS.find(({ name }) => name === c.req.query('to'))?.name;

function readingOf(values: Typed, words: Words): Reading {
  return (schema, under = '') => {
    const read = readForm(schema, under ? below(values, under) : values);
    if (read.ok) return { input: read.input };
    return {
      faults: faultsText(
        words,
        read.issues.map((issue) => ({ ...issue, path: `${under}${issue.path}` })),
      ),
    };
  };
}

/** The fields under a prefix, without it. */
function below(values: Typed, prefix: string): Typed {
  return new Map([...values].flatMap(([name, all]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), all] as const] : [])));
}

/** The page of a step. */
export async function show(c: C, at: Opening, step: Step, shown: Shown, status: 200 | 422 | 429 | 503 = 200) {
  const files = step.name === 'evidence' || step.name === 'check' ? await filesOf(at) : [];
  const lenders = step.name === 'loan' ? await lendersOf(c) : undefined;
  return page(c, StepPage({ at: { ...standingOf(c, at, files), lenders }, step, shown }), status);
}

/** The lenders with whom this person can begin: not those for whom they work. */
export async function lendersOf(c: C): Promise<Lender[]> {
  const own = c.var.visit?.memberships ?? [];
  return (await c.var.directory.lenders()).filter((one) => takesCases(one) && !own.some(({ lender }) => lender.id === one.id));
}

/** The files of a draft in the order in which they were added, each with the figures that it supports. */
async function filesOf(at: Opening): Promise<DraftFile[]> {
  if (at.account === null) return [];
  const { own, draft } = at;
  const stored = await own.files(draft.case);
  return [...supportsOf(draft.values)].flatMap(([sha256, supports]) => {
    const file = stored.find((one) => one.sha256 === sha256);
    return file ? [{ ...file, supports }] : [];
  });
}

/** The digests of the files that a draft names, each with the figures that it supports. */
export function supportsOf(values: Typed): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (let i = 0; values.has(`evidence.files.${i}.sha256`); i++) {
    files.set(values.get(`evidence.files.${i}.sha256`)?.[0] ?? '', [...(values.get(`evidence.files.${i}.figures`) ?? [])]);
  }
  return files;
}

/** The address of a step of a draft. */
export const pathOf = ({ lender, draft }: Pick<Opening, 'lender' | 'draft'>, step: StepName, to?: StepName): string =>
  addressOf({ lender, draft: draft.token }, step, to);

/** Saves a draft; where that cannot be, says why, so that the page never claims what is not so. */
export async function tryToSave(
  c: C,
  at: Opening,
  step: StepName,
  sending: string | null = null,
): Promise<Opening | { fault: string; status: 422 | 503 }> {
  const { opening: say } = c.var.view.words;
  try {
    const saved = await save(c, at, step, sending);
    if (!('refused' in saved)) return saved;
    return {
      fault: saved.refused === 'many' ? say.draftsTooMany({ max: MAX_DRAFTS }) : say.draftTooLarge({ max: MAX_DRAFT }),
      status: 422,
    };
  } catch (thrown) {
    console.error(`A draft was not saved: ${thrown instanceof Error ? thrown.name : ''}`);
    return { fault: say.notSaved, status: 503 };
  }
}
