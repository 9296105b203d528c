import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { tested, written } from '../../db/wording-sentences.ts';
import { heard, isForbidden, unsayable } from '../../worker/negotiation/said.ts';
import { AFTER_STOP, ANY, beginnings, EDGES, edgesOf } from '../../worker/wording/begins.ts';
import { en } from '../../worker/wording/en.ts';
import { lettersOf, placeOf, unpacked } from '../../worker/wording/learned.ts';
import { lookout } from '../../worker/wording/lookout.ts';
import { KINDS, marksOf } from '../../worker/wording/marks.ts';
import { readYuan } from '../../worker/wording/promise.ts';
import { folded } from '../../worker/wording/text.ts';
import { zh } from '../../worker/wording/zh.ts';
import { worked } from '../cpu.ts';
import { partsOf } from './parts.ts';

/**
 * What is marked, and what is left alone. The sentences of `bad.ndjson` and `harmless.ndjson` were written before the phrases were looked at: from the
 * mainland with its dialects, Hong Kong, Taiwan, the internet, students and old people, India and Singapore.
 */
const Sentence = z.strictObject({
  text: z.string(),
  side: z.enum(['borrower', 'lender']),
  kind: z.enum(KINDS).optional(),
  affordable: z.int().optional(),
});
const read = (name: string) =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Sentence.parse(JSON.parse(line)));
const marks = ({ text, side, affordable }: z.infer<typeof Sentence>) => marksOf(text, side, affordable);

const bad = read('bad.ndjson');
const harmless = read('harmless.ndjson');

describe('sentences', () => {
  test('at least 97 in a hundred bad ones are marked with their kind, and 95 of each kind', () => {
    expect(bad.length).toBeGreaterThanOrEqual(700);
    const missed = bad.filter((sentence) => !marks(sentence).some(({ kind }) => kind === sentence.kind));
    expect(missed.length / bad.length, missed.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(0.03);
    for (const kind of KINDS) {
      const of = (sentences: typeof bad) => sentences.filter((sentence) => sentence.kind === kind).length;
      expect(of(missed) / of(bad), kind).toBeLessThanOrEqual(0.05);
    }
  });

  test('of 1,600 harmless ones at most four are marked', () => {
    expect(harmless.length).toBeGreaterThanOrEqual(1_600);
    const marked = harmless.filter((sentence) => marks(sentence).length > 0);
    expect(marked.length, marked.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(4);
  });
});

/** Everyday short texts, `side|text`: the first 160 were written before what is learned was trained for them, the others are kept out of it but for a few that people write every day. */
describe('short texts', () => {
  const texts = readFileSync(new URL('short.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Sentence.parse({ side: line.split('|')[0], text: line.slice(line.indexOf('|') + 1) }));
  const [met, others] = [texts.slice(0, 160), texts.slice(160)];

  test('greetings, thanks and answers are not marked', () => {
    expect(met.filter((sentence) => marks(sentence).length > 0)).toEqual([]);
  });

  test('of 400 others at most five in a thousand are', () => {
    expect(others.length).toBeGreaterThanOrEqual(400);
    const marked = others.filter((sentence) => marks(sentence).length > 0);
    expect(marked.length / others.length, marked.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(0.005);
  });

  test('a threat or despair in as few words still is', () => {
    expect(marksOf('小心你的腿', 'lender').map(({ kind }) => kind)).toEqual(['threat']);
    expect(marksOf('活够了', 'borrower').map(({ kind }) => kind)).toEqual(['despair']);
    expect(marksOf('吃了半瓶安眠药', 'borrower').map(({ kind }) => kind)).toEqual(['despair']);
    expect(marksOf('医生说吃两盒药就好', 'borrower')).toEqual([]);
  });
});

/** Hard ones, in parts as in `db/wording/`: written before it was trained, half of each kind learned from and half here, never learned from. A phrase was mended for a few harmless ones. */
describe('sentences that it was never taught', () => {
  const sentences = partsOf('blind.txt').flatMap(({ sides: [side = 'borrower'], ...one }) => ({ side, ...one }));
  const [good, hard] = [sentences.filter(({ kind }) => kind === 'harmless'), sentences.filter(({ kind }) => kind !== 'harmless')];
  const kinds = ({ text, side }: (typeof sentences)[number]) => marksOf(text, side, 97_100).map(({ kind }): string => kind);

  test('at most two in a hundred harmless ones are marked, though they name what harm is done with', () => {
    expect(good.length).toBeGreaterThanOrEqual(190);
    const marked = good.filter((one) => kinds(one).length > 0);
    expect(marked.length / good.length, marked.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(0.02);
  });

  test('of those that mean harm or despair without a word that says so, four in five are found', () => {
    expect(hard.length).toBeGreaterThanOrEqual(115);
    const missed = hard.filter((one) => !kinds(one).includes(one.kind));
    expect(missed.length / hard.length, missed.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(0.2);
  });
});

describe('harmless, each by itself', () => {
  test.each([
    ['words inside others', '手续费一次性交纳'],
    ['trouble', '这给我添了个大麻烦'],
    ['counting', '算了一下，每个月能还八百'],
    ['letting go', '算了，我再想想'],
    ['a right: to complain', '我会投诉'],
    ['a right: to sue', '我会起诉'],
    ['a right, in English', 'I will sue if this continues'],
    ['denied', '我没有威胁你'],
    ['denied from inside', '我们不会联系您的家人'],
    ['told', '他说我是老赖'],
    ['told of threats', '你们的人威胁要爆我通讯录'],
    ['quoted', '短信上写着“再不还就爆你通讯录”'],
    ['papers, and no money', '我保证明天把材料全部交齐'],
    ['papers, in English', 'I promise to send all the documents by Friday'],
    ['of oneself', '我真是个废物，连这点钱都还不上'],
    ['of oneself, in English', 'I feel like a complete idiot for signing it'],
    ['told, in English', 'Your agent threatened to call my boss'],
    ['denied, in English', 'I am not threatening you'],
  ])('%s: %s', (_, text) => {
    expect(marksOf(text, 'borrower', 97_100)).toEqual([]);
    expect(marksOf(text, 'lender')).toEqual([]);
  });
});

describe('promises are held against the means', () => {
  test('an amount a month above what can be paid, and none below', () => {
    expect(marksOf('我每个月还一千', 'borrower', 97_100)).toEqual([{ kind: 'overpromise', from: 1, to: 7, words: '每个月还一千' }]);
    expect(marksOf('我每个月还九百', 'borrower', 97_100)).toEqual([]);
    expect(marksOf('I will pay 1,000 a month', 'borrower', 97_100).map(({ words }) => words)).toEqual(['1,000 a month']);
    expect(marksOf('I will pay 900 a month', 'borrower', 97_100)).toEqual([]);
  });

  test('all of it next month', () => {
    expect(marksOf('下月一次还清', 'borrower', 97_100).map(({ kind }) => kind)).toEqual(['overpromise']);
  });

  test('amounts as they are written', () => {
    const amounts = ['1.2万', '两万五', '叁仟', '5,000', '3k', 'two thousand', 'fifteen hundred', '一千二', '三'];
    expect(amounts.map(readYuan)).toEqual([12_000, 25_000, 3_000, 5_000, 3_000, 2_000, 1_500, 1_200, null]);
  });

  test('only of who pays', () => {
    expect(marksOf('每月还三千', 'lender', 97_100)).toEqual([]);
  });
});

describe('sides', () => {
  test('that the court takes everything is a fault of the lender only', () => {
    expect(marksOf('欠钱不还要坐牢', 'lender').map(({ kind }) => kind)).toEqual(['false-authority']);
    expect(marksOf('欠钱不还要坐牢', 'borrower')).toEqual([]);
  });

  test.each(['borrower', 'lender'] as const)('who tells somebody to die is marked as a threat, whatever stands around it: %s', (side) => {
    const kinds = (text: string) => marksOf(text, side).map(({ kind, learned }) => (learned ? 'learned' : kind));
    for (const text of ['kill yourself', 'Why don’t you kill yourself?', 'There is a deadline. Kill yourself.', '你怎么不去死', '去死吧'])
      expect(kinds(text), text).toContain('threat');
    for (const text of [
      'Please don’t kill yourself.',
      'If you want to kill yourself, call someone.',
      '您说过想去死，我们很担心。',
      '别去自杀，求您了。',
    ])
      expect(kinds(text), text).not.toContain('threat');
  });

  test('despair is heard on both', () => {
    for (const side of ['borrower', 'lender'] as const) expect(marksOf('我不想活了', side).map(({ kind }) => kind)).toEqual(['despair']);
  });
});

describe('what was learned', () => {
  test('is called so, where no phrase says it, and tells the clause', () => {
    const like = marksOf('周末之前随便您怎么凑，凑不齐这事就到头了', 'lender');
    expect(like).toEqual([{ kind: 'ultimatum', from: 11, to: 20, words: '凑不齐这事就到头了', learned: true }]);
  });

  test('advises only: staff may send what merely reads like a threat', () => {
    const reads = { kind: 'threat', learned: true } as const;
    expect([isForbidden('lender', { kind: 'threat' }), isForbidden('lender', reads), isForbidden('borrower', { kind: 'threat' })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('is read as the trainer writes it: gaps of any width, each row, weights of either sign', () => {
    const weights = [0, -1, 1, -2, 2, -127, 127];
    const unsigned = weights.map((one) => (one < 0 ? -2 * one - 1 : 2 * one));
    const [steps, rows] = [
      [7, 1, 1_440, 1_500],
      [1, 1_023, 31, 32],
    ];
    const model = unpacked({
      scale: 1,
      sides: { borrower: [], lender: [] },
      steps: lettersOf(steps),
      rows: lettersOf(rows),
      weights: lettersOf(unsigned),
    });
    const places = Array.from({ length: 4_096 }, (_, number) => [number, placeOf(number, model)]);
    expect(places.filter(([, place]) => place !== 0)).toEqual([
      [7, 1],
      [8, 2],
      [1_448, 3],
      [2_948, 4],
    ]);
    expect([[...model.rows], [...model.weights]]).toEqual([[0, ...rows], weights]);
  });

  test('comes from 3,000 harmful sentences and as many harmless ones, of all kinds, in both languages', () => {
    const sentences = [...written(), ...tested()];
    const harmful = sentences.filter(({ kind }) => kind >= 0);
    expect(harmful.length).toBeGreaterThanOrEqual(3_000);
    expect(sentences.length - harmful.length).toBeGreaterThanOrEqual(3_000);
    for (const language of [/\p{Script=Han}/u, /^[^\p{Script=Han}]*$/u])
      expect(new Set(sentences.filter(({ text }) => language.test(text)).map(({ kind }) => kind)).size).toBe(KINDS.length + 1);
  });
});

describe('a long text', () => {
  const harm = Array.from({ length: 60 }, () => '你们就是一群吸血鬼。').join('');
  const polite = '您好，您的还款计划已经收到，谢谢您的理解和配合。'.repeat(60);

  test('of many marks so many are told as can be read, and despair after them is still heard', () => {
    const { marked, despair } = heard([{ field: 'words', text: `${harm.repeat(8)}我不想活了。` }], 'lender', null);
    expect(despair).toBe(true);
    const marks = marked.flatMap((one) => one.marks);
    expect(marks.length).toBeGreaterThanOrEqual(40);
    expect(marks.length).toBeLessThan(120);
    expect(marksOf(harm.repeat(8), 'lender').length).toBe(480);
  });

  test.each(['我们会告诉你的家人。', '打死你。'])('what staff may not send is found behind all else: %s', (text) => {
    for (const before of [harm.repeat(8), polite, harm + polite])
      expect(unsayable([{ field: 'words', text: before + text }], { side: 'lender' })).toMatchObject({
        refused: { code: 'wording.forbidden' },
      });
    expect(unsayable([{ field: 'words', text: harm.repeat(8) + polite }], { side: 'lender' })).toBeNull();
  });

  test('is marked in its pieces as its sentences are, within a quote that is longer than a piece too', () => {
    const at = polite.length + '“'.length;
    expect(marksOf(`${polite}你这个废物。${polite}`, 'lender')).toEqual([
      { kind: 'insult', from: polite.length, to: polite.length + 5, words: '你这个废物' },
    ]);
    expect(marksOf(`${polite}“${'您好。'.repeat(120)}你这个废物。”${polite}`, 'lender').filter(({ from }) => from > at)).toEqual([]);
  });
});

describe('places', () => {
  test('are those of the text as it was written: emoji, traditional letters, what is put between', () => {
    expect(marksOf('🙏😭你這個廢物', 'lender')).toEqual([{ kind: 'insult', from: 7, to: 9, words: '廢物' }]);
    expect(marksOf('你是傻*逼', 'borrower')).toEqual([{ kind: 'insult', from: 2, to: 5, words: '傻*逼' }]);
  });

  test('what staff may not send is found with anything between its letters, around its words or in other scripts; of stops nothing is taken', () => {
    const found = (text: string) => unsayable([{ field: 'words', text }], { side: 'lender' })?.refused;
    const hidden = [
      '**',
      ' * ',
      '  ',
      '--',
      '_._',
      '\u2800',
      '\u20dd',
      '\u0489',
      '\u2028',
      '\n',
      '\r\n',
      '，',
      '、',
      '。',
      '…',
      '；',
      '🙂',
      '“',
      '= ',
    ];
    for (const between of hidden) expect([between, found([...'打断你的腿'].join(between))?.code]).toEqual([between, 'wording.forbidden']);
    for (const text of [
      'We will kіll you.',
      'wе wіll kíll yоu',
      'WE WILL ΚΙLL YOU',
      'we  will   kill  you',
      'we will **kill** you',
      'we will _kill_ you',
    ])
      expect([text, found(text)?.code]).toEqual([text, 'wording.forbidden']);
    expect(found(`您好。\n${[...'打断你的腿'].join('\n')}\n谢谢。`)).toMatchObject({ words: '打\n断\n你\n的\n腿' });
    for (const text of ['好，行，我同意。', 'a你b的c我d', '还——款', '500*3', 'a_b', `滚${'，滚'.repeat(3)}`])
      expect([text, folded(text).text]).toEqual([text, text]);
  });

  test('hold for whatever is written', () => {
    const pieces = [...bad, ...harmless].map(({ text }) => text);
    const piece = fc.oneof(
      fc.constantFrom(...pieces),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('🙏', '👨‍👩‍👧', '，', ' ', '*', '\n', '𠮷', '嘅'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.constantFrom('borrower', 'lender'), (parts, side) => {
        const text = parts.join('');
        for (const { from, to, words } of marksOf(text, side, 50_000)) {
          expect(to).toBeGreaterThan(from);
          expect(text.slice(from, to)).toBe(words);
        }
      }),
    );
  });
});

describe('bounds', () => {
  const nonsense = [
    '傻逼',
    '每月还',
    '再不还',
    '我们会',
    '他说',
    'if you ',
    'i will ',
    'you are ',
    '"',
    '1',
    '1,',
    '不',
    '他说我',
    ' ',
    'a b ',
    'pay 1 ',
    '爸妈公司',
    '今天',
  ];

  test.each(nonsense)('20,000 letters of %j are read in a second of work', (piece) => {
    const text = piece.repeat(20_000 / piece.length);
    const start = worked();
    marksOf(text, 'borrower', 97_100);
    marksOf(text, 'lender');
    expect(worked() - start).toBeLessThan(1_000);
  });
});

describe('work', () => {
  const grown = (sentences: typeof bad, isOf: RegExp) =>
    sentences
      .map(({ text }) => text)
      .filter((text) => isOf.test(text))
      .join('\n')
      .slice(0, 5_000);
  const [chinese, latin] = [/\p{Script=Han}/u, /^\P{Script=Han}*$/u];
  const letter = '您好，您的还款计划已经收到，我们会在三个工作日内答复您，如有疑问请在页面上留言，谢谢您的理解和配合。'
    .repeat(100)
    .slice(0, 5_000);

  /** How many letters expressions look through: from where one is begun to the end of what it finds, or of the text; those that are tried at one place count once. */
  function looked(run: () => void): number {
    const exec = RegExp.prototype.exec;
    let letters = 0;
    const spy = vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
      const from = this.global ? this.lastIndex : 0;
      const found = exec.call(this, text);
      letters += this.sticky ? 1 : (found ? found.index + found[0].length : text.length) - from;
      return found;
    });
    try {
      run();
    } finally {
      spy.mockRestore();
    }
    return letters;
  }

  // What is counted does not hang on the machine; how long it takes is told by `npm run bench -- --wording`. Each phrase over the whole text were nearly 300 times its letters.
  const texts: [string, string, number][] = [
    ['a letter', letter, 15],
    ['harmless, in Chinese', grown(harmless, chinese), 10],
    ['harmless, in English', grown(harmless, latin), 10],
    ['nothing but harm, in Chinese', grown(bad, chinese), 30],
    ['nothing but harm, in English', grown(bad, latin), 30],
  ];

  test.each(texts)('%s: each letter is looked at by few expressions', (_, text, most) => {
    expect(text.length).toBe(5_000);
    for (const side of ['borrower', 'lender'] as const) {
      marksOf(text, side, 97_100);
      const times = looked(() => marksOf(text, side, 97_100)) / text.length;
      expect(times).toBeGreaterThan(1);
      expect(times).toBeLessThan(most);
    }
  });

  test('phrases are found where each by itself is', () => {
    const sentences = [...bad, ...harmless].map(({ text }) => folded(text).text);
    const pieces = Array.from({ length: Math.ceil(sentences.length / 12) }, (_, i) =>
      sentences.slice(i * 12, i * 12 + 12).join(i % 2 ? ' ' : ''),
    );
    for (const { phrases, harmless: spared } of [zh, en]) {
      const all = [...phrases, ...spared.map((words) => ({ words }))];
      const look = lookout(all);
      for (const text of pieces) {
        const alone = all.flatMap((one) =>
          [...text.matchAll(one.words)]
            .filter(([words]) => words !== '')
            .map((at) => ({ no: all.indexOf(one), from: at.index, to: at.index + at[0].length })),
        );
        const found = look(text).map(({ one, from, to }) => ({ no: all.indexOf(one), from, to }));
        const byPlace = (a: { no: number; from: number }, b: { no: number; from: number }) => a.from - b.from || a.no - b.no;
        expect(found.toSorted(byPlace)).toEqual(alone.toSorted(byPlace));
      }
    }
  });

  test.each([
    ['\\bab?c|\\bd', EDGES.word],
    ['\\bab?c|d', 0],
    ['(?:\\ba|b)', 0],
    [`${AFTER_STOP}a|${AFTER_STOP}(?:b|c)`, EDGES.stop],
    [`${AFTER_STOP}a|\\bb`, 0],
  ])('%s begins at no other edge than it says', (source, edges) => {
    expect(edgesOf(source)).toBe(edges);
  });

  test('what is looked for in one scope is not found in another', () => {
    const look = lookout([{ words: /a/g }, { words: /b/g }], ({ words }) => (words.source === 'a' ? 1 : 2));
    expect([1, 2, 3].map((scope) => look('ab', scope).map(({ from }) => from))).toEqual([[0], [1], [0, 1]]);
  });

  test.each([
    ['ab?c|d', ['ab', 'ac', 'd']],
    ['(?:你|您)(?:们)?的', ['你们', '你的', '您们', '您的']],
    ['(?<!不)x{2,3}(?=y)z', ['xx']],
    ['[ab]{0,1}c', ['ac', 'bc', 'c']],
    ['[^，]{0,3}钱', [`${ANY}${ANY}`, `${ANY}钱`, '钱']],
    ["\\bi(?:'|’)?m\\b", ["i'", 'i’', 'im']],
    ['🖕|a\\$', ['🖕', 'a$']],
    ['x*', ['', 'x', 'xx']],
    ['[\\u00e0-\\u00e1]\\p{L}', [`à${ANY}`, `á${ANY}`]],
  ])('%s begins with no less than it may', (source, begun) => {
    expect([...beginnings(source)].toSorted()).toEqual(begun.toSorted());
  });
});

test('the command answers a line each, and says what it cannot read', () => {
  const lines = [
    '{"text":"再不还就爆你通讯录","side":"lender"}',
    '',
    'no JSON',
    '{"text":"我每月还三千","side":"borrower","language":"zh","affordable":97100}',
  ];
  const run = spawnSync(process.execPath, ['db/wording.ts'], { input: lines.join('\n'), encoding: 'utf8' });
  const answers = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers).toEqual([
    { marks: expect.arrayContaining([expect.objectContaining({ kind: 'exposure' })]) },
    { refused: expect.stringContaining('"text"') },
    { marks: [{ kind: 'overpromise', from: 1, to: 6, words: '每月还三千' }] },
  ]);
});
