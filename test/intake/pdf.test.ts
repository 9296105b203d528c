import { readdirSync, readFileSync } from 'node:fs';
import { PDF } from '@libpdf/core';
import { describe, expect, test } from 'vitest';
import { receive } from '../../worker/intake/receive.ts';
import { evidencePdf } from '../browser/evidence.ts';

const latin = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const join = (...parts: (string | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin(part) : part))));
const give = (bytes: Uint8Array, name = '流水.pdf') => receive(new File([bytes as Uint8Array<ArrayBuffer>], name));

async function taken(bytes: Uint8Array) {
  const result = await give(bytes);
  if ('rejected' in result) throw new Error(result.rejected.code);
  return result.bytes;
}

/** Whether a reader finds every object by the file's own table, without having to search for them. */
async function opens(bytes: Uint8Array) {
  const pdf = await PDF.load(bytes);
  return { pages: pdf.getPageCount(), searched: pdf.recoveredViaBruteForce };
}

const FRONTS = [
  ['a byte order mark', '\xef\xbb\xbf'],
  ['a newline', '\n'],
  ['newlines of Windows', '\r\n\r\n'],
  ['a byte order mark and a newline', '\xef\xbb\xbf\r\n'],
] as const;

/** The same file with all offsets counted from the first byte, `by` bytes before its header. */
function shifted(pdf: Uint8Array, by: number): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  const pad = (digits: string) => String(Number(digits) + by).padStart(10, '0');
  const moved = text
    .replace(/^(\d{10})(?= \d{5} n)/gm, pad)
    .replace(/(startxref\s+)(\d+)/, (_, word: string, at: string) => word + String(Number(at) + by));
  expect(moved).not.toBe(text);
  return latin(moved);
}

describe('what stands before a PDF’s header', () => {
  test.each(FRONTS)('%s goes, where offsets count from the header', async (_, front) => {
    const pdf = await evidencePdf();
    const bytes = await taken(join(front, pdf));
    expect(Buffer.from(bytes).equals(Buffer.from(pdf))).toBe(true);
  });
  test.each(FRONTS)('%s changes places with it, where offsets count from the file’s start', async (_, front) => {
    const pdf = plain();
    expect(await opens(pdf)).toEqual({ pages: 1, searched: false });
    const bytes = await taken(join(front, shifted(pdf, front.length)));
    expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe('%PDF-');
    expect(await opens(bytes)).toEqual({ pages: 1, searched: false });
  });
  test('anything else is not taken: it could be read as something else', async () => {
    expect(await give(join('<script>', await evidencePdf()))).toEqual({ rejected: { code: 'type', name: '流水.pdf' } });
  });
});

describe('a PDF that does not end', () => {
  test.each([0.2, 0.5, 0.9, 0.99])('is cut off at %s of its length', async (share) => {
    const pdf = await evidencePdf();
    expect(await give(pdf.subarray(0, Math.floor(pdf.length * share)))).toEqual({ rejected: { code: 'cut', name: '流水.pdf' } });
  });
  test('also where a short part of it happens to hold an end: it is shorter than it says', async () => {
    const first = '%PDF-1.5\n1 0 obj\n<</Linearized 1/L 90000/O 3/E 500/N 1/T 89000>>\nendobj\nstartxref\n0\n%%EOF\n';
    expect(await give(latin(`${first}2 0 obj`))).toMatchObject({ rejected: { code: 'cut' } });
  });
  test('also in the middle of a later revision, which would leave an older one to be read', async () => {
    const pdf = await evidencePdf();
    expect(await give(join(pdf, '\n4 0 obj\n<</Type/Page'))).toMatchObject({ rejected: { code: 'cut' } });
  });
  test('blanks after the end are no fault', async () => {
    const pdf = await evidencePdf();
    expect((await taken(join(pdf, '\0'.repeat(4000)))).length).toBe(pdf.length + 4000);
  });
});

describe('a PDF that is locked', () => {
  test('an open password is found, an owner’s alone is none', async () => {
    const pdf = await PDF.load(await evidencePdf());
    pdf.setProtection({ userPassword: 'secret', ownerPassword: 'owner' });
    expect(await give(await pdf.save())).toEqual({ rejected: { code: 'password', name: '流水.pdf' } });
    const open = await PDF.load(await evidencePdf());
    open.setProtection({ ownerPassword: 'owner' });
    expect(await taken(await open.save())).toBeInstanceOf(Uint8Array);
  });
  /** Written by another program (qpdf), in each way of encrypting that is met: in packed objects, and with permissions that lack their sign. */
  const samples = readdirSync(new URL('locked/', import.meta.url));
  const sample = (name: string) => new Uint8Array(readFileSync(new URL(`locked/${name}`, import.meta.url)));
  test.each(samples.filter((name) => name.startsWith('open')))('%s needs its password', async (name) => {
    expect(await give(sample(name))).toEqual({ rejected: { code: 'password', name: '流水.pdf' } });
  });
  test.each(samples.filter((name) => name.startsWith('owner')))('%s opens without, and is taken as it is', async (name) => {
    expect(await taken(sample(name))).toEqual(sample(name));
  });
  test('the word alone locks nothing', async () => {
    expect(await taken(join(await evidencePdf(), '\n% /Encrypt\nstartxref\n9\n%%EOF\n'))).toBeInstanceOf(Uint8Array);
  });
});

/** One empty page, with a table of references. */
function plain(): Uint8Array {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>'];
  let text = '%PDF-1.4\n';
  const places = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const table = ['0000000000 65535 f ', ...places.map((at) => `${String(at).padStart(10, '0')} 00000 n `)].join('\n');
  return latin(`${text}xref\n0 4\n${table}\ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`);
}
