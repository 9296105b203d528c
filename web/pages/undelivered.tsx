import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import type { View } from '../parts/view.ts';
import { momentText } from '../words/index.ts';

/** Letters of a lender that could not be delivered, for its administrator: to whom, why, and sending them again. */

export type Undelivered = {
  id: string;
  /** The address or number with its middle hidden. */
  to: string;
  subject: string;
  fault: 'address' | 'letter' | 'no-way' | 'time';
  deadAt: string;
};

type Props = { view: View; lender: { slug: string; name: string }; letters: readonly Undelivered[]; sent: number | null };

export function UndeliveredPage({ view, lender, letters, sent }: Props) {
  const { words } = view;
  const { undelivered: say } = words;
  const at = `/desk/${lender.slug}/letters`;
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      {sent === null ? null : (
        <p class="notice good" role="status">
          {say.sent({ count: sent })}
        </p>
      )}
      {letters.length === 0 ? <p class="soft">{say.none}</p> : null}
      {letters.map(({ id, to, subject, fault, deadAt }) => (
        <article class="card">
          <h2>{subject}</h2>
          <p>{say.fault[fault]({ to })}</p>
          <p class="soft small">{momentText(words, deadAt)}</p>
          <form method="post" action={at}>
            <input type="hidden" name="id" value={id} />
            <p class="actions">
              <button type="submit" aria-label={say.again + words.aside(`${to}${words.comma}${momentText(words, deadAt)}`)}>
                {say.again}
              </button>
            </p>
          </form>
        </article>
      ))}
      {letters.length > 1 ? (
        <form method="post" action={at}>
          <p class="actions">
            <button type="submit" class="primary">
              {say.againAll}
            </button>
          </p>
        </form>
      ) : null}
    </Layout>
  );
}
