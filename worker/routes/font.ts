import assets from '../../.heyi/assets.json' with { type: 'json' };
import { type Fonts, fontsFor, isPlain } from '../export/font/faces.ts';
import { makeShaper, type Shaper } from '../export/font/shaper.ts';
import type { FaceName } from '../negotiation/letters.ts';
import type { C } from './portal.ts';

/** The fonts that a document of `text` needs, as the assets hold them: for most those of 10 MB for either weight, of which a document keeps only the letters that it has. `known` are those that were read before for the same request. */
export async function fontsOf(c: C, text: string, known: Map<FaceName, Promise<Uint8Array>> = new Map()): Promise<Fonts> {
  const names = fontsFor(text);
  for (const name of names) if (!known.has(name)) known.set(name, read(c, name));
  const files = await Promise.all(names.map(async (name) => [name, (await known.get(name)) ?? new Uint8Array()] as const));
  return { files: new Map(files), shaper: names.every(isPlain) ? null : await shaper() };
}

/** HarfBuzz, for the few documents that need it. */
async function shaper(): Promise<Shaper> {
  const { default: harfbuzz } = await import('harfbuzzjs/dist/harfbuzz.wasm');
  return makeShaper(harfbuzz);
}

async function read(c: C, name: FaceName): Promise<Uint8Array> {
  const found = await c.var.env.assets.fetch(`https://assets.local${assets.fonts[name]}`);
  if (!found.ok) throw new Error(`The font ${name} is not among the assets: run the build.`);
  return new Uint8Array(await found.arrayBuffer());
}
