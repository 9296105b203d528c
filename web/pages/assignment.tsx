import { type Assignment, type choices, commands, TO_TEAM } from '../../worker/negotiation/assignment.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { AssigneeLine, RecipientField, recipients } from '../parts/assignee.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { CommandForm } from '../parts/fields.tsx';
import { formFor, typedIn, type View } from '../parts/view.ts';

/** Who of the lender's people sees to a case, and to whom of them the reader may give it. */

type AssignmentProps = {
  view: View;
  id: string;
  number: string;
  assignment: Assignment;
  /** Whether whoever it is assigned to still works for the lender. */
  isHere: boolean;
  choices: ReturnType<typeof choices>;
};

export function AssignmentPage({ view, id, number, assignment, isHere, choices: to }: AssignmentProps) {
  const { words } = view;
  const { assignment: say } = words;
  const form = formFor(view, commands.assign.name);
  const typed = typedIn(form, 'to');
  const names = new Map([
    // What was chosen and is no choice any more is shown as it was.
    ...(typed ? [[typed, typed.startsWith(TO_TEAM) ? typed.slice(TO_TEAM.length) : say.gone] as const] : []),
    ...recipients(to, words),
  ]);
  return (
    <Layout view={view} title={say.title}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.hint}>{say.title}</PageTitle>
      <p>
        <AssigneeLine assignment={assignment} words={words} />
        {assignment.to !== null && !isHere ? <span class="soft"> {say.left}</span> : null}
      </p>
      {names.size > 0 ? (
        <CommandForm view={view} caseId={id} command={commands.assign.name} form={form}>
          <RecipientField form={form} names={names} blank={words.choose} words={words} />
          <p class="actions">
            <button type="submit" class="primary">
              {say.save}
            </button>
          </p>
        </CommandForm>
      ) : (
        <p class="soft">{say.notYours}</p>
      )}
    </Layout>
  );
}
