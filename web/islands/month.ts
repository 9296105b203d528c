import { money, parseAmount } from '../../worker/plan/amount.ts';
import { meansTotals } from '../../worker/plan/means.ts';
import type { MeansLine, Reserve } from '../../worker/plan/terms.ts';

/** What the month comes to, as it is filled in: by the worker's own modules and in its own words. */

type Live = { reserve: Reserve; hint: string; negative: string };

const card = document.querySelector<HTMLElement>('[data-month]');
const form = card?.closest('form');

function linesIn(of: HTMLFormElement, group: string): MeansLine[] {
  const lines: MeansLine[] = [];
  for (let i = 0; ; i++) {
    const field = (part: string) => of.elements.namedItem(`means.${group}.${i}.${part}`);
    const amount = field('amount');
    if (!(amount instanceof HTMLInputElement)) return lines;
    const every = field('every');
    const often = every instanceof HTMLSelectElement ? every.value : 'month';
    const fen = parseAmount(amount.value) ?? 0;
    if (fen > 0) lines.push({ kind: group, amount: fen, every: often as 'month' });
  }
}

function follow(of: HTMLFormElement, shown: HTMLElement): void {
  const live: Live = JSON.parse(shown.dataset.month ?? '{}');
  const lines = { incomes: linesIn(of, 'incomes'), expenses: linesIn(of, 'expenses'), otherDebts: linesIn(of, 'otherDebts') };
  const totals = meansTotals({ ...lines, reserve: live.reserve });
  shown.hidden = lines.incomes.length + lines.expenses.length + lines.otherDebts.length === 0;
  for (const figure of shown.querySelectorAll<HTMLElement>('[data-total]')) {
    const fen = totals[figure.dataset.total as keyof typeof totals];
    figure.textContent = money(fen);
  }
  const hint = shown.querySelector('.hint');
  if (hint) hint.textContent = totals.disposable <= 0 ? live.negative : live.hint;
}

if (card && form) form.addEventListener('input', () => follow(form, card));
