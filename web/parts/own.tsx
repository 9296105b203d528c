import { movedOn, waitingApprovals } from '../../worker/negotiation/approval.ts';
import type { Own } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { MAX_NOTE, commands as note } from '../../worker/negotiation/note.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tellOwn } from '../telling/note.ts';
import { momentText, type Words } from '../words/index.ts';
import { WaitingHere } from './approval.tsx';
import { Assignee } from './assignee.tsx';
import { HeldHere } from './conduct.tsx';
import { ErrandsHere } from './errands.tsx';
import { AreaField, CommandForm } from './fields.tsx';
import { Fold } from './fold.tsx';
import { fieldsOnce } from './once.ts';
import { ToldLines } from './told.tsx';
import { formFor, type View } from './view.ts';

/** What a side keeps to itself in a case: a place of its own, marked as what it is, and never on paper with the rest. */

/** `doubts` are what of it is not as the portal wrote it. */
export type OwnStream = {
  side: 'borrower' | 'lender';
  own: Own;
  entries: readonly (Recorded & { holds: boolean })[];
  more: boolean;
  doubts: readonly unknown[];
};

export function OwnEntries({ own: { entries }, words }: { own: OwnStream; words: Words }) {
  return (
    <ol class="plain-list">
      {entries.map((entry) => (
        <li id={`o${entry.seq}`}>
          {entry.holds ? <OwnEntry entry={entry} words={words} /> : <p class="notice bad">{words.unproven.entry}</p>}
        </li>
      ))}
    </ol>
  );
}

function OwnEntry({ entry, words }: { entry: Recorded; words: Words }) {
  const { what, lines } = tellOwn(entry, words);
  return (
    <>
      <p class="small soft">
        {authorName(authorOf(entry), words)} · {what} · <time datetime={entry.at}>{momentText(words, entry.at)}</time>
      </p>
      <ToldLines lines={lines} words={words} />
    </>
  );
}

/** On the page of the case: the newest of it, and the form to write. */
export function OwnPlace({
  view,
  id,
  own,
  kase,
  situation,
}: { view: View; id: string; own: OwnStream } & Pick<Placed, 'kase' | 'situation'>) {
  const { words } = view;
  const { own: say } = words;
  const form = formFor(view, note.write.name);
  return (
    <Fold id="own" title={say.title[own.side]} as="own" open={form.again === true || waitingApprovals(own.own).length > 0}>
      <p class="only">{say.only[own.side]}</p>
      {own.doubts.length > 0 ? <p class="notice bad">{say.unproven}</p> : null}
      {own.side === 'lender' ? <Assignee view={view} id={id} own={own.own} kase={kase} situation={situation} /> : null}
      {own.side === 'lender' ? <ErrandsHere view={view} id={id} own={own.own} kase={kase} situation={situation} /> : null}
      <HeldHere view={view} id={id} own={own.own} situation={situation} />
      <WaitingHere id={id} own={own.own} moved={(asked) => movedOn(kase, asked, situation.at)} at={situation.at} words={words} />
      <OwnEntries own={own} words={words} />
      {offered(kase, note.write, situation) ? (
        <CommandForm view={view} caseId={id} command={note.write.name} form={form}>
          {fieldsOnce(
            form,
            words,
            () => (
              <>
                <AreaField form={form} words={words} name="words" label={say.label[own.side]} most={MAX_NOTE} rows={2} />
                <p>
                  <button type="submit">{say.save}</button>
                </p>
              </>
            ),
            own.side,
          )}
        </CommandForm>
      ) : null}
      {own.entries.length > 0 ? (
        <p>
          <a href={`/cases/${id}/own`}>{say.all(own.own.notes)}</a>
        </p>
      ) : null}
    </Fold>
  );
}

type Placed = { kase: Parameters<typeof offered>[0]; situation: Context };
