import { PDF } from '@libpdf/core';

// pdf.js draws with it, which no test here does; without a canvas it only has to be there.
globalThis.DOMMatrix ??= class {} as typeof DOMMatrix;

/** The text of a PDF as two independent readers copy it: @libpdf/core, and pdf.js (that of Firefox), which puts right-to-left words in order. */
export async function copied(pdf: Uint8Array): Promise<{ libpdf: string; pdfjs: string }> {
  const libpdf = (await (await PDF.load(pdf)).extractText()).map(({ text }) => text).join('\n');
  return { libpdf, pdfjs: (await pagesOf(pdf)).join('') };
}

type Piece = { text: string; x: number; width: number };

/** The text of each page, as pdf.js copies it. */
export async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  return (await itemsOf(pdf)).map((items) => items.map(({ text }) => text).join(''));
}

/** Each piece of text with where it begins and how wide it is, in points. */
export async function placesOf(pdf: Uint8Array): Promise<Piece[]> {
  return (await itemsOf(pdf)).flat();
}

async function itemsOf(pdf: Uint8Array): Promise<Piece[][]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: pdf.slice(), verbosity: 0 }).promise;
  const pages: Piece[][] = [];
  for (let page = 1; page <= document.numPages; page++) {
    const { items } = await (await document.getPage(page)).getTextContent();
    pages.push(
      items.flatMap((item) =>
        'str' in item ? [{ text: item.str + (item.hasEOL ? '\n' : ''), x: Number(item.transform[4]), width: item.width }] : [],
      ),
    );
  }
  await document.destroy();
  return pages;
}
