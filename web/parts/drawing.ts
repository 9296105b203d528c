/** A piece of a page as data, an element with what stands in it: drawn once, and made HTML by the server (`drawn.tsx`) or nodes by a script (`islands/lib/draw.ts`). */
export type Drawn = string | { readonly tag: Tag; readonly marks: Marks; readonly within: readonly Drawn[] };

type Tag =
  | 'p'
  | 'div'
  | 'details'
  | 'summary'
  | 'dl'
  | 'dt'
  | 'dd'
  | 'ul'
  | 'li'
  | 'strong'
  | 'span'
  | 'br'
  | 'button'
  | 'figure'
  | 'svg'
  | 'path';

/** Attributes by name. */
type Marks = Readonly<Record<string, string>>;

/** `marks` may be no more than a class. */
export function draw(tag: Tag, marks: Marks | string, ...within: readonly Drawn[]): Drawn {
  return { tag, marks: typeof marks === 'string' ? (marks ? { class: marks } : {}) : marks, within };
}
