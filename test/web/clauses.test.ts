import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clauses, clausesOf, furtherClauses, planClauses } from '../../web/telling/clauses.ts';
import { dateText, money, wordsOf } from '../../web/words/index.ts';
import type { Conditions } from '../../worker/negotiation/conditions.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Row, schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Phase, Terms } from '../../worker/plan/terms.ts';
import { plans } from '../plan/arbitraries.ts';

/** What an agreement says, word for word: each clause, of every kind of phase, in both languages. */

const debt: Debt = { asOf: '2026-11-24', currency: 'CNY', principal: 240_000, interest: 30_000, penalty: 20_000, fees: 0 };
const terms = (rest: Partial<Terms>) => plainTerms('2026-11-24', rest);
const interest = { rate: { per: 'year' as const, ppm: 36_000 } };

/** What one phase says among offers, letters and clauses. */
const phrase = (language: 'zh' | 'en', phase: Phase, rest: Partial<Terms> = {}) =>
  clausesOf(terms({ ...rest, phases: [phase] }), wordsOf(language), debt);

describe('each kind of phase, by month, by two weeks, by week, once and many times', () => {
  test.each<[Phase, Terms['every'], string, string]>([
    [{ kind: 'fixed', amount: 90_000, count: 3 }, 'month', '每月还 ¥900.00，共 3 期', '3 monthly payments of ¥900.00 each'],
    [{ kind: 'fixed', amount: 90_000, count: 1 }, 'month', '每月还 ¥900.00，共 1 期', '1 monthly payment of ¥900.00'],
    [{ kind: 'fixed', amount: 45_050, count: 6 }, 'fortnight', '每两周还 ¥450.50，共 6 期', '6 two-weekly payments of ¥450.50 each'],
    [{ kind: 'fixed', amount: 45_050, count: 1 }, 'fortnight', '每两周还 ¥450.50，共 1 期', '1 two-weekly payment of ¥450.50'],
    [{ kind: 'fixed', amount: 20_000, count: 12 }, 'week', '每周还 ¥200.00，共 12 期', '12 weekly payments of ¥200.00 each'],
    [{ kind: 'fixed', amount: 20_000, count: 1 }, 'week', '每周还 ¥200.00，共 1 期', '1 weekly payment of ¥200.00'],
    [{ kind: 'fixed', amount: 90_000 }, 'month', '每月还 ¥900.00，直到还清', 'monthly payments of ¥900.00 each until all is paid'],
    [{ kind: 'fixed', amount: 90_000 }, 'fortnight', '每两周还 ¥900.00，直到还清', 'two-weekly payments of ¥900.00 each until all is paid'],
    [{ kind: 'fixed', amount: 90_000 }, 'week', '每周还 ¥900.00，直到还清', 'weekly payments of ¥900.00 each until all is paid'],
    [{ kind: 'level', count: 36 }, 'month', '每月等额还款，共 36 期还清', '36 equal monthly payments until all is paid'],
    [{ kind: 'level', count: 36 }, 'fortnight', '每两周等额还款，共 36 期还清', '36 equal two-weekly payments until all is paid'],
    [{ kind: 'level', count: 36 }, 'week', '每周等额还款，共 36 期还清', '36 equal weekly payments until all is paid'],
    [{ kind: 'level', count: 1 }, 'month', '1 期还清剩余', '1 monthly payment of all that is left'],
    [
      { kind: 'even-principal', count: 12 },
      'month',
      '每月还等额本金和当期应付息费，共 12 期还清',
      '12 monthly payments of equal parts of the principal, each with the interest and charges then due',
    ],
    [
      { kind: 'even-principal', count: 2 },
      'week',
      '每周还等额本金和当期应付息费，共 2 期还清',
      '2 weekly payments of equal parts of the principal, each with the interest and charges then due',
    ],
    [{ kind: 'interest-only', count: 3 }, 'month', '每月只还当期利息，共 3 期', '3 monthly payments of the interest alone'],
    [{ kind: 'interest-only', count: 1 }, 'fortnight', '每两周只还当期利息，共 1 期', '1 two-weekly payment of the interest alone'],
    [{ kind: 'rest' }, 'month', '一次还清剩余', 'all the rest at once'],
  ])('%j by %s', (phase, every, zh, en) => {
    expect(phrase('zh', phase, { every })).toEqual([zh]);
    expect(phrase('en', phase, { every })).toEqual([en]);
  });

  test.each<[number, Terms['every'], 'runs' | 'waived', Partial<Terms>, string, string]>([
    [
      1,
      'month',
      'waived',
      interest,
      '宽限 1 个月（2026年11月24日至2026年12月24日），期间免息',
      'a pause of 1 month (24 Nov 2026 to 24 Dec 2026), free of interest',
    ],
    [
      3,
      'month',
      'waived',
      interest,
      '宽限 3 个月（2026年11月24日至2027年2月24日），期间免息',
      'a pause of 3 months (24 Nov 2026 to 24 Feb 2027), free of interest',
    ],
    [
      3,
      'month',
      'runs',
      interest,
      '宽限 3 个月（2026年11月24日至2027年2月24日），期间照常计息',
      'a pause of 3 months (24 Nov 2026 to 24 Feb 2027), in which interest runs on',
    ],
    [
      1,
      'fortnight',
      'runs',
      { ...interest, firstDue: '2026-12-08' },
      '宽限 2 周（2026年11月24日至2026年12月8日），期间照常计息',
      'a pause of 2 weeks (24 Nov 2026 to 8 Dec 2026), in which interest runs on',
    ],
    [
      3,
      'fortnight',
      'waived',
      { ...interest, firstDue: '2026-12-08' },
      '宽限 6 周（2026年11月24日至2027年1月5日），期间免息',
      'a pause of 6 weeks (24 Nov 2026 to 5 Jan 2027), free of interest',
    ],
    [
      1,
      'week',
      'waived',
      { ...interest, firstDue: '2026-12-01' },
      '宽限 1 周（2026年11月24日至2026年12月1日），期间免息',
      'a pause of 1 week (24 Nov 2026 to 1 Dec 2026), free of interest',
    ],
    [
      5,
      'week',
      'runs',
      { ...interest, firstDue: '2026-12-01' },
      '宽限 5 周（2026年11月24日至2026年12月29日），期间照常计息',
      'a pause of 5 weeks (24 Nov 2026 to 29 Dec 2026), in which interest runs on',
    ],
    // Where none runs at all, it does not "run on".
    [3, 'month', 'runs', {}, '宽限 3 个月（2026年11月24日至2027年2月24日）', 'a pause of 3 months (24 Nov 2026 to 24 Feb 2027)'],
    [
      3,
      'month',
      'waived',
      {},
      '宽限 3 个月（2026年11月24日至2027年2月24日），期间免息',
      'a pause of 3 months (24 Nov 2026 to 24 Feb 2027), free of interest',
    ],
    // The first due date is further away than a period, or nearer: the pause is longer or shorter than its due dates would be by themselves.
    [
      3,
      'month',
      'waived',
      { firstDue: '2027-03-24' },
      '宽限 3 期（2026年11月24日至2027年5月24日），期间免息',
      'a pause of 3 due dates (24 Nov 2026 to 24 May 2027), free of interest',
    ],
    [
      1,
      'month',
      'runs',
      { ...interest, firstDue: '2027-03-24' },
      '宽限 1 期（2026年11月24日至2027年3月24日），期间照常计息',
      'a pause of 1 due date (24 Nov 2026 to 24 Mar 2027), in which interest runs on',
    ],
    [
      2,
      'fortnight',
      'waived',
      { firstDue: '2027-01-24' },
      '宽限 2 期（2026年11月24日至2027年2月7日），期间免息',
      'a pause of 2 due dates (24 Nov 2026 to 7 Feb 2027), free of interest',
    ],
    [
      2,
      'week',
      'waived',
      { firstDue: '2026-11-25' },
      '宽限 2 期（2026年11月24日至2026年12月2日），期间免息',
      'a pause of 2 due dates (24 Nov 2026 to 2 Dec 2026), free of interest',
    ],
    // A payment up front comes before it.
    [
      2,
      'month',
      'waived',
      { upfront: { due: '2026-12-01', amount: 1 } },
      '宽限 2 期（2026年12月1日至2027年1月24日），期间免息',
      'a pause of 2 due dates (1 Dec 2026 to 24 Jan 2027), free of interest',
    ],
  ])('a pause of %i by %s whose interest %s: %j', (count, every, runs, rest, zh, en) => {
    const pause: Phase = { kind: 'pause', count, interest: runs };
    expect([phrase('zh', pause, { ...rest, every }).at(-1), phrase('en', pause, { ...rest, every }).at(-1)]).toEqual([zh, en]);
  });

  test.each<[Terms['every'], string, string]>([
    [
      'month',
      '宽限 2 个月（2027年5月24日至2027年7月24日），期间免息',
      'a pause of 2 months (24 May 2027 to 24 Jul 2027), free of interest',
    ],
    [
      'fortnight',
      '宽限 4 周（2027年4月21日至2027年5月19日），期间免息',
      'a pause of 4 weeks (21 Apr 2027 to 19 May 2027), free of interest',
    ],
    ['week', '宽限 2 周（2027年4月7日至2027年4月21日），期间免息', 'a pause of 2 weeks (7 Apr 2027 to 21 Apr 2027), free of interest'],
  ])('a later pause by %s begins with the payment before it, however far away the first one is', (every, zh, en) => {
    const phases: Phase[] = [
      { kind: 'fixed', amount: 10_000, count: 3 },
      { kind: 'pause', count: 2, interest: 'waived' },
      { kind: 'rest' },
    ];
    const far = terms({ every, firstDue: '2027-03-24', phases });
    expect([clausesOf(far, wordsOf('zh'), debt)[1], clausesOf(far, wordsOf('en'), debt)[1]]).toEqual([zh, en]);
  });

  test('the last instalment of a fixed amount is said where it is smaller', () => {
    const last = (count: number, amount: number) => terms({ phases: [{ kind: 'fixed', amount, count }] });
    // 2,900.00 are owed.
    expect(clausesOf(last(4, 90_000), wordsOf('zh'), debt)).toEqual(['每月还 ¥900.00，共 4 期，最后一期 ¥200.00']);
    expect(clausesOf(last(4, 90_000), wordsOf('en'), debt)).toEqual(['4 monthly payments, each of ¥900.00 but the last, of ¥200.00']);
    expect(clausesOf(last(2, 145_000), wordsOf('zh'), debt)).toEqual(['每月还 ¥1,450.00，共 2 期']);
    expect(clausesOf(last(1, 300_000), wordsOf('zh'), debt)).toEqual(['每月还 ¥2,900.00，共 1 期']);
    expect(clauses(debt, last(4, 90_000), wordsOf('zh'))[2]).toContain('每月还 ¥900.00，共 4 期，最后一期 ¥200.00');
    expect(clauses(debt, last(4, 90_000), wordsOf('en'))[2]).toContain('each of ¥900.00 but the last, of ¥200.00');
  });

  test('waivers and a payment up front stand before the phases', () => {
    const whole = terms({
      waive: { penalty: 20_000, principal: 1 },
      upfront: { due: '2026-12-01', amount: 50_000 },
      phases: [{ kind: 'rest' }],
    });
    expect(clausesOf(whole, wordsOf('zh'), debt)).toEqual([
      '减免本金 ¥0.01',
      '减免罚息及违约金 ¥200.00',
      '2026年12月1日首付 ¥500.00',
      '一次还清剩余',
    ]);
    expect(clausesOf(whole, wordsOf('en'), debt)).toEqual([
      '¥0.01 of the principal waived',
      '¥200.00 of the penalty waived',
      '¥500.00 up front on 1 Dec 2026',
      'all the rest at once',
    ]);
  });
});

describe('the clauses of a plan', () => {
  const whole = terms({
    firstDue: '2026-12-25',
    rate: { per: 'year', ppm: 36_500 },
    waive: { penalty: 20_000 },
    upfront: { due: '2026-12-01', amount: 50_000 },
    phases: [{ kind: 'pause', count: 2, interest: 'waived' }, { kind: 'fixed', amount: 90_000, count: 2 }, { kind: 'rest' }],
  });

  test('all of the terms: rate, from when interest runs, and the first instalment that is paid', () => {
    expect(planClauses(whole, wordsOf('zh'), debt)).toEqual([
      '减免罚息及违约金 ¥200.00',
      '2026年12月1日首付 ¥500.00',
      '宽限 2 期（2026年12月1日至2027年1月25日），期间免息',
      '每月还 ¥900.00，共 2 期',
      '一次还清剩余',
      '第一期还款日 2027年2月25日',
      '自 2026年12月1日起，以剩余本金为基数，按年利率 3.65% 计息，每期不论实际天数，都按一年的十二分之一计算；约定免息的宽限期内不计息',
    ]);
    expect(planClauses(whole, wordsOf('en'), debt)).toEqual([
      '¥200.00 of the penalty waived',
      '¥500.00 up front on 1 Dec 2026',
      'a pause of 2 due dates (1 Dec 2026 to 25 Jan 2027), free of interest',
      '2 monthly payments of ¥900.00 each',
      'all the rest at once',
      'the first instalment falls due on 25 Feb 2027',
      'from 1 Dec 2026 interest runs at 3.65% a year on the principal left, each period counted, whatever its days, as a twelfth of a year; none runs in a pause that is free of interest',
    ]);
    expect(planClauses({ ...whole, rate: { per: 'year', ppm: 0 } }, wordsOf('zh'), debt).at(-1)).toBe('协议期间不再计收利息');
    expect(planClauses({ ...whole, rate: { per: 'year', ppm: 0 } }, wordsOf('en'), debt).at(-1)).toBe(
      'no interest runs during the agreement',
    );
  });

  test.each(['zh', 'en'] as const)('%s: whatever differs in the terms, the clauses differ', (language) => {
    const base = { ...whole, phases: whole.phases.slice(1), dayCount: 'actual/365' as const };
    const others: Partial<Terms>[] = [
      { start: '2026-11-25' },
      { firstDue: '2026-12-26' },
      { every: 'week' },
      { rate: { per: 'month', ppm: 36_500 } },
      { rate: { per: 'year', ppm: 36_501 } },
      { interestOn: 'balance' },
      { dayCount: 'actual/360' },
      { waive: { penalty: 20_001 } },
      { upfront: { due: '2026-12-02', amount: 50_000 } },
      { upfront: { due: '2026-12-01', amount: 50_001 } },
      { phases: [{ kind: 'level', count: 3 }] },
    ];
    const said = [base, ...others.map((rest) => ({ ...base, ...rest }))].map((one) => planClauses(one, wordsOf(language), debt).join('; '));
    expect(new Set(said).size).toBe(others.length + 1);
  });
});

describe('the clauses of an agreement', () => {
  const said = (agreed: Terms, language: 'zh' | 'en') => clauses(debt, agreed, wordsOf(language));

  test('three instalments of 900, the penalty waived, no interest: all eight', () => {
    const agreed = terms({ waive: { penalty: 20_000 }, phases: [{ kind: 'fixed', amount: 90_000, count: 3 }] });
    expect(said(agreed, 'zh')).toEqual([
      '截至 2026年11月24日，借款人共欠 ¥2,900.00（人民币贰仟玖佰元整），其中本金 ¥2,400.00，利息 ¥300.00，罚息及违约金 ¥200.00。',
      '出借方减免：罚息及违约金 ¥200.00。减免后应还 ¥2,700.00（人民币贰仟柒佰元整）。',
      '还款方式：每月还 ¥900.00，共 3 期。第一笔还款 ¥900.00，于 2026年12月24日到期；各期的日期和金额以附表为准。',
      '协议期间不再计收利息。',
      '双方约定：每笔还款依次抵充费用、罚息和违约金、利息、本金。',
      '借款人按附表足额支付共 ¥2,700.00（人民币贰仟柒佰元整），至 2027年2月24日全部结清；结清后双方就本笔贷款再无其他债权债务。',
      '借款人如遇新的困难，应尽早说明；双方可重新协商，已付款项照计。',
      '本协议自双方都签字之日起生效。双方的往来记录以校验值相互印证，可离线验证。',
    ]);
    expect(said(agreed, 'en')).toEqual([
      'As of 24 Nov 2026 the borrower owes ¥2,900.00 (人民币贰仟玖佰元整) in all, of which principal ¥2,400.00, interest ¥300.00, penalty ¥200.00.',
      'The lender waives: penalty ¥200.00. After that, ¥2,700.00 (人民币贰仟柒佰元整) is owed.',
      'Repayment: 3 monthly payments of ¥900.00 each. The first payment, ¥900.00, falls due on 24 Dec 2026; the dates and amounts of all payments are those of the annex.',
      'No interest runs during the agreement.',
      'The parties agree that each payment goes to fees first, then to penalty, then to interest, then to principal.',
      'Once the borrower has paid ¥2,700.00 (人民币贰仟柒佰元整) in all as the annex sets out, by 24 Feb 2027, the loan is settled and neither side owes the other anything under it.',
      'If the borrower runs into difficulty again, they tell the lender as early as they can; both sides may then negotiate again, and whatever has been paid counts.',
      'The agreement is in force from the day both sides have signed. The record of what was said proves itself by digests that can be checked offline.',
    ]);
  });

  test('nothing waived is said, with the amount in capitals', () => {
    const agreed = terms({ phases: [{ kind: 'rest' }] });
    expect(said(agreed, 'zh')[1]).toBe('本协议不作减免，应还 ¥2,900.00（人民币贰仟玖佰元整）。');
    expect(said(agreed, 'en')[1]).toBe('Nothing is waived; ¥2,900.00 (人民币贰仟玖佰元整) is owed.');
  });

  test('the first payment is the first that is paid: a pause is none, a payment up front is one', () => {
    const paused = terms({
      phases: [
        { kind: 'pause', count: 2, interest: 'waived' },
        { kind: 'level', count: 10 },
      ],
    });
    expect(said(paused, 'zh')[2]).toBe(
      '还款方式依次为：宽限 2 个月（2026年11月24日至2027年1月24日），期间免息；每月等额还款，共 10 期还清。第一笔还款 ¥290.00，于 2027年2月24日到期；各期的日期和金额以附表为准。',
    );
    expect(said(paused, 'en')[2]).toBe(
      'Repayment, in this order: a pause of 2 months (24 Nov 2026 to 24 Jan 2027), free of interest; 10 equal monthly payments until all is paid. The first payment, ¥290.00, falls due on 24 Feb 2027; the dates and amounts of all payments are those of the annex.',
    );
    const upfront = terms({
      every: 'week',
      upfront: { due: '2026-12-01', amount: 50_000 },
      phases: [
        { kind: 'fixed', amount: 40_000, count: 2 },
        { kind: 'fixed', amount: 80_000 },
      ],
    });
    expect(said(upfront, 'zh')[2]).toBe(
      '还款方式依次为：2026年12月1日首付 ¥500.00；每周还 ¥400.00，共 2 期；每周还 ¥800.00，直到还清。第一笔还款 ¥500.00，于 2026年12月1日到期；各期的日期和金额以附表为准。',
    );
    expect(said(upfront, 'en')[2]).toBe(
      'Repayment, in this order: ¥500.00 up front on 1 Dec 2026; 2 weekly payments of ¥400.00 each; weekly payments of ¥800.00 each until all is paid. The first payment, ¥500.00, falls due on 1 Dec 2026; the dates and amounts of all payments are those of the annex.',
    );
  });

  const year = { per: 'year' as const, ppm: 36_000 };
  const month = { per: 'month' as const, ppm: 10_000 };
  const day = { per: 'day' as const, ppm: 500 };
  test.each<[Partial<Terms>, string, string]>([
    [
      { rate: year },
      '自 2026年11月24日起，以剩余本金为基数，按年利率 3.6% 计息，每期不论实际天数，都按一年的十二分之一计算。',
      'From 24 Nov 2026 interest runs at 3.6% a year on the principal left, each period counted, whatever its days, as a twelfth of a year.',
    ],
    [
      { rate: month },
      '自 2026年11月24日起，以剩余本金为基数，按月利率 1% 计息，每期不论实际天数，都按一个月计算。',
      'From 24 Nov 2026 interest runs at 1% a month on the principal left, each period counted, whatever its days, as one month.',
    ],
    [
      { rate: day, interestOn: 'balance' },
      '自 2026年11月24日起，以全部剩余欠款为基数，按日利率 0.05% 计息，每期不论实际天数，都按三十天计算。',
      'From 24 Nov 2026 interest runs at 0.05% a day on all that is left, each period counted, whatever its days, as 30 days.',
    ],
    [
      { rate: year, every: 'fortnight' },
      '自 2026年11月24日起，以剩余本金为基数，按年利率 3.6% 计息，每期不论实际天数，都按十四天（一年按三百六十五天）计算。',
      'From 24 Nov 2026 interest runs at 3.6% a year on the principal left, each period counted, whatever its days, as 14 days of a year of 365.',
    ],
    [
      { rate: month, every: 'week' },
      '自 2026年11月24日起，以剩余本金为基数，按月利率 1% 计息，每期不论实际天数，都按七天（年利率为月利率的十二倍，一年按三百六十五天）计算。',
      'From 24 Nov 2026 interest runs at 1% a month on the principal left, each period counted, whatever its days, as 7 days of a year of 365, the yearly rate being twelve times the monthly.',
    ],
    [
      { rate: day, every: 'week' },
      '自 2026年11月24日起，以剩余本金为基数，按日利率 0.05% 计息，每期不论实际天数，都按七天计算。',
      'From 24 Nov 2026 interest runs at 0.05% a day on the principal left, each period counted, whatever its days, as 7 days.',
    ],
    [
      { rate: year, dayCount: 'actual/365', interestOn: 'balance' },
      '自 2026年11月24日起，以全部剩余欠款为基数，按年利率 3.6% 计息，按实际天数（一年按三百六十五天）计算。',
      'From 24 Nov 2026 interest runs at 3.6% a year on all that is left, counted by actual days of a year of 365.',
    ],
    [
      { rate: month, dayCount: 'actual/360' },
      '自 2026年11月24日起，以剩余本金为基数，按月利率 1% 计息，按实际天数（年利率为月利率的十二倍，一年按三百六十天）计算。',
      'From 24 Nov 2026 interest runs at 1% a month on the principal left, counted by actual days of a year of 360, the yearly rate being twelve times the monthly.',
    ],
    [
      { rate: day, dayCount: 'actual/360' },
      '自 2026年11月24日起，以剩余本金为基数，按日利率 0.05% 计息，按实际天数计算。',
      'From 24 Nov 2026 interest runs at 0.05% a day on the principal left, counted by actual days.',
    ],
    [
      { rate: year, upfront: { due: '2026-12-01', amount: 50_000 } },
      '自 2026年12月1日起，以剩余本金为基数，按年利率 3.6% 计息，每期不论实际天数，都按一年的十二分之一计算。',
      'From 1 Dec 2026 interest runs at 3.6% a year on the principal left, each period counted, whatever its days, as a twelfth of a year.',
    ],
    [
      { rate: year, dayCount: 'actual/365', upfront: { due: '2026-12-01', amount: 50_000 } },
      '自 2026年11月24日起，以剩余本金为基数，按年利率 3.6% 计息，按实际天数（一年按三百六十五天）计算。',
      'From 24 Nov 2026 interest runs at 3.6% a year on the principal left, counted by actual days of a year of 365.',
    ],
    [
      {
        rate: year,
        phases: [
          { kind: 'pause', count: 1, interest: 'waived' },
          { kind: 'level', count: 12 },
        ],
      },
      '自 2026年11月24日起，以剩余本金为基数，按年利率 3.6% 计息，每期不论实际天数，都按一年的十二分之一计算；约定免息的宽限期内不计息。',
      'From 24 Nov 2026 interest runs at 3.6% a year on the principal left, each period counted, whatever its days, as a twelfth of a year; none runs in a pause that is free of interest.',
    ],
    [
      {
        rate: year,
        phases: [
          { kind: 'pause', count: 1, interest: 'runs' },
          { kind: 'level', count: 12 },
        ],
      },
      '自 2026年11月24日起，以剩余本金为基数，按年利率 3.6% 计息，每期不论实际天数，都按一年的十二分之一计算。',
      'From 24 Nov 2026 interest runs at 3.6% a year on the principal left, each period counted, whatever its days, as a twelfth of a year.',
    ],
    [{}, '协议期间不再计收利息。', 'No interest runs during the agreement.'],
  ])('interest under %j', (rest, zh, en) => {
    const agreed = terms({ phases: [{ kind: 'level', count: 12 }], ...rest });
    expect([said(agreed, 'zh')[3], said(agreed, 'en')[3]]).toEqual([zh, en]);
  });
});

describe('whatever the terms, their clauses say what the schedule does', () => {
  const words = wordsOf('en');
  /** What is said of a phase and what its rows, between the one before and the one after, come to. */
  function checkPhase(phase: Phase, every: Terms['every'], said: string, rows: readonly Row[], before: string) {
    const each = { month: 'monthly', fortnight: 'two-weekly', week: 'weekly' }[every];
    const first = rows[0]?.payment ?? 0;
    if (phase.kind === 'pause') {
      const [, length, from, to] = /^a pause of (.+) \((.+) to (.+)\)/.exec(said) ?? [];
      expect([from, to]).toEqual([dateText(words, before), dateText(words, rows.at(-1)?.due ?? '')]);
      expect(rows.map(({ no, payment }) => [no, payment])).toEqual(rows.map(() => [null, 0]));
      const [, number, unit] = /^(\d+) (month|week|due date)s?$/.exec(length ?? '') ?? [];
      if (unit === 'due date') expect(Number(number)).toBe(rows.length);
      // So many months or weeks after the day before it is the day that it ends on.
      else expect(lengthOf(Number(number), unit, before)).toBe(rows.at(-1)?.due);
    } else if (phase.kind === 'rest') expect([said, rows.length]).toEqual(['all the rest at once', 1]);
    else if (phase.kind === 'fixed' && phase.count === undefined)
      expect(said).toBe(`${each} payments of ${money(phase.amount)} each until all is paid`);
    else expect(/^(\d+) /.exec(said)?.[1]).toBe(String(rows.length));
    if (phase.kind === 'fixed' && rows.length > 1) expect(said).toContain(money(first));
    // What it says of the last one is what the last one is.
    const last = rows.at(-1)?.payment ?? 0;
    if (phase.kind === 'fixed' && phase.count !== undefined) {
      if (rows.length === 1) expect(said).toBe(`1 ${each} payment of ${money(last)}`);
      else expect(/but the last, of (\S+)$/.exec(said)?.[1] ?? money(first)).toBe(money(last));
    }
    if (phase.kind !== 'pause' && phase.kind !== 'rest') expect(said).toContain(each);
  }

  /** Months or weeks after a day, worked out by the platform's own calendar. */
  function lengthOf(number: number, unit: string | undefined, from: string): string {
    const [year = 0, month = 0, day = 0] = from.split('-').map(Number);
    if (unit === 'week') return new Date(Date.UTC(year, month - 1, day + 7 * number)).toISOString().slice(0, 10);
    const last = new Date(Date.UTC(year, month + number, 0)).getUTCDate();
    return new Date(Date.UTC(year, month - 1 + number, Math.min(day, last))).toISOString().slice(0, 10);
  }

  test('dates and counts', () => {
    let [pauses, whole] = [0, 0];
    fc.assert(
      fc.property(plans, ({ debt: owed, terms: drawn }) => {
        const worked = schedule(owed, drawn);
        if ('refused' in worked) return;
        const said = [...clausesOf(drawn, words, owed)].filter((clause) => !clause.endsWith('waived'));
        const rows = [...worked.rows];
        let before = drawn.start;
        if (drawn.upfront) {
          const row = rows.shift();
          expect(said.shift()).toBe(`${money(row?.payment ?? 0)} up front on ${dateText(words, row?.due ?? '')}`);
          before = row?.due ?? '';
        }
        for (const [i, phase] of drawn.phases.entries()) {
          const its = rows.splice(0, 'count' in phase && phase.count !== undefined ? phase.count : rows.length);
          checkPhase(phase, drawn.every, said[i] ?? '', its, before);
          if (phase.kind === 'pause') [pauses, whole] = [pauses + 1, whole + (/ (months?|weeks?) \(/.test(said[i] ?? '') ? 1 : 0)];
          before = its.at(-1)?.due ?? '';
        }
        expect(rows).toEqual([]);
        const firstPaid = worked.rows.find(({ no }) => no === 1)?.due ?? '';
        expect(planClauses(drawn, words, owed).at(-2)).toBe(`the first instalment falls due on ${dateText(words, firstPaid)}`);
        const [third] = clauses(owed, drawn, words).slice(2);
        const paid = worked.rows.find(({ payment }) => payment > 0);
        expect(third).toContain(`The first payment, ${money(paid?.payment ?? 0)}, falls due on ${dateText(words, paid?.due ?? '')}`);
      }),
      { numRuns: 4_000 },
    );
    // Both kinds of pauses were met.
    expect(Math.min(whole, pauses - whole)).toBeGreaterThan(50);
  });
});

test('no sentence takes two figures by their places: whatever has several takes them by name', () => {
  const positional = (value: unknown, path: string): string[] => {
    if (typeof value === 'function') return value.length > 1 ? [path] : [];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, one]) => positional(one, `${path}.${key}`));
  };
  for (const language of ['zh', 'en'] as const) expect(positional(wordsOf(language), language)).toEqual([]);
});

describe('the clauses of the lender’s conditions, word for word', () => {
  const conditions: Conditions = {
    wording: 1,
    parties: {
      lender: {
        name: '明衡消费金融',
        registration: '91310000MA1FL',
        address: '上海市浦东新区世纪大道 1 号',
        phone: '400-800-1',
        email: '',
      },
      borrower: { name: '王小雨' },
      reference: 'MH-1',
    },
    account: { name: '明衡消费金融', bank: '中国银行浦东支行', number: '4467 8890' },
    graceDays: 3,
    cureDays: 14,
    moves: { most: 2, days: 15, toEnd: true },
    afterBreach: { waiversLapse: true, restDue: true },
    settlementLetterWithin: 5,
    jurisdiction: 'CN',
  };
  const further = (language: 'zh' | 'en', rest: Partial<Conditions> = {}, waived = 20_000) =>
    furtherClauses({ waived }, { ...conditions, ...rest }, wordsOf(language));

  test('zh', () =>
    expect(further('zh')).toEqual([
      '出借方：明衡消费金融，登记号 91310000MA1FL，地址 上海市浦东新区世纪大道 1 号，电话 400-800-1。借款人：王小雨，姓名与借款合同一致。借款合同编号：MH-1。',
      '还款付至出借方本人的账户：户名 明衡消费金融，开户行 中国银行浦东支行，账号 4467 8890。不要向任何个人或其他账户付款；出借方更换账户，须以双方签署的变更协议写明。',
      '借款人可以说明理由，请求推迟某一期。在该期到期日当天或之前提出、每期一次、每次不超过 15 天或移到最后一期之后的，共 2 次即时生效；其余的由出借方答复。推迟不另计利息和费用。',
      '某一期到期没有足额支付的，有 3 天的宽限，期满仍有欠缺的为逾期。逾期的，出借方通过平台发出通知，写明欠缺的金额和补足的期限（自通知之日起 14 天）；在期限内补足的，协议照常履行。',
      '通知的期限届满仍有欠缺的，出借方才可以宣告协议被违反，并须说明理由。宣告后，剩余款项全部到期，减免按下一条部分失效；双方仍可以协商变更。',
      '减免（共 ¥200.00）自协议生效之日起有效。宣告协议被违反时，各项减免按尚未支付的金额占应付总额的比例失效，失效的部分重新计入应还；已支付部分对应的减免仍然有效。',
      '借款人可以随时提前还清。利息按实际借款的时间计算，结清金额以平台当日按本协议算出的为准，不收取违约金或手续费；付清该金额，协议即履行完毕。',
      '全部还清后，出借方在 5 个工作日内出具结清证明。',
      '出借方向征信机构报送信息的，应当与本协议的履行情况一致，并在结清后如实更新。不良信息自不良行为终止之日起保存五年，之后予以删除（《征信业管理条例》第十六条）。',
      '双方为达成本协议所作的说明和让步，只用于本协议；协议没有成立或不再有效的，不得据此作出对说明或让步的一方不利的认定。',
      '通知通过平台送达：内容写入双方的往来记录，并向对方预留的联系方式发出提醒，即为送达。联系方式有变化的，应当及时更新。',
      '本协议适用中国大陆法律。因本协议发生争议的，双方先协商；协商不成的，可以申请调解，也可以向有管辖权的人民法院起诉。借款合同约定了仲裁的，从其约定。借款人向金融监管部门投诉的权利不受影响。',
      '本协议以中文文本为准，英文文本供阅读参考。',
    ]));

  test('en', () =>
    expect(further('en')).toEqual([
      'The lender is 明衡消费金融, registered under 91310000MA1FL, of 上海市浦东新区世纪大道 1 号, telephone 400-800-1. The borrower is 王小雨, named as in the loan contract. The number of the loan contract is MH-1.',
      'Payments go to the lender’s own account: name 明衡消费金融, bank 中国银行浦东支行, number 4467 8890. Pay no person and no other account; another account of the lender takes its place only by a variation that both have signed.',
      'The borrower may ask, with a reason, to move an instalment. Asked on or before its day, once an instalment, and by no more than 15 days or to behind the last one, it takes effect at once, 2 times in all; everything else the lender answers. Moving it costs no interest and no fee.',
      'Where an instalment is not paid in full on its day, there are 3 days of grace; what is still missing after them is in arrears. The lender then gives notice at the portal of what is missing and until when it can be made good (14 days from the notice); made good by then, the agreement goes on as it was.',
      'Only where something is still missing after that time may the lender declare the agreement broken, and gives its reason. From then on all that is left is due, and the waivers lapse in part as the next clause says; both sides may still negotiate a variation.',
      'The waivers (¥200.00 in all) hold from the day on which the agreement is in force. Where it is declared broken, each lapses in the share that what was not paid is of all that was to be paid, and that part is owed again; what belongs to the part that was paid stays waived.',
      'The borrower may pay everything early at any time. Interest is reckoned by the actual time of the loan; what settles it on a day is what the portal works out under this agreement for that day, without penalty or charge. Once that amount is paid, the agreement has been performed.',
      'Once all is paid, the lender issues a settlement letter within 5 working days.',
      'What the lender reports to the credit register agrees with how this agreement is performed, and is brought up to date once it is settled. A bad record is kept for five years from the end of what it records, and deleted then (Regulation on the Credit Reporting Industry, art. 16).',
      'What either side stated or conceded to come to this agreement serves this agreement alone. Where it does not come about, or is no longer in force, nothing to the disadvantage of that side may be drawn from it.',
      'Notices are given at the portal: one has been given once it stands in the record that both see and a message was sent to the contact that the other side left. Whoever’s contact changes brings it up to date.',
      'The law of Mainland China applies. In a dispute over this agreement both sides negotiate first; failing that, either may ask for mediation or bring the case before the people’s court that has jurisdiction. Where the loan contract provides for arbitration, that applies. The borrower’s right to complain to the financial regulator is not affected.',
      'The Chinese text of this agreement governs; the English text is there to be read beside it.',
    ]));

  test.each([
    [{ account: null }, '没有写明收款账户', 'names no account to pay into'],
    [{ moves: { most: 0, days: 15, toEnd: false } }, '请求推迟某一期，由出借方答复', 'to move an instalment; the lender answers'],
    [
      { moves: { most: 1, days: 7, toEnd: false } },
      '每次不超过 7 天的，共 1 次',
      'by no more than 7 days, it takes effect at once, once in all',
    ],
    [{ graceDays: 0 }, '足额支付的，自次日起为逾期', 'it is in arrears from the day after'],
    [
      { afterBreach: { waiversLapse: false, restDue: false } },
      '宣告后，各期的日期和金额不变；双方',
      'the instalments stay as they are; both',
    ],
    [{ afterBreach: { waiversLapse: false, restDue: true } }, '不因逾期或宣告协议被违反而失效', 'lapse neither through arrears'],
  ] as const)('%j', (rest, zh, en) => {
    expect(further('zh', rest).join('\n')).toContain(zh);
    expect(further('en', rest).join('\n')).toContain(en);
  });

  test('the end of an identity number where it was stated', () => {
    const { lender, reference } = conditions.parties;
    const parties = { lender, borrower: { name: '王小雨', identity: '402X' }, reference };
    expect(further('zh', { parties })[0]).toContain('借款人：王小雨，身份证件号码后四位 402X，姓名与借款合同一致。');
    expect(further('en', { parties })[0]).toContain(
      'The borrower is 王小雨, whose identity number ends in 402X, named as in the loan contract.',
    );
  });

  test('new interest as an amount, where there is any: what is paid less what is owed after waivers', () => {
    const bearing = terms({ ...interest, waive: { penalty: 20_000 }, phases: [{ kind: 'level', count: 12 }] });
    const { totals } = schedule(debt, bearing) as { totals: { interest: number; paid: number } };
    expect(totals.paid - 270_000).toBe(totals.interest);
    expect(totals.interest).toBe(5_179);
    expect(clauses(debt, bearing, wordsOf('zh'), conditions)).toContain(
      '按附表还清的，本协议新产生的利息共 ¥51.79（人民币伍拾壹元柒角玖分），已计入上述还款总额。',
    );
    expect(clauses(debt, bearing, wordsOf('en'), conditions)).toContain(
      'If it is paid as the annex sets out, new interest under this agreement is ¥51.79 (人民币伍拾壹元柒角玖分) in all, which is part of the total above.',
    );
    for (const language of ['zh', 'en'] as const) {
      const none = clauses(debt, terms({ phases: [{ kind: 'level', count: 12 }] }), wordsOf(language), conditions);
      expect(none.join('')).not.toMatch(/新产生的利息|new interest under/);
    }
  });

  test('where nothing is waived, nothing is said of waivers', () => {
    expect(further('zh', {}, 0).join('')).not.toContain('减免');
    expect(further('en', {}, 0).join('')).not.toContain('waiver');
  });

  test('an agreement says the parties first, then the plan, then the rest; one from before conditions says what it said', () => {
    const plan = terms({ phases: [{ kind: 'level', count: 12 }] });
    const words = wordsOf('zh');
    const older = clauses(debt, plan, words);
    expect(older).toHaveLength(8);
    const all = clauses(debt, plan, words, conditions);
    expect(all.filter((clause) => older.includes(clause))).toEqual(older);
    expect(all[0]).toContain('借款合同编号');
    expect(all.at(-2)).toBe(words.agreement.conditions.language);
  });
});
