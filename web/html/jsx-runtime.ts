import type { JSX } from 'hono/jsx/jsx-runtime';

export type { JSX };

/**
 * What JSX compiles to: components and elements of hono/jsx (its types), written to text at once. hono/jsx makes a tree of objects first, for what pages here
 * have no use for (context, streams, asynchronous components): a page took twice the work (`npm run bench`). Texts and attributes are escaped by
 * construction; only what was made here is taken as it is.
 */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What is put into many pages, with its text laid out in one piece: as it was put together, each page would gather it anew from its smallest parts. */
export function inOnePiece(element: JSX.Element): JSX.Element {
  // To look for something in a text, the engine lays it out.
  (element as unknown as Html).text.indexOf('\0');
  return element;
}

type Props = Readonly<Record<string, unknown>>;
type Component = (props: Props) => unknown;

export function jsx(tag: string | Component, props: Props): JSX.Element {
  const html = typeof tag === 'function' ? componentOf(tag, props) : new Html(elementOf(tag, props));
  // Elements are opaque to components, which only put them into others.
  return html as unknown as JSX.Element;
}
export { jsx as jsxDEV, jsx as jsxs };

/** What several elements are without one around them. */
export const Fragment: Component = ({ children }) => children;

function componentOf(component: Component, props: Props): Html {
  const made = component(props);
  return made instanceof Html ? made : new Html(childOf(made));
}

function elementOf(tag: string, props: Props): string {
  const { open, close } = known(tags, tag, tagOf);
  let text = open;
  for (const name in props) if (name !== 'children') text += attributeOf(name, props[name]);
  return close === null ? `${text}/>` : `${text}>${childOf(props.children)}${close}`;
}

/** An attribute that is there or not says so by being there; others that are true or false say which, as those of ARIA do. */
function attributeOf(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  const { before, isBoolean } = known(attributes, name, beforeOf);
  if (typeof value === 'string') return `${before}${escaped(value)}"`;
  if (typeof value === 'number') return `${before}${value}"`;
  if (typeof value !== 'boolean') throw new TypeError(`The attribute ${name} is a ${typeof value}.`);
  if (isBoolean) return value ? `${before}"` : '';
  return `${before}${value}"`;
}

function childOf(child: unknown): string {
  if (typeof child === 'string') return escaped(child);
  if (child instanceof Html) return child.text;
  if (child === undefined || child === null || typeof child === 'boolean') return '';
  if (typeof child === 'number') return String(child);
  if (!Array.isArray(child)) throw new TypeError(`A ${typeof child} has no place in a page.`);
  let text = '';
  for (const one of child) text += childOf(one);
  return text;
}

const SPECIAL = /[&<>"']/;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

/** What is written around an element's attributes and children (`close` is null where it has none), and before an attribute's value: each is put together once. */
type Tag = { open: string; close: string | null };
type Attribute = { before: string; isBoolean: boolean };
const tags = new Map<string, Tag>();
const attributes = new Map<string, Attribute>();

const tagOf = (tag: string): Tag => ({ open: `<${tag}`, close: VOID.has(tag) ? null : `</${tag}>` });
const beforeOf = (name: string): Attribute => ({ before: ` ${name}="`, isBoolean: BOOLEAN.has(name) });

/** Names stand in the source; one that was spread from elsewhere must be a name too. */
function known<Made>(all: Map<string, Made>, name: string, make: (name: string) => Made): Made {
  const found = all.get(name);
  if (found !== undefined) return found;
  if (!/^[A-Za-z][\w:.-]*$/.test(name)) throw new TypeError('An element or attribute has a name that is none.');
  const made = make(name);
  if (all.size < 1_000) all.set(name, made);
  return made;
}

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);

const BOOLEAN = new Set([
  ...[
    'allowfullscreen',
    'async',
    'autofocus',
    'autoplay',
    'checked',
    'controls',
    'default',
    'defer',
    'disabled',
    'download',
    'formnovalidate',
  ],
  ...['hidden', 'inert', 'ismap', 'itemscope', 'loop', 'multiple', 'muted', 'nomodule', 'novalidate', 'open', 'playsinline', 'readonly'],
  ...['required', 'reversed', 'selected'],
]);
