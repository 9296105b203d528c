import type { TemplateUse } from '../../worker/negotiation/lender/templates.ts';
import type { Words } from '../words/index.ts';

/** Commands whose words can be begun from a template, with what for. */
export const TEMPLATE_FOR: Readonly<Record<string, TemplateUse>> = {
  'talk.message': 'message',
  'talk.issueLetter': 'letter',
  'proposal.make': 'reason',
  'proposal.decline': 'decline',
  'move.decline': 'decline',
};

/** Names of what the page to choose from sends: the template, and the field of the form into which its text goes. */
export const TEMPLATE = 'textChosen';
export const INTO = 'textInto';

/** From within a form of a command to its templates: whatever is typed goes along, and nothing is sent by it. For the lender's people alone. */
export function FromTemplate({ id, command, side, words }: { id: string; command: string; side: string; words: Words }) {
  if (side !== 'lender') return null;
  return (
    <button type="submit" class="quiet" formaction={`/cases/${id}/templates/${command}`} formnovalidate>
      {words.templates.choose}
    </button>
  );
}
