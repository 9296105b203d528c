import { check, openedBy } from '../../web/pages/opening/check.tsx';
import { whyOf } from '../../web/pages/opening/owed.tsx';
import { ELSEWHERE, type Invited } from '../../web/pages/opening/step.ts';
import { missingOf } from '../../web/pages/opening/steps.ts';
import type { Filled } from '../../web/parts/view.ts';
import { refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { contactIn, contactText, reachedBy } from '../contact.ts';
import { announceOf } from '../execute/announce.ts';
import { execute } from '../execute/execute.ts';
import { follow } from '../execute/follow.ts';
import type { Typed } from '../negotiation/form.ts';
import { commands as life } from '../negotiation/life.ts';
import type { HeldPolicy } from '../negotiation/policy.ts';
import type { Language } from '../plan/languages.ts';
import { openCaseFile } from '../store/open.ts';
import { isBothSides } from '../store/seats.ts';
import { refusedForm, toConfirm, value } from './arrival.ts';
import { type Opening, type Owned, onBothSides } from './drafts.ts';
import { takeAway } from './elsewhere.ts';
import { instruments, requestIdOf } from './give.ts';
import { begin, pathOf, show, standingOf, tryToSave } from './opening-page.ts';
import { type C, formOf } from './portal.ts';
import { againAt, comeBack, errorsAt, returnedAt, saidInAll } from './returned.ts';
import { askToSignUp } from './sign-up.ts';

/** The last step: the draft becomes a case. Who has no account yet makes it here, and it is sent once they have typed the code that confirms it. */
export async function send(c: C) {
  const sent = await formOf(c);
  const at = await begin(c);
  const standing = standingOf(c, at);
  // In another language or size the page is the same, with what was typed in it; nothing is sent.
  if (c.req.query('language')) return checkAgain(c, at, sent, (await errorsAt(c, checkAt(at))) ?? {});
  const input = openedBy(standing);
  if (!input || missingOf(standing, check).length > 0) return checkAgain(c, at, sent, {});
  if (at.lender.slug === ELSEWHERE) return takeAway(c, at, input, sent, (said) => checkAgain(c, at, sent, saidInAll(c, said)));
  if (at.account !== null && at.invited) return beginIn(c, at, at.invited, { ...input, words: whyOf(standing) }, sent);
  return at.account === null ? signUpToSend(c, at, sent) : open(c, at, input, requestIdOf(sent));
}

/** The last page as it was typed, with what is wrong with that (in the reader's language, or in all), at an address of its own. */
function checkAgain(c: C, at: Opening, sent: Typed, errors: Partial<Record<Language, Filled['errors']>>) {
  const here = errors[c.var.view.language] ?? {};
  return comeBack(c, checkAt(at), { values: sent, errors }, () => drawCheck(c, at, sent, here));
}

const checkAt = (at: Opening) => againAt(pathOf(at, check.name));

/** The same, as it was kept. */
export async function showCheck(c: C, at: Opening) {
  const typed = await returnedAt(c, checkAt(at));
  return drawCheck(c, at, typed?.values ?? new Map(), typed?.errors ?? {});
}

function drawCheck(c: C, at: Opening, sent: Typed, errors: Filled['errors']) {
  const isRefused = Object.keys(errors).length > 0 || missingOf(standingOf(c, at), check).length > 0;
  return show(c, at, check, { form: refusedForm(new Map([...at.draft.values, ...sent]), errors) }, isRefused ? 422 : 200);
}

async function signUpToSend(c: C, at: Opening, sent: Typed) {
  const shown = (errors: Record<string, string>) => ({ form: refusedForm(new Map([...at.draft.values, ...sent]), errors) });
  const asked = await askToSignUp(c, sent);
  if ('said' in asked && asked.status === 422) return checkAgain(c, at, sent, saidInAll(c, asked.said));
  if ('said' in asked) return show(c, at, check, shown(asked.said(c.var.view.words)), asked.status);
  const saved = await tryToSave(c, at, check.name, asked.code);
  if ('fault' in saved) return show(c, at, check, shown({ '': saved.fault }), saved.status);
  return toConfirm(c, 'sign-up', pathOf(at, check.name));
}

type Input = NonNullable<ReturnType<typeof openedBy>>;

async function open(c: C, at: Owned, input: Input, requestId: string) {
  const { account, admission, draft, lender } = at;
  // The seat comes first: a seat in a case that does not exist opens nothing, while a case without its seat would be lost to the borrower.
  const contact = contactIn(account);
  const seat = { account: account.id, case: draft.case, lender: lender.id, capacity: 'borrower' as const, contact: contactText(contact) };
  try {
    await c.var.directory.addSeat({ ...seat, since: instant() });
  } catch (thrown) {
    throw isBothSides(thrown) ? onBothSides(c) : thrown;
  }
  const outcome = await execute({
    admission,
    casefile: openCaseFile(c.var.env, admission),
    command: life.openByBorrower.name,
    input: { ...input, lenderName: lender.name },
    requestId: `${account.id}:${requestId}`,
    reached: reachedBy(c.var.env, contact, account.confirmedAt ?? account.createdAt),
    ...(await instruments(c)),
    forgetDraft: { account: account.id, about: draft.token },
  });
  if (!outcome.ok) {
    // Sent twice: the case is there.
    if (outcome.refusal.code === 'case.exists') return c.redirect(`/cases/${draft.case}`, 303);
    const { refusal } = outcome;
    return checkAgain(
      c,
      at,
      new Map(),
      saidInAll(c, (words) => ({ '': refusalText(words, refusal) })),
    );
  }
  if (at.others === 0) await c.var.directory.dropBegun(account.id, lender.id);
  c.executionCtx.waitUntil(announceOf(c.var.env, lender, outcome.case));
  return c.redirect(`/cases/${draft.case}/sent`, 303);
}

/** What an invited borrower begins with becomes entries of their case: of that offer, in answer to that, which the page has shown. */
async function beginIn(c: C, at: Owned, { id }: Invited, input: Input & { words: string | undefined }, sent: Typed) {
  const { account, admission, draft, lender } = at;
  const { debt, words, means, proposal } = input;
  const [answers, digest] = [Number(value(sent, 'answers')) || null, value(sent, 'digest')];
  let policy: HeldPolicy | null = null;
  const outcome = await execute({
    admission,
    casefile: openCaseFile(c.var.env, admission),
    carriedOutBy: (held) => {
      policy = held;
    },
    command: life.begin.name,
    input: { debt: { debt: debt.debt, rate: debt.rate }, words, means, proposal: { ...proposal, answers, digest } },
    requestId: `${account.id}:${requestIdOf(sent)}`,
    ...(await instruments(c)),
    forgetDraft: { account: account.id, about: draft.token },
  });
  if (!outcome.ok) {
    const { refusal } = outcome;
    return checkAgain(
      c,
      at,
      new Map(),
      saidInAll(c, (words) => ({ '': refusalText(words, refusal) })),
    );
  }
  if (at.others === 0) await c.var.directory.dropBegun(account.id, lender.id);
  c.executionCtx.waitUntil(follow(c.var.env, lender, outcome, policy));
  return c.redirect(`/cases/${id}/sent`, 303);
}
