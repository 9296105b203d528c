import type { Child } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { type Case, known } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { may } from '../../worker/negotiation/seats.ts';
import type { FileRef } from '../../worker/record/format.ts';
import { inOnePiece } from '../html/jsx-runtime.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tell } from '../telling/tell.ts';
import type { Line } from '../telling/telling.ts';
import { readBy, timeText, type Words } from '../words/index.ts';
import { Days } from './days.tsx';
import { AreaField, CommandForm } from './fields.tsx';
import { CallHours } from './law.tsx';
import { OfferCard } from './offer.tsx';
import { Closely, ToldLines } from './told.tsx';
import { formFor, type View } from './view.ts';

/** One entry of the record as it reads on screen: who, when, what, and what the reader can do about it. */

/** `holds` is false where an entry is not what was sealed. */
export type Shown = Recorded & { hash: string; holds?: boolean };

type EntryProps = {
  entry: Shown;
  kase: Case;
  caseId: string;
  view: View;
  situation: Context;
  /** Set where it goes on from the one before: whose it is was said there. */
  follows?: boolean;
};

/** What is the same for every reader and at every moment is drawn once, as long as the entry and its case are the very objects that were read. */
export function EntryView(props: EntryProps): JSX.Element {
  const { entry, kase, caseId, view, follows = false } = props;
  const { words } = view;
  // What is not for a mediator to open is not linked for one.
  const opens = may(props.situation.seat, 'take', props.situation.at);
  const told = { entry, kase, caseId, words, follows, opens };
  const answer = CallAnswer(props);
  // What is not frozen may be another the next time.
  if (answer !== null || !Object.isFrozen(entry) || !Object.isFrozen(kase)) return ToldEntry({ ...told, children: answer });
  const key = `${readBy(words)} ${follows} ${opens} ${caseId}`;
  const drawn = drawnOf(kase, entry);
  const known = drawn.get(key);
  if (known) return known;
  const made = inOnePiece(ToldEntry(told));
  drawn.set(key, made);
  return made;
}

/** Entries as they were drawn, by the case and the entry that were read: they go when those do (`store/remembered.ts`). */
const drawings = new WeakMap<Case, WeakMap<Shown, Map<string, JSX.Element>>>();

function drawnOf(kase: Case, entry: Shown): Map<string, JSX.Element> {
  const ofCase = drawings.get(kase) ?? new WeakMap<Shown, Map<string, JSX.Element>>();
  const ofEntry = ofCase.get(entry) ?? new Map<string, JSX.Element>();
  drawings.set(kase, ofCase.set(entry, ofEntry));
  return ofEntry;
}

type ToldEntryProps = { entry: Shown; kase: Case; caseId: string; words: Words; follows: boolean; opens: boolean; children?: Child };

/** An entry as anybody who sees it sees it: it is given nothing of who reads or of when. What is for a reader alone comes as `children`. */
function ToldEntry({ entry, kase, caseId, words, follows, opens, children }: ToldEntryProps): JSX.Element {
  if (entry.holds === false) {
    return (
      <li class="entry portal" id={`e${entry.seq}`}>
        <header>
          <span class="who">{words.case.receipt(entry.seq)}</span>
        </header>
        <p class="notice bad">{words.unproven.entry}</p>
      </li>
    );
  }
  const author = authorOf(entry);
  const side = author?.side ?? 'portal';
  const told = tell(entry, kase, words);
  const { what } = told;
  const lines = opens ? told.lines : told.lines.filter((line) => !isDocument(line));
  const offer = entry.content === null ? undefined : kase.offers.find(({ seq }) => seq === entry.seq);
  return (
    <li class={`entry ${side}${follows ? ' follows' : ''}`} id={`e${entry.seq}`}>
      <header>
        {follows ? <span class="visually-hidden">{authorName(author, words)}</span> : <span class="who">{authorName(author, words)}</span>}
        {side === 'portal' || follows ? null : <span class="soft small">{side === 'lender' ? kase.lenderName : words.of(side)}</span>}
        <span>
          <Days of={what} />
        </span>
        <span class="meta">
          <time datetime={entry.at}>{timeText(words, entry.at)}</time>{' '}
          <a href={`#e${entry.seq}`} title={entry.hash} tabindex={-1}>
            {words.case.receipt(entry.seq)}
          </a>
        </span>
      </header>
      {offer ? (
        <>
          <ToldLines lines={lines.filter(({ as }) => as === 'warning')} words={words} caseId={caseId} />
          <OfferCard
            folded={offer.version < kase.offers.length}
            offer={offer}
            kase={kase}
            before={offer.answers ? kase.offers[offer.answers - 1] : undefined}
            caseId={caseId}
            words={words}
          />
          <Closely lines={lines.filter(({ close }) => close)} words={words} caseId={caseId} />
        </>
      ) : lines.length > 0 ? (
        <div class="body">
          <ToldLines lines={lines} words={words} caseId={caseId} />
          {children}
        </div>
      ) : null}
    </li>
  );
}

/** Whether a line says no more than where a document is that is taken away. */
const isDocument = ({ about }: Line) => about !== undefined && ('letter' in about || 'authority' in about);

/** A file as a link, or as its name where it is gone. */
export function FileLink({ file, caseId, kase, words }: { file: FileRef; caseId: string; kase: Case; words: Words }) {
  if (isErased(kase, file.sha256)) return <span class="soft">{words.case.erased}</span>;
  return <a href={`/cases/${caseId}/files/${file.sha256}/view`}>{file.name}</a>;
}

/** Whether there is more about an entry than what everybody who sees it sees. */
export const isForReader = ({ kind }: Pick<Shown, 'kind'>) => kind === 'talk.call-logged';

/** A call that was logged: how it stands, whether it came at an hour that is allowed, and what the other side can answer. */
function CallAnswer({ entry, kase, caseId, view, situation }: EntryProps) {
  const { words } = view;
  const { case: say } = words;
  const logged = known(entry);
  if (logged?.kind !== 'talk.call-logged' || logged.content === null) return null;
  const { when, direction, outcome } = logged.content;
  const call = kase.calls[entry.seq];
  const mayAnswer = may(situation.seat, 'speak', situation.at);
  const answerable =
    mayAnswer && call?.state === 'logged' && call.side !== situation.seat.side && kase.stage !== 'closed' && !situation.readOnly;
  const hidden = { call: entry.seq };
  const contest = formFor(view, 'talk.contestCall', hidden);
  return (
    <>
      {call && call.state !== 'logged' ? (
        <p>
          <span class={`tag ${call.state === 'confirmed' ? 'confirmed' : 'disputed'}`}>{say.callState[call.state]}</span>
        </p>
      ) : null}
      {direction === 'to-borrower' && outcome === undefined ? <CallHours when={when} policy={situation.policy} words={words} /> : null}
      {answerable ? (
        <div class="actions">
          <CommandForm
            view={view}
            caseId={caseId}
            command="talk.confirmCall"
            form={formFor(view, 'talk.confirmCall', hidden)}
            hidden={hidden}
          >
            <button type="submit">{say.callConfirm}</button>
          </CommandForm>
          <details open={contest.again}>
            <summary>{say.callContest}</summary>
            <CommandForm view={view} caseId={caseId} command="talk.contestCall" form={contest} hidden={hidden}>
              <AreaField form={contest} words={words} name="words" label={say.callContestWords} most={2000} />
              <p>
                <button type="submit">{say.callContest}</button>
              </p>
            </CommandForm>
          </details>
        </div>
      ) : null}
    </>
  );
}
