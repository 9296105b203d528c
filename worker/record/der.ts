/** Reading and writing of DER (X.690), as much of it as signatures and certificates need. Indefinite lengths, long tags and padded lengths are refused. */

/** One element: its tag, where it begins, where its contents begin, and where it ends. Places are in the bytes that were read. */
export type Element = { tag: number; start: number; body: number; end: number };

/** Thrown where bytes are not DER. */
export class NotDer extends Error {}

/** The element that begins at `at` and ends at `limit` at the latest. @throws NotDer */
export function elementAt(bytes: Uint8Array, at: number, limit = bytes.length): Element {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1];
  if (at + 2 > limit || first === undefined || (tag & 0x1f) === 0x1f) throw new NotDer('an element is cut off or its tag is long');
  let length = first;
  let body = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || body + count > limit) throw new NotDer('a length that DER does not have');
    length = 0;
    for (const byte of bytes.subarray(body, body + count)) length = length * 256 + byte;
    if (length < 0x80 || length < 256 ** (count - 1)) throw new NotDer('a length longer than it need be');
    body += count;
  }
  if (body + length > limit) throw new NotDer('an element reaches beyond its holder');
  return { tag, start: at, body, end: body + length };
}

/** The elements inside a constructed one. @throws NotDer */
export function inside(bytes: Uint8Array, { tag, body, end }: Element): Element[] {
  if ((tag & 0x20) === 0) throw new NotDer('not constructed');
  const found: Element[] = [];
  for (let at = body; at < end; ) {
    const element = elementAt(bytes, at, end);
    found.push(element);
    at = element.end;
  }
  return found;
}

/** The element `index` of `list`, of that tag. @throws NotDer */
export function take(list: readonly Element[], index: number, tag: number): Element {
  const element = list[index];
  if (element?.tag !== tag) throw new NotDer(`element ${index} is not of the tag ${tag}`);
  return element;
}

/** The contents of an element, without its tag and length. */
export const contents = (bytes: Uint8Array, { body, end }: Element): Uint8Array<ArrayBuffer> => new Uint8Array(bytes.subarray(body, end));

/** An element whole, with its tag and length. */
export const whole = (bytes: Uint8Array, { start, end }: Element): Uint8Array<ArrayBuffer> => new Uint8Array(bytes.subarray(start, end));

/** UTCTime or GeneralizedTime in the one form that DER has, as an instant with milliseconds. @throws NotDer */
export function timeOf(bytes: Uint8Array, element: Element): string {
  const text = String.fromCharCode(...contents(bytes, element).subarray(0, 20));
  const [, year = '', rest = ''] =
    (element.tag === 0x17 ? /^(\d\d)(\d{10})Z$/ : element.tag === 0x18 ? /^(\d{4})(\d{10})Z$/ : /^$/).exec(text) ?? [];
  if (rest === '') throw new NotDer('not a time');
  const full = year.length === 4 ? year : Number(year) < 50 ? `20${year}` : `19${year}`;
  const parts = rest.match(/\d\d/g) ?? [];
  return `${full}-${parts[0]}-${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}.000Z`;
}

/** An element of that tag, made of what stands in it one after another. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | digits.length, ...digits];
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let at = head.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A SET OF: its elements in the order of their bytes (X.690, 11.6). None of them begins as another one whole, as each states its length. */
export const setOf = (tag: number, elements: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => element(tag, ...elements.toSorted(byBytes));

function byBytes(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, i) => byte !== other[i]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/** An instant as UTCTime, or from the year 2050 on as GeneralizedTime (RFC 5652, 11.3): to the second. */
export function timeElement(at: Date): Uint8Array<ArrayBuffer> {
  const digits = at.toISOString().slice(0, 19).replace(/\D/g, '');
  const short = digits < '2050';
  return element(short ? 0x17 : 0x18, new TextEncoder().encode(`${short ? digits.slice(2) : digits}Z`));
}

/** A positive INTEGER from its bytes, the highest first. */
export function integer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const from = bytes.findIndex((byte) => byte !== 0);
  const significant = from < 0 ? new Uint8Array(1) : bytes.subarray(from);
  // Its first bit would be its sign.
  return element(0x02, ...((significant[0] ?? 0) >= 0x80 ? [new Uint8Array(1)] : []), significant);
}
