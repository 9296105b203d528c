/** The syntax of PDF (ISO 32000-2, 7.2 and 7.3): values read from bytes, each string and dictionary with its place in the file. */

export class Name {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export class Reference {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}
/** A string; `start` and `end` hold its brackets. */
export class Text {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }
}
export class Dictionary {
  readonly members = new Map<string, Value>();
  readonly start: number;
  constructor(start: number) {
    this.start = start;
  }
}
/** A word that is no value, such as `obj` or `stream`. */
export class Keyword {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Value = null | boolean | number | Name | Reference | Text | Dictionary | Keyword | readonly Value[];

/** Thrown where bytes are not what a PDF has there. */
export class NotPdf extends Error {}

/** Deeper than any document of ours nests, and shallow enough for every stack. */
const DEEPEST = 32;
/** More values than a document of ours has: bounds the time that a hostile one takes. */
const MOST_VALUES = 2_000_000;

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((char) => char.charCodeAt(0)));

/** Reads values one after the other from `at` on. */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  private values = 0;
  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The next value. Two whole numbers and an R are a reference. @throws NotPdf */
  value(depth = 0): Value {
    if (++this.values > MOST_VALUES || depth > DEEPEST) throw new NotPdf('too much, or too deep');
    this.space();
    const char = String.fromCharCode(this.bytes[this.at] ?? 0);
    if (this.at >= this.bytes.length) throw new NotPdf('ends too early');
    if (char === '/') return this.name();
    if (char === '(') return this.literal();
    if (char === '[') return this.array(depth);
    if (char === '<') return this.bytes[this.at + 1] === 0x3c ? this.dictionary(depth) : this.hex();
    const word = this.word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[+-]?(?:\d{1,10}\.?\d{0,10}|\.\d{1,10})$/.test(word)) return new Keyword(word);
    return /^\d+$/.test(word) ? (this.reference(Number(word)) ?? Number(word)) : Number(word);
  }

  private reference(number: number): Reference | null {
    const after = this.at;
    this.space();
    if (/^\d{1,5}$/.test(this.word())) {
      this.space();
      if (this.word() === 'R') return new Reference(number);
    }
    this.at = after;
    return null;
  }

  space(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x25) while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at++;
      else if (byte !== undefined && SPACE.has(byte)) this.at++;
      else return;
    }
  }

  /** The run of characters that are neither space nor delimiter. A single delimiter stands for itself. */
  word(): string {
    const start = this.at;
    for (let byte = this.bytes[this.at]; byte !== undefined && !SPACE.has(byte) && !DELIMITER.has(byte); byte = this.bytes[this.at])
      this.at++;
    if (this.at === start && this.at < this.bytes.length) this.at++;
    if (this.at - start > 127) throw new NotPdf('a word too long');
    return String.fromCharCode(...this.bytes.subarray(start, this.at));
  }

  private name(): Name {
    this.at++;
    const next = this.bytes[this.at];
    if (next === undefined || SPACE.has(next) || DELIMITER.has(next)) return new Name('');
    return new Name(this.word().replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
  }

  private array(depth: number): Value[] {
    this.at++;
    const items: Value[] = [];
    for (;;) {
      this.space();
      if (this.bytes[this.at] === 0x5d) {
        this.at++;
        return items;
      }
      items.push(this.value(depth + 1));
    }
  }

  /** A dictionary. A key that stands twice is refused: which of them counts would depend on the reader. */
  private dictionary(depth: number): Dictionary {
    const dictionary = new Dictionary(this.at);
    this.at += 2;
    for (;;) {
      this.space();
      if (this.bytes[this.at] === 0x3e && this.bytes[this.at + 1] === 0x3e) {
        this.at += 2;
        return dictionary;
      }
      const key = this.value(depth + 1);
      if (!(key instanceof Name)) throw new NotPdf('a key that is no name');
      if (dictionary.members.has(key.text)) throw new NotPdf(`${key.text} twice`);
      dictionary.members.set(key.text, this.value(depth + 1));
    }
  }

  private hex(): Text {
    const start = this.at++;
    const end = this.bytes.indexOf(0x3e, this.at);
    if (end < 0) throw new NotPdf('a string without an end');
    const bytes = new Uint8Array((end - this.at + 1) >> 1);
    let digits = 0;
    for (; this.at < end; this.at++) {
      const byte = this.bytes[this.at] ?? 0;
      if (SPACE.has(byte)) continue;
      const digit = hexDigit(byte);
      if (digit < 0) throw new NotPdf('not hexadecimal');
      bytes[digits >> 1] = (bytes[digits >> 1] ?? 0) | (digits % 2 === 0 ? digit << 4 : digit);
      digits++;
    }
    this.at = end + 1;
    return new Text(bytes.subarray(0, (digits + 1) >> 1), start, this.at);
  }

  private literal(): Text {
    const start = this.at++;
    const bytes: number[] = [];
    for (let open = 1; ; this.at++) {
      let byte = this.bytes[this.at];
      if (byte === undefined) throw new NotPdf('a string without an end');
      if (byte === 0x28) open++;
      else if (byte === 0x29 && --open === 0) break;
      else if (byte === 0x5c) {
        byte = this.bytes[++this.at];
        const octal = /^[0-7]{1,3}/.exec(String.fromCharCode(...this.bytes.subarray(this.at, this.at + 3)))?.[0];
        if (octal) {
          bytes.push(Number.parseInt(octal, 8) & 255);
          this.at += octal.length - 1;
          continue;
        }
        const plain = byte === undefined ? undefined : { n: 10, r: 13, t: 9, b: 8, f: 12 }[String.fromCharCode(byte)];
        if (byte === 10 || byte === 13) continue;
        bytes.push(plain ?? byte ?? 0);
        continue;
      }
      bytes.push(byte);
    }
    this.at++;
    return new Text(Uint8Array.from(bytes), start, this.at);
  }
}

/** The value of a hexadecimal digit, or −1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
