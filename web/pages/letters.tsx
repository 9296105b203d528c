import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { type Letter, petitionOf } from '../../worker/negotiation/talk.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { BeforeContact } from '../parts/conduct.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, CommandForm } from '../parts/fields.tsx';
import { BeforeAgreeing } from '../parts/law.tsx';
import { petitionHint } from '../parts/petition.ts';
import { FromTemplate } from '../parts/template.tsx';
import { type Filled, filled, formFor, type View } from '../parts/view.ts';

/** A formal letter, drawn from the case in the voice of the person's side, and edited before it is issued. */
export function LetterPage({
  view,
  id,
  number,
  kase,
  situation,
  letters,
  letter,
  text,
}: {
  view: View;
  id: string;
  number: string;
  kase: Case;
  situation: Context;
  letters: readonly Letter[];
  letter: Letter;
  text: string;
}) {
  const { words } = view;
  const { letters: say } = words;
  const hidden = { letter };
  const petition = petitionOf(letter);
  const form: Filled = formFor(view, 'talk.issueLetter', {}, filled({ words: text }));
  return (
    <Layout view={view} title={say.title} scripts={['wording']} typedAt={view.refused?.at ?? `/cases/${id}/typed/talk.issueLetter`}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <nav class="tabs" aria-label={say.title}>
        {letters.map((one) => (
          <a href={`/cases/${id}/letters/new?letter=${one}`} aria-current={one === letter ? 'page' : undefined}>
            {say.kind[one]}
          </a>
        ))}
      </nav>
      {petition ? <p class="notice">{petitionHint(petition, kase, situation, words) ?? say.toOthers}</p> : null}
      <BeforeContact kase={kase} situation={situation} words={words} />
      <BeforeAgreeing kase={kase} situation={situation} words={words} />
      <CommandForm view={view} caseId={id} command="talk.issueLetter" form={form} hidden={hidden} main>
        <AreaField form={form} words={words} name="words" label={say.kind[letter]} hint={say.editHint} rows={18} most={8000} />
        <p class="actions">
          <button type="submit" class="primary">
            {say.issue}
          </button>
          {petition ? null : <FromTemplate id={id} command="talk.issueLetter" side={situation.seat.side} form={form} words={words} />}
        </p>
      </CommandForm>
    </Layout>
  );
}
