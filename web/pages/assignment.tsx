import { type Assignment, type choices, commands, TO_NOBODY, TO_TEAM } from '../../worker/negotiation/assignment.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { AssigneeLine } from '../parts/assignee.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { CommandForm, SelectField } from '../parts/fields.tsx';
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

export function AssignmentPage({ view, id, number, assignment, isHere, choices: { people, teams, nobody } }: AssignmentProps) {
  const { words } = view;
  const { assignment: say } = words;
  const form = formFor(view, commands.assign.name);
  const typed = typedIn(form, 'to');
  const names = new Map([
    // What was chosen and is no choice any more is shown as it was.
    ...(typed ? [[typed, typed.startsWith(TO_TEAM) ? typed.slice(TO_TEAM.length) : say.gone] as const] : []),
    ...people.map(
      ({ account, name, capacity, team }) => [account, [name, words.capacity[capacity], team].filter(Boolean).join(' · ')] as const,
    ),
    ...teams.map((team) => [TO_TEAM + team, say.toTeam({ team })] as const),
    ...(nobody ? [[TO_NOBODY, say.toNobody] as const] : []),
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
          <SelectField
            form={form}
            words={words}
            name="to"
            label={say.to}
            blank={words.choose}
            options={[...names.keys()]}
            text={(to) => names.get(to) ?? to}
          />
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
