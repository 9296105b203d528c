import type { Case } from '../../worker/negotiation/case.ts';
import { authorName, authorOf } from '../telling/author.ts';
import { tell } from '../telling/tell.ts';
import { momentText } from '../words/index.ts';
import type { Shown } from './entry.tsx';
import { Keys } from './keys.tsx';
import type { View } from './view.ts';

/** What one of the lender's people sees above a case: the way through their list, who else is there, and what is new to them. */

export type BesideProps = {
  /** The newest entry that they had seen when they were last here, and when; null where they never were. */
  since: { seq: number; at: string } | null;
  others: readonly { name: string; minutes: number; writing: boolean }[];
  /** The choice of cases by which they came, as an address; '' where by none. */
  list: string;
};

/** New entries that are named; of more, how many. */
const NAMED = 5;

type Props = BesideProps & { view: View; id: string; lender: string; kase: Case; entries: readonly Shown[]; account: string };

export function Beside({ view, id, lender, list, others, since, kase, entries, account }: Props) {
  const { words } = view;
  const { agent: say } = words;
  const way = new URLSearchParams({ list, from: id });
  const said = new URLSearchParams(list);
  said.delete('key');
  const isTheirs = (entry: Shown) => authorOf(entry)?.account === account;
  const fresh = entries.filter((entry) => since !== null && entry.seq > since.seq && entry.holds !== false && !isTheirs(entry));
  return (
    <>
      {list === '' ? null : (
        <nav class="row between" aria-label={say.list}>
          <a href={`/desk/${lender}?${said}`}>{say.toList}</a>
          <span class="row">
            <a class="button" href={`/desk/${lender}/next?${way}&back=1`} data-key="k">
              ← {say.back}
            </a>
            <a class="button" href={`/desk/${lender}/next?${way}`} data-key="j">
              {say.on} →
            </a>
          </span>
        </nav>
      )}
      {list === '' ? null : <Keys words={words} />}
      <div class="stack tight" data-writing={`/cases/${id}/writing`}>
        {others.map((one) => (
          <p class="soft small">{one.writing ? say.writing(one) : say.looked(one)}</p>
        ))}
        {since !== null && fresh.length > 0 ? (
          <section class="notice stack tight" aria-labelledby="fresh">
            <h2 id="fresh" class="small">
              {say.fresh({ count: fresh.length, at: momentText(words, since.at) })}
            </h2>
            <ul class="plain-list small">
              {fresh.slice(-NAMED).map((entry) => (
                <li>
                  <a href={`#e${entry.seq}`}>
                    {authorName(authorOf(entry), words)} · {tell(entry, kase, words).what}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </>
  );
}
