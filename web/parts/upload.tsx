import { figureName } from '../telling/means.ts';
import type { Words } from '../words/index.ts';
import { ChoiceField, FileField } from './fields.tsx';
import type { Filled } from './view.ts';

/** Choosing files and what they support. A plain file input; the island adds progress. */
export function UploadField({ form, words, figures }: { form: Filled; words: Words; figures: string[] }) {
  const { evidence: say } = words;
  return (
    <>
      <FileField
        form={form}
        words={words}
        name="files"
        label={say.choose}
        hint={say.hint}
        accept=".pdf,.jpg,.jpeg,.png,.webp,.heic,.heif,application/pdf,image/jpeg,image/png,image/webp,image/heic"
        many
      />
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
