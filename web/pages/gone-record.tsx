import { Layout, PageTitle } from '../layout.tsx';
import type { View } from '../parts/view.ts';
import { dayText } from '../words/index.ts';

type Gone = { view: View; lender: string; restored: { at: string; reason: string } | null };

/** What somebody reads of whose case nothing is here any more: that it was, why it is not, what still holds, and the ways on. */
export function RecordGonePage({ view, lender, restored }: Gone) {
  const { words } = view;
  const say = words.recordGone;
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      <p>{say.text({ lender })}</p>
      {restored ? (
        <>
          <p>{say.restored({ date: dayText(words, restored.at) })}</p>
          <p class="said">{restored.reason}</p>
        </>
      ) : (
        <p>{say.unknown}</p>
      )}
      <p>{say.keep}</p>
      <p>{say.ways}</p>
      <p class="actions">
        <a class="button primary" href="/verify">
          {say.verify}
        </a>
        <a class="button" href="/open">
          {words.home.start}
        </a>
      </p>
    </Layout>
  );
}
