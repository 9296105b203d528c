import type { Context } from '../../worker/negotiation/command.ts';
import type { Case } from '../../worker/negotiation/entry.ts';
import { appointmentStands } from '../../worker/negotiation/representation.ts';
import { dateText, type Words } from '../words/index.ts';

/** Who acts for the borrower: to a representative, what they may do here themselves; to everybody else, who it is. */
export function ActingFor({ id, kase, situation, words }: { id: string; kase: Case; situation: Context; words: Words }) {
  const { representation: say } = words;
  const { seat, at } = situation;
  const own = kase.representatives.find(({ seq }) => seq === seat.for?.authority);
  const acting = kase.representatives.filter((one) => one.state === 'acting' && appointmentStands(one, at));
  const text = own
    ? say.youAct({ name: kase.borrowerName ?? '', scope: say.scopeOf[own.scope], until: dateText(words, own.until) })
    : acting.length > 0
      ? say.theyAct({ names: acting.map(({ name, scope }) => say.actor({ name, scope: say.scopeOf[scope] })).join(words.comma) })
      : null;
  if (text === null) return null;
  return (
    <p class="notice">
      {text} <a href={`/cases/${id}/representatives`}>{say.title}</a>
    </p>
  );
}
