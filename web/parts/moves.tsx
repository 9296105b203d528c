import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { endDay, type Move, movable, commands as move, movesLeft } from '../../worker/negotiation/moves.ts';
import { fromTo } from '../telling/moves.ts';
import { instalmentName } from '../telling/schedule.ts';
import { dateText, money } from '../words/index.ts';
import { AreaField, CommandForm, DateField, SelectField, Submit } from './fields.tsx';
import { FromTemplate } from './template.tsx';
import { formFor, moveId, type View } from './view.ts';

/** Instalments that are moved: asking for it, answering, and what was moved, always with both days. */

type Props = { view: View; id: string; kase: Case; situation: Context };

export function Moves(props: Props) {
  const { view, kase, situation } = props;
  const { words } = view;
  const moves = kase.moves.filter(({ version, state }) => version === kase.agreement?.version && state !== 'lapsed');
  const asks = offered(kase, move.ask, situation);
  if (moves.length === 0 && !asks) return null;
  return (
    <section class="stack" id="moves" aria-labelledby="moves-title">
      <h2 id="moves-title">{moves.length > 0 ? words.move.list : words.move.title}</h2>
      {moves.length > 0 ? (
        <ul class="list">
          {moves.toReversed().map((one) => (
            <MoveItem {...props} one={one} />
          ))}
        </ul>
      ) : null}
      {asks ? <Ask {...props} /> : null}
    </section>
  );
}

function MoveItem({ view, id, kase, situation, one }: Props & { one: Move }) {
  const { words } = view;
  const { move: say } = words;
  const hidden = { asked: one.seq };
  const decline = formFor(view, 'move.decline', hidden);
  return (
    <li id={moveId(one.seq)} tabindex={-1}>
      <div class="item">
        <span>
          {fromTo(one, words)}
          {one.state === 'granted' ? <span class="soft small"> {say.how[one.atOnce ? 'atOnce' : 'granted']}</span> : null}
        </span>
        <span class="end">
          <span class={`tag ${TAGS[one.state]}`}>{one.state === 'lapsed' ? '' : say.state[one.state]}</span>
        </span>
      </div>
      <p class="said">{one.words}</p>
      {one.state === 'asked' && offered(kase, move.grant, situation) ? (
        <div class="item actions">
          <CommandForm view={view} caseId={id} command="move.grant" form={formFor(view, 'move.grant', hidden)} hidden={hidden}>
            <button type="submit" class="primary">
              {say.grant}
            </button>
          </CommandForm>
          <details open={decline.again}>
            <summary>{say.decline}</summary>
            <CommandForm view={view} caseId={id} command="move.decline" form={decline} hidden={hidden}>
              <AreaField form={decline} words={words} name="words" label={say.declineWords} most={2000} rows={2} />
              <p>
                <button type="submit">{say.decline}</button>{' '}
                <FromTemplate id={id} command="move.decline" side={situation.seat.side} form={decline} words={words} />
              </p>
            </CommandForm>
          </details>
        </div>
      ) : null}
    </li>
  );
}

/** How the tags look that say how far a request has come. */
const TAGS: Record<Move['state'], string> = { asked: 'reported', granted: 'confirmed', declined: 'declined', lapsed: '' };

function Ask({ view, id, kase }: Props) {
  const { words } = view;
  const { move: say } = words;
  const form = formFor(view, 'move.ask');
  const rows = movable(kase);
  const atOnce = movesLeft(kase);
  const field = { form, words };
  const days = ['day', 'end'] as const;
  return (
    <details open={form.again}>
      <summary>{say.title}</summary>
      <CommandForm view={view} caseId={id} command="move.ask" form={form}>
        <p class="hint">
          {say.hint} {atOnce ? say.atOnce(atOnce) : say.asked}
        </p>
        <SelectField
          {...field}
          name="no"
          label={say.which}
          options={rows.map(({ no }) => String(no))}
          text={(one) => {
            const row = rows.find(({ no }) => String(no) === one);
            const amount = money((row?.payment ?? 0) - (row?.paid ?? 0));
            return row ? say.row({ name: instalmentName(row.no ?? 0, words), date: dateText(words, row.due), amount }) : '';
          }}
        />
        <SelectField
          {...field}
          name="by"
          label={say.by}
          options={days}
          text={(one) => (one === 'end' ? say.end({ date: dateText(words, endDay(kase)) }) : say.another)}
        />
        <DateField {...field} name="to" label={say.to} optional />
        <AreaField {...field} name="words" label={say.words} most={2000} rows={2} />
        <Submit>{say.send}</Submit>
      </CommandForm>
    </details>
  );
}
