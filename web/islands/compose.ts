import { once } from './lib/once.ts';

once();

// Colleagues who look at the case are told that somebody is writing, once a minute at most.
const beside = document.querySelector<HTMLElement>('[data-writing]');
let told = 0;
document.addEventListener('input', () => {
  if (!beside || Date.now() - told < 60_000) return;
  told = Date.now();
  fetch(beside.dataset.writing ?? '', { method: 'POST' }).catch(() => undefined);
});

// What is being written survives a reload or a closed tab, on this device alone, until it is sent.
for (const area of document.querySelectorAll<HTMLTextAreaElement>('form[action$="/do/talk.message"] textarea')) {
  const key = `draft ${location.pathname}`;
  try {
    if (area.value === '') area.value = sessionStorage.getItem(key) ?? '';
    area.addEventListener('input', () => sessionStorage.setItem(key, area.value));
    area.form?.addEventListener('submit', () => sessionStorage.removeItem(key));
  } catch {
    // A browser that keeps nothing: the form works as it is.
  }
}

// Where a link leads into what is folded, and the browser does not unfold it by itself.
const unfold = () => {
  for (let at = document.querySelector(':target')?.closest('details'); at; at = at.parentElement?.closest('details')) at.open = true;
};
unfold();
addEventListener('hashchange', unfold);
// And where it cannot show what is folded, what stands beside the thread is unfolded where there is room for it.
if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 60rem)').matches)
  for (const at of document.querySelectorAll<HTMLDetailsElement>('.fold')) at.open = true;

// A link that is shown once is copied in one press.
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? '');
    button.textContent = button.dataset.done ?? '';
  });
}
