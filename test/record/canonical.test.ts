import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, isSealable, NotSealable } from '../../worker/record/digest.ts';

/** The canonical form is that of the reference implementation of RFC 8785, for all that a record may hold. */

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('"', '\\', '\u0000', '\u001f', '\u007f', '\u2028', '</script>', '债', '𠮷'),
    fc.array(tie('value')),
    fc.dictionary(
      fc.oneof(
        fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
        fc.nat(20).map(String),
      ),
      tie('value'),
    ),
  ),
})).value;

describe('the canonical form', () => {
  test('is that of RFC 8785', () =>
    fc.assert(
      fc.property(anything, (value) => {
        expect(canonical(value)).toBe(canonicalize(value));
        expect(isSealable(value)).toBe(true);
      }),
      { numRuns: 2_000 },
    ));
  test('has the names in the order of their code units, numbers among them, and leaves out what is undefined', () => {
    const own = JSON.parse('{"b":1,"a":-0,"10":2,"9":3,"__proto__":4,"\\ufb33":5,"\\ud83d\\ude00":6}');
    expect(canonical({ ...own, none: undefined })).toBe('{"10":2,"9":3,"__proto__":4,"a":0,"b":1,"😀":6,"\ufb33":5}');
  });
  test.each([
    ['a fraction', { a: [1, 0.5] }, '$.a[1]: 0.5 is no whole number below 2^53'],
    ['a number beyond 2^53', 2 ** 53, '$: 9007199254740992 is no whole number below 2^53'],
    ['half a pair', { a: { b: '\ud800' } }, '$.a.b: a lone surrogate'],
    ['half a pair in a name', { '\ud800': undefined }, '$: a lone surrogate in a name'],
    ['nothing', undefined, '$: undefined'],
    ['a gap in a list', [1, undefined], '$[1]: undefined'],
    ['an instant', { at: new Date(0) }, '$.at: an object of its own kind'],
    ['a function', { a: () => 1 }, '$.a: function'],
    ['a bigint', 1n, '$: bigint'],
  ])('is none of %s, and says where', (_, value, message) => {
    expect(isSealable(value)).toBe(false);
    expect(() => canonical(value)).toThrow(new NotSealable(message));
  });
});
