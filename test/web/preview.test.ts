import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { planSay } from '../../web/words/plan.ts';
import { asSentence, fromSentence } from '../../web/words/sentence.ts';
import { shapeOf } from '../../worker/negotiation/form.ts';
import { built, fieldsOf, isWhole } from '../../worker/negotiation/shape.ts';
import { typed } from '../../worker/negotiation/typed.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { Terms } from '../../worker/plan/terms.ts';

/** What goes to the browser's preview comes out there as it is here: the words as sentences, the form by its shape. */

/** Every sentence of some words, by its path. */
function sentences(of: unknown, path = ''): [string, (figures: object) => string][] {
  if (typeof of === 'function') return [[path, (figures) => String(of(figures))]];
  return typeof of === 'object' && of !== null ? Object.entries(of).flatMap(([key, one]) => sentences(one, `${path}.${key}`)) : [];
}

describe.each(LANGUAGES)('sentences in %s', (language) => {
  const say = planSay(wordsOf(language), language);
  const sent = JSON.parse(JSON.stringify(say, asSentence), fromSentence);

  test('say the same with any figures, with one of a thing too', () => {
    const [here, there] = [sentences(say), sentences(sent)];
    expect(there.map(([path]) => path)).toEqual(here.map(([path]) => path));
    expect(here.length).toBeGreaterThan(25);
    const rest = {
      amount: '¥1.00',
      every: 'V',
      paid: '¥3.00',
      highest: '¥2.00',
      date: 'D',
      due: 'E',
      no: '3',
      from: '4',
      to: '5',
      payment: '6',
      affordable: '7',
      over: '8',
      by: '9',
      months: 3,
    };
    for (const count of [1, 2, 11])
      for (const paused of [1, 3]) {
        const figures = {
          ...rest,
          count,
          paused,
          limit: '9',
          given: '10',
          measured: '11',
          missing: 'M',
          since: 'U',
          source: 'S',
          stage: 1,
          text: 'T',
        };
        for (const [i, [path, one]] of here.entries()) expect(there[i]?.[1](figures), path).toBe(one(figures));
      }
  });

  test('all else goes as it is', () => expect(sent.totals).toEqual(say.totals));
});

describe('the form of a plan by its shape', () => {
  const shape = JSON.parse(JSON.stringify(shapeOf(Terms)));
  const FORM = {
    'terms.start': '2026-11-24',
    'terms.firstDue': '２０２６-12-24',
    'terms.every': 'month',
    'terms.rate.per': 'year',
    'terms.rate.ppm': '15.4',
    'terms.interestOn': 'principal',
    'terms.dayCount': 'period',
    'terms.waive.penalty': '1,2万',
    'terms.waive.fees': '200元',
    'terms.upfront.amount': '',
    'terms.upfront.due': '2026-11-24',
    'terms.phases.0.kind': 'fixed',
    'terms.phases.0.amount': '500',
    'terms.phases.0.count': '３',
    'terms.phases.1.kind': '',
    'terms.phases.1.count': '',
    'terms.phases.2.kind': 'level',
    'terms.phases.2.count': '12',
  };
  const read = (over: Record<string, string> = {}) => built(shape, 'terms', fieldsOf(typed(Object.entries({ ...FORM, ...over }))));

  test('is read as the server reads it', () => {
    const terms = read({ 'terms.waive.penalty': '1.2万' });
    expect(terms).toEqual(Terms.parse(terms));
    expect(terms).toMatchObject({ rate: { ppm: 154_000 }, waive: { penalty: 1_200_000, fees: 20_000 }, upfront: null });
    expect(terms).toMatchObject({
      phases: [
        { kind: 'fixed', amount: 50_000, count: 3 },
        { kind: 'level', count: 12 },
      ],
    });
  });

  test.each([
    {},
    { 'terms.waive.penalty': '' },
    { 'terms.waive.penalty': '', 'terms.rate.ppm': '' },
    { 'terms.waive.penalty': '', 'terms.rate.ppm': '100001' },
    { 'terms.waive.penalty': '', 'terms.start': '2026-02-30' },
    { 'terms.waive.penalty': '', 'terms.every': 'year' },
    { 'terms.waive.penalty': '', 'terms.upfront.amount': '10000000001' },
    { 'terms.waive.penalty': '', 'terms.upfront.amount': '100' },
    { 'terms.waive.penalty': '', 'terms.phases.2.count': '601' },
    { 'terms.waive.penalty': '', 'terms.phases.2.count': '' },
    { 'terms.waive.penalty': '', 'terms.phases.2.kind': 'toString' },
    { 'terms.waive.penalty': '', 'terms.phases.2.kind': 'pause', 'terms.phases.2.interest': 'runs' },
    { 'terms.waive.penalty': '', 'terms.phases.2.kind': 'pause' },
  ])('is whole exactly where the schema takes it: %j', (over) => {
    const terms = read(over);
    expect(isWhole(shape, terms)).toBe(Terms.safeParse(terms).success);
  });
});
