import type { reminders as topic } from '../../worker/negotiation/reminders.ts';
import { dateText } from '../words/index.ts';
import { instalmentName } from './schedule.ts';
import { amount, named, type Tellers } from './telling.ts';

/** Reminders of instalments, told. */

export const reminders: Tellers<typeof topic> = {
  'instalment.reminded': ({ content: { no, due, missing, when } }, _kase, words) => ({
    what: words.entry['instalment.reminded']({ name: instalmentName(no, words), when }),
    lines: [named(words.schedule.due, dateText(words, due)), amount(words.reminder.missing, missing), { value: words.reminder.help }],
  }),
};
