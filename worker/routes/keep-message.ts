import { Hono } from 'hono';
import { TEXT_OF } from '../../web/parts/template.tsx';
import { OVER } from '../../web/parts/unsent.tsx';
import { formFor, idOf } from '../../web/parts/view.ts';
import { faultsText, momentText, type Words } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { barred } from '../negotiation/command.ts';
import { refuse } from '../negotiation/refusal.ts';
import { readCommand, shownAgain } from './commands.ts';
import { type C, formOf, notFound, type OpenCase, openShared, type Portal } from './portal.ts';
import { doneWith, refusedBy, type Said } from './returned.ts';
import { keptAs, knownIn, messageOf } from './unsent.ts';

/**
 * Keeping a message that is not sent yet, as it is typed where a script runs and by a button where none does; and giving it up. What was kept elsewhere in the meantime is shown, and
 * taken the place of by nobody who has not seen it.
 */

export const keepMessageRoutes = new Hono<Portal>();

const AT = '/cases/:case/drafts/:command' as const;

/** The address of the form, asked for by itself. */
keepMessageRoutes.get(AT, async (c) => c.redirect(`/cases/${(await openShared(c)).id}`, 303));

keepMessageRoutes.post(AT, async (c) => {
  const values = await formOf(c);
  const opened = await openShared(c);
  const command = messageOf(opened);
  if (c.req.param('command') !== command.name) throw notFound();
  const typed = values.get('words')?.[0] ?? '';
  const isDropped = values.get('action')?.[0] === 'discard' || typed.trim() === '';
  const answered = (said: Said, status: 409 | 422, kept?: ReturnType<typeof keptAs>) =>
    isScript(c)
      ? c.json({ said: Object.values(said(c.var.view.words)).join(' '), version: kept?.version ?? 0, kept: kept?.words ?? null }, status)
      : shownAgain(c, opened, command, values, said);
  const mayNot = stopped(opened, isDropped);
  if (mayNot) return answered(refusedBy(mayNot), 422);
  const read = readCommand(command, values);
  if (!isDropped && !read.ok) return answered((words) => faultsText(words, read.issues), 422);
  const textOf = values.get(TEXT_OF)?.[0];
  const content = { words: typed.replace(/\r\n?/g, '\n'), ...(textOf === undefined ? {} : { textOf }) };
  const known = knownIn(values, values.get(OVER)?.[0]) ?? { version: 0, form: '' };
  const { done, stands } = await opened.casefile.keepUnsent(known, isDropped ? null : content, instant());
  const kept = keptAs(stands);
  if (!done) return answered((words) => ({ '': parted(words, kept) }), 409, kept);
  doneWith(c);
  if (isScript(c)) return c.json({ said: saved(c.var.view.words, kept), version: kept?.version ?? 0, kept: null });
  return c.redirect(`/cases/${opened.id}#${idOf(formFor(c.var.view, command.name), 'words')}`, 303);
});

const isScript = (c: C) => c.req.header('accept') === 'application/json';

/** Why nothing can be kept, as nothing could be sent. It can be given up for as long as anything is written in the lender's cases. */
function stopped(opened: OpenCase, isDropped: boolean) {
  if (opened.admission.lender.pausedAt !== null) return refuse('lender.paused').refused;
  if (isDropped) return null;
  return barred(messageOf(opened), opened.kase, opened.neutral ?? opened.situation)?.refused ?? null;
}

const saved = (words: Words, kept: ReturnType<typeof keptAs>) => (kept ? words.unsent.kept({ at: momentText(words, kept.at) }) : '');

/** What stands there is another text than the form knows: kept elsewhere since or, where there is none, sent or given up. */
const parted = (words: Words, kept: ReturnType<typeof keptAs>) =>
  kept ? words.unsent.newer({ at: momentText(words, kept.at) }) : words.unsent.gone;
