/** Disables a form's buttons once it has been sent, so that an impatient second tap does nothing; back brings them to life again. */
export function once(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-once]')) {
    form.addEventListener('submit', () => {
      // After the event: a disabled button would not be sent with its name.
      setTimeout(() => {
        for (const button of form.querySelectorAll('button')) button.disabled = true;
      });
    });
  }
  addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll('button')) button.disabled = false;
  });
}
