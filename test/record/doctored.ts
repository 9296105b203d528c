import { CryptoKeySigner, PDF, rgb } from '@libpdf/core';
import type { DocumentKey } from '../../worker/record/certificates.ts';

/** Ways to doctor a genuine document or bundle, for tests: each gives new bytes. */

type Bytes = Uint8Array<ArrayBuffer>;

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'latin1'));

/** The same bytes with one text replaced by another, wherever it stands last. @throws where it does not stand there */
export function replaced(bytes: Uint8Array, from: string | RegExp, to: (found: string) => string): Bytes {
  const text = latin1(bytes);
  const all = [...text.matchAll(from instanceof RegExp ? from : new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g'))];
  const last = all.at(-1);
  if (!last) throw new Error(`${from} is not in it`);
  return bytesOf(text.slice(0, last.index) + to(last[0]) + text.slice(last.index + last[0].length));
}

export function joined(...parts: (Uint8Array | string)[]): Bytes {
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
}

/** Pages painted over and saved as an update behind the signature, as an editor does. */
export async function painted(pdf: Uint8Array): Promise<Bytes> {
  const document = await PDF.load(pdf);
  document.getPage(0)?.drawRectangle({ x: 50, y: 300, width: 400, height: 300, color: rgb(1, 1, 1) });
  return new Uint8Array(await document.save({ incremental: true }));
}

/** A document made by hand around a genuine attachment, with a page that says something else. */
export async function handmade(record: Uint8Array, more: string[] = []): Promise<Bytes> {
  const document = PDF.create();
  document.addPage({ width: 300, height: 300 }).drawText('The borrower owes nothing.', { x: 20, y: 200 });
  document.addAttachment('record.json', record, { mimeType: 'application/json' });
  for (const name of more) document.addAttachment(name, record, { mimeType: 'application/json' });
  return new Uint8Array(await document.save());
}

/** Signed by another program, once more where it was. */
export async function signedWith(pdf: Uint8Array, { privateKey, certificates }: DocumentKey): Promise<Bytes> {
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
  const [own = '', ...chain] = certificates;
  const key = await crypto.subtle.importKey('pkcs8', bytes(privateKey), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const signer = new CryptoKeySigner(key, bytes(own), 'EC', 'ECDSA', chain.map(bytes));
  const signed = await (await PDF.load(pdf)).sign({ signer, reason: 'x', signingTime: new Date() });
  return new Uint8Array(signed.bytes);
}

/** An update behind everything that gives the catalog anew, without the form that leads to the signature. */
export function withoutForm(pdf: Uint8Array): Bytes {
  const text = latin1(pdf);
  const catalog = [...text.matchAll(/(\d+) 0 obj\s*<<\s*\/Type \/Catalog[\s\S]*?>>\s*endobj/g)].at(-1);
  const [, table] = /startxref\s+(\d+)/.exec(text.slice(text.lastIndexOf('startxref'))) ?? [];
  const [, trailer] = /trailer\s*(<<[\s\S]*?>>)/.exec(text.slice(text.lastIndexOf('trailer'))) ?? [];
  const object = (catalog?.[0] ?? '').replace(/\/AcroForm \d+ 0 R/, '');
  const at = pdf.length;
  const section = `xref\n${catalog?.[1]} 1\n${String(at).padStart(10, '0')} 00000 n \ntrailer\n${trailer?.replace(/\/Prev \d+/, `/Prev ${table}`)}\n`;
  return joined(pdf, bytesOf(`${object}\n${section}startxref\n${at + object.length + 1}\n%%EOF\n`));
}

/** Offsets of the local header and the central one of a file in a ZIP. */
export function headersOf(zip: Uint8Array, name: string): { local: number; central: number } {
  const text = latin1(zip);
  const wanted = latin1(new TextEncoder().encode(name));
  const at = (signature: string, length: number): number => {
    for (let i = text.indexOf(signature); i >= 0; i = text.indexOf(signature, i + 1)) if (text.startsWith(wanted, i + length)) return i;
    throw new Error(`${name} is not in the ZIP`);
  };
  return { local: at('PK\u0003\u0004', 30), central: at('PK\u0001\u0002', 46) };
}

/** The ZIP with some bytes put elsewhere. */
export function patched(zip: Uint8Array, at: number, bytes: Uint8Array | string): Bytes {
  const copy = new Uint8Array(zip);
  copy.set(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, at);
  return copy;
}
