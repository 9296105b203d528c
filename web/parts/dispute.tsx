import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { disputeOf, heldUntil, isHeld } from '../../worker/negotiation/dispute.ts';
import { dayText, type Words } from '../words/index.ts';
import { complaintId, type View } from './view.ts';

/** What is in dispute by a complaint, marked where it stands. */

/** Beside a figure: that it is in dispute, and the complaint that says so. */
export function DisputedMark({ kase, of, id, words }: { kase: Case; of: string | number; id: string; words: Words }) {
  const by = disputeOf(kase, of);
  if (by === null) return null;
  return (
    <a href={`/cases/${id}/complaints#${complaintId(by)}`} aria-label={words.complaint.disputedBy({ seq: by })}>
      <span class="tag disputed">{words.complaint.disputed}</span>
    </a>
  );
}

/** That reminders and arrears wait while the debt is in dispute. */
export function HeldNotice({ view, id, kase, situation }: { view: View; id: string; kase: Case; situation: Context }) {
  const { words } = view;
  if (!isHeld(kase, situation)) return null;
  const until = heldUntil(kase, situation.zone);
  return (
    <p class="notice warn">
      {until === 'open' || until === null ? words.complaint.held : words.complaint.heldUntil({ date: dayText(words, until) })}{' '}
      <a href={`/cases/${id}/complaints`}>{words.complaint.link}</a>
    </p>
  );
}
