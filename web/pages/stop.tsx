import type { News } from '../../worker/negotiation/news.ts';
import { Layout, PageTitle } from '../layout.tsx';
import type { View } from '../parts/view.ts';

/** Where a letter's link to stop letters of its kind leads: it asks first, as programs that look at links open it too. */
export function StopPage({ view, token, news, done }: { view: View; token: string; news: readonly News[]; done: boolean }) {
  const { words } = view;
  const { account: say } = words;
  const kinds = news.map((one) => say.newsOf[one]).join(words.comma);
  return (
    <Layout view={view} title={say.stopTitle}>
      <PageTitle lead={done ? say.stopped({ news: kinds }) : say.stopText({ news: kinds })}>{say.stopTitle}</PageTitle>
      {done ? (
        <p>
          <a href="/account">{say.title}</a>
        </p>
      ) : (
        <form method="post" action={`/unsubscribe/${token}`}>
          <p class="actions">
            <button type="submit" class="primary">
              {say.stop}
            </button>
          </p>
        </form>
      )}
    </Layout>
  );
}
