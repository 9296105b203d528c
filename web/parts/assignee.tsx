import { type Assignment, commands, TO_NOBODY, TO_TEAM } from '../../worker/negotiation/assignment.ts';
import type { Case, Own } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import type { Employed } from '../../worker/negotiation/seats.ts';
import type { Words } from '../words/index.ts';
import { CommandForm, SelectField } from './fields.tsx';
import { type Filled, formFor, type View } from './view.ts';

/** Who of the lender's people sees to a case, in a line. */
export function AssigneeLine({ assignment: { name, team }, words }: { assignment: Assignment; words: Words }) {
  const { assignment: say } = words;
  return (
    <>
      {say.title}
      {words.colon}
      {name === null ? <span class="soft">{say.nobody}</span> : <strong>{name}</strong>}
      {team === null ? null : <span class="soft"> · {team}</span>}
    </>
  );
}

/** The same on the page of a case: what is nobody's is taken in one press. */
export function Assignee({ view, id, own, kase, situation }: { view: View; id: string; own: Own; kase: Case; situation: Context }) {
  const { words } = view;
  const { assign } = commands;
  const may = offered(kase, assign, situation);
  return (
    <>
      <p>
        <AssigneeLine assignment={own.assignment} words={words} />
      </p>
      {may ? (
        <div class="actions">
          {own.assignment.to === null ? (
            <CommandForm view={view} caseId={id} command={assign.name} form={{ ...formFor(view, assign.name), scope: 'take' }}>
              <input type="hidden" name="to" value={situation.seat.account} />
              <button type="submit">{words.assignment.take}</button>
            </CommandForm>
          ) : null}
          <a class="button" href={`/cases/${id}/assign`}>
            {words.assignment.change}
          </a>
        </div>
      ) : null}
    </>
  );
}

/** To whom a case can go, as a form names them, each with how they are read. */
export function recipients(
  { people, teams, nobody }: { people: readonly Employed[]; teams: readonly string[]; nobody: boolean },
  words: Words,
): Map<string, string> {
  const { assignment: say } = words;
  return new Map([
    ...people.map(
      ({ account, name, capacity, team }) => [account, [name, words.capacity[capacity], team].filter(Boolean).join(' · ')] as const,
    ),
    ...teams.map((team) => [TO_TEAM + team, say.toTeam({ team })] as const),
    ...(nobody ? [[TO_NOBODY, say.toNobody] as const] : []),
  ]);
}

type Recipients = { form: Filled; names: ReadonlyMap<string, string>; blank?: string; words: Words };

/** The field in which one of them is chosen. */
export function RecipientField({ names, words, ...rest }: Recipients) {
  const options = [...names.keys()];
  return <SelectField {...rest} words={words} name="to" label={words.assignment.to} options={options} text={(to) => names.get(to) ?? to} />;
}
