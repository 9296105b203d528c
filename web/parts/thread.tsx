import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { may } from '../../worker/negotiation/seats.ts';
import { inOnePiece } from '../html/jsx-runtime.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tell } from '../telling/tell.ts';
import { dayText, type Words } from '../words/index.ts';
import { Days } from './days.tsx';
import { EntryView, isForReader, type Shown } from './entry.tsx';
import type { View } from './view.ts';

/** The record as a conversation: days apart, what one person did at one moment together, and what makes no difference to anybody folded away. */

type Props = { entries: Shown[]; kase: Case; caseId: string; view: View; situation: Context };

/** What is done again and again and says nothing new: it stays in the record, and need not be read. */
const QUIET = new Set(['custody.exported', 'means.verified', 'evidence.accepted', 'evidence.tied']);
const isQuiet = ({ kind, holds }: Shown) => holds !== false && QUIET.has(kind);

/** So long a pause begins another moment. */
const MOMENT = 5 * 60_000;

/** Fewer entries than these are read as quickly as passed over. */
const FEW = 4;

type PageProps = Props & { more: boolean; paged: boolean };

/**
 * A page of the record: the way to what came before, the entries, and the way back to the newest where these are not. What is the same for every reader and at every
 * moment is drawn once, as an entry is (`EntryView`); an entry with something to do about it is not.
 */
export function ThreadPage(props: PageProps): JSX.Element {
  const { entries, kase, caseId, view, situation, more, paged } = props;
  if (!Object.isFrozen(entries) || !Object.isFrozen(kase) || entries.some(isForReader)) return <Page {...props} />;
  const key = `${view.words.language.code} ${may(situation.seat, 'take', situation.at)} ${more} ${paged} ${caseId}`;
  const drawn = drawings.get(entries) ?? new Map<string, { kase: Case; page: JSX.Element }>();
  const known = drawn.get(key);
  if (known?.kase === kase) return known.page;
  const page = inOnePiece(<Page {...props} />);
  drawings.set(entries, drawn.set(key, { kase, page }));
  return page;
}

/** Pages as they were drawn, by the entries that were read: they go when those do (`store/remembered.ts`). */
const drawings = new WeakMap<readonly Shown[], Map<string, { kase: Case; page: JSX.Element }>>();

function Page({ more, paged, ...thread }: PageProps) {
  const { entries, caseId, view } = thread;
  const { words } = view;
  return (
    <>
      {more ? (
        <p>
          <a class="button" href={`/cases/${caseId}?before=${entries[0]?.seq ?? ''}`}>
            {words.more}
          </a>
        </p>
      ) : null}
      <Thread {...thread} />
      {paged ? (
        <p>
          <a href={`/cases/${caseId}`}>{words.newest}</a>
        </p>
      ) : null}
    </>
  );
}

/** Once there is an agreement in force, what led to it is folded away: what comes after it is read first. */
function Thread({ entries, ...rest }: Props) {
  const { words } = rest.view;
  const agreed = entries.findLastIndex(({ kind, holds }) => kind === 'agreement.in-force' && holds !== false);
  const [first, last] = [entries[0], entries[agreed - 1]];
  if (!first || !last || agreed < FEW || rest.kase.stage === 'negotiating') return <DayByDay entries={entries} {...rest} />;
  const span = { from: first.seq, to: last.seq, since: dayText(words, first.at), until: dayText(words, last.at) };
  return (
    <>
      <details class="folded">
        <summary>
          <span>
            <Days of={words.case.ledTo(span)} />
          </span>
        </summary>
        <DayByDay entries={entries.slice(0, agreed)} {...rest} />
      </details>
      <DayByDay entries={entries.slice(agreed)} {...rest} />
    </>
  );
}

function DayByDay({ entries, ...rest }: Props) {
  const { words } = rest.view;
  return (
    <ol class="thread">
      {grouped(entries, words).map((group, i, groups) => {
        const [first] = group;
        const before = groups[i - 1]?.at(-1);
        if (!first) return null;
        const day = dayIn(words, first);
        const shown = group.map((entry, k) => (
          <EntryView
            entry={entry}
            {...rest}
            follows={follows(group[k - 1] ?? (isFolded(groups[i - 1] ?? []) ? undefined : before), entry, words)}
          />
        ));
        return (
          <>
            {day === '' || (before && dayIn(words, before) === day) ? null : <li class="day">{day}</li>}
            {isFolded(group) ? (
              <li>
                <details class="quiet">
                  <summary>{quietText(group, rest.kase, words)}</summary>
                  <ol class="thread">{shown}</ol>
                </details>
              </li>
            ) : (
              shown
            )}
          </>
        );
      })}
    </ol>
  );
}

/** The day of an entry; none of one that is not what was sealed, as anything may stand there. */
const dayIn = (words: Words, { at, holds }: Shown) => (holds === false ? '' : dayText(words, at));

const isFolded = (group: readonly Shown[]) => group.length > 1;

/** Quiet entries that stand next to each other on one day are one group; each other entry is one of its own. */
function grouped(entries: readonly Shown[], words: Words): Shown[][] {
  const groups: Shown[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && isQuiet(before) && isQuiet(entry) && dayIn(words, before) === dayIn(words, entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

/** Whether an entry goes on from the one before it: the same person, the same moment, the same day. */
function follows(before: Shown | undefined, entry: Shown, words: Words): boolean {
  if (!before || before.holds === false || entry.holds === false) return false;
  const [one, other] = [authorOf(before), authorOf(entry)];
  const soon = Date.parse(entry.at) - Date.parse(before.at) < MOMENT && dayIn(words, before) === dayIn(words, entry);
  return soon && one !== null && other !== null && one.side === other.side && one.name === other.name && one.side !== 'portal';
}

/** Who did these things, and what, in one line. */
function quietText(group: readonly Shown[], kase: Case, words: Words): string {
  const who = [...new Set(group.map((entry) => authorName(authorOf(entry), words)))].join(words.comma);
  const what = [...new Set(group.map((entry) => tell(entry, kase, words).what))].join(words.semicolon);
  return `${who}${words.colon}${what}`;
}
