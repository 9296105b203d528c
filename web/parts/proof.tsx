import { PasswordField, TextField } from './fields.tsx';
import type { Filled, View } from './view.ts';

/** The six digits of the app, or a code on paper. */
export function FactorField({ form, view: { words } }: { form: Filled; view: View }) {
  return (
    <TextField
      form={form}
      words={words}
      name="factor"
      label={words.factor.code}
      hint={words.factor.codeHint}
      autocomplete="one-time-code"
      narrow
    />
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
