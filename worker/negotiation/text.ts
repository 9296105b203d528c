import * as z from 'zod';
import { leaf } from '../plan/terms.ts';
import { withoutInvisible } from '../plan/unseen.ts';
import { undrawable, visible } from './letters.ts';

/** Control characters have no place in words, and direction overrides could make a text read as another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/;

/** A text that came from elsewhere than a form, without what words may not hold. */
export const legibleText = (text: string): string => text.toWellFormed().replace(/\r\n?/g, '\n').replace(new RegExp(UNFIT, 'g'), '').trim();

const isClean = (text: string) => !UNFIT.test(text) && text.isWellFormed();
const isLine = (text: string) => isClean(text) && !/[\r\n]/.test(text);

/** One line of text in Unicode's composed form (NFC), without invisible characters, by which it could not be found or typed again; trimmed, 1 to `max` characters. */
export const Line = (max: number) =>
  z
    .string()
    .transform((text) => visible(text.normalize('NFC')).trim())
    .pipe(z.string().min(1).max(max).refine(isLine, { error: 'characters' }))
    .register(leaf, { as: 'text' });

/** Words of several lines, composed (NFC), trimmed, 1 to `max` characters. */
export const Text = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').normalize('NFC').trim())
    .pipe(z.string().min(1).max(max).refine(isClean, { error: 'characters' }))
    .register(leaf, { as: 'words' });

/** The number of an entry, as a command names it: far more than a case can hold. */
export const Seq = z.int().min(1).max(1_000_000_000);

/** SHA-256 in lower-case hex. */
export const Digest = z
  .string()
  .length(64)
  .regex(/^[0-9a-f]{64}$/);

const MAX_NAME = 60;

/**
 * A person's or an organisation's name: · and rare characters beyond the BMP are at home here. It is composed (NFC), without invisible characters,
 * and of letters that documents can draw; a letter that they cannot is named in the issue (`params.letter`).
 */
export const PartyName = z
  .string()
  .transform((name) => visible(name.normalize('NFC')).trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(MAX_NAME)
      .refine(isLine, { error: 'characters', abort: true })
      .superRefine((name, context) => {
        const letter = undrawable(name);
        if (letter) context.addIssue({ code: 'custom', message: 'letter', params: { letter } });
      }),
  )
  .register(leaf, { as: 'text' });

/** Characters of an identity number that are stated. A field takes more and says so: cut short, it would be the wrong ones. */
const IDENTITY_END = 4;

/**
 * The last four characters of an identity number, by which people of one name are told apart (the last of one may be X). More of it is refused, so that the number itself
 * is nowhere: neither in the record nor in what is kept while a form is filled in.
 */
export const IdentityEnd = z
  .string()
  .transform((text) => text.normalize('NFKC').trim().toUpperCase())
  .pipe(
    z
      .string()
      .regex(/^[0-9A-Z]{4}$/, { error: 'identity', abort: true })
      .length(IDENTITY_END),
  )
  .register(leaf, { as: 'text' });

/** One's own name as typed to sign: only compared, so that nobody's letters are in the way who is registered with them. */
export const TypedName = z
  .string()
  .transform((name) => visible(name.normalize('NFC')).trim())
  .pipe(z.string().min(1).max(200).refine(isLine, { error: 'characters' }))
  .register(leaf, { as: 'text' });

/** Characters of the name of a team of a lender's people. */
export const MAX_TEAM = 60;

/** A name as the record holds it: checked when it was given, and never refused after, whatever the fonts of that day could draw. */
export const RecordedName = z.string().min(1).max(200);

/** The middle dot between the parts of a name in all the forms in which keyboards give it, full stops among them. */
export const DOTS = '·•・‧∙⋅●◦᛫⸱ꞏ.。᠂';
const ANY_DOT = new RegExp(`[${DOTS}]`, 'g');

/** A name as it is compared: in one Unicode form, one dot, without spaces and invisible characters, so that people may type their own as they do. */
export function comparable(name: string): string {
  return withoutInvisible(name.normalize('NFKC')).replace(/\s/g, '').replace(ANY_DOT, '·').toLowerCase();
}
