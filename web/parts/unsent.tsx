import { momentText, type Words } from '../words/index.ts';
import { TEXT_OF } from './template.tsx';
import { BLANK, type Filled, filled, typedIn } from './view.ts';

/** A message that is not sent yet, beside its box: when it was kept, keeping it and giving it up. */

/** What is kept of a message, for whoever wrote it alone. `textOf`: as of when a template filled it in. */
export type KeptMessage = { version: number; at: string; words: string; textOf: string | null };

/** The field of a form with the version of the draft that it was drawn with, and goes on from; and what the button that keeps it says of the version whose place it is to take. */
export const UNSENT = 'unsent';
export const OVER = 'unsentOver';

/** The form as it is filled in by what was kept. */
export const filledBy = (kept: KeptMessage | null): Filled => (kept ? filled({ words: kept.words, [TEXT_OF]: kept.textOf }) : BLANK);

type Props = { id: string; command: string; form: Filled; kept: KeptMessage | null; words: Words };

/**
 * Below the box: keeping it and giving it up, and when it was kept. Where the form came back with another text than was kept, and not with that gone on, what was kept is shown, and
 * nothing takes its place but by the button.
 */
export function Unsent({ id, command, form, kept, words }: Props) {
  const { unsent: say } = words;
  const at = `/cases/${id}/drafts/${command}`;
  const [typed, before] = [typedIn(form, 'words'), kept?.words ?? ''].map(plainly);
  const isKept = typed === before;
  const other = kept !== null && !typed?.startsWith(before ?? '') ? kept : null;
  const isSaid = Object.keys(form.errors).length > 0;
  const said = other && !isSaid ? say.parted : kept && isKept ? say.kept({ at: momentText(words, kept.at) }) : null;
  return (
    <div
      class="stack tight"
      data-unsent={at}
      data-failed={say.failed}
      data-parted={say.parted}
      data-as={other ? 'other' : isKept ? undefined : 'new'}
    >
      <input type="hidden" name={UNSENT} value={other ? 0 : (kept?.version ?? 0)} />
      <p class="row">
        <button type="submit" class="quiet" formaction={at} formnovalidate name={OVER} value={other?.version ?? ''}>
          {say.keep}
        </button>
        <button
          type="submit"
          class="quiet"
          formaction={at}
          formnovalidate
          name="action"
          value="discard"
          hidden={kept === null || other !== null}
        >
          {say.discard}
        </button>
        <span class="soft small" role="status">
          {said}
        </span>
      </p>
      {other ? <p class="said notice">{other.words}</p> : null}
    </div>
  );
}

/** Where nothing can be sent any more, what was not sent in time is still to be read, and to be given up. */
export function UnsentLeft({ id, command, kept, words }: Omit<Props, 'form'>) {
  if (!kept) return null;
  return (
    <section class="card stack tight" aria-labelledby="unsent">
      <h2 id="unsent">{words.unsent.left}</h2>
      <p class="hint">{words.unsent.leftHint({ at: momentText(words, kept.at) })}</p>
      <p class="said">{kept.words}</p>
      <form method="post" action={`/cases/${id}/drafts/${command}`} data-once>
        <input type="hidden" name={UNSENT} value={kept.version} />
        <p>
          <button type="submit" class="quiet" name="action" value="discard">
            {words.unsent.discard}
          </button>
        </p>
      </form>
    </section>
  );
}

const plainly = (text: string) => text.replace(/\r\n?/g, '\n').trim();
