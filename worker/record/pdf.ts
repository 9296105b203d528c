import { inflate } from './inflate.ts';
import { Dictionary, Keyword, Name, NotPdf, Reader, Reference, Text, type Value } from './pdf-syntax.ts';

/**
 * The structure of a PDF (ISO 32000-2, 7.5) as a reader follows it: from `startxref` over the tables of cross-references to the catalog and from
 * there to what it names. Nothing is found by searching the text, as a doctored file can hold two of anything.
 */
export type Pdf = {
  catalog: Dictionary;
  /** A value, followed through references. */
  resolve(value: Value | undefined): Value;
  /** The bytes of the stream that `value` refers to, unpacked. */
  stream(value: Value | undefined, limit: number): Uint8Array;
};

type Place = { offset: number } | { within: number; index: number };

const MOST_SECTIONS = 64;
const MOST_OBJECTS = 1_000_000;
const MOST_UNPACKED = 64 * 1024 * 1024;

/** @throws NotPdf, or an error where a stream cannot be unpacked */
export function readPdf(bytes: Uint8Array): Pdf {
  const places = new Map<number, Place>();
  const trailer = readSections(bytes, places);
  const known = new Map<number, { value: Value; data: number }>();
  const packed = new Map<number, Value[]>();

  function object(number: number): { value: Value; data: number } {
    const found = known.get(number);
    if (found) return found;
    const place = places.get(number);
    if (!place) return { value: null, data: -1 };
    // An object that refers to itself is null, not endless.
    known.set(number, { value: null, data: -1 });
    const read =
      'offset' in place ? objectAt(bytes, place.offset, number) : { value: inStream(place.within)[place.index] ?? null, data: -1 };
    known.set(number, read);
    return read;
  }
  function inStream(number: number): Value[] {
    const found = packed.get(number);
    if (found) return found;
    packed.set(number, []);
    const { value } = object(number);
    if (!(value instanceof Dictionary)) throw new NotPdf('no stream of objects');
    const count = whole(value.members.get('N'), MOST_OBJECTS);
    const first = whole(value.members.get('First'), MOST_UNPACKED);
    const content = stream(new Reference(number), MOST_UNPACKED);
    const index = new Reader(content);
    const starts: number[] = [];
    for (let i = 0; i < count; i++) {
      index.value();
      starts.push(first + whole(index.value(), MOST_UNPACKED));
    }
    const values = starts.map((start) => new Reader(content, start).value());
    packed.set(number, values);
    return values;
  }
  function resolve(value: Value | undefined): Value {
    let at: Value = value ?? null;
    for (let steps = 0; at instanceof Reference; steps++) {
      if (steps > 32) throw new NotPdf('references without an end');
      at = object(at.number).value;
    }
    return at;
  }
  function stream(value: Value | undefined, limit: number): Uint8Array {
    if (!(value instanceof Reference)) throw new NotPdf('a stream stands by itself');
    const { value: dictionary, data } = object(value.number);
    if (!(dictionary instanceof Dictionary) || data < 0) throw new NotPdf('no stream');
    return streamOf(bytes, dictionary, data, limit, resolve);
  }
  const catalog = resolve(trailer.members.get('Root'));
  if (!(catalog instanceof Dictionary)) throw new NotPdf('no catalog');
  return { catalog, resolve, stream };
}

/** Reads `number generation obj value`, and where its stream's data begin, if it is one. @throws NotPdf */
function objectAt(bytes: Uint8Array, offset: number, number: number | null): { value: Value; data: number } {
  if (offset >= bytes.length) throw new NotPdf('an object beyond the end');
  const reader = new Reader(bytes, offset);
  const [given, , keyword] = [reader.value(), reader.value(), reader.value()];
  if ((number !== null && given !== number) || !(keyword instanceof Keyword) || keyword.text !== 'obj')
    throw new NotPdf('no object where the table says');
  const value = reader.value();
  reader.space();
  const after = reader.at;
  if (!(value instanceof Dictionary) || reader.word() !== 'stream') return { value, data: -1 };
  const start = after + 6;
  return { value, data: bytes[start] === 13 && bytes[start + 1] === 10 ? start + 2 : start + 1 };
}

function streamOf(
  bytes: Uint8Array,
  { members }: Dictionary,
  data: number,
  limit: number,
  resolve: (value: Value | undefined) => Value,
): Uint8Array {
  const length = whole(resolve(members.get('Length')), bytes.length);
  if (data + length > bytes.length) throw new NotPdf('a stream beyond the end');
  const raw = bytes.subarray(data, data + length);
  const given = resolve(members.get('Filter'));
  const filters = Array.isArray(given) ? given : given === null ? [] : [given];
  if (filters.length === 0) return raw;
  const [filter] = filters;
  if (filters.length > 1 || !(filter instanceof Name) || filter.text !== 'FlateDecode') throw new NotPdf('a filter that is not used here');
  return unpredicted(inflate(raw, 'zlib', limit), resolve(members.get('DecodeParms')));
}

/** Undoes the prediction of PNG (RFC 2083, 6) that tables of cross-references are packed with. */
function unpredicted(bytes: Uint8Array, given: Value): Uint8Array {
  const parameters = Array.isArray(given) ? given[0] : given;
  if (!(parameters instanceof Dictionary) || (parameters.members.get('Predictor') ?? 1) === 1) return bytes;
  const columns = whole(parameters.members.get('Columns') ?? 1, 64);
  if (whole(parameters.members.get('Predictor'), 15) < 10 || columns === 0) throw new NotPdf('a predictor that is not used here');
  const rows = Math.floor(bytes.length / (columns + 1));
  const out = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const kind = bytes[row * (columns + 1)] ?? 0;
    if (kind > 2) throw new NotPdf('a predictor that is not used here');
    for (let i = 0; i < columns; i++) {
      const at = row * columns + i;
      const before = kind === 1 ? (i > 0 ? (out[at - 1] ?? 0) : 0) : kind === 2 ? (out[at - columns] ?? 0) : 0;
      out[at] = (bytes[row * (columns + 1) + 1 + i] ?? 0) + before;
    }
  }
  return out;
}

/** Fills `places` from the newest table to the oldest, the newest counting, and returns the newest trailer. */
function readSections(bytes: Uint8Array, places: Map<number, Place>): Dictionary {
  const tail = String.fromCharCode(...bytes.subarray(-1024));
  const [, digits = ''] = /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(tail) ?? [];
  if (digits === '') throw new NotPdf('no place of the table at the end');
  const seen = new Set<number>();
  const seenObjects = new Set<number>();
  let newest: Dictionary | null = null;
  for (let next: Value | undefined = Number(digits); next !== undefined; ) {
    const offset = whole(next, bytes.length - 1);
    if (seen.has(offset) || seen.size >= MOST_SECTIONS) throw new NotPdf('tables without an end');
    seen.add(offset);
    const reader = new Reader(bytes, offset);
    reader.space();
    const isTable = String.fromCharCode(...bytes.subarray(reader.at, reader.at + 4)) === 'xref';
    const put = (number: number, place: Place | null) => {
      if (seenObjects.has(number)) return;
      if (seenObjects.size >= MOST_OBJECTS) throw new NotPdf('too many objects');
      seenObjects.add(number);
      if (place) places.set(number, place);
    };
    const trailer: Dictionary = isTable ? readTable(reader, put) : readStreamTable(bytes, offset, put);
    // Two tables for one revision: which counts would depend on the reader.
    if (trailer.members.has('XRefStm')) throw new NotPdf('a hybrid table');
    newest ??= trailer;
    next = trailer.members.get('Prev');
  }
  if (!newest) throw new NotPdf('no table');
  return newest;
}

type Put = (number: number, place: Place | null) => void;

function readTable(reader: Reader, put: Put): Dictionary {
  reader.word();
  for (;;) {
    reader.space();
    const first = reader.value();
    if (first instanceof Keyword && first.text === 'trailer') break;
    const start = whole(first, MOST_OBJECTS);
    const count = whole(reader.value(), MOST_OBJECTS);
    for (let i = 0; i < count; i++) {
      reader.space();
      const [offset, , kind] = [reader.word(), reader.space(), reader.word(), reader.space()];
      const state = reader.word();
      if (!/^\d{10}$/.test(offset) || !/^\d{5}$/.test(kind ?? '') || !/^[nf]$/.test(state)) throw new NotPdf('not a line of a table');
      put(start + i, state === 'n' ? { offset: Number(offset) } : null);
    }
  }
  const trailer = reader.value();
  if (!(trailer instanceof Dictionary)) throw new NotPdf('no trailer');
  return trailer;
}

function readStreamTable(bytes: Uint8Array, offset: number, put: Put): Dictionary {
  const { value, data } = objectAt(bytes, offset, null);
  if (!(value instanceof Dictionary) || data < 0) throw new NotPdf('no table where it should be');
  const plain = (inner: Value | undefined): Value => (inner instanceof Reference ? null : (inner ?? null));
  const content = streamOf(bytes, value, data, MOST_UNPACKED, plain);
  const widths = value.members.get('W');
  if (!Array.isArray(widths) || widths.length !== 3) throw new NotPdf('a table without widths');
  const [a = 0, b = 0, c = 0] = widths.map((width) => whole(width, 6));
  const sections = value.members.get('Index') ?? [0, whole(value.members.get('Size'), MOST_OBJECTS)];
  if (!Array.isArray(sections) || a + b + c === 0) throw new NotPdf('a table without an index');
  let at = 0;
  const field = (width: number) => {
    let number = 0;
    for (const byte of content.subarray(at, at + width)) number = number * 256 + byte;
    at += width;
    return number;
  };
  for (let i = 0; i + 1 < sections.length; i += 2) {
    const [start, count] = [whole(sections[i], MOST_OBJECTS), whole(sections[i + 1], MOST_OBJECTS)];
    if (at + count * (a + b + c) > content.length) throw new NotPdf('a table too short');
    for (let k = 0; k < count; k++) {
      const kind = a === 0 ? 1 : field(a);
      const [second, third] = [field(b), field(c)];
      put(start + k, kind === 1 ? { offset: second } : kind === 2 ? { within: second, index: third } : null);
    }
  }
  return value;
}

function whole(value: Value | undefined, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) throw new NotPdf('a number out of place');
  return value;
}

/** The dictionaries of all signatures that the form's fields hold, with what stands inside them. */
export function signaturesIn({ catalog, resolve }: Pdf): Dictionary[] {
  const form = resolve(catalog.members.get('AcroForm'));
  const found: Dictionary[] = [];
  let looked = 0;
  const walk = (fields: Value, inherited: Value, depth: number): void => {
    if (!Array.isArray(fields) || depth > 16) return;
    for (const one of fields) {
      if (++looked > 10_000) throw new NotPdf('too many fields');
      const field = resolve(one);
      if (!(field instanceof Dictionary)) continue;
      const type = resolve(field.members.get('FT')) ?? inherited;
      const value = resolve(field.members.get('V'));
      if (type instanceof Name && type.text === 'Sig' && value instanceof Dictionary) found.push(value);
      walk(resolve(field.members.get('Kids')), type, depth + 1);
    }
  };
  if (form instanceof Dictionary) walk(resolve(form.members.get('Fields')), null, 0);
  return found;
}

/** Every file that is attached to the document: its name, and the reference of its stream. */
export function attachmentsOf({ catalog, resolve }: Pdf): { name: string; stream: Value }[] {
  const names = resolve(catalog.members.get('Names'));
  const found: { name: string; stream: Value }[] = [];
  let looked = 0;
  const walk = (given: Value, depth: number): void => {
    const node = resolve(given);
    if (!(node instanceof Dictionary) || depth > 16) return;
    const pairs = resolve(node.members.get('Names'));
    for (let i = 1; Array.isArray(pairs) && i < pairs.length; i += 2) {
      if (++looked > 10_000) throw new NotPdf('too many attachments');
      const file = resolve(pairs[i]);
      const content = file instanceof Dictionary ? resolve(file.members.get('EF')) : null;
      if (!(file instanceof Dictionary) || !(content instanceof Dictionary)) continue;
      const label = resolve(file.members.get('UF') ?? file.members.get('F'));
      found.push({
        name: label instanceof Text ? textOf(label) : '',
        stream: content.members.get('F') ?? content.members.get('UF') ?? null,
      });
    }
    const kids = resolve(node.members.get('Kids'));
    for (const kid of Array.isArray(kids) ? kids : []) {
      if (++looked > 10_000) throw new NotPdf('too many attachments');
      walk(kid, depth + 1);
    }
  };
  if (names instanceof Dictionary) walk(names.members.get('EmbeddedFiles') ?? null, 0);
  return found;
}

function textOf({ bytes }: Text): string {
  const wide = bytes[0] === 0xfe && bytes[1] === 0xff;
  return wide ? new TextDecoder('utf-16be').decode(bytes.subarray(2)) : new TextDecoder('latin1').decode(bytes);
}
