import type { View } from './view.ts';

/** The way back to the case that a page belongs to. */
export function Crumb({ view, id, number }: { view: View; id: string; number: string }) {
  return (
    <p class="crumb">
      <a href={`/cases/${id}`}>← {view.words.case.title(number)}</a>
    </p>
  );
}
