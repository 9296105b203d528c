import { built, fieldsOf, isWhole } from '../../worker/negotiation/shape.ts';
import { typed } from '../../worker/negotiation/typed.ts';
import { money } from '../../worker/plan/amount.ts';
import { type MeansTotals, meansTotals } from '../../worker/plan/means.ts';
import type { LinesOfMonth, LiveMonth } from '../parts/means.tsx';

/** What the month comes to, as it is filled in: read and worked out by the worker's own modules, and said in its own words. */

const card = document.querySelector<HTMLElement>('[data-month]');
const form = card?.closest('form');

/** Where a line cannot be read yet, the last figures stay: a sum without it would be no sum of what is there. */
function follow(of: HTMLFormElement, shown: HTMLElement, { shape, reserve, hint, negative }: LiveMonth): void {
  const lines = built(shape, 'means', fieldsOf(typed(new FormData(of))));
  if (!isWhole<LinesOfMonth>(shape, lines)) return;
  const totals = meansTotals({ ...lines, reserve });
  shown.hidden = lines.incomes.length + lines.expenses.length + lines.otherDebts.length === 0;
  for (const figure of shown.querySelectorAll<HTMLElement>('[data-total]')) {
    const name = figure.dataset.total ?? '';
    if (isTotal(name, totals)) figure.textContent = money(totals[name]);
  }
  const said = shown.querySelector('.hint');
  if (said) said.textContent = totals.disposable <= 0 ? negative : hint;
}

const isTotal = (name: string, totals: MeansTotals): name is keyof MeansTotals => name in totals;

if (card && form) {
  const live: LiveMonth = JSON.parse(card.dataset.month ?? '{}');
  form.addEventListener('input', () => follow(form, card, live));
}
