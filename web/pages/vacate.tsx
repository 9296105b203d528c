import type { Case } from '../../worker/negotiation/case.ts';
import { commands as life } from '../../worker/negotiation/life.ts';
import { isVacated } from '../../worker/negotiation/stage.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, CommandForm } from '../parts/fields.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { formFor, type View } from '../parts/view.ts';

type Props = { view: View; id: string; number: string; kase: Case; error?: string };

/** Puts out whoever joined by the contract and is not its borrower; once that is done, leads to the case that goes on. */
export function VacatePage({ view, id, number, kase, error }: Props) {
  const { words } = view;
  const { vacate: say } = words;
  const isDone = isVacated(kase);
  const form = formFor(view, life.vacate.name);
  return (
    <Layout view={view} title={say.title}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={isDone ? say.done : say.lead({ name: kase.borrowerName ?? '' })}>{say.title}</PageTitle>
      {error ? (
        <p class="notice bad" role="alert">
          {error}
        </p>
      ) : null}
      {isDone ? (
        <form method="post" action={`/cases/${id}/vacate`} data-once>
          <p class="actions">
            <button type="submit" class="primary">
              {say.goOn}
            </button>
          </p>
        </form>
      ) : (
        <>
          <ul>
            {say.means.map((one) => (
              <li>{one}</li>
            ))}
          </ul>
          <CommandForm view={view} caseId={id} command={life.vacate.name} form={form} main>
            <AreaField form={form} words={words} name="words" label={say.why} hint={say.whyHint} most={2000} />
            <ProofFields form={form} view={view} />
            <p class="actions">
              <button type="submit" class="bad">
                {say.title}
              </button>
            </p>
          </CommandForm>
        </>
      )}
    </Layout>
  );
}
