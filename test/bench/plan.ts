/** Schedules and annual rates beside the npm packages that do the same work, and how cost grows with the number of instalments. */
import { Calculator } from 'amortizejs';
import { ipmt, pmt, ppmt } from 'financial';
import { Loan } from 'loanjs';
import xirr from 'xirr';
import { annualRatePpm } from '../../worker/plan/annual-rate.ts';
import { dayNumber } from '../../worker/plan/calendar.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { compare } from './table.ts';

/** Different principals in turn (100,000.00 and up), as each rival is luckier with some than with others. */
const PRINCIPALS = Array.from({ length: 64 }, (_, i) => 10_000_000 + i * 123_457);
const debts = PRINCIPALS.map((principal): Debt => ({ asOf: '2026-01-01', currency: 'CNY', principal, interest: 0, penalty: 0, fees: 0 }));
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
let turn = 0;
const next = () => turn++ % PRINCIPALS.length;
const yuan = () => (PRINCIPALS[next()] as number) / 100;
const worked = (term: Terms) => schedule(debts[next()] as Debt, term) as Schedule;
const [byPeriod, byDays] = [terms(36), { ...terms(36), dayCount: 'actual/365' as const }];

const startDate = new Date('2026-01-01');
const byFinancial = () => {
  const amount = yuan();
  const rows = [];
  const payment = pmt(0.01, 36, amount);
  for (let no = 1; no <= 36; no++) rows.push({ payment, interest: ipmt(0.01, no, 36, amount), principal: ppmt(0.01, no, 36, amount) });
  return rows;
};

/** What a schedule of ours says, by loanjs and xirr together: rows with their due dates, and the effective annual rate. */
const bySeveral = () => {
  const amount = yuan();
  const rows = new Loan(amount, 36, 12).installments.map((row, i) => {
    const due = new Date(Date.UTC(2026, 1 + i, 1));
    return { ...row, due, text: due.toISOString().slice(0, 10) };
  });
  return {
    rows,
    rate: xirr([{ amount: -amount, when: startDate }, ...rows.map(({ installment, due }) => ({ amount: installment, when: due }))]),
  };
};

const whole = schedule(debts[0] as Debt, byPeriod) as Schedule;
compare(
  '36 level instalments with interest: 100,000.00 and up at 12 % a year',
  [
    { name: 'heyi (exact, dated, with the annual rate)', run: () => worked(byPeriod) },
    { name: 'heyi, days counted (actual/365)', run: () => worked(byDays) },
    { name: 'loanjs 1.1 (rows alone: no dates, no rate)', run: () => new Loan(yuan(), 36, 12) },
    { name: 'loanjs 1.1 + xirr 1.1 (the same output, in floats)', run: bySeveral },
    { name: 'amortizejs 1.0', run: () => Calculator.calculate({ method: 'mortgage', apr: 12, balance: yuan(), loanTerm: 36, startDate }) },
    { name: 'financial 0.2 (pmt, ipmt, ppmt: rows alone)', run: byFinancial },
  ],
  `Principal parts add up to: heyi ${whole.rows.reduce((sum, { principal }) => sum + principal, 0) / 100}, loanjs ${new Loan(100_000, 36, 12).installments.reduce((sum, { capital }) => sum + capital, 0)}.`,
);

const days = whole.rows.map(({ due }) => dayNumber(due));
const flows = [
  { amount: -10_000_000, when: startDate },
  ...whole.rows.map(({ payment, due }) => ({ amount: payment, when: new Date(due) })),
];
const start = dayNumber('2026-01-01');
compare('annual rate of those 36 payments, from no guess', [
  { name: 'heyi', run: () => annualRatePpm(whole.rows, days, start, 10_000_000) },
  { name: 'xirr 1.1', run: () => xirr(flows) },
]);

compare(
  'growth: level instalments',
  [12, 36, 60, 120, 240, 360, 600].map((count) => {
    const term = terms(count);
    return { name: `${count} instalments`, run: () => worked(term) };
  }),
);
