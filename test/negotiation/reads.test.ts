import { expect, test } from 'vitest';
import * as z from 'zod';
import { readForm, readJson, typedBody } from '../../worker/negotiation/form.ts';
import { readBy } from '../../worker/negotiation/reads.ts';

/** What a route has read by a command's schema the command does not read again; nothing else is taken for read. */

const schema = z.strictObject({ words: z.string().trim().min(1) });

test('an input that this schema has read is that very one', () => {
  for (const read of [readForm(schema, typedBody('words=+x+')), readJson(schema, { words: ' x ' })]) {
    if (!read.ok) throw new Error('It can be read.');
    expect(read.input).toEqual({ words: 'x' });
    expect(readBy(schema, read.input)).toBe(read.input);
  }
});

test('any other is read, also one that another schema has read, and refused where it is wrong', () => {
  const typed = { words: ' x ' };
  const read = readBy(schema, typed);
  expect(read).toEqual({ words: 'x' });
  expect(readBy(schema, read)).toBe(read);
  expect(() => readBy(schema, { ...read, words: '' })).toThrow(z.ZodError);
  const loose = z.looseObject({});
  expect(() => readBy(schema, readBy(loose, { words: 'x', more: 1 }))).toThrow(z.ZodError);
  expect(() => readBy(schema, null)).toThrow(z.ZodError);
});
