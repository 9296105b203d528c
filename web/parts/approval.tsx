import { type Approval, approvable, waitingApprovals } from '../../worker/negotiation/approval.ts';
import type { Case, Own } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { isRefused } from '../../worker/negotiation/refusal.ts';
import { may } from '../../worker/negotiation/seats.ts';
import { excessLine } from '../telling/approval.ts';
import { momentText, type Words } from '../words/index.ts';

/** What goes beyond somebody's authority: sending it to who may approve it, and what of it waits. */

/** Whether a command, valid in itself, goes beyond the authority of the seat, which may send it for approval. */
export function isBeyond(name: string, kase: Case, input: unknown, situation: Context): boolean {
  const decision = may(situation.seat, 'ask', situation.at) ? approvable(name)?.decide(kase, input, situation) : undefined;
  return decision !== undefined && isRefused(decision) && decision.refused.code === 'authority.exceeded';
}

const HOUR = 3_600_000;

/** For how long something has waited. */
export function ageText(since: string, at: string, { approval: say }: Words): string {
  const hours = Math.max(0, Math.floor((Date.parse(at) - Date.parse(since)) / HOUR));
  return say.age({ days: Math.floor(hours / 24), hours });
}

/** One request in a list: what is asked, how far it goes, who asks, for how long it has waited. */
export function RequestItem({ id, asked, moved, at, name, words }: ItemProps) {
  const { approval: say } = words;
  return (
    <li>
      <a href={`/cases/${id}/approvals/${asked.seq}`}>
        <span>
          <strong>{name ?? say.requestOf({ name: asked.by.name, act: say.of[asked.command] })}</strong>{' '}
          {moved ? <span class="tag disputed">{say.moved}</span> : null}
        </span>
        {name === undefined ? null : <span class="small across">{say.requestOf({ name: asked.by.name, act: say.of[asked.command] })}</span>}
        <span class="small across">{excessLine(asked.excess, words)}</span>
        <span class="soft small across">{say.since({ moment: momentText(words, asked.at), age: ageText(asked.at, at, words) })}</span>
      </a>
    </li>
  );
}

type ItemProps = { id: string; asked: Approval; moved: boolean; at: string; name?: string; words: Words };

/** What waits in a case, where its own side looks. */
export function WaitingHere({
  id,
  own,
  moved,
  at,
  words,
}: Omit<ItemProps, 'asked' | 'moved' | 'name'> & { own: Own; moved: (asked: Approval) => boolean }) {
  const waiting = waitingApprovals(own);
  if (waiting.length === 0) return null;
  return (
    <>
      <h3>{words.approval.waiting(waiting.length)}</h3>
      <ul class="list">
        {waiting.map((asked) => (
          <RequestItem id={id} asked={asked} moved={moved(asked)} at={at} words={words} />
        ))}
      </ul>
    </>
  );
}
