import { money, parseAmount } from '../../worker/plan/amount.ts';
import { upperAmount } from '../../worker/plan/upper.ts';

/** What an amount is read as stands below its field while it is typed, as the server shows it when the page comes again. */

for (const field of document.querySelectorAll<HTMLInputElement>('[data-amount]')) {
  const read = document.getElementById(`${field.id}-read`);
  const shown = read?.parentElement?.querySelector<HTMLInputElement>('[name="shown[]"]');
  if (!read || !shown) continue;
  field.addEventListener('input', () => {
    const fen = parseAmount(field.value);
    const figures: Record<string, string> = fen === null ? {} : { amount: money(fen), upper: upperAmount(fen) };
    read.textContent = fen ? (read.dataset.template ?? '').replace(/\{(\w+)\}/g, (_, name: string) => figures[name] ?? '') : '';
    shown.value = fen === null ? '' : String(fen);
  });
}
