/** Packages that bring no types, as far as the tests and benchmarks use them. */
declare module 'xirr' {
  export default function xirr(flows: { amount: number; when: Date }[]): number;
}
declare module 'loanjs' {
  export class Loan {
    constructor(amount: number, instalments: number, interestRate: number, diminishing?: boolean);
    installments: { capital: number; interest: number; installment: number }[];
  }
}
declare module 'amortizejs' {
  export const Calculator: {
    calculate(options: { method: string; apr: number; balance: number; loanTerm: number; startDate: Date }): {
      schedule: { principal: number }[];
    };
  };
}
