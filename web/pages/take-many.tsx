import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import { AreaField, DateField, ErrorSummary, Submit } from '../parts/fields.tsx';
import { ProofFields } from '../parts/proof.tsx';
import type { Filled, View } from '../parts/view.ts';

/** Where many cases are taken away at once: those that the desk's list named (`case`), or such as are chosen here. */
export function TakeManyPage({
  view,
  lender,
  form,
  most,
}: {
  view: View;
  lender: { slug: string; name: string };
  form: Filled;
  most: number;
}) {
  const { words } = view;
  const { takeMany: say } = words;
  const chosen = form.values.get('case') ?? [];
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead({ most })}>{say.title}</PageTitle>
      <form method="post" action={`/desk/${lender.slug}/exports`} class="card" data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        {chosen.length > 0 ? (
          <>
            <p>
              <strong>{say.chosen({ count: chosen.length })}</strong>
            </p>
            {chosen.map((id) => (
              <input type="hidden" name="case" value={id} />
            ))}
          </>
        ) : (
          <>
            <fieldset class="field">
              <legend>{say.byDays}</legend>
              <p class="hint">{say.byDaysHint}</p>
              <div class="together">
                <DateField form={form} words={words} name="from" label={say.from} />
                <DateField form={form} words={words} name="until" label={say.until} />
              </div>
            </fieldset>
            <AreaField form={form} words={words} name="numbers" label={say.numbers} hint={say.numbersHint} optional />
          </>
        )}
        <ProofFields form={form} view={view} label={words.account.currentPassword} />
        <p class="hint">{say.told}</p>
        <Submit>{say.make}</Submit>
      </form>
    </Layout>
  );
}
