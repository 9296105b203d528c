import { LOGO, type Logo } from '../../worker/negotiation/policy.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { WayBack } from '../parts/crumb.tsx';
import { ErrorSummary, FileField, Submit } from '../parts/fields.tsx';
import { LenderLogo } from '../parts/logo.tsx';
import type { Filled, View } from '../parts/view.ts';

type Props = { view: View; lender: { slug: string; name: string }; logo: Logo | undefined; form: Filled };

/** The logo of a lender, for whoever administers it: what there is, and proposing another or none. */
export function LogoPage({ view, lender, logo, form }: Props) {
  const { words } = view;
  const { logo: say } = words;
  const at = `/desk/${lender.slug}/policy`;
  return (
    <Layout view={view} title={say.title}>
      <WayBack to={at}>{words.policy.title}</WayBack>
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <section class="card stack">
        {logo ? (
          <p>
            <LenderLogo of={{ ...lender, logo }} at={`${at}/logo/${logo.sha256}`} words={words} />
          </p>
        ) : (
          <p class="soft">{say.none}</p>
        )}
        <form method="post" action={`${at}/logo`} enctype="multipart/form-data" data-once>
          <ErrorSummary form={form} words={words} />
          <input type="hidden" name="requestId" value={view.requestId()} />
          <FileField
            form={form}
            words={words}
            name="file"
            label={say.file}
            hint={say.fileHint({ kib: LOGO.bytes / 1024, width: LOGO.width, height: LOGO.height, least: LOGO.least })}
            accept={LOGO.types.join(',')}
          />
          <Submit>{say.propose}</Submit>
        </form>
        {logo ? (
          <form method="post" action={`${at}/logo`} data-once>
            <input type="hidden" name="requestId" value={view.requestId()} />
            <input type="hidden" name="remove" value="yes" />
            <p>
              <button type="submit" class="quiet">
                {say.remove}
              </button>
            </p>
          </form>
        ) : null}
      </section>
    </Layout>
  );
}
