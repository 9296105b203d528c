import type { Drawn } from '../../parts/drawing.ts';

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';

/** What was drawn, as nodes. */
export function nodeOf(one: Drawn): Node {
  if (typeof one === 'string') return document.createTextNode(one);
  const node = document.createElementNS(one.tag === 'svg' || one.tag === 'path' ? SVG : HTML, one.tag);
  for (const [name, mark] of Object.entries(one.marks)) node.setAttribute(name, mark);
  node.append(...one.within.map(nodeOf));
  return node;
}
