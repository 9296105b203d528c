import assets from '../../.heyi/assets.json' with { type: 'json' };
import { PasswordField, TextField } from './fields.tsx';
import { type Filled, idOf, type View } from './view.ts';

/** The six digits of the app, or a code on paper; or, where a script finds that the browser can, a passkey. `alone`: the form asks for nothing else. */
export function FactorField({ form, view, alone }: { form: Filled; view: View; alone?: boolean }) {
  const { words } = view;
  return (
    <>
      <TextField
        form={form}
        words={words}
        name="factor"
        label={words.factor.code}
        hint={words.factor.codeHint}
        autocomplete="one-time-code"
        narrow
      />
      {view.passkey ? <PasskeyButton form={form} view={view} alone={alone === true} /> : null}
    </>
  );
}

/** Nothing of it shows without its script. */
function PasskeyButton({ form, view: { words }, alone }: { form: Filled; view: View; alone: boolean }) {
  return (
    <div class="field" data-passkey="use" data-alone={alone ? '' : undefined} data-given={words.factor.passkeyGiven} hidden>
      <script type="module" src={assets.scripts.passkey} />
      <input type="hidden" name="passkey" id={idOf(form, 'passkey')} />
      <button type="button">{words.factor.passkeyUse}</button>
      <p class="error" role="alert" hidden>
        {words.factor.passkeyFailed}
      </p>
    </div>
  );
}

/** By what a person proves once more who they are: the password, and the second factor where they gave it longer ago. */
export function ProofFields({ form, view, label }: { form: Filled; view: View; label?: string }) {
  const { words, person } = view;
  return (
    <>
      <PasswordField form={form} words={words} name="password" label={label ?? words.account.password} autocomplete="current-password" />
      {person?.asksFactor ? <FactorField form={form} view={view} /> : null}
    </>
  );
}
