/**
 * What cannot be seen: format characters (Unicode's general category Cf) and whatever else has no shape of its own (Default_Ignorable_Code_Point). Phones put
 * marks of direction around what is copied, input methods leave spaces of no width. The one place that says which they are.
 */
export const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u;

const ALL = new RegExp(INVISIBLE, 'gu');

/** Text without any of them: to compare, to search, to read numbers and addresses from. */
export const withoutInvisible = (text: string): string => text.replace(ALL, '');

/** Those that names and numbers hold which are on record, be it that a script needs them (joiners, Mongolian), be it that they are older than this rule. */
export const INVISIBLE_ON_RECORD = '\u00ad\u180b\u180c\u180d\u180e\u180f\u200b\u200c\u200d\u2060\ufeff';
