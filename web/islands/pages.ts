import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { Words } from '../words/index.ts';
import { fromSentence } from '../words/sentence.ts';

/**
 * Draws the pages of a PDF, each when it comes near the window. It is read in a worker and comes to the page as pixels and text: no script of the file runs, and
 * the policy of the page lets none be made of it.
 */

type Say = Words['evidence']['pages'];
type Reader = typeof import('./pdf-reader.ts');

const box = document.querySelector<HTMLElement>('[data-pages]');
if (box) show(box, JSON.parse(box.dataset.pages ?? '{}', fromSentence)).catch(() => {});

async function show(place: HTMLElement, say: Say): Promise<void> {
  const note = document.createElement('p');
  note.setAttribute('role', 'status');
  note.textContent = say.opening;
  place.append(note);
  try {
    const reader: Reader = await import(place.dataset.reader ?? '');
    reader.GlobalWorkerOptions.workerSrc = place.dataset.worker ?? '';
    const file = await reader.getDocument({ url: place.dataset.file ?? '', isEvalSupported: false, useWasm: false, disableFontFace: true })
      .promise;
    place.append(...sheets(file, say));
    note.remove();
  } catch {
    note.className = 'notice warn';
    note.textContent = say.failed;
  }
}

/** A sheet a page, which is drawn once it is near the window. */
function sheets(file: PDFDocumentProxy, say: Say): HTMLElement[] {
  const all = Array.from({ length: file.numPages }, (_, i) => {
    const sheet = document.createElement('div');
    sheet.className = 'sheet blank';
    sheet.dataset.page = String(i + 1);
    return sheet;
  });
  const near = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (!isIntersecting || !(target instanceof HTMLElement)) continue;
        near.unobserve(target);
        draw(file, target, say).catch(() => {
          target.textContent = say.failed;
        });
      }
    },
    { rootMargin: '100%' },
  );
  for (const sheet of all) near.observe(sheet);
  return all;
}

async function draw(file: PDFDocumentProxy, sheet: HTMLElement, say: Say): Promise<void> {
  const number = Number(sheet.dataset.page);
  const page = await file.getPage(number);
  const { width } = page.getViewport({ scale: 1 });
  // As sharp as the screen, and no larger than phones can keep.
  const viewport = page.getViewport({ scale: (sheet.clientWidth / width) * Math.min(window.devicePixelRatio, 2) });
  const canvas = document.createElement('canvas');
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', say.page({ page: number, count: file.numPages }));
  const { items } = await page.getTextContent();
  const text = document.createElement('p');
  text.className = 'visually-hidden';
  text.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ');
  await page.render({ canvas, viewport }).promise;
  sheet.classList.remove('blank');
  sheet.replaceChildren(canvas, text);
}
