import type { EXPORTS } from '../../worker/negotiation/custody.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { Submit } from '../parts/fields.tsx';
import type { View } from '../parts/view.ts';

/** The way to one document, for whoever comes by a link: opening an address makes nothing and writes nothing. */
export function ExportPage({ view, id, number, what }: { view: View; id: string; number: string; what: (typeof EXPORTS)[number] }) {
  const { words } = view;
  return (
    <Layout view={view} title={words.case.download[what]}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={words.case.makeHint}>{words.case.download[what]}</PageTitle>
      <form method="post" action={`/cases/${id}/exports/${what}`}>
        <Submit>{words.case.makeDownload}</Submit>
      </form>
    </Layout>
  );
}
