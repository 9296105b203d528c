import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { check } from '../../web/pages/opening/check.tsx';
import type { Standing } from '../../web/pages/opening/step.ts';
import { SharePage } from '../../web/pages/share.tsx';
import { EntryView } from '../../web/parts/entry.tsx';
import { ThreadPage } from '../../web/parts/thread.tsx';
import { BLANK, type View } from '../../web/parts/view.ts';
import { figureName } from '../../web/telling/means.ts';
import { wayName } from '../../web/telling/referral.ts';
import { tell } from '../../web/telling/tell.ts';
import { dateText, momentText, money, rateText, type Words, wordsAt, wordsOf } from '../../web/words/index.ts';
import { IndexPage } from '../../worker/export/bundle.tsx';
import { making, recordSheet } from '../../worker/export/documents.ts';
import type { Fonts } from '../../worker/export/font/faces.ts';
import { shownCase } from '../../worker/export/shown.ts';
import { EMPTY_CASE, ENTRY_KINDS, fold, type Kind, kindOf } from '../../worker/negotiation/case.ts';
import { isDecided } from '../../worker/negotiation/command.ts';
import { clock } from '../../worker/negotiation/conduct.ts';
import { commands as life } from '../../worker/negotiation/life.ts';
import type { Scope } from '../../worker/negotiation/seats.ts';
import { formatPercent } from '../../worker/plan/amount.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { HOME } from '../../worker/plan/law/place.ts';
import type { RecordFile } from '../../worker/record/format.ts';
import { withhold } from '../../worker/record/withhold.ts';
import { frozen } from '../../worker/store/remembered.ts';
import { copied } from '../export/extract.ts';
import { allFonts } from '../export/fonts.ts';
import { LIN, Play, XIAOYU } from '../negotiation/play.ts';
import { plainText } from '../worker/people.ts';
import { CONTENTS, EVERYTHING } from './everything.ts';

/** What an entry holds is told by every reader, in both languages: none says less than another. */

const kase = fold(EVERYTHING);

/** How a value reads, by where it stands in a content: one of the texts has to be there. What has no rule reads as it is. */
type Reading = (value: never, words: Words, holder: never) => string | readonly string[];
const rule = <Value, Holder = unknown>(at: RegExp, read: (value: Value, words: Words, holder: Holder) => string | readonly string[]) => ({
  at,
  read: read as Reading,
});
const AMOUNT =
  'principal|interest|penalty|fees|amount|missing|left|paid|overpaid|owed|waived|highest|floor|income|expenses|otherDebts|disposable|affordable';
const RULES = [
  // A currency is said by its sign; the digest of a contact is there to be compared, by the portal, and means nothing to anybody.
  rule(/\.(currency|contact)$/, () => ''),
  rule<'runs' | 'waived'>(/\.phases\.\d+\.interest$/, (interest, words) =>
    words.terms.clause
      .pause({ count: 1, every: 'month', from: '', to: '', isWhole: true, interest })
      .replace(words.terms.clause.pause({ count: 1, every: 'month', from: '', to: '', isWhole: true, interest: 'none' }), ''),
  ),
  rule<string>(/\.phases\.\d+\.kind$/, () => ''),
  rule<string>(/reasons\.(principal|interest|penalty|fees)$/, (reason) => reason),
  // Of a total whose parts are unknown it is said that they are, and not that they are none.
  rule<number>(/^debt\.stated\.debt\.(interest|penalty|fees)$/, (fen) => (fen === 0 ? '' : money(fen))),
  rule<boolean>(/\.partsUnknown$/, (_, words) => words.debt.partsUnknown),
  // Where nothing is waived, that is not said.
  rule<number>(/\.totals\.waived$/, (fen) => (fen === 0 ? '' : money(fen))),
  rule<number>(new RegExp(`\\.(${AMOUNT})$`), (fen) => money(fen)),
  rule<number>(/wished\.hours\.(from|until)$/, (minutes) => clock(minutes)),
  rule<'declined'>(/^impasse\..*\.rule$/, (rule, words) => words.impasse.rules[rule]),
  rule<'charges'>(/^complaint\.raised\.kind$/, (kind, words) => [words.complaint.kinds[kind], words.complaint.kinds[kind].toLowerCase()]),
  rule<'mediation'>(/^referral\.made\.way$/, (way, words) => wayName({ jurisdiction: 'CN', way }, words).toLowerCase()),
  rule<'settled'>(/^referral\..*\.outcome$/, (outcome, words) => words.ways.outcomes[outcome].toLowerCase()),
  rule<string>(/^referral\.made\.to$/, (to) => to),
  rule<string>(/^consent\..*\.to$/, (_, words) => (words.language.code === 'en' ? 'papers' : '材料')),
  rule<'partly'>(/^complaint\..*\.outcome$/, (outcome, words) => words.complaint.outcomes[outcome]),
  rule<'regulator'>(/^complaint\..*\.to$/, (to, words) => words.complaint.overseers[to]),
  rule<boolean>(/\.earliest$/, (_, words) => (words.language.code === 'en' ? 'no earlier than' : '不早于')),
  rule<string>(
    /\.(asOf|contractDate|overdueSince|answerBy|since|until|from|due|start|firstDue|lastDue|on|to|agreed|keptUntil)$/,
    (date, words) => dateText(words, date),
  ),
  rule<string>(/\.(at|expiresAt)$/, (at, words) => momentText(words, at)),
  rule<'before'>(/reminded.*\.when$/, (when, words) => words.entry['instalment.reminded']({ name: words.move.name(9), when })),
  rule<'writing'>(/wished\.asks\.\d+$/, (ask, words) => words.conduct.asks[ask]),
  rule<'unanswered'>(/\.outcome$/, (outcome, words) => words.conduct.outcomeOf[outcome]),
  rule<'contract'>(/^case\.joined\.by$/, (_, words) => words.entry.joinedByContract),
  rule<'work'>(/\.called$/, (called, words) => words.conduct.calledOf[called]),
  rule<'hours'>(/\.beyond\.\d+\.what$/, (what, words) => words.conduct.beyond[what]({ count: 77, limit: 61 })),
  rule<string>(/\.when$/, (when, words) => [`${dateText(words, when.slice(0, 10))} ${when.slice(11)}`]),
  rule<'mail' | 'phone'>(
    /\.channel$/,
    (channel, words) =>
      ({ mail: words.language.code === 'en' ? 'address' : '邮箱', phone: words.language.code === 'en' ? 'number' : '手机' })[channel],
  ),
  rule<'illness'>(/\.cause\.kind$/, (kind, words) => words.cause[kind]),
  rule<'salary'>(/\.incomes\.\d+\.kind$/, (kind, words) => words.incomes[kind]),
  rule<'food'>(/\.expenses\.\d+\.kind$/, (kind, words) => words.expenses[kind]),
  rule<'car'>(/\.otherDebts\.\d+\.kind$/, (kind, words) => words.otherDebts[kind]),
  rule<'week'>(/\.(incomes|expenses|otherDebts)\.\d+\.every$/, (every, words) => words.every[every]),
  rule<string>(/figures\.\d+$/, (figure, words) => figureName(words, figure)),
  rule<string>(/\.figure$/, (key, words) => {
    const [group, kind] = key.split('.') as ['incomes', 'salary'];
    return words[group][kind];
  }),
  rule<'more'>(/\.direction$/, (one, words) =>
    [words.means.direction[one as 'more'] ?? '', words.case.callDirectionOf[one as never] ?? '']
      .filter(Boolean)
      .flatMap((text) => [text, text.toLowerCase()]),
  ),
  rule<number>(/\.sharePpm$/, (ppm) => `${formatPercent(ppm)}%`),
  rule<number>(/\.annualRatePpm$/, (ppm) => `${formatPercent(ppm)}%`),
  rule<number, { per: 'year'; ppm: number }>(/\.rate\.(per|ppm)$/, (_, words, rate) => rateText(words, rate)),
  rule<'principal'>(/\.interestOn$/, (on, words) => words.terms.interestOnOf[on]),
  rule<'period', { every: 'month'; rate: { per: 'year' } }>(/\.dayCount$/, (count, words, { every, rate }) =>
    words.agreement.dayCount[count]({ every, per: rate.per }),
  ),
  rule<'month'>(
    /\.terms\.every$/,
    (every, words) =>
      (words.language.code === 'en'
        ? { month: 'month', fortnight: 'two-week', week: 'week' }
        : { month: '每月', fortnight: '每两周', week: '每周' })[every],
  ),
  rule<number>(/\.size$/, (size) => size.toLocaleString('en')),
  rule<'withdrawn' | 'other'>(/\.reason$/, (reason, words) =>
    [words.case.closeReasons[reason as 'withdrawn'], words.evidence.reasons[reason as 'other'], reason].filter((one) => one !== undefined),
  ),
  rule<'other'>(/proposal\.declined.*\.reasons\.\d+$/, (reason, words) => words.offer.reasons[reason]),
  rule<'app'>(/\.method$/, (method, words) => words.payment.methods[method]),
  rule<'hardship'>(/\.letter$/, (letter, words) => words.letters.kind[letter]),
  rule<'record.pdf'>(/\.what$/, (what, words) => words.case.download[what]),
  rule<number>(/\.minutes$/, (minutes, words) => words.case.minutes(minutes)),
  rule<string>(/\.jurisdiction$/, (jurisdiction, words) => lawOf({ jurisdiction }).name[words.language.code === 'en' ? 'en' : 'zh']),
  // Which of two sentences stands there, by what only the one says.
  rule<boolean>(/\.moves\.toEnd$/, (_, words) => (words.language.code === 'en' ? 'or to behind the last one' : '或移到最后一期之后')),
  rule<boolean>(/\.holidayHint$/, (_, words) => words.schedule.holidays),
  rule<boolean>(/\.afterBreach\.waiversLapse$/, (_, words) =>
    words.language.code === 'en' ? 'the waivers lapse in part' : '按下一条部分失效',
  ),
  rule<boolean>(/\.afterBreach\.restDue$/, (_, words) => (words.language.code === 'en' ? 'all that is left is due' : '剩余款项全部到期')),
  rule<boolean>(/\.broken\.restDue$/, (_, words) => words.arrears.rest),
  rule<boolean>(/\.atOnce$/, (_, words) => words.move.how.atOnce),
  rule<number, { scope: Scope }>(
    /appointed.*\.wording$/,
    (version, words, { scope }) => words.representation.powersOf[version]?.[scope] ?? '',
  ),
  rule<'lawyer'>(/\.relation$/, (one, words) => words.representation.relationOf[one]),
  rule<'read'>(/\.scope$/, (one, words) => words.representation.scopeOf[one]),
  rule<'settled'>(/mediation\.ended.*\.why$/, (one, words) => words.mediation.state[one]),
  rule<number>(/\.neutrality$/, (version, words) => words.mediation.neutrality[version] ?? ''),
  rule<'date'>(/representative\.ended.*\.why$/, (one, words) => words.representation.state[one]),
  rule<boolean>(/\.whole$/, (_, words) => words.entry.erasedWhole),
] as const;

/** Every value of a content: where it stands, and how it may read. */
function* values(value: unknown, words: Words, path: string, holder: unknown): Generator<{ path: string; texts: readonly string[] }> {
  if (value === null || value === undefined) return;
  if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) yield* values(inner, words, `${path}.${key}`, value);
    return;
  }
  const found = RULES.find(({ at }) => at.test(path));
  const texts = found ? found.read(value as never, words, holder as never) : String(value);
  yield { path, texts: typeof texts === 'string' ? [texts] : texts };
}

const squeezed = (text: string) => text.replace(/\s/g, '');

/** What of an entry's content does not stand in a reader's text of it. */
function left(entry: { kind: Kind; content: unknown }, text: string, words: Words): string[] {
  const has = squeezed(text).toLowerCase();
  return [...values(entry.content, words, entry.kind, null)]
    .filter(({ texts }) => !texts.some((one) => has.includes(squeezed(one).toLowerCase())))
    .map(({ path, texts }) => `${path}: ${texts.join(' | ')}`);
}

const missing = (words: Words, textOf: (entry: (typeof EVERYTHING)[number]) => string) =>
  EVERYTHING.flatMap((entry) => left(entry, textOf(entry), words));

test('the entries below hold everything that an entry of their kind can hold', () => {
  const members = (schema: unknown, path: string): string[] => {
    const { properties, items, anyOf } = schema as { properties?: Record<string, unknown>; items?: unknown; anyOf?: unknown[] };
    const inner = Object.entries(properties ?? {}).flatMap(([key, one]) => [`${path}.${key}`, ...members(one, `${path}.${key}`)]);
    return [...inner, ...(items ? members(items, path) : []), ...(anyOf ?? []).flatMap((one) => members(one, path))];
  };
  const held = (value: unknown, path: string): string[] => {
    if (typeof value !== 'object' || value === null) return value === null ? [] : [path];
    if (Array.isArray(value)) return value.length === 0 ? [] : [path, ...value.flatMap((one) => held(one, path))];
    return [path, ...Object.entries(value).flatMap(([key, one]) => held(one, `${path}.${key}`))];
  };
  const have = new Set(EVERYTHING.flatMap(({ kind, content }) => held(content, kind)));
  for (const kind of ENTRY_KINDS) {
    const schema = z.toJSONSchema(kindOf(kind)?.content ?? z.never(), { io: 'output', unrepresentable: 'any' });
    const paths = members(schema, kind);
    expect(paths.length, kind).toBeGreaterThan(0);
    expect(paths.filter((path) => !have.has(path))).toEqual([]);
  }
  for (const { kind, content } of EVERYTHING) expect(() => kindOf(kind)?.content.parse(content), kind).not.toThrow();
});

let fonts: Fonts;
beforeAll(async () => {
  fonts = await allFonts();
});

const record = {
  format: 'heyi-record/1',
  header: { case: 'c', lender: 'mingheng', openedAt: '2026-11-01T00:00:00.000Z', number: 'MH-0001' },
  entries: EVERYTHING.map((entry) => ({ ...entry, authorSalt: null, authorDigest: '', salt: null, digest: '', prev: '' })),
  checkpoints: [],
  keys: [],
  files: [],
} satisfies RecordFile;

describe.each(['zh', 'en'] as const)('%s', (language) => {
  const words = wordsOf(language);
  const view: View = {
    words,
    language,
    path: '/',
    origin: 'https://heyi.example',
    elder: false,
    person: null,
    passkey: false,
    development: false,
    requestId: () => 'r',
    refused: null,
    unproven: false,
    reachesPhones: true,
    unreached: null,
    paused: null,
  };
  const made = () =>
    making(record, {
      source: {
        number: 'MH-0001',
        lender: '明衡',
        head: { seq: 1, hash: '' },
        origin: 'https://heyi.example',
        fonts,
        at: '2026-11-25T00:00:00.000Z',
      },
      words,
      signer: { privateKey: '', certificates: [] },
    });

  test('a telling says all that an entry holds, in words of its own', () => {
    const textOf = (entry: (typeof EVERYTHING)[number]) => {
      const { what, lines } = tell(entry, kase, words);
      return [what, ...lines.flatMap(({ label, value, aside }) => [label, value, aside])].join(' ');
    };
    expect(missing(words, textOf)).toEqual([]);
    for (const entry of EVERYTHING) expect(textOf(entry), entry.kind).not.toMatch(/undefined|NaN|\[object/);
  });

  test('the thread', () => {
    const situation = new Play().context(LIN);
    const textOf = (entry: (typeof EVERYTHING)[number]) => plainText(EntryView({ entry, kase, caseId: 'c', view, situation }).toString());
    expect(missing(words, textOf)).toEqual([]);
  });

  /** The same words where clocks are eleven hours behind those of the mainland. */
  const far = (shown: View): View => ({ ...shown, words: wordsAt(shown.words, { ...HOME, zone: '-03:00' }) });
  const situation = new Play().context(LIN);
  const seats = (['borrower', 'agent', 'mediator'] as const).map((capacity) => {
    const side = capacity === 'agent' ? 'lender' : 'borrower';
    return { ...situation.seat, capacity, side } satisfies typeof situation.seat;
  });
  const views = LANGUAGES.flatMap((language) => {
    const shown = { ...view, language, words: wordsOf(language) };
    return [shown, far(shown)];
  });

  test('the thread, of a page that is drawn once: for each case, language, clock, capacity and place of the page its own, and none with something for its reader', () => {
    const page = (
      entries: typeof EVERYTHING,
      { seat, ...rest }: Omit<Parameters<typeof ThreadPage>[0], 'entries' | 'situation'> & { seat: typeof situation.seat },
    ) => ThreadPage({ entries, ...rest, situation: { ...situation, seat } });
    const calls = EVERYTHING.filter(({ kind }) => kind === 'talk.call-logged');
    const rest = EVERYTHING.filter((entry) => !calls.includes(entry));
    const kept = frozen(structuredClone(rest));
    const cases = [kase, { ...kase, lenderName: '另一家', stage: 'negotiating' as const }].map((one) => frozen(structuredClone(one)));
    const all = cases.flatMap((still) =>
      views.flatMap((shown) =>
        seats.flatMap((seat) =>
          ['c', 'd'].flatMap((caseId) =>
            [true, false].flatMap((more) => [true, false].map((paged) => ({ kase: still, view: shown, seat, caseId, more, paged }))),
          ),
        ),
      ),
    );
    // Nothing that is not frozen is drawn once.
    const own = all.map((one) => page(rest, { ...one, kase: structuredClone(one.kase) }).toString());
    // All but the two sides differ: what is for one of them alone is no part of such a page.
    expect(new Set(own).size).toBe((all.length / seats.length) * 2);
    for (const order of [all.keys(), [...all.keys()].reverse()])
      for (const i of order)
        expect(page(kept, all[i] as (typeof all)[number]).toString() === own[i], JSON.stringify([i, all[i]?.seat, all[i]?.more])).toBe(
          true,
        );
    const [first] = all;
    if (first) expect(page(kept, first)).toBe(page(kept, first));
    expect(calls.length).toBeGreaterThan(0);
    const withCalls = frozen(structuredClone(EVERYTHING));
    if (first) expect(page(withCalls, first)).not.toBe(page(withCalls, first));
  });

  test('the thread, of an entry that is drawn once: for each language, clock, capacity, what came before it and state of the case its own', () => {
    const cases = [kase, { ...kase, lenderName: '另一家' }].map((one) => frozen(structuredClone(one)));
    const all = cases.flatMap((still) =>
      views.flatMap((shown) =>
        seats.flatMap((seat) =>
          ['c', 'd'].flatMap((caseId) =>
            [true, false].map((follows) => ({ kase: still, view: shown, caseId, follows, situation: { ...situation, seat } })),
          ),
        ),
      ),
    );
    for (const entry of EVERYTHING) {
      const one = frozen(structuredClone(entry));
      const own = all.map((rest) => EntryView({ entry, ...rest, kase: structuredClone(rest.kase) }).toString());
      for (const order of [all.keys(), [...all.keys()].reverse()])
        for (const i of order)
          expect(EntryView({ entry: one, ...(all[i] as (typeof all)[number]) }).toString() === own[i], `${entry.kind} ${i}`).toBe(true);
      const [first] = all;
      const again = first && [EntryView({ entry: one, ...first }), EntryView({ entry: one, ...first })];
      expect(again?.[0] === again?.[1]).toBe(one.kind !== 'talk.call-logged');
    }
  });

  test('the record as a document, as a reader of PDF copies it', async () => {
    const sheet = recordSheet(made());
    const { pdfjs } = await copied(await sheet.finish(() => '', ''));
    const text = squeezed(pdfjs);
    const textOf = ({ seq, hash }: (typeof EVERYTHING)[number]) => {
      const end = text.indexOf(hash);
      const start = seq === 1 ? 0 : text.indexOf(EVERYTHING[seq - 2]?.hash ?? '');
      expect(end, String(seq)).toBeGreaterThan(start);
      return text.slice(start, end);
    };
    expect(missing(words, textOf)).toEqual([]);
  });

  test('the page that opens offline', () => {
    const html = IndexPage({ making: made() }).toString();
    const textOf = ({ seq }: (typeof EVERYTHING)[number]) => plainText(new RegExp(`<li id="e${seq}".*?</li>`, 's').exec(html)?.[0] ?? '');
    expect(missing(words, textOf)).toEqual([]);
  });

  test('the page on which a part of the record is picked', () => {
    const html = SharePage({ view, id: 'c', number: 'MH-0001', kase, entries: EVERYTHING, form: BLANK }).toString();
    const parts = html.split('<label class="choice">').slice(1);
    expect(parts).toHaveLength(EVERYTHING.length);
    expect(missing(words, ({ seq }) => plainText(parts[seq - 1] ?? ''))).toEqual([]);
  });

  test('what is withheld from a part of a record is told by none of its documents', async () => {
    const shown = EVERYTHING.filter(({ kind }) => kind === 'talk.message' || kind === 'evidence.accepted');
    const part = withhold(record, new Set(shown.map(({ seq }) => seq)));
    const making = { ...made(), record: part, kase: shownCase(part) };
    const { pdfjs } = await copied(await recordSheet(making).finish(() => '', ''));
    const readers = { pdf: pdfjs, page: plainText(IndexPage({ making }).toString()) };
    // What a person wrote, and what is known of them: each such value stands in one entry alone.
    const personal = /\.(words|reference|product|hint|assets|name|contact)$|reasons\.\w+$/;
    const withheld = EVERYTHING.filter(({ seq, kind }) => kind !== 'custody.erased' && !shown.some((one) => one.seq === seq));
    const texts = withheld.flatMap((entry) =>
      [...values(entry.content, words, entry.kind, null)].filter(({ path }) => personal.test(path)),
    );
    expect(texts.length).toBeGreaterThan(25);
    for (const [reader, text] of Object.entries(readers)) {
      expect(squeezed(text), reader).toContain(squeezed('麻烦尽快答复。'));
      // Who wrote an entry stays named.
      const found = texts
        .flatMap((one) => one.texts)
        .filter((one) => one !== '' && one !== '王小雨' && squeezed(text).includes(squeezed(one)));
      expect(found, reader).toEqual([]);
    }
  });

  test('the page that is looked over before a case is opened', () => {
    const [opened] = CONTENTS['case.opened'];
    const [stated] = CONTENTS['debt.stated'];
    const [submitted] = CONTENTS['means.submitted'];
    const [added] = CONTENTS['evidence.added'];
    const [made] = CONTENTS['proposal.made'];
    const { debt, rate } = stated;
    const input = {
      loan: opened.loan,
      debt: { debt, rate },
      means: submitted.statement,
      evidence: { files: added.files.map(({ file, figures }) => ({ sha256: file.sha256, figures })), consent: true },
      proposal: { answers: null, terms: made.terms, reasons: made.reasons, words: made.words, expiresInDays: 11 },
    };
    const files = added.files.map(({ file, figures }) => ({ ...file, supports: figures }));
    const context = { ...new Play().context(XIAOYU), files: new Map(files.map(({ supports: _, ...file }) => [file.sha256, file])) };
    const decided = life.openByBorrower.decide(EMPTY_CASE, { ...input, lenderName: opened.lenderName }, context);
    if (!isDecided(decided)) throw new Error(JSON.stringify(decided));
    const at: Standing = {
      view,
      lender: { slug: 'mingheng', name: opened.lenderName },
      invited: null,
      draft: '',
      savedAt: null,
      again: false,
      context: { ...context, files: new Map() },
      values: new Map(),
      read: (schema, under) => ({ input: schema.parse(under === 'debt.' ? input.debt : under === 'means.' ? input.means : input) }),
      files,
    };
    const text = plainText(`${check.Fields({ at, shown: { form: check.form(at) } })}`);
    expect(decided.map(({ kind }) => kind)).toEqual([
      'case.opened',
      'debt.stated',
      'means.submitted',
      'consent.given',
      'evidence.added',
      'proposal.made',
    ]);
    expect(decided.flatMap((entry) => left(entry, text, words))).toEqual([]);
  });
});
