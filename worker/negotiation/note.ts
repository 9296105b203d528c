import * as z from 'zod';
import { type Context, cannotKeep, command, hold } from './command.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { type Refused, refuse } from './refusal.ts';
import { Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** Notes that a side keeps to itself: what the lender's staff tell each other of a case, and what the borrower wants to remember. */

/** Notes that a stream can hold: one a day for years. */
const MAX_NOTES = 2_000;

export const MAX_NOTE = 5_000;

export type Notes = { notes: number };

const entries = {
  'note.written': entry({
    content: z.object({ words: z.string() }),
    told: 'own side',
    personal: true,
    evolve: (own) => ({ ...own, notes: own.notes + 1 }),
  }),
};

declare module './entry.ts' {
  interface Own extends Notes {}
  interface OwnKinds extends ContentsOf<typeof entries> {}
}

/** Also once the case is over: who looks back writes too. */
export function roomForNote(kase: Case, context: Pick<Context, 'own'>): Refused | null {
  const notes = context.own?.notes ?? 0;
  return cannotKeep(kase, context) ?? (notes < MAX_NOTES ? null : refuse('case.full', { max: MAX_NOTES }));
}

const write = command({
  name: 'note.write',
  input: z.object({ words: Text(MAX_NOTE) }),
  needs: 'confide',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: roomForNote,
  decide: (_kase, { words }) => hold({ kind: 'note.written', content: { words } }),
  gives: 'nothing',
});

export const commands = { write };

export const note = topic({
  empty: {},
  entries: {},
  own: { empty: { notes: 0 }, entries },
  commands,
  due: nothingDue,
  awaits: nobody,
});
