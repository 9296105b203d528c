import { figureName } from '../telling/means.ts';
import type { Words } from '../words/index.ts';
import { ChoiceField } from './fields.tsx';
import { type Filled, idOf } from './view.ts';

/** Choosing files and what they support. A plain file input; the island adds progress. */
export function UploadField({ form, words, figures }: { form: Filled; words: Words; figures: string[] }) {
  const { evidence: say } = words;
  const id = idOf(form, 'files');
  const error = form.errors.files;
  return (
    <>
      <div class={error ? 'field has-error' : 'field'}>
        <label for={id}>{say.choose}</label>
        <p class="hint" id={`${id}-hint`}>
          {say.hint}
        </p>
        {error ? (
          <p class="error" id={`${id}-error`}>
            {error}
          </p>
        ) : null}
        <input
          type="file"
          id={id}
          name="files"
          multiple
          accept=".pdf,.jpg,.jpeg,.png,.webp,.heic,.heif,application/pdf,image/jpeg,image/png,image/webp,image/heic"
          aria-describedby={error ? `${id}-error ${id}-hint` : `${id}-hint`}
        />
      </div>
      {figures.length > 0 ? (
        <ChoiceField
          form={form}
          words={words}
          name="figures"
          label={say.figures}
          options={figures}
          text={(key) => figureName(words, key)}
          many
          optional
        />
      ) : null}
      <p class="soft" role="status" data-uploading={say.uploading({ percent: '{percent}' })} hidden />
    </>
  );
}
