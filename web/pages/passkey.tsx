import { Layout, PageTitle } from '../layout.tsx';
import { Submit } from '../parts/fields.tsx';
import type { View } from '../parts/view.ts';

/** The page on which the browser makes a passkey. Its form is sent by the script, once there is one; `options` are for the browser. */
export function PasskeyPage({ view, name, options }: { view: View; name: string; options: object }) {
  const { factor: say, account } = view.words;
  return (
    <Layout view={{ ...view, path: '/account' }} title={say.passkeyAdd} scripts={['passkey']}>
      <PageTitle lead={say.passkeyMakeText}>{say.passkeyAdd}</PageTitle>
      <form method="post" action="/second-factor/passkeys" data-passkey="make" data-options={JSON.stringify(options)} data-once>
        <input type="hidden" name="name" value={name} />
        <input type="hidden" name="passkey" />
        <p class="error" role="alert" hidden>
          {say.passkeyFailed}
        </p>
        <Submit>{say.passkeyMake}</Submit>
      </form>
      <p>
        <a href="/account">{account.title}</a>
      </p>
    </Layout>
  );
}
