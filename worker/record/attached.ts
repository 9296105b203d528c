import { unzlibSync } from 'fflate';

/**
 * The text of the `record.json` that a PDF of ours carries as an embedded file (ISO 32000-2, 7.11.4), or null where there is none.
 * It reads the streams marked /EmbeddedFile, stored plain or with FlateDecode; of several the last one counts, as it does in a PDF.
 */
export function attachedRecord(pdf: Uint8Array): string | null {
  // Latin-1: one character a byte, so that places in the text are places in the file.
  const text = latin1(pdf);
  let found: string | null = null;
  for (let at = text.indexOf('/EmbeddedFile'); at >= 0; at = text.indexOf('/EmbeddedFile', at + 1)) {
    const begin = text.indexOf('stream', at);
    const dictionary = text.slice(text.lastIndexOf('obj', at), begin);
    const length = /\/Length (\d+)/.exec(dictionary)?.[1];
    if (begin < 0 || !length || text.slice(at, at + 14) === '/EmbeddedFiles') continue;
    const start = begin + 6 + (text[begin + 6] === '\r' ? 2 : 1);
    const bytes = pdf.subarray(start, start + Number(length));
    try {
      const plain = /\/FlateDecode/.test(dictionary) ? unzlibSync(bytes) : bytes;
      const content = new TextDecoder('utf-8', { fatal: true }).decode(plain);
      if (content.startsWith('{"format":"heyi-record/1"')) found = content;
    } catch {
      // Another attachment: not ours.
    }
  }
  return found;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return text;
}
