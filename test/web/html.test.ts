import * as fc from 'fast-check';
import { jsx as honos } from 'hono/jsx/jsx-runtime';
import { describe, expect, test } from 'vitest';
import { Fragment, jsx } from '../../web/html/jsx-runtime.ts';

/** Pages as text: what hono/jsx writes of the same elements, letter for letter, and nothing that is not text or an element. */

type Tree = { tag: string; props: Record<string, unknown>; children: Child[] };
type Child = Tree | Child[] | string | number | boolean | null | undefined;
const isTree = (child: Child): child is Tree => typeof child === 'object' && child !== null && !Array.isArray(child);

type Make = (tag: string, props: Record<string, unknown>) => unknown;

function build(make: Make, child: Child): unknown {
  if (Array.isArray(child)) return child.map((one) => build(make, one));
  if (!isTree(child)) return child;
  const [first, ...rest] = child.children.map((one) => build(make, one));
  const children = rest.length > 0 ? [first, ...rest] : first;
  return make(child.tag, { ...child.props, ...(child.children.length > 0 ? { children } : {}) });
}

const text = fc.oneof(fc.string(), fc.constantFrom('<b>', '&amp;', `"'`, '已“收到”', '𠮷', ''));
const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined));
const props = fc.dictionary(
  fc.constantFrom('class', 'id', 'href', 'aria-hidden', 'hidden', 'open', 'data-once', 'tabindex', 'checked'),
  value,
);
const { tree } = fc.letrec<{ child: Child; tree: Tree }>((tie) => ({
  child: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('child'), { maxLength: 3 }),
    tie('tree'),
  ),
  tree: fc.oneof(
    fc.record({
      tag: fc.constantFrom('p', 'a', 'div', 'ul', 'li', 'svg', 'path'),
      props,
      children: fc.array(tie('child'), { maxLength: 4 }),
    }),
    fc.record({ tag: fc.constantFrom('br', 'img', 'hr'), props, children: fc.constant<Child[]>([]) }),
  ),
}));

test('what hono/jsx writes', () => {
  fc.assert(
    fc.property(tree, (one) => {
      expect(String(build((tag, given) => jsx(tag, given), one))).toBe(String(build((tag, given) => honos(tag, given, undefined), one)));
    }),
    { numRuns: 500 },
  );
});

test('components are given what was made of their children, and may give anything that has a place in a page', () => {
  const Emphasis = ({ children }: Readonly<Record<string, unknown>>) => jsx('em', { children });
  expect(String(jsx(Emphasis, { children: ['<', jsx('b', { children: 1 })] }))).toBe('<em>&lt;<b>1</b></em>');
  expect(String(jsx(Fragment, { children: [jsx('i', {}), null, 'a&b'] }))).toBe('<i></i>a&amp;b');
  expect(String(jsx(() => '<script>', {}))).toBe('&lt;script&gt;');
  expect(String(jsx(() => null, {}))).toBe('');
});

describe('no page is made of', () => {
  test.each([
    ['an object that says it is escaped', { isEscaped: true, toString: (): string => '<script>' }],
    ['an object with a text', { text: '<script>' }],
    ['a promise', Promise.resolve('x')],
    ['a function', () => 'x'],
    ['a symbol', Symbol('x')],
  ])('%s', (_, child) => {
    expect(() => jsx('p', { children: child })).toThrow(TypeError);
    expect(() => jsx('p', { children: [['x', child]] })).toThrow(TypeError);
    expect(() => jsx('p', { title: child })).toThrow(TypeError);
  });
  test.each(['on load', 'x"y', 'a>b', '', '1a', 'a/b', 'a=b', '\u0000'])('a name that is none: %j', (name) => {
    expect(() => jsx(name, {})).toThrow(TypeError);
    expect(() => jsx('p', { [name]: 'x' })).toThrow(TypeError);
  });
});
