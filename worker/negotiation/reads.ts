import type * as z from 'zod';

/** Inputs that a schema has read, by which it was: a route reads what a command reads again, and what it read is not changed in between. */
const known = new WeakMap<object, z.ZodType>();

/** Notes what a schema has made of an input. */
export function noteRead(schema: z.ZodType, read: unknown): void {
  if (typeof read === 'object' && read !== null) known.set(read, schema);
}

/** An input as a schema reads it: one that it has read is that. @throws ZodError */
export function readBy<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  if (isOf(schema, input)) return input;
  const read = schema.parse(input);
  noteRead(schema, read);
  return read;
}

const isOf = <S extends z.ZodType>(schema: S, input: unknown): input is z.output<S> =>
  typeof input === 'object' && input !== null && known.get(input) === schema;
