/** XML as it comes in pieces, tag by tag: enough of it (XML 1.0, fifth edition) for what spreadsheets write. No entities but the five and characters by number: no text grows by being read. */

/** What a reader is told of. Names come without their prefixes. */
type Told = {
  open(name: string, attribute: (name: string) => string | null): void;
  close(name: string): void;
  text(said: string): void;
};

/** Characters that one tag may have, and a text between two: those of spreadsheets have some hundreds, and a cell at most 32,767 characters. */
const LONGEST_TAG = 65_536;
const LONGEST_TEXT = 524_288;

/** @returns what takes the next piece. It throws where that is no XML, or declares a document type. */
export function xmlReader(told: Told): (piece: string) => void {
  let left = '';
  return (piece) => {
    const all = left + piece;
    let at = 0;
    for (;;) {
      const from = all.indexOf('<', at);
      if (from < 0) {
        // What stands between tags is handed on when it is whole, so that no name of a character is cut in two.
        left = all.slice(at);
        if (left.length > LONGEST_TEXT) throw new Error('a text without an end');
        return;
      }
      const end = endOf(all, from);
      if ((end < 0 ? all.length : end) - from > LONGEST_TAG) throw new Error('a tag without an end');
      if (end < 0) {
        left = all.slice(at);
        return;
      }
      if (from > at) told.text(unescaped(all.slice(at, from)));
      at = end;
      tag(all.slice(from, end), told);
    }
  };
}

/** Where the tag ends that begins at a place; −1 where its end has not come yet. */
function endOf(all: string, from: number): number {
  const behind = (mark: string) => {
    const found = all.indexOf(mark, from);
    return found < 0 ? -1 : found + mark.length;
  };
  if (all.startsWith('<!--', from)) return behind('-->');
  if (all.startsWith('<![CDATA[', from)) return behind(']]>');
  if (all.startsWith('<?', from)) return behind('?>');
  let quote = '';
  for (let at = from + 1; at < all.length; at++) {
    const char = all[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at + 1;
  }
  return -1;
}

function tag(tag: string, told: Told): void {
  if (tag.startsWith('<?') || tag.startsWith('<!--')) return;
  if (tag.startsWith('<![CDATA[')) told.text(tag.slice(9, -3));
  else if (tag.startsWith('<!')) throw new Error('a document type');
  else if (tag.startsWith('</')) told.close(local(tag.slice(2, -1).trim()));
  else begun(tag, told);
}

function begun(tag: string, told: Told): void {
  const whole = tag.endsWith('/>');
  const inside = tag.slice(1, whole ? -2 : -1);
  const space = inside.search(/\s/);
  const name = local(space < 0 ? inside : inside.slice(0, space));
  told.open(name, (wanted) => attribute(space < 0 ? '' : inside.slice(space), wanted));
  if (whole) told.close(name);
}

const local = (name: string) => name.slice(name.indexOf(':') + 1);

function attribute(said: string, wanted: string): string | null {
  // One after the other, each where the last one ended: what is none ends them, and is not looked through again.
  const next = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  for (let found = next.exec(said); found; found = next.exec(said)) {
    const [, name = '', doubled, single] = found;
    if (local(name) === wanted) return unescaped(doubled ?? single ?? '');
  }
  return null;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? all;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
