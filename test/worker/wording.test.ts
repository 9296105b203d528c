import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainOpening, Stage } from '../../db/demo.ts';
import { TYPED } from '../../web/parts/view.ts';
import { type Language, wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { marksOf, type Side } from '../../worker/wording/marks.ts';
import { type Rig, rig } from '../portal.ts';
import { inBoth, plainText, type Visitor, visitor } from './people.ts';

/** Words that may do harm, at the moment of sending: the page, its three choices, what staff cannot send, and help for whoever despairs. */

let portal: Rig;
let stage: Stage;
let chen: Record<Language, Visitor>;
let lin: Record<Language, Visitor>;
let id: string;

beforeAll(async () => {
  portal = await rig();
  stage = await Stage.set(portal, Date.now());
  [chen, lin] = [await inBoth(portal, 'chen'), await inBoth(portal, 'lin')];
  id = randomId();
  await stage.give('chen', 'mingheng', id, 'case.open', plainOpening(stage.today(), '明衡消费金融'));
});
afterAll(() => portal.remove());

const SIDES = ['borrower', 'lender'] as const;
const LANGUAGES = ['zh', 'en'] as const;
const say = (who: Visitor, words: string, more: Record<string, string> = {}) =>
  who.post(`/cases/${id}/do/talk.message`, { requestId: randomId(), words, ...more });
const thread = async (who: Visitor) => plainText(await (await who.get(`/cases/${id}`)).text());
const hidden = (html: string, name: string) => new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1];

describe.each(LANGUAGES)('%s', (language) => {
  const words = wordsOf(language);
  const { wording } = words;

  test('a borrower sees what is marked, why, and a calmer sentence, with three choices alike; nothing was sent', async () => {
    const text = `你们就是一群吸血鬼，每月我还五千。${language}`;
    const answer = await say(chen[language], text);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    const shown = plainText(html);
    for (const part of [wording.title, wording.lead, wording.kinds.insult.why, wording.kinds.insult.calmer.borrower, wording.kept])
      expect(shown).toContain(part);
    // The promise is held against the figures that this borrower stated.
    expect(shown).toContain(wording.promise({ amount: '¥' }).split('¥')[0]);
    expect(html).toMatch(/<mark>[^<]*吸血鬼<\/mark>/);
    for (const choice of [wording.change, wording.send, wording.discard]) expect(shown).toContain(choice);
    expect(hidden(html, 'words')).toBe(text);
    expect(await thread(chen[language])).not.toContain(text);
    const again = await chen[language].post(`/cases/${id}/typed/talk.message`, { words: text });
    expect([again.status, (await again.text()).includes(`${text}</textarea>`)]).toEqual([200, true]);
    // In the other language, and in larger letters, it is there still.
    const turned = [...html.matchAll(/<button type="submit" form="(\w+)" formaction="([^"]+)"/g)];
    expect(turned.map(([, form]) => form)).toEqual([TYPED, TYPED]);
    expect(html).toContain(`id="${TYPED}"`);
    for (const [, , to = ''] of turned) {
      const page = await chen[language].post(to.replace(/&amp;/g, '&'), { words: text });
      expect([page.status, (await page.text()).includes(`${text}</textarea>`)], to).toEqual([200, true]);
    }
    expect(await thread(chen[language])).not.toContain(text);
  });

  test('it never blocks a borrower: sent as it is it stands in the record, without a trace of the marks', async () => {
    const text = `你们就是一群吸血鬼 ${language}`;
    const sent = await say(chen[language], text, { asItIs: '1' });
    expect(sent.status).toBe(303);
    const html = await (await lin[language].get(`/cases/${id}`)).text();
    expect(plainText(html)).toContain(text);
    expect(html).not.toContain('<mark>');
  });

  test('staff cannot send exposure, threat or false authority, by no door; what they may send as it is they may', async () => {
    for (const text of ['再不还我就联系你单位领导。', '你等着，找人上门收拾你。', '我们是公安局经侦大队的，马上上门抓你。']) {
      for (const more of [{}, { asItIs: '1' }]) {
        const answer = await say(lin[language], text, more);
        expect([text, answer.status]).toEqual([text, 422]);
        const shown = plainText(await answer.text());
        if (!('asItIs' in more)) {
          expect(shown).toContain(wording.forbiddenLead);
          expect(shown).not.toContain(wording.send);
          expect(Object.values(wording.rule).some((rule) => shown.includes(rule))).toBe(true);
        }
      }
      const byApi = await lin[language].send(`/api/v1/cases/${id}/commands/talk.message`, JSON.stringify({ words: text }), {
        'content-type': 'application/json',
        'idempotency-key': randomId(),
      });
      expect([byApi.status, JSON.stringify(await byApi.json()).includes('wording.forbidden')]).toEqual([409, true]);
    }
    expect((await say(lin[language], '最后给你两小时，过时不候。', { asItIs: '1' })).status).toBe(303);
    expect(await thread(chen[language])).not.toContain('收拾你');
  });

  test('words of despair are sent at once, and the page that follows offers help first; they are no fault', async () => {
    const sent = await say(chen[language], '我真的不想活了。');
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/cases/${id}?care=1`]);
    // However it was put: help comes first, and nothing of it is held against them.
    expect((await say(chen[language], '我真的不想活了，你们这群吸血鬼别逼我。')).headers.get('location')).toBe(`/cases/${id}?care=1`);
    const html = await (await chen[language].get(`/cases/${id}?care=1`)).text();
    expect(plainText(html)).toContain(wording.careTitle);
    expect(html).toContain('href="tel:12356"');
    const theirs = await (await lin[language].get(`/cases/${id}`)).text();
    expect(theirs).not.toContain('tel:12356');
  });

  test('while it is written it is told how a text reads, of no case and kept nowhere; despair first, with where to turn', async () => {
    const told = async (who: Visitor, text: string): Promise<unknown> => (await who.post('/wording', { text })).json();
    expect(await told(lin[language], '我们会联系你单位领导')).toEqual([expect.stringContaining(wording.kinds.exposure.why)]);
    expect(await told(chen[language], '我真的不想活了')).toEqual([wording.typedCare({ line: '12356' })]);
    expect(await told(chen[language], '我下个月可以还八百')).toEqual([]);
    expect(await told(chen[language], '')).toEqual([]);
    const answer = await chen[language].post('/wording', { text: '你这个废物'.repeat(10_000) });
    expect([answer.status, answer.headers.get('cache-control'), (await answer.text()).length < 2_000]).toEqual([
      200,
      'private, no-store',
      true,
    ]);
    // What a case is opened with is written before there is an account.
    expect(await (await visitor(portal).post('/wording', { text: '你这个废物' })).json()).toHaveLength(1);
  });

  test('plain words go straight through', async () => {
    for (const text of ['我会投诉。', '我没有威胁你的意思。', '一次性交纳有困难，每月能还九百。'])
      expect((await say(chen[language], text)).status).toBe(303);
    expect((await say(lin[language], '我们不会联系您的家人。')).status).toBe(303);
  });

  test('no sentence that the portal itself offers is marked', () => {
    const found: string[] = [];
    const walk = (value: unknown, path: string, sides: readonly Side[]): void => {
      if (typeof value === 'string') {
        for (const side of sides)
          if (marksOf(value, side).length > 0) found.push(`${path} ${side}: ${value} ${JSON.stringify(marksOf(value, side))}`);
      } else if (typeof value === 'object' && value !== null)
        for (const [name, part] of Object.entries(value)) walk(part, `${path}.${name}`, sides);
    };
    for (const [kind, { calmer }] of Object.entries(wording.kinds))
      for (const side of SIDES) walk(calmer[side], `${language}.${kind}`, [side]);
    walk({ letters: words.letters, willing: words.opening.willing }, language, SIDES);
    expect(found).toEqual([]);
  });
});
