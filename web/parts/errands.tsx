import type { Case, Own } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands, type Errand, lateness, waitingErrands } from '../../worker/negotiation/errand.ts';
import { may } from '../../worker/negotiation/seats.ts';
import { dateText, type Words } from '../words/index.ts';
import { CommandForm } from './fields.tsx';
import { formFor, LIST, type View } from './view.ts';

/** What the lender's people ask of each other in a case. */

type Props = { view: View; id: string; own: Own; kase: Case; situation: Context };

/** Things that are named on the page of the case; of more, there is a page. */
const SHOWN = 5;

/** What one is, and by which day: a task that is due stands out. `gone`: whose it was has left. */
export function ErrandText({ errand, today, gone = false, words }: { errand: Errand; today: string; gone?: boolean; words: Words }) {
  const { errands: say } = words;
  const late = errand.kind === 'task' && !errand.done ? lateness(errand.on, today) : 'later';
  if (errand.kind === 'mention')
    return (
      <span>
        {say.mentionOf(errand)}
        {gone ? <span class="soft small"> {say.gone}</span> : null}
      </span>
    );
  return (
    <>
      <span class="said">{errand.what}</span>
      <br />
      <span class="soft small">
        {late === 'later' ? null : <span class={late === 'overdue' ? 'tag late' : 'tag'}>{say.late[late]}</span>}{' '}
        {say.by({ date: dateText(words, errand.on) })} · {say.taskOf(errand)}
        {gone ? ` ${say.gone}` : null}
      </span>
    </>
  );
}

/** One that waits, with what whoever looks can do about it. `list`: from the list of which lender's desk they came. */
export function WaitingErrand({
  view,
  id,
  kase,
  situation,
  errand,
  gone,
  list,
}: Omit<Props, 'own'> & { errand: Errand; gone?: boolean; list?: string | undefined }) {
  const { words } = view;
  const { errands: say } = words;
  const isTask = errand.kind === 'task';
  const { name } = isTask ? commands.finish : commands.see;
  const hidden = isTask ? { task: errand.no } : { mention: errand.no };
  const { seat, at } = situation;
  const isTheirs = isTask || errand.to === seat.account || (gone && may(seat, 'reassign', at));
  return (
    <div class="item" id={`errand-${errand.no}`}>
      <span>
        <ErrandText errand={errand} today={situation.today} gone={gone ?? false} words={words} />
        {isTask ? null : (
          <>
            <br />
            <a class="small" href={`/cases/${id}/own?before=${errand.note + 1}#o${errand.note}`}>
              {say.what}
            </a>
          </>
        )}
      </span>
      {isTheirs && offered(kase, isTask ? commands.finish : commands.see, situation) ? (
        <div class="end">
          <CommandForm
            view={view}
            caseId={id}
            command={name}
            form={formFor(view, name, hidden)}
            hidden={{ ...hidden, ...(list ? { [LIST]: list } : {}) }}
          >
            <button type="submit" aria-label={isTask ? say.finishOf(errand) : say.seeOf({ name: errand.by })}>
              {isTask ? say.finish : say.see}
            </button>
          </CommandForm>
        </div>
      ) : null}
    </div>
  );
}

/** On the page of the case: what waits, the soonest first, and the way to ask somebody. */
export function ErrandsHere({ view, id, own, kase, situation }: Props) {
  const { words } = view;
  const waiting = waitingErrands(own);
  return (
    <>
      {waiting.length > 0 ? (
        <ul class="list">
          {waiting.slice(0, SHOWN).map((errand) => (
            <li>
              <WaitingErrand view={view} id={id} kase={kase} situation={situation} errand={errand} />
            </li>
          ))}
        </ul>
      ) : null}
      <p>
        <a href={`/cases/${id}/errands`}>
          {offered(kase, commands.set, situation) ? words.errands.link : words.errands.title}
          {waiting.length > SHOWN ? ` (${waiting.length})` : ''}
        </a>
      </p>
    </>
  );
}
