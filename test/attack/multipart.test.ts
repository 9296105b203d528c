import { describe, expect, test } from 'vitest';
import { FORM_BOUNDS, FormTooLarge } from '../../worker/negotiation/form.ts';
import { boundaryOf, boundedParts } from '../../worker/routes/multipart.ts';
import { worked } from '../cpu.ts';

/** Bodies with files, as nobody sends them who means well: none is taken apart that has not been bounded by the same boundary. */

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

/** What comes through of a body that arrives in pieces of so many bytes. */
async function through(body: Uint8Array, piece = 65_536): Promise<Uint8Array> {
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < body.length; at += piece) controller.enqueue(body.slice(at, at + piece));
      controller.close();
    },
  });
  return new Uint8Array(await new Response(pieces.pipeThrough(boundedParts('x'))).arrayBuffer());
}

const part = (name: string, content = '', file = '') =>
  `--x\r\nContent-Disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n${content}\r\n`;

describe('the boundary', () => {
  test.each([
    ['multipart/form-data; boundary=x', 'x'],
    ['multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW', '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
    [
      'multipart/form-data; boundary=---------------------------9051914041544843365972754266',
      `${'-'.repeat(27)}9051914041544843365972754266`,
    ],
    ['multipart/form-data;boundary="a=b/c:(d)"', 'a=b/c:(d)'],
    ['Multipart/Form-Data; Boundary=x', 'x'],
  ])('of %j is %j', (type, boundary) => expect(boundaryOf(type)).toBe(boundary));
  test.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    // Each of these was read one way by what counts parts, and another way by what takes them apart.
    'multipart/form-data; a="; boundary=zzz"; boundary=x',
    'multipart/form-data; boundary="x\\x"',
    'multipart/form-data; boundary=x; boundary=y',
    'multipart/form-data; boundary=x, multipart/form-data; boundary=y',
    'multipart/form-data; boundary= x',
    'multipart/form-data; boundary="x ',
    'multipart/form-data; boundary="x y"',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    "multipart/form-data; boundary*=utf-8''x",
    'multipart/form-data; xboundary=y; boundary=x',
    'multipart/form-data-x; boundary=x',
    'multipart/mixed; boundary=x',
    'text/plain; boundary=x',
    '',
  ])('of %j is not understood', (type) => expect(boundaryOf(type)).toBeNull());
});

describe('a body', () => {
  const whole = bytes(`${part('a', '1\r\n--y\r\n--')}${part('files', 'x'.repeat(9_000), '工资.pdf')}${part('b', '')}--x--\r\n`);
  test.each([1, 2, 3, 7, 4_096, 1_000_000])('in pieces of %i bytes comes through as it is', async (piece) =>
    expect(Buffer.from(await through(whole, piece)).equals(whole)).toBe(true),
  );
  test('of as many parts as are allowed comes through', async () => {
    const body = bytes(`${Array.from({ length: FORM_BOUNDS.fields }, (_, i) => part(`f${i}`, '1')).join('')}--x--`);
    expect(await through(body)).toHaveLength(body.length);
  });
  test.each([
    ['one part more', part('f', '1').repeat(FORM_BOUNDS.fields + 2)],
    ['600,000 parts', '--x\r\nA: b\r\n\r\n\r\n'.repeat(600_000)],
    ['600,000 parts, with line feeds alone', '--x\nA: b\n\n\n'.repeat(600_000)],
    ['a name of 20 MB', part('a'.repeat(20_000_000))],
    ['a file’s name of 20 MB', part('files', '', 'a'.repeat(20_000_000))],
    ['a head that never ends, in the third part', `${part('a')}${part('b')}--x\r\n${'A: b\r\n'.repeat(1_000)}`],
    ['a head of nothing but the line of its boundary', `--x\r\n\r\n${'x'.repeat(20_000)}`],
    ['the same with line feeds alone', `--x\n\n${'x'.repeat(20_000)}`],
    ['nothing but ends', '--x--\r\n'.repeat(2_000_000)],
    ['boundaries within heads', `--x\r\n${`${'--x\n'.repeat(1_000)}\n\n`.repeat(1_000)}`],
  ])('of %s is refused, with little work', async (_, text) => {
    const body = bytes(text);
    const begun = worked();
    await expect(through(body)).rejects.toThrow(FormTooLarge);
    expect(worked() - begun).toBeLessThan(1_000);
  });
  test.each(['--XBOUN', '\n--XBOUN', '\r\n', '-', '\n--XBOUND'])(
    'of 10 MB of %j costs little work, whatever becomes of it',
    async (text) => {
      const unit = text.repeat(Math.ceil(4_096 / text.length));
      const body = bytes(`--XBOUND\r\nA: b\r\n\r\n${unit.repeat(Math.floor(10_000_000 / unit.length))}`);
      const begun = worked();
      const bounded = new Blob([body]).stream().pipeThrough(boundedParts('XBOUND'));
      await new Response(bounded).arrayBuffer().catch(() => {});
      expect(worked() - begun).toBeLessThan(2_000);
    },
  );
  test.each(['--xy', '--x ', '--x-', '--x\r'])(
    'whose first line is %j, and no boundary alone, is refused',
    async (line) => await expect(through(bytes(`${line}\r\nA: b\r\n\r\n1`))).rejects.toThrow(TypeError),
  );
  test.each(['junk\r\n--x\r\n\r\n\r\n--x--', '\r\n--x\r\n\r\n\r\n--x--', '--y\r\n\r\n\r\n--x'])(
    'that begins otherwise (%j) is refused',
    async (text) => await expect(through(bytes(text))).rejects.toThrow(TypeError),
  );
});
