import { once } from './lib/once.ts';

once();

/** Sends the form with progress. The answer is followed as the browser would have done. */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-upload]')) {
  const line = form.querySelector<HTMLElement>('[data-uploading]');
  const files = form.querySelector<HTMLInputElement>('input[type=file]');
  if (!line || !files) continue;
  form.addEventListener('submit', (event) => {
    if (!files.files || files.files.length === 0) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const request = new XMLHttpRequest();
    // Not form.action: a button of that name stands in its place.
    request.open('POST', form.getAttribute('action') ?? location.href);
    line.hidden = false;
    request.upload.onprogress = ({ loaded, total }) => {
      line.textContent = (line.dataset.uploading ?? '').replace('{percent}', String(Math.floor((loaded / total) * 100)));
    };
    request.onload = () => {
      // A redirect has been followed: go where it led. A refusal comes back as the page with what is wrong.
      if (request.status < 400)
        location.assign(request.responseURL === location.href ? (location.href.split('#')[0] ?? '/') : request.responseURL);
      else {
        document.open();
        document.write(request.responseText);
        document.close();
      }
    };
    // Where the connection breaks, the browser's own way is tried.
    request.onerror = () => HTMLFormElement.prototype.submit.call(form);
    request.send(data);
  });
}
