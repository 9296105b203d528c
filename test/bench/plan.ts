/** Schedules and annual rates beside the npm packages that do the same work, and how cost grows with the number of instalments. */
import { Calculator } from 'amortizejs';
import { ipmt, pmt, ppmt } from 'financial';
import { Loan } from 'loanjs';
import xirr from 'xirr';
import { annualRatePpm } from '../../worker/plan/annual-rate.ts';
import { daysBetween } from '../../worker/plan/calendar.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { compare } from './table.ts';

const debt: Debt = { asOf: '2026-01-01', currency: 'CNY', principal: 10_000_000, interest: 0, penalty: 0, fees: 0 };
const terms = (count: number): Terms => ({
  start: '2026-01-01',
  firstDue: '2026-02-01',
  every: 'month',
  rate: { per: 'year', ppm: 120_000 },
  interestOn: 'principal',
  dayCount: 'period',
  waive: {},
  upfront: null,
  phases: [{ kind: 'level', count }],
});
const worked = (count: number) => schedule(debt, terms(count)) as Schedule;

const startDate = new Date('2026-01-01');
const byFinancial = () => {
  const rows = [];
  const payment = pmt(0.01, 36, 100_000);
  for (let no = 1; no <= 36; no++) rows.push({ payment, interest: ipmt(0.01, no, 36, 100_000), principal: ppmt(0.01, no, 36, 100_000) });
  return rows;
};

/** What a schedule of ours says, by loanjs and xirr together: rows with their due dates, and the effective annual rate. */
const bySeveral = () => {
  const rows = new Loan(100_000, 36, 12).installments.map((row, i) => {
    const due = new Date(Date.UTC(2026, 1 + i, 1));
    return { ...row, due, text: due.toISOString().slice(0, 10) };
  });
  return {
    rows,
    rate: xirr([{ amount: -100_000, when: startDate }, ...rows.map(({ installment, due }) => ({ amount: installment, when: due }))]),
  };
};

compare(
  '36 level instalments with interest: 100,000.00 at 12 % a year',
  [
    { name: 'heyi (exact, dated, with the annual rate)', run: () => worked(36) },
    { name: 'loanjs 1.1 + xirr 1.1 (the same output, in floats)', run: bySeveral },
    { name: 'loanjs 1.1 (rows alone: no dates, no rate)', run: () => new Loan(100_000, 36, 12) },
    { name: 'amortizejs 1.0', run: () => Calculator.calculate({ method: 'mortgage', apr: 12, balance: 100_000, loanTerm: 36, startDate }) },
    { name: 'financial 0.2 (pmt, ipmt, ppmt: rows alone)', run: byFinancial },
  ],
  `Principal parts add up to: heyi ${worked(36).rows.reduce((sum, { principal }) => sum + principal, 0) / 100}, loanjs ${new Loan(100_000, 36, 12).installments.reduce((sum, { capital }) => sum + capital, 0)}.`,
);

const plan = worked(36);
const days = plan.rows.map(({ due }) => daysBetween('2026-01-01', due));
const flows = [
  { amount: -10_000_000, when: startDate },
  ...plan.rows.map(({ payment, due }) => ({ amount: payment, when: new Date(due) })),
];
compare('annual rate of those 36 payments', [
  { name: 'heyi', run: () => annualRatePpm(plan.rows, days, 10_000_000) },
  { name: 'xirr 1.1', run: () => xirr(flows) },
]);

compare(
  'growth: level instalments',
  [12, 36, 60, 120, 240, 360, 600].map((count) => ({ name: `${count} instalments`, run: () => worked(count) })),
);
