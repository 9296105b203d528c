import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import { ErrorSummary, FileField } from '../parts/fields.tsx';
import type { Filled, View } from '../parts/view.ts';
import { momentText } from '../words/index.ts';
import { type ImportShown, importText } from './import.tsx';

/** A lender's loans, a file of them, become cases: what is read of one is said before it is sent, and what came of those before stays. */

type LoansProps = {
  view: View;
  lender: { slug: string; name: string };
  form: Filled;
  imports: readonly (ImportShown & { id: string; at: string; name: string; file: string })[];
  most: { mib: number; rows: number };
};

const TYPES = '.csv,.xlsx,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function LoansPage({ view, lender, form, imports, most }: LoansProps) {
  const { words } = view;
  const { loans: say } = words;
  const action = `/desk/${lender.slug}/import`;
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      <form method="post" action={action} enctype="multipart/form-data" class="card" data-once>
        <ErrorSummary form={form} words={words} />
        <p>{say.how}</p>
        <p>{say.bounds(most)}</p>
        <FileField form={form} words={words} name="file" label={say.file} hint={say.fileHint} accept={TYPES} />
        <p class="actions">
          <button type="submit" class="primary">
            {say.upload}
          </button>
        </p>
      </form>
      {imports.length > 0 ? (
        <section class="stack" aria-labelledby="before">
          <h2 id="before">{say.before}</h2>
          <ul class="list">
            {imports.map((one) => (
              <li>
                <a class="item" href={`${action}/${one.id}`}>
                  <span>
                    <strong>{one.file}</strong>
                    <br />
                    <span class="soft small">
                      {momentText(words, one.at)} · {one.name}
                    </span>
                    <br />
                    <span class="small">{importText(one, words)}</span>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </Layout>
  );
}
