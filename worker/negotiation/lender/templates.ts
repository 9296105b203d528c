import * as z from 'zod';
import { LANGUAGES, type Language } from '../../plan/languages.ts';
import { canonical, digestOf } from '../../record/digest.ts';
import type { Recorded } from '../entry.ts';
import { isPlace, misplaced, PLACE_TYPES, type Place, type PlaceType, piecesOf } from '../places.ts';
import { type Refused, refuse } from '../refusal.ts';
import { type Said, unsayable } from '../said.ts';
import { Line, Text } from '../text.ts';
import { type ActDecided, type ActsOf, act, actTopic, type Institution } from './act.ts';

/**
 * Texts that a lender's people begin from, with places that a case fills. A version is never changed: another follows it. What is sent of one is ordinary text, and
 * the record of a case knows nothing of templates.
 */

/** What a template is for: a message, the reasons of a counter-offer, the words of a decline, a formal letter. */
export const TEMPLATE_USES = ['message', 'reason', 'decline', 'letter'] as const;
export type TemplateUse = (typeof TEMPLATE_USES)[number];

export const MAX_TEMPLATE = 4_000;
const MAX_TEMPLATE_NAME = 40;
/** Templates that a lender can have, retired ones with them, and versions of one. */
export const MOST_TEMPLATES = 200;
export const MOST_VERSIONS = 100;

/** A version by the entry that holds it, and the digest of what that says, by whom and when. */
type Version = { readonly seq: number; readonly digest: string };
/** A template as it stands, by its number. */
export type Template = {
  readonly no: number;
  readonly use: TemplateUse;
  readonly language: Language;
  readonly name: string;
  readonly retired: boolean;
  readonly versions: readonly Version[];
};

const No = z.int().min(1).max(MOST_TEMPLATES);

/** A version with all that it says. `version` counts from 1. */
export const TemplateVersion = z.object({
  template: No,
  version: z.int().min(1).max(MOST_VERSIONS),
  use: z.enum(TEMPLATE_USES),
  language: z.enum(LANGUAGES),
  name: Line(MAX_TEMPLATE_NAME),
  text: Text(MAX_TEMPLATE),
});
export type TemplateVersion = z.infer<typeof TemplateVersion>;

/** What a version is known by. */
const versionDigest = ({ at, author, content }: Pick<Recorded, 'at' | 'author' | 'content'>): string =>
  digestOf(canonical({ at, author, content }));

/** A version as it was written, from the entry that is stored under its number; null where that is not what was written then. */
export function versionOf({ digest }: Version, stored: Recorded | undefined): { said: TemplateVersion; entry: Recorded } | null {
  if (!stored || versionDigest(stored) !== digest) return null;
  const read = TemplateVersion.safeParse(stored.content);
  return read.success ? { said: read.data, entry: stored } : null;
}

const entries = {
  'template.written': act({
    content: TemplateVersion,
    evolve(before, entry) {
      const { template: no, use, language, name } = entry.content;
      const versions = [...(before.templates[no - 1]?.versions ?? []), { seq: entry.seq, digest: versionDigest(entry) }];
      const templates = [...before.templates];
      templates[no - 1] = { no, use, language, name, retired: false, versions };
      return { ...before, templates };
    },
  }),
  /** It is offered no more; another version of it brings it back. */
  'template.retired': act({
    content: z.object({ template: No }),
    evolve: (before, { content: { template } }) => ({
      ...before,
      templates: before.templates.map((one) => (one.no === template ? { ...one, retired: true } : one)),
    }),
  }),
};

declare module './act.ts' {
  interface Institution {
    templates: readonly Template[];
  }
  interface Acts extends ActsOf<typeof entries> {}
}

export const templates = actTopic({ empty: { templates: [] }, entries });

/** A template as it is typed. `no` and `base`, the number of versions that its writer has seen, are null of a new one. */
export const TemplateInput = TemplateVersion.omit({ template: true, version: true }).extend({
  no: No.optional(),
  base: z.int().min(1).max(MOST_VERSIONS).optional(),
});
export type TemplateInput = z.infer<typeof TemplateInput>;

/** A new template, or the next version of one. Whoever may `phrase` may. */
export function writeTemplate({ templates: all }: Pick<Institution, 'templates'>, input: TemplateInput): ActDecided[] | Refused {
  const { no, base, ...said } = input;
  const before = no === undefined ? undefined : all[no - 1];
  if (no !== undefined && !before) return refuse('template.unknown');
  if (before && base !== before.versions.length) return refuse('template.changed');
  const wrong = misplaced(said.text) ?? unsayable([...saidBy(said), ...withoutPlaces(said)], { side: 'lender' });
  if (wrong) return wrong;
  const isNamed = ({ retired, name, use, language }: Template) =>
    !retired && name === said.name && use === said.use && language === said.language;
  if (all.some((one) => one !== before && isNamed(one))) return refuse('template.name-taken', { field: 'name' });
  if (!before && all.length >= MOST_TEMPLATES) return refuse('template.full', { max: MOST_TEMPLATES });
  if (before && before.versions.length >= MOST_VERSIONS) return refuse('template.full', { max: MOST_VERSIONS });
  const content = { template: before?.no ?? all.length + 1, version: (before?.versions.length ?? 0) + 1, ...said };
  return [{ kind: 'template.written', content }];
}

export function retireTemplate({ templates: all }: Pick<Institution, 'templates'>, no: number): ActDecided[] | Refused {
  const found = all[no - 1];
  if (!found) return refuse('template.unknown');
  return found.retired ? [] : [{ kind: 'template.retired', content: { template: no } }];
}

/** The templates that a lender begins with, where it has none: all of them by one act of a person, never by themselves. */
export function beginTemplates(
  { templates: all }: Pick<Institution, 'templates'>,
  begun: readonly TemplateInput[],
): ActDecided[] | Refused {
  if (all.length > 0) return refuse('template.begun');
  const acts: ActDecided[] = [];
  for (const [i, input] of begun.entries()) {
    const written = writeTemplate({ templates: [] }, input);
    if ('refused' in written) return written;
    for (const one of written) if (one.kind === 'template.written') acts.push({ ...one, content: { ...one.content, template: i + 1 } });
  }
  return acts;
}

/** What stands in the place of what a case fills in, where a template is heard as the words that it will be. */
const STANDS_IN: Readonly<Record<Language, Readonly<Record<PlaceType, string>>>> = {
  zh: { name: '您', number: '1', amount: '100.00', count: '3', date: '今天' },
  en: { name: 'you', number: '1', amount: '100.00', count: '3', date: 'today' },
};

/** What a template says to whoever it is sent to, as it is heard. */
export const saidBy = ({ text, language }: Pick<TemplateInput, 'text' | 'language'>): Said[] => [
  { field: 'text', text: heardAs(text, (place) => STANDS_IN[language][PLACE_TYPES[place]]) },
];

/** The same with nothing in its places: none of them stands between words that belong together. */
const withoutPlaces = ({ text }: Pick<TemplateInput, 'text'>): Said[] => [{ field: 'text', text: heardAs(text, () => '') }];

function heardAs(text: string, standIn: (place: Place) => string): string {
  return piecesOf(text)
    .map((piece) => ('text' in piece ? piece.text : isPlace(piece.place) ? standIn(piece.place) : piece.place))
    .join('');
}

/** Templates that are offered for a use, in a language. */
export function offeredTemplates({ templates: all }: Pick<Institution, 'templates'>, use: TemplateUse, language: Language): Template[] {
  return all.filter((one) => !one.retired && one.use === use && one.language === language);
}
