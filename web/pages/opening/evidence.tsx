import { figureKeys } from '../../../worker/negotiation/means.ts';
import { ConsentField } from '../../parts/consent.tsx';
import { UploadField } from '../../parts/upload.tsx';
import type { View } from '../../parts/view.ts';
import { figureName } from '../../telling/means.ts';
import { linesOf } from './month.tsx';
import { type Step, typedOr } from './step.ts';

/** Where a draft holds that its borrower consented to the handling of what is sensitive in them. */
export const CONSENT = 'evidence.consent';

/** Files that support what was said; their form is sent with them, so it has a route of its own. */
export const evidence: Step = {
  name: 'evidence',
  question: ({ opening: say }) => ({ question: say.evidenceQuestion, lead: say.evidenceHint }),
  owns: /^evidence\./,
  scripts: ['upload'],
  aside: true,
  faults: () => ({}),
  form: typedOr,
  Fields({ at, shown: { form } }) {
    const { words, person } = at.view;
    // Files are kept for somebody: who has no account yet would choose them in vain.
    if (!person) return <p class="notice">{words.opening.filesLater}</p>;
    return (
      <>
        {at.files.length > 0 ? (
          <ul class="list">
            {at.files.map(({ name, size, sha256, supports }) => (
              <li>
                <div class="item">
                  <span>
                    {name} <span class="soft small">{Math.ceil(size / 1024)} KB</span> <Supports figures={supports} words={words} />
                  </span>
                  <button
                    type="submit"
                    name="action"
                    value={`remove:${sha256}`}
                    formnovalidate
                    class="quiet"
                    aria-label={`${words.evidence.remove} ${name}`}
                  >
                    {words.evidence.remove}
                  </button>
                </div>
              </li>
            ))}
          </ul>
        ) : null}
        <UploadField form={form} words={words} figures={figureKeys(linesOf(at))} />
        {at.values.has(CONSENT) ? null : <ConsentField form={form} name={CONSENT} years={at.context.policy.retentionYears} words={words} />}
        <p class="actions">
          <button type="submit" name="action" value="upload">
            {words.evidence.upload}
          </button>
        </p>
      </>
    );
  },
};

/** Which figures a file supports. */
function Supports({ figures, words }: { figures: readonly string[]; words: View['words'] }) {
  if (figures.length === 0) return null;
  return <span class="soft small">{figures.map((key) => figureName(words, key)).join(words.comma)}</span>;
}
