import { TABLE_FORMATS, TABLES } from '../../worker/negotiation/lender/custody.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb } from '../parts/crumb.tsx';
import { ErrorSummary, SelectField, Submit } from '../parts/fields.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { type Filled, typedIn, type View } from '../parts/view.ts';

/** Where a table of a lender's cases is taken away: of those that the desk's list named, or of all. */
export function TablesPage({ view, lender, form }: { view: View; lender: { slug: string; name: string }; form: Filled }) {
  const { words } = view;
  const { tables: say } = words;
  const choice = typedIn(form, 'choice');
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <form method="post" action={`/desk/${lender.slug}/tables`} class="card">
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        <input type="hidden" name="choice" value={choice} />
        <SelectField form={form} words={words} name="what" label={say.what} options={TABLES} text={(one) => say.of[one]} />
        {choice === '' ? null : <p class="hint">{typedIn(form, 'what') === 'report' ? say.chosenReport : say.chosen}</p>}
        <SelectField form={form} words={words} name="format" label={say.format} options={TABLE_FORMATS} text={(one) => say.formats[one]} />
        <ProofFields form={form} view={view} label={words.account.currentPassword} />
        <p class="hint">{say.told}</p>
        <Submit>{words.takeMany.make}</Submit>
      </form>
    </Layout>
  );
}
