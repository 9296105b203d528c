import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';

/** Passkeys: the button that uses one where a second factor is asked for, and the form that makes one. Without this, codes of the app do. */

/** Runs what the person may call off, and says below the button that it did not come to anything. */
async function tried(within: HTMLElement, act: () => Promise<unknown>): Promise<void> {
  const failed = within.querySelector<HTMLElement>('[role=alert]');
  if (failed) failed.hidden = true;
  try {
    await act();
  } catch {
    if (failed) failed.hidden = false;
    for (const button of within.querySelectorAll('button')) button.disabled = false;
  }
}

/** What there is to sign is asked for when the button is pressed: it is good for minutes. */
async function use(part: HTMLElement, button: HTMLButtonElement, field: HTMLInputElement): Promise<void> {
  const answer = await fetch('/second-factor/passkeys/ask', { method: 'POST' });
  if (!answer.ok) throw new Error(String(answer.status));
  const optionsJSON: PublicKeyCredentialRequestOptionsJSON = await answer.json();
  field.value = JSON.stringify(await startAuthentication({ optionsJSON }));
  // Where nothing else is asked for, that was all. Elsewhere the person says with which button the form is sent.
  if (part.dataset.alone === undefined) {
    button.disabled = true;
    button.textContent = part.dataset.given ?? '';
  } else field.form?.submit();
}

if (browserSupportsWebAuthn()) {
  for (const part of document.querySelectorAll<HTMLElement>('[data-passkey=use]')) {
    const button = part.querySelector('button');
    const field = part.querySelector('input');
    if (!button || !field) continue;
    part.hidden = false;
    button.addEventListener('click', () => tried(part, () => use(part, button, field)));
  }
  for (const part of document.querySelectorAll<HTMLElement>('[data-passkey=add]')) part.hidden = false;
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey=make]')) {
  const field = form.querySelector<HTMLInputElement>('input[name=passkey]');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    tried(form, async () => {
      const optionsJSON: PublicKeyCredentialCreationOptionsJSON = JSON.parse(form.dataset.options ?? '');
      if (field) field.value = JSON.stringify(await startRegistration({ optionsJSON }));
      form.submit();
    });
  });
}
