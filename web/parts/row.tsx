import { own } from './view.ts';

/** What was just done in a row of a page: the command, and the key of the row in which its form stood. */
export type RowDone = { command: string; at: string };

/** The same in the address of the page to which its form leads. */
export const DONE = { command: 'done', at: 'at' } as const;

/** In the row: that it was done. The row has the focus by the fragment of its address, so whoever hears pages hears it first. */
export function doneIn(done: RowDone | null, key: string, said: Readonly<Record<string, string>>) {
  const text = done?.at === key ? own(said, done.command) : undefined;
  return text === undefined ? null : (
    <p class="item good-text" role="status">
      {text}
    </p>
  );
}
