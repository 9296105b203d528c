import * as z from 'zod';
import { leaf } from '../plan/terms.ts';

/** Control characters have no place in words, and direction overrides could make a text read as another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/;

const isClean = (text: string) => !UNFIT.test(text) && text.isWellFormed();

/** One line of text, trimmed, 1 to `max` characters. */
export const Line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => isClean(text) && !/[\r\n]/.test(text), { error: 'characters' })
    .register(leaf, { as: 'text' });

/** Words of several lines, trimmed, 1 to `max` characters. */
export const Text = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().min(1).max(max).refine(isClean, { error: 'characters' }))
    .register(leaf, { as: 'words' });

/** The number of an entry, as a command names it: far more than a case can hold. */
export const Seq = z.int().min(1).max(1_000_000_000);

/** SHA-256 in lower-case hex. */
export const Digest = z
  .string()
  .length(64)
  .regex(/^[0-9a-f]{64}$/);

/** A person's or an organisation's name: · and rare characters beyond the BMP are at home here. */
export const PartyName = Line(60);
