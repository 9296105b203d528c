import type { TemplateUse } from '../../worker/negotiation/lender/templates.ts';
import type { Words } from '../words/index.ts';
import { type Filled, typedIn } from './view.ts';

/** Commands whose words can be begun from a template, with what for. */
export const TEMPLATE_FOR: Readonly<Record<string, TemplateUse>> = {
  'talk.message': 'message',
  'talk.issueLetter': 'letter',
  'proposal.make': 'reason',
  'proposal.decline': 'decline',
  'move.decline': 'decline',
  'complaint.answer': 'message',
  'evidence.reject': 'message',
  'means.query': 'message',
};

/** Names of what the page to choose from sends: the template, and the field of the form into which its text goes. */
export const TEMPLATE = 'textChosen';
export const INTO = 'textInto';

/** The field of a form with a text of a template that tells of when its figures are: the number of the newest entry then, and the day. */
export const TEXT_OF = 'textOf';

/** From within a form of a command to its templates: whatever is typed goes along, and nothing is sent by it. For the lender's people alone. */
export function FromTemplate(props: { id: string; command: string; side: string; form: Filled; words: Words }) {
  const { id, command, side, form, words } = props;
  if (side !== 'lender') return null;
  return (
    <>
      {form.values.has(TEXT_OF) ? <input type="hidden" name={TEXT_OF} value={typedIn(form, TEXT_OF)} /> : null}
      <button type="submit" class="quiet" formaction={`/cases/${id}/templates/${command}`} formnovalidate>
        {words.templates.choose}
      </button>
    </>
  );
}
