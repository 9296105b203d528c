import { PDF } from '@libpdf/core';

// pdf.js draws with it, which no test here does; without a canvas it only has to be there.
globalThis.DOMMatrix ??= class {} as typeof DOMMatrix;

/** The text of a PDF as two independent readers copy it: @libpdf/core, and pdf.js (that of Firefox), which puts right-to-left words in order. */
export async function copied(pdf: Uint8Array): Promise<{ libpdf: string; pdfjs: string }> {
  const libpdf = (await (await PDF.load(pdf)).extractText()).map(({ text }) => text).join('\n');
  return { libpdf, pdfjs: (await pagesOf(pdf)).join('') };
}

/** The text of each page, as pdf.js copies it. */
export async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: pdf.slice(), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let page = 1; page <= document.numPages; page++) {
    const { items } = await (await document.getPage(page)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join(''));
  }
  await document.destroy();
  return pages;
}
