import { FORM_BOUNDS } from '../../worker/negotiation/form.ts';
import { Layout, PageTitle } from '../layout.tsx';
import type { View } from '../parts/view.ts';

type Kind =
  | 'notFound'
  | 'forged'
  | 'busy'
  | 'failed'
  | 'tooLarge'
  | 'bad'
  | 'bothSides'
  | 'unproven'
  | 'fileDiffers'
  | 'form'
  | 'method'
  | 'away';

/** What a person reads where something cannot be shown or done, and the way on. */
export function ErrorPage({ view, kind }: { view: View; kind: Kind }) {
  const { errors } = view.words;
  const text = {
    notFound: errors.notFoundText,
    forged: errors.forged,
    busy: errors.busy,
    away: errors.away,
    failed: errors.failed,
    bad: errors.bad,
    method: errors.method,
    bothSides: errors.bothSides,
    form: errors.form(FORM_BOUNDS),
    tooLarge: errors.tooLarge(20),
    unproven: view.words.unproven.text,
    fileDiffers: errors.fileDiffers,
  }[kind];
  const titles: Partial<Record<Kind, string>> = { notFound: errors.notFound, unproven: view.words.unproven.title };
  const title = titles[kind] ?? errors.notDone;
  return (
    <Layout view={view} title={title}>
      <PageTitle>{title}</PageTitle>
      <p>{text}</p>
      <p class="actions">
        <a class="button primary" href="/">
          {errors.home}
        </a>
      </p>
    </Layout>
  );
}
