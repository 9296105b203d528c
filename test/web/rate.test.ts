import { describe, expect, test } from 'vitest';
import { OfferCard } from '../../web/parts/offer.tsx';
import { offerFigures } from '../../web/telling/proposal.ts';
import { money, wordsOf } from '../../web/words/index.ts';
import { level, OPENING, opened } from '../negotiation/play.ts';
import { plainText } from '../worker/people.ts';

/** Every offer names its interest rate, and tells all that is paid apart: the debt as it was less what is waived, and new interest. */

const offerAt = (ppm: number) => {
  const terms = level(12, { rate: { per: 'year', ppm }, waive: { penalty: 20_000 } });
  const { kase } = opened({ proposal: { ...OPENING.proposal, terms, reasons: { penalty: '停止催收。' } } });
  const [offer] = kase.offers;
  if (!offer) throw new Error('An offer is on the table.');
  return { kase, offer };
};

describe.each(['zh', 'en'] as const)('%s', (language) => {
  const words = wordsOf(language);
  test.each([
    [120_000, { zh: '年利率 12%', en: '12% a year' }[language]],
    [0, words.terms.noRate],
  ])('a rate of %i ppm stands on the card and among its figures', (ppm, text) => {
    const { kase, offer } = offerAt(ppm);
    const lines = offerFigures(offer, words);
    expect(lines.find(({ label }) => label === words.terms.rate)?.value).toBe(text);
    const fen = (label: string) => lines.find((line) => line.label === label)?.fen ?? 0;
    expect(fen(words.schedule.owed) + fen(words.schedule.interestTotal)).toBe(fen(words.schedule.paid));
    expect(fen(words.schedule.waived)).toBe(20_000);
    const card = plainText(OfferCard({ offer, kase, before: undefined, caseId: 'c', words }).toString());
    for (const said of [text, money(offer.totals.owed), money(offer.totals.interest)]) expect(card).toContain(said);
  });
});
