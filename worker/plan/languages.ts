/** The languages of the portal, in which every text stands, the law's too. The first is the source of all words, and what a reader gets who asks for none. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a reader gets who asks only for languages that are not among them. */
export const ELSEWHERE: Language = LANGUAGES[1];

/** As browsers know them (BCP 47), with the country whose ways of writing are meant. */
export const TAGS: Spoken = { zh: 'zh-CN', en: 'en-GB' };

/** A text in each of them. */
export type Spoken = Readonly<Record<Language, string>>;

/** A text as the language that it names, where it names one. */
export function asLanguage(text: string | null | undefined): Language | null {
  return LANGUAGES.find((one) => one === text) ?? null;
}
