/** Reads PDFs, on the page of one alone: fetched when that is opened. */
export { GlobalWorkerOptions, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
