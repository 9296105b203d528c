import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fontFiles } from '../../db/fonts.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { makeShaper } from '../../worker/export/font/shaper.ts';
import type { FaceName } from '../../worker/negotiation/letters.ts';

/** All fonts of documents, and the shaper, as the worker has them. */
export async function allFonts(): Promise<Fonts> {
  const wasm = createRequire(import.meta.url).resolve('harfbuzzjs/dist/harfbuzz.wasm');
  return {
    files: new Map(fontFiles().map(({ name, bytes }) => [name as FaceName, bytes])),
    shaper: await makeShaper(await WebAssembly.compile(readFileSync(wasm))),
  };
}
