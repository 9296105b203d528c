import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PEOPLE } from '../../db/demo.ts';
import { accounts } from '../../db/directory/schema.ts';
import { coverageOf, fontFiles } from '../../db/fonts.ts';
import { type Hand, playWhole, takeAway } from '../../db/play-whole.ts';
import { randomId } from '../../worker/chance.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { tablesOf, viewOf } from '../../worker/export/font/truetype.ts';
import { Sheet } from '../../worker/export/sheet.ts';
import { COVERAGE } from '../../worker/negotiation/coverage.ts';
import { BOLD_FONT, FIRST_FONT, type FontName } from '../../worker/negotiation/letters.ts';
import { PartyName } from '../../worker/negotiation/text.ts';
import { connect } from '../../worker/store/connect.ts';
import { openDirectory } from '../../worker/store/open.ts';
import { rowSeals } from '../../worker/store/relied.ts';
import { sealsOf } from '../../worker/store/seals.ts';
import { type Rig, rig } from '../portal.ts';
import { streamsOf } from '../record/inside.ts';
import { visitor } from '../worker/people.ts';
import { copied } from './extract.ts';
import { allFonts } from './fonts.ts';

/** Names of people as they are written in China and around it, and as a document gives them back. */
const NAMES = [
  '王小雨',
  '𠮷田',
  '欧阳𬀩𪚥',
  '㐖𠀀𫝀𬬭𮯠',
  'བསོད་ནམས་',
  'བསོད་ནམས་རྒྱལ་མཚན',
  '김철수',
  'Nguyễn Thị Ánh',
  'ئابدۇللا مەھمۇت',
  'نۇرگۈل',
  'مۇحەممەتئىمىن',
  'ᠪᠠᠲᠤ',
  'ꆈꌠꁱꂷ',
  'Нұрғали Қасым Ңөү',
  'ᥖᥭᥰ',
  'ᦺᦑ',
  '阿卜杜拉·买买提',
  'Łukasz Öz Ğül',
  'Ạ̈x',
];
const RIGHT_TO_LEFT = /\p{Script=Arabic}/u;

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

async function sheetOf(...lines: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const sheet = Sheet.begin(fonts, { title: 'x', language: 'zh-CN', at: '2026-11-25T00:00:00.000Z' });
  for (const line of lines) sheet.paragraph(line);
  return sheet.finish(() => '', '');
}

const letters = (text: string) => text.replace(/\s/g, '');

/** The letters of a text that a document maps to a glyph which draws nothing, from the fonts embedded in it. */
function blank(pdf: Uint8Array): string[] {
  const streams = streamsOf(pdf);
  const maps = streams.map((bytes) => Buffer.from(bytes).toString('latin1')).filter((text) => text.includes('beginbfchar'));
  const files = streams.filter((bytes) => bytes.length > 12 && viewOf(bytes).getUint32(0) === 0x00010000);
  expect(maps.length).toBeGreaterThan(0);
  expect(files).toHaveLength(maps.length);
  return maps.flatMap((map, font) => {
    const { loca, glyf } = tablesOf(files[font] ?? new Uint8Array());
    if (!loca || !glyf) throw new Error('no outlines');
    return [...map.slice(map.indexOf('beginbfchar')).matchAll(/^<([0-9A-F]{4})> <([0-9A-F]+)>$/gm)].flatMap(
      ([, code = '', letters = '']) => {
        const glyph = Number.parseInt(code, 16);
        expect(glyph).toBeGreaterThan(0);
        const text = new TextDecoder('utf-16be').decode(Buffer.from(letters, 'hex'));
        const empty = viewOf(loca).getUint32(glyph * 4) === viewOf(loca).getUint32(glyph * 4 + 4);
        return empty && text.trim() !== '' ? [text] : [];
      },
    );
  });
}

test('the table of letters is that of the fonts', () => {
  for (const { name, bytes } of fontFiles())
    expect(coverageOf(name, bytes) === COVERAGE[name === BOLD_FONT ? FIRST_FONT : (name as FontName)], name).toBe(true);
});

describe('a name in a document', () => {
  test.each(NAMES)('%s: every letter is drawn, and is the same letter when copied', async (name) => {
    const known = PartyName.parse(name);
    const pdf = await sheetOf(`借款人：${known}。`, known);
    const { libpdf, pdfjs } = await copied(pdf);
    // pdf.js counts letters with marks on them as having no width, and may see a space after them.
    expect(letters(pdfjs)).toBe(letters(`借款人：${known}。${known}`));
    // The one reader gives right-to-left letters as they stand on the page, from left to right; the other has put them in order above.
    if (RIGHT_TO_LEFT.test(name))
      expect([...libpdf].sort().join('').trim()).toBe([...`借款人：${known}。\n${known}`].sort().join('').trim());
    else expect(libpdf).toContain(`借款人：${known}。\n${known}`);
    expect(blank(pdf)).toEqual([]);
  });

  test('letters that share a shape stay the letters that they are', async () => {
    const alike = '⼀一・･·•金⾦￥¥';
    const { libpdf, pdfjs } = await copied(await sheetOf(alike));
    expect(libpdf.trim()).toBe(alike);
    expect(pdfjs.trim()).toBe(alike);
  });

  test('what no font draws stands as its code point, never as a box or as another letter', async () => {
    const pdf = await sheetOf('王小雨🙂，\u{1F468}\u200d\u{1F469}\u200d\u{1F467}，\u{378}\ue000，\u{31350}');
    const { libpdf, pdfjs } = await copied(pdf);
    for (const text of [libpdf, pdfjs])
      expect(text.trim()).toBe('王小雨[U+1F642]，[U+1F468][U+1F469][U+1F467]，[U+0378][U+E000]，[U+31350]');
    expect(blank(pdf)).toEqual([]);
  });

  test('letters that join are joined: each has the form of its place, and the mark of a letter is over it', async () => {
    // One and the same letter at the beginning, in the middle, at the end and alone: four shapes.
    const map = streamsOf(await sheetOf('ه ههه'))
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .find((text) => text.includes('beginbfchar'));
    expect(map?.match(/<0647>/g)).toHaveLength(4);
    // A Tibetan stack of three letters is one shape.
    const stack = streamsOf(await sheetOf('རྒྱ'))
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .find((text) => text.includes('beginbfchar'));
    expect(stack).toContain('<0F620F920FB1>');
  });

  test('a long word is broken between letters, never inside one', async () => {
    const { libpdf } = await copied(await sheetOf('𠮷'.repeat(150), 'བསོད་ནམས'.repeat(40)));
    expect(libpdf.replace(/\s/g, '')).toBe('𠮷'.repeat(150) + 'བསོད་ནམས'.repeat(40));
    for (const line of libpdf.split('\n')) expect(line).not.toMatch(/^\p{M}/u);
  });

  test('a Chinese document carries one font and stays small', async () => {
    const pdf = await sheetOf(...Array.from({ length: 60 }, (_, i) => `第 ${i} 条：双方确认，借款人按计划还款。`));
    expect(pdf.length).toBeLessThan(20_000);
    expect(streamsOf(pdf).filter((bytes) => bytes.length > 12 && viewOf(bytes).getUint32(0) === 0x00010000)).toHaveLength(1);
  });
});

describe('at the portal', () => {
  let portal: Rig;
  let chen: Hand;
  let id: string;
  beforeAll(async () => {
    portal = await rig();
    ({ chen, id } = await playWhole(portal));
  });
  afterAll(() => portal.remove());

  test('the signed record has every letter of whoever wrote in it', async () => {
    const directory = openDirectory(portal.env);
    const db = connect(portal.env.directory.url, portal.env.directory.token);
    const { email, phone } = PEOPLE.chen;
    const account = await directory.accountByContact(email ? { email } : { phone: phone ?? '' });
    for (const name of NAMES) {
      if (!account) throw new Error('陈建国 is there.');
      const named = rowSeals(sealsOf(portal.keys)).sealed('account', { ...account, name: PartyName.parse(name) });
      await db.update(accounts).set(named).where(eq(accounts.id, account.id));
      await chen(`/cases/${id}/do/talk.message`, { words: `我是${name}。`, requestId: randomId() });
    }
    const pdf = await takeAway(chen, id, 'record.pdf');
    const { pdfjs } = await copied(pdf);
    for (const name of NAMES) {
      expect(letters(pdfjs)).toContain(letters(`我是${name.normalize('NFC')}。`));
      expect(letters(pdfjs)).toContain(letters(`${name.normalize('NFC')}：借款人`));
    }
    expect(blank(pdf)).toEqual([]);
  });

  test.each([
    ['en', '“🙂” [U+1F642] cannot be written in documents'],
    ['zh', '“🙂”[U+1F642] 无法写进协议等文件'],
  ])('a name with a letter that no document can draw is refused at sign-up, and told which (%s)', async (language, said) => {
    const fields = { name: '王小雨🙂', contact: 'wang@example.com', password: 'a long pass phrase' };
    const answer = await visitor(portal, `language=${language}`).post('/sign-up', fields);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain(said);
    expect(html).toContain('王小雨🙂');
  });

  test('invisible characters and parts of letters do no harm at sign-up', async () => {
    const fields = { name: '\u202D王小\u200b雨\u202C', contact: 'wang@example.com', password: 'a long pass phrase' };
    const answer = await visitor(portal).post('/sign-up', fields);
    expect(answer.status).toBe(303);
  });
});
