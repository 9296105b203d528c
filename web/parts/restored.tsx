import type { Case } from '../../worker/negotiation/case.ts';
import { dayText } from '../words/index.ts';
import type { Shown } from './entry.tsx';
import type { View } from './view.ts';

/** That the record was set back on purpose, as long as the case is there, with the way to what it says of that. */
export function Restored({ view, id, kase, entries }: { view: View; id: string; kase: Case; entries: readonly Shown[] }) {
  const last = kase.restorations.at(-1);
  if (!last) return null;
  const { seq, at } = last;
  const { words } = view;
  const isHere = entries.some((entry) => entry.seq === seq);
  return (
    <p class="notice warn">
      {words.case.restored({ date: dayText(words, at) })}{' '}
      <a href={isHere ? `#e${seq}` : `/cases/${id}?before=${seq + 1}#e${seq}`}>{words.case.receipt(seq)}</a>
    </p>
  );
}
