import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { may } from '../../worker/negotiation/seats.ts';
import { inOnePiece } from '../html/jsx-runtime.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tell } from '../telling/tell.ts';
import { dayText, readBy, type Words } from '../words/index.ts';
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

/** So many of the newest entries are read as they stand, where nothing newer than them waits for anybody. */
const NEWEST = 6;

type PageProps = Props & { more: boolean; paged: boolean };

/**
 * A page of the record: the way to what came before, the entries, and the way back to the newest where these are not. What is the same for every reader and at every
 * moment is drawn once, as an entry is (`EntryView`); an entry with something to do about it is not.
 */
export function ThreadPage(props: PageProps): JSX.Element {
  const { entries, kase, caseId, view, situation, more, paged } = props;
  if (!Object.isFrozen(entries) || !Object.isFrozen(kase) || entries.some(isForReader)) return <Page {...props} />;
  const key = `${readBy(view.words)} ${situation.seat.side} ${may(situation.seat, 'take', situation.at)} ${more} ${paged} ${caseId}`;
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
      {paged ? <DayByDay {...thread} /> : <Thread {...thread} />}
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
  if (!first || !last || agreed < FEW || rest.kase.stage === 'negotiating')
    return <DayByDay entries={entries} open={openOf(entries, rest)} {...rest} />;
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

/**
 * What of a thread is read first: the newest offer and what came after it, as far as that is few; and whatever waits for the reader. What is older is folded, day by
 * day, under a line that says what it holds. Null where all of it is few.
 */
function openOf(entries: readonly Shown[], { kase, situation: { seat } }: Pick<Props, 'kase' | 'situation'>): ReadonlySet<number> | null {
  if (entries.length < FEW) return null;
  const newest = kase.offers.at(-1)?.seq;
  const since = Math.max(
    entries.findIndex(({ seq }) => seq === newest),
    entries.length - NEWEST,
  );
  const open = entries.filter((entry, i) => i >= since || entry.seq === newest || waits(entry, kase, seat.side) || entry.holds === false);
  return new Set(open.map(({ seq }) => seq));
}

/** Whether an entry is itself what a side is asked to answer. */
function waits({ seq, kind }: Shown, kase: Case, side: string): boolean {
  const call = kind === 'talk.call-logged' ? kase.calls[seq] : undefined;
  if (call) return call.state === 'logged' && call.side !== side;
  return kind === 'complaint.raised' && kase.complaints.some((one) => one.seq === seq && one.state === 'raised');
}

/** @param open entries that are read as they stand; null: all of them */
function DayByDay({ entries, open = null, ...rest }: Props & { open?: ReadonlySet<number> | null }) {
  const { words } = rest.view;
  return (
    <ol class="thread">
      {grouped(entries, open, words).map((group, i, groups) => {
        const [first] = group;
        const before = groups[i - 1]?.at(-1);
        if (!first) return null;
        const day = dayIn(words, first);
        const isOld = open?.has(first.seq) === false;
        const wasOld = before !== undefined && open?.has(before.seq) === false;
        const wasFolded = isFolded(groups[i - 1] ?? [], open);
        const shown = group.map((entry, k) => (
          <EntryView entry={entry} {...rest} follows={follows(group[k - 1] ?? (wasFolded ? undefined : before), entry, words)} />
        ));
        return (
          <>
            {day === '' || isOld || (before && !wasOld && dayIn(words, before) === day) ? null : <li class="day">{day}</li>}
            {isFolded(group, open) ? (
              <li>
                <details class={isOld ? 'folded old' : 'quiet'}>
                  <summary>
                    <span>
                      {isOld ? (
                        <>
                          <strong>{day}</strong> <Days of={oldText(group, rest.kase, words)} />
                        </>
                      ) : (
                        quietText(group, rest.kase, words)
                      )}
                    </span>
                  </summary>
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

const isFolded = (group: readonly Shown[], open: ReadonlySet<number> | null) =>
  group.length > 1 || (group[0] !== undefined && open?.has(group[0].seq) === false);

/** Quiet entries that stand next to each other on one day are one group, and so are those that are folded as old; each other entry is one of its own. */
function grouped(entries: readonly Shown[], open: ReadonlySet<number> | null, words: Words): Shown[][] {
  const isOld = ({ seq }: Shown) => open?.has(seq) === false;
  const groups: Shown[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    const alike = before && (isOld(before) ? isOld(entry) : isQuiet(before) && isQuiet(entry) && !isOld(entry));
    if (last && alike && dayIn(words, before) === dayIn(words, entry)) last.push(entry);
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

/** Letters of a message in the line of what is folded: enough to know it again. */
const OPENING = 24;

/** What each did, in the order in which it was done; of a message how it begins. */
function oldText(group: readonly Shown[], kase: Case, words: Words): string {
  const acts: { who: string; what: string[] }[] = [];
  for (const entry of group) {
    const who = authorName(authorOf(entry), words);
    const last = acts.at(-1);
    const act = last?.who === who ? last : { who, what: [] };
    if (act !== last) acts.push(act);
    const what = whatOf(entry, kase, words);
    if (!act.what.includes(what)) act.what.push(what);
  }
  const [first, last] = [group[0]?.seq ?? 0, group.at(-1)?.seq ?? 0];
  const span = first === last ? words.case.receipt(first) : words.case.receipts({ from: first, to: last });
  return `${span}${words.colon}${acts.map(({ who, what }) => `${who} ${what.join(words.comma)}`).join(words.semicolon)}`;
}

function whatOf(entry: Shown, kase: Case, words: Words): string {
  const { what, lines } = tell(entry, kase, words);
  const said = entry.kind === 'talk.message' ? lines.find(({ as }) => as === 'words')?.value : undefined;
  if (said === undefined) return what;
  const [start = ''] = said.split('\n');
  const letters = [...start];
  return words.case.begins(letters.length > OPENING ? `${letters.slice(0, OPENING).join('')}…` : start);
}

/** Who did these things, and what, in one line. */
function quietText(group: readonly Shown[], kase: Case, words: Words): string {
  const who = [...new Set(group.map((entry) => authorName(authorOf(entry), words)))].join(words.comma);
  const what = [...new Set(group.map((entry) => tell(entry, kase, words).what))].join(words.semicolon);
  return `${who}${words.colon}${what}`;
}
