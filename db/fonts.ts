/**
 * The fonts of documents: where each comes from, as TrueType, and which letters it draws. `npm run fonts` writes the table of letters,
 * `worker/negotiation/coverage.ts`, anew; a test holds it against the fonts. The letters of CJK Extensions B to F are in no package of the
 * registry, so they are kept in `web/fonts` (see the note there).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliDecompressSync, inflateSync } from 'node:zlib';
import { assemble, readTrueType, viewOf } from '../worker/export/font/truetype.ts';
import { BOLD_FONT } from '../worker/negotiation/letters.ts';

type Source = { from: string; letters?: RegExp };

const resolve = createRequire(import.meta.url).resolve;
const kept = (name: string) => new URL(`../web/fonts/${name}`, import.meta.url).pathname;

/** In the order in which they are asked for a letter; `letters` narrows a font to what it is here for. */
const SOURCES: Record<string, Source> = {
  'noto-sans-sc': { from: resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf') },
  // The first font in its bold weight: asked for no letter that the first does not draw, and so not in the table.
  [BOLD_FONT]: { from: resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf') },
  'noto-sans': { from: resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf') },
  'noto-sans-arabic': { from: resolve('@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf') },
  'noto-serif-tibetan': { from: resolve('@expo-google-fonts/noto-serif-tibetan/400Regular/NotoSerifTibetan_400Regular.ttf') },
  'noto-sans-mongolian': { from: resolve('@expo-google-fonts/noto-sans-mongolian/400Regular/NotoSansMongolian_400Regular.ttf') },
  'noto-sans-yi': { from: resolve('@expo-google-fonts/noto-sans-yi/400Regular/NotoSansYi_400Regular.ttf') },
  'noto-sans-kr': { from: resolve('@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf'), letters: /\p{Script=Hangul}/u },
  'noto-sans-tai-le': { from: resolve('@fontsource/noto-sans-tai-le/files/noto-sans-tai-le-tai-le-400-normal.woff') },
  'noto-sans-new-tai-lue': { from: resolve('@fontsource/noto-sans-new-tai-lue/files/noto-sans-new-tai-lue-new-tai-lue-400-normal.woff') },
  'rare-han-1': { from: kept('rare-han-1.ttf.br') },
  'rare-han-2': { from: kept('rare-han-2.ttf.br') },
  'rare-han-3': { from: kept('rare-han-3.ttf.br') },
};

/** Every font as a TrueType file, under its name. */
export function fontFiles(): { name: string; bytes: Uint8Array }[] {
  return Object.entries(SOURCES).map(([name, { from }]) => ({ name, bytes: trueType(from) }));
}

function trueType(from: string): Uint8Array {
  const bytes = new Uint8Array(readFileSync(from));
  if (from.endsWith('.br')) return new Uint8Array(brotliDecompressSync(bytes));
  return from.endsWith('.woff') ? unpacked(bytes) : bytes;
}

/** A WOFF 1.0 file as the TrueType file that it packs (W3C, WOFF File Format 1.0). */
function unpacked(woff: Uint8Array): Uint8Array {
  const view = viewOf(woff);
  const tables: Record<string, Uint8Array> = {};
  for (let i = 0; i < view.getUint16(12); i++) {
    const at = 44 + i * 20;
    const [start, packed, length] = [view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12)];
    const table = woff.subarray(start, start + packed);
    tables[String.fromCharCode(...woff.subarray(at, at + 4))] = packed < length ? new Uint8Array(inflateSync(table)) : table;
  }
  return assemble(tables);
}

/** What no document draws: controls, unassigned and private code points, and what has no shape of its own. */
const NO_LETTER = /[\p{C}\p{Default_Ignorable_Code_Point}]/u;

/** The letters that a font draws, as the table of letters writes them. */
export function coverageOf(name: string, bytes: Uint8Array): string {
  const font = readTrueType(bytes);
  const narrowed = SOURCES[name]?.letters;
  const ranges: [number, number][] = [];
  for (let point = 0x20; point < 0x32000; point++) {
    const glyph = font.glyphOf(point);
    if (glyph === 0) continue;
    const char = String.fromCodePoint(point);
    if (NO_LETTER.test(char) || (narrowed && !narrowed.test(char))) continue;
    if (font.outlineOf(glyph).length === 0 && !/\s/.test(char)) continue;
    const last = ranges.at(-1);
    if (last?.[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  let at = 0;
  return ranges
    .map(([from, to]) => {
      const gap = (from - at).toString(36);
      at = to;
      return to === from ? gap : `${gap}+${(to - from).toString(36)}`;
    })
    .join(' ');
}

if (import.meta.main) {
  const tabled = fontFiles().filter(({ name }) => name !== BOLD_FONT);
  const lines = tabled.map(({ name, bytes }) => `  '${name}':\n    '${coverageOf(name, bytes)}',`);
  writeFileSync(
    new URL('../worker/negotiation/coverage.ts', import.meta.url),
    `/** Which letters each font of documents has; made by \`npm run fonts\` from the fonts themselves. \`letters.ts\` reads it. */\nexport const COVERAGE = {\n${lines.join('\n')}\n} as const;\n`,
  );
}
