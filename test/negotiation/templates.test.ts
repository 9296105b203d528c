import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { filledIn, keptPlaces, shownPlaces } from '../../web/words/places.ts';
import { STARTING } from '../../web/words/starting.ts';
import type { ActDecided, Institution } from '../../worker/negotiation/lender/institution.ts';
import { EMPTY_INSTITUTION, foldInstitution } from '../../worker/negotiation/lender/institution.ts';
import {
  beginTemplates,
  MOST_TEMPLATES,
  MOST_VERSIONS,
  offeredTemplates,
  retireTemplate,
  type TemplateInput,
  versionOf,
  writeTemplate,
} from '../../worker/negotiation/lender/templates.ts';
import { type Facts, factsOf, misplaced, PLACE_TYPES, PLACES, placesIn } from '../../worker/negotiation/places.ts';
import { isRefused, type Refused } from '../../worker/negotiation/refusal.ts';
import { authorOf } from '../../worker/negotiation/seated.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { agreed, LIN, opened, XIAOYU, ZHOU } from './play.ts';

const HELLO: TemplateInput = { use: 'message', language: 'zh', name: '问候', text: '{borrower}，您好：欠款共计 {owed}。' };

const said = (text: string) => writeTemplate(EMPTY_INSTITUTION, { ...HELLO, text });
const codeOf = (outcome: readonly ActDecided[] | Refused) => (isRefused(outcome) ? outcome.refused : 'written');

/** What follows from acts, one after the other, as the stream holds them. */
function then(before: Institution, acts: readonly ActDecided[] | Refused): Institution {
  if (isRefused(acts)) throw new Error(acts.refused.code);
  return foldInstitution(
    acts.map((one, i) => entryOf(one, before.seq + 1 + i)),
    before,
  );
}
const entryOf = ({ kind, content }: ActDecided, seq: number) => ({
  seq,
  at: '2026-11-24T02:00:00.000Z',
  kind,
  author: authorOf(ZHOU),
  content,
});

describe('a template', () => {
  test('is kept in versions: another follows the one that its writer has seen, and each stays what it was', () => {
    const first = then(EMPTY_INSTITUTION, writeTemplate(EMPTY_INSTITUTION, HELLO));
    const next: TemplateInput = { ...HELLO, no: 1, base: 1, text: '{borrower}，早上好。' };
    const acts = writeTemplate(first, next);
    const second = then(first, acts);
    expect(second.templates).toMatchObject([{ no: 1, name: '问候', retired: false, versions: [{ seq: 1 }, { seq: 2 }] }]);
    expect(codeOf(writeTemplate(second, next))).toMatchObject({ code: 'template.changed' });
    const [stored] = isRefused(acts) ? [] : acts.map((one) => entryOf(one, 2));
    const [, version] = second.templates[0]?.versions ?? [];
    if (!stored || !version) throw new Error('No version.');
    expect(versionOf(version, stored)?.said).toMatchObject({ version: 2, text: next.text });
    for (const changed of [
      { ...stored, at: '2026-11-25T02:00:00.000Z' },
      { ...stored, author: authorOf(LIN) },
      { ...stored, content: { ...stored.content, text: '还钱' } },
      undefined,
    ])
      expect(versionOf(version, changed)).toBeNull();
  });

  test('that is retired is offered no more, until another version of it is written', () => {
    const one = then(EMPTY_INSTITUTION, writeTemplate(EMPTY_INSTITUTION, HELLO));
    const retired = then(one, retireTemplate(one, 1));
    expect(offeredTemplates(one, 'message', 'zh').length).toBe(1);
    expect(offeredTemplates(retired, 'message', 'zh')).toEqual([]);
    expect(retireTemplate(retired, 1)).toEqual([]);
    expect(codeOf(retireTemplate(one, 2))).toMatchObject({ code: 'template.unknown' });
    const again = then(retired, writeTemplate(retired, { ...HELLO, no: 1, base: 1 }));
    expect(offeredTemplates(again, 'message', 'zh').length).toBe(1);
    expect([offeredTemplates(again, 'letter', 'zh'), offeredTemplates(again, 'message', 'en')]).toEqual([[], []]);
  });

  test('has a name of its own in its use and language', () => {
    const one = then(EMPTY_INSTITUTION, writeTemplate(EMPTY_INSTITUTION, HELLO));
    expect(codeOf(writeTemplate(one, HELLO))).toMatchObject({ code: 'template.name-taken', field: 'name' });
    expect(codeOf(writeTemplate(one, { ...HELLO, language: 'en' }))).toBe('written');
  });

  test('is one of so many, with so many versions', () => {
    let all: Institution = EMPTY_INSTITUTION;
    for (let i = 0; i < MOST_TEMPLATES; i++) all = then(all, writeTemplate(all, { ...HELLO, name: `${i}` }));
    expect(codeOf(writeTemplate(all, HELLO))).toMatchObject({ code: 'template.full', max: MOST_TEMPLATES });
    let one = then(EMPTY_INSTITUTION, writeTemplate(EMPTY_INSTITUTION, HELLO));
    for (let i = 1; i < MOST_VERSIONS; i++) one = then(one, writeTemplate(one, { ...HELLO, no: 1, base: i }));
    expect(codeOf(writeTemplate(one, { ...HELLO, no: 1, base: MOST_VERSIONS }))).toMatchObject({
      code: 'template.full',
      max: MOST_VERSIONS,
    });
  });

  test.each([
    ['an unknown place', '{borower}，您好', { code: 'template.place-unknown', place: 'borower' }],
    ['one that every object has', '{constructor}', { code: 'template.place-unknown', place: 'constructor' }],
    ['a brace that is never closed', '{borrower，您好', { code: 'template.brace', near: '{borrower，您' }],
    ['one that is never opened', '您好}', { code: 'template.brace', near: '您好}' }],
    ['a place within a place', '{{borrower}}', { code: 'template.brace', near: '{' }],
    ['nothing between braces', '您好{}。', { code: 'template.brace', near: '您好{}。' }],
  ])('with %s is refused, and it is named', (_, text, refusal) => {
    expect(codeOf(said(text))).toMatchObject({ ...refusal, field: 'text' });
  });

  test.each([
    ['再不还，我们就把您的欠款告诉您的家人和单位。', 'exposure'],
    ['{borrower}，再不还我就联系你{lender}单位领导。', 'exposure'],
    ['再不还，我们就联系{borrower}的单位领导。', 'exposure'],
    ['不还钱，我们上门砍死你。', 'threat'],
    ['我是公安局的，马上来抓你。', 'false-authority'],
  ])('that says what staff may not send is refused: %s', (text, kind) => {
    expect(codeOf(said(text))).toMatchObject({ code: 'wording.forbidden', kind });
  });
});

describe('places', () => {
  test('are read in either language, and shown in that of the text', () => {
    const kept = keptPlaces('{借款人} ｛合同号｝ {Amount Owed} { owed } {未知}');
    expect(kept).toBe('{borrower} {contract} {owed} {owed} {未知}');
    expect(placesIn(kept)).toEqual(['borrower', 'contract', 'owed']);
    expect(shownPlaces('{borrower} {owed} {x}', wordsOf('zh'))).toBe('{借款人} {欠款总额} {x}');
    for (const language of LANGUAGES) {
      const words = wordsOf(language);
      // No two of them are called alike, and each has the type that is said of it.
      expect(new Set(PLACES.map((place) => words.templates.placeOf[place])).size).toBe(PLACES.length);
      for (const place of PLACES) {
        expect(keptPlaces(shownPlaces(`{${place}}`, words))).toBe(`{${place}}`);
        expect(words.templates.types[PLACE_TYPES[place]].length).toBeGreaterThan(1);
      }
    }
  });

  test('are filled by what the case has, each by its type in the language of the text', () => {
    const play = agreed(LIN, XIAOYU);
    const facts = factsOf(play.kase, 'HY-1', play.context(LIN));
    const text = '{借款人}（{案件编号}）：{今天}，剩余 {剩余应还}，下期 {下期应还}，{下期还款日}。{经办人}';
    expect(filledIn(text, facts, wordsOf('zh'))).toEqual({
      text: `王小雨（HY-1）：2026年11月24日，剩余 ¥12,500.00，下期 ${'¥'}1,041.67，2026年12月24日。林静`,
    });
    expect(filledIn('{next due date}', facts, wordsOf('en'))).toEqual({ text: '24 Dec 2026' });
  });

  test('that the case cannot fill are named, and nothing is filled then', () => {
    const play = opened();
    const facts = factsOf(play.kase, 'HY-1', play.context(LIN));
    expect(filledIn('{borrower} {nextDue} {left} {nextDue}', facts, wordsOf('zh'))).toEqual({ missing: ['nextDue', 'left'] });
  });

  test('are read once: what is filled in is never read again', () => {
    const play = opened();
    const facts: Facts = factsOf(play.kase, 'HY-1', play.context({ ...LIN, name: '{owed} $& {借款人}' }));
    expect(filledIn('{agent}', facts, wordsOf('zh'))).toEqual({ text: '{owed} $& {借款人}' });
  });

  test('of any text: what is taken is filled without a brace left of it, and what is not names what is wrong', () => {
    const play = agreed(LIN, XIAOYU);
    const facts = factsOf(play.kase, 'HY-1', play.context(LIN));
    const pieces = fc.array(
      fc.oneof(fc.constantFrom('{', '}', '\n', '，', ...PLACES.map((place) => `{${place}}`)), fc.string({ maxLength: 5 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (all) => {
        const text = keptPlaces(all.join(''));
        const wrong = misplaced(text);
        if (wrong) return ['template.place-unknown', 'template.brace'].includes(wrong.refused.code);
        const filled = filledIn(text, facts, wordsOf('en'));
        return 'missing' in filled ? filled.missing.length > 0 : !/[{}]/.test(filled.text);
      }),
    );
  });
});

test('the set to begin with is taken as it stands, in both languages, and only where there is nothing yet', () => {
  const all = LANGUAGES.flatMap((language) => STARTING[language].map((one) => ({ ...one, language, text: keptPlaces(one.text) })));
  const acts = beginTemplates(EMPTY_INSTITUTION, all);
  const begun = then(EMPTY_INSTITUTION, acts);
  expect(begun.templates.map(({ no }) => no)).toEqual(all.map((_, i) => i + 1));
  expect(STARTING.zh.map(({ use }) => use)).toEqual(STARTING.en.map(({ use }) => use));
  expect(codeOf(beginTemplates(begun, all))).toMatchObject({ code: 'template.begun' });
});
