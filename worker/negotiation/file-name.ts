import { visible } from './letters.ts';

/** Control characters, lone surrogates, separators of lines, what is no character, and what Windows or a path does not take in a name. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff<>:"/\\|?*]/gu;

/**
 * A person's name for a file as every system takes it: composed (NFC), without what cannot be seen (but for what a script or a picture needs), and with
 * `instead` of what does not fit. The one rule: for files as they come in, and as they lie in a bundle.
 */
export const fitName = (name: string, instead = ''): string => visible(name.normalize('NFC')).replace(UNFIT, instead);
