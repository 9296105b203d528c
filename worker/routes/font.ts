import assets from '../../.heyi/assets.json' with { type: 'json' };
import type { C } from './portal.ts';

/** The font as the assets hold it: 10 MB, of which a document keeps only the glyphs that it uses. */
export async function fontOf(c: C): Promise<Uint8Array> {
  const found = await c.var.env.assets.fetch(`https://assets.local${assets.font}`);
  if (!found.ok) throw new Error('The font is not among the assets: run the build.');
  return new Uint8Array(await found.arrayBuffer());
}
