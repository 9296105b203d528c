import { once } from './lib/once.ts';
import { keepUnsent } from './lib/unsent.ts';

once();
keepUnsent();

// Colleagues who look at the case are told that somebody is writing, once a minute at most; of a message they are told with each time that it is kept.
const beside = document.querySelector<HTMLElement>('[data-writing]');
let told = 0;
document.addEventListener('input', ({ target }) => {
  if (!beside || (target instanceof Element && target.closest('form')?.querySelector('[data-unsent]')) || Date.now() - told < 60_000)
    return;
  told = Date.now();
  fetch(beside.dataset.writing ?? '', { method: 'POST' }).catch(() => undefined);
});

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
