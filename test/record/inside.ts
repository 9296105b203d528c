import { PDF } from '@libpdf/core';
import { unzipSync, unzlibSync } from 'fflate';

/** Every byte that somebody with a file of ours could read: the file as it is, and each compressed stream in it opened, files in a ZIP likewise. */
export async function allInside(bytes: Uint8Array): Promise<string> {
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head === 'PK\u0003\u0004') {
    const parts = await Promise.all(Object.entries(unzipSync(bytes)).map(async ([name, file]) => `${name}\n${await allInside(file)}`));
    return parts.join('\n');
  }
  if (head !== '%PDF') return everyReading(bytes);
  const text = (await (await PDF.load(bytes)).extractText()).map((page) => page.text).join('\n');
  return [everyReading(bytes), ...streamsOf(bytes).map(everyReading), text, text.replace(/\s/g, '')].join('\n');
}

/** The streams of a PDF, opened where they are compressed (all of ours are FlateDecode or plain). */
export function streamsOf(pdf: Uint8Array): Uint8Array[] {
  const text = Buffer.from(pdf).toString('latin1');
  const found: Uint8Array[] = [];
  for (const { index, 0: word } of text.matchAll(/stream\r?\n/g)) {
    if (text.slice(index - 3, index) === 'end') continue;
    const start = index + word.length;
    const body = pdf.subarray(start, text.indexOf('endstream', start));
    try {
      found.push(unzlibSync(body));
    } catch {
      found.push(body);
    }
  }
  return found;
}

/** Bytes as the texts that they can be read as: UTF-8, UTF-16 (text strings of PDF), and such strings written in hex. */
function everyReading(bytes: Uint8Array): string {
  const utf8 = new TextDecoder().decode(bytes);
  const hex = [...utf8.matchAll(/<([0-9A-Fa-f]{4,})>/g)].map(([, digits]) =>
    new TextDecoder('utf-16be').decode(Buffer.from(digits ?? '', 'hex')),
  );
  return [utf8, new TextDecoder('utf-16be').decode(bytes), new TextDecoder('utf-16be').decode(bytes.subarray(1)), ...hex].join('\n');
}
