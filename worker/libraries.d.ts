/** A package that brings no types, as far as the worker uses it. Named by its file: `punycode` alone is a module of Node that is leaving. */
declare module 'punycode/punycode.es6.js' {
  export function toUnicode(text: string): string;
}
