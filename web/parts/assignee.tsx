import { type Assignment, commands } from '../../worker/negotiation/assignment.ts';
import type { Case, Own } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import type { Words } from '../words/index.ts';
import { CommandForm } from './fields.tsx';
import { formFor, type View } from './view.ts';

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
