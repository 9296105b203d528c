/**
 * What is typed is kept as it is typed, and when the page is left: the form is sent as its buttons send it, and the page says when it was saved. Without a
 * script each button saves. Where the draft is only made by it (`leaving`), once the page is left.
 */

const form = document.querySelector<HTMLFormElement>('form[data-keep]');
const said = document.querySelector<HTMLElement>('[data-saved]');
let isNew = false;
let timer = 0;

async function keep(of: HTMLFormElement): Promise<void> {
  clearTimeout(timer);
  if (!isNew) return;
  isNew = false;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(of)) if (typeof value === 'string') body.append(name, value);
  body.set('action', 'keep');
  try {
    const answer = await fetch(of.getAttribute('action') ?? '', { method: 'POST', body, keepalive: true });
    const at = answer.headers.get('location');
    if (!answer.ok || !at) throw new Error(String(answer.status));
    of.setAttribute('action', at);
    if (said) said.textContent = await answer.text();
  } catch {
    isNew = true;
  }
}

if (form) {
  // A refused step is come back to as the page that it is, with what was typed: else the browser has nothing to show but whether to send the form again.
  if (document.querySelector('.error-summary')) history.replaceState(history.state, '', location.href);
  form.addEventListener('input', () => {
    isNew = true;
    clearTimeout(timer);
    if (form.dataset.keep !== 'leaving') timer = window.setTimeout(() => void keep(form), 1_500);
  });
  form.addEventListener('submit', () => {
    isNew = false;
    clearTimeout(timer);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void keep(form);
  });
}
