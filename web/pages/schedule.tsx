import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import type { View } from '../parts/view.ts';
import { momentText } from '../words/index.ts';

/** How far the schedule is behind with a lender: when it last came to its end, what waits and since when, and whether it failed. */

type Waited = 'due' | 'held' | 'notices' | 'anchors';

type Props = {
  view: View;
  lender: { slug: string; name: string };
  lag: {
    sweptAt: string | null;
    begunAt: string | null;
    failures: number;
    failedAt: string | null;
    waits: readonly { what: Waited; count: number; since: string; late: boolean }[];
    current: boolean;
  };
};

export function SchedulePage({ view, lender, lag }: Props) {
  const { words } = view;
  const { sweep: say } = words;
  const { sweptAt, begunAt, failures, failedAt, waits, current } = lag;
  const isLate = waits.some(({ late }) => late);
  const isWell = current && failures === 0 && !isLate;
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <p class={isWell ? 'notice good' : 'notice warn'}>
        {isWell
          ? say.well
          : failures > 0 && failedAt !== null
            ? say.fails({ count: failures, at: momentText(words, failedAt) })
            : say.behind}
      </p>
      <dl class="pairs">
        <dt>{say.swept}</dt>
        <dd>{sweptAt === null ? say.never : momentText(words, sweptAt)}</dd>
        {begunAt === null ? null : (
          <>
            <dt>{say.begun}</dt>
            <dd>{momentText(words, begunAt)}</dd>
          </>
        )}
      </dl>
      <h2>{say.waits}</h2>
      {waits.length === 0 ? (
        <p class="soft">{say.none}</p>
      ) : (
        <div class="table-frame">
          <table class="figures stacked">
            <thead>
              <tr>
                <th scope="col">{say.what}</th>
                <th scope="col">{say.count}</th>
                <th scope="col">{say.since}</th>
              </tr>
            </thead>
            <tbody>
              {waits.map(({ what, count, since, late }) => (
                <tr>
                  <th scope="row">{say.of[what]}</th>
                  <td data-name={say.count} class="num">
                    {count}
                  </td>
                  <td data-name={say.since}>
                    <span>
                      {momentText(words, since)}
                      {late ? (
                        <>
                          <br />
                          <span class="tag late">{say.late}</span>
                        </>
                      ) : null}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Layout>
  );
}
