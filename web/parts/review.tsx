import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as evidence, type Held, REJECT_REASONS } from '../../worker/negotiation/evidence.ts';
import { figureName } from '../telling/means.ts';
import { AreaField, CommandForm, SelectField } from './fields.tsx';
import { FromTemplate } from './template.tsx';
import { formFor, PAPER, type View } from './view.ts';

/** A paper as whoever answers it reads it: what it stands behind, and whether it is accepted. In the list of papers, and beside the paper itself. */

/** The figures that a file supports, by their names. */
export const supportsText = ({ figures }: Held, words: View['words']): string =>
  words.evidence.supports({ figures: figures.map((key) => figureName(words, key)).join(words.comma) });

/** Where a paper of the other side is accepted or not. @param beside whether the forms stand beside the paper, and come back there */
export function ReviewForms({
  view,
  id,
  kase,
  situation,
  file,
  beside = false,
}: {
  view: View;
  id: string;
  kase: Case;
  situation: Context;
  file: Held;
  beside?: boolean;
}) {
  if (file.state === 'withdrawn' || file.side === situation.seat.side) return null;
  const { words } = view;
  const { evidence: say } = words;
  const hidden = { file: file.sha256, ...(beside ? { [PAPER]: file.sha256 } : {}) };
  const reject = formFor(view, 'evidence.reject', hidden);
  return (
    <>
      {file.state !== 'accepted' && offered(kase, evidence.accept, situation) ? (
        <CommandForm view={view} caseId={id} command="evidence.accept" form={formFor(view, 'evidence.accept', hidden)} hidden={hidden}>
          <button type="submit" aria-label={`${say.accept} ${file.name}`}>
            {say.accept}
          </button>
        </CommandForm>
      ) : null}
      {file.state !== 'rejected' && offered(kase, evidence.reject, situation) ? (
        <details open={reject.again}>
          <summary>{say.reject}</summary>
          <CommandForm view={view} caseId={id} command="evidence.reject" form={reject} hidden={hidden}>
            <SelectField
              form={reject}
              words={words}
              name="reason"
              label={say.reason}
              blank={words.choose}
              options={REJECT_REASONS}
              text={(one) => say.reasons[one]}
            />
            <AreaField form={reject} words={words} name="words" label={say.words} most={1000} rows={2} optional />
            <p class="actions">
              <button type="submit">{say.reject}</button>
              <FromTemplate id={id} command="evidence.reject" side={situation.seat.side} form={reject} words={words} />
            </p>
          </CommandForm>
        </details>
      ) : null}
    </>
  );
}
